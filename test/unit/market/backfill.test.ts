import { describe, expect, it } from '@jest/globals';
import { monthOf, monthsToFill } from '../../../domain/market/backfill.ts';

const NOW = '2026-02-10T09:00:00.000Z';

describe('the months of a backfill', () => {
  it('begin with the running month and leave out what is filled', () => {
    const months = monthsToFill('2025-11', NOW, ['2026-01']);
    expect(months.map(({ month }) => month)).toEqual(['2026-02', '2025-12', '2025-11']);
  });

  it('lie side by side', () => {
    const months = monthsToFill('2024-01', NOW, []);
    expect(months).toHaveLength(26);
    for (const [index, { changedFrom }] of months.slice(0, -1).entries()) {
      expect(months[index + 1]?.changedBefore).toBe(changedFrom);
    }
  });

  it('know December and leap years', () => {
    expect(monthOf('2025-12').changedBefore).toBe('2026-01-01T00:00:00.000Z');
    expect(monthOf('2024-02')).toEqual({
      month: '2024-02',
      changedFrom: '2024-02-01T00:00:00.000Z',
      changedBefore: '2024-03-01T00:00:00.000Z',
    });
  });

  it('are none where the oldest is to come', () => {
    expect(monthsToFill('2026-03', NOW, [])).toEqual([]);
  });

  it.each(['2026-13', '2026-1', '2026', 'x'])('refuse %s', (month) => {
    expect(() => monthOf(month)).toThrow('expected a month');
  });
});
