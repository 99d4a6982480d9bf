import { withAssignment } from '../../domain/crm/assignment.ts';
import type { LeadState } from '../../domain/glossary.ts';
import type { ContactPatch, ContactSnapshot } from '../../domain/leads/contact.ts';
import type { DecideVerdict, DecisionRecord, LeadStore, OpenSend } from '../../domain/ports/leads.ts';
import type { MessageFact } from '../../domain/webhooks/event.ts';
import { commitAssignment, get as assignmentOf } from './assignments.ts';
import { noteConsent } from './consent-decision.ts';
import { readRecord, recordLock, writeRecord } from './crm-record-rows.ts';
import { addDrafts, begin, cancelOpen, end, move, storeMessage, storeTimeline } from './decision-parts.ts';
import { storeVerdict } from './decision-verdict.ts';
import { writeAssist } from './drafts-decision.ts';
import { enrolments } from './enrolments.ts';
import { keepWishes } from './lead-wishes.ts';
import { leadLock, personLocks, takeLocks } from './locks.ts';
import { dropAlerts } from './market-alerts.ts';
import { OPEN_STATES } from './open-states.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { keepScore } from './scores-keep.ts';
import { contactKey, release, suppress, type SuppressionChange } from './suppressions.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Rules of the domain that the store applies to rows while it holds them. */
export interface LeadRules {
  mergeSnapshot(
    old: ContactSnapshot | null,
    oldAt: string | null,
    patch: ContactPatch,
    at: string,
  ): { readonly snapshot: ContactSnapshot; readonly at: string; readonly changed: boolean };
  isHumanMessage(message: MessageFact): boolean;
}

/**
 * Level 3's transaction, in three round trips: lock and read what the decision lands on · write it and read what came of it · store
 * the verdict. The lead's lock makes a second run of the same event wait and then answer the verdict of the first.
 */
export async function commitDecision(
  place: Place,
  rules: LeadRules,
  record: DecisionRecord,
  verdictOf: Parameters<LeadStore['commitDecision']>[1],
): Promise<DecideVerdict> {
  return transaction(place, async (client) => {
    const { locationId } = record.ref;
    const news = record.record ?? null;
    const [, before, known] = await Promise.all([
      takeLocks(client, locks(record)),
      readBefore(client, record),
      news === null ? null : readRecord(client, locationId, news.kind, news.recordId),
    ]);
    if (before.verdict !== null) return before.verdict;
    // Once more against what is stored by now: level 0 has looked before the lock was ours.
    if (news !== null) await writeRecord(client, locationId, known, news);
    const decided = await withTurn(client, record);
    const after = await write(client, rules, decided, before);
    const verdict = verdictOf(after);
    await storeVerdict(client, decided, before.round, verdict);
    return verdict;
  });
}

/** Whose turn it is is known only here, under the lock of the turns; the plan then names that agent. */
async function withTurn(client: Client, record: DecisionRecord): Promise<DecisionRecord> {
  const { decision, ref } = record;
  if (decision.assignment === null) return record;
  const given = await commitAssignment(client, ref, decision.assignment, instant(record.now));
  const plan = withAssignment(decision.plan, given);
  return { ...record, decision: { ...decision, plan, assignment: { ...decision.assignment, row: given } } };
}

/** Everything that names this person: the addresses, and the contact itself where an address may be missing. */
function hashesOf({ personHashes, ref }: DecisionRecord): string[] {
  const known = [personHashes.sms, personHashes.email].filter((hash) => hash !== undefined);
  return [...new Set([...known, contactKey(ref.contactId)])];
}

function locks(record: DecisionRecord): string[] {
  const { suppress: barred, release: freed, doubt, unreachable } = record.decision;
  const touchesPerson = unreachable || doubt !== null || barred.length + freed.length > 0;
  return [
    leadLock(record.ref),
    ...(touchesPerson ? personLocks(record.ref.locationId, hashesOf(record)) : []),
    ...(record.record ? [recordLock(record.ref.locationId, record.record)] : []),
  ];
}

interface Before {
  readonly verdict: DecideVerdict | null;
  readonly round: number;
  /** When the event happened, by the vendor's clock where it told. */
  readonly eventAt: string | null;
  readonly snapshot: ContactSnapshot | null;
  readonly snapshotAt: string | null;
}

