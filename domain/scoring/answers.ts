import { plainName } from './features/registry.ts';
import { type Encoder, type Encoding, featuresOf } from './trainer/encoder.ts';
import type { Tree, TreeModel } from './trainer/tree-model.ts';

/** What a feature may turn out to be, and how likely each value is; the weights add up to one. */
export type Answers = readonly Answer[];

export interface Answer {
  readonly value: number | string;
  readonly weight: number;
  /** Of a budget: how near it comes to the prices viewed, where that is told as well. */
  readonly fit?: number;
}

/** A feature as a model asks for it; made once for a model. */
export interface Asked {
  readonly feature: string;
  readonly columns: readonly number[];
  readonly encodings: readonly Encoding[];
  /** The trees that ask for it or for what follows from it; the others say the same whatever the answer is. */
  readonly trees: readonly Tree[];
  readonly follows: Follows;
}

/** What else an answer tells, as far as the model looks at it. */
interface Follows {
  /** How many of our questions are answered: one more. */
  readonly counted: string | null;
  /** How near a budget comes to the price of the homes viewed. */
  readonly fit: { readonly asked: Asked; readonly viewed: number } | null;
  /** All columns that an answer changes, those of the feature among them. */
  readonly columns: readonly number[];
  readonly encodings: readonly Encoding[];
}

/** Features that an answer to one of our questions is read into. */
const counting: readonly string[] = ['budget', 'moveTimeline', 'financingPlan'];

export function askedOf(model: TreeModel, encoder: Encoder, feature: string): Asked {
  const columns = columnsOf(encoder, feature);
  const counted = counting.includes(plainName(feature)) ? calledIn(encoder, 'questionsAnswered') : null;
  const fit = plainName(feature) === 'budget' ? fitOf(model, encoder) : null;
  const changed = [
    ...columns,
    ...(counted === null ? [] : columnsOf(encoder, counted)),
    ...(fit?.asked.columns ?? []),
  ].filter((column, i, all) => all.indexOf(column) === i);
  const encodingsOf = (of: readonly number[]): Encoding[] => of.map((column) => encoder.columns[column]!);
  return {
    ...{ feature, columns, encodings: encodingsOf(columns) },
    trees: model.trees.filter((tree) => tree.feature.some((column) => changed.includes(column))),
    follows: { counted, fit, columns: changed, encodings: encodingsOf(changed) },
  };
}

function fitOf(model: TreeModel, encoder: Encoder): Follows['fit'] {
  const [fit, price] = [calledIn(encoder, 'budgetFit'), calledIn(encoder, 'viewedPrice')];
  const viewed = encoder.columns.findIndex(({ kind, feature }) => kind === 'number' && feature === price);
  return fit === null || viewed < 0 ? null : { asked: askedOf(model, encoder, fit), viewed };
}

/** What the model calls a feature, with the version; null: it does not look at it. */
function calledIn(encoder: Encoder, plain: string): string | null {
  return encoder.columns.flatMap(featuresOf).find((feature) => plainName(feature) === plain) ?? null;
}

/**
 * The answers to a feature that trees tell apart for this row, by which way the rows went that they were grown on and that are like it in
 * what the trees had asked before. Rows without the feature went one way with others and are left out, since an answer is never "missing".
 */
export function answersOf(asked: Asked, row: Float32Array): Answers {
  const [first] = asked.encodings;
  if (first === undefined) return [];
  if (first.kind === 'number') return nearViewed(asked, row) ?? numbersOf(asked, row);
  const counts = asked.encodings.find((encoding) => encoding.kind === 'count');
  const told = counts?.levels.map(([level, log]) => [level, Math.expm1(log)] as const);
  return levelsOf(told ?? sharesOfLevels(asked, row), first.kind === 'is' ? first.known : []);
}

/**
 * Budgets by how near rows like this one came to the homes that they viewed, as many below as above: what is viewed says more of a lead's
 * budget than what others have. Null: no price is known, or the trees do not ask how near.
 */
