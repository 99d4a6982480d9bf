import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { type CalendarEntry, simulate } from '../../../domain/follow-up/simulate.ts';
import { parseSimulatedLead, type SimulatedLead } from '../../../domain/follow-up/simulated-lead.ts';
import type { SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import { bundledSequences } from '../../../platform/bundled-sequences.ts';

const bundled = new Map(bundledSequences().map((document) => [document.key, { ...document, version: 1 }]));
const examples = new URL('../../../docs/examples/', import.meta.url);

function sequence(key: string): SequenceDocument {
  const document = bundled.get(key);
  if (document === undefined) throw new Error(`no sequence ${key}`);
  return document;
}

function leadOf(json: unknown): SimulatedLead {
  const parsed = parseSimulatedLead(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.lead;
}

const granted = { sms: 'granted', email: 'granted' };
const florida = { firstName: 'Ana', zone: 'America/New_York', state: 'FL', areaCode: '813', consents: granted };

/** As `first-text goes-out 2026-03-03T15:00`. */
const told = (entries: readonly CalendarEntry[]): string[] =>
  entries.map(({ step, verdict, at }) => `${step} ${verdict} ${at.slice(0, 16)}`);

describe('the calendar of a simulated lead', () => {
  it('has the steps at their times, with the words as they would go out', () => {
    const { entries, end, unfit } = simulate(sequence('new-lead-welcome'), leadOf(florida), '2026-03-03T15:00:00.000Z');
    expect(unfit).toBeNull();
    expect(told(entries)).toEqual([
      'first-text goes-out 2026-03-03T15:00',
      'introduction goes-out 2026-03-03T15:30',
      'call goes-out 2026-03-04T15:00',
    ]);
    expect(entries[0]!.words).toBe(
      'Hi Ana, this is Example Realty. You agreed to get texts from us about homes. Are you buying, selling or both? Reply STOP to opt out.',
    );
    expect(end).toEqual({ at: '2026-03-04T15:00:00.000Z', why: 'completed' });
  });

  it('waits for the morning of the state in which the lead lives, and says why', () => {
    // Florida ends at 20:00, an hour before the rest of the country.
    const { entries } = simulate(sequence('new-lead-welcome'), leadOf(florida), '2026-03-04T01:15:00.000Z');
    expect(told(entries).slice(0, 2)).toEqual([
      'first-text waits 2026-03-04T01:15',
      'first-text goes-out 2026-03-04T13:00',
    ]);
    expect(entries[0]).toMatchObject({
      again: '2026-03-04T13:00:00.000Z',
      reason: 'outside the hours of FL in America/New_York',
    });
  });

  it.each([
    ['2026-03-08T00:30:00.000Z', '2026-03-08T12:00'],
    ['2026-11-01T00:30:00.000Z', '2026-11-01T13:00'],
  ])('opens at eight on the wall in the night of %s, in which the clocks change', (due, opens) => {
    const lead = leadOf({ ...florida, state: 'GA', areaCode: '404', zone: 'America/New_York' });
    const document = {
      ...sequence('new-lead-welcome'),
      steps: [{ ...sequence('new-lead-welcome').steps[0]!, offset: 'PT2H' }],
    };
    expect(told(simulate(document, lead, due).entries).at(-1)).toBe(`first-text goes-out ${opens}`);
  });

  it('has a call task where consent is missing, and nothing where nobody may call either', () => {
    const lead = { ...florida, consents: {} };
    const open = simulate(sequence('no-response'), leadOf(lead), '2026-03-03T15:00:00.000Z').entries;
    expect(open.map(({ verdict }) => verdict)).toEqual(['task', 'task', 'goes-out']);
    const listed = simulate(
      sequence('no-response'),
      leadOf({ ...lead, registry: 'listed' }),
      '2026-03-03T15:00:00.000Z',
    );
    expect(listed.entries.map(({ verdict }) => verdict)).toEqual(['refused', 'refused', 'refused']);
  });

  it('ends at the first event that its document names, and at an opt-out whatever it names', () => {
    const at = '2026-03-09T12:00';
    const of = (what: string, key = 'seller-plan') =>
      simulate(sequence(key), leadOf({ ...florida, events: [{ at, what }] }), '2026-03-01T15:00:00.000Z').end;
    for (const what of ['reply', 'opt-out', 'booking', 'takeover', 'stop-tag', 'closed']) {
      expect(of(what)).toEqual({ at: '2026-03-09T16:00:00.000Z', why: what });
    }
    expect(of('qualified').why).toBe('completed');
    const bare = { ...sequence('seller-plan'), exits: [] };
    const lead = leadOf({ ...florida, events: [{ at, what: 'opt-out' }] });
    expect(simulate(bare, lead, '2026-03-01T15:00:00.000Z').end.why).toBe('opt-out');
  });

  it('takes the branch that the facts of that day open', () => {
    const steps = (facts: Record<string, string>) =>
      simulate(sequence('re-engagement'), leadOf({ ...florida, everReplied: true, facts }), '2026-03-03T15:00:00.000Z')
        .entries.filter(({ verdict, channel }) => verdict === 'goes-out' && channel === 'sms')
        .map(({ step }) => step);
    expect(steps({ side: 'buy' })).toEqual(['day-1-buyer', 'day-2-buyer', 'day-3-buyer']);
    expect(steps({ side: 'sell' })).toEqual(['day-1-seller', 'day-2-seller', 'day-3-seller']);
    expect(steps({})).toEqual(['day-1-general', 'day-2-general', 'day-3-general']);
  });

  it('holds the reminders of a lead that a person works, and skips those whose time is over when it is handed back', () => {
    const lead = leadOf({
      ...florida,
      appointmentAt: '2026-03-06T15:00',
      events: [
        { at: '2026-03-05T12:00', what: 'takeover' },
        { at: '2026-03-06T14:10', what: 'hand-back' },
      ],
    });
    const { entries } = simulate(sequence('appointment-reminders'), lead, '2026-03-04T15:00:00.000Z');
    expect(told(entries)).toEqual([
      'day-before held 2026-03-05T20:00',
      'day-before skipped 2026-03-06T16:00',
      'two-hours held 2026-03-06T18:00',
      'two-hours goes-out 2026-03-06T19:10',
      'half-hour goes-out 2026-03-06T19:30',
      'afterwards goes-out 2026-03-06T23:00',
      'call goes-out 2026-03-07T20:00',
    ]);
    expect(entries.find(({ step }) => step === 'two-hours')!.words).toContain('see you at 3:00 PM');
  });

  it('has no more than three messages in any 24 hours, however many the document has', () => {
    const [text] = sequence('no-response').steps;
    const steps = Array.from({ length: 6 }, (_, index) => ({ ...text!, key: `text-${index}`, offset: `PT${index}M` }));
    const { entries } = simulate({ ...sequence('no-response'), steps }, leadOf(florida), '2026-03-03T15:00:00.000Z');
    const sent = entries.filter(({ verdict }) => verdict === 'goes-out').map(({ at }) => Date.parse(at));
    expect(sent).toHaveLength(6);
    expect(sent.filter((at, index) => index >= 3 && at - sent[index - 3]! < 86_400_000)).toEqual([]);
  });

  it('does not send what it cannot fill in', () => {
    const { entries } = simulate(sequence('appointment-reminders'), leadOf(florida), '2026-03-03T15:00:00.000Z');
    expect(entries.map(({ verdict }) => verdict)).toEqual(['skipped', 'skipped', 'skipped', 'skipped', 'skipped']);
    const nowhere = leadOf({ ...florida, zone: null, state: null, areaCode: null, appointmentAt: '2026-03-06T15:00Z' });
    const refused = simulate(sequence('appointment-reminders'), nowhere, '2026-03-03T15:00:00.000Z').entries[0]!;
    expect(refused).toMatchObject({ verdict: 'refused', reason: 'not known: appointment.day, appointment.time' });
  });

  it('says for whom a trigger would not begin it', () => {
    expect(simulate(sequence('seller-plan'), leadOf(florida), '2026-03-03T15:00:00.000Z').unfit).toBe(
      'side is not known',
    );
    const seller = leadOf({ ...florida, facts: { side: 'sell' } });
    expect(simulate(sequence('seller-plan'), seller, '2026-03-03T15:00:00.000Z').unfit).toBeNull();
  });
});

describe('a lead file', () => {
  it('is read with times on the clock of the lead, its events in their order', () => {
    const lead = leadOf({
      ...florida,
      events: [
        { at: '2026-07-01T09:00', what: 'takeover' },
        { at: '2026-03-01T09:00-08:00', what: 'reply' },
      ],
    });
    expect(lead.events).toEqual([
      { at: '2026-03-01T17:00:00.000Z', what: 'reply' },
      { at: '2026-07-01T13:00:00.000Z', what: 'takeover' },
    ]);
  });

  it('is refused with every problem at once', () => {
    const parsed = parseSimulatedLead({
      ...{ zone: 'EST', state: 'Texas', areaCode: '12', consents: { sms: 'yes' }, appointmentAt: 'tomorrow', age: 40 },
      ...{ facts: { silentHours: 3 }, events: [{ at: '2026-03-01T09:00', what: 'moves' }] },
    });
    const paths = parsed.ok ? [] : parsed.problems.map(({ path }) => path).toSorted();
    expect(new Set(paths)).toEqual(
      new Set([
        '$',
        '$.appointmentAt',
        '$.areaCode',
        '$.consents.sms',
        '$.events[0].what',
        '$.facts',
        '$.state',
        '$.zone',
      ]),
    );
  });

  it.each(readdirSync(examples).filter((file) => file.startsWith('lead-')))(
    '%s of the docs lives through every sequence',
    (file) => {
      const lead = leadOf(JSON.parse(readFileSync(new URL(file, examples), 'utf8')));
      for (const document of bundled.values()) {
        const { entries, end } = simulate(document, lead, '2026-02-27T15:00:00.000Z');
        expect(end.why).toMatch(/^(?:completed|reply|takeover)$/);
        // Each step is decided once, and what waits is decided later.
        const settled = entries.filter(({ again }) => again === null).map(({ step }) => step);
        expect(new Set(settled).size).toBe(settled.length);
      }
    },
  );
});