async function readBefore(client: Client, { ref, inboxId }: DecisionRecord): Promise<Before> {
  const { rows } = await client.query<Before>({
    name: 'decision-before',
    text: `select coalesce(i.round, 0) as round, coalesce(i.occurred_at, i.received_at) as "eventAt",
        l.snapshot, l.snapshot_at as "snapshotAt",
        (select d.verdict from decisions d where d.location_id = $1 and d.contact_id = $2 and d.inbox_id = $3
          and d.round = coalesce(i.round, 0)) as verdict
      from (values (1)) as always
        left join inbox i on i.inbox_id = $3 and i.location_id = $1
        left join leads l on l.location_id = $1 and l.contact_id = $2`,
    values: [ref.locationId, ref.contactId, inboxId],
  });
  return rows[0] ?? { verdict: null, round: 0, eventAt: null, snapshot: null, snapshotAt: null };
}

/** Statements of one client run in the order in which they are sent; the last ones therefore read what the first ones wrote. */
async function write(
  client: Client,
  rules: LeadRules,
  record: DecisionRecord,
  before: Before,
): Promise<Parameters<Parameters<LeadStore['commitDecision']>[1]>[0]> {
  const { ref, decision, message, inboxId } = record;
  const now = instant(record.now);
  const eventAt = before.eventAt ?? now;
  const change = { locationId: ref.locationId, hashes: hashesOf(record), inboxId, at: eventAt };
  const [lead, waits, active, openSends, assignment] = await Promise.all([
    writeLead(client, rules, record, before, eventAt),
    message === null
      ? []
      : storeMessage(client, ref, message, { inboxId, human: rules.isHumanMessage(message), eventAt }),
    decision.end.length === 0 ? [] : end(client, ref, decision.end, now),
    decision.move.length === 0 ? [] : move(client, ref, decision.move),
    decision.enrol.length === 0 ? [] : begin(client, ref, decision.enrol, inboxId, now),
    decision.tasks.length === 0 ? [] : addDrafts(client, ref, decision.tasks, now),
    decision.deletedAt === null ? [] : cancelOpen(client, ref, now),
    decision.suppress.length === 0 ? [] : suppress(client, { ...change, channels: decision.suppress }),
    decision.release.length === 0 ? [] : release(client, { ...change, channels: decision.release }),
    decision.timeline.length === 0 ? [] : storeTimeline(client, ref, decision.timeline),
    noteConsent(client, record, { now, eventAt }),
    writeAssist(client, record, now),
    enrolments(client, ref),
    openSendsOf(client, record),
    assignmentOf(client, ref),
    decision.unreachable && record.personHashes.sms !== undefined
      ? suppress(client, { ...change, hashes: [record.personHashes.sms], channels: ['sms'], reason: 'unreachable' })
      : [],
    writeDoubt(client, decision.doubt, change),
    record.kept === undefined ? [] : keepScore(client, ref, record.kept),
    record.wishes === undefined ? [] : keepWishes(client, ref, { ...record.wishes, at: now }),
    decision.drop === undefined ? [] : dropAlerts(client, ref, decision.drop, now),
  ]).then((results) => [results[0], results[11], results[12], results[13], results[14]] as const);
  return {
    ...{ enrolments: active, planChanged: lead.planChanged, openSends, state: lead.state },
    assistWaits: waits,
    assignment: assignment ?? null,
  };
}

/** A possible opt-out holds apart from opt-outs: the answer lifts it and nothing else. */
async function writeDoubt(
  client: Client,
  doubt: DecisionRecord['decision']['doubt'],
  change: Omit<SuppressionChange, 'channels' | 'reason'>,
): Promise<void> {
  if (doubt === null) return;
  const reason = 'possible-opt-out';
  if ('raised' in doubt) await suppress(client, { ...change, channels: doubt.raised, reason });
  else await release(client, { ...change, channels: doubt.settled, reason });
}

async function openSendsOf(client: Client, { ref }: DecisionRecord): Promise<OpenSend[]> {
  const { rows } = await client.query<OpenSend>({
    name: 'decision-open-sends',
    text: `select state, channel, enrolment_id as "enrolmentId", step_key as "stepKey", sending_at as "sendingAt", check_at as "checkAt"
      from outbox where location_id = $1 and contact_id = $2 and state in ${OPEN_STATES} order by claimed_at, send_id`,
    values: [ref.locationId, ref.contactId],
  });
  return rows;
}

