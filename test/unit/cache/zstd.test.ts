import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import { dictionaryOf } from '../../../integrations/cache/dictionary.ts';
import { findZstd, type ZstdRoute, type ZstdRouteName } from '../../../integrations/cache/zstd.ts';
import { blocksStart, isRawBlock, wholeFrame, withRawBlock } from '../../../integrations/cache/zstd-frame.ts';
import { mutated, sampleDictionary, sampleValue, seeded } from '../../support/cache-bytes.ts';

const NAMES: readonly ZstdRouteName[] = ['node', 'napi', 'wasm'];
const dictionary = sampleDictionary(1, 1, 32 * 1024);
/** Made by `zstd --train` from sample values: it has an id and entropy tables, which a dictionary of mere content lacks. */
const trained = dictionaryOf(2, readFileSync(new URL('../../fixtures/cache/trained.dict', import.meta.url)));
const found = await Promise.all(NAMES.map((name) => findZstd(name)));
const routes = found.flatMap((one) => one.routes);
const absent = found.flatMap((one) => one.absent);
const pairs = routes.flatMap((writer) => routes.map((reader) => [writer.name, reader.name, writer, reader] as const));

/** Around every change of the header's form: a byte, two, four; one block, several. */
const LENGTHS = [16, 255, 256, 257, 5000, 65_791, 65_792, 140_000, 400_000];

/** Neither all alike nor noise: blocks are compressed, but for the noise in the middle of the longer ones. */
function plainOf(length: number): Buffer {
  const text = Buffer.concat(Array.from({ length: 1 + Math.ceil(length / 100) }, (_, index) => sampleValue(index)));
  const plain = Buffer.from(text.subarray(0, length));
  if (length > 5000) randomBytes(1000).copy(plain, 2000);
  return plain;
}

const same = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

