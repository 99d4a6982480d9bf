import { describe, expect, it } from '@jest/globals';
import { tracedLead, traceFeatures, traceOf } from '../../../domain/scoring/features/lead-features.ts';
import type { LeadHistory } from '../../../domain/scoring/features/lead-history.ts';
import { type FeatureValue, plainName } from '../../../domain/scoring/features/registry.ts';
import type { LeadModel } from '../../../domain/scoring/model-score.ts';
import { type OpenQuestion, questionsWorth } from '../../../domain/scoring/question.ts';
import { storedFacts } from '../../../domain/scoring/stored-facts.ts';
import { encodeRow } from '../../../domain/scoring/trainer/encoder.ts';
import { predictMargins } from '../../../domain/scoring/trainer/predict.ts';
import type { Tree } from '../../../domain/scoring/trainer/tree-model.ts';
import { voiceOf } from '../../../domain/scoring/voice.ts';

/** An answer tells more than its own feature: one question more is answered, and a budget comes near to the homes viewed or does not. */

const called = (plain: string): string => traceFeatures.findLast((feature) => plainName(feature) === plain)!;
/** Of a hundred rows so many go to the left, among them those without the feature. */
const stump = (column: number, threshold: number, force: number, left = 50): Tree => ({
  feature: Int32Array.of(column, -1, -1),
  threshold: Float32Array.of(threshold, 0, 0),
  missingLeft: Uint8Array.of(1, 0, 0),
  left: Int32Array.of(1, 0, 0),
  right: Int32Array.of(2, 0, 0),
  value: Float32Array.of(0, -force, force),
  cover: Float64Array.of(100, left, 100 - left),
});
const numbers = ['questionsAnswered', 'budgetFit', 'budget', 'viewedPrice'];
const modelOf = (...trees: readonly Tree[]): LeadModel => ({
  ...{ name: 'by hand', baseRate: 0.25, calibrator: { kind: 'platt', slope: 1, intercept: 0 } },
  trees: { objective: 'logistic', base: -1, features: 7, trees },
  encoder: {
    columns: [
      ...numbers.map((plain) => ({ kind: 'number', feature: called(plain) }) as const),
      { kind: 'is', feature: called('side'), level: 'buy', known: ['buy', 'sell'] },
      { kind: 'is', feature: called('moveTimeline'), level: 'soon', known: ['immediate', 'soon'] },
      { kind: 'is', feature: called('financingPlan'), level: 'yes', known: ['yes', 'no'] },
    ],
  },
});
const [ANSWERED, FIT, BUDGET, SIDE] = [0, 1, 2, 4];

const asOf = '2026-01-10T00:00:00.000Z';
const history: LeadHistory = {
  ...{ createdAt: '2026-01-01T00:00:00.000Z', source: null, answers: {}, messages: [], emails: [], appointments: [] },
  ...{ matches: [], deals: [] },
  behaviour: [{ at: '2026-01-02T00:00:00.000Z', kind: 'property.view', price: 400_000 }],
  since: { site: '2025-01-01T00:00:00.000Z', emails: null, appointments: null, matches: null },
};
const answered = (question: 'budget' | 'side', value: string | number): LeadHistory => ({
  ...history,
  answers: { [question]: { value, at: '2026-01-03T00:00:00.000Z', from: 'a text' } },
});

type Known = Readonly<Record<string, FeatureValue>>;
const leadOf = (of: LeadHistory): Known => {
  const values = traceOf(storedFacts(of, asOf, null), of);
  return tracedLead({ features: traceFeatures, values }, voiceOf(modelOf()).features);
};
const marginOf = ({ trees, encoder }: LeadModel, lead: Known): number =>
  predictMargins(
    trees,
    Array.from(encodeRow(encoder, lead), (cell) => Float32Array.of(cell)),
  )[0]!;
const worth = (model: LeadModel, lead = leadOf(history)): readonly OpenQuestion[] =>
  questionsWorth(model.trees, model.encoder, lead, { ask: voiceOf(model).askable, logOdds: (margin) => margin });
const movesOf = (model: LeadModel, feature: string, lead?: Known): number =>
  worth(model, lead).find((question) => question.feature === feature)?.moves ?? 0;

describe('what an answer tells', () => {
  const model = modelOf(
    ...[stump(ANSWERED, 0.5, 1), stump(FIT, 0.5, 0), stump(FIT, 0.8, 1, 75)],
    ...[stump(BUDGET, 300_000, 0.05), stump(SIDE, 0.5, 0.2)],
  );

  it('is as much as the score moves when it is told', () => {
    const before = marginOf(model, leadOf(history));
    const told = (budget: number): number => marginOf(model, leadOf(answered('budget', budget))) - before;
    expect([told(310_000), told(520_000), told(400_000)].map((moved) => moved.toFixed(3))).toEqual([
      '2.100',
      '2.100',
      '4.100',
    ]);
    // Fifty at least tell no budget; of the others half come no nearer than four fifths.
    expect(movesOf(model, 'budget')).toBeCloseTo(0.5 * 2.1 + 0.5 * 4.1, 5);
    expect(worth(model)[0]).toMatchObject({ feature: 'budget' });
  });

  it('is one question more that is answered, unless it is asked which side', () => {
    const counts = modelOf(stump(ANSWERED, 0.5, 1), stump(SIDE, 0.5, 0.2));
    expect(worth(counts).map(({ feature, moves }) => [feature, moves.toFixed(3)])).toEqual([
      ['budget', '2.000'],
      ['moveTimeline', '2.000'],
      ['financingPlan', '2.000'],
      ['side', '0.200'],
    ]);
    const side = marginOf(counts, leadOf(answered('side', 'buy'))) - marginOf(counts, leadOf(history));
    expect(side).toBeCloseTo(0.4, 5);
  });

  it('is no fit where no home was viewed, and nothing where it is known already', () => {
    const unseen = leadOf({ ...history, behaviour: [] });
    expect(movesOf(model, 'budget', unseen)).toBeCloseTo(2 + 0.1, 5);
    expect(movesOf(model, 'budget', leadOf(answered('budget', 1)))).toBe(0);
    expect(worth(modelOf(stump(SIDE, 0.5, 0.2))).map(({ feature }) => feature)).toEqual(['side']);
  });
});
