import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { Lead, TalkMessage } from '../../domain/leads/lead.ts';
import { type StoredCrmPlan, wholePlan } from '../../domain/crm/plan.ts';
import type { LeadStore, NextTouch, StoredConsent, StoredPlan } from '../../domain/ports/leads.ts';
import type { ScoreFacts } from '../../domain/scoring/score.ts';
import { ACTION } from './crm-actions.ts';
import { OPEN_STATES } from './open-states.ts';
import type { Place, Runner } from './pool.ts';
import { instant } from './values.ts';

/** Columns of a lead, table alias `l`, as the domain names them; the two ids are the caller's. */
export const LEAD_COLUMNS = `l.state, l.state_since as "stateSince", l.stage, l.tier,
        l.score_detail as score, l.scored_at as "scoredAt", l.qualification, l.snapshot, l.snapshot_at as "snapshotAt",
        l.activated_at as "activatedAt", l.deleted_at as "deletedAt", l.last_inbound_at as "lastInboundAt",
        l.last_human_at as "lastHumanAt", l.created_at as "createdAt", l.last_activity_at as "lastActivityAt", l.plan`;

/** Columns of a row of a list of leads, table alias `l`. */
export const LEAD_ROW_COLUMNS = `l.location_id as "locationId", l.contact_id as "contactId", l.name, l.stage, l.tier, l.score, l.confidence,
  l.state, case when l.next_at is not null then jsonb_build_object('at', l.next ->> 'at', 'what', l.next ->> 'what') end as next,
  l.last_activity_at as "lastActivityAt"`;

export async function load(runner: Runner, ref: LeadRef): Promise<Lead | undefined> {
  const { rows } = await runner.query<Lead>({
    name: 'lead-load',
    text: `select location_id as "locationId", contact_id as "contactId", ${LEAD_COLUMNS}
      from leads l where location_id = $1 and contact_id = $2`,
    values: [ref.locationId, ref.contactId],
  });
  return rows[0];
}

export async function shown(runner: Runner, ref: LeadRef): Promise<Lead | undefined> {
  const lead = await load(runner, ref);
  if (lead === undefined) return undefined;
  const { plan: _plan, ...shownOf } = lead;
  return shownOf;
}

export async function talk(place: Place, ref: LeadRef, limit: number): Promise<TalkMessage[]> {
  const { rows } = await place.query<TalkMessage>({
    name: 'lead-talk',
    text: `select direction, channel, body, at, human from messages
      where location_id = $1 and contact_id = $2 order by at desc, message_key desc limit $3`,
    values: [ref.locationId, ref.contactId, limit],
  });
  return rows.reverse();
}

export interface FactsRow {
  readonly budget: unknown;
  readonly timeline: unknown;
  readonly source: string | null;
  readonly texts: string[] | null;
  readonly hours: number[] | null;
}

/**
 * What the store itself knows of lead and talk, and nothing later than `asOf`; what site and mail system tell comes with the whole history.
 * An answer's delay runs from our last message before it; a second message of the contact in a row is no answer.
 */
export async function scoreFacts(place: Place, ref: LeadRef, asOf: Iso): Promise<ScoreFacts> {
  const { rows } = await place.query<FactsRow>({
    name: 'lead-facts',
    text: FACTS,
    values: [ref.locationId, ref.contactId, instant(asOf)],
  });
  return factsOf(rows[0] ?? {}, asOf);
}

export function factsOf({ budget, timeline, source, texts, hours }: Partial<FactsRow>, asOf: Iso): ScoreFacts {
  return {
    asOf,
    ...(typeof budget === 'number' ? { budget } : {}),
    ...(typeof timeline === 'string' ? { timeline } : {}),
    ...(source ? { source } : {}),
    ...(texts ? { messages: texts } : {}),
    ...(hours ? { responseHours: hours } : {}),
  };
}

/** Ends in the list of what is selected; parameters 1 to 3: location, contact, as of when. */
export const FACTS = `
with talk as (
  select direction, body, at, message_key, lag(direction) over w as before, lag(at) over w as before_at
  from messages where location_id = $1 and contact_id = $2 and at <= $3 and channel <> 'internal-comment'
  window w as (order by at, message_key)
), written as (
  select body, at, message_key from talk where direction = 'inbound' and body <> '' order by at desc, message_key desc limit 50
), answered as (
  select at, extract(epoch from at - before_at)::double precision / 3600 as hours
  from talk where direction = 'inbound' and before = 'outbound'
), lead as (
  select qualification, snapshot from leads where location_id = $1 and contact_id = $2
)
select (select qualification -> 'budget' -> 'value' from lead where (qualification -> 'budget' ->> 'at')::timestamptz <= $3) as budget,
  (select qualification -> 'timeline' -> 'value' from lead where (qualification -> 'timeline' ->> 'at')::timestamptz <= $3) as timeline,
  (select snapshot ->> 'source' from lead) as source,
  (select array_agg(body order by at, message_key) from written) as texts,
  (select array_agg(hours order by at) from answered) as hours`;

