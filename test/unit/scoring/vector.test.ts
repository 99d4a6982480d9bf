import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { traceFeatures, traceOf } from '../../../domain/scoring/features/lead-features.ts';
import { packed, traceSet, unpacked } from '../../../domain/scoring/vector.ts';
import { anyFacts } from '../../support/random-facts.ts';
import { anyHistory } from '../../support/random-history.ts';

describe('a stored vector', () => {
  it('gives back the values that were packed, to the last bit', () => {
    fc.assert(
      fc.property(anyFacts, anyHistory, (facts, history) => {
        const values = traceOf(facts, history);
        const stored = { ...traceSet, ...(JSON.parse(JSON.stringify(traceSet)) as typeof traceSet) };
        expect(unpacked(packed(values), stored)).toEqual(values);
      }),
    );
  });

  it('keeps words by their place among the levels of its own time', () => {
    const set = { features: ['a@1', 'b@1'], levels: [['yes', 'no'], null] };
    expect([...packed(['no', 7], set)]).toEqual([1, 7]);
    expect(unpacked(Float32Array.of(1, 7), { ...set, levels: [['no', 'yes'], null] })).toEqual(['yes', 7]);
  });

  it('is refused where it cannot be of that set', () => {
    const set = { features: ['a@1'], levels: [['yes', 'no']] };
    expect(() => unpacked(Float32Array.of(1, 2), set)).toThrow('has 2 numbers, and its features are 1');
    expect(() => unpacked(Float32Array.of(2), set)).toThrow('no word of a@1');
    expect(() => packed(['perhaps'], set)).toThrow('none of the levels');
    expect(() => packed([], set)).toThrow('expected 1 values, got 0');
  });

  it('has the features of a trace', () => {
    expect(traceSet.features).toEqual(traceFeatures);
    expect(traceSet.levels).toHaveLength(traceFeatures.length);
  });
});