function nearViewed({ follows: { fit } }: Asked, row: Float32Array): Answers | null {
  const price = fit === null ? Number.NaN : row[fit.viewed]!;
  if (fit === null || !(price > 0)) return null;
  const fits = numbersOf(fit.asked, row);
  if (fits.length === 0) return null;
  return fits.flatMap(({ value, weight }) => {
    const near = Math.min(1, Math.max(0.01, Number(value)));
    return [price * near, price / near].map((budget) => ({ value: budget, weight: weight / 2, fit: near }));
  });
}

/** The columns of a model that are made of a feature. */
function columnsOf(encoder: Encoder, feature: string): readonly number[] {
  return encoder.columns.flatMap((encoding, column) => (featuresOf(encoding).includes(feature) ? [column] : []));
}

/** The spaces between thresholds, each by the share of rows in it; a space is named by its upper end. */
function numbersOf({ trees, columns }: Asked, row: Float32Array): Answers {
  // The model tells no values apart: that it is known at all may still tell.
  if (!trees.some((tree) => tree.feature.some((column) => columns.includes(column)))) return [{ value: 1, weight: 1 }];
  const missing = shareMissing(trees, columns[0]!, row);
  if (missing >= 1) return [];
  const about = { column: columns[0]!, known: 1 - missing, row, marks: new Map() as Marks };
  for (const tree of trees) markThresholds(tree, 0, about, { from: 0, to: 1, missing });
  const thresholds = rising(about.marks);
  const last = thresholds.at(-1);
  if (last === undefined) return [];
  const spaces = thresholds.map(({ at, mean }, i) => ({ value: at, weight: mean - (thresholds[i - 1]?.mean ?? 0) }));
  return [...spaces, { value: last.at + Math.abs(last.at) + 1, weight: 1 - last.mean }];
}

/**
 * The least share of rows that are left on the way of the missing, each time the column is asked for: theirs, and of others few. Nodes with
 * few rows say little and are not asked.
 */
function shareMissing(trees: readonly Tree[], column: number, row: Float32Array): number {
  const left = trees.flatMap((tree) => leftMissing(tree, column, row));
  const heaviest = Math.max(0, ...left.map(({ cover }) => cover));
  return Math.min(1, ...left.filter(({ cover }) => cover >= heaviest / 10).map(({ share }) => share));
}

/** Down the way of a row without the feature: the share that is left of the rows, time by time. */
function leftMissing(tree: Tree, column: number, row: Float32Array): { share: number; cover: number }[] {
  const { feature, cover, left, right, missingLeft } = tree;
  const found: { share: number; cover: number }[] = [];
  let share = 1;
  for (let node = 0; feature[node]! >= 0 && cover[node]! > 0;) {
    const asks = feature[node] === column;
    const next = asks ? (missingLeft[node] === 1 ? left[node]! : right[node]!) : childOf(tree, node, row);
    if (asks) {
      share *= cover[next]! / cover[node]!;
      found.push({ share, cover: cover[node]! });
    }
    node = next;
  }
  return found;
}

/** Of the rows that know the feature, those between the shares `from` and `to` came by, and of all rows the share `missing` without it. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly missing: number;
}

/** Goes down a tree as the row does, both ways at the column itself, and marks at each threshold the share of the rows below it. */
function markThresholds(
  tree: Tree,
  node: number,
  about: { readonly column: number; readonly known: number; readonly row: Float32Array; readonly marks: Marks },
  { from, to, missing }: Stretch,
): void {
  const { feature, threshold, left, right, cover, missingLeft } = tree;
  if (feature[node]! < 0 || !(cover[node]! > 0)) return;
  if (feature[node] !== about.column) {
    markThresholds(tree, childOf(tree, node, about.row), about, { from, to, missing });
    return;
  }
  const toLeft = missingLeft[node] === 1 ? missing : 0;
  const wentLeft = (cover[left[node]!]! / cover[node]!) * (about.known * (to - from) + missing);
  const at = from + Math.min(to - from, Math.max(0, (wentLeft - toLeft) / about.known));
  mark(about.marks, threshold[node]!, at, cover[node]!);
  markThresholds(tree, left[node]!, about, { from, to: at, missing: toLeft });
  markThresholds(tree, right[node]!, about, { from: at, to, missing: missing - toLeft });
}

