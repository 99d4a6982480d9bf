import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breakpointsOf, LOOK_BACK, MOST_BREAKPOINTS, type Breakpoint } from '../../../domain/assistant/breakpoints.ts';
import {
  fingerprintsOf,
  promptOf,
  stableLayer,
  type CachedLayer,
  type Prompt,
} from '../../../domain/assistant/layers.ts';
import { readingsOf, type Call, type EarlierCall } from '../../../domain/assistant/misses.ts';
import type { LayerTtls } from '../../../domain/assistant/plan.ts';
import type { Usage } from '../../../domain/assistant/prices.ts';
import { ttlMs, type Ttl } from '../../../domain/assistant/ttl.ts';

const MINUTE = 60_000;
const shared: LayerTtls = { global: '1h', location: '1h', conversation: '5m' };
const global = stableLayer('global', [{ tool: 'find_listings' }, 'Ask one question at a time. '.repeat(400)]);
const edition = (version: number) =>
  stableLayer('location', [`Facts, edition ${version}. ${'We know the area. '.repeat(150)}`]);
const editions = [0, 1, 2].map(edition);
const talk = (blocks: number, of = 'Maria') =>
  Array.from({ length: blocks }, (_, at) => ({
    role: 'lead',
    text: `${of}, message ${at}: ${'and so on '.repeat(3)}`,
  }));

function prompt(
  blocks: number,
  change: { model?: string; edition?: number; of?: string; effort?: string } = {},
): Prompt {
  return promptOf({
    model: change.model ?? 'claude-sonnet-5-5',
    settings: { effort: change.effort ?? 'low' },
    global,
    location: editions[change.edition ?? 1]!,
    conversation: talk(blocks, change.of),
    volatile: [{ stage: 'new' }],
  });
}

const where = (marks: readonly Breakpoint[]) => marks.map(({ layer, block, ttl }) => `${layer} ${block} ${ttl}`);

describe('the breakpoints of a call', () => {
  it('stand at the end of each layer that is kept', () => {
    expect(where(breakpointsOf(prompt(3), shared, 512))).toEqual(['global 1 1h', 'location 0 1h', 'conversation 2 5m']);
    expect(where(breakpointsOf(prompt(3), { ...shared, location: 'none', conversation: 'none' }, 512))).toEqual([
      'global 1 1h',
    ]);
  });

  it('leave out what is below the minimum of the model, and layers without a block', () => {
    expect(where(breakpointsOf(prompt(3), shared, 5_000))).toEqual(['location 0 1h', 'conversation 2 5m']);
    expect(where(breakpointsOf(prompt(3), shared, 50_000))).toEqual([]);
    expect(where(breakpointsOf({ ...prompt(0), global: { blocks: [], print: '' } }, shared, null))).toEqual([
      'location 0 1h',
    ]);
  });

  it('stand once more where the last call’s stood, if that is out of sight, and are four at most', () => {
    const sight = (blocks: number) => where(breakpointsOf(prompt(blocks), shared, 512, 3)).slice(2);
    expect(sight(2 + LOOK_BACK)).toEqual(['conversation 21 5m']);
    expect(sight(3 + LOOK_BACK)).toEqual(['conversation 2 5m', 'conversation 22 5m']);
    expect(breakpointsOf(prompt(80), shared, 512, 3)).toHaveLength(MOST_BREAKPOINTS);
  });

  it('never last longer than one before them', () => {
    expect(() => breakpointsOf(prompt(3), { ...shared, location: '5m', conversation: '1h' }, 512)).toThrow(RangeError);
    expect(breakpointsOf(prompt(3), { global: 'none', location: '5m', conversation: '5m' }, 512)).toHaveLength(2);
  });
});

