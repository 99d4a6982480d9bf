import type { CrmAction } from '../../domain/crm/actions.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { CrmActionStore } from '../../domain/ports/crm-actions.ts';
import { pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { type Place, stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

/** What we did in the CRM, in Postgres; see `CrmActionStore` for what each function promises. */
export function createCrmActionStore(tenants: Tenants): CrmActionStore {
  const at = (ref: LeadRef) => tenants.at(ref.locationId);
  return {
    record: (ref, done) => stored(() => record(at(ref), ref, done)),
    list: (ref, limit, cursor) => stored(() => list(at(ref), ref, limit, cursor)),
    get: (ref, actionId) => stored(() => get(at(ref), ref, actionId)),
    askUndo: (ref, actionId, by, now) => stored(() => askUndo(at(ref), ref, actionId, by, now)),
    settleUndo: (ref, actionId, outcome, now) => stored(() => settleUndo(at(ref), ref, actionId, outcome, now)),
  };
}

/** An action as the domain names it, table aliases `a` and `u`, as one JSON value. */
export const ACTION = `json_build_object('actionId', a.action_id, 'at', to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'kind', a.kind, 'target', a.target, 'before', a.before, 'after', a.after, 'planVersion', a.plan_version, 'sendId', a.send_id,
  'undoes', a.undoes, 'undo', case when u.action_id is not null then json_build_object('state', u.state, 'reason', u.reason,
    'at', to_char(coalesce(u.settled_at, u.asked_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end)`;

async function record(place: Place, ref: LeadRef, done: Parameters<CrmActionStore['record']>[1]): Promise<void> {
  const actions = done.actions.map(({ at, ...action }) => ({ ...action, at: instant(at) }));
  await place.query({
    name: 'crm-record',
    text: `with marked as (
        update leads set crm_marks = (crm_marks || $3::jsonb) - $4::text[]
        where location_id = $1 and contact_id = $2 and (crm_marks || $3::jsonb) - $4::text[] <> crm_marks
      )
      insert into crm_actions (location_id, contact_id, at, kind, target, before, after, plan_version, undoes)
      select $1, $2, at, kind, target, nullif(before, 'null'), nullif(after, 'null'), "planVersion", undoes
      from jsonb_to_recordset($5::jsonb)
        as done (at timestamptz, kind text, target text, before jsonb, after jsonb, "planVersion" integer, undoes uuid)
      on conflict do nothing`,
    values: [ref.locationId, ref.contactId, toJsonb(done.marks), done.drop.map(clean), toJsonb(actions)],
  });
}

async function list(place: Place, ref: LeadRef, limit: number, cursor?: string): ReturnType<CrmActionStore['list']> {
  const query = ['crm-actions', ref.locationId, ref.contactId];
  const after = decodeCursor(query, cursor, ['instant', 'uuid']);
  const [at, id] = after ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  const { rows } = await place.query<{ action: CrmAction }>({
    name: 'crm-actions',
    text: `select ${ACTION} as action from crm_actions a left join crm_undos u using (location_id, contact_id, action_id)
      where a.location_id = $1 and a.contact_id = $2 and (a.at, a.action_id) < ($3, $4)
      order by a.at desc, a.action_id desc limit $5`,
    values: [ref.locationId, ref.contactId, at, id, limit + 1],
  });
  const actions = rows.map(({ action }) => action);
  return pageOf(query, actions, limit, (action) => [action.at, action.actionId]);
}

async function get(place: Place, ref: LeadRef, actionId: string): Promise<CrmAction | undefined> {
  if (!isUuid(actionId)) return undefined;
  const { rows } = await place.query<{ action: CrmAction }>({
    name: 'crm-action',
    text: `select ${ACTION} as action from crm_actions a left join crm_undos u using (location_id, contact_id, action_id)
      where a.location_id = $1 and a.contact_id = $2 and a.action_id = $3`,
    values: [ref.locationId, ref.contactId, actionId],
  });
  return rows[0]?.action;
}

/** The plan's new version makes it due like any other change. */
async function askUndo(place: Place, ref: LeadRef, actionId: string, by: string, now: Iso): Promise<void> {
  await place.query({
    name: 'crm-undo-ask',
    text: `with asked as (
        insert into crm_undos (location_id, contact_id, action_id, asked_at, operator) values ($1, $2, $3, $4, $5)
        on conflict do nothing
        returning action_id
      )
      update leads set plan_version = plan_version + 1 from asked where location_id = $1 and contact_id = $2`,
    values: [ref.locationId, ref.contactId, actionId, instant(now), clean(by)],
  });
}

async function settleUndo(
  place: Place,
  ref: LeadRef,
  actionId: string,
  { state, reason }: Parameters<CrmActionStore['settleUndo']>[2],
  now: Iso,
): Promise<void> {
  await place.query({
    name: 'crm-undo-settle',
    text: `update crm_undos set state = $4, reason = $5, settled_at = $6
      where location_id = $1 and contact_id = $2 and action_id = $3 and state = 'asked'`,
    values: [ref.locationId, ref.contactId, actionId, state, reason === null ? null : clean(reason), instant(now)],
  });
}
