import { extractFeatures, type FeatureName, featureNames } from './features.ts';
import { type FeatureValue, plainName } from './features/registry.ts';
import type { ScoreFacts } from './score.ts';
import { logOddsOf, scoreByRules } from './scorecard.ts';
import { type Encoder, encodeRow } from './trainer/encoder.ts';
import { answersOf, type Asked } from './answers.ts';
import { addTree } from './trainer/predict.ts';
import type { Tree, TreeModel } from './trainer/tree-model.ts';

/** Something that is not known of a lead, and by how much its answer would move the score: the mean of |change|, in log-odds. */
export interface OpenQuestion {
  readonly feature: string;
  readonly moves: number;
}

/**
 * What is worth asking first: for each missing feature the mean change of the log-odds when it became known, largest first. Answers are as
 * likely as they were among rows like this one. What would change nothing is left out.
 * @param ask     features that a person can be asked about
 * @param logOdds from a margin, for a model whose margin is calibrated
 */
export function questionsWorth(
  { trees, base }: TreeModel,
  encoder: Encoder,
  lead: Readonly<Record<string, FeatureValue>>,
  { ask, logOdds }: { readonly ask: readonly Asked[]; readonly logOdds: (margin: number) => number },
): readonly OpenQuestion[] {
  const row = encodeRow(encoder, lead);
  const margin = marginsOf(trees, [row])[0]! + base;
  const now = logOdds(margin);
  return ask
    .filter(({ feature }) => (lead[feature] ?? null) === null)
    .flatMap((asked) => {
      const { feature, columns, trees: asking } = asked;
      const answers = answersOf(asked, row);
      const told = answers.map(({ value }) => {
        const answered = row.slice();
        const cells = encodeRow({ columns: asked.encodings }, { ...lead, [feature]: value });
        cells.forEach((cell, i) => (answered[columns[i]!] = cell));
        return answered;
      });
      const [before, ...after] = marginsOf(asking, [row, ...told]);
      const moves = answers.reduce(
        (sum, { weight }, i) => sum + weight * Math.abs(logOdds(margin - before! + after[i]!) - now),
        0,
      );
      return moves > 0 ? [{ feature: plainName(feature), moves }] : [];
    })
    .sort((a, b) => b.moves - a.moves);
}

function marginsOf(trees: readonly Tree[], rows: readonly Float32Array[]): Float64Array {
  const columns = Array.from(rows[0]!, (_, column) => Float32Array.from(rows, (row) => row[column]!));
  const margins = new Float64Array(rows.length);
  for (const tree of trees) addTree(tree, columns, margins);
  return margins;
}

/**
 * The same of the rules. They learned from nobody, so each answer that they tell apart counts alike. Whether the price range is worth asking
 * for depends on the homes that were viewed: without any it changes nothing.
 */
export function rulesQuestions(facts: ScoreFacts): readonly OpenQuestion[] {
  const features = extractFeatures(facts);
  const now = logOddsOf(scoreByRules(facts));
  const prices = (facts.viewedPrices ?? []).filter((price) => price > 0);
  const viewed = prices.reduce((sum, price) => sum + price / prices.length, 0);
  const budgets = facts.budget === undefined ? [0.5, 0.75, 1].map((share) => ({ budget: share * viewed })) : [];
  const answers: Partial<Record<FeatureName, readonly Partial<ScoreFacts>[]>> = {
    budgetMatch: budgets,
    timeline: ['immediate', 'soon', 'exploring'].map((timeline) => ({ timeline })),
    source: ['referral', 'organic', 'paid'].map((source) => ({ source })),
  };
  return featureNames
    .filter((feature) => features[feature] === null)
    .flatMap((feature) => {
      const told = (answers[feature] ?? []).map((answer) => logOddsOf(scoreByRules({ ...facts, ...answer })));
      const moves = told.reduce((sum, logOdds) => sum + Math.abs(logOdds - now) / told.length, 0);
      return moves > 0 ? [{ feature, moves }] : [];
    })
    .sort((a, b) => b.moves - a.moves);
}
