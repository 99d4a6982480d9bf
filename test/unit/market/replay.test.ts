import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { main } from '../../../cli/main.ts';
import { replayCases } from '../../../domain/market/replay-cases.ts';
import { figuresOf, judgeRankers, type Ranker, rankers, rule } from '../../../domain/market/replay-harness.ts';
import { createRandom } from '../../support/random.ts';
import { aListing, anOffer } from '../../support/market-listings.ts';

type Line = Readonly<Record<string, unknown>>;
const day = (n: number, hour = 0) => new Date(Date.UTC(2026, 0, 1 + n, hour)).toISOString();
const home = (change: Line = {}) => ({
  ...{
    propertyType: 'residential',
    subtype: 'condominium',
    price: '400000.00',
    city: 'Austin',
    state: 'TX',
    bedrooms: 3,
    bathrooms: 2,
  },
  ...{ listedAt: day(0), ...change },
});
const listing = (n: number, listingKey: string, offer: Line | null = home()) => ({
  at: day(n),
  type: 'listing',
  listingKey,
  offer,
});
const wishes = (n: number, lead: string, asked: Line | null = { cities: ['austin'] }) => ({
  at: day(n),
  type: 'wishes',
  lead,
  wishes: asked,
});
const shown = (n: number, lead: string, listingKeys: readonly string[] = []) => ({
  at: day(n),
  type: 'shown',
  lead,
  listingKeys,
});
const acted = (n: number, lead: string, listingKey: string, action = 'save', seconds: number | null = null) => ({
  at: day(n),
  type: 'acted',
  lead,
  listingKey,
  action,
  seconds,
});

async function* each(lines: readonly unknown[]): AsyncGenerator {
  yield* lines;
}
const casesOf = async (...lines: readonly unknown[]) => {
  const read = await replayCases(each(lines));
  if ('why' in read) throw new Error(`line ${read.line}: ${read.why}`);
  return read;
};
const refusal = async (...lines: readonly unknown[]) => {
  const read = await replayCases(each(lines));
  return 'why' in read ? `${read.line}: ${read.why}` : null;
};

describe('a log of what leads did', () => {
  it('gives lists with everything that was on offer at their instant, and what was turned to within two weeks', async () => {
    const { cases, left } = await casesOf(
      ...[listing(0, 'a'), listing(0, 'b'), listing(0, 'gone'), wishes(1, 'x'), acted(1, 'x', 'b', 'view', 5)],
      ...[listing(2, 'gone', null), shown(2, 'x', ['a']), listing(3, 'new', home({ listedAt: day(3) }))],
      ...[acted(4, 'x', 'a', 'view', 45), acted(4, 'x', 'new'), acted(5, 'y', 'a'), shown(6, 'y'), acted(30, 'x', 'a')],
    );
    expect(
      cases.map(({ lead, at, offers, relevant }) => [lead, at, offers.map((one) => one.listingKey), [...relevant]]),
    ).toEqual([['x', day(2), ['a'], ['a']]]);
    expect(left).toEqual({ noWishes: 1, nothingRelevant: 0, cutShort: 0 });
  });

  it('counts a short look for nothing, and judges no list whose two weeks it does not have', async () => {
    const begin = [listing(0, 'a'), wishes(1, 'x'), shown(2, 'x')];
    expect((await casesOf(...begin, acted(3, 'x', 'a', 'view', 30), shown(20, 'y'))).left.nothingRelevant).toBe(1);
    expect((await casesOf(...begin, acted(3, 'x', 'a'))).left.cutShort).toBe(1);
  });

  it.each<[string, readonly unknown[], string]>([
    [
      'in another order than it happened',
      [listing(2, 'a'), wishes(1, 'x')],
      '2: it happened before the line above it: what came later stands earlier',
    ],
    [
      'with a home on offer before it was listed',
      [listing(0, 'a', home({ listedAt: day(1) }))],
      '1: the listing is on offer before it was listed',
    ],
    [
      'with a wish that was stated later',
      [wishes(1, 'x', { cities: ['austin'], stated: { place: { from: 'm', at: day(2) } } })],
      '1: a wish counts before it was stated',
    ],
    [
      'with an act on a home that nobody could know',
      [wishes(1, 'x'), acted(2, 'x', 'a')],
      '2: it names a listing that was on no offer yet',
    ],
    ['with something else', [{ at: day(0), type: 'bought' }], '1: expected a line of the log, at type: invalid_union'],
    ['with no JSON', [null], '1: expected a line of the log, at the line: invalid_type'],
  ])('is refused %s', async (_what, lines, why) => {
    expect(await refusal(...lines)).toBe(why);
  });
});

