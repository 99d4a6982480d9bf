import { describe, expect, it } from '@jest/globals';
import { leadSchema } from '../../../domain/scoring/lead-model.ts';
import { type LeadModel, scoreByModel, scoreLogOdds, weightsOf } from '../../../domain/scoring/model-score.ts';
import { answersOf, askedOf } from '../../../domain/scoring/answers.ts';
import { questionsWorth, rulesQuestions } from '../../../domain/scoring/question.ts';
import { explain, explanationKey, speaksFor, withReasons, wordsFor } from '../../../domain/scoring/reasons.ts';
import { leadFeatures } from '../../../domain/scoring/features/lead-features.ts';
import { scorecardFeatures } from '../../../domain/scoring/features/scorecard-features.ts';
import { type FeatureValue, signatureOf } from '../../../domain/scoring/features/registry.ts';
import { logOddsOf, scoreByRules } from '../../../domain/scoring/scorecard.ts';
import type { Score } from '../../../domain/scoring/score.ts';
import { budgetTells, scoreBy, spokenBy, spokenByRules, voiceOf } from '../../../domain/scoring/voice.ts';
import { numbersOf } from '../../../domain/scoring/data/table.ts';
import { encodeRow } from '../../../domain/scoring/trainer/encoder.ts';
import { predictMargins } from '../../../domain/scoring/trainer/predict.ts';
import { trainModel } from '../../../domain/scoring/trainer/train-model.ts';
import type { Tree } from '../../../domain/scoring/trainer/tree-model.ts';
import { examplesOf, madeUpLeads } from '../../support/closed-leads.ts';

type Lead = Readonly<Record<string, FeatureValue>>;

const { snapshots, outcomes } = madeUpLeads(800, { seed: 7, signal: 1 });
const { table } = examplesOf(snapshots, outcomes, { now: '2027-01-01T00:00:00.000Z', stage: 'contact' });
const trained = trainModel(table, leadSchema('contact'), {
  seed: 1,
  learner: { trees: 40, leaves: 6, learningRate: 0.2 },
});
const model: LeadModel = {
  name: 'leads-1',
  trees: trained.trees,
  encoder: trained.encoder,
  calibrator: trained.calibrator!,
  baseRate: 0.3,
};
const weights = weightsOf(model);

function marginOf(lead: Lead, { trees, encoder } = model): number {
  return predictMargins(
    trees,
    Array.from(encodeRow(encoder, lead), (value) => Float32Array.of(value)),
  )[0]!;
}

function scored(lead: Lead, by = model): Score {
  const answered = { lead, margin: marginOf(lead, by) };
  return withReasons(by, answered, scoreByModel(by, answered, weights));
}

/** What models call a feature. */
const called = (name: string): string => signatureOf(leadFeatures.filter((feature) => feature.name === name))[0]!;
const named = (lead: Lead): Lead =>
  Object.fromEntries(Object.entries(lead).map(([name, value]) => [called(name), value]));

const leads: readonly Lead[] = Array.from({ length: 60 }, (_, row) =>
  Object.fromEntries(
    Object.entries(table.columns).flatMap(([name, column]) => {
      const value = column.values[row] ?? null;
      return signatureOf(leadFeatures).includes(name)
        ? [[name, typeof value === 'number' && Number.isNaN(value) ? null : value]]
        : [];
    }),
  ),
);
const keen: Lead = { ...leads[0]!, ...named({ homesViewed: 19, moveTimeline: 'immediate', budget: 600_000 }) };

