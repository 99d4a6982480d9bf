import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { simulate } from '../../domain/follow-up/simulate.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { livesOf, type SentStep } from '../support/lead-lives.ts';
import { HOUR, MINUTE, NEW_YORK, playWith } from '../support/lead-play.ts';
import { leadOf } from '../support/pure-lead.ts';
import { createRandom } from '../support/random.ts';
import { temporalActions } from '../support/temporal-actions.ts';

const DAY = 24 * HOUR;
// Those that tell of homes live by news of the market, and have a test of their own.
const talks = bundledSequences().filter(({ track }) => track !== 'market');
const documents = new Map(talks.map((document) => [document.key, { ...document, version: 1 }]));

let env: LeadEnv;
let play: ReturnType<typeof playWith>;

beforeAll(async () => {
  // Beside those that leads are put into, others begin by themselves; but for the one that a silent newcomer has next in any case.
  const chosen = [...documents.keys()].filter((key) => key !== 'no-response').map((key) => [key, true] as const);
  env = await createLeadEnv({ sequences: Object.fromEntries(chosen) });
  play = playWith(env);
});

afterEach(() => play.endAll());
afterAll(() => env.close());

type Lives = ReturnType<typeof livesOf>;
type Ref = Awaited<ReturnType<typeof play.newLead>>;

/** A lead in this sequence: the welcome by itself, reminders by a booking for the third day at ten, all others because a person asks. */
async function leadIn(lives: Lives, key: string): Promise<Ref> {
  const ref = await play.newLead();
  await lives.settle(ref);
  if (key === 'appointment-reminders') await lives.books(ref, tenOnThirdDay());
  else if (key !== 'new-lead-welcome') await lives.enrol(ref, key);
  return ref;
}

function tenOnThirdDay(): Date {
  const day = DateTime.fromJSDate(env.time.now(), { zone: NEW_YORK }).plus({ days: 3 });
  return day.set({ hour: 10, minute: 0, second: 0, millisecond: 0 }).toJSDate();
}

/** What `sequences simulate` tells of such a lead. */
function calendar(document: SequenceDocument, from: Date, appointmentAt: Date) {
  const who = leadOf({
    ...{ zone: NEW_YORK, areaCode: '212', consents: { sms: 'granted', email: 'granted' }, firstName: 'Robin' },
    ...(document.track === 'appointment' ? { appointmentAt: appointmentAt.toISOString() } : {}),
  });
  const { entries } = simulate(document, who, from.toISOString());
  return entries
    .filter(({ verdict, channel }) => verdict === 'goes-out' && (channel === 'sms' || channel === 'email'))
    .map(({ step, at }) => ({ step, at: Date.parse(at) }));
}

const stepsOf = (sent: readonly SentStep[], ref: LeadRef, key: string) =>
  sent.filter(({ contactId, sequence }) => contactId === ref.contactId && sequence === key);

describe('each sequence', () => {
  it('runs to its end, each message once and when the simulation says', async () => {
    const lives = livesOf(env, play);
    await env.time.skipTo(NEW_YORK, '10:00');
    const from = env.time.now();
    const appointmentAt = tenOnThirdDay();
    const leads = new Map<string, Ref>();
    for (const key of documents.keys()) leads.set(key, await leadIn(lives, key));
    const over = async () => {
      const reasons = await Promise.all([...leads].map(([key, ref]) => lives.ended(ref, key)));
      return reasons.every((reason) => typeof reason === 'string');
    };
    await lives.liveTo(from.getTime() + 200 * DAY, over);
    await expectPlainTimers([...leads.values()]);
    await expectFewActions(leads.get('seller-plan')!);
    const sent = await lives.sent();
    for (const [key, ref] of leads) {
      expect({ key, ended: await lives.ended(ref, key) }).toEqual({ key, ended: 'completed' });
      const real = stepsOf(sent, ref, key);
      const told = calendar(documents.get(key)!, from, appointmentAt);
      expect({ key, steps: real.map(({ step }) => step) }).toEqual({ key, steps: told.map(({ step }) => step) });
      // The leads began one after another, within minutes.
      const late = real.map(({ at }, index) => (at.getTime() - told[index]!.at) / MINUTE);
      expect({ key, late: late.filter((minutes) => minutes < -1 || minutes > 10) }).toEqual({ key, late: [] });
    }
  });
});

/** Each timer says in a sentence what is waited for, and nothing of whom. */
async function expectPlainTimers(refs: readonly LeadRef[]): Promise<void> {
  const summaries = (await Promise.all(refs.map((ref) => play.handle(ref).fetchHistory()))).flatMap(({ events }) =>
    (events ?? []).flatMap(({ timerStartedEventAttributes: timer, userMetadata }) =>
      timer == null ? [] : [Buffer.from(userMetadata?.summary?.data ?? '').toString()],
    ),
  );
  const sentence =
    /^"(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day \d\d:\d\d (?:in the lead's zone|UTC): (?:(?:passing over )?(?:SMS|E-mail|Call task) \d+ of \d+, [\w -]+|whether the lead has been silent for long enough to begin a sequence)"$/;
  expect(summaries.filter((summary) => !sentence.test(summary))).toEqual([]);
  expect(summaries.length).toBeGreaterThan(50);
}

