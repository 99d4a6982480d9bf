import { describe, expect, it } from '@jest/globals';
import { movesOn, SEEN_POINTS } from '../../../domain/scoring/moved.ts';

describe('a new score is for the lead’s own work', () => {
  it('where the tier becomes another, and where there was none', () => {
    expect(movesOn({ tier: 'warm' }, { tier: 'hot', value: 70 }, 69)).toBe(true);
    expect(movesOn(null, { tier: 'cold', value: 10 }, null)).toBe(true);
  });

  it('where the CRM shows one that is off by what people see, to either side', () => {
    const moves = (value: number, shown: number | null) => movesOn({ tier: 'warm' }, { tier: 'warm', value }, shown);
    expect([60 + SEEN_POINTS, 60 - SEEN_POINTS, 60 + SEEN_POINTS - 1, 60].map((value) => moves(value, 60))).toEqual([
      ...[true, true, false, false],
    ]);
    // As the field shows it: a whole number.
    expect(moves(64.5, 60)).toBe(true);
    expect(moves(64.4, 60)).toBe(false);
    expect(moves(90, null)).toBe(false);
  });
});
