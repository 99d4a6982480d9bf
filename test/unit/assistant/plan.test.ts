import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cachedLayers, type CachedLayer } from '../../../domain/assistant/layers.ts';
import {
  costPerThousand,
  pingsPerThousand,
  planOf,
  type LayerTtls,
  type Traffic,
} from '../../../domain/assistant/plan.ts';
import { billOf, priceOf, type Usage } from '../../../domain/assistant/prices.ts';
import { addGaps, chanceGaps, gapsOf, noGaps, ttlMs, ttls } from '../../../domain/assistant/ttl.ts';

const AT = '2026-11-29T10:00:00.000Z';
const SONNET = 'claude-sonnet-5-5';
const { rates: sonnet } = priceOf(SONNET, AT);
const { rates: haiku } = priceOf('claude-haiku-5-5', AT);
const MINUTE = 60_000;

const anyTtl = fc.constantFrom('none' as const, ...ttls);
const lasts = (ttl: LayerTtls[CachedLayer]): number => (ttl === 'none' ? 0 : ttlMs[ttl]);
/** As the vendor takes them: none lasts longer than one before it. */
const isTaken = (plan: LayerTtls): boolean =>
  cachedLayers
    .map((layer) => lasts(plan[layer]))
    .filter((ms) => ms > 0)
    .every((ms, at, all) => at === 0 || ms <= all[at - 1]!);
const anyPlan = fc.record({ global: anyTtl, location: anyTtl, conversation: anyTtl }).filter(isTaken);
const all: LayerTtls[] = (['none', ...ttls] as const)
  .flatMap((global) =>
    (['none', ...ttls] as const).flatMap((location) =>
      (['none', ...ttls] as const).map((conversation) => ({ global, location, conversation })),
    ),
  )
  .filter(isTaken);

interface Call {
  readonly at: number;
  readonly talk: number;
  readonly turn: number;
}
/** Talks of one message or two, so that what a talk has sent already is the same for all second messages. */
const anyTrace = fc
  .array(fc.tuple(fc.nat(12 * 60), fc.option(fc.integer({ min: 1, max: 150 }))), { minLength: 1, maxLength: 25 })
  .map((talks) =>
    talks
      .flatMap(([begins, answerAfter], talk): Call[] => [
        { at: begins * MINUTE + talk, talk, turn: 0 },
        ...(answerAfter === null ? [] : [{ at: (begins + answerAfter) * MINUTE + talk, talk, turn: 1 }]),
      ])
      .sort((a, b) => a.at - b.at),
  );
const anySizes = fc.record({
  global: fc.integer({ min: 600, max: 9_000 }),
  location: fc.nat(3_000),
  fresh: fc.integer({ min: 1, max: 400 }),
  volatile: fc.nat(300),
  output: fc.nat(400),
});
type Sizes = typeof anySizes extends fc.Arbitrary<infer T> ? T : never;

/** The vendor's cache in miniature: what each call of the trace reads and writes by a plan, and what all of them cost. */
function played(trace: readonly Call[], sizes: Sizes, plan: LayerTtls): number {
  const kept = new Map<string, number>();
  return trace.reduce((nanos, { at, talk, turn }) => {
    const through = { global: sizes.global, location: sizes.global + sizes.location, conversation: 0 };
    const ends = { ...through, conversation: through.location + sizes.fresh * (turn + 1) };
    const marks = cachedLayers.filter((layer) => plan[layer] !== 'none');
    const keyOf = (layer: CachedLayer, of = turn) => (layer === 'conversation' ? `${layer} ${talk} ${of}` : layer);
    const found = marks.map((layer) => {
      const key = layer === 'conversation' ? keyOf(layer, turn - 1) : keyOf(layer);
      const end = layer === 'conversation' ? through.location + sizes.fresh * turn : ends[layer];
      return (kept.get(key) ?? -1) >= at ? end : 0;
    });
    let reached = Math.max(0, ...found);
    const usage: { -readonly [K in keyof Usage]: number } = {
      input: 0,
      read: reached,
      write5m: 0,
      write1h: 0,
      output: sizes.output,
    };
    for (const layer of marks) {
      kept.set(keyOf(layer), at + lasts(plan[layer]));
      if (ends[layer] <= reached) continue;
      usage[plan[layer] === '1h' ? 'write1h' : 'write5m'] += ends[layer] - reached;
      reached = ends[layer];
    }
    usage.input = ends.conversation - reached + sizes.volatile;
    return nanos + billOf(usage, SONNET, AT).total;
  }, 0);
}