/** What docs/follow-up.md says of the cost: three actions for each wake (timer, activity, search attributes), and some to begin. */
async function expectFewActions(ref: LeadRef): Promise<void> {
  const actions = temporalActions(await play.handle(ref).fetchHistory());
  const { timer = 0, activity = 0 } = actions;
  const all = Object.values(actions).reduce((sum, n) => sum + n, 0);
  expect({ timer, activity, all }).toEqual({ timer: within(20, 28), activity: within(20, 30), all: within(65, 100) });
}

function within(least: number, most: number) {
  return { asymmetricMatch: (got: unknown) => typeof got === 'number' && got >= least && got <= most };
}

/** What happens to a sample, and by which word its sequence ends; null: it goes on. */
const events = ['reply', 'STOP', 'takeover', 'pause', 'booking'] as const;
type Event = (typeof events)[number];

describe('twenty samples', () => {
  it('of leads to whom something happens at any time keep every promise', async () => {
    const seed = Number(process.env['SEQUENCES_SEED'] ?? 20_261);
    const random = createRandom(seed);
    const lives = livesOf(env, play);
    await env.time.skipTo(NEW_YORK, '10:00');
    const from = env.time.now();
    const keys = [...documents.keys()];
    const samples: { key: string; ref: Ref; event: Event; at: number }[] = [];
    for (let n = 0; n < 20; n += 1) {
      const key = random.pick(keys);
      const ref = await leadIn(lives, key);
      const length = Math.min(
        30 * DAY,
        (calendar(documents.get(key)!, from, tenOnThirdDay()).at(-1)?.at ?? 0) - from.getTime() + HOUR,
      );
      const event = random.pick(events);
      samples.push({ key, ref, event, at: env.time.now().getTime() + random.below(length) });
    }
    for (const { ref, event, at } of samples.toSorted((a, b) => a.at - b.at)) {
      await lives.liveTo(at);
      await happens(lives, ref, event);
    }
    await lives.liveTo(env.time.now().getTime() + 3 * DAY);
    const sent = await lives.sent();
    const told = { seed };
    for (const { key, ref, event, at } of samples) {
      const later = sent.filter(({ contactId, at: when }) => contactId === ref.contactId && when.getTime() > at);
      const ofSequence = stepsOf(later, ref, key);
      const goesOn = event === 'pause' || (key === 'appointment-reminders' && event !== 'STOP');
      if (!goesOn) expect({ ...told, key, event, later: ofSequence }).toEqual({ ...told, key, event, later: [] });
      // Whoever opted out or is worked by a person gets nothing at all, of no sequence.
      if (event === 'STOP' || event === 'takeover')
        expect({ ...told, key, event, later }).toEqual({ ...told, key, event, later: [] });
    }
    expectPromises(sent, seed);
  });
});

async function happens(lives: Lives, ref: Ref, event: Event): Promise<void> {
  switch (event) {
    case 'reply':
      await play.says(ref, 'We are looking for three bedrooms near the park');
      break;
    case 'STOP':
      await play.says(ref, 'STOP');
      break;
    case 'takeover':
      await play.humanWrites(ref, 'Hello, this is your agent');
      break;
    case 'pause':
      await play.act(ref, 'pause');
      await lives.settle(ref);
      await play.act(ref, 'resume');
      break;
    case 'booking':
      return lives.books(ref, new Date(env.time.now().getTime() + 2 * DAY));
  }
  await lives.settle(ref);
}

/** Each step once, inside the hours of New York, three in any 24 hours. */
function expectPromises(sent: readonly SentStep[], seed: number): void {
  const once = sent.map(({ enrolmentId, sequence, step }) => `${enrolmentId} ${sequence} ${step}`);
  expect({ seed, doubled: once.filter((one, index) => once.indexOf(one) < index) }).toEqual({ seed, doubled: [] });
  const outside = sent.filter(({ at }) => {
    const { hour } = DateTime.fromJSDate(at, { zone: NEW_YORK });
    return hour < 8 || hour >= 21;
  });
  expect({ seed, outside }).toEqual({ seed, outside: [] });
  for (const contactId of new Set(sent.map((one) => one.contactId))) {
    const times = sent.filter((one) => one.contactId === contactId).map(({ at }) => at.getTime());
    const crowded = times.filter((at, index) => index >= 3 && at - times[index - 3]! < DAY);
    expect({ seed, crowded }).toEqual({ seed, crowded: [] });
  }
}
