import { describe, expect, it } from '@jest/globals';
import { fitLogistic, logisticMargins } from '../../../domain/scoring/trainer/logistic.ts';
import type { Columns } from '../../../domain/scoring/trainer/tree-model.ts';
import { createRandom } from '../../support/random.ts';

const chanceOf = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** Rows drawn from a known truth: log-odds = −1 + 2a − b, and a row without b has 0.7 instead of −b. */
function drawn(rows: number, seed: number): { columns: Columns; labels: Float32Array } {
  const random = createRandom(seed);
  const unit = (): number => random.below(1_000_000) / 1_000_000;
  const a = new Float32Array(rows);
  const b = new Float32Array(rows);
  const labels = new Float32Array(rows);
  for (let i = 0; i < rows; i += 1) {
    a[i] = 2 * unit() - 1;
    b[i] = unit() < 0.3 ? NaN : 5 + 3 * unit();
    labels[i] = unit() < chanceOf(-1 + 2 * a[i]! + (Number.isNaN(b[i]) ? 0.7 : 5 - b[i]!)) ? 1 : 0;
  }
  return { columns: [a, b], labels };
}

describe('fitLogistic', () => {
  it('finds the truth that rows were drawn from, missing values included', () => {
    const { columns, labels } = drawn(12_000, 7);
    const model = fitLogistic(columns, labels, { l2: 1e-3 });
    const [a, b] = model.terms;
    const margins = logisticMargins(model, [Float32Array.of(0, 0.5), Float32Array.of(5, NaN)]);
    const found = [a!.weight / a!.scale, b!.weight / b!.scale, ...margins];
    [2, -1, -1, -1 + 1 + 0.7].forEach((truth, i) => expect(Math.abs(found[i]! - truth)).toBeLessThan(0.2));
  });

  it('stands where no coefficient can be moved for the better', () => {
    const { columns, labels } = drawn(500, 8);
    const l2 = 2;
    const model = fitLogistic(columns, labels, { l2 });
    /** Penalised loss of the same model with one coefficient moved, computed from the columns anew. */
    const loss = (move: number, which: 'intercept' | number): number => {
      const terms = model.terms.map((term, j) => (j === which ? { ...term, weight: term.weight + move } : term));
      const intercept = model.intercept + (which === 'intercept' ? move : 0);
      const margins = logisticMargins({ intercept, terms }, columns);
      const said = labels.map((label, i) => -Math.log(chanceOf(label === 1 ? margins[i]! : -margins[i]!)));
      const penalty = terms.reduce((sum, term) => sum + (l2 / 2) * term.weight ** 2, 0);
      return said.reduce((sum, value) => sum + value, 0) + penalty;
    };
    for (const which of ['intercept', 0, 1] as const) {
      expect(loss(0.02, which)).toBeGreaterThan(loss(0, which));
      expect(loss(-0.02, which)).toBeGreaterThan(loss(0, which));
    }
  });

  it('says on average what the base rate is', () => {
    const { columns, labels } = drawn(2_000, 9);
    const margins = logisticMargins(fitLogistic(columns, labels, { l2: 1 }), columns);
    const said = margins.reduce((sum, margin) => sum + chanceOf(margin), 0) / labels.length;
    expect(said).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / labels.length, 8);
  });

  it('counts a row of weight two as two rows, and is the same each time', () => {
    const { columns, labels } = drawn(300, 10);
    const twice = columns.map((column) => Float32Array.from([...column, ...column.slice(0, 100)]));
    const copied = fitLogistic(twice, [...labels, ...labels.slice(0, 100)], { l2: 1 });
    const weighted = fitLogistic(columns, labels, { l2: 1, weights: labels.map((_, i) => (i < 100 ? 2 : 1)) });
    expect(weighted.intercept).toBeCloseTo(copied.intercept, 6);
    weighted.terms.forEach((term, i) => {
      expect(term.weight).toBeCloseTo(copied.terms[i]!.weight, 6);
      expect(term.missing).toBeCloseTo(copied.terms[i]!.missing, 6);
    });
    expect(fitLogistic(columns, labels, { l2: 1 })).toEqual(fitLogistic(columns, labels, { l2: 1 }));
    expect(JSON.parse(JSON.stringify(weighted))).toEqual(weighted);
  });

  it('stays bounded on data that one column separates, however light the penalty', () => {
    const column = Float32Array.from({ length: 100 }, (_, i) => i);
    const labels = column.map((value) => (value >= 50 ? 1 : 0));
    for (const l2 of [1, 1e-6]) {
      const model = fitLogistic([column], labels, { l2 });
      expect(Number.isFinite(model.intercept)).toBe(true);
      const margins = logisticMargins(model, [column]);
      expect(margins.every((margin, i) => Number.isFinite(margin) && margin > 0 === (labels[i] === 1))).toBe(true);
    }
  });

  it('is the base rate alone where labels are of one class', () => {
    const model = fitLogistic([Float32Array.of(1, 2, 3)], [1, 1, 1], { l2: 1 });
    const [margin] = logisticMargins(model, [Float32Array.of(99)]);
    expect(chanceOf(margin!)).toBeCloseTo(3.5 / 4, 12);
    expect(model.terms[0]!.weight).toBe(0);
  });

  it('lets constant, empty and doubled columns do no harm', () => {
    const { columns, labels } = drawn(400, 11);
    const constant = new Float32Array(400).fill(0.1);
    const empty = new Float32Array(400).fill(NaN);
    const plain = logisticMargins(fitLogistic(columns, labels, { l2: 1 }), columns);
    const more = [...columns, constant, empty];
    const model = fitLogistic(more, labels, { l2: 1 });
    expect(model.terms.slice(2).map(({ weight, missing }) => [weight, missing])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    logisticMargins(model, more).forEach((margin, i) => expect(margin).toBeCloseTo(plain[i]!, 9));
    // Of a weighted mean rounding leaves a difference to the constant; that is no variation.
    const rounded = fitLogistic([columns[0]!, constant], labels, {
      l2: 1,
      weights: labels.map((_, i) => 0.1 + i / 7e3),
    });
    expect(rounded.terms[1]).toMatchObject({ weight: 0, scale: 1 });
    const doubled = fitLogistic([columns[0]!, columns[0]!], labels, { l2: 1e-9 });
    expect(doubled.terms[0]!.weight).toBeCloseTo(doubled.terms[1]!.weight, 3);
  });

  it('takes what is not finite for missing', () => {
    const model = fitLogistic([Float32Array.of(1, 2, NaN, 4)], [0, 1, 1, 0], { l2: 1 });
    const [endless, missing] = logisticMargins(model, [Float32Array.of(Infinity, NaN)]);
    expect(endless).toBe(missing);
  });

  it.each<[string, () => unknown]>([
    ['no penalty', () => fitLogistic([Float32Array.of(1)], [1], { l2: 0 })],
    ['no rows', () => fitLogistic([new Float32Array(0)], [], { l2: 1 })],
    ['a label of neither class', () => fitLogistic([Float32Array.of(1)], [2], { l2: 1 })],
    ['a column too short', () => fitLogistic([Float32Array.of(1)], [1, 0], { l2: 1 })],
    ['a weight below 0', () => fitLogistic([Float32Array.of(1, 2)], [1, 0], { l2: 1, weights: [1, -1] })],
    ['a row of other columns', () => logisticMargins({ intercept: 0, terms: [] }, [Float32Array.of(1)])],
  ])('refuses %s', (_what, ask) => {
    expect(ask).toThrow(RangeError);
  });
});
