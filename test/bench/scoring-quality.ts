import { isAppError } from '../../domain/errors.ts';
import { readDatasetSchema } from '../../domain/scoring/data/dataset-schema.ts';
import { accuracyClaim } from '../../domain/scoring/card/words.ts';
import { classifyMetrics } from '../../domain/scoring/judge/metrics.ts';
import { selectiveUnseen } from '../../domain/scoring/judge/selective.ts';
import { daysOf, saidOf } from '../../domain/scoring/data/score-rows.ts';
import { numbersOf, pickRows, type Table, wordsOf } from '../../domain/scoring/data/table.ts';
import { windowOf } from '../../domain/scoring/onnx/trained-file.ts';
import { trainTrees } from '../../domain/scoring/trainer/boost.ts';
import { fitEncoder } from '../../domain/scoring/trainer/encode.ts';
import { encode } from '../../domain/scoring/trainer/encoder.ts';
import { forwardSplit, groupedFolds } from '../../domain/scoring/trainer/folds.ts';
import { predictMargins } from '../../domain/scoring/trainer/predict.ts';
import { createRandom } from '../../domain/scoring/trainer/random.ts';
import { defaultOptions } from '../../domain/scoring/trainer/train-options.ts';
import type { HeldOut } from '../../domain/scoring/trainer/held-out.ts';
import { foldCount } from '../../domain/scoring/trainer/parts.ts';
import { type TrainedModel, trainModel } from '../../domain/scoring/trainer/train-model.ts';
import { valueMetrics } from '../../domain/scoring/judge/value-metrics.ts';
import { readSet, schemaDocument, type SetName, type PublicSet, setNames } from './scoring-sets.ts';

/** The folds of every set come of this seed: with it they are the same wherever they are drawn. */
const foldSeed = 1;

/** A figure over the five folds of a set's training part. */
export interface FoldFigure {
  /** `auc@x-education-leads`. */
  readonly metric: string;
  /** Mean of the folds, and their standard deviation. */
  readonly value: number;
  readonly spread: number;
  readonly folds: readonly number[];
  readonly n: number;
  readonly min?: number;
  readonly max?: number;
}

export interface QualityFigures {
  readonly figures: readonly FoldFigure[];
  /** Selective accuracy of each set that says yes or no. */
  readonly claims: readonly string[];
  readonly absent: readonly SetName[];
}

/** Something that must come out badly, beside the same done rightly. */
export interface QualityControl {
  readonly what: string;
  readonly metric: string;
  readonly normal: number;
  readonly value: number;
  /** Did it come out as it must? */
  readonly held: boolean;
}

type Bar = Pick<FoldFigure, 'min' | 'max'>;

/** What is asked of the mean of the folds. */
export const bars: Readonly<Record<SetName, Readonly<Record<string, Bar>>>> = {
  'x-education-leads': { auc: { min: 0.87 }, ece: { max: 0.03 } },
  'uci-bank-marketing': { auc: { min: 0.795 } },
  'uci-online-shoppers': { auc: { min: 0.795 } },
  'olist-funnel': { auc: { min: 0.68 } },
  'king-county-sales': { mdape: { max: 0.081 }, coverage90: { min: 0.88, max: 0.92 } },
  'ames-housing': { mdape: { max: 0.057 } },
};

/**
 * What the trainer reaches on every set that is there; the others are named in `absent`.
 * @param folder where sets lie that do not come with the project
 */
export async function qualityFigures(folder: string | undefined, say: (line: string) => void): Promise<QualityFigures> {
  const figures: FoldFigure[] = [];
  const claims: string[] = [];
  const absent: SetName[] = [];
  for (const name of setNames) {
    const set = await readSet(name, folder);
    if (set === undefined) {
      absent.push(name);
      continue;
    }
    say(`${name}: ${foldCount} folds of ${set.table.rows} rows`);
    const { held } = trainModel(set.table, set.schema, { seed: foldSeed });
    figures.push(...Object.entries(bars[name]).map(([metric, bar]) => foldFigure(name, metric, bar, held)));
    if (name === 'king-county-sales') figures.push(...forwardFigures(set));
    if (set.schema.task === 'classify') claims.push(...claimsOf(name, set, held));
  }
  return { figures, claims, absent };
}

/** How much of a set is decided with so much accuracy, in the one sentence in which that is told. */
function claimsOf(name: SetName, { schema, table }: PublicSet, held: HeldOut): string[] {
  const { labels, said, folds, groups, weights } = held;
  const { baseRate, n } = classifyMetrics(labels, said, weights);
  const selective = selectiveUnseen(labels, said, folds, { seed: foldSeed, groups, weights });
  const dated = windowOf(table, schema);
  const window = dated && { from: dated.from.slice(0, 10), to: dated.to.slice(0, 10) };
  const frame = { baseRate, n, window, stage: schema.decisionStage };
  return selective.map((one) => `${name}: ${accuracyClaim({ ...one, found: 'other', ...frame })}`);
}

function foldFigure(name: SetName, metric: string, bar: Bar, held: HeldOut): FoldFigure {
  const folds = Array.from({ length: foldCount }, (_, fold) => figuresOf(held, fold)[metric]!);
  const value = folds.reduce((sum, one) => sum + one, 0) / foldCount;
  const spread = Math.sqrt(folds.reduce((sum, one) => sum + (one - value) ** 2, 0) / (foldCount - 1));
  return { metric: `${metric}@${name}`, value, spread, folds, n: held.labels.length, ...bar };
}

