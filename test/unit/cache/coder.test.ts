import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Kind } from '../../../domain/cache/cache.ts';
import { syntheticKinds, syntheticValues } from '../../../domain/cache/synthetic.ts';
import { createCodecs } from '../../../integrations/cache/codecs.ts';
import { type Coder, createCoder, type Entry } from '../../../integrations/cache/coder.ts';
import { readPlain, writePlain } from '../../../integrations/cache/plain-form.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const codecs = await createCodecs();
const NOW = Date.UTC(2026, 10, 29);
const HOUR = 3_600_000;
const open: Coder[] = [];
afterAll(() => Promise.all(open.map((coder) => coder.close())));

function coderOf(kinds: readonly Kind[], more: Partial<Parameters<typeof createCoder>[0]> = {}): Coder {
  const coder = createCoder({ kinds, codecs, tell: silent, now: () => NOW, learns: false, ...more });
  open.push(coder);
  return coder;
}

const kindOf = (name: string, more: Partial<Kind> = {}): Kind => ({ name, ttlMs: HOUR, place: 'key', ...more });
const key = { location: 'loc-1', id: 'a' };
const entryOf = (value: unknown, freshMs = HOUR, staleMs = 0): Entry => ({
  ...{ value, freshUntil: NOW + freshMs, until: NOW + freshMs + staleMs },
});

describe('the plain form', () => {
  const plainOf = (entry: Entry): Buffer => Buffer.from(writePlain(entry, undefined, NOW).bytes);

  it('gives back every value of JSON, and times that are never later than they were', () => {
    const times = fc.oneof(fc.constant(Infinity), fc.integer({ min: -HOUR, max: 1000 * HOUR }));
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), times, times, (value, fresh, kept) => {
        const given = { value, freshUntil: NOW + fresh, until: NOW + kept };
        const read = readPlain(plainOf(given), undefined)!;
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(value));
        const freshest = Math.min(given.freshUntil, given.until);
        for (const [told, meant] of [
          [read.until, given.until],
          [read.freshUntil, freshest],
        ] as const) {
          expect(told).toBeLessThanOrEqual(meant);
          if (meant !== Infinity) expect(told).toBeGreaterThan(meant - 1000);
        }
      }),
    );
  });

  it('is exact to the millisecond where a second is much of a life', () => {
    const short = { value: 1, freshUntil: NOW + 250, until: NOW + 250 };
    expect(readPlain(plainOf(short), undefined)).toEqual(short);
    const graced = { value: 1, freshUntil: NOW + 1, until: NOW + HOUR };
    expect(readPlain(plainOf(graced), undefined)).toEqual(graced);
  });

  it('costs a byte without an end, five with one, and an absence no more', () => {
    expect(plainOf({ value: 7, freshUntil: Infinity, until: Infinity })).toHaveLength(1 + 1);
    expect(plainOf(entryOf(7))).toHaveLength(1 + 4 + 1);
    expect(plainOf(entryOf(7, HOUR, HOUR))).toHaveLength(1 + 4 + 4 + 1);
    expect(plainOf(entryOf(null))).toHaveLength(1 + 4);
  });

  it('packs what has a schema, and keeps as JSON what has no such shape', () => {
    const schema = { version: 1, fields: { id: 'id', at: 'instant' } } as const;
    const value = { id: 'abcdefghijklmnopqrst', at: '2026-11-29T00:00:00.000Z' };
    const packed = writePlain(entryOf(value), schema, NOW).bytes;
    expect(packed.length).toBeLessThan(32);
    expect(readPlain(Buffer.from(packed), schema)?.value).toEqual(value);
    expect(readPlain(Buffer.from(packed), undefined)).toBeUndefined();
    expect(readPlain(Buffer.from(packed), { ...schema, version: 2 })).toBeUndefined();
    const list = Buffer.from(writePlain(entryOf([1, 2]), schema, NOW).bytes);
    expect(readPlain(list, schema)?.value).toEqual([1, 2]);
  });

  it('takes no form that it does not know, whatever the bytes are', () => {
    for (let form = 0x40; form < 0x100; form += 1)
      expect(readPlain(Buffer.from([form, 0x31]), undefined)).toBeUndefined();
    expect(readPlain(Buffer.from([3, 0x31]), undefined)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const read = readPlain(bytes, undefined);
        if (read !== undefined) expect(JSON.stringify(read.value)).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses what JSON has no word for', () => {
    expect(() => plainOf(entryOf(undefined))).toThrow(TypeError);
    expect(() => plainOf(entryOf(() => 1))).toThrow(TypeError);
  });
});

