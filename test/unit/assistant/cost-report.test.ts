import { describe, expect, it } from '@jest/globals';
import { costText } from '../../../cli/cost-text.ts';
import { costReport } from '../../../domain/assistant/cost-report.ts';
import type { CostRow } from '../../../domain/ports/model-ledger.ts';

const row = (change: Partial<CostRow> = {}): CostRow => ({
  ...{ day: '2026-11-02', model: 'claude-sonnet-5-5', job: 'draft', batch: false },
  ...{ attempts: 12, answered: 10, open: 0, settled: 0 },
  tokens: { input: 1_000, read: 90_000, write5m: 0, write1h: 9_000, output: 1_100 },
  ...{ billed: 50_000_000, maybe: 0, counterfactual: 200_000_000, misses: { 'first-call': 2 } },
  layers: {
    ...{ global: { calls: 10, read: 9 }, location: { calls: 10, read: 8 } },
    conversation: { calls: 10, read: 4 },
  },
  ...change,
});
const reading = row({
  ...{ model: 'claude-haiku-5-5', job: 'read', answered: 30, attempts: 30, billed: 10_000_000, maybe: 5_000_000 },
  ...{ counterfactual: 60_000_000, misses: { 'ttl-over': 3, 'first-call': 2 }, open: 1, settled: 2 },
  layers: { global: { calls: 30, read: 30 }, location: { calls: 0, read: 0 }, conversation: { calls: 0, read: 0 } },
});

describe('what calls cost', () => {
  it('is added up, what may be billed as paid, and counted for 1,000 replies with all that led to them', () => {
    const { total, rows } = costReport([row(), reading]);
    expect(rows.map(({ saving }) => saving)).toEqual([0.75, 0.75]);
    expect(total).toMatchObject({ billed: 60_000_000, maybe: 5_000_000, counterfactual: 260_000_000, replies: 10 });
    expect(total.saving).toBeCloseTo(0.75);
    // 65 thousandths of a dollar for ten replies.
    expect(total.perThousandReplies).toBe(6_500_000_000);
    expect(total.hits).toEqual({ global: 39 / 40, location: 0.8, conversation: 0.4 });
    expect(total.misses).toEqual({ 'first-call': 4, 'ttl-over': 3 });
  });

  it('of nothing is unknown where it would be divided by nothing', () => {
    expect(costReport([]).total).toMatchObject({ saving: null, perThousandReplies: null, replies: 0 });
  });

  it('is a table for people, with what is in doubt, under way and settled', () => {
    const said = costText({ colour: false }, { ...costReport([row(), reading]), locationId: null, days: 7 });
    expect(said).toContain('all locations, 7 days up to today (UTC)');
    expect(said).toMatch(/^DAY +MODEL +JOB +CALLS .* HITS +PAID +MAYBE +UNCACHED +SAVED$/m);
    expect(said).toMatch(/^2026-11-02 +claude-sonnet-5-5 +draft +12 .* 90\/80\/40 +\$0\.0500 +- +\$0\.2000 +75\.0 %$/m);
    expect(said).toMatch(
      /^2026-11-02 +claude-haiku-5-5 +read +30 .* 100\/-\/- +\$0\.0100 +\$0\.0050 +\$0\.0600 +75\.0 %$/m,
    );
    expect(said).toContain(
      'paid $0.0600, and up to $0.0050 that may be billed beside it; without caching $0.2600: saved 75.0 %',
    );
    expect(said).toContain('10 of them replies, $6.50 per 1,000 replies');
    expect(said).toContain('not found, because: first-call 4, ttl-over 3');
    expect(said).toContain('in no figure above: 1');
    expect(said).toContain("that the vendor's usage report settled: 2");
    const nothing = costText({ colour: false }, { ...costReport([]), locationId: 'loc-1', days: 1 });
    expect(nothing).toBe('no call of a language model: loc-1, today (UTC)\n');
  });
});
