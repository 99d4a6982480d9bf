import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { buildDictionary } from '../../../domain/cache/dictionary.ts';
import { withTables } from '../../../domain/cache/entropy.ts';
import { cellsOf } from '../../../domain/cache/fse.ts';
import { syntheticValues } from '../../../domain/cache/synthetic.ts';
import type { VocabularyName } from '../../../domain/cache/synthetic-words.ts';
import { createCodecs } from '../../../integrations/cache/codecs.ts';
import { type Dictionary, dictionaryOf } from '../../../integrations/cache/dictionary.ts';
import { findZstd, type ZstdRoute, type ZstdRouteName } from '../../../integrations/cache/zstd.ts';
import { wholeFrame } from '../../../integrations/cache/zstd-frame.ts';
import { createValues } from '../../../integrations/cache/values.ts';
import { seeded } from '../../support/cache-bytes.ts';

const valuesOf = (vocabulary: VocabularyName, seed: number, count = 100): Uint8Array[] =>
  syntheticValues('contact', { vocabulary, seed, count }).map((value) => Buffer.from(JSON.stringify(value)));
const content = buildDictionary(valuesOf('training', 1), { bytes: 12_000 });
const bytes = withTables(content, valuesOf('training', 2));
const tabled = dictionaryOf(1, bytes);
const mere = dictionaryOf(2, content);
const values = valuesOf('test', 3);

const NAMES: readonly ZstdRouteName[] = ['node', 'napi', 'wasm'];
const found = await Promise.all(NAMES.map((name) => findZstd(name)));
const routes = found.flatMap((one) => one.routes);
const pairs = routes.flatMap((writer) => routes.map((reader) => [writer.name, reader.name, writer, reader] as const));
const each = routes.map((route) => [route.name, route] as const);
const total = (route: ZstdRoute, dictionary: Dictionary): number =>
  values.reduce((sum, value) => sum + route.compress(value, 3, dictionary).length, 0);
/** Of a dictionary with tables: magic number, id, tables, the three offsets, content. */
const tablesEnd = bytes.length - content.length - 12;