function childOf({ feature, threshold, missingLeft, left, right }: Tree, node: number, row: Float32Array): number {
  const value = row[feature[node]!]!;
  const goesLeft = value <= threshold[node]! || (Number.isNaN(value) && missingLeft[node] === 1);
  return goesLeft ? left[node]! : right[node]!;
}

/** What several nodes say of one place, by their rows. */
type Marks = Map<number, { sum: number; cover: number }>;

function mark(marks: Marks, at: number, share: number, cover: number): void {
  const before = marks.get(at) ?? { sum: 0, cover: 0 };
  marks.set(at, { sum: before.sum + share * cover, cover: before.cover + cover });
}

/** The mean at each place, in order; where a mean would fall it is that of both places together. */
function rising(marks: Marks): readonly { readonly at: number; readonly mean: number }[] {
  const pools: { places: number[]; sum: number; cover: number }[] = [];
  for (const [at, { sum, cover }] of [...marks].sort(([a], [b]) => a - b)) {
    let pool = { places: [at], sum, cover };
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.cover > pool.sum / pool.cover;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { places: [...last.places, ...pool.places], sum: last.sum + pool.sum, cover: last.cover + pool.cover };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ places, sum, cover }) => places.map((at) => ({ at, mean: sum / cover })));
}

/** Share of the rows that bear each level which trees ask for; a column is 1 where they do, and 0 where they bear another. */
function sharesOfLevels(
  { trees, columns, encodings }: Asked,
  row: Float32Array,
): readonly (readonly [level: string | null, share: number])[] {
  const marks: Marks = new Map();
  for (const tree of trees) markLevels(tree, { columns, marks, row });
  return encodings.flatMap((encoding, i) => {
    const found = marks.get(columns[i]!);
    return encoding.kind === 'is' && found !== undefined ? [[encoding.level, found.sum / found.cover] as const] : [];
  });
}

/** Goes down a tree as the row does, and at each level that it asks for as rows do that bear another. */
function markLevels(
  tree: Tree,
  about: { readonly columns: readonly number[]; readonly row: Float32Array; readonly marks: Marks },
): void {
  const { feature, left, right, cover } = tree;
  let rest = 1;
  for (let node = 0; feature[node]! >= 0 && cover[node]! > 0;) {
    if (!about.columns.includes(feature[node]!)) {
      node = childOf(tree, node, about.row);
      continue;
    }
    const share = (cover[right[node]!]! / cover[node]!) * rest;
    mark(about.marks, feature[node]!, share, cover[node]!);
    rest -= share;
    node = left[node]!;
  }
}

/** Levels that no tree asks about are alike to the model: they share what the others leave. */
function levelsOf(
  told: readonly (readonly [level: string | null, weight: number])[],
  known: readonly (string | null)[],
): Answers {
  const weights = new Map<string | null, number | null>(known.map((level) => [level, null]));
  for (const [level, weight] of told) weights.set(level, weight);
  const sum = told.reduce((all, [, weight]) => all + weight, 0);
  const untold = [...weights.values()].filter((weight) => weight === null).length;
  const rest = untold === 0 ? 0 : Math.max(0, 1 - sum) / untold;
  const answers = [...weights].flatMap(([level, weight]) =>
    level === null ? [] : [{ value: level, weight: weight ?? rest }],
  );
  const all = answers.reduce((total, { weight }) => total + weight, 0);
  return all === 0 ? [] : answers.map(({ value, weight }) => ({ value, weight: weight / all }));
}