/** The vendor's cache in miniature; it counts a token for every 2.1 characters. */
function vendor() {
  const kept = new Map<string, number>();
  return (sent: Prompt, marks: readonly Breakpoint[], at: number): Usage & { readonly through: number } => {
    const blocks = [...sent.global.blocks, ...sent.location.blocks, ...sent.conversation];
    const begins = { global: 0, location: 2, conversation: 3 };
    // Blocks of a talk follow from its first, so that it stands for all of them.
    const [facts, opening] = [sent.location.print, sent.conversation[0]];
    const key = (end: number) =>
      [sent.model, sent.settings, end, end >= begins.location && facts, end >= begins.conversation && opening].join();
    const lengths = blocks.map((block) => block.length);
    const tokens = (end: number) => Math.round(lengths.slice(0, end + 1).reduce((a, b) => a + b) / 2.1);
    const ends = marks.map((mark) => ({ ...mark, end: begins[mark.layer] + mark.block }));
    const seen = ends.flatMap(({ end }) => Array.from({ length: LOOK_BACK }, (_, back) => end - back));
    const through = Math.max(-1, ...seen.filter((end) => end >= 0 && (kept.get(key(end)) ?? -1) >= at));
    let reached = through;
    const usage = { input: 0, read: through < 0 ? 0 : tokens(through), write5m: 0, write1h: 0, output: 100 };
    for (const { end, ttl } of ends) {
      kept.set(key(end), at + ttlMs[ttl]);
      if (end <= reached) continue;
      usage[ttl === '1h' ? 'write1h' : 'write5m'] += tokens(end) - (reached < 0 ? 0 : tokens(reached));
      reached = end;
    }
    const all = tokens(blocks.length - 1) + Math.round(sent.volatile.join('').length / 2.1);
    return { ...usage, input: all - (reached < 0 ? 0 : tokens(reached)), through };
  };
}

/** Calls in a row, each with what the vendor read; says why each layer of the last was missed. */
function lastOf(
  calls: readonly (readonly [at: number, sent: Prompt, bridged?: boolean])[],
  { ttls = shared, minimumPrefix = 512 }: { ttls?: LayerTtls; minimumPrefix?: number } = {},
) {
  const ask = vendor();
  let before: EarlierCall | undefined;
  let readings: ReturnType<typeof readingsOf> = [];
  for (const [at, sent, bridged] of calls) {
    const marks = breakpointsOf(sent, ttls, minimumPrefix, bridged === true ? before?.prints.blocks : undefined);
    const call: Call = { at, marks, prompt: sent, usage: ask(sent, marks, at), minimumPrefix };
    readings = readingsOf(call, before === undefined ? {} : { global: before, location: before, conversation: before });
    before = { at, marks, prints: fingerprintsOf(sent) };
  }
  return readings.map((reading) =>
    reading.read ? 'read' : [reading.why, ...('changed' in reading ? [reading.changed] : [])].join(' '),
  );
}

