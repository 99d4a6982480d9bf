import { describe, expect, it } from '@jest/globals';
import { auditText } from '../../../cli/model-audit.ts';
import { auditOf } from '../../../domain/scoring/card/audit.ts';
import { readDatasetSchema, readWithRefusals } from '../../../domain/scoring/data/dataset-schema.ts';
import type { Table } from '../../../domain/scoring/data/table.ts';
import { classifyCard } from '../../support/model-card.ts';
import { createRandom } from '../../support/random.ts';

const rows = 400;
const random = createRandom(31);
const visits = Float64Array.from({ length: rows }, () => random.below(100));
const labels = visits.map((count) => (random.chance(0.1 + count / 140) ? 1 : 0));
const table: Table = {
  rows,
  columns: {
    won: { kind: 'number', values: labels },
    visits: { kind: 'number', values: visits },
    // Typed in once the outcome was known.
    tag: {
      kind: 'category',
      values: Array.from(labels, (label) => (random.chance(0.95) === (label === 1) ? 'deal' : 'dead')),
    },
    // The old visit more often, so visits tell the age.
    age: { kind: 'number', values: visits.map((count) => (count > 50 ? 70 : 30) + (random.chance(0.1) ? 10 : 0)) },
  },
};

const document = {
  task: 'classify',
  label: 'won',
  positive: 'yes',
  decisionStage: 'capture',
  features: [
    { name: 'visits', type: 'number', knownAt: 'capture' },
    { name: 'tag', type: 'category', knownAt: 'outcome' },
    { name: 'age', type: 'number', knownAt: 'capture', sensitive: true },
  ],
};

describe('readWithRefusals', () => {
  it('leaves out by name what the model must not use, where the strict reader refuses the whole', () => {
    const { whole, admitted, refused } = readWithRefusals(document);
    expect(admitted.features.map(({ name }) => name)).toEqual(['visits']);
    expect(whole.features).toHaveLength(3);
    expect(refused.map(({ why }) => why)).toEqual([
      'tag is known at outcome and the model decides at capture',
      'age is sensitive and may not rank leads',
    ]);
    expect(() => readDatasetSchema(document)).toThrow(expect.objectContaining({ code: 'FEATURE_REFUSED' }));
  });
});

describe('auditOf', () => {
  const { admitted, refused } = readWithRefusals(document);
  const audit = auditOf(table, admitted, refused, 1);

  it('says what a column from after the outcome would have won', () => {
    const [tag] = audit.refused;
    expect(tag).toMatchObject({ name: 'tag', won: { figure: 'AUC' } });
    expect(tag!.won!.without).toBeLessThan(0.8);
    expect(tag!.won!.with).toBeGreaterThan(0.9);
  });

  it('says of a sensitive column how well the model’s own columns tell it, and who is put on top', () => {
    const { proxies, selection } = audit.fairness;
    expect(proxies.map(({ column, verdict }) => [column, verdict])).toEqual([['age', 'alarm']]);
    expect(proxies[0]!.auc).toBeGreaterThan(0.8);
    expect(selection.map(({ column, verdict }) => [column, verdict])).toEqual([['age', 'alarm']]);
    expect(selection[0]!.selected).toBeCloseTo(0.2, 12);
    const rates = new Map(selection[0]!.groups.map(({ level, rate }) => [level, rate]));
    expect(rates.get('70')!).toBeGreaterThan(3 * rates.get('30')!);
  });

  it('is the same each time, goes into a card, and is told in words', () => {
    expect(auditOf(table, admitted, refused, 1)).toEqual(audit);
    const text = auditText(classifyCard(audit));
    expect(text).toMatch(/tag is known at outcome .* AUC +0\.[67]\d\d +0\.9\d\d/);
    expect(text).toMatch(/age +\d+ +0\.[89]\d\d .* alarm/);
    expect(text).toMatch(/age: 30 .* alarm/);
    expect(auditText(classifyCard({ refused: [] }))).toBe('');
  });

  it('compares errors where values are estimated', () => {
    const values: Table = {
      rows,
      columns: { ...table.columns, price: { kind: 'number', values: visits.map((count, i) => 100 + count + (i % 7)) } },
    };
    const { admitted: schema, refused: later } = readWithRefusals({
      task: 'value',
      label: 'price',
      decisionStage: 'capture',
      features: [
        { name: 'age', type: 'number', knownAt: 'capture', sensitive: true },
        { name: 'visits', type: 'number', knownAt: 'contact' },
      ],
    });
    const { refused: leaks, fairness } = auditOf(values, schema, later, 1);
    expect(leaks.map(({ name, won }) => [name, won!.figure])).toEqual([['visits', 'median error']]);
    expect(leaks[0]!.won!.with).toBeLessThan(leaks[0]!.won!.without / 2);
    expect(fairness).toEqual({ proxies: [], selection: [] });
  });
});