describe('figures of a list', () => {
  const offers = Array.from({ length: 30 }, (_, i) => ({ ...anOffer(aListing(`k${i}`, i)) }));
  const of = (...relevant: readonly string[]) =>
    figuresOf(offers.slice(0, 20), { relevant: new Set(relevant), at: day(0) });

  it('are those of the books', () => {
    expect(of('k0')).toMatchObject({ ndcg10: 1, recall20: 1, hit10: 1, mrr: 1 });
    expect(of('k2').ndcg10).toBeCloseTo(0.5, 12);
    expect(of('k1', 'k3').ndcg10).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 12);
    expect(of('k12', 'k25')).toMatchObject({ ndcg10: 0, recall20: 0.5, hit10: 0, mrr: 1 / 13 });
  });

  it('tell of ten alike that they are', () => {
    const same = figuresOf(
      Array.from({ length: 10 }, () => offers[0]!),
      { relevant: new Set(), at: day(0) },
    );
    expect(same.diversity).toBe(0);
    expect(of().diversity).toBeGreaterThan(0);
  });
});

/** A market in which leads turn to homes that cost close to what they can spend: what weighing must find out, and newest must not. */
function madeLog(leads: number): Line[] {
  const random = createRandom(7);
  const prices = Array.from({ length: 80 }, () => 150_000 + 1000 * random.below(500));
  const market = prices.map((price, i) =>
    listing(0, `l${i}`, home({ price: `${price}.00`, address: `${i} Elm St`, listedAt: day(-random.below(60)) })),
  );
  const names = Array.from({ length: leads }, (_, i) => `lead${i}`);
  const budgets = names.map(() => 300_000 + 1000 * random.below(300));
  const liked = names.map((_, i) => prices.findIndex((price) => price <= budgets[i]! && price >= 0.9 * budgets[i]!));
  return [
    ...market,
    ...names.map((lead, i) => wishes(1, lead, { cities: ['austin'], priceTo: budgets[i] })),
    ...names.map((lead) => shown(2, lead)),
    ...names.flatMap((lead, i) => (liked[i]! < 0 ? [] : [acted(3, lead, `l${liked[i]}`)])),
    wishes(40, 'nobody', null),
  ];
}

describe('judging rankers', () => {
  it('finds the better one by its rule, and says when there are too few leads', async () => {
    const many = judgeRankers((await casesOf(...madeLog(450))).cases);
    const [, weighed] = many.gains;
    expect(many.leads).toBeGreaterThanOrEqual(400);
    expect(weighed).toMatchObject({
      ranker: 'B2 weighed wishes',
      over: 'B1 hard wishes, then newest',
      verdict: 'better',
    });
    expect(weighed!.interval!.low).toBeGreaterThan(0);
    expect(judgeRankers((await casesOf(...madeLog(100))).cases).gains.map(({ verdict }) => verdict)).toEqual([
      'too few leads',
      'too few leads',
    ]);
  });

  it('does not find a ranker better than itself, and repeats itself', async () => {
    const { cases } = await casesOf(...madeLog(450));
    const same: Readonly<Record<string, Ranker>> = {
      one: rankers['B2 weighed wishes'],
      other: rankers['B2 weighed wishes'],
    };
    expect(judgeRankers(cases, same).gains[0]).toMatchObject({
      gain: 0,
      interval: { low: 0, high: 0 },
      verdict: 'not shown',
    });
    expect(judgeRankers(cases)).toEqual(judgeRankers(cases));
  });

  it('hands a ranker nothing of what came after', async () => {
    const { cases } = await casesOf(...madeLog(5));
    const seen: string[] = [];
    judgeRankers(cases, { spy: (given) => (seen.push(...Object.keys(given)), []) });
    expect([...new Set(seen)].toSorted()).toEqual(['at', 'offers', 'sought']);
  });
});

describe('leadwright market evaluate', () => {
  const dir = mkdtempSync(join(tmpdir(), 'replay-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const run = async (lines: readonly unknown[], ...more: readonly string[]) => {
    writeFileSync(join(dir, 'log.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const told = { out: '', err: '' };
    const io = {
      out: (text: string) => void (told.out += text),
      err: (text: string) => void (told.err += text),
      terminal: false,
      colour: false,
      env: {},
      cwd: dir,
    };
    return { code: await main(['market', 'evaluate', '--log', 'log.ndjson', ...more], io), ...told };
  };

  it('prints the figures beside the rule that was fixed before', async () => {
    const { code, out } = await run(madeLog(60));
    expect(code).toBe(0);
    expect(out).toContain(rule);
    expect(out).toContain('B2 weighed wishes over B1 hard wishes, then newest');
    const answer = JSON.parse((await run(madeLog(60), '--json')).out) as {
      readonly rule: string;
      readonly rankers: object;
    };
    expect(answer.rule).toBe(rule);
    expect(Object.keys(answer.rankers)).toEqual(Object.keys(rankers));
  });

  it('names the line on which a log knows what was still to come', async () => {
    const { code, err } = await run([listing(2, 'a'), wishes(1, 'x')]);
    expect(code).toBe(1);
    expect(err).toContain('log.ndjson, line 2: it happened before the line above it');
  });
});
