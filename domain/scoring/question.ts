import { type FeatureValue, plainName } from './features/registry.ts';
import type { Score } from './score.ts';
import { neutral, steepness, weights } from './scorecard.ts';
import { type Encoder, encodeRow } from './trainer/encoder.ts';
import { type Answer, answersOf, type Asked } from './answers.ts';
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
      const answers = answersOf(asked, row);
      const told = answers.map((answer) => answered(asked, lead, row, answer));
      const [before, ...after] = marginsOf(asked.trees, [row, ...told]);
      const moves = answers.reduce(
        (sum, { weight }, i) => sum + weight * Math.abs(logOdds(margin - before! + after[i]!) - now),
        0,
      );
      return moves > 0 ? [{ feature: plainName(asked.feature), moves }] : [];
    })
    .sort((a, b) => b.moves - a.moves);
}

/** The row as it would be with this answer and all that follows from it. */
function answered(
  { feature, follows: { counted, fit, columns, encodings } }: Asked,
  lead: Readonly<Record<string, FeatureValue>>,
  row: Float32Array,
  { value, fit: near }: Answer,
): Float32Array {
  const count = counted === null ? null : (lead[counted] ?? null);
  const viewed = fit === null ? Number.NaN : row[fit.viewed]!;
  const share = near ?? Math.min(Number(value), viewed) / Math.max(Number(value), viewed);
  const known = {
    ...lead,
    ...{ [feature]: value },
    ...(counted === null || typeof count !== 'number' ? {} : { [counted]: count + 1 }),
    ...(fit === null || !(viewed > 0) ? {} : { [fit.asked.feature]: share }),
  };
  const told = row.slice();
  encodeRow({ columns: encodings }, known).forEach((cell, i) => (told[columns[i]!] = cell));
  return told;
}

function marginsOf(trees: readonly Tree[], rows: readonly Float32Array[]): Float64Array {
  const columns = Array.from(rows[0]!, (_, column) => Float32Array.from(rows, (row) => row[column]!));
  const margins = new Float64Array(rows.length);
  for (const tree of trees) addTree(tree, columns, margins);
  return margins;
}

/** What the rules may be told, by the values that their features can take; they learned from nobody, so each counts alike. */
const rulesAnswers: readonly OpenQuestion[] = (
  [
    ['budgetMatch', [0.5, 0.75, 1]],
    ['timeline', [1, 0.7, 0.3]],
    ['source', [1, 0.9, 0.6]],
  ] as const
)
  .map(([feature, values]) => {
    const told = values.map((value) => Math.abs(steepness * weights[feature] * (value - neutral)));
    return { feature, moves: told.reduce((sum, one) => sum + one, 0) / told.length };
  })
  .sort((a, b) => b.moves - a.moves);

/**
 * The same of the rules: a feature that is missing adds nothing, so an answer moves the log-odds by what it contributes.
 * @param budgetTells the price range is not known, and prices of homes that were viewed are: without them it changes nothing
 */
export function rulesQuestions({ reasons }: Pick<Score, 'reasons'>, budgetTells: boolean): readonly OpenQuestion[] {
  const missing = new Set(reasons.filter(({ value }) => value === null).map(({ feature }) => feature));
  return rulesAnswers.filter(({ feature }) => missing.has(feature) && (feature !== 'budgetMatch' || budgetTells));
}