/** Figures of one fold's rows, or of all. */
function figuresOf({ folds, labels, said, low, high }: HeldOut, fold?: number): Readonly<Record<string, number>> {
  const rows = Array.from(folds.keys()).filter((row) => fold === undefined || folds[row] === fold);
  const of = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  const figures =
    low === null || high === null
      ? classifyMetrics(of(labels), of(said))
      : valueMetrics(of(labels), of(said), of(low), of(high));
  return figures as unknown as Readonly<Record<string, number>>;
}

/** Learned from sales before March 2015, judged by those from then on: prices had risen meanwhile. */
function forwardFigures({ schema, table }: PublicSet): FoldFigure[] {
  const { train, test } = forwardSplit(
    numbersOf(table, 'date'),
    Date.UTC(2015, 2, 1) / 86_400_000,
    wordsOf(table, 'id'),
  );
  const model = trainModel(pickRows(table, train), schema, { seed: foldSeed });
  const later = pickRows(table, test);
  const margin = predictMargins(model.trees, encode(model.encoder, later));
  const said = saidOf(model, { margin, probability: null }, daysOf(later, schema));
  const of = (which: 'score' | 'low' | 'high'): number[] => said.map((one) => one[which] ?? Number.NaN);
  const figures = valueMetrics(numbersOf(later, 'price'), of('score'), of('low'), of('high'));
  const whole = (metric: string, value: number, bar: Bar) => ({
    metric,
    value,
    spread: 0,
    folds: [value],
    n: test.length,
    ...bar,
  });
  return [
    whole('mdape@king-county-sales forward', figures.mdape!, { max: 0.092 }),
    whole('coverage90@king-county-sales forward', figures.coverage90!, bars['king-county-sales']['coverage90']!),
  ];
}

/** What must fail, failing. */
export async function qualityControls(
  folder: string | undefined,
  say: (line: string) => void,
): Promise<readonly QualityControl[]> {
  const bank = await readSet('uci-bank-marketing', folder);
  const olist = await readSet('olist-funnel', folder);
  if (bank === undefined) throw new Error('test/data/uci-bank-marketing is missing: it comes with the project');
  say('controls: shuffled labels');
  const few = pickRows(
    bank.table,
    Array.from({ length: 12_000 }, (_, i) => i * 3),
  );
  const honest = aucOf(trainModel(few, bank.schema, { seed: foldSeed }));
  const chance = aucOf(trainModel(shuffled(few, bank.schema.label), bank.schema, { seed: foldSeed }));
  say('controls: a leaking column');
  const leaking = await readSet('uci-bank-marketing', folder, withDuration('capture'));
  const won = aucOf(
    trainModel(
      pickRows(
        leaking!.table,
        Array.from({ length: 12_000 }, (_, i) => i * 3),
      ),
      leaking!.schema,
      { seed: foldSeed },
    ),
  );
  const refused = refusalOf(withDuration('outcome'));
  const controls: QualityControl[] = [
    { what: 'labels shuffled', metric: 'auc', normal: honest, value: chance, held: Math.abs(chance - 0.5) <= 0.03 },
    {
      what: `call duration, known at outcome: ${refused}; what it would have won`,
      metric: 'auc',
      normal: honest,
      value: won,
      held: refused.includes('duration is known at outcome') && won > honest + 0.05,
    },
  ];
  if (olist !== undefined) {
    say('controls: leave-one-out encoding');
    const [folds, leftOut] = [encodedAuc(olist, 'folds'), encodedAuc(olist, 'leave one out')];
    const what = 'level means that leave out only the row itself';
    controls.push({ what, metric: 'auc', normal: folds, value: leftOut, held: leftOut < folds - 0.05 });
  }
  return controls;
}

function aucOf({ held }: TrainedModel): number {
  return figuresOf(held)['auc']!;
}

function withDuration(knownAt: string): unknown {
  const document = schemaDocument('uci-bank-marketing');
  return { ...document, features: [...document.features, { name: 'duration', type: 'number', knownAt }] };
}

function refusalOf(document: unknown): string {
  try {
    readDatasetSchema(document);
    return 'not refused';
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  }
}

function shuffled(table: Table, label: string): Table {
  const values = numbersOf(table, label).slice();
  const random = createRandom(foldSeed);
  for (let i = values.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return { rows: table.rows, columns: { ...table.columns, [label]: { kind: 'number', values } } };
}

/** AUC on a fifth of the rows, of trees whose level means are made either way. */
function encodedAuc({ schema, table }: PublicSet, way: 'folds' | 'leave one out'): number {
  const labels = Float32Array.from(numbersOf(table, schema.label));
  const outer = groupedFolds(labels, { folds: foldCount, seed: foldSeed });
  const rows = (held: boolean): number[] => Array.from(outer.keys()).filter((row) => (outer[row] === 0) === held);
  const pick = (held: boolean): Float32Array => Float32Array.from(rows(held), (row) => labels[row]!);
  const [train, test] = [pick(false), pick(true)];
  const folds =
    way === 'folds' ? groupedFolds(train, { folds: foldCount, seed: foldSeed }) : Uint32Array.from(train.keys());
  const { encoder, columns } = fitEncoder(pickRows(table, rows(false)), schema, train, { folds });
  const trees = trainTrees(columns, train, { ...defaultOptions('logistic'), trees: 100 });
  const margins = predictMargins(trees, encode(encoder, pickRows(table, rows(true))));
  return classifyMetrics(
    test,
    margins.map((margin) => 1 / (1 + Math.exp(-margin))),
  ).auc!;
}