async function writeLead(
  client: Client,
  rules: LeadRules,
  record: DecisionRecord,
  before: Before,
  eventAt: string,
): Promise<{ state: LeadState; planChanged: boolean }> {
  const { ref, decision, message, patch, personHashes } = record;
  const merged =
    patch === null ? null : rules.mergeSnapshot(before.snapshot, before.snapshotAt, patch.snapshot, instant(patch.at));
  const messageAt = message === null ? null : instant(message.at ?? eventAt);
  const { rows } = await client.query<{ state: LeadState; planChanged: boolean }>({
    name: 'decision-lead',
    text: LEAD,
    values: [
      ref.locationId,
      ref.contactId,
      record.stateBefore,
      decision.state,
      clean(decision.stage),
      decision.tier,
      decision.score?.value ?? null,
      decision.score?.confidence ?? null,
      toJsonb(decision.score),
      toJsonb(decision.qualification),
      toJsonb(merged?.snapshot),
      merged?.at ?? null,
      personHashes.sms ?? null,
      personHashes.email ?? null,
      decision.active.yes,
      message?.direction === 'inbound' ? messageAt : null,
      message !== null && rules.isHumanMessage(message) ? messageAt : null,
      toJsonb(decision.plan),
      instant(record.now),
      eventAt,
      decision.deletedAt === null ? null : instant(decision.deletedAt),
      record.quiet === true,
    ],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('the lead was written and is not there');
  return row;
}

/** Is the state still the one that the decision saw ($3)? The same one, set anew since the event ($20), is a person's newer word. */
const STANDS = '(l.state = $3 and (l.state_since <= $20 or l.state_since = l.created_at))';

/** Is there a score, and none from later on the lead? */
const SCORED = '(excluded.score is not null and (l.scored_at is null or l.scored_at <= excluded.scored_at))';

/**
 * A state that somebody set since the decision was begun stays, and so does a score that was given since. A score that could not be had leaves
 * the last one with its time; `decisions` records the absence. The plan's version moves only when the plan does.
 * A contact is deleted since the CRM says so, by its clock: a later creation is told by the same clock.
 */
const LEAD = `
insert into leads as l (location_id, contact_id, state, state_since, stage, tier, score, confidence, score_detail, scored_at,
  qualification, snapshot, snapshot_at, sms_hash, email_hash, activated_at, deleted_at, last_inbound_at, last_human_at,
  last_activity_at, plan, plan_version, created_at)
values ($1, $2, $4, case when $3 = $4 then $19::timestamptz else $20::timestamptz end, $5, $6, $7, $8, $9,
  case when $7::double precision is null then null else $19::timestamptz end,
  $10, $11, $12, $13, $14, case when $15::boolean then $19::timestamptz end, $21,
  $16, $17, $19, $18, case when $18::jsonb is null then 0 else 1 end, $19)
on conflict (location_id, contact_id) do update set
  state = case when ${STANDS} then excluded.state else l.state end,
  state_since = case when ${STANDS} and excluded.state <> l.state then $20 else l.state_since end,
  stage = excluded.stage,
  tier = case when l.scored_at > excluded.scored_at then l.tier else excluded.tier end,
  score = case when ${SCORED} then excluded.score else l.score end,
  confidence = case when ${SCORED} then excluded.confidence else l.confidence end,
  score_detail = case when ${SCORED} then excluded.score_detail else l.score_detail end,
  scored_at = case when ${SCORED} then excluded.scored_at else l.scored_at end,
  qualification = excluded.qualification,
  snapshot = coalesce(excluded.snapshot, l.snapshot),
  snapshot_at = coalesce(excluded.snapshot_at, l.snapshot_at),
  sms_hash = coalesce(excluded.sms_hash, l.sms_hash),
  email_hash = coalesce(excluded.email_hash, l.email_hash),
  activated_at = case when $15 then coalesce(l.activated_at, $19) end,
  deleted_at = excluded.deleted_at,
  last_inbound_at = greatest(l.last_inbound_at, excluded.last_inbound_at),
  last_human_at = greatest(l.last_human_at, excluded.last_human_at),
  last_activity_at = case when $22::boolean then l.last_activity_at else greatest(l.last_activity_at, excluded.last_activity_at) end,
  plan = excluded.plan,
  plan_version = l.plan_version + (l.plan is distinct from excluded.plan)::integer
returning l.state, l.plan_version > l.plan_applied and (l.plan is not null or exists (
    select from crm_undos u where u.location_id = $1 and u.contact_id = $2 and u.state = 'asked')) as "planChanged"`;
