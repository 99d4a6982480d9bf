import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tracedLead, traceFeatures, traceOf } from '../../../domain/scoring/features/lead-features.ts';
import { type LeadModel, scoreByMargin, scoreByModel } from '../../../domain/scoring/model-score.ts';
import { type Encoder, encodeRow } from '../../../domain/scoring/trainer/encoder.ts';
import { vectorColumns } from '../../../domain/scoring/vector-columns.ts';
import { packed } from '../../../domain/scoring/vector.ts';
import { anyFacts } from '../../support/random-facts.ts';
import { anyHistory } from '../../support/random-history.ts';

const source = 'leadSource@1';
const encoder: Encoder = {
  columns: [
    { kind: 'number', feature: 'homesViewed@1' },
    { kind: 'is', feature: source, level: 'referral', known: ['referral', 'portal'] },
    { kind: 'is', feature: 'side@1', level: null, known: [null, 'buy'] },
    {
      kind: 'mean',
      feature: source,
      levels: [
        ['referral', 0.5],
        [null, 0.25],
      ],
    },
    { kind: 'count', feature: source, levels: [['portal', 2.5]] },
    { kind: 'month', feature: 'daysKnown@1' },
    { kind: 'number', feature: 'budget@2' },
  ],
};
const looksAt = ['homesViewed@1', source, 'side@1', 'daysKnown@1', 'budget@2'];
const anyVector = fc.tuple(anyFacts, anyHistory).map(([facts, history]) => {
  const values = traceOf(facts, history);
  return { lead: tracedLead({ features: traceFeatures, values }, looksAt), vector: packed(values) };
});

describe('columns from stored vectors', () => {
  const columns = vectorColumns(encoder);

  it('are those that the unpacked values give, bit for bit, for one lead and for many', () => {
    fc.assert(
      fc.property(fc.array(anyVector, { minLength: 1, maxLength: 5 }), (many) => {
        const matrix = columns.matrix(many.map(({ vector }) => vector));
        expect(matrix).toEqual(Float32Array.from(many.flatMap(({ lead }) => [...encodeRow(encoder, lead)])));
        for (const { lead, vector } of many) expect(columns.lead(vector)).toEqual(lead);
      }),
    );
  });

  it('make the same score of a margin, whether the lead is told by its values or by its vector', () => {
    const model: LeadModel = {
      name: 'leads-1',
      trees: { objective: 'logistic', base: 0, features: 7, trees: [] },
      encoder,
      calibrator: { kind: 'platt', slope: 1.25, intercept: -0.5 },
      baseRate: 0.1,
    };
    const weights = new Map(looksAt.map((feature, i) => [feature, [0.1, 0.2, 0.3, 0.15, 0.25][i]!]));
    const known = columns.known(weights);
    fc.assert(
      fc.property(anyVector, fc.double({ min: -5, max: 5, noNaN: true }), ({ lead, vector }, margin) => {
        expect(scoreByMargin(model, margin, known(vector))).toEqual(scoreByModel(model, { lead, margin }, weights));
      }),
    );
  });

  it('are refused where the vectors lack a feature, or hold no word of one', () => {
    const other: Encoder = { columns: [{ kind: 'number', feature: 'homesViewed@2' }] };
    expect(() => vectorColumns(other)).toThrow('the stored facts lack homesViewed@2');
    const vector = packed(traceFeatures.map(() => null));
    vector[traceFeatures.indexOf(source)] = 8;
    expect(() => columns.matrix([vector])).toThrow('no word of leadSource@1');
  });
});
