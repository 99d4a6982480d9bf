import { type Iso, type LeadRef, type LeadState, leadStates } from '../../domain/glossary.ts';
import type { ContactSnapshot } from '../../domain/leads/contact.ts';
import type { TimelineEntry } from '../../domain/leads/lead.ts';
import { stateSetByAct } from '../../domain/leads/state-after-act.ts';
import type { NextTouch } from '../../domain/ports/leads.ts';
import type { OperatorAct } from '../../domain/webhooks/event.ts';
import { storeTimeline } from './decision-parts.ts';
import type { LeadRules } from './leads-commit.ts';
import { leadLock, takeLocks } from './locks.ts';
import { type Client, type Place, type Runner, transaction } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

/**
 * Under the lead's lock, which every gate takes: once this has answered, no send of this lead opens against the new state.
 * A second act of the same id changes nothing and answers the state as it is. An act that sets no state leaves its beginning as it was.
 * Whoever's clock is behind that of the act before does not set the beginning back: the older act's event would undo the newer act.
 */
export async function act(place: Place, ref: LeadRef, actId: string, asked: OperatorAct, now: Iso): Promise<LeadState> {
  return transaction(place, async (client) => {
    const [, state] = await Promise.all([takeLocks(client, [leadLock(ref)]), writeAct(client, ref, actId, asked, now)]);
    return state;
  });
}

async function writeAct(client: Client, ref: LeadRef, actId: string, asked: OperatorAct, now: Iso): Promise<LeadState> {
  const { rows } = await client.query<{ state: LeadState }>({
    name: 'lead-act',
    text: ACT,
    values: [
      ref.locationId,
      ref.contactId,
      clean(actId),
      asked.action,
      asked.by === undefined ? null : clean(asked.by),
      instant(now),
      toJsonb(statesSetBy(asked.action)),
      SAID[asked.action],
      toJsonb({ act: actId, ...(asked.sequence === undefined ? {} : { sequence: asked.sequence }) }),
    ],
  });
  // A repeat wrote nothing; the lead is there, since the act that it repeats made it.
  const state = rows[0]?.state;
  if (state === undefined) throw new Error('an act was stored without its lead');
  return state;
}

/** By the state that the lead is found in: the state that the act sets, or null for none. The rule is the domain's. */
function statesSetBy(action: OperatorAct['action']): Readonly<Record<LeadState, LeadState | null>> {
  return Object.fromEntries(leadStates.map((state) => [state, stateSetByAct(action, state)])) as Record<
    LeadState,
    LeadState | null
  >;
}

const SAID: Readonly<Record<OperatorAct['action'], string>> = {
  pause: 'Paused by a person',
  resume: 'Resumed by a person',
  stop: 'Stopped by a person',
  takeOver: 'Taken over by a person',
  enrol: 'Enrolment asked for by a person',
};

const ACT = `
with fresh as (
  insert into acts (location_id, contact_id, act_id, action, operator, at) values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing
  returning at
), lead as (
  insert into leads as l (location_id, contact_id, state, state_since, last_activity_at, created_at)
  select $1, $2, coalesce($7::jsonb ->> 'active', 'active'), $6, $6, $6 from fresh
  on conflict (location_id, contact_id) do update set
    state = coalesce($7::jsonb ->> l.state, l.state),
    state_since = case when $7::jsonb ->> l.state is null then l.state_since else greatest(l.state_since, $6) end,
    last_activity_at = greatest(l.last_activity_at, $6)
  returning state
), told as (
  insert into timeline (location_id, contact_id, at, kind, summary, refs) select $1, $2, $6, 'action', $8, $9::jsonb from fresh
)
select state from lead
union all
select state from leads where location_id = $1 and contact_id = $2 and not exists (select from fresh)`;

export async function storeNext(place: Place, ref: LeadRef, next: NextTouch | null): Promise<void> {
  await place.query({
    name: 'store-next',
    text: 'update leads set next_at = $3, next = $4 where location_id = $1 and contact_id = $2',
    values: [ref.locationId, ref.contactId, next === null ? null : instant(next.at), toJsonb(next)],
  });
}

