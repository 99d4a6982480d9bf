import type { Enrolment, StepOutcome } from '../../domain/follow-up/sequence.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { TimelineEntry } from '../../domain/leads/lead.ts';
import type { EnrolmentRow } from '../../domain/ports/enrolments.ts';
import { end } from './decision-parts.ts';
import { leadLock, takeLocks } from './locks.ts';
import { type Client, type Place, type Runner, transaction } from './pool.ts';
import { instant, isUuid, toJsonb } from './values.ts';

/** An enrolment as one JSON object, its instants in Postgres' own spelling. */
export const ENROLMENT_JSON = `json_build_object('enrolmentId', enrolment_id, 'document', document, 'enrolledAt', enrolled_at, 'done', done,
  'notBefore', not_before, 'pausedAt', paused_at, 'sendNow', send_now,
  'event', case when event_id is not null then json_build_object('kind', event_kind, 'id', event_id, 'at', event_at) end)`;

/** Instants of the columns as we write them. */
export function enrolmentOf(stored: Enrolment): Enrolment {
  const { enrolledAt, notBefore, pausedAt, event } = stored;
  return {
    ...stored,
    enrolledAt: instant(enrolledAt),
    notBefore: notBefore === null ? null : instant(notBefore),
    pausedAt: pausedAt === null ? null : instant(pausedAt),
    event: event === null ? null : { ...event, at: instant(event.at) },
  };
}

export async function enrolments(runner: Runner | Place, ref: LeadRef): Promise<Enrolment[]> {
  const { rows } = await runner.query<{ enrolment: Enrolment }>({
    name: 'lead-enrolments',
    text: `select ${ENROLMENT_JSON} as enrolment from enrolments
      where location_id = $1 and contact_id = $2 and status = 'active' order by enrolled_at, enrolment_id`,
    values: [ref.locationId, ref.contactId],
  });
  return rows.map(({ enrolment }) => enrolmentOf(enrolment));
}

/** Columns of an enrolment as people see it; the steps are those of its own document. */
export const ROW = `enrolment_id as "enrolmentId", sequence_key as sequence, sequence_version as version,
  coalesce(document ->> 'title', sequence_key) as title, status, ended_reason as "endedReason", enrolled_at as "enrolledAt", ended_at as "endedAt",
  case when event_id is not null then json_build_object('kind', event_kind, 'id', event_id,
    'at', to_char(event_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end as event,
  paused_at as "pausedAt", parked_reason as "parkedReason", send_now as "sendNow", not_before as "notBefore",
  (select coalesce(json_agg(json_build_object('key', step ->> 'key', 'channel', step ->> 'channel',
      'outcome', done -> (step ->> 'key') -> 'outcome', 'at', done -> (step ->> 'key') -> 'at') order by place), '[]')
    from jsonb_array_elements(case jsonb_typeof(document -> 'steps') when 'array' then document -> 'steps' else '[]' end)
      with ordinality as steps (step, place)) as steps`;

export async function allEnrolments(place: Place, ref: LeadRef, limit: number): Promise<EnrolmentRow[]> {
  const { rows } = await place.query<EnrolmentRow>({
    name: 'lead-all-enrolments',
    text: `select ${ROW} from enrolments where location_id = $1 and contact_id = $2
      order by status = 'active' desc, enrolled_at desc, enrolment_id limit $3`,
    values: [ref.locationId, ref.contactId, limit],
  });
  return rows;
}

/** The first outcome of a step stands. */
export async function recordStep(
  place: Place,
  ref: LeadRef,
  step: {
    readonly enrolmentId: string;
    readonly stepKey: string;
    readonly outcome: StepOutcome;
    readonly ends?: string;
  },
  now: Iso,
): Promise<void> {
  if (!isUuid(step.enrolmentId)) return;
  const at = instant(now);
  const record = {
    name: 'record-step',
    text: `update enrolments set done = $4::jsonb || done, not_before = null, send_now = nullif(send_now, $5)
      where location_id = $1 and contact_id = $2 and enrolment_id = $3`,
    values: [
      ref.locationId,
      ref.contactId,
      step.enrolmentId,
      toJsonb({ [step.stepKey]: { outcome: step.outcome, at } }),
      step.stepKey,
    ],
  };
  const { ends } = step;
  if (ends === undefined) await place.query(record);
  else {
    await transaction(place, (client) =>
      Promise.all([client.query(record), end(client, ref, [{ enrolmentId: step.enrolmentId, reason: ends }], at)]),
    );
  }
}