function trafficOf(trace: readonly Call[], sizes: Sizes): Traffic {
  const shared = gapsOf(
    trace.map(({ at }) => at),
    'cold',
  );
  const startsOf = (of: number) => trace.filter(({ talk }) => talk === of).map(({ at }) => at);
  const conversation = [...new Set(trace.map(({ talk }) => talk))].reduce(
    (sum, talk) => addGaps(sum, gapsOf(startsOf(talk), 'none')),
    noGaps,
  );
  const { global, location, fresh, volatile, output } = sizes;
  const second = trace.filter(({ turn }) => turn === 1).length;
  return {
    tokens: { global, location, conversation: (fresh * second) / trace.length },
    ...{ fresh, volatile, output, opening: 1 - second / trace.length },
    gaps: { global: shared, location: shared, conversation },
  };
}

describe('what a plan costs', () => {
  it('is what the calls cost when they are played against a cache', () => {
    fc.assert(
      fc.property(anyTrace, anySizes, anyPlan, (trace, sizes, plan) => {
        const expected = (costPerThousand(plan, trafficOf(trace, sizes), sonnet) * trace.length) / 1_000;
        expect(Math.abs(expected - played(trace, sizes, plan))).toBeLessThan(1);
      }),
    );
  });

  it('is lowest for the plan that is chosen, of all that the vendor takes', () => {
    fc.assert(
      fc.property(anyTrace, anySizes, (trace, sizes) => {
        const { ttls: chosen } = planOf(trafficOf(trace, sizes), sonnet, null);
        const best = Math.min(...all.map((plan) => played(trace, sizes, plan)));
        expect(isTaken(chosen)).toBe(true);
        expect(played(trace, sizes, chosen) - best).toBeLessThan(1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the plan', () => {
  const busy: Traffic = {
    tokens: { global: 8_000, location: 2_000, conversation: 1_200 },
    fresh: 200,
    volatile: 150,
    output: 110,
    opening: 0.2,
    gaps: { global: chanceGaps(2), location: chanceGaps(20), conversation: { calls: 100, over5m: 40, over1h: 30 } },
  };

  it('keeps shared layers for an hour, and a talk for as long as leads take to answer', () => {
    expect(planOf(busy, sonnet, 512).ttls).toEqual({ global: '1h', location: '1h', conversation: '5m' });
    const slow = { ...busy, gaps: { ...busy.gaps, conversation: { calls: 100, over5m: 90, over1h: 80 } } };
    expect(planOf(slow, sonnet, 512).ttls.conversation).toBe('none');
    const steady = { ...busy, gaps: { ...busy.gaps, conversation: { calls: 100, over5m: 90, over1h: 10 } } };
    expect(planOf(steady, sonnet, 512).ttls.conversation).toBe('1h');
  });

  it('keeps nothing that nobody comes back for', () => {
    const rare = chanceGaps(24 * 60);
    const gaps = { global: rare, location: rare, conversation: rare };
    expect(planOf({ ...busy, gaps }, sonnet, 512).ttls).toEqual({
      global: 'none',
      location: 'none',
      conversation: 'none',
    });
  });

  it('marks a layer of its own although the next is kept as long: its facts may change', () => {
    const alone = { ...busy, gaps: { ...busy.gaps, global: busy.gaps.location } };
    expect(planOf(alone, sonnet, 512).ttls).toEqual({ global: '1h', location: '1h', conversation: '5m' });
  });

  it('puts no breakpoint below the minimum of the model', () => {
    const short = { ...busy, tokens: { global: 3_000, location: 500, conversation: 700 } };
    expect(planOf(short, sonnet, 4_096).ttls).toEqual({ global: 'none', location: 'none', conversation: '5m' });
    expect(planOf(short, sonnet, 3_001).ttls.location).toBe('1h');
    expect(planOf({ ...short, fresh: 1, tokens: { ...short.tokens, conversation: 0 } }, sonnet, 4_096).ttls).toEqual({
      global: 'none',
      location: 'none',
      conversation: 'none',
    });
  });

  it('costs a quarter of what the same replies cost without caching, and pings a little', () => {
    const without = costPerThousand({ global: 'none', location: 'none', conversation: 'none' }, busy, sonnet);
    expect(without).toBe((8_000 + 2_000 + 1_200 + 200 + 150) * 2_000 * 1_000 + 110 * 10_000 * 1_000);
    const { perThousand } = planOf(busy, sonnet, 512);
    expect(perThousand / without).toBeGreaterThan(0.15);
    expect(perThousand / without).toBeLessThan(0.25);
    expect(pingsPerThousand(0.5, 10_000, sonnet)).toBe(0.5 * 10_000 * 100 * 1_000);
    expect(planOf(busy, haiku, 512).perThousand).toBeLessThan(perThousand / 10);
  });
});
