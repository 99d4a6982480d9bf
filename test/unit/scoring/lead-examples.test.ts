import { describe, expect, it } from '@jest/globals';
import { leadSchema } from '../../../domain/scoring/lead-model.ts';
import { chooseMoment, type LeadSnapshot, outcomeOf, teaches } from '../../../domain/scoring/lead-examples.ts';
import { traceFeatures } from '../../../domain/scoring/features/lead-features.ts';
import { plainName } from '../../../domain/scoring/features/registry.ts';
import { gatherPeople } from '../../../domain/scoring/people.ts';
import { numbersOf, wordsOf } from '../../../domain/scoring/table.ts';
import { examplesOf, snapshotOf } from '../../support/closed-leads.ts';

const day = (n: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + n * 86_400_000).toISOString();
const contact = { now: day(200), stage: 'contact' } as const;
const fresh = { daysKnown: 0.5, homesViewed: 3 };
/** `name@version` of a feature, as it is stored today. */
const stored = (name: string): string => traceFeatures.find((feature) => plainName(feature) === name)!;

describe('examples', () => {
  it('are the leads whose time is over, won or not', () => {
    const snapshots = ['quick', 'late', 'lost', 'silent', 'running', 'early win'].map((id, i) =>
      snapshotOf(id, day(i < 4 ? 10 : 150), fresh),
    );
    const { table, left } = examplesOf(
      snapshots,
      [
        { contactId: 'quick', status: 'won', at: day(30) },
        { contactId: 'late', status: 'won', at: day(150) },
        { contactId: 'lost', status: 'lost', at: day(20) },
        { contactId: 'early win', status: 'won', at: day(160) },
      ],
      contact,
    );
    const labels = Object.fromEntries(wordsOf(table, 'lead')!.map((id, i) => [id, numbersOf(table, 'won')[i]]));
    expect(labels).toEqual({ quick: 1, late: 0, lost: 0, silent: 0 });
    expect(left).toEqual({ running: 'censored', 'early win': 'censored' });
  });

  it('know nothing of what was known once the deal was closed', () => {
    const won = { contactId: 'a', status: 'won', at: day(20) } as const;
    const taken = [snapshotOf('a', day(19), fresh), snapshotOf('a', day(20), fresh), snapshotOf('a', day(30), fresh)];
    const { table } = examplesOf(taken, [won], contact);
    expect([...numbersOf(table, 'day')]).toEqual([Date.parse(day(19)) / 86_400_000]);
    expect([...numbersOf(table, 'won')]).toEqual([1]);
  });

  it('are the first snapshots at capture, if they were taken in time', () => {
    const scored = (id: string, daysKnown: number): LeadSnapshot[] => [
      snapshotOf(id, day(12), { daysKnown: daysKnown + 7, homesViewed: 9 }),
      snapshotOf(id, day(5), { daysKnown, homesViewed: 2 }),
    ];
    const { table, left } = examplesOf([...scored('a', 0.25), ...scored('b', 3)], [], {
      ...contact,
      stage: 'capture',
    });
    expect(wordsOf(table, 'lead')).toEqual(['a']);
    expect([...numbersOf(table, stored('homesViewed'))]).toEqual([2]);
    expect(left).toEqual({ b: 'reread' });
  });

  it('count a lead that is scored often once, and not always by its first snapshot', () => {
    const leads = Array.from({ length: 40 }, (_, i) =>
      [1, 2, 3, 4].map((n) => snapshotOf(`lead-${i}`, day(n), { daysKnown: n, homesViewed: n })),
    );
    const { table } = examplesOf(leads.flat(), [], contact);
    expect(table.rows).toBe(40);
    expect(new Set(numbersOf(table, stored('homesViewed')))).toEqual(new Set([1, 2, 3, 4]));
    expect(examplesOf(leads.flat().toReversed(), [], contact).table).toEqual(table);
  });

  it('hold more leads than there was room for at first, each with its own values', () => {
    const leads = Array.from({ length: 3_000 }, (_, i) =>
      snapshotOf(`lead-${i}`, day(1), { ...fresh, homesViewed: i }),
    );
    const { table } = examplesOf(leads, [], contact);
    const viewed = numbersOf(table, stored('homesViewed'));
    expect(wordsOf(table, 'lead')!.every((id, row) => id === `lead-${viewed[row]}`)).toBe(true);
  });

  it('keep words, and what is not known', () => {
    const { table } = examplesOf([snapshotOf('a', day(1), { ...fresh, moveTimeline: 'soon' })], [], contact);
    expect(wordsOf(table, 'moveTimeline@2')).toEqual(['soon']);
    expect([...numbersOf(table, 'budget@2')]).toEqual([Number.NaN]);
    expect(wordsOf(examplesOf([snapshotOf('a', day(1), fresh)], [], contact).table, 'moveTimeline@2')).toEqual([null]);
  });

  it('leave out values that meant something else', () => {
    const now = snapshotOf('a', day(1), fresh);
    for (const name of ['homesViewed', 'engagement']) {
      const older = {
        ...now,
        features: now.features.map((feature) => (feature === stored(name) ? `${name}@0` : feature)),
      };
      expect([teaches(now, 'contact'), teaches(older, 'contact')]).toEqual([true, false]);
      expect(examplesOf([older], [], contact).left).toEqual({ a: 'reread' });
    }
  });

  it('bear the person that a lead is', () => {
    const pair = ['a', 'b'].map((id) => snapshotOf(id, day(1), fresh));
    const { table } = examplesOf(pair, [], { ...contact, people: { b: 'a' } });
    expect(wordsOf(table, leadSchema('contact').group!)).toEqual(['a', 'a']);
  });
});

