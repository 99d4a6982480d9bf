import type { IngestReport } from '../data/ingest-report.ts';
import type { Table } from '../data/table.ts';
import type { Ranges } from '../trainer/conformal.ts';
import { featuresOf } from '../trainer/encoder.ts';
import { groupNumbers } from '../trainer/groups.ts';
import { foldCount } from '../trainer/parts.ts';
import type { TrainedModel } from '../trainer/train-model.ts';
import { trainerVersion } from '../onnx/trained-file.ts';
import type { Card, Evaluation, Window } from './card.ts';
import { classifyEvaluation, type Judged, valueEvaluation } from './evaluation.ts';

export interface CardFacts {
  readonly name: string;
  readonly trainedAt: string | null;
  readonly seed: number;
  /** First and last instant of the rows; null: the data has no dates. */
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly report: IngestReport;
  /** What the schema leaves out, where it was asked for. */
  readonly audit?: Pick<Card, 'refused' | 'fairness'> | undefined;
  /** SHA-256 in hex. */
  readonly hashes: { readonly data: string; readonly schema: string; readonly model: string };
}

/** Words that are judged apart: those of so many columns. */
const SLICED_COLUMNS = 3;

/** The card of a model that was just trained, from what it said of rows that it had not seen. */
export function trainedCard(model: TrainedModel, table: Table, facts: CardFacts): Card {
  const { schema, held } = model;
  const window = facts.window && { from: facts.window.from.slice(0, 10), to: facts.window.to.slice(0, 10) };
  const used = new Set(model.encoder.columns.flatMap(featuresOf));
  return {
    format: 1,
    name: facts.name,
    task: schema.task,
    label: { column: schema.label, positive: schema.positive ?? null },
    decisionStage: schema.decisionStage,
    learner: model.learner,
    trainedAt: facts.trainedAt,
    seed: facts.seed,
    window,
    rows: {
      read: facts.report.read,
      dropped: facts.report.notes
        .filter(({ what }) => what === 'dropped')
        .map(({ why, count }) => ({ reason: why, n: count })),
      used: facts.report.kept,
      positives: schema.task === 'classify' ? held.labels.reduce((sum, label) => sum + label, 0) : null,
      groups: held.groups === undefined ? null : groupNumbers(held.groups, table.rows).count,
    },
    features: schema.features
      .filter(({ name }) => used.has(name))
      .map(({ name, type, knownAt }) => ({ name, type, knownAt })),
    refused: facts.audit?.refused ?? [],
    evaluations: evaluationsOf(model, table, facts.seed, window),
    fairness: facts.audit?.fairness ?? { proxies: [], selection: [] },
    limits: limitsOf(model, facts),
    hashes: { ...facts.hashes, code: trainerVersion },
  };
}

function evaluationsOf(
  { schema, held, learner }: TrainedModel,
  table: Table,
  seed: number,
  window: Window,
): Evaluation[] {
  const parted = held.groups === undefined ? '' : ', rows of one group never parted';
  const judged: Judged = {
    method: `${foldCount} folds${parted}: each row by a model that had not seen it`,
    window,
    seed,
    groups: held.groups,
    weights: held.weights,
    folds: held.folds,
  };
  const sliced = schema.features.filter(({ type }) => type === 'category').slice(0, SLICED_COLUMNS);
  const sliceBy = Object.fromEntries(sliced.map(({ name }) => [name, table.columns[name]!]));
  if (schema.task === 'classify') {
    const other = learner === 'trees' ? 'logistic regression instead of trees' : 'trees instead of logistic regression';
    const baseline = { ...judged, method: `the same folds, ${other}` };
    return [
      classifyEvaluation(held.labels, held.said, { ...judged, sliceBy }),
      classifyEvaluation(held.labels, held.baseline, baseline),
    ];
  }
  const { labels: actual, said: predicted, low, high } = held;
  const known = low !== null && high !== null && !low.some(Number.isNaN) ? { low, high } : {};
  return [
    valueEvaluation({ actual, predicted, ...known }, { ...judged, sliceBy }),
    valueEvaluation({ actual, predicted: held.baseline }, { ...judged, method: 'the same folds, always the median' }),
  ];
}

function limitsOf({ schema, unused, held, ranges }: TrainedModel, { window, report }: CardFacts): string[] {
  const stage = `It knows only what is known at ${schema.decisionStage}; a score made later, of more, is another model's.`;
  const dated =
    window === null
      ? 'Its rows bear no dates: it was judged by chance splits, not forward in time, and the future may differ more than its intervals say.'
      : 'It was judged by chance splits within its window; what comes after may differ more than its intervals say.';
  const chosen =
    schema.task === 'classify'
      ? [
          'Trees or logistic regression was chosen by the rows that judge it: where the two are close, the figures of the chosen one flatter it a little.',
        ]
      : [];
  const few = held.labels.length < 1_000 ? [`It learned from ${held.labels.length} rows only.`] : [];
  const flat =
    unused.length === 0
      ? []
      : [`Features that never vary here, so that it knows nothing of them: ${unused.join(', ')}.`];
  const none = ranges?.width === null ? ['Too few rows to say how far off its values may be: it gives no ranges.'] : [];
  const calibrated = ranges === null || ranges.width === null ? [] : [calibration(ranges)];
  const lost =
    report.kept < report.read ? [`${report.read - report.kept} rows could not be used and are not judged.`] : [];
  const estimate = schema.task === 'value' ? ['Its values are estimates, not appraisals.'] : [];
  return [stage, dated, ...chosen, ...few, ...flat, ...none, ...calibrated, ...lost, ...estimate];
}

/** How the ranges were measured, and so for which rows they hold. */
function calibration({ later, n }: Ranges): string {
  const folds = `Its 90 % ranges come from ${n} rows that folds had kept apart`;
  if (later === null) return `${folds}, among rows of the same time: of later rows they promise nothing.`;
  const day = new Date(later.after * 86_400_000).toISOString().slice(0, 10);
  return `${folds}. Rows after ${day} get the larger of these and of how far off the last ${later.n} rows were, judged by what came before them: they hold as long as values move no more than then.`;
}
