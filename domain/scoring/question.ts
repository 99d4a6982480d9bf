import { extractFeatures, type FeatureName, featureNames } from './features.ts';
import { type FeatureValue, plainName } from './features/registry.ts';
import type { ScoreFacts } from './score.ts';
import { logOddsOf, scoreByRules } from './scorecard.ts';
import { type Encoder, encodeRow, featuresOf } from './trainer/encoder.ts';
import { addTree } from './trainer/predict.ts';
import type { Tree, TreeModel } from './trainer/tree-model.ts';

/** What a feature may turn out to be, and how likely each value is; the weights add up to one. */
export type Answers = readonly { readonly value: number | string; readonly weight: number }[];

/** Something that is not known of a lead, and by how much its answer would move the score: the mean of |change|, in log-odds. */
export interface OpenQuestion {
  readonly feature: string;
  readonly moves: number;
}

/** A feature that a person can be asked about, as far as a model depends on it; made once for a model. */
export interface Askable {
  readonly feature: string;
  readonly columns: readonly number[];
  /** The trees that ask for it; the others say the same whatever the answer is. */
  readonly trees: readonly Tree[];
  readonly answers: Answers;
}

export function askablesOf(model: TreeModel, encoder: Encoder, features: readonly string[]): readonly Askable[] {
  return features.map((feature) => {
    const columns = columnsOf(encoder, feature);
    const trees = model.trees.filter((tree) => tree.feature.some((column) => columns.includes(column)));
    return { feature, columns, trees, answers: answersOf(model, encoder, feature) };
  });
}

/**
 * What is worth asking first: for each missing feature the mean change of the log-odds when it became known, largest first. Answers are as
 * likely as they were among the rows that the trees were grown on. What would change nothing is left out.
 * @param logOdds from a margin, for a model whose margin is calibrated
 */
export function questionsWorth(
  { trees, base }: TreeModel,
  encoder: Encoder,
  lead: Readonly<Record<string, FeatureValue>>,
  { ask, logOdds }: { readonly ask: readonly Askable[]; readonly logOdds: (margin: number) => number },
): readonly OpenQuestion[] {
  const row = encodeRow(encoder, lead);
  const margin = marginsOf(trees, [row])[0]! + base;
  const now = logOdds(margin);
  return ask
    .filter(({ feature, answers }) => (lead[feature] ?? null) === null && answers.length > 0)
    .flatMap(({ feature, columns, trees: asking, answers }) => {
      const own = { columns: columns.map((column) => encoder.columns[column]!) };
      const told = answers.map(({ value }) => {
        const answered = row.slice();
        encodeRow(own, { ...lead, [feature]: value }).forEach((cell, i) => (answered[columns[i]!] = cell));
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

/** The answers to a feature that trees tell apart, by how many of their rows went which way. */
export function answersOf(model: TreeModel, encoder: Encoder, feature: string): Answers {
  const columns = columnsOf(encoder, feature);
  const [first] = columns;
  if (first === undefined) return [];
  const encoding = encoder.columns[first]!;
  if (encoding.kind === 'number') return numbersOf(splitsOf(model, first));
  const levels = columns.flatMap((column) => {
    const of = encoder.columns[column]!;
    if (of.kind === 'count') return of.levels.map(([level, log]) => ({ level, weight: Math.expm1(log) }));
    if (of.kind !== 'is') return [];
    return [{ level: of.level, weight: shareAbove(splitsOf(model, column)) }];
  });
  return levelsOf(levels, encoding.kind === 'is' ? encoding.known : []);
}

function columnsOf(encoder: Encoder, feature: string): readonly number[] {
  return encoder.columns.flatMap((encoding, column) => (featuresOf(encoding).includes(feature) ? [column] : []));
}

interface Split {
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Share of its rows that went left, and their number. */
  readonly left: number;
  readonly cover: number;
}

function splitsOf({ trees }: TreeModel, column: number): readonly Split[] {
  const splits: Split[] = [];
  for (const { feature, threshold, missingLeft, left, cover } of trees) {
    for (let node = 0; node < feature.length; node += 1) {
      if (feature[node] !== column || !(cover[node]! > 0)) continue;
      splits.push({
        threshold: threshold[node]!,
        missingLeft: missingLeft[node] === 1,
        left: cover[left[node]!]! / cover[node]!,
        cover: cover[node]!,
      });
    }
  }
  return splits;
}

/**
 * The spaces between thresholds, each by the share of rows in it. Rows without the feature went one way with others; the least share that
 * ever went the way of the missing is taken for theirs and left out, since an answer is never "missing".
 */
function numbersOf(splits: readonly Split[]): Answers {
  if (splits.length === 0) return [];
  const heaviest = Math.max(...splits.map(({ cover }) => cover));
  const heavy = splits.filter(({ cover }) => cover >= heaviest / 10);
  const missing = Math.min(...heavy.map(({ missingLeft, left }) => (missingLeft ? left : 1 - left)));
  if (missing >= 1) return [];
  const at = new Map<number, { below: number; cover: number }>();
  for (const { threshold, missingLeft, left, cover } of splits) {
    const share = Math.min(1, Math.max(0, (left - (missingLeft ? missing : 0)) / (1 - missing)));
    const sum = at.get(threshold) ?? { below: 0, cover: 0 };
    at.set(threshold, { below: sum.below + share * cover, cover: sum.cover + cover });
  }
  const thresholds = [...at.keys()].sort((a, b) => a - b);
  const answers: { value: number; weight: number }[] = [];
  let passed = 0;
  for (const threshold of thresholds) {
    const { below, cover } = at.get(threshold)!;
    const share = Math.max(passed, below / cover);
    answers.push({ value: threshold, weight: share - passed });
    passed = share;
  }
  return [...answers, { value: beyond(thresholds.at(-1)!), weight: 1 - passed }];
}

function beyond(threshold: number): number {
  return threshold + Math.abs(threshold) + 1;
}

/** Share of the rows that bear a level, of a column that is 1 where they do and 0 where they do not; null: no tree asks for it. */
function shareAbove(splits: readonly Split[]): number | null {
  const cover = splits.reduce((sum, split) => sum + split.cover, 0);
  return cover === 0 ? null : splits.reduce((sum, { left, cover: rows }) => sum + (1 - left) * rows, 0) / cover;
}

/** Levels that no tree asks about are alike to the model: they share what the others leave. */
function levelsOf(
  asked: readonly { readonly level: string | null; readonly weight: number | null }[],
  known: readonly (string | null)[],
): Answers {
  const weights = new Map<string | null, number | null>(known.map((level) => [level, null]));
  for (const { level, weight } of asked) weights.set(level, weight);
  const told = [...weights.values()].reduce<number>((sum, weight) => sum + (weight ?? 0), 0);
  const untold = [...weights.values()].filter((weight) => weight === null).length;
  const rest = untold === 0 ? 0 : Math.max(0, 1 - told) / untold;
  const answers = [...weights].flatMap(([level, weight]) =>
    level === null ? [] : [{ value: level, weight: weight ?? rest }],
  );
  const all = answers.reduce((sum, { weight }) => sum + weight, 0);
  return all === 0 ? [] : answers.map(({ value, weight }) => ({ value, weight: weight / all }));
}
