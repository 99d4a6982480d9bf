import * as zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCodecs } from '../../../integrations/cache/codecs.ts';
import { crc32, headerCrc32, portableCrc32 } from '../../../integrations/cache/crc32.ts';
import { CODEC_NAMES, MAX_DECODED_BYTES, open, seal } from '../../../integrations/cache/envelope.ts';
import { createValues, type MissReason, scopeWith } from '../../../integrations/cache/values.ts';
import { mutated, sampleDictionary, sampleValue, seeded } from '../../support/cache-bytes.ts';

const SCOPE = 'loc-1:lead:42';
const dictionary = sampleDictionary(7, 1);
const known = (number: number) => (number === dictionary.number ? dictionary : undefined);
const codecs = await createCodecs();

function counted(maxBytes?: number) {
  const misses: Partial<Record<MissReason, number>> = {};
  const count = (reason: MissReason) => (misses[reason] = (misses[reason] ?? 0) + 1);
  return { misses, values: createValues({ codecs, count, ...(maxBytes !== undefined && { maxBytes }) }) };
}

/** One stored value per way of writing. */
const written = CODEC_NAMES.flatMap((codec) =>
  [undefined, dictionary].map((used) => ({
    plain: sampleValue(5, 4),
    stored: counted().values.write(sampleValue(5, 4), SCOPE, { codec, dictionary: used }),
  })),
);

describe('the envelope', () => {
  it('gives back what was sealed, at every length of its varint', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CODEC_NAMES),
        fc.nat(255),
        fc.oneof(fc.constantFrom(0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152), fc.nat(MAX_DECODED_BYTES)),
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme' }),
        (codec, number, length, payload, scope) => {
          const opened = open(seal({ scope, codec, dictionary: number, length, payload }), scope);
          expect(opened).toEqual({ codec, dictionary: number, length, payload: Buffer.from(payload) });
        },
      ),
    );
  });

  it('costs eight bytes on a value of one to sixteen kilobytes', () => {
    const payload = Buffer.from('abc');
    const sealed = seal({ scope: SCOPE, codec: 'zstd', dictionary: 7, length: 1000, payload });
    expect(sealed).toHaveLength(8 + payload.length);
    expect(sealed.subarray(0, 4)).toEqual(Buffer.from([0x12, 7, 0xe8, 0x07]));
  });

  it('refuses to seal what it could not name the length of', () => {
    const parts = { scope: SCOPE, codec: 'none', dictionary: 0, payload: Buffer.alloc(0) } as const;
    expect(() => seal({ ...parts, length: 2 ** 28 })).toThrow(RangeError);
    expect(open(seal({ ...parts, length: 2 ** 28 - 1 }), SCOPE, 2 ** 28)).toMatchObject({ length: 2 ** 28 - 1 });
  });

  it('is a miss under any other scope', () => {
    const [{ stored }] = written as [(typeof written)[number]];
    for (const scope of ['loc-2:lead:42', 'loc-1:contact:42', 'loc-1:lead:43', '']) {
      expect(open(stored, scope)).toEqual({ miss: 'checksum' });
    }
  });

  it('takes other versions, other codecs and longer varints than needed for foreign', () => {
    const [{ stored }] = written as [(typeof written)[number]];
    for (const byte of [0x22, 0x02, 0x15, 0x1f]) {
      const other = Buffer.from(stored);
      other[0] = byte;
      expect(open(other, SCOPE)).toEqual({ miss: 'foreign' });
    }
    for (const varint of [
      [0x81, 0x00],
      [0x80, 0x80, 0x80, 0x80, 0x01],
    ]) {
      expect(open(Buffer.from([0x10, 0, ...varint, 0, 0, 0, 0, 1]), SCOPE)).toEqual({ miss: 'foreign' });
    }
  });

  it.each(['{"id":1}', '[1,2,3,4,5,6]', '"text of someone else"', 'null', '-12345678.5', ''])(
    'takes %j for foreign, so that plain and sealed values can lie side by side',
    (text) => expect(open(Buffer.from(text), SCOPE)).toEqual({ miss: 'foreign' }),
  );
});

