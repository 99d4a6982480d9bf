import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createCodecs, type Encoding } from '../../../integrations/cache/codecs.ts';
import { sampleDictionary, sampleValue } from '../../support/cache-bytes.ts';

const codecs = await createCodecs();
const dictionary = sampleDictionary(3, 1);
const other = sampleDictionary(3, 90_000);

const lengths = [1, 4, 20, 90, 700];
const encodings: readonly (readonly [string, Encoding])[] = [
  ['none', { codec: 'none' }],
  ['lz4', { codec: 'lz4' }],
  ['lz4, slow', { codec: 'lz4', level: 9 }],
  ['zstd', { codec: 'zstd' }],
  ['zstd 19', { codec: 'zstd', level: 19 }],
  ['zstd with a dictionary', { codec: 'zstd', dictionary }],
  ['zstd 19 with a dictionary', { codec: 'zstd', level: 19, dictionary }],
  ['brotli', { codec: 'brotli' }],
  ['brotli 11', { codec: 'brotli', level: 11 }],
  ['deflate', { codec: 'deflate' }],
  ['deflate 9 with a dictionary', { codec: 'deflate', level: 9, dictionary }],
];

describe('codecs', () => {
  it.each(encodings)('%s gives back every value, at once and later', async (_name, encoding) => {
    for (const rows of lengths) {
      const plain = sampleValue(rows, rows);
      const encoded = codecs.encode(plain, encoding);
      const later = await codecs.encodeLater(plain, encoding);
      expect(later).toEqual(encoded);
      const of = { codec: encoded.codec, length: plain.length, dictionary: encoding.dictionary };
      expect(Buffer.from(codecs.decode(encoded.payload, of) as Uint8Array).equals(plain)).toBe(true);
      expect(Buffer.from((await codecs.decodeLater(later.payload, of)) as Uint8Array).equals(plain)).toBe(true);
      if (rows > 1)
        expect(encoded).toMatchObject({ codec: encoding.codec, dictionary: encoding.dictionary?.number ?? 0 });
    }
  });

  it('save more than half of a short value with a dictionary, and hardly anything without', () => {
    const plain = sampleValue(77);
    const stored = (encoding: Encoding) => codecs.encode(plain, encoding).payload.length / plain.length;
    expect(stored({ codec: 'zstd', dictionary })).toBeLessThan(0.5);
    expect(stored({ codec: 'deflate', dictionary })).toBeLessThan(0.5);
    expect(stored({ codec: 'zstd' })).toBeGreaterThan(0.7);
  });

  it('store as it is what does not shrink, and say so', async () => {
    for (const plain of [randomBytes(64), randomBytes(40_000), Buffer.from('0123456789abcdef'), Buffer.from('aaaa')]) {
      for (const [, encoding] of encodings.slice(1)) {
        const expected = { codec: 'none', dictionary: 0, payload: plain, fell: 'no-gain' };
        expect(codecs.encode(plain, encoding)).toEqual(expected);
        expect(await codecs.encodeLater(plain, encoding)).toEqual(expected);
      }
    }
    expect(codecs.encode(Buffer.alloc(0), { codec: 'zstd' })).toMatchObject({ codec: 'none' });
  });

  it('leave a dictionary out where the codec knows none', () => {
    const plain = sampleValue(2, 20);
    expect(codecs.encode(plain, { codec: 'brotli', dictionary })).toMatchObject({ codec: 'brotli', dictionary: 0 });
    expect(codecs.encode(plain, { codec: 'lz4', dictionary })).toMatchObject({ codec: 'lz4', dictionary: 0 });
  });

  it('never give more than was asked for, nor less', async () => {
    const plain = sampleValue(4, 200);
    for (const [, encoding] of encodings) {
      const { codec, payload } = codecs.encode(plain, encoding);
      for (const length of [plain.length - 1, plain.length + 1, 17, 1_000_000]) {
        const of = { codec, length, dictionary: encoding.dictionary };
        expect(codecs.decode(payload, of)).toEqual({ miss: 'corrupt' });
        expect(await codecs.decodeLater(payload, of)).toEqual({ miss: 'corrupt' });
      }
    }
  });

  it('answer another dictionary of the same number by other bytes or a miss, never by an error', () => {
    const plain = sampleValue(8, 4);
    for (const codec of ['zstd', 'deflate'] as const) {
      const { payload } = codecs.encode(plain, { codec, dictionary });
      const read = codecs.decode(payload, { codec, length: plain.length, dictionary: other });
      expect('miss' in read || !Buffer.from(read).equals(plain)).toBe(true);
    }
  });

  it('leave noise at the end of a value as it is, where they are told of it', async () => {
    const [head, noise] = [sampleValue(3, 8), randomBytes(300)];
    const plain = Buffer.concat([head, noise]);
    for (const count of [0, 1, 7, 8, 300, plain.length - 1, plain.length, plain.length + 1]) {
      for (const [, encoding] of encodings) {
        const { codec, payload } = codecs.encode(plain, { ...encoding, noise: count });
        const of = { codec, length: plain.length, dictionary: encoding.dictionary };
        expect(Buffer.from(codecs.decode(payload, of) as Uint8Array).equals(plain)).toBe(true);
      }
    }
    const encoding = { codec: 'zstd', dictionary, noise: 300 } as const;
    const { payload } = codecs.encode(plain, encoding);
    expect(Buffer.from(payload).subarray(-300).equals(noise)).toBe(true);
    expect(payload.length).toBe(codecs.encode(head, { codec: 'zstd', dictionary }).payload.length + 303);
    const long = Buffer.concat([sampleValue(4, 400), noise]);
    const later = await codecs.encodeLater(long, encoding);
    expect(Buffer.from(later.payload).subarray(-300).equals(noise)).toBe(true);
    const of = { codec: later.codec, length: long.length, dictionary };
    expect(Buffer.from((await codecs.decodeLater(later.payload, of)) as Uint8Array).equals(long)).toBe(true);
  });

  it('read and write with many more dictionaries than are kept digested', () => {
    const plain = sampleValue(6, 2);
    const many = Array.from({ length: 150 }, (_, index) => sampleDictionary(1 + index, 100 * index, 2048));
    const payloads = many.map((one) => codecs.encode(plain, { codec: 'zstd', dictionary: one }).payload);
    for (const [index, one] of many.entries()) {
      const read = codecs.decode(payloads[index]!, { codec: 'zstd', length: plain.length, dictionary: one });
      expect(Buffer.from(read as Uint8Array).equals(plain)).toBe(true);
    }
    codecs.forget(dictionary);
    expect(codecs.encode(plain, { codec: 'zstd', dictionary })).toMatchObject({ codec: 'zstd', dictionary: 3 });
  });

  it('fall back to plain bytes when a dictionary is none, and say that it failed', () => {
    // The magic number of a trained dictionary, and nothing of one behind it.
    const bytes = Buffer.concat([Buffer.from([0x37, 0xa4, 0x30, 0xec]), randomBytes(60)]);
    const broken = { number: 9, hash: 'broken', bytes };
    const plain = sampleValue(1, 3);
    expect(codecs.encode(plain, { codec: 'zstd', dictionary: broken })).toMatchObject({
      codec: 'none',
      fell: 'failed',
    });
  });
});

describe('a codec that is not there', () => {
  it('is named with its reason, written around, and missed on reading', async () => {
    const without = await createCodecs({ zstd: 'off' });
    const plain = sampleValue(1, 3);
    const { payload } = codecs.encode(plain, { codec: 'zstd' });
    expect([without.has('zstd'), without.has('none'), without.has('brotli')]).toEqual([false, true, true]);
    expect(without.zstd).toBeUndefined();
    expect(without.absent).toEqual([{ name: 'zstd', reason: 'none of its implementations could be loaded' }]);
    expect(without.encode(plain, { codec: 'zstd' })).toMatchObject({ codec: 'none', fell: 'codec-absent' });
    expect(without.decode(payload, { codec: 'zstd', length: plain.length })).toEqual({ miss: 'codec-absent' });
    expect(await without.decodeLater(payload, { codec: 'zstd', length: 90_000 })).toEqual({ miss: 'codec-absent' });
  });
});
