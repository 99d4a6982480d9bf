import { afterAll, describe, expect, it } from '@jest/globals';
import type { Kind } from '../../../domain/cache/cache.ts';
import { syntheticValues } from '../../../domain/cache/synthetic.ts';
import { type ChoiceInForce, createChoices } from '../../../integrations/cache/choices.ts';
import { createCodecs } from '../../../integrations/cache/codecs.ts';
import { type Coder, createCoder } from '../../../integrations/cache/coder.ts';
import { createLives } from '../../../integrations/cache/lives.ts';
import { createReservoir } from '../../../integrations/cache/reservoir.ts';
import { type Dictionary, dictionaryOf } from '../../../integrations/cache/dictionary.ts';
import { createWorkshop } from '../../../integrations/cache/workshop.ts';
import { ownWords } from '../../support/cache-own-words.ts';
import { seeded } from '../../support/cache-bytes.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const codecs = await createCodecs();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const open: Coder[] = [];
afterAll(() => Promise.all(open.map((coder) => coder.close())));

const next = seeded(8);
const random = (): number => next(1_000_000) / 1_000_000;

/** Conversations, written and read as told, with a trial of what was written. */
async function tried({ ttlMs, reads, pin }: { ttlMs: number; reads: number; pin?: Kind['pin'] }): Promise<{
  choice: ChoiceInForce;
  coder: Coder;
  kind: Kind;
}> {
  const kind: Kind = { name: 'listing', ttlMs, place: 'key', ...(pin && { pin }) };
  const coder = createCoder({ kinds: [kind], codecs, tell: silent, random, pace: { lookedAt: 1 } });
  open.push(coder);
  const until = Date.now() + ttlMs;
  const values = syntheticValues('listing', { vocabulary: 'test', seed: 2, count: 6 });
  for (const [at, value] of values.entries()) {
    const key = { location: 'loc-1', id: String(at) };
    const stored = await coder.encode(kind, key, { value, freshUntil: until, until });
    for (let read = 0; read < reads; read += 1) await coder.decode(kind, key, stored);
  }
  await coder.settled();
  const choice = coder.choices().find(({ reckoned }) => reckoned !== undefined) ?? coder.choices()[0]!;
  return { choice, coder, kind };
}

const fewest = ({ reckoned }: ChoiceInForce, of: 'memoryBytes' | 'readDollars'): number =>
  Math.min(...reckoned!.filter(({ sameClassAs }) => sameClassAs === undefined).map((one) => one[of]));
const termsOf = (choice: ChoiceInForce, method = choice.method) =>
  choice.reckoned!.find((one) => JSON.stringify(one.method) === JSON.stringify(method))!;

