import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { ActedOn, EnrolmentAct, EnrolmentRow, EnrolmentStore } from '../../domain/ports/enrolments.ts';
import { end } from './decision-parts.ts';
import { ROW, skip } from './enrolments.ts';
import { leadLock, takeLocks } from './locks.ts';
import { dropNewsOf } from './market-alerts-sent.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

type Act = Parameters<EnrolmentStore['actOnEnrolment']>[1];

/** Under the lead's lock, which every gate takes: once this has answered, no send of this enrolment opens against what the person said. */
export async function actOnEnrolment(place: Place, ref: LeadRef, act: Act, now: Iso): Promise<ActedOn> {
  if (!isUuid(act.enrolmentId)) return { kind: 'unknown' };
  return transaction(place, async (client) => {
    const [, repeated] = await Promise.all([takeLocks(client, [leadLock(ref)]), isRepeat(client, ref, act)]);
    const before = await read(client, ref, act.enrolmentId);
    if (before === undefined) return { kind: 'unknown' };
    if (repeated) return { kind: 'done', enrolment: before };
    if (before.status !== 'active') return { kind: 'over' };
    const done = await put(client, ref, before, act, instant(now));
    if (done.kind !== 'done') return done;
    await keep(client, ref, act, instant(now), done.told);
    const enrolment = await read(client, ref, act.enrolmentId);
    return enrolment === undefined ? { kind: 'unknown' } : { kind: 'done', enrolment };
  });
}

async function isRepeat(client: Client, ref: LeadRef, { actId }: Act): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'enrolment-act-before',
    text: 'select from acts where location_id = $1 and contact_id = $2 and act_id = $3',
    values: [ref.locationId, ref.contactId, clean(actId)],
  });
  return rowCount === 1;
}

async function read(client: Client, ref: LeadRef, enrolmentId: string): Promise<EnrolmentRow | undefined> {
  const { rows } = await client.query<EnrolmentRow>({
    name: 'enrolment-read',
    text: `select ${ROW} from enrolments where location_id = $1 and contact_id = $2 and enrolment_id = $3`,
    values: [ref.locationId, ref.contactId, enrolmentId],
  });
  return rows[0];
}

type Put = { readonly kind: 'done'; readonly told: boolean } | Exclude<ActedOn, { kind: 'done' }>;

/** `told`: the timeline says it already. */
async function put(client: Client, ref: LeadRef, before: EnrolmentRow, act: Act, now: Iso): Promise<Put> {
  const { enrolmentId } = before;
  switch (act.act) {
    case 'pause':
      await set(client, ref, enrolmentId, 'paused_at = coalesce(paused_at, $4)', now);
      return { kind: 'done', told: false };
    case 'resume':
      await set(client, ref, enrolmentId, 'paused_at = null, parked_reason = null, not_before = null', null);
      return { kind: 'done', told: false };
    case 'stop':
      await Promise.all([
        end(client, ref, [{ enrolmentId, reason: 'stopped by a person' }], now),
        dropNewsOf(client, ref, enrolmentId, now),
      ]);
      return { kind: 'done', told: false };
    case 'skip':
    case 'send-now': {
      const stepKey = nextOf(before);
      if (stepKey === undefined || (act.stepKey !== null && act.stepKey !== stepKey)) return { kind: 'not-next' };
      if (act.act === 'send-now') return sendNow(client, ref, before, stepKey, now);
      const told = { at: now, kind: 'action', summary: `${SAID.skip}: ${stepKey}`, refs: refsOf(act) } as const;
      const skipped = await skip(client, ref, { enrolmentId, stepKey, at: now }, told);
      if (skipped) await dropNewsOf(client, ref, enrolmentId, now);
      return skipped ? { kind: 'done', told: true } : { kind: 'under-way' };
    }
  }
}

/** As the interpreter takes them: what a person asked for, else the first that is not done. */
function nextOf({ steps, sendNow: asked }: EnrolmentRow): string | undefined {
  const open = steps.filter(({ outcome }) => outcome === null);
  return (open.find(({ key }) => key === asked) ?? open[0])?.key;
}

/** What a gate or the vendor said of when to ask again does not hold any more; the gate is asked at once and decides. */
async function sendNow(
  client: Client,
  ref: LeadRef,
  { enrolmentId, pausedAt }: EnrolmentRow,
  stepKey: string,
  now: Iso,
): Promise<Put> {
  if (pausedAt !== null) return { kind: 'paused' };
  const { rows } = await client.query<{ state: string }>({
    name: 'enrolment-send-now',
    text: `update outbox set check_at = case state when 'not-sent' then least(check_at, $5) else check_at end
      where location_id = $1 and contact_id = $2 and enrolment_id = $3 and step_key = $4 and state in ('claimed', 'sending', 'not-sent', 'unknown')
      returning state`,
    values: [ref.locationId, ref.contactId, enrolmentId, stepKey, now],
  });
  if (rows.some(({ state }) => state === 'sending' || state === 'unknown')) return { kind: 'under-way' };
  await set(client, ref, enrolmentId, 'send_now = $4, not_before = null', stepKey);
  return { kind: 'done', told: false };
}

/** @param change  our own words, with $4 as their one value */
async function set(
  client: Client,
  ref: LeadRef,
  enrolmentId: string,
  change: string,
  value: string | null,
): Promise<void> {
  await client.query(
    `update enrolments set ${change} where location_id = $1 and contact_id = $2 and enrolment_id = $3`,
    value === null ? [ref.locationId, ref.contactId, enrolmentId] : [ref.locationId, ref.contactId, enrolmentId, value],
  );
}

const SAID: Readonly<Record<EnrolmentAct, string>> = {
  pause: 'A person paused a sequence',
  resume: 'A person let a sequence go on',
  skip: 'A person skipped a step',
  'send-now': 'A person asked for a step now',
  stop: 'A person ended a sequence',
};

function refsOf({ actId, enrolmentId }: Act): Readonly<Record<string, string>> {
  return { act: actId, enrolmentId };
}

async function keep(client: Client, ref: LeadRef, act: Act, now: Iso, told: boolean): Promise<void> {
  await client.query({
    name: 'enrolment-act',
    text: `with kept as (
        insert into acts (location_id, contact_id, act_id, action, operator, at) values ($1, $2, $3, $4, $5, $6)
      ), active as (
        update leads set last_activity_at = greatest(last_activity_at, $6) where location_id = $1 and contact_id = $2
      )
      insert into timeline (location_id, contact_id, at, kind, summary, refs)
      select $1, $2, $6, 'action', $7, $8::jsonb where not $9::boolean`,
    values: [
      ref.locationId,
      ref.contactId,
      clean(act.actId),
      `enrolment.${act.act}`,
      clean(act.by),
      now,
      SAID[act.act],
      toJsonb(refsOf(act)),
      told,
    ],
  });
}
