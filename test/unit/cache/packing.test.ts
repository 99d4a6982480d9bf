import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantOf, isoOf } from '../../../domain/cache/iso-instant.ts';
import { pack, type PackingSchema, unpack } from '../../../domain/cache/packing.ts';

const schema: PackingSchema = {
  version: 3,
  fields: {
    id: 'id',
    at: 'instant',
    phone: 'phone',
    price: 'dollars',
    name: 'text',
    count: 'number',
    human: 'boolean',
    tier: { words: ['hot', 'warm', 'cold'] },
    place: { fields: { city: 'text', latitude: 'number' } },
    tags: { list: 'text' },
    words: { list: 'label' },
    answers: { list: { fields: { at: 'instant' } } },
    custom: { names: 'id', each: 'text' },
    knownAt: { names: 'path', each: 'instant' },
  },
};

const names = [...Object.keys(schema.fields), 'other', '__proto__', 'constructor'];
const anything = fc.oneof(
  fc.jsonValue(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(-0),
  fc.string({ unit: 'binary' }),
);
const instants = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const letters = (set: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...set), minLength: length, maxLength: length });
const digits = '0123456789';
const base62 = `${digits}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`;
const ids = fc.oneof(
  letters(base62, 20),
  letters('0123456789abcdef', 24),
  fc.uuid(),
  letters('0123456789abcdefABCDEF', 24),
  letters(base62, 19),
);
const likely = fc.oneof(
  ...[ids, instants, anything, fc.constantFrom('hot', 'cold', 'Hot', '')],
  fc.tuple(fc.constantFrom('+', '', '00', '+0'), fc.nat({ max: 10 ** 15 })).map(([plus, number]) => `${plus}${number}`),
  fc.tuple(fc.nat(), fc.nat({ max: 120 })).map(([whole, cents]) => `${whole}.${cents}`),
  fc.array(fc.oneof(fc.constant(null), fc.string(), fc.record({ at: fc.oneof(instants, fc.jsonValue()) }))),
  fc.dictionary(
    fc.oneof(ids, fc.string({ unit: 'binary' }), fc.constant('__proto__')),
    fc.oneof(fc.string(), instants, fc.jsonValue()),
  ),
  fc.record(
    { city: fc.string(), latitude: fc.double({ min: -90, max: 90, noNaN: true }), more: anything },
    { requiredKeys: [] },
  ),
);
/** Made as JSON text makes it, so that `__proto__` is a field. */
const objects = fc
  .array(fc.tuple(fc.constantFrom(...names), likely), { maxLength: 16 })
  .map((entries): unknown => Object.fromEntries(entries));

