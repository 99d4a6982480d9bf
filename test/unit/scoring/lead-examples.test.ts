import { describe, expect, it } from '@jest/globals';
import { leadSchema } from '../../../domain/scoring/lead-model.ts';
import {
  ages,
  chooseMoment,
  drawnInstant,
  gatherExamples,
  type LeadSnapshot,
  outcomeOf,
  teaches,
} from '../../../domain/scoring/lead-examples.ts';
import { traceFeatures } from '../../../domain/scoring/features/lead-features.ts';
import { plainName } from '../../../domain/scoring/features/registry.ts';
import { gatherPeople } from '../../../domain/scoring/people.ts';
import { numbersOf, wordsOf } from '../../../domain/scoring/data/table.ts';
import { createRandom } from '../../../domain/scoring/trainer/random.ts';
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

  it('count a lead that is scored often once, whatever order its snapshots come in', () => {
    const leads = Array.from({ length: 40 }, (_, i) =>
      [1, 2, 3, 4].map((n) => snapshotOf(`lead-${i}`, day(n), { daysKnown: n, homesViewed: n })),
    );
    const { table } = examplesOf(leads.flat(), [], contact);
    expect(table.rows).toBe(40);
    expect(examplesOf(leads.flat().toReversed(), [], contact).table).toEqual(table);
  });

  it('count ninety days from when they are looked at, whenever the snapshot was taken', () => {
    const examples = gatherExamples('contact');
    const won = (id: string, at: number) =>
      examples.add(snapshotOf(id, day(1), fresh), {
        ...{ outcome: { status: 'won', at: day(at) }, asOf: day(1.5), reread: false },
      });
    won('in time', 91.4);
    won('late', 91.6);
    const table = examples.table((id) => id);
    expect([[...numbersOf(table, 'won')], numbersOf(table, 'day')[0]]).toEqual([
      [1, 0],
      Date.parse(day(1.5)) / 86_400_000,
    ]);
  });

  it('are told neither source nor appointments nor matches while one of them was read again, and nor are the rules', () => {
    const values = { ...fresh, source: 1, leadSource: 'referral', appointmentsKept: 2, listingMatches: 4 };
    const tableOf = (reread: boolean) => {
      const examples = gatherExamples('contact');
      for (const [id, again] of [
        ['a', false],
        ['b', reread],
      ] as const) {
        const asOf = day(1);
        examples.add(snapshotOf(id, asOf, values), { outcome: undefined, asOf, reread: again });
      }
      return examples.table((id) => id);
    };
    const [told, untold] = [tableOf(false), tableOf(true)];
    expect([wordsOf(told, stored('leadSource')), wordsOf(untold, stored('leadSource'))]).toEqual([
      ['referral', 'referral'],
      [null, null],
    ]);
    for (const name of ['appointmentsKept', 'listingMatches']) {
      expect([...numbersOf(told, stored(name))]).not.toContain(Number.NaN);
      expect([...numbersOf(untold, stored(name))]).toEqual([Number.NaN, Number.NaN]);
    }
    expect([...numbersOf(untold, stored('homesViewed'))]).toEqual([3, 3]);
    const [knowing, less] = [told, untold].map((table) => numbersOf(table, 'rulesLogOdds'));
    expect(less![0]).toBe(less![1]);
    expect(less![0]).toBeLessThan(knowing![0]!);
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

describe('the instant as of which a lead is looked at', () => {
  const DAY = 86_400_000;
  const createdAt = day(10);
  const late = { now: day(500), stage: 'contact' } as const;
  /** One lead for each age that may be drawn. */
  const drawn = ages.map((age) => {
    const ids = Array.from({ length: 400 }, (_, i) => `lead-${i}`);
    return ids.find(
      (id) => Date.parse(drawnInstant({ contactId: id, createdAt })) === Date.parse(createdAt) + age * DAY,
    )!;
  });

  it.each(drawn.map((contactId, i) => [ages[i]!, contactId] as const))(
    'is %d days after it came in for its id',
    (age, contactId) => {
      const asOf = day(10 + age);
      const before = { asOf: day(10 + age - 0.9) };
      const around = [{ asOf: day(10 + age - 1.1) }, before, { asOf: day(10 + age + 0.01) }];
      const lead = { contactId, createdAt, outcome: undefined };
      expect(chooseMoment(lead, around, late)).toEqual({ asOf, stored: before });
      expect(chooseMoment(lead, [around[0]!, around[2]!], late)).toEqual({ asOf, stored: null });
      const won = (at: string) => ({ ...lead, outcome: { status: 'won', at } as const });
      expect(chooseMoment(won(asOf), around, late)).toBe('closed');
      expect(chooseMoment(won(day(10 + age + 0.001)), around, late)).toEqual({ asOf, stored: before });
      const early = { ...late, now: day(10 + age + 89.9) };
      for (const one of [lead, won(day(10)), won(day(99))]) expect(chooseMoment(one, around, early)).toBe('censored');
    },
  );

  it('is the first snapshot of the first day at capture, or that day’s end', () => {
    const capture = { ...late, stage: 'capture' } as const;
    const lead = { contactId: 'a', createdAt, outcome: undefined };
    const [first, second] = [{ asOf: day(10.25) }, { asOf: day(10.5) }];
    expect(chooseMoment(lead, [first, second], capture)).toEqual({ asOf: first.asOf, stored: first });
    expect(chooseMoment(lead, [{ asOf: day(11.5) }], capture)).toEqual({ asOf: day(11), stored: null });
    const lost = { status: 'lost', at: day(10.3) } as const;
    expect(chooseMoment({ ...lead, outcome: lost }, [second], capture)).toBe('closed');
  });

  // 15 % of the leads are won, after 60 days in the mean, and 35 % lost, after 120; nothing that is known of one tells which. The team came
  // 500 days before it trains, after half of its leads, and stores a lead's score on every third night.
  const [trained, from] = [1_000, 500];
  const random = createRandom(7);
  const leads = Array.from({ length: 30_000 }, (_, i) => {
    const came = random.next() * 900;
    const kind = random.next();
    const days = -Math.log(1 - random.next()) * (kind < 0.15 ? 60 : 120);
    const closes = kind >= 0.5 ? Infinity : came + days;
    const status = kind < 0.15 ? ('won' as const) : ('lost' as const);
    const known = closes < trained ? { status, at: day(closes) } : undefined;
    const contactId = `lead-${i}`;
    const at = (Date.parse(drawnInstant({ contactId, createdAt: day(came) })) - Date.parse(day(0))) / DAY;
    const last = Math.floor(at / 3) * 3;
    const moments = last >= Math.max(from, came) && last < closes ? [{ asOf: day(last) }] : [];
    const choice = chooseMoment({ contactId, createdAt: day(came), outcome: known }, moments, {
      ...{ now: day(trained), stage: 'contact' },
    });
    return { choice, age: at - came, won: status === 'won' && closes <= at + 90 };
  });
  const share = (some: readonly { readonly won: boolean }[]): number =>
    some.reduce((sum, { won }) => sum + Number(won), 0) / some.length;
  const examples = leads.filter(({ choice }) => typeof choice === 'object');
  /** Open at this age, and won within ninety days more. */
  const truth = (age: number): number => {
    const open = 0.15 * Math.exp(-age / 60);
    return (open * (1 - Math.exp(-90 / 60))) / (open + 0.35 * Math.exp(-age / 120) + 0.5);
  };

  it.each([...ages])('gives examples of %d days that are won as often as leads of that age are', (age) => {
    const some = examples.filter((one) => Math.abs(one.age - age) < 1e-3);
    const error = Math.sqrt((truth(age) * (1 - truth(age))) / some.length);
    expect(some.length).toBeGreaterThan(1_000);
    expect(Math.abs(share(some) - truth(age))).toBeLessThan(3 * error);
  });

  it('has leads read again whatever becomes of them', () => {
    const again = examples.filter(({ choice }) => typeof choice === 'object' && choice.stored === null);
    const stored = examples.filter((one) => !again.includes(one));
    const expected = (some: typeof examples): number =>
      some.reduce((sum, { age }) => sum + truth(age), 0) / some.length;
    for (const some of [again, stored]) {
      expect(some.length).toBeGreaterThan(1_500);
      expect(Math.abs(share(some) - expected(some))).toBeLessThan(3 * Math.sqrt(0.1 / some.length));
    }
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
