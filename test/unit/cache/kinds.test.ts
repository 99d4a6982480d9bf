import { describe, expect, it } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import type { Kind } from '../../../domain/cache/cache.ts';
import type { Packed } from '../../../domain/cache/packing.ts';
import { readPlain, writePlain } from '../../../integrations/cache/plain-form.ts';
import { cacheKinds } from '../../../platform/cache-kinds.ts';

/** What nobody means and somebody sends: letters of all planes, halves of pairs, nothing, much, numbers at the ends of what they can be. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\0', '\ufeff', '\ud83d', '\udc00', 'ñ 🏡 日本', 'null', '__proto__', 'x'.repeat(5000)),
);
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 0, 1e308, 5e-324, 2 ** 53, -(2 ** 53) - 2, 0.1 + 0.2, Number.MAX_SAFE_INTEGER),
);
const instants = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-11-29T01:02:03Z', '2026-11-29T01:02:03.004+05:30', '2026-03-01', '0001-01-01T00:00:00.000Z'),
  fc.constantFrom('9999-12-31T23:59:59.999Z', '+012026-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z', 'infinity'),
);
const phones = fc.constantFrom('+15125550100', '+4915112345678', '(512) 555-0100', '0049301234', '+549755813888', '+0');
const ids = fc.oneof(
  fc.uuid(),
  fc.constantFrom('uW7kHs2PqXn4TzLb9cVe', '65f0aa11bb22cc33dd44ee55', '00000000000000000000'),
);
const anything = fc.oneof({ maxDepth: 2 }, texts, numbers, fc.jsonValue(), fc.constant(null), fc.boolean());

const scalars: Readonly<Record<string, Arbitrary<unknown>>> = {
  ...{ text: texts, number: numbers, instant: instants, phone: phones, id: ids, boolean: fc.boolean() },
  dollars: fc.constantFrom('0.01', '999999999999.99', '425000.00', '00.10', '-1.00', '1.5', '99999999999999.99'),
  label: fc.oneof(texts, fc.constantFrom('inbound', 'sms', 'price-change')),
  path: fc.oneof(texts, fc.constantFrom('phone', 'customFields.uW7kHs2PqXn4TzLb9cVe', 'customFields.', '.')),
};

/** What a field is expected to be as a rule, and now and then anything else. */
function valuesOf(packed: Packed): Arbitrary<unknown> {
  const rule = ((): Arbitrary<unknown> => {
    if (typeof packed === 'string') return scalars[packed] ?? texts;
    if ('words' in packed) return fc.constantFrom(...packed.words, packed.words[0]!.toUpperCase());
    if ('list' in packed) return fc.array(valuesOf(packed.list), { maxLength: 4 });
    if ('names' in packed) return fc.dictionary(fc.oneof(ids, texts), valuesOf(packed.each), { maxKeys: 4 });
    return recordOf(Object.fromEntries(Object.entries(packed.fields).map(([name, of]) => [name, valuesOf(of)])));
  })();
  return fc.oneof(
    { weight: 8, arbitrary: rule },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: anything },
  );
}

/** Any of the fields may be absent, and one more be there. */
const recordOf = (fields: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<unknown> =>
  fc.record({ ...fields, unheardOf: anything }, { requiredKeys: [] });

/** Of kinds that are kept as JSON. */
const asJson: Readonly<Record<string, Arbitrary<unknown>>> = {
  vector: recordOf({
    version: texts,
    value: recordOf({
      scoredAt: instants,
      score: recordOf({ value: numbers, probability: numbers, confidence: numbers, tier: texts }),
      trace: recordOf({ features: fc.array(texts), values: fc.array(fc.oneof(numbers, texts, fc.constant(null))) }),
    }),
  }),
  pipelines: fc.array(recordOf({ id: ids, name: texts, stages: fc.array(recordOf({ id: ids, name: texts })) })),
  'field-ids': recordOf({ ids: fc.dictionary(texts, ids), readAt: numbers }),
};

const values = (kind: Kind): Arbitrary<unknown> => {
  if (kind.schema === undefined) return asJson[kind.name] ?? anything;
  return valuesOf({ fields: kind.schema.fields });
};

/** Equal to the last bit: -0 is not 0, and an absent field is not null. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  const [of, than] = [Object.keys(a).sort(), Object.keys(b).sort()];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    of.length === than.length &&
    of.every((name, at) => name === than[at] && same(Reflect.get(a, name), Reflect.get(b, name)))
  );
}

const NOW = Date.parse('2026-11-29T00:00:00Z');

describe.each(cacheKinds.map((kind: Kind) => ({ name: kind.name, kind })))('a value of the kind $name', ({ kind }) => {
  it('comes out as it went in, whatever it holds', () => {
    fc.assert(
      fc.property(values(kind), fc.nat({ max: 10 ** 9 }), fc.nat({ max: 10 ** 9 }), (value, fresh, stale) => {
        const entry = { value, freshUntil: NOW + fresh, until: NOW + fresh + stale };
        const { bytes } = writePlain(entry, kind.schema, NOW);
        const read = readPlain(Buffer.from(bytes), kind.schema);
        // JSON, in which a value of no schema is told, and one that does not fit its own, writes -0 as 0.
        const told: unknown = JSON.parse(JSON.stringify(value));
        expect(same(read?.value, value) || same(read?.value, told)).toBe(true);
        expect(read!.until).toBeLessThanOrEqual(entry.until);
        expect(read!.until).toBeGreaterThan(entry.until - 1000);
      }),
      { numRuns: 300 },
    );
  });

  it('has a sample of its own here', () => {
    expect(kind.schema !== undefined || kind.name in asJson).toBe(true);
  });
});
