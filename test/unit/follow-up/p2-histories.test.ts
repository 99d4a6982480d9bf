import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import { bundledSequences } from '../../../platform/bundled-sequences.ts';
import { type Happens, happenings, leadOf, pureLead, type Sent } from '../../support/pure-lead.ts';

/** No random history of events makes the engine break a promise; judged by what happened alone, in this test's own words. */
const FROM = Date.parse('2026-02-20T05:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** All that ship, and one that would text every hour for two days if nothing kept it. */
const documents: readonly SequenceDocument[] = [
  ...bundledSequences().map((document) => ({ ...document, version: 1 })),
  eager(bundledSequences().find(({ key }) => key === 'no-response')!),
];

function eager(like: Omit<SequenceDocument, 'version'>): SequenceDocument {
  const [text] = like.steps;
  const steps = Array.from({ length: 48 }, (_, index) => ({ ...text!, key: `text-${index}`, offset: `PT${index}H` }));
  return { ...like, version: 1, key: 'eager', exits: ['opt-out'], steps };
}

interface Place {
  readonly zone: string;
  readonly state: string;
  readonly areaCode: string;
  /** First and last hour of the day in which texts may go out there, on a day that is neither Sunday nor holiday. */
  readonly hours: readonly [number, number];
}

const places: readonly Place[] = [
  { zone: 'America/New_York', state: 'NY', areaCode: '212', hours: [8, 21] },
  { zone: 'America/New_York', state: 'FL', areaCode: '813', hours: [8, 20] },
  { zone: 'America/Los_Angeles', state: 'CA', areaCode: '213', hours: [8, 21] },
  { zone: 'Pacific/Honolulu', state: 'HI', areaCode: '808', hours: [8, 21] },
  { zone: 'America/New_York', state: 'CT', areaCode: '203', hours: [9, 20] },
];

const history = fc.record({
  document: fc.constantFrom(...documents),
  place: fc.constantFrom(...places),
  sms: fc.constantFrom('granted', 'granted', 'none', 'withdrawn'),
  email: fc.constantFrom('granted', 'granted', 'none', 'withdrawn'),
  begin: fc.integer({ min: 0, max: 30 * 24 }),
  appointment: fc.integer({ min: 1, max: 20 * 24 }),
  events: fc.array(
    fc.record({ afterHours: fc.double({ min: 0, max: 600, noNaN: true }), what: fc.constantFrom(...happenings) }),
    {
      maxLength: 8,
    },
  ),
});

interface Lived {
  readonly sent: readonly Sent[];
  readonly happened: readonly { readonly at: number; readonly what: Happens }[];
}

function live(one: typeof history extends fc.Arbitrary<infer T> ? T : never): Lived {
  const { document, place, sms, email } = one;
  const from = FROM + one.begin * HOUR;
  const who = leadOf({
    ...{
      zone: place.zone,
      state: place.state,
      areaCode: place.areaCode,
      consents: { sms, email },
      facts: { side: 'buy' },
    },
    appointmentAt: new Date(from + one.appointment * HOUR).toISOString(),
  });
  const lead = pureLead(document, who, new Date(from).toISOString());
  const happened: { at: number; what: Happens }[] = [];
  for (const { afterHours, what } of one.events.toSorted((a, b) => a.afterHours - b.afterHours)) {
    lead.liveTo(from + Math.round(afterHours * HOUR));
    happened.push({ at: lead.now, what });
    lead.happens(what);
  }
  lead.liveTo(from + 250 * DAY);
  return { sent: lead.sent, happened };
}

const silencing: ReadonlySet<Happens> = new Set<Happens>(['opt-out', 'stop', 'do-not-disturb', 'deleted']);
const held: ReadonlySet<Happens> = new Set<Happens>(['takeover', 'pause', 'doubtful']);
const freeing: ReadonlySet<Happens> = new Set<Happens>(['hand-back', 'resume']);

/** Everything that is wrong about what was sent, as sentences. */
function wrongs(
  { sent, happened }: Lived,
  place: Place,
  consents: Readonly<Record<'sms' | 'email', string>>,
): string[] {
  const times = sent.map(({ at }) => Date.parse(at));
  const twice = sent.filter(({ step }, index) => sent.findIndex((other) => other.step === step) < index);
  return [
    ...twice.map(({ step }) => `${step} went out twice`),
    ...times.flatMap((at, index) =>
      index >= 3 && at - times[index - 3]! < DAY ? [`the fourth in 24 hours at ${sent[index]!.at}`] : [],
    ),
    ...sent.flatMap(({ at, channel, step }) => {
      const clock = DateTime.fromISO(at, { zone: place.zone });
      const hour = clock.hour + clock.minute / 60;
      // Of one instant the message was first: what happened could not be known.
      const before = happened.filter((one) => one.at < Date.parse(at));
      const state = before.findLast(({ what }) => held.has(what) || freeing.has(what));
      return [
        ...(consents[channel] === 'granted' ? [] : [`${step} without consent`]),
        ...(hour >= place.hours[0] && hour < place.hours[1] ? [] : [`${step} at ${clock.toFormat('HH:mm')}`]),
        ...(before.some(({ what }) => silencing.has(what)) ? [`${step} after it was to be silent`] : []),
        ...(state !== undefined && held.has(state.what) ? [`${step} while a person works the lead`] : []),
      ];
    }),
  ];
}

describe('random histories', () => {
  it('break no promise', () => {
    let messages = 0;
    fc.assert(
      fc.property(history, (one) => {
        const lived = live(one);
        messages += lived.sent.length;
        expect(wrongs(lived, one.place, { sms: one.sms, email: one.email })).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(messages).toBeGreaterThan(10);
  });

  it('are judged by eyes that see each kind of wrong', () => {
    const place = places[1]!;
    const sent = (...hours: readonly number[]): readonly Sent[] =>
      hours.map((hour, index) => ({
        at: new Date(Date.parse('2026-03-03T05:00:00.000Z') + hour * HOUR).toISOString(),
        channel: 'sms',
        step: `s${index}`,
      }));
    const all = { sms: 'granted', email: 'granted' };
    const at = (hour: number, what: Happens) => ({ at: Date.parse('2026-03-03T05:00:00.000Z') + hour * HOUR, what });
    expect(wrongs({ sent: sent(10, 11, 12), happened: [] }, place, all)).toEqual([]);
    expect(wrongs({ sent: sent(10, 11, 12, 13), happened: [] }, place, all)).toHaveLength(1);
    expect(wrongs({ sent: sent(7, 20), happened: [] }, place, all)).toHaveLength(2);
    expect(wrongs({ sent: sent(10), happened: [] }, place, { ...all, sms: 'none' })).toHaveLength(1);
    expect(wrongs({ sent: [...sent(10), ...sent(12)], happened: [] }, place, all)).toHaveLength(1);
    expect(wrongs({ sent: sent(10), happened: [at(9, 'opt-out')] }, place, all)).toHaveLength(1);
    expect(wrongs({ sent: sent(10), happened: [at(9, 'takeover')] }, place, all)).toHaveLength(1);
    expect(wrongs({ sent: sent(10), happened: [at(8, 'takeover'), at(9, 'hand-back')] }, place, all)).toEqual([]);
  });
});