export async function skipStep(
  place: Place,
  ref: LeadRef,
  step: { readonly enrolmentId: string; readonly stepKey: string; readonly at: Iso },
  told: TimelineEntry,
): Promise<boolean> {
  if (!isUuid(step.enrolmentId)) return false;
  return transaction(place, async (client) => {
    const [, skipped] = await Promise.all([takeLocks(client, [leadLock(ref)]), skip(client, ref, step, told)]);
    return skipped;
  });
}

/** For a transaction that holds the lead's lock. What may be on its way is not skipped. */
export async function skip(
  client: Client,
  ref: LeadRef,
  { enrolmentId, stepKey, at }: { readonly enrolmentId: string; readonly stepKey: string; readonly at: Iso },
  told: TimelineEntry,
): Promise<boolean> {
  const { rows } = await client.query<{ skipped: boolean }>({
    name: 'skip-step',
    text: `with skipped as (
        update enrolments e set done = $5::jsonb || done, not_before = null, send_now = nullif(send_now, $4)
        where location_id = $1 and contact_id = $2 and enrolment_id = $3 and status = 'active' and not done ? $4
          and not exists (select from outbox o where o.location_id = $1 and o.contact_id = $2 and o.enrolment_id = $3 and o.step_key = $4
            and o.state in ('sending', 'unknown'))
        returning e.enrolment_id
      ), cancelled as (
        update outbox o set state = 'cancelled', reason = 'the step was skipped', settled_at = $6, check_at = null from skipped
        where o.location_id = $1 and o.contact_id = $2 and o.enrolment_id = skipped.enrolment_id and o.step_key = $4
          and o.state in ('claimed', 'not-sent')
      ), told as (
        insert into timeline (location_id, contact_id, at, kind, summary, refs) select $1, $2, $6, $7, $8, $9::jsonb from skipped
      )
      select exists (select from skipped) as skipped`,
    values: [
      ref.locationId,
      ref.contactId,
      enrolmentId,
      stepKey,
      toJsonb({ [stepKey]: { outcome: 'skipped', at: instant(at) } }),
      instant(told.at),
      told.kind,
      told.summary,
      toJsonb(told.refs),
    ],
  });
  return rows[0]?.skipped ?? false;
}

export async function postpone(place: Place, ref: LeadRef, enrolmentId: string, notBefore: Iso | null): Promise<void> {
  if (!isUuid(enrolmentId)) return;
  await place.query({
    name: 'postpone',
    text: `update enrolments set not_before = $4
      where location_id = $1 and contact_id = $2 and enrolment_id = $3 and status = 'active'`,
    values: [ref.locationId, ref.contactId, enrolmentId, notBefore === null ? null : instant(notBefore)],
  });
}

export async function parkEnrolment(
  place: Place,
  ref: LeadRef,
  enrolmentId: string,
  code: string,
  now: Iso,
): Promise<void> {
  if (!isUuid(enrolmentId)) return;
  await place.query({
    name: 'park-enrolment',
    text: `with parked as (
        update enrolments set paused_at = $4, parked_reason = $5
        where location_id = $1 and contact_id = $2 and enrolment_id = $3 and status = 'active' and paused_at is null
        returning sequence_key
      )
      insert into timeline (location_id, contact_id, at, kind, summary, refs)
      select $1, $2, $4, 'decision', format('Parked %s: its next step cannot be worked (%s). A person has to look.', sequence_key, $5::text),
        jsonb_build_object('enrolmentId', $3::text, 'code', $5::text)
      from parked`,
    values: [ref.locationId, ref.contactId, enrolmentId, instant(now), code],
  });
}

export async function endEnrolment(place: Place, ref: LeadRef, enrolmentId: string, reason: string): Promise<void> {
  await end(place, ref, [{ enrolmentId, reason }], new Date().toISOString());
}
