import type { Evaluation } from '../domain/scoring/card/card.ts';
import { classifyEvaluation, type Judged, valueEvaluation } from '../domain/scoring/card/evaluation.ts';
import { selectiveTargets } from '../domain/scoring/judge/selective.ts';
import { numbersOf, type Table, wordsOf } from '../domain/scoring/data/table.ts';
import { windowOf } from '../domain/scoring/onnx/trained-file.ts';
import { tellReport } from './model-data.ts';
import type { ModelDir } from './model-dir.ts';
import { saidOfFile } from './model-score.ts';
import type { Io } from './output.ts';

/** How good a model is on the rows of a file: weighed as the schema says, intervals over its groups. Whatever it is told as comes of this. */
export async function evaluationOfFile(io: Io, dir: ModelDir, file: string): Promise<Evaluation> {
  const { table, said, report, hash } = await saidOfFile(io, dir, file);
  tellReport(io, report);
  if (hash === dir.model.about.dataHash) io.err('The model has learned from this very file: the figures flatter it.\n');
  const judged: Judged = {
    method: 'the rows of this file',
    window: dayWindow(dir, table),
    seed: 1,
    groups: groupsOf(io, dir, table),
    weights: dir.schema.weight === undefined ? undefined : numbersOf(table, dir.schema.weight),
    bars: barsOf(dir),
  };
  const labels = numbersOf(table, dir.schema.label);
  const scores = said.map(({ score }) => score);
  if (dir.schema.task === 'classify') return classifyEvaluation(labels, scores, judged);
  const end = (which: 'low' | 'high'): number[] | undefined =>
    dir.model.ranges?.width == null ? undefined : said.map((one) => one[which] ?? Number.NaN);
  return valueEvaluation({ actual: labels, predicted: scores, low: end('low'), high: end('high') }, judged);
}

/** The evaluation as one document: `n`, each figure by its name, and of a yes or no the coverages found on these rows. */
export function figuresOf({ n, figures, selective }: Evaluation): object {
  const here = selective
    .filter(({ found }) => found === 'these')
    .map(({ accuracy, coverage }) => ({ accuracy, coverage }));
  return {
    n,
    ...Object.fromEntries(figures.map(({ name, value }) => [name, value])),
    ...(here.length === 0 ? {} : { selective: here }),
  };
}

/** Rows that belong together, by the schema's group, or its id. */
function groupsOf(io: Io, { schema }: ModelDir, table: Table): Judged['groups'] {
  const column = schema.group ?? schema.id;
  const groups = column === undefined ? undefined : wordsOf(table, column);
  if (column !== undefined && groups === undefined) {
    io.err(`The file lacks ${column}, so each row is taken to stand for itself: intervals may be too narrow.\n`);
  }
  return groups;
}

/** How sure a row must be to be decided, as training found it on rows unseen. */
function barsOf({ card: { evaluations } }: ModelDir): Judged['bars'] {
  const known = evaluations[0]?.selective ?? [];
  const bars = selectiveTargets.map((target) => known.find(({ accuracy }) => accuracy === target));
  // A card of before has none.
  return bars.every((one) => one !== undefined && one.found === 'other') ? bars.map((one) => one!.bar) : undefined;
}

function dayWindow({ schema }: ModelDir, rows: Table): Evaluation['window'] {
  const has = schema.time !== undefined && Object.hasOwn(rows.columns, schema.time);
  const window = has ? windowOf(rows, schema) : null;
  return window && { from: window.from.slice(0, 10), to: window.to.slice(0, 10) };
}