export async function addTimeline(place: Place, ref: LeadRef, entry: TimelineEntry): Promise<void> {
  await storeTimeline(place, ref, [entry]);
}

/** An applier that was overtaken must not take a newer version's mark back. */
export async function markApplied(
  place: Place,
  ref: LeadRef,
  version: number,
  entry: TimelineEntry | null,
): Promise<void> {
  await place.query({
    name: 'mark-applied',
    text: `with applied as (
        update leads set plan_applied = $3
        where location_id = $1 and contact_id = $2 and plan_applied < $3 and plan_version >= $3
        returning contact_id
      )
      insert into timeline (location_id, contact_id, at, kind, summary, refs)
      select $1, $2, entry.at, entry.kind, entry.summary, coalesce(entry.refs, '{}')
      from applied, jsonb_to_record($4::jsonb) as entry (at timestamptz, kind text, summary text, refs jsonb)
      where $4::jsonb is not null`,
    values: [ref.locationId, ref.contactId, version, toJsonb(entry)],
  });
}

/** Tries without a transaction before one is opened: two statements then do the work of five. */
const QUICK_TRIES = 2;

/**
 * Merges a fresh read under the lead's lock, so that news of the same moment is not lost. True when it changed what we knew.
 * Written only if the row is still the one that was read, which nearly always holds; else read again, at last with the lock held.
 */
export async function refreshSnapshot(
  place: Place,
  rules: LeadRules,
  ref: LeadRef,
  snapshot: ContactSnapshot,
  at: Iso,
): Promise<boolean> {
  const merge = (before: StoredSnapshot) => rules.mergeSnapshot(before.snapshot, before.at, snapshot, instant(at));
  for (let tries = 0; tries < QUICK_TRIES; tries += 1) {
    const before = await readSnapshot(place, ref);
    const merged = merge(before);
    if (await writeSnapshot(place, ref, merged, before.version)) return merged.changed;
  }
  return transaction(place, async (client) => {
    const [, before] = await Promise.all([takeLocks(client, [leadLock(ref)]), readSnapshot(client, ref)]);
    const merged = merge(before);
    // What somebody wrote without the lock in between is not about the snapshot.
    await writeSnapshot(client, ref, merged, null);
    return merged.changed;
  });
}

interface StoredSnapshot {
  readonly snapshot: ContactSnapshot | null;
  readonly at: Iso | null;
  /** Changes with every write of the row; empty when there is none. */
  readonly version: string;
}

async function readSnapshot(runner: Runner, ref: LeadRef): Promise<StoredSnapshot> {
  const { rows } = await runner.query<StoredSnapshot>({
    name: 'snapshot-read',
    text: 'select snapshot, snapshot_at as at, xmin::text as version from leads where location_id = $1 and contact_id = $2',
    values: [ref.locationId, ref.contactId],
  });
  return rows[0] ?? { snapshot: null, at: null, version: '' };
}

/** @param version  of the row that was read; null writes whatever the row is. @returns whether anything was written */
async function writeSnapshot(
  runner: Runner,
  ref: LeadRef,
  { snapshot, at }: { readonly snapshot: ContactSnapshot; readonly at: Iso },
  version: string | null,
): Promise<boolean> {
  const { rowCount } = await runner.query({
    name: 'snapshot-write',
    text: `with held as materialized (select pg_advisory_xact_lock(hashtextextended($6, 0)))
      insert into leads as l (location_id, contact_id, state_since, last_activity_at, created_at, snapshot, snapshot_at)
      select $1, $2, now(), now(), now(), $3::jsonb, $4::timestamptz from held
      on conflict (location_id, contact_id) do update set snapshot = excluded.snapshot, snapshot_at = excluded.snapshot_at
      where $5::text is null or l.xmin::text = $5`,
    values: [ref.locationId, ref.contactId, toJsonb(snapshot), at, version, leadLock(ref)],
  });
  return rowCount === 1;
}
