import proto from '@temporalio/proto';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import {
  type FollowUpHistory,
  type SentMessage,
  type WrongMessage,
  wrongMessages,
} from '../support/follow-up-judge.ts';
import { ledger } from '../support/ghl-standin.ts';
import { knownAreaCodes, placeOfAreaCode } from '../support/law-places.ts';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { livesOf } from '../support/lead-lives.ts';
import { playWith } from '../support/lead-play.ts';
import { createRandom, type Random } from '../support/random.ts';
import { day, hour, iso } from './follow-up-month.ts';

export interface StackFigures {
  readonly months: number;
  readonly messages: number;
  readonly wrong: readonly WrongMessage[];
  /** Messages that the CRM took and the outbox does not know as sent, or the other way round. */
  readonly unaccounted: number;
  /** By which a history grows with ten steps of the seller plan. */
  readonly bytesPerTenSteps: number;
  /** Open timers and open activities of each lead that sleeps. */
  readonly sleeping: readonly { readonly timers: number; readonly activities: number }[];
}

type Ref = Awaited<ReturnType<ReturnType<typeof playWith>['newLead']>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };
type Kept = Mutable<Pick<FollowUpHistory, 'consents' | 'optOuts' | 'takeovers' | 'inbound' | 'ends' | 'shut'>> & {
  readonly contacts: Record<string, FollowUpHistory['contacts'][string]>;
};

const postalAddress = '400 Bay Street, Suite 210, Tampa, FL 33602';

/**
 * Lead-months through door, workflows, gate, Postgres and the vendor's stand-in, in the time of Temporal's time-skipping server; some leads live side
 * by side. What went out is read from the vendor's ledger.
 */
export async function liveOnStack(
  { months, sideBySide }: { readonly months: number; readonly sideBySide: number },
  seed: number,
  say: (line: string) => void,
): Promise<StackFigures> {
  const env = await createLeadEnv({ sequences: Object.fromEntries(bundledSequences().map(({ key }) => [key, true])) });
  const random = createRandom(seed);
  const kept: Kept = { contacts: {}, consents: [], optOuts: [], takeovers: [], inbound: [], ends: [], shut: [] };
  const sleeping: StackFigures['sleeping'][number][] = [];
  try {
    const bytesPerTenSteps = await growthByTenSteps(env);
    say(`stack: a history grows by ${bytesPerTenSteps} bytes with ten steps`);
    for (let done = 0; done < months; done += sideBySide) {
      sleeping.push(...(await liveTogether(env, Math.min(sideBySide, months - done), random, kept)));
      say(`stack: ${Math.min(months, done + sideBySide)} of ${months} lead-months`);
    }
    const { sent, unaccounted } = await whatWentOut(env, kept.contacts);
    const history = {
      ...{ ...kept, sent, calls: [], registry: [], relationships: [] },
      location: {
        quietHours: { from: '08:00', to: '21:00' },
        answersAtNight: false,
        sender: 'Example Realty',
        postalAddress,
      },
    };
    return {
      ...{ months, messages: sent.length, wrong: wrongMessages(history), unaccounted },
      ...{ bytesPerTenSteps, sleeping },
    };
  } finally {
    await env.close();
  }
}

async function liveTogether(env: LeadEnv, leads: number, random: Random, kept: Kept) {
  const play = playWith(env);
  const lives = livesOf(env, play);
  const from = env.time.now().getTime();
  const happenings: { readonly at: number; readonly ref: Ref; readonly what: Happening }[] = [];
  const refs: Ref[] = [];
  for (let n = 0; n < leads; n += 1) {
    const ref = await anyLead(env, play, random, kept);
    await lives.settle(ref);
    refs.push(ref);
    const some = random.below(4);
    for (let at = 0; at < some; at += 1) {
      happenings.push({ at: from + random.below(30 * day), ref, what: random.pick(kinds) });
    }
  }
  for (const { at, ref, what } of happenings.toSorted((a, b) => a.at - b.at)) {
    await lives.liveTo(at);
    await happens(env, play, lives, ref, what, random, kept);
  }
  await lives.liveTo(from + 30 * day);
  const sleeping = await Promise.all(refs.map((ref) => asleep(env, play, ref)));
  await play.endAll();
  return sleeping.flatMap((one) => (one === undefined ? [] : [one]));
}

/** A lead that nothing happens to but the steps of half a seller plan: what stands in its history besides them does not count. */
async function growthByTenSteps(env: LeadEnv): Promise<number> {
  const play = playWith(env);
  const lives = livesOf(env, play);
  const ref = await play.newLead();
  await lives.settle(ref);
  await lives.enrol(ref, 'seller-plan');
  const measure = async () => {
    const history = await play.handle(ref).fetchHistory();
    const { rows } = await env.pool.query<{ steps: number }>(
      `select count(*)::int as steps from outbox where location_id = $1 and contact_id = $2 and step_key is not null`,
      [ref.locationId, ref.contactId],
    );
    return { bytes: proto.temporal.api.history.v1.History.encode(history).finish().byteLength, steps: rows[0]!.steps };
  };
  await lives.liveTo(env.time.now().getTime() + 1.9 * day);
  const before = await measure();
  await lives.liveTo(env.time.now().getTime() + 75 * day);
  const after = await measure();
  await play.endAll();
  const steps = after.steps - before.steps;
  if (steps < 8) throw new Error(`expected the seller plan to take at least 8 steps in 75 days, it took ${steps}`);
  return Math.round(((after.bytes - before.bytes) / steps) * 10);
}

const kinds = ['reply', 'reply', 'STOP', 'takeover', 'booking', 'enrol', 'enrol', 'pause'] as const;
type Happening = (typeof kinds)[number];