describe('a score by a trained model', () => {
  it('adds up: baseline and contributions are the log-odds, and those are the value', () => {
    for (const lead of leads) {
      const score = scored(lead);
      expect(Math.abs(logOddsOf(score) - scoreLogOdds(model, marginOf(lead)))).toBeLessThan(1e-9);
      expect(score.value).toBeCloseTo(100 / (1 + Math.exp(-logOddsOf(score))), 9);
    }
  });

  it('begins from the same baseline for every lead, where calibration is a line', () => {
    expect(model.calibrator.kind).toBe('platt');
    const baselines = leads.map((lead) => scored(lead).baseline);
    expect(Math.max(...baselines) - Math.min(...baselines)).toBeLessThan(1e-9);
  });

  it('adds up with steps of calibration as well, and keeps every sign', () => {
    const stepped: LeadModel = {
      ...model,
      calibrator: { kind: 'isotonic', thresholds: [-1, 0.5], values: [0.1, 0.3, 0.8] },
    };
    for (const lead of leads.slice(0, 20)) {
      const [line, steps] = [scored(lead), scored(lead, stepped)];
      expect(Math.abs(logOddsOf(steps) - scoreLogOdds(stepped, marginOf(lead)))).toBeLessThan(1e-9);
      const signs = ({ reasons }: Score) =>
        reasons.map(({ feature, contribution }) => [feature, Math.sign(contribution)]);
      expect(signs(steps)).toEqual(signs(line));
    }
  });

  it('has the higher value where the probability is higher, and 50 at the base rate', () => {
    const scores = leads.map((lead) => scored(lead)).sort((a, b) => a.probability! - b.probability!);
    const values = scores.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    for (const { value, probability } of scores) expect(value > 50).toBe(probability! > model.baseRate);
    const odds = (p: number): number => p / (1 - p);
    expect(odds(scores[0]!.value / 100)).toBeCloseTo(odds(scores[0]!.probability!) / odds(model.baseRate), 9);
  });

  it('is as complete as what its judgement rests on is known', () => {
    expect([...weights.values()].reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    expect(weights.get(called('homesViewed'))!).toBeGreaterThan(weights.get(called('searches'))!);
    const confidence = (lead: Lead): number => scored(lead).confidence;
    expect(confidence(keen)).toBeCloseTo(0.95, 1);
    expect(confidence({ ...keen, ...named({ homesViewed: null }) })).toBeLessThan(
      confidence({ ...keen, ...named({ searches: null }) }),
    );
    expect(confidence(Object.fromEntries(Object.keys(keen).map((name) => [name, null])))).toBe(0.3);
  });

  it('gives one reason for each feature that it was made of, strongest first', () => {
    const { reasons } = scored(keen);
    expect(new Set(reasons.map(({ feature }) => feature)).size).toBe(reasons.length);
    expect(reasons.map(({ feature }) => feature)).toContain('moveTimeline');
    const force = reasons.map(({ contribution }) => Math.abs(contribution));
    expect(force).toEqual(force.toSorted((a, b) => b - a));
  });

  it('is not explained by what a score must not know', () => {
    const columns = model.encoder.columns.map((column, i) => (i === 0 ? { ...column, feature: 'zipCode' } : column));
    const odd: LeadModel = { ...model, encoder: { columns } };
    expect(() => scored(keen, odd)).toThrow('the model looks at zipCode, which would tell a place');
  });
});

describe('explain', () => {
  it('says in words what raises and lowers a score', () => {
    const { raises, lowers } = explain(scored({ ...keen, ...named({ budget: null }) }));
    expect(raises).toEqual(expect.arrayContaining(['viewed homes 19 times', 'wants to move within a month']));
    expect(lowers.join()).toContain('not known: budget');
    expect(explain(scored({ ...keen, ...named({ homesViewed: 0 }) })).lowers).toContain('viewed homes 0 times');
  });

  it('says to whoever is to call only what is known and was done', () => {
    const reasons = [
      { feature: 'budget', value: null, contribution: 0.5 },
      { feature: 'messagesReceived', value: 0, contribution: 0.3 },
      { feature: 'homesViewed', value: 14, contribution: 0.2 },
    ];
    expect(speaksFor({ reasons })).toEqual(['viewed homes 14 times']);
    expect(explain({ reasons }).raises).toHaveLength(3);
  });

  it('has words for every feature, and a name where a model had others', () => {
    for (const { name, words } of [...scorecardFeatures, ...leadFeatures]) expect(wordsFor(name)).toBe(words);
    expect(wordsFor('moonPhase').say(3)).toBe('moonPhase: 3');
  });

  it('is the same for the same model and facts, and kept under both', () => {
    expect(scored(keen)).toEqual(scored({ ...keen }));
    expect(explanationKey('abc', [1, null, 'buy'])).toBe('abc [1,null,"buy"]');
  });
});

describe('the question worth most', () => {
  const worth = (lead: Lead, ask: readonly string[]) =>
    questionsWorth(model.trees, model.encoder, lead, {
      ask: ask.map((feature) => askedOf(model.trees, model.encoder, called(feature))),
      logOdds: (margin) => scoreLogOdds(model, margin),
    });
  const answersTo = (feature: string, lead: Lead) =>
    answersOf(askedOf(model.trees, model.encoder, called(feature)), encodeRow(model.encoder, lead));
  const unknown: Lead = { ...keen, ...named({ moveTimeline: null, budget: null, financingPlan: null }) };

  it('is of what is missing and moves the score, largest first', () => {
    const questions = worth(unknown, ['homesViewed', 'moveTimeline', 'budget', 'financingPlan']);
    expect(questions.map(({ feature }) => feature).toSorted()).toEqual(['budget', 'moveTimeline']);
    expect(questions[0]!.moves).toBeGreaterThanOrEqual(questions[1]!.moves);
    expect(worth({ ...unknown, ...named({ budget: 300_000 }) }, ['budget'])).toEqual([]);
  });

  /** One question more is answered, and the budget lies so near to the homes viewed. */
  const told = (feature: string, value: FeatureValue, fit?: number): Lead => ({
    ...unknown,
    ...named({ [feature]: value, questionsAnswered: Number(unknown[called('questionsAnswered')]) + 1 }),
    ...(fit === undefined ? {} : named({ budgetFit: fit })),
  });

  it('moves the score by the mean over all answers, asked one by one', () => {
    const now = scoreLogOdds(model, marginOf(unknown));
    for (const feature of ['moveTimeline', 'budget']) {
      const byHand = answersTo(feature, unknown).reduce(
        (sum, { value, weight, fit }) =>
          sum + weight * Math.abs(scoreLogOdds(model, marginOf(told(feature, value, fit))) - now),
        0,
      );
      expect(worth(unknown, [feature])[0]!.moves).toBeCloseTo(byHand, 9);
    }
  });

  it('weighs answers as the rows had them, and not by those who gave none', () => {
    const levels = answersTo('moveTimeline', unknown);
    expect(levels.map(({ value }) => value).toSorted()).toEqual(['exploring', 'immediate', 'soon']);
    for (const { weight } of levels) expect(Math.abs(weight - 1 / 3)).toBeLessThan(0.05);
    const budgets = answersTo('budget', unknown);
    expect(budgets.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    const known = [...numbersOf(table, called('budget'))].filter((value) => !Number.isNaN(value));
    let below = 0;
    for (const { value, weight } of budgets.slice(0, -1)) {
      below += weight;
      const share = known.filter((one) => one <= Number(value)).length / known.length;
      expect(Math.abs(below - share)).toBeLessThan(0.1);
    }
  });

  it('is worked out of one tree as by hand', () => {
    // 40 of 100 rows without a budget went left with 20 of the others.
    const tree: Tree = {
      feature: Int32Array.of(0, -1, -1),
      threshold: Float32Array.of(300, 0, 0),
      missingLeft: Uint8Array.of(0, 0, 0),
      left: Int32Array.of(1, 0, 0),
      right: Int32Array.of(2, 0, 0),
      value: Float32Array.of(0, -1, 1),
      cover: Float64Array.of(100, 20, 80),
    };
    const other: Tree = { ...tree, threshold: Float32Array.of(500, 0, 0), cover: Float64Array.of(100, 60, 40) };
    const trees = { objective: 'logistic', base: 0, features: 1, trees: [tree, other] } as const;
    const encoder = { columns: [{ kind: 'number', feature: 'budget' }] } as const;
    // Forty at least are missing: below 300 20/60, between 40/60, above none.
    const answers = answersOf(askedOf(trees, encoder, 'budget'), Float32Array.of(Number.NaN));
    expect(answers.map(({ value }) => value)).toEqual([300, 500, 1001]);
    answers.forEach(({ weight }, i) => expect(weight).toBeCloseTo([1 / 3, 2 / 3, 0][i]!, 9));
    const ask = [askedOf(trees, encoder, 'budget')];
    const [question] = questionsWorth(trees, encoder, { budget: null }, { ask, logOdds: (margin) => margin });
    // Unknown: +2. Up to 300: −2, up to 500: 0.
    expect(question!.moves).toBeCloseTo((1 / 3) * 4 + (2 / 3) * 2, 9);
  });

  it('takes a level that is asked for second for a share of those who bear another than the first', () => {
    const tree: Tree = {
      feature: Int32Array.of(0, 1, -1, -1, -1),
      threshold: Float32Array.of(0.5, 0.5, 0, 0, 0),
      missingLeft: Uint8Array.of(1, 1, 0, 0, 0),
      left: Int32Array.of(1, 3, 0, 0, 0),
      right: Int32Array.of(2, 4, 0, 0, 0),
      value: Float32Array.of(0, 0, 1, 2, 3),
      cover: Float64Array.of(100, 50, 50, 20, 30),
    };
    const known = ['immediate', 'soon', 'exploring'];
    const columns = known.map((level) => ({ kind: 'is', feature: 'moveTimeline', level, known }) as const);
    const asked = askedOf({ objective: 'logistic', base: 0, features: 3, trees: [tree] }, { columns }, 'moveTimeline');
    const answers = answersOf(asked, Float32Array.of(Number.NaN, Number.NaN, Number.NaN));
    expect(answers.map(({ value }) => value)).toEqual(known);
    answers.forEach(({ weight }, i) => expect(weight).toBeCloseTo([0.5, 0.3, 0.2][i]!, 9));
  });

  it('is asked by the rules only where an answer would change something', () => {
    const asOf = '2026-03-01T12:00:00.000Z';
    const asked = (facts: object) =>
      rulesQuestions(scoreByRules({ asOf, ...facts }), budgetTells(facts)).map(({ feature }) => feature);
    expect(asked({ viewedPrices: [400_000] })).toEqual(['budgetMatch', 'timeline', 'source']);
    expect(asked({})).toEqual(['timeline', 'source']);
    expect(asked({ timeline: 'asap', source: 'referral', budget: 1 })).toEqual([]);
    const [timeline] = rulesQuestions(scoreByRules({ asOf }), false);
    const moved = ['immediate', 'soon', 'exploring'].map((told) =>
      Math.abs(logOddsOf(scoreByRules({ asOf, timeline: told }))),
    );
    expect(timeline!.moves).toBeCloseTo(moved.reduce((sum, one) => sum + one, 0) / 3, 5);
    expect(scoreByRules({ asOf }).value).toBe(50);
  });
});

describe('all that can be said of a score', () => {
  it('is its score, its reasons and the question worth most', () => {
    const lead: Lead = { ...keen, ...named({ moveTimeline: null, budget: null }) };
    const answered = { lead, margin: marginOf(lead) };
    const { unsure: _, ...score } = spokenBy(voiceOf(model), answered);
    expect(score).toEqual(scored(lead));
    expect(scoreBy(voiceOf(model), answered)).toMatchObject({ value: score.value, reasons: [] });
    const nothing = Object.fromEntries(Object.keys(lead).map((name) => [name, null]));
    const questions = ['How soon would you like to move?', 'What price range do you have in mind?'];
    expect(questions).toContain(spokenBy(voiceOf(model), { lead: nothing, margin: marginOf(nothing) }).unsure!.ask);
  });

  it('is told of the rules as well', () => {
    const facts = { asOf: '2026-03-01T12:00:00.000Z', source: 'referral' };
    const score = scoreByRules(facts);
    expect(spokenByRules(score, false)).toEqual({
      ...score,
      unsure: { ask: 'How soon would you like to move?' },
    });
  });
});