describe('Zstandard by three routes', () => {
  it('tells of each whether it is there, and why not', () => {
    expect([...routes.map(({ name }) => name), ...absent.map(({ name }) => name)].sort()).toEqual([...NAMES].sort());
    for (const { reason } of absent) expect(reason).toMatch(/\w+ \w+/);
    // The fallback needs nothing but the runtime, so that at least two are compared everywhere.
    expect(routes.map(({ name }) => name)).toContain('wasm');
  });

  if (absent.length > 0) {
    it.each(absent)('is not there by way of $name: $reason', async ({ name }) => {
      expect((await findZstd(name)).routes).toEqual([]);
    });
  }

  it('takes the first of them that is there', async () => {
    expect((await findZstd()).routes.map(({ name }) => name)).toEqual([routes[0]!.name]);
    expect(await findZstd('off')).toEqual({ routes: [], absent: [] });
  });

  it.each(pairs)('what %s wrote is read by %s, with a dictionary and without', (_writer, _reader, writer, reader) => {
    for (const length of LENGTHS) {
      const plain = plainOf(length);
      for (const level of [1, 3, 19]) {
        if (level === 19 && length > 70_000) continue;
        for (const used of [undefined, dictionary]) {
          const blocks = writer.compress(plain, level, used);
          expect(same(reader.decompress(blocks, length, used), plain)).toBe(true);
        }
      }
    }
  });

  it.each(pairs)('what %s wrote with a trained dictionary is read by %s', (_writer, _reader, writer, reader) => {
    for (let seed = 0; seed < 20; seed++) {
      const plain = sampleValue(seed, 1 + seed);
      const blocks = writer.compress(plain, 3, trained);
      expect(blocks.length).toBeLessThan(writer.compress(plain, 3).length);
      expect(same(reader.decompress(blocks, plain.length, trained), plain)).toBe(true);
    }
  });

  const each = routes.map((route) => [route.name, route] as const);

  it.each(each)('%s stores blocks alone, seven bytes less than a frame', (_name, route: ZstdRoute) => {
    const blocks = route.compress(plainOf(5000), 3, dictionary);
    const frame = wholeFrame(blocks, 5000);
    expect(frame.subarray(0, 4)).toEqual(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
    expect(blocksStart(frame)).toBe(7);
    // A block's header: last of its frame, compressed, and as long as what follows it.
    const header = blocks[0]! | (blocks[1]! << 8) | (blocks[2]! << 16);
    expect([header & 1, (header >> 1) & 3, header >> 3]).toEqual([1, 2, blocks.length - 3]);
  });

  it.each(each)('%s throws on damage or answers as many bytes as asked for', (_name, route: ZstdRoute) => {
    const next = seeded(11);
    const plain = plainOf(3000);
    const blocks = Buffer.from(route.compress(plain, 3, dictionary));
    let thrown = 0;
    for (let round = 0; round < 2000; round++) {
      const change = mutated(blocks, next);
      if (change === undefined) continue;
      try {
        expect(route.decompress(change, 3000, dictionary)).toHaveLength(3000);
      } catch {
        thrown++;
      }
    }
    expect(thrown).toBeGreaterThan(500);
    expect(same(route.decompress(blocks, 3000, dictionary), plain)).toBe(true);
  });

  it.each(each)('%s works on after it forgot a dictionary', (_name, route: ZstdRoute) => {
    const plain = sampleValue(3);
    const blocks = route.compress(plain, 3, dictionary);
    route.forget(dictionary);
    expect(same(route.decompress(blocks, plain.length, dictionary), plain)).toBe(true);
    expect(() => {
      if (!same(route.decompress(blocks, plain.length), plain)) throw new Error('read without it');
    }).toThrow();
  });

  it('says no to values that do not fit into the memory of WebAssembly', () => {
    const wasm = routes.find(({ name }) => name === 'wasm')!;
    expect(() => wasm.compress(Buffer.alloc(1024 * 1024 + 1), 3)).toThrow('Too long');
    expect(() => wasm.decompress(Buffer.alloc(10), 1024 * 1024 + 1)).toThrow('Too long');
    const plain = plainOf(1024 * 1024);
    expect(same(wasm.decompress(wasm.compress(plain, 3, dictionary), plain.length, dictionary), plain)).toBe(true);
  });
});

describe('a block of bytes as they are', () => {
  it.each(pairs)('that was put behind what %s wrote is read by %s', (_writer, _reader, writer, reader) => {
    for (const [length, with_] of [
      [300, dictionary],
      [3000, undefined],
      [400_000, dictionary],
    ] as const) {
      const [plain, rest] = [plainOf(length), sampleValue(5).subarray(0, 100)];
      const whole = Buffer.concat([plain, rest]);
      const blocks = withRawBlock(writer.compress(plain, 3, with_), rest);
      expect(same(reader.decompress(blocks, whole.length, with_), whole)).toBe(true);
    }
  });

  it('is put behind no blocks that end too early', () => {
    expect(() => withRawBlock(Uint8Array.of(0, 0, 0), Uint8Array.of(1))).toThrow('one is the last');
    expect([7, 8, 128 * 1024, 128 * 1024 + 1].map(isRawBlock)).toEqual([false, true, true, false]);
  });
});

describe('a frame', () => {
  it('is refused when it is none, or has a checksum of its own', () => {
    for (const bytes of [[], [0x28, 0xb5, 0x2f, 0xfd], [1, 2, 3, 4, 0x20, 9], [0x28, 0xb5, 0x2f, 0xfd, 0x24, 9]]) {
      expect(() => blocksStart(Uint8Array.from(bytes))).toThrow('one Zstandard frame');
    }
  });

  it('is cut behind window, dictionary id and content size, whichever of them it has', () => {
    const start = (descriptor: number) => blocksStart(Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, descriptor]));
    expect([0x00, 0x20, 0x60, 0xa0, 0xe0, 0x40, 0x03, 0x63].map(start)).toEqual([6, 6, 7, 9, 13, 8, 10, 11]);
  });
});
