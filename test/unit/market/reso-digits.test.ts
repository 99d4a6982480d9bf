import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../integrations/reso/digits.ts';

describe('JSON of a feed', () => {
  it('keeps every digit of a number that a binary one would round, as text', () => {
    const read = parseJson(
      '{"EntityEventSequence": 9223372036854775807, "ListPrice": 123456789012345678.91, "Latitude": 47.606209, "Huge":1e400}',
    );
    expect(read).toEqual({
      EntityEventSequence: '9223372036854775807',
      ListPrice: '123456789012345678.91',
      Latitude: 47.606209,
      Huge: '1e400',
    });
    expect(JSON.parse('9223372036854775807')).toBe(9223372036854776000);
  });

  it('leaves numbers in text alone, also beside numbers that it keeps', () => {
    const words = 'call :12345678901234567890, or "[98765432109876543210]" \\ at 3e5';
    const text = `{"PublicRemarks": ${JSON.stringify(words)}, "n": [12345678901234567890,-5, 0.5]}`;
    expect(parseJson(text)).toEqual({ PublicRemarks: words, n: ['12345678901234567890', -5, 0.5] });
  });

  it('refuses what is cut off', () => {
    expect(() => parseJson('{"value":[{"ListPrice": 12345678901234567890')).toThrow(SyntaxError);
  });

  it('reads whatever JSON can hold as JSON.parse does, but for numbers that would lose digits', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('gives every int64 back digit for digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (sequence) => {
        const { s } = parseJson(`{"s":${sequence.toString()}}`) as { readonly s: string | number };
        expect(String(s)).toBe(sequence.toString());
      }),
    );
  });
});
