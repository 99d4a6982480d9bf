import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../../cli/main.ts';
import { explanationsApart, rowsThatDiffer, servedAgainstTrained } from '../../../cli/model-agreement.ts';
import { type TrialModel, trialModel } from '../../../cli/trial-models.ts';
import type { Scored, Scoring, TreeScorer } from '../../../domain/ports/scoring.ts';
import { openScoring } from '../../../platform/scoring.ts';
import { createLogger } from '../../../platform/logger.ts';

let model: TrialModel;
let scoring: Scoring;
let scorer: TreeScorer;
let whole: Scored;

beforeAll(async () => {
  model = await trialModel('king-county-sales', 10);
  scoring = openScoring(createLogger({ level: 'fatal' }));
  scorer = await scoring.open(model.bytes, model.expected);
  whole = await scorer.score(model.matrix, model.rows);
});
afterAll(() => scoring.close());

/** What was served, with another margin in one row. */
function withMargin(row: number, value: number): Scored {
  return { ...whole, margin: whole.margin.map((own, at) => (at === row ? value : own)) };
}

/** The last bit of a number the other way round. */
function otherBit(value: number): number {
  const bits = new BigUint64Array(Float64Array.of(value).buffer);
  bits[0]! ^= 1n;
  return new Float64Array(bits.buffer)[0]!;
}

describe('what validate ml compares', () => {
  it('finds served and trained the same in every row, and a row that is not', () => {
    expect(model.rows).toBe(17_290);
    expect(servedAgainstTrained(model, whole)).toBeLessThanOrEqual(5e-6);
    expect(servedAgainstTrained(model, withMargin(17_289, whole.margin[17_289]! + 1e-4))).toBeGreaterThan(5e-6);
    expect(servedAgainstTrained(model, withMargin(0, Number.NaN))).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds every bit the same in chunks of any size, and one bit that is not', async () => {
    const chunked = { whole, chunk: 7, rows: 100 };
    expect(await rowsThatDiffer(model, scorer, chunked)).toBe(0);
    const turned = withMargin(99, otherBit(whole.margin[99]!));
    expect(await rowsThatDiffer(model, scorer, { ...chunked, whole: turned })).toBe(1);
  });

  it('finds explanations that add up to what was served, and one that does not', () => {
    expect(explanationsApart(model, whole, 50)).toBeLessThanOrEqual(1e-6);
    expect(explanationsApart(model, withMargin(0, whole.margin[0]! + 1e-5), 50)).toBeGreaterThan(1e-6);
    expect(explanationsApart(model, withMargin(0, Number.NaN), 50)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('leadwright validate', () => {
  it.each([
    ['0 leads', ['ml', '--batch-size', '0']],
    ['no number', ['ml', '--batch-size', 'many']],
    ['a part that is not judged yet', ['market']],
  ])('refuses %s', async (_what, args) => {
    let said = '';
    const code = await main(['validate', ...args], {
      out: () => {},
      err: (text) => (said += text),
      terminal: false,
      colour: false,
      env: {},
      cwd: '.',
    });
    expect([code, said]).toEqual([2, expect.stringMatching(/batch-size|market/)]);
  });
});