async function anyLead(env: LeadEnv, play: ReturnType<typeof playWith>, random: Random, kept: Kept): Promise<Ref> {
  const areaCode = random.pick(knownAreaCodes);
  const timezone = random.chance(0.3) ? null : random.pick(placeOfAreaCode(areaCode)!.zones);
  const consents = random.chance(0.8);
  const phone = `+1${areaCode}555${String(Object.keys(kept.contacts).length).padStart(4, '0')}`;
  const before = env.time.now().toISOString();
  const ref = await play.newLead({ phone, timezone, tags: ['Hit List', ...(consents ? ['sms-consent'] : [])] });
  const email = `${ref.contactId}@example.com`;
  kept.contacts[ref.contactId] = { zone: timezone, state: null, areaCode, reaches: [phone, email], bought: false };
  if (consents) {
    kept.consents.push({ reach: phone, channel: 'sms', at: before, until: null });
    kept.consents.push({ reach: email, channel: 'email', at: before, until: null });
  }
  return ref;
}

async function happens(
  env: LeadEnv,
  play: ReturnType<typeof playWith>,
  lives: ReturnType<typeof livesOf>,
  ref: Ref,
  what: Happening,
  random: Random,
  kept: Kept,
): Promise<void> {
  const { contactId } = ref;
  const at = env.time.now().toISOString();
  const ends = (by: string): void => void kept.ends.push({ at, contactId, by });
  switch (what) {
    case 'reply':
      kept.inbound.push({ at, contactId, channel: 'sms' });
      ends('reply');
      await play.says(ref, 'We would like three bedrooms near the park');
      break;
    case 'STOP':
      for (const reach of kept.contacts[contactId]!.reaches) kept.optOuts.push({ reach, at, until: null });
      await play.says(ref, 'STOP');
      break;
    case 'takeover':
      kept.takeovers.push({ contactId, at, until: null });
      await play.humanWrites(ref, 'Hello, this is your agent');
      break;
    case 'booking':
      ends('booking');
      return lives.books(ref, new Date(env.time.now().getTime() + 6 * hour + random.below(6 * day)));
    case 'enrol': {
      const { key } = random.pick(bundledSequences().filter(({ trigger }) => trigger.on !== 'appointment.booked'));
      // A lead that opted out or is worked by a person takes no enrolment; that is an answer, too.
      await lives.enrol(ref, key).catch(() => undefined);
      return;
    }
    case 'pause':
      await play.act(ref, 'pause').catch(() => undefined);
      kept.shut.push({ at: iso(env.time.now().getTime() + 1), until: null, contactId, channel: null, why: 'paused' });
      break;
  }
  await lives.settle(ref);
}

interface Call {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: {
    readonly type?: string;
    readonly contactId?: string;
    readonly message?: string;
    readonly html?: string;
  } | null;
}

/** By the vendor's ledger, each with the step that the outbox has for it. */
async function whatWentOut(
  env: LeadEnv,
  judged: Kept['contacts'],
): Promise<{ sent: SentMessage[]; unaccounted: number }> {
  const { calls } = (await ledger(env.standIn)) as unknown as { calls: readonly Call[] };
  const { rows } = await env.pool.query<{
    contact: string;
    channel: 'sms' | 'email';
    key: string;
    at: Date;
    sequence: string;
  }>(
    `select o.contact_id as contact, o.channel, o.once_key as key, e.enrolled_at::timestamptz as at, e.sequence_key as sequence
     from outbox o join enrolments e using (location_id, enrolment_id)
     where o.location_id = $1 and o.channel in ('sms', 'email') and o.state = 'sent' order by o.sending_at`,
    [env.locationId],
  );
  const steps = rows.filter(({ contact }) => judged[contact] !== undefined);
  const exits = new Map(bundledSequences().map((document) => [document.key, document.exits]));
  let unaccounted = 0;
  const sent = calls.flatMap(({ at, method, path, status, body }): SentMessage[] => {
    if (method !== 'POST' || path !== '/conversations/messages' || status >= 300) return [];
    if (body?.contactId === undefined || judged[body.contactId] === undefined) return [];
    const { contactId } = body;
    const channel = body.type === 'Email' ? 'email' : 'sms';
    const place = steps.findIndex((one) => one.contact === contactId && one.channel === channel);
    const [step] = place === -1 ? [] : steps.splice(place, 1);
    if (step === undefined) unaccounted += 1;
    return [
      {
        ...{ at, contactId, channel, purpose: 'solicitation', by: 'us', step: step?.key ?? null },
        ...(step === undefined
          ? {}
          : { enrolment: { at: new Date(step.at).toISOString(), exits: exits.get(step.sequence) ?? [] } }),
        text: body.message ?? body.html ?? '',
      },
    ];
  });
  return { sent, unaccounted: unaccounted + steps.length };
}

/** What a lead with an active enrolment holds while it waits; undefined for one that waits for nothing. */
async function asleep(env: LeadEnv, play: ReturnType<typeof playWith>, ref: Ref) {
  const history = await play.handle(ref).fetchHistory();
  const described = await play.handle(ref).describe();
  const types = proto.temporal.api.enums.v1.EventType;
  const count = (name: keyof typeof types): number =>
    (history.events ?? []).filter(({ eventType }) => eventType === types[name]).length;
  const { rowCount } = await env.pool.query(
    `select from enrolments where location_id = $1 and contact_id = $2 and status = 'active'`,
    [ref.locationId, ref.contactId],
  );
  if (rowCount === 0 || (await play.view(ref)).nextAt === null) return undefined;
  return {
    timers: count('EVENT_TYPE_TIMER_STARTED') - count('EVENT_TYPE_TIMER_FIRED') - count('EVENT_TYPE_TIMER_CANCELED'),
    activities: described.raw.pendingActivities?.length ?? 0,
  };
}