/** Equal to the last bit: -0 is not 0, an absent field is not undefined. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  const [of, than] = [Object.keys(a).sort(), Object.keys(b).sort()];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    of.length === than.length &&
    of.every((name, at) => name === than[at] && same(Reflect.get(a, name), Reflect.get(b, name)))
  );
}

const packed = (value: unknown): Uint8Array => {
  const row = pack(value, schema);
  if (row === null) throw new Error('It was not packed.');
  return row.bytes;
};
const size = (value: unknown): number => packed(value).length - packed({}).length;

describe('a packed value', () => {
  it('comes back as it was, whatever its fields hold', () => {
    fc.assert(
      fc.property(objects, (value) => same(unpack(packed(value), schema), value)),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['absent and null', { name: null, tags: [null], custom: {} }],
    ['an empty text', { name: '', tags: [''], custom: { '': '' } }],
    ['a byte order mark and characters beyond the first plane', { name: '\ufeffJosé 🏡', tags: ['日本', 'ñ'] }],
    ['two halves of a surrogate pair side by side', { name: '\ud83d', tags: ['\udfe1'] }],
    ['half of a surrogate pair where it is JSON', { other: '\ud83d', at: '\ud83d' }],
    ['numbers at the ends', { count: -0, place: { latitude: 30.267153 }, other: [-0, 1e308, 2 ** 53, -(2 ** 50)] }],
    ['a number of no few digits', { count: 0.1 + 0.2, place: { latitude: -1e-7 } }],
    ['an id of other letters', { id: 'abcdefghij-bcdefghij', custom: { ABCDEF0123456789ABCDEF01: 'x' } }],
    ['an id with leading zeros', { id: '00000000000000000000', custom: { '000000000000000000000000': '' } }],
    ['an id of capital hex digits', { id: 'ABCDEF0123456789ABCDEF01' }],
    [
      'instants of other precision and offset',
      { at: '2026-11-29T01:02:03Z', knownAt: { a: '2026-11-29T01:02:03.004+02:00' } },
    ],
    ['instants far off', { at: '8256-05-31T11:14:10.380Z', knownAt: { a: '0000-01-01T00:00:00.000Z' } }],
    ['an instant that is none', { at: '2026-02-30T00:00:00.000Z' }],
    ['phones in other forms', { phone: '0049301234', knownAt: { phone: '(512) 555-0100' } }],
    ['the longest phone', { phone: '+549755813887' }],
    ['a phone that is longer', { phone: '+549755813888' }],
    ['a word that is not known', { tier: 'Hot' }],
    ['dollars in other forms', { price: '0425000.00', other: '425000.0' }],
    ['a field named __proto__', JSON.parse('{"__proto__":{"a":1},"custom":{"__proto__":"x"}}')],
    ['fields of another type', { id: 7, at: {}, phone: [], tier: 0, place: [], tags: {}, custom: [1], human: 'true' }],
  ])('keeps %s', (_, value: unknown) => {
    expect(same(unpack(packed(value), schema), value)).toBe(true);
  });

  it.each([
    ['an id of 20 letters', { id: 'zzzzzzzzzzzzzzzzzzzz' }, 15],
    ['an id of 24 hex digits', { id: '65f0aa11bb22cc33dd44ee55' }, 12],
    ['a UUID', { id: '0b5e4dc4-9a01-4d6b-a4f7-0c2f7d9c1e55' }, 16],
    ['an instant', { at: '2026-11-29T01:02:03.004Z' }, 5],
    ['a phone', { phone: '+15125550100' }, 4],
    ['a word', { tier: 'cold' }, 0],
    ['a small number', { count: 31 }, 0],
    ['degrees', { count: -97.743057 }, 4],
    ['dollars', { price: '425000.00' }, 2],
    ['null', { name: null }, 0],
  ])('has room for %s in as few bytes as it takes', (_, value, bytes) => {
    expect(size(value)).toBe(bytes);
  });

  it('tells in a byte what it has had before', () => {
    const [id, at] = ['zzzzzzzzzzzzzzzzzzzz', '2026-11-29T01:02:03.004Z'];
    expect(size({ id, custom: { [id]: null } }) - size({ id, custom: {} })).toBe(3);
    expect(size({ at, answers: [{ at }] })).toBe(size({ at, answers: [{ at: null }] }));
    expect(size({ words: ['a long label', 'a long label'] }) - size({ words: ['a long label'] })).toBe(1);
  });

  it('has its noise at its end, and as much of it as it says', () => {
    const row = (value: unknown) => pack(value, schema)!;
    const noise = ({ bytes, noise: count }: ReturnType<typeof row>) =>
      Buffer.from(bytes.subarray(bytes.length - count));
    const [id, other] = [row({ id: '00000000000000000000' }), row({ id: 'zzzzzzzzzzzzzzzzzzzz' })];
    expect([id.noise, other.noise, row({ name: 'x' }).noise, row({ phone: '+15125550100' }).noise]).toStrictEqual([
      15, 15, 0, 5,
    ]);
    expect(noise(id).equals(Buffer.alloc(15))).toBe(true);
    expect(noise(other).equals(Buffer.alloc(15))).toBe(false);
    expect(Buffer.compare(id.bytes.subarray(0, -15), other.bytes.subarray(0, -15))).toBe(0);
  });

  it.each(['id', 'label', 'instant'] as const)('knows more of each %s than it has places for', (type) => {
    const wide: PackingSchema = { version: 1, fields: { all: { list: type } } };
    const one = {
      id: (at: number) => String(at).padStart(20, 'a'),
      label: (at: number) => `label ${at}`,
      instant: (at: number) => new Date(at * 1e9).toISOString(),
    }[type];
    const all = Array.from({ length: 150 }, (_, at) => one(at));
    const value = { all: [...all, ...all.toReversed()] };
    expect(unpack(pack(value, wide)!.bytes, wide)).toStrictEqual(value);
  });

  it('leaves fields out that are undefined, as JSON does', () => {
    expect(unpack(packed({ name: undefined, other: undefined, tier: 'hot' }), schema)).toStrictEqual({ tier: 'hot' });
  });
});

describe('what cannot be packed', () => {
  it.each([
    ['no object', [null, 7, 'text', [], undefined, new Date(0), new Map()]],
    [
      'what JSON has no word for',
      [{ other: Number.NaN }, { tags: [undefined] }, { at: new Date(0) }, { name: 1n }, { count: Infinity }],
    ],
  ])('is told by null: %s', (_, values: unknown[]) => {
    for (const value of values) expect(pack(value, schema)).toBeNull();
  });

  it('is told by null where a text holds half of a surrogate pair', () => {
    expect(pack({ name: '\ud83d' }, schema)).toBeNull();
  });

  it('is told by null where it refers to itself', () => {
    const value: Record<string, unknown> = {};
    value['other'] = value;
    expect(pack(value, schema)).toBeNull();
  });
});

describe('bytes that were not packed by this schema', () => {
  it('are a miss when they are of another version', () => {
    expect(unpack(packed({ name: 'Ann' }), { ...schema, version: 4 })).toBeUndefined();
  });

  it('are a miss when they are cut short or longer', () => {
    const bytes = packed({
      id: 'a0000000000000000000',
      name: 'Ann',
      tags: ['a', 'b'],
      knownAt: { name: '2026-01-01T00:00:00.000Z' },
    });
    for (let length = 0; length < bytes.length; length += 1)
      expect(unpack(bytes.subarray(0, length), schema)).toBeUndefined();
    expect(unpack(Uint8Array.of(...bytes, 0), schema)).toBeUndefined();
  });

  it('never throw', () => {
    const hostile = fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.of(schema.version, ...bytes));
    fc.assert(
      fc.property(hostile, (bytes) => {
        unpack(bytes, schema);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throw when one bit of a value has flipped', () => {
    const bytes = packed({
      id: 'zzzzzzzzzzzzzzzzzzzz',
      tags: ['a'],
      answers: [{ at: null }],
      custom: { a: 'b' },
      other: [1],
    });
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(() => unpack(flipped, schema)).not.toThrow();
    }
  });

  it('are refused before room is made for what they claim', () => {
    // 2^21 elements in four bytes.
    const claim = [0x80, 0x80, 0x80, 0x01];
    const list: PackingSchema = { version: 3, fields: { tags: { list: 'text' } } };
    expect(unpack(Uint8Array.of(3, 0, 0b1, ...claim, 0, 0, 0, 0), list)).toBeUndefined();
    expect(unpack(Uint8Array.of(3, 0, 0b1, 4, 0, 1, 1, 1, 1), list)).toStrictEqual({ tags: [null, null, null, null] });
    // No element is absent, and there is no fourth sort of them.
    for (const sort of [0, 3]) expect(unpack(Uint8Array.of(3, 0, 0b1, 1, 0, sort), list)).toBeUndefined();
  });
});

describe('an instant by hand', () => {
  it('is what Date makes of it, and back', () => {
    const years = { min: new Date('0000-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z') };
    fc.assert(
      fc.property(fc.date({ ...years, noInvalidDate: true }), (date) => {
        expect(isoOf(date.getTime())).toBe(date.toISOString());
        expect(instantOf(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    '2026-02-29T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T00:00:0x.000Z',
    '2026-01-01 00:00:00.000Z',
  ])('is none: %s', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });
});
