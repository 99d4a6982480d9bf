import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { productRules } from '../../cli/seed.ts';
import { copyLine } from '../../integrations/postgres/copy-text.ts';
import { createDice, weighted, zipf } from '../../sandbox/seed/random.ts';
import { type Seed, createSeed } from '../../sandbox/seed/seed.ts';
import { apportion, awake, createShape, locationSizes } from '../../sandbox/seed/shape.ts';
import { type Row, type SeedTable, iso } from '../../sandbox/seed/table.ts';

const AS_OF = Date.UTC(2026, 10, 1);
const LEADS = 4_000;
const seedOf = (leads: number, seed = 42, asOf = AS_OF): Seed => createSeed(leads, seed, asOf, productRules());

/** All rows of a seed, by column. */
type Record_ = Readonly<Record<string, Row[number]>>;
const records = ({ columns, rows }: SeedTable): Record_[] =>
  [...rows()].map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]!])));

function hashOf(seed: Seed): string {
  const hash = createHash('sha256').update(JSON.stringify([seed.analytics, seed.locationId]));
  for (const { name, rows } of seed.tables) {
    hash.update(name);
    for (const row of rows()) hash.update(copyLine(row));
  }
  return hash.digest('hex');
}

describe('the rows of a seed', () => {
  it('are the same for the same arguments, whatever was made before', () => {
    const [once, again] = [seedOf(300), seedOf(300)];
    // Some rows of some tables are asked for in between: each table stands on its own.
    [...again.tables[4]!.rows()].slice(0, 7);
    expect(hashOf(again)).toBe(hashOf(once));
    expect(hashOf(once)).toBe(hashOf(once));
  });

  it('are others for another seed, another size and another day', () => {
    const hashes = [seedOf(300), seedOf(300, 43), seedOf(301), seedOf(300, 42, AS_OF + 86_400_000)].map(hashOf);
    expect(new Set(hashes).size).toBe(4);
  });

  it('ask neither the clock nor for chance', () => {
    const expected = hashOf(seedOf(150));
    const [now, random] = [Date.now, Math.random];
    // Luxon asks for the time, too, and has no use for it here: what counts is that another answer changes nothing.
    Date.now = () => 0;
    Math.random = () => 0;
    try {
      expect(hashOf(seedOf(150))).toBe(expected);
    } finally {
      Date.now = now;
      Math.random = random;
    }
  });
});