describe('a dictionary with tables', () => {
  it('is one of the format, ends with its content, and is the same for the same samples', () => {
    expect([...bytes.subarray(0, 4)]).toEqual([0x37, 0xa4, 0x30, 0xec]);
    const id = Buffer.from(bytes).readUInt32LE(4);
    expect(id).toBeGreaterThanOrEqual(2 ** 15);
    expect(id).toBeLessThan(2 ** 31);
    expect(Buffer.compare(bytes.subarray(-content.length), content)).toBe(0);
    expect(bytes.length - content.length).toBeLessThan(300);
    expect(Buffer.compare(withTables(content, valuesOf('training', 2)), bytes)).toBe(0);
  });

  it.each(pairs)('that %s wrote with is read with by %s', (_writer, _reader, writer, reader) => {
    for (const level of [1, 3, 19]) {
      for (const value of values) {
        const blocks = writer.compress(value, level, tabled);
        expect(Buffer.compare(reader.decompress(blocks, value.length, tabled), value)).toBe(0);
      }
    }
  });

  it.each(each)('takes a twelfth off what %s writes with its content alone', (_name, route) => {
    expect(total(route, tabled)).toBeLessThan((total(route, mere) * 11) / 12);
  });

  it.each(each)('is not needed where %s finds all of its symbols anew: any bytes come back', (_name, route) => {
    const next = seeded(5);
    for (const length of [100, 1000, 20_000]) {
      const plain = Buffer.from(Array.from({ length }, (_, at) => (at % 3 === 0 ? next(256) : 128 + next(16))));
      const blocks = route.compress(plain, 3, tabled);
      expect(Buffer.compare(route.decompress(blocks, length, tabled), plain)).toBe(0);
    }
  });

  it('serves deflate by its content, as if there were no tables', () => {
    const deflated = (dictionary: Uint8Array): number =>
      values.reduce((sum, value) => sum + deflateRawSync(value, { dictionary }).length, 0);
    expect(Math.abs(deflated(bytes) - deflated(content))).toBeLessThan(deflated(content) / 100);
  });

  if (spawnSync('zstd', ['--version']).status === 0) {
    it('is taken by the command of Zstandard, which reads what was written here', () => {
      const folder = mkdtempSync(join(tmpdir(), 'cache-tables-'));
      try {
        const path = join(folder, 'tables.dict');
        writeFileSync(path, bytes);
        const value = Buffer.from(values[0]!);
        const frame = wholeFrame(routes[0]!.compress(value, 3, tabled), value.length);
        const read = spawnSync('zstd', ['-dc', '-D', path], { input: frame });
        expect(read.stdout).toEqual(value);
        const written = spawnSync('zstd', ['-c', '-D', path], { input: value });
        expect(spawnSync('zstd', ['-dc', '-D', path], { input: written.stdout }).stdout).toEqual(value);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

describe('damaged tables', () => {
  it('are an error or other bytes to the codec, and to the reader of values never another value', async () => {
    const codecs = await createCodecs({ zstd: 'wasm' });
    const plain = values[0]!;
    const encoding = { codec: 'zstd', level: 3, dictionary: tabled } as const;
    const stored = createValues({ codecs }).write(plain, 'scope', encoding);
    const next = seeded(9);
    let failed = 0;
    for (let round = 0; round < 300; round++) {
      const broken = Uint8Array.from(bytes);
      const at = 8 + next(tablesEnd - 8);
      broken[at] = broken[at]! ^ (1 << next(8));
      const damaged = dictionaryOf(1, broken);
      const read = createValues({ codecs }).read(stored, 'scope', () => damaged);
      expect(read).toEqual({ miss: 'checksum' });
      const encoded = codecs.encode(plain, { ...encoding, dictionary: damaged });
      if (encoded.fell === 'failed') {
        failed += 1;
        expect(encoded).toMatchObject({ codec: 'none', dictionary: 0, payload: plain });
      } else if (encoded.codec === 'zstd') {
        // Tables that are still some tables: whoever writes and reads with the same ones has the same bytes.
        const again = codecs.decode(encoded.payload, { codec: 'zstd', length: plain.length, dictionary: damaged });
        expect(Buffer.compare(again as Uint8Array, plain)).toBe(0);
      }
      codecs.forget(damaged);
    }
    expect(failed).toBeGreaterThan(30);
  });
});

describe('where there is nothing to make tables of', () => {
  it.each([
    ['no samples', content, []],
    ['hardly any content', content.subarray(0, 7), values],
    [
      'samples in which every byte is as likely',
      content,
      [Uint8Array.from({ length: 4096 }, (_, at) => (at * 167 + (at >> 8)) & 0xff)],
    ],
  ])('content stays what it is: %s', (_, given, samples) => {
    expect(withTables(given, samples)).toBe(given);
  });
});

describe('cells', () => {
  it('are as many as there are, at least one for what was seen, and shared by how often that was', () => {
    for (const counts of [
      [1],
      [5, 5],
      [1000, 1, 1, 1],
      [0.2, 0.2, 900, 31, 7],
      Array.from({ length: 53 }, (_, at) => at ** 3),
    ]) {
      for (const everyOne of [false, true]) {
        const cells = cellsOf(counts, 8, everyOne);
        expect(cells.reduce((sum, cell) => sum + cell, 0)).toBe(256);
        counts.forEach((count, symbol) => expect(cells[symbol]! > 0).toBe(count > 0 || everyOne));
        counts.forEach((count, symbol) => {
          if (symbol > 0 && count > counts[symbol - 1]! * 1.5)
            expect(cells[symbol]).toBeGreaterThanOrEqual(cells[symbol - 1]!);
        });
      }
    }
  });
});