describe('a lead without a snapshot of use', () => {
  const lead = { contactId: 'a', createdAt: day(10), outcome: undefined };

  it('is read again as of a day after it came in', () => {
    expect(chooseMoment(lead, [], contact)).toEqual({ reread: day(11) });
    expect(chooseMoment(lead, [{ asOf: day(150) }], contact)).toEqual({ reread: day(11) });
    const lost = { status: 'lost', at: day(12) } as const;
    expect(chooseMoment({ ...lead, outcome: lost }, [{ asOf: day(13) }], contact)).toEqual({ reread: day(11) });
  });

  it('is none where its deal was closed by then, or its time still runs', () => {
    const won = { status: 'won', at: day(11) } as const;
    expect(chooseMoment({ ...lead, outcome: won }, [], contact)).toBe('unusable');
    expect(chooseMoment({ ...lead, createdAt: day(110) }, [], contact)).toBe('censored');
    expect(chooseMoment({ ...lead, createdAt: day(109) }, [], contact)).toEqual({ reread: day(110) });
  });
});

describe('outcomeOf', () => {
  const [open, lost, later, won, wonAgain] = [
    { status: 'open', at: day(1) },
    { status: 'lost', at: day(2) },
    { status: 'abandoned', at: day(3) },
    { status: 'won', at: day(4) },
    { status: 'won', at: day(9) },
  ];

  it('is won when the first deal was won, whatever became of others', () => {
    expect(outcomeOf([wonAgain, open, won, lost])).toEqual(won);
  });

  it('is closed when the last deal was, and open while one is', () => {
    expect(outcomeOf([later, lost])).toEqual(later);
    expect(outcomeOf([later, open, lost])).toBeUndefined();
    expect(outcomeOf([later, { status: 'a word of tomorrow', at: day(1) }])).toBeUndefined();
    expect(outcomeOf([])).toBeUndefined();
  });
});

describe('people', () => {
  it('are contacts that share a number or an address, however they come', () => {
    const contacts: readonly (readonly [string, readonly string[]])[] = [
      ['d', ['mail-2']],
      ['b', ['sms-1']],
      ['c', ['sms-1', 'mail-2']],
      ['a', ['sms-9']],
      ['e', []],
    ];
    for (const order of [contacts, contacts.toReversed()]) {
      const people = gatherPeople();
      for (const [id, addresses] of order) people.take(id, addresses);
      expect(['a', 'b', 'c', 'd', 'e'].map((id) => people.of(id))).toEqual(['a', 'b', 'b', 'b', 'e']);
    }
  });

  it('are found in a chain as long as a location', () => {
    const people = gatherPeople();
    const count = 20_000;
    for (let i = count; i > 0; i -= 1) people.take(`c-${String(i).padStart(6, '0')}`, [`n-${i}`, `n-${i - 1}`]);
    expect(people.of(`c-${String(count).padStart(6, '0')}`)).toBe('c-000001');
  });
});