export async function next(place: Place, ref: LeadRef): Promise<NextTouch | null> {
  const { rows } = await place.query<{ next: NextTouch | null }>({
    name: 'lead-next',
    text: 'select next from leads where location_id = $1 and contact_id = $2',
    values: [ref.locationId, ref.contactId],
  });
  return rows[0]?.next ?? null;
}

export async function plan(place: Place, ref: LeadRef): Promise<StoredPlan | undefined> {
  const { rows } = await place.query<Omit<StoredPlan, 'plan'> & { readonly plan: StoredCrmPlan | null }>({
    name: 'lead-plan',
    text: `select plan, plan_version as version, plan_applied as applied, snapshot, snapshot_at as "snapshotAt", crm_marks as marks,
        (select coalesce(json_agg(json_build_object('by', u.operator, 'action', ${ACTION}) order by u.asked_at, a.action_id), '[]')
          from crm_undos u join crm_actions a using (location_id, contact_id, action_id)
          where u.location_id = $1 and u.contact_id = $2 and u.state = 'asked') as undos
      from leads where location_id = $1 and contact_id = $2`,
    values: [ref.locationId, ref.contactId],
  });
  const [row] = rows;
  return row === undefined ? undefined : { ...row, plan: row.plan === null ? null : wholePlan(row.plan) };
}

/** Withdrawn wins: the person's own word under any of their addresses outweighs what the contact's tags say. An address that takes nothing says nothing. */
export async function consent(place: Place, ref: LeadRef): ReturnType<LeadStore['consent']> {
  const { rows } = await place.query<{
    channel: 'sms' | 'email' | 'call';
    state: 'granted' | 'withdrawn' | null;
    since: Iso | null;
    basis: string | null;
  }>({
    name: 'lead-consent',
    text: CONSENT,
    values: [ref.locationId, ref.contactId],
  });
  const of = (channel: 'sms' | 'email' | 'call'): StoredConsent => {
    const row = rows.find((one) => one.channel === channel);
    return { state: row?.state ?? 'unknown', since: row?.since ?? null, basis: row?.basis ?? null };
  };
  return { sms: of('sms'), email: of('email'), call: of('call') };
}

const CONSENT = `
select asked.channel, case when barred.at is null then c.state else 'withdrawn' end as state, coalesce(barred.at, c.since) as since,
  coalesce(barred.reason, c.basis) as basis
from unnest(array['sms', 'email', 'call']) as asked (channel)
  left join consents c on c.location_id = $1 and c.contact_id = $2 and c.channel = asked.channel and c.state <> 'unknown'
  cross join lateral (
    select min(s.at) as at, min(s.reason) as reason from suppressions s
    where s.location_id = $1 and s.channel = asked.channel and s.lifted_at is null
      and s.reason not in ('possible-opt-out', 'bounce', 'unreachable')
      and s.person_hash in (
        select unnest(array[l.sms_hash, l.email_hash]) from leads l where l.location_id = $1 and l.contact_id = $2
        union all select 'contact:' || $2)
  ) as barred`;

const PAGE = 500;

/** Pages through by key, so that a long list costs no memory and no long transaction. Uninstalled locations have nothing under way. */
export async function* underWay(
  place: Place,
  from: LeadRef = { locationId: '', contactId: '' },
): AsyncIterable<LeadRef> {
  for (let after: LeadRef | undefined = from; after !== undefined;) {
    const rows: UnderWay[] = await underWayAfter(place, after);
    for (const { open, ...ref } of rows) if (open) yield ref;
    after = rows.length === PAGE ? rows.at(-1) : undefined;
  }
}

/** `open`: neither is its location uninstalled nor the contact deleted. */
type UnderWay = LeadRef & { readonly open: boolean };

/** Each part in its index's order and no longer than the page: whatever is under way, a page costs the same. */
async function underWayAfter(place: Place, after: LeadRef): Promise<UnderWay[]> {
  const part = (table: string, condition: string) =>
    `(select distinct location_id, contact_id from ${table} where ${condition} and (location_id, contact_id) > ($1, $2)
      order by location_id, contact_id limit ${PAGE})`;
  const { rows } = await place.query<UnderWay>(
    `with page as materialized (
        select location_id, contact_id from (
          ${part('enrolments', `status = 'active'`)}
          union ${part('assignments', 'due_at is not null')}
          union ${part('outbox', `state in ${OPEN_STATES}`)}
          union ${part('leads', 'plan_version > plan_applied and plan is not null')}
          union ${part('leads', 'next_at is not null')}
          union ${part('crm_undos', `state = 'asked'`)}
          union ${part('assist_jobs', 'due_at is not null')}
          union ${part('replies_due', 'true')}
        ) as parts
        order by location_id, contact_id limit ${PAGE}
      )
      select page.location_id as "locationId", page.contact_id as "contactId",
        p.status is distinct from 'uninstalled' and l.deleted_at is null as open
      from page
        left join locations p on p.location_id = page.location_id
        left join leads l on l.location_id = page.location_id and l.contact_id = page.contact_id
      order by page.location_id, page.contact_id`,
    [after.locationId, after.contactId],
  );
  return rows;
}