describe('the choice of a kind and band', () => {
  it('is what is read fastest where values are hot and short-lived', async () => {
    const { choice } = await tried({ ttlMs: 20_000, reads: 1500 });
    expect(choice.use!.readsPerWrite).toBeGreaterThan(500);
    expect(['none', 'lz4']).toContain(choice.method.codec);
    expect(choice.slow).toBeUndefined();
  });

  it('is a dictionary where values are warm', async () => {
    const { choice } = await tried({ ttlMs: 2 * HOUR, reads: 20 });
    expect(choice.method).toMatchObject({ codec: 'zstd', dictionary: true });
  });

  it('ends at what is smallest where values are cold: nearly that at once, the slow level later', async () => {
    const { choice } = await tried({ ttlMs: 30 * DAY, reads: 0 });
    const smallest = fewest(choice, 'memoryBytes');
    const settled = termsOf(choice, choice.slow ?? choice.method);
    expect(settled.memoryBytes).toBe(smallest);
    expect(termsOf(choice).memoryBytes).toBeLessThan(smallest * 1.25);
    // Callers wait for it, and for milliseconds they would not like to.
    expect(choice.method).toMatchObject({ dictionary: true });
    expect(choice.method.level).toBeLessThanOrEqual(9);
    expect(choice.reckoned!.map(({ method }) => method.codec)).toEqual(
      expect.arrayContaining(['none', 'lz4', 'brotli']),
    );
  });

  it('stays where an operator pinned it, and is tried no more', async () => {
    const pin = { codec: 'lz4', level: 1, dictionary: false } as const;
    const { choice, coder } = await tried({ ttlMs: 30 * DAY, reads: 0, pin });
    expect(choice).toMatchObject({ method: pin, why: 'pinned' });
    expect(coder.stats()).toMatchObject({ trials: 0 });
  });

  it('is tried anew, soon, when a dictionary comes where values do without one', async () => {
    const prices = { dollarsPerGbHour: 0.1, dollarsPerCpuSecond: 0.00001 };
    const workshop = createWorkshop({ zstd: codecs.zstd });
    const kind: Kind = { name: 'note', ttlMs: 30 * DAY, place: 'bucket' };
    const plains = (seed: number) => ownWords(seed, 60).map((one) => Buffer.from(JSON.stringify(one)));
    const own = dictionaryOf(20, await workshop.build({ samples: plains(1), bytes: 15 * 1024 }));
    const known: Dictionary[] = [];
    const choices = createChoices({
      ...{ codecs, prices, workshop, dictionaryOf: () => known[0], tell: silent },
      ...{ now: Date.now, random, lookedAt: 1, soonMs: 0 },
    });
    const write = async (seed: number): Promise<void> => {
      for (const [at, plain] of plains(seed).slice(0, 8).entries()) {
        choices.method(kind, plain.length, known.length > 0);
        choices.wrote(kind, { location: 'loc-1', id: `${seed}.${at}` }, plain, kind.ttlMs);
      }
      await choices.settled();
    };
    await write(2);
    expect(choices.inForce().some(({ method }) => method.dictionary)).toBe(false);
    known.push(own);
    const before = choices.trials();
    await write(3);
    expect(choices.trials()).toBe(before);
    choices.learned('another');
    await write(4);
    expect(choices.trials()).toBe(before);
    choices.learned('note');
    await write(5);
    await write(6);
    expect(choices.trials()).toBeGreaterThan(before);
    expect(choices.inForce().some(({ method }) => method.dictionary)).toBe(true);
    workshop.close();
  });

  it('stores a value anew by the slow level once, when nobody wrote it for a while', async () => {
    let now = Date.now();
    // Among others every byte counts: between keys a level often ends in the same size class as the one below it.
    const kind: Kind = { name: 'listing', ttlMs: 30 * DAY, place: 'bucket' };
    const coder = createCoder({ kinds: [kind], codecs, tell: silent, random, now: () => now, pace: { lookedAt: 1 } });
    open.push(coder);
    const until = now + kind.ttlMs;
    const values = syntheticValues('listing', { vocabulary: 'test', seed: 2, count: 6 });
    const found = [];
    for (const [at, value] of values.entries()) {
      const key = { location: 'loc-1', id: String(at) };
      found.push({ kind, key, stored: await coder.encode(kind, key, { value, freshUntil: until, until }) });
    }
    await coder.settled();
    expect(coder.choices().some(({ slow }) => slow !== undefined)).toBe(true);
    expect((await coder.recoder.recode(found)).every((one) => one === undefined)).toBe(true);
    now += HOUR;
    const anew = await coder.recoder.recode(found);
    for (const [at, one] of anew.entries()) {
      if (one === undefined) throw new Error('It was left as it was.');
      expect(one.length).toBeLessThanOrEqual(found[at]!.stored.length);
      const entry = await coder.decode(kind, found[at]!.key, one);
      expect(entry?.value).toEqual(values[at]);
      expect(entry!.until).toBe(Math.floor(until / 1000) * 1000);
    }
    const total = (all: readonly (Buffer | undefined)[]): number => all.reduce((sum, one) => sum + one!.length, 0);
    expect(total(anew)).toBeLessThan(total(found.map(({ stored }) => stored)));
    const again = found.map((one, at) => ({ ...one, stored: anew[at]! }));
    expect((await coder.recoder.recode(again)).every((one) => one === undefined)).toBe(true);
  });
});

describe('what is known of values', () => {
  it('how long they stand: until they are written again, taken away, or over', () => {
    let now = 0;
    const lives = createLives({ now: () => now });
    const key = (id: string) => ({ location: 'l', id });
    lives.wrote(key('a'), HOUR, true);
    expect(lives.meanMs()).toBe(HOUR);
    now = 1000;
    lives.wrote(key('a'), HOUR, true);
    expect(lives.meanMs()).toBe(1000);
    now = 2000;
    lives.ended(key('a'));
    expect(lives.meanMs()).toBe(1000);
    lives.wrote(key('b'), 5000, true);
    now = 100_000;
    lives.wrote(key('c'), 5000, true);
    expect(lives.meanMs()).toBe(1000 + 4000 / 32);
    lives.ended(key('never seen'));
    expect(lives.meanMs()).toBe(1000 + 4000 / 32);
  });

  it('samples are copies, within their bounds, and a location can be forgotten', () => {
    const reservoir = createReservoir({ most: 10, mostBytes: 1000, cut: 50, random });
    const bytes = Buffer.alloc(80, 1);
    for (let at = 0; at < 500; at += 1) {
      bytes[0] = at % 250;
      reservoir.offer(at % 2 === 0 ? 'even' : 'odd', bytes);
    }
    bytes.fill(9);
    const kept = reservoir.samples();
    expect(kept).toHaveLength(10);
    expect(kept.every((one) => one.bytes.length === 50 && one.bytes[1] === 1)).toBe(true);
    // Not the first ones alone.
    expect(kept.some((one) => one.bytes[0]! >= 10)).toBe(true);
    reservoir.forget('even');
    expect(reservoir.samples().every(({ location }) => location === 'odd')).toBe(true);
    const long = createReservoir({ most: 10, mostBytes: 100, random });
    for (let at = 0; at < 20; at += 1) long.offer('l', bytes);
    expect(long.samples()).toHaveLength(1);
  });
});