describe('what a seed looks like', () => {
  let seed: Seed;
  let tables: Record<string, Record_[]>;
  const of = (name: string): Record_[] => tables[name]!;
  const share = (name: string, test: (row: Record_) => boolean): number =>
    of(name).filter(test).length / of(name).length;
  beforeAll(() => {
    seed = seedOf(LEADS);
    tables = Object.fromEntries(seed.tables.map((table) => [table.name, records(table)]));
  });

  it('has as many cells as columns, and as many rows as it should', () => {
    for (const { columns, rows } of seed.tables) {
      for (const row of rows()) if (row.length !== columns.length) expect(row).toHaveLength(columns.length);
    }
    expect(of('leads')).toHaveLength(LEADS);
    expect(of('messages')).toHaveLength(3 * LEADS);
    expect(of('listings')).toHaveLength(LEADS / 2);
    expect(of('leads').filter((row) => row['location_id'] === seed.locationId)).toHaveLength(LEADS / 5);
  });

  it('is older than the instant it is made for, but for next touches', () => {
    const instants = Object.entries(tables).flatMap(([table, rows]) =>
      rows.flatMap((row) =>
        Object.entries(row)
          .filter(([column, value]) => /(_at|_on|^at|_since)$/.test(column) && column !== 'next_at' && value !== null)
          .map(([column, value]) => ({ where: `${table}.${column}`, at: Date.parse(String(value)) })),
      ),
    );
    expect(instants.length).toBeGreaterThan(10 * LEADS);
    expect(instants.filter(({ at }) => !(at <= AS_OF)).map(({ where }) => where)).toEqual([]);
  });

  it('keeps every key unique and every reference inside its location', () => {
    const keys: Record<string, string[]> = {
      locations: ['location_id'],
      leads: ['location_id', 'contact_id'],
      messages: ['location_id', 'contact_id', 'message_key'],
      listings: ['location_id', 'listing_key'],
      listing_matches: ['location_id', 'contact_id', 'listing_key'],
      enrolments: ['enrolment_id'],
      outbox: ['send_id'],
      agent_profiles: ['agent_id'],
      coaching_sessions: ['session_id'],
      analytics_events: ['event_id'],
    };
    const keyOf = (row: Record_, columns: string[]): string => columns.map((column) => row[column]).join(' ');
    for (const [table, columns] of Object.entries(keys)) {
      expect([table, new Set(of(table).map((row) => keyOf(row, columns))).size]).toEqual([table, of(table).length]);
    }
    const leads = new Set(of('leads').map((row) => keyOf(row, keys['leads']!)));
    for (const table of ['messages', 'listing_matches', 'enrolments', 'outbox', 'timeline', 'analytics_events']) {
      const strangers = of(table).filter((row) => row['contact_id'] !== null && !leads.has(keyOf(row, keys['leads']!)));
      expect([table, strangers]).toEqual([table, []]);
    }
    const homes = new Set(of('listings').map((row) => keyOf(row, keys['listings']!)));
    expect(of('listing_matches').filter((row) => !homes.has(keyOf(row, keys['listings']!)))).toEqual([]);
    expect(of('listing_events').filter((row) => !homes.has(keyOf(row, keys['listings']!)))).toEqual([]);
  });

  it('reaches nobody: addresses of example.com, numbers of the exchange 555', () => {
    const snapshots = of('leads').map((row) => JSON.parse(String(row['snapshot'])) as Record<string, string | null>);
    const phones = snapshots.flatMap(({ phone }) => phone ?? []);
    const mails = [...snapshots, ...of('agent_profiles')].flatMap(({ email }) => (email ?? []) as string);
    expect(phones.length).toBeGreaterThan(0.85 * LEADS);
    expect(phones.filter((phone) => !/^\+1\d{3}555\d{4}$/.test(phone))).toEqual([]);
    expect(mails.filter((mail) => !/^[a-z]+\.[a-z]+[\d.]+@example\.com$/.test(mail))).toEqual([]);
  });

  it('leaves no lead under way: passes ended, sends settled, plans applied', () => {
    expect(share('enrolments', (row) => row['status'] === 'ended')).toBe(1);
    expect(share('outbox', (row) => row['state'] === 'sent')).toBe(1);
    expect(share('leads', (row) => row['plan_version'] === row['plan_applied'])).toBe(1);
    expect(of('leads').filter((row) => row['next_at'] !== null).length).toBeGreaterThan(LEADS / 100);
  });

  it('has tiers, stages and statuses in the proportions of a real team', () => {
    const tier = (name: string | null): number => share('leads', (row) => row['tier'] === name);
    expect(tier('hot')).toBeGreaterThan(0.02);
    expect(tier('warm')).toBeGreaterThan(tier('hot'));
    expect(tier('cold')).toBeGreaterThan(tier('warm'));
    expect(tier(null)).toBeGreaterThan(0.1);
    for (const stage of ['new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone']) {
      expect([stage, share('leads', (row) => row['stage'] === stage) > 0.003]).toEqual([stage, true]);
    }
    expect(share('listings', (row) => row['status'] === 'closed')).toBeGreaterThan(0.5);
    expect(share('messages', (row) => row['direction'] === 'inbound')).toBeGreaterThan(0.25);
    const prices = of('listings')
      .filter((row) => row['property_type'] === 'residential')
      .map((row) => Number(row['price']));
    const sorted = prices.sort((a, b) => a - b);
    // Skewed to the right, as prices are: the mean lies above the median.
    expect(sorted.reduce((sum, price) => sum + price, 0) / sorted.length).toBeGreaterThan(sorted[sorted.length >> 1]!);
  });

  it('scores keen leads higher, by the rules that the product has', () => {
    const hot = of('leads').filter((row) => row['tier'] === 'hot');
    const cold = of('leads').filter((row) => row['tier'] === 'cold');
    const heard = (rows: Record_[]): number =>
      rows.filter((row) => row['last_inbound_at'] !== null).length / rows.length;
    expect(heard(hot)).toBeGreaterThan(heard(cold));
    const detail = JSON.parse(String(hot[0]!['score_detail'])) as { value: number; tier: string; reasons: unknown[] };
    expect(detail).toMatchObject({ value: hot[0]!['score'], tier: 'hot', reasons: expect.any(Array) });
  });

  it('was busier of late', () => {
    const middle = AS_OF - 1.5 * 365 * 86_400_000;
    for (const [table, column] of [
      ['leads', 'created_at'],
      ['messages', 'at'],
    ] as const) {
      expect(share(table, (row) => Date.parse(String(row[column])) > middle)).toBeGreaterThan(0.6);
    }
  });

  it('speaks of few things often and of many hardly ever', () => {
    const counts = new Map<string, number>();
    for (const { body } of of('messages')) {
      for (const word of new Set(
        String(body)
          .toLowerCase()
          .match(/[a-z]+/g),
      ))
        counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const sorted = [...counts.values()].sort((a, b) => b - a);
    expect(sorted[5]!).toBeGreaterThan(0.1 * 3 * LEADS);
    expect(sorted.filter((count) => count <= 3).length).toBeGreaterThan(300);
  });
});

describe('sizes', () => {
  it.each([100, 101, 1_000, 30_000, 1_000_000])('of %i leads add up, a fifth in one location', (leads) => {
    const sizes = locationSizes(leads);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(leads);
    expect(sizes[0]).toBe(Math.round(leads / 5));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
  });

  it('of a million leads run from 200,000 down to a few dozen', () => {
    const sizes = locationSizes(1_000_000);
    expect(sizes).toHaveLength(400);
    expect(sizes[0]).toBe(200_000);
    expect(sizes.at(-1)).toBeGreaterThan(24);
    expect(sizes.at(-1)).toBeLessThan(100);
  });

  it('share out whole parts whose sum is exact', () => {
    expect(apportion(10, [1, 1, 1])).toEqual([3, 4, 3]);
    expect(apportion(3, [1000, 1, 1], 1)).toEqual([1, 1, 1]);
  });
});

describe('instants', () => {
  it('fall into waking hours and keep their order', () => {
    const hours = Array.from({ length: 500 }, (_, i) => awake(AS_OF + i * 613_000));
    expect([...hours].sort((a, b) => a - b)).toEqual(hours);
    // Six hours west of UTC from seven in the morning to eleven at night.
    expect(
      hours.filter((at) => {
        const hour = (new Date(at).getUTCHours() + 18) % 24;
        return hour < 7 || hour > 22;
      }),
    ).toEqual([]);
  });

  it('are written as ISO 8601', () => {
    const dice = createDice(7).at('instants', 0);
    for (let i = 0; i < 2_000; i += 1) {
      const at = Math.floor(dice.unit() * 4e12);
      expect(iso(at)).toBe(new Date(at).toISOString());
    }
  });

  it('of leads rise with their number', () => {
    const shape = createShape(1_000, 1, AS_OF);
    const created = Array.from({ length: 1_000 }, (_, lead) => shape.createdAt(lead));
    expect([...created].sort((a, b) => a - b)).toEqual(created);
  });
});

describe('dice', () => {
  it('make version 4 UUIDs and twenty-letter ids, none twice', () => {
    const dice = createDice(1);
    const uuids = Array.from({ length: 5_000 }, (_, i) => dice.at('u', i).uuid());
    const ids = Array.from({ length: 5_000 }, (_, i) => dice.at('i', i).id());
    expect(uuids.filter((id) => !/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id))).toEqual(
      [],
    );
    expect(ids.filter((id) => !/^[\dA-Za-z]{20}$/.test(id))).toEqual([]);
    expect(new Set([...uuids, ...ids]).size).toBe(10_000);
  });

  it('fall evenly, and where weighted in proportion', () => {
    const dice = createDice(3).at('even', 0);
    const throws = Array.from({ length: 60_000 }, () => dice.between(1, 6));
    for (const face of [1, 2, 3, 4, 5, 6])
      expect(throws.filter((one) => one === face).length / 10_000).toBeCloseTo(1, 1);
    const pick = weighted([
      ['a', 70],
      ['b', 29.9],
      ['c', 0.1],
    ]);
    const picks = Array.from({ length: 50_000 }, () => pick(dice));
    expect(picks.filter((one) => one === 'a').length / 50_000).toBeCloseTo(0.7, 2);
    expect(picks.filter((one) => one === 'c').length).toBeGreaterThan(10);
    const words = zipf(['one', 'two', 'three', 'four'], 1);
    const said = Array.from({ length: 25_000 }, () => words(dice));
    expect(said.filter((one) => one === 'one').length / said.filter((one) => one === 'four').length).toBeCloseTo(4, 0);
  });
});

describe('the text format of COPY', () => {
  it.each([
    [['a', 1, -0.5, true, false, null], 'a\t1\t-0.5\tt\tf\t\\N\n'],
    [['', 'null', '\\N'], '\tnull\t\\\\N\n'],
    [['\\.', 'a\tb\nc\rd', '\\\\'], '\\\\.\ta\\tb\\nc\\rd\t\\\\\\\\\n'],
    [['{"a":"b\\nc"}', 'ü – 🏡'], '{"a":"b\\\\nc"}\tü – 🏡\n'],
    [[1e21, 1e-7], '1e+21\t1e-7\n'],
  ])('writes %j', (row, line) => {
    expect(copyLine(row)).toBe(line);
  });

  it('refuses what is no number', () => {
    expect(() => copyLine([Number.NaN])).toThrow(TypeError);
    expect(() => copyLine([Infinity])).toThrow(TypeError);
  });
});