describe('reading', () => {
  it('gives back every value, whichever way it was written', async () => {
    const { values, misses } = counted();
    for (const { plain, stored } of written) {
      expect(values.read(stored, SCOPE, known)).toMatchObject({ bytes: plain });
      expect(await values.readLater(stored, SCOPE, known)).toMatchObject({ bytes: plain });
    }
    expect(misses).toEqual({});
    expect(new Set(written.map(({ stored }) => stored[0]! & 15)).size).toBe(CODEC_NAMES.length);
  });

  it('notices each of 20,000 mutations, and throws at none', () => {
    const { values, misses } = counted();
    const next = seeded(20_261_129);
    const undetected: string[] = [];
    let tried = 0;
    for (let round = 0; round < 20_000; round++) {
      const change = mutated(written[round % written.length]!.stored, next);
      if (change === undefined) continue;
      tried++;
      if (!('miss' in values.read(change, SCOPE, known))) undetected.push(change.toString('hex'));
    }
    expect(undetected).toEqual([]);
    expect(tried).toBeGreaterThan(19_000);
    const { checksum = 0, foreign = 0, 'too-long': long = 0, 'dictionary-absent': absent = 0 } = misses;
    expect(checksum + foreign + long + absent).toBe(tried);
    // A number that was changed names one which is not there.
    expect(absent).toBeLessThan(tried / 20);
  });

  it('is a miss for every cut, and for bytes of anybody', () => {
    const { values } = counted();
    for (const { stored } of written) {
      for (let end = 0; end < stored.length; end++) {
        if (!('miss' in values.read(stored.subarray(0, end), SCOPE, known))) throw new Error(`read ${end} bytes`);
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(values.read(Buffer.from(bytes), SCOPE, known)).toHaveProperty('miss');
      }),
      { numRuns: 5000 },
    );
  });

  it('never throws on hostile bytes whose checksum is right', async () => {
    const { values, misses } = counted();
    const next = seeded(3);
    let tried = 0;
    for (let round = 0; round < 10_000; round++) {
      const of = written[round % written.length]!;
      const scope = scopeWith(SCOPE, known(of.stored[1]!));
      const opened = open(of.stored, scope);
      if ('miss' in opened) throw new Error(opened.miss);
      const payload = mutated(opened.payload as Buffer, next);
      if (payload === undefined) continue;
      const forged = seal({ ...opened, scope, payload, length: next(2) ? opened.length : next(5000) });
      const read = round % 50 === 0 ? await values.readLater(forged, SCOPE, known) : values.read(forged, SCOPE, known);
      tried++;
      if (!('miss' in read) && read.bytes.length >= 5000) throw new Error('more than was claimed');
    }
    expect(tried).toBeGreaterThan(9000);
    expect(misses.corrupt).toBeGreaterThan(3000);
    expect(misses.checksum).toBeUndefined();
  });

  it('refuses what claims more than it takes, a gigabyte before all, without looking any further', () => {
    const { values, misses } = counted(1000);
    const gigabyte = Buffer.from([0x12, 0, 0x80, 0x80, 0x80, 0x80, 0x04, 0, 0, 0, 0, 1, 2, 3]);
    expect(values.read(gigabyte, SCOPE, known)).toEqual({ miss: 'foreign' });
    const most = seal({ scope: SCOPE, codec: 'zstd', dictionary: 0, length: 2 ** 28 - 1, payload: Buffer.from('abc') });
    expect(values.read(most, SCOPE, known)).toEqual({ miss: 'too-long' });
    const justFits = values.write(Buffer.alloc(1000, 'a'), SCOPE, { codec: 'zstd' });
    const tooLong = values.write(Buffer.alloc(1001, 'a'), SCOPE, { codec: 'zstd' });
    expect(values.read(justFits, SCOPE, known)).toMatchObject({ bytes: Buffer.alloc(1000, 'a') });
    expect(values.read(tooLong, SCOPE, known)).toEqual({ miss: 'too-long' });
    expect(misses).toEqual({ foreign: 1, 'too-long': 2 });
  });

  it('is a miss that names the dictionary which is not there', async () => {
    const { values, misses } = counted();
    const stored = values.write(sampleValue(9), SCOPE, { codec: 'zstd', dictionary });
    const nobody = () => undefined;
    expect(values.read(stored, SCOPE, nobody)).toEqual({ miss: 'dictionary-absent', dictionary: 7 });
    expect(await values.readLater(stored, SCOPE, nobody)).toEqual({ miss: 'dictionary-absent', dictionary: 7 });
    expect(misses).toEqual({ 'dictionary-absent': 2 });
  });

  it('is a miss where the number has come to name a dictionary of other content', () => {
    const { values, misses } = counted();
    const stored = values.write(sampleValue(9), SCOPE, { codec: 'zstd', dictionary });
    const other = sampleDictionary(7, 50_000);
    expect(values.read(stored, SCOPE, () => other)).toEqual({ miss: 'checksum' });
    expect(misses).toEqual({ checksum: 1 });
  });
});

describe('the checksum', () => {
  it('is the one of zlib, with and without native code, in one piece or in several', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'grapheme' }), (bytes, text) => {
        const whole = zlib.crc32(bytes, zlib.crc32(text));
        expect(crc32(bytes, crc32(text))).toBe(whole);
        expect(portableCrc32(bytes, portableCrc32(text))).toBe(whole);
        expect(headerCrc32(bytes, bytes.length, crc32(text))).toBe(whole);
      }),
    );
    expect(portableCrc32('123456789')).toBe(0xcbf43926);
  });
});