describe('a coder', () => {
  it.each(syntheticKinds)('gives back a %s as it was, far shorter', async (name) => {
    const kind = kindOf(name);
    const coder = coderOf([kind]);
    for (const value of syntheticValues(name, { vocabulary: 'test', seed: 3, count: 20 })) {
      const entry = entryOf(value, HOUR, HOUR);
      const stored = await coder.encode(kind, key, entry);
      expect(stored.length).toBeLessThan(JSON.stringify(value).length * 0.5);
      expect(await coder.decode(kind, key, stored)).toEqual(entry);
    }
    const [stats] = coder.stats().kinds;
    expect(stats).toMatchObject({ kind: name, writes: 20, reads: 20, misses: {} });
    expect(stats!.codecs).toEqual({ 'zstd+dictionary': 20 });
    expect(stats!.storedBytes).toBeLessThan(stats!.plainBytes / 2);
    // One in sixteen is measured, and none that the thread pool works on.
    const timed = name === 'conversation' ? 0 : 1;
    expect(stats).toMatchObject({ timedWrites: timed, timedReads: timed });
    expect(stats!.writeMicros > 0).toBe(timed > 0);
  });

  it('tells a known absence from a miss', async () => {
    const kind = kindOf('lead');
    const coder = coderOf([kind]);
    const stored = await coder.encode(kind, key, entryOf(null));
    expect(await coder.decode(kind, key, stored)).toEqual(entryOf(null));
    expect(stored.length).toBeLessThan(16);
  });

  it('reads nothing of another key, kind or location, nothing that is over, and counts why', async () => {
    let now = NOW;
    const [lead, contact] = [kindOf('lead'), kindOf('contact')];
    const coder = coderOf([lead, contact], { now: () => now });
    const [value] = syntheticValues('lead', { vocabulary: 'test', seed: 1, count: 1 });
    const stored = await coder.encode(lead, key, entryOf(value));
    expect(await coder.decode(lead, { ...key, id: 'b' }, stored)).toBeUndefined();
    expect(await coder.decode(lead, { ...key, location: 'loc-2' }, stored)).toBeUndefined();
    expect(await coder.decode(contact, key, stored)).toBeUndefined();
    expect(await coder.decode(lead, key, Buffer.from('{"plain":"json"}'))).toBeUndefined();
    expect(await coder.decode(lead, key, stored.subarray(0, 30))).toBeUndefined();
    now += HOUR;
    expect(await coder.decode(lead, key, stored)).toBeUndefined();
    const [ofLead, ofContact] = coder.stats().kinds;
    expect(ofLead!.misses).toEqual({ checksum: 3, foreign: 1, expired: 1 });
    expect(ofContact!.misses).toEqual({ checksum: 1 });
    expect(ofLead!.reads).toBe(0);
  });

  it('does not mix two values that are written at once', async () => {
    const kind = kindOf('conversation');
    const coder = coderOf([kind]);
    const values = syntheticValues('conversation', { vocabulary: 'test', seed: 5, count: 4 });
    const keys = values.map((_, at) => ({ location: 'loc-1', id: String(at) }));
    const stored = await Promise.all(values.map(async (value, at) => coder.encode(kind, keys[at]!, entryOf(value))));
    const read = await Promise.all(stored.map(async (one, at) => coder.decode(kind, keys[at]!, one)));
    expect(read.map((entry) => entry?.value)).toEqual(values);
  });

  it('learns nothing from values that are coded while their location is erased', async () => {
    const text = Array.from({ length: 1900 }, (_, at) => `${at * 7919}`).join(' ');
    const trialsAfter = async (meanwhile: (coder: Coder) => Promise<void>): Promise<number> => {
      const kind = kindOf('note');
      const coder = coderOf([kind], { learns: true, pace: { lookedAt: 1 } });
      const coded = Array.from({ length: 6 }, async (_, at) =>
        coder.encode(kind, { ...key, id: String(at) }, entryOf(`${text} ${at}`)),
      );
      await meanwhile(coder);
      await Promise.all(coded);
      await coder.settled();
      return coder.stats().trials;
    };
    expect(await trialsAfter(async () => undefined)).toBe(1);
    expect(await trialsAfter((coder) => coder.forgetLocation(key.location))).toBe(0);
  });

  it('stores a kind without a dictionary of its own, and one that is pinned as somebody said', async () => {
    const pin = { codec: 'brotli', level: 4, dictionary: false } as const;
    const [plain, pinned] = [kindOf('vector'), kindOf('lead', { pin })];
    const coder = coderOf([plain, pinned]);
    const [value] = syntheticValues('lead', { vocabulary: 'test', seed: 1, count: 1 });
    for (const kind of [plain, pinned]) {
      const stored = await coder.encode(kind, key, entryOf(value));
      expect(await coder.decode(kind, key, stored)).toEqual(entryOf(value));
    }
    expect(coder.stats().kinds.map((one) => one.codecs)).toEqual([{ zstd: 1 }, { brotli: 1 }]);
    expect(coder.choices()).toMatchObject([
      { kind: 'vector', why: 'start' },
      { kind: 'lead', why: 'pinned', method: pin },
    ]);
  });

  it('misses a value whose codec is not there, counts it, and writes with what is', async () => {
    const kind = kindOf('lead');
    const [value] = syntheticValues('lead', { vocabulary: 'test', seed: 1, count: 1 });
    const stored = await coderOf([kind]).encode(kind, key, entryOf(value));
    const without = await createCodecs({ zstd: 'off' });
    expect(without.absent).toContainEqual(expect.objectContaining({ name: 'zstd' }));
    const coder = coderOf([kind], { codecs: without });
    expect(await coder.decode(kind, key, stored)).toBeUndefined();
    const own = await coder.encode(kind, key, entryOf(value));
    expect(await coder.decode(kind, key, own)).toEqual(entryOf(value));
    const [stats] = coder.stats().kinds;
    expect(stats).toMatchObject({ misses: { 'codec-absent': 1 }, codecs: { 'deflate+dictionary': 1 } });
    expect(own.length).toBeLessThan(JSON.stringify(value).length * 0.5);
  });
});