describe('why a layer was not read', () => {
  const first = [0, prompt(3)] as const;

  it('is that nobody called before, or nothing where all is well', () => {
    expect(lastOf([first])).toEqual(['first-call', 'first-call', 'first-call']);
    expect(lastOf([first, [MINUTE, prompt(5)]])).toEqual(['read', 'read', 'read']);
  });

  it('is that the time was over', () => {
    expect(lastOf([first, [6 * MINUTE, prompt(5)]])).toEqual(['read', 'read', 'ttl-over']);
    expect(lastOf([first, [61 * MINUTE, prompt(5)]])).toEqual(['ttl-over', 'ttl-over', 'ttl-over']);
  });

  it('is that a layer changed, with all behind it', () => {
    const edition = 'prefix-changed location';
    expect(lastOf([first, [MINUTE, prompt(5, { edition: 2 })]])).toEqual(['read', edition, edition]);
    const settings = 'prefix-changed settings';
    expect(lastOf([first, [MINUTE, prompt(5, { effort: 'high' })]])).toEqual([settings, settings, settings]);
    expect(lastOf([first, [MINUTE, prompt(5, { of: 'José' })]])).toEqual([
      'read',
      'read',
      'prefix-changed conversation',
    ]);
    const other = [MINUTE, prompt(5, { model: 'claude-haiku-5-5' })] as const;
    expect(lastOf([first, other])).toEqual(['other-model', 'other-model', 'other-model']);
  });

  it('is that the talk grew out of sight, unless a breakpoint bridged it', () => {
    expect(lastOf([first, [MINUTE, prompt(40)]])).toEqual(['read', 'read', 'look-back']);
    expect(lastOf([first, [MINUTE, prompt(40), true]])).toEqual(['read', 'read', 'read']);
  });

  it('is that nothing was to be kept, or that it was too short to be', () => {
    const ttls: LayerTtls = { global: '1h', location: 'none', conversation: 'none' };
    expect(lastOf([first, [MINUTE, prompt(5)]], { ttls })).toEqual(['read', 'not-marked', 'not-marked']);
    const short = ['below-minimum', 'below-minimum', 'below-minimum'];
    expect(lastOf([first, [MINUTE, prompt(5)]], { minimumPrefix: 50_000 })).toEqual(short);
    // What stands behind it is read with it.
    expect(lastOf([first, [MINUTE, prompt(5)]], { minimumPrefix: 5_000 })).toEqual(['read', 'read', 'read']);
  });

  it('is not guessed where all speaks for a read', () => {
    const marks = breakpointsOf(prompt(5), shared, 512);
    const usage = { input: 50, read: 0, write5m: 1_000, write1h: 6_000, output: 100 };
    const before: EarlierCall = {
      at: 0,
      marks: breakpointsOf(prompt(3), shared, 512),
      prints: fingerprintsOf(prompt(3)),
    };
    const call: Call = { at: MINUTE, marks, prompt: prompt(5), usage, minimumPrefix: 512 };
    const why = readingsOf(call, { global: before, location: before, conversation: before });
    expect(why.map((one) => (one.read ? 'read' : one.why))).toEqual(['unexplained', 'unexplained', 'unexplained']);
  });

  it('is found for whatever befalls two talks, and every read is seen as one', () => {
    const anyStep = fc.record({
      wait: fc.constantFrom(1, 4, 6, 59, 61),
      of: fc.constantFrom('Maria', 'José'),
      grows: fc.constantFrom(1, 2, 19, 20, 25),
      edition: fc.constantFrom(1, 1, 1, 2),
      model: fc.constantFrom('claude-sonnet-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'),
      bridged: fc.boolean(),
    });
    const anyTail = fc.constantFrom<Ttl | 'none'>('5m', '1h', 'none');
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 2, maxLength: 8 }), anyTail, (steps, tail) => {
        const ask = vendor();
        const talks = new Map<string, EarlierCall>();
        let last: EarlierCall | undefined;
        let at = 0;
        for (const { wait, of, grows, edition, model, bridged } of steps) {
          at += wait * MINUTE;
          const before = talks.get(of);
          const sent = prompt((before?.prints.blocks ?? 0) + grows, { of, edition, model });
          const lastMarked = bridged ? before?.prints.blocks : undefined;
          const marks = breakpointsOf(sent, { ...shared, conversation: tail }, null, lastMarked);
          const usage = ask(sent, marks, at);
          const readings = readingsOf(
            { at, marks, prompt: sent, usage, minimumPrefix: null },
            {
              ...(last === undefined ? {} : { global: last, location: last }),
              ...(before === undefined ? {} : { conversation: before }),
            },
          );
          const truly: Record<CachedLayer, boolean> = {
            global: usage.through >= 1,
            location: usage.through >= 2,
            conversation: usage.through >= 3,
          };
          for (const reading of readings) {
            expect([reading.layer, reading.read]).toEqual([reading.layer, truly[reading.layer]]);
            if (!reading.read) seen.add(reading.why);
          }
          last = { at, marks, prints: fingerprintsOf(sent) };
          talks.set(of, last);
        }
      }),
      { seed: 9, numRuns: 60 },
    );
    expect([...seen].sort()).toEqual([
      'first-call',
      'look-back',
      'not-marked',
      'other-model',
      'prefix-changed',
      'ttl-over',
    ]);
  });
});
