import type { Command } from 'commander';
import { classifyEvaluation, valueEvaluation } from '../../domain/scoring/card/evaluation.ts';
import type { Card, Evaluation } from '../../domain/scoring/card/card.ts';
import { accuracyClaim, frameOf, plain, range } from '../../domain/scoring/card/words.ts';
import { classifyMetrics } from '../../domain/scoring/metrics.ts';
import { numbersOf } from '../../domain/scoring/table.ts';
import { windowOf } from '../../domain/scoring/trained-file.ts';
import { valueMetrics } from '../../domain/scoring/value-metrics.ts';
import type { Registry } from '../main.ts';
import { auditText } from '../model-audit.ts';
import { tellReport } from '../model-data.ts';
import { type ModelDir, readModelDir } from '../model-dir.ts';
import { explainRow, reasonsText } from '../model-explain.ts';
import { saidOfFile, scoreToFile } from '../model-score.ts';
import { trainToDir } from '../model-train.ts';
import { json, wholeNumber } from '../options.ts';
import { type Io, printJson, table } from '../output.ts';

interface Options {
  readonly data: string;
  readonly json?: true;
}

export function addModel({ program, io }: Registry): void {
  const model = program.command('model').description('train, judge and use a model of any CSV file with a schema');

  json(data(model.command('train')).description('train a model, and write its directory'))
    .requiredOption('--schema <file>', 'what the columns mean (JSON; docs/scoring.md)')
    .requiredOption(
      '--out <dir>',
      'directory of the model: model.onnx, schema.json, card.json (also as card.html and card.md)',
    )
    .option('--seed <number>', 'the same data and seed give the same model', '1')
    .option('--leave-out', 'leave refused features out, and measure what they would have won and tell')
    .action(async ({ seed, ...order }: Options & { schema: string; out: string; seed: string; leaveOut?: true }) => {
      const card = await trainToDir(io, { ...order, seed: wholeNumber('--seed', seed, 0, 0xffff_ffff) });
      if (order.json) printJson(io, card);
      else {
        io.out(`${order.out}: learned from ${card.rows.used} rows\n${evaluationText(card.evaluations[0]!, card)}`);
        io.out(auditText(card));
      }
    });

  json(data(of(model.command('evaluate'))).description('how good a model is on rows that it has not seen')).action(
    async (options: Options & { model: string }) => evaluate(io, options),
  );

  data(of(model.command('score')))
    .description('a score for each row, in a CSV file')
    .requiredOption('--out <file>', 'columns: id, score; of a value also low and high, its 90 % range')
    .action(async (options: Options & { model: string; out: string }) => {
      const dir = await readModelDir(io, options.model);
      tellReport(io, await scoreToFile(io, dir, options));
    });

  json(data(of(model.command('explain'))).description('why a row has its score'))
    .option('--id <id>', 'of the row; absent: the first one')
    .action(async (options: Options & { model: string; id?: string }) => {
      const dir = await readModelDir(io, options.model);
      const reasons = await explainRow(io, dir, options.data, options.id);
      if (options.json) printJson(io, reasons);
      else io.out(reasonsText(reasons));
    });
}

function data(command: Command): Command {
  return command.requiredOption('--data <file>', 'rows: a CSV file, packed by gzip where its name ends in .gz');
}

function of(command: Command): Command {
  return command.requiredOption('--model <dir>', 'directory of a trained model');
}

async function evaluate(io: Io, options: Options & { model: string }): Promise<void> {
  const dir = await readModelDir(io, options.model);
  const { table: rows, said, report, hash } = await saidOfFile(io, dir, options.data);
  tellReport(io, report);
  if (hash === dir.model.about.dataHash) io.err('The model has learned from this very file: the figures flatter it.\n');
  const labels = numbersOf(rows, dir.schema.label);
  const scores = said.map(({ score }) => score);
  const end = (which: 'low' | 'high'): number[] | undefined =>
    dir.model.ranges?.width == null ? undefined : said.map((one) => one[which] ?? Number.NaN);
  const [low, high] = [end('low'), end('high')];
  if (options.json) {
    const weights = dir.schema.weight === undefined ? undefined : numbersOf(rows, dir.schema.weight);
    const classify = dir.schema.task === 'classify';
    const figures = classify
      ? classifyMetrics(labels, scores, weights)
      : valueMetrics(labels, scores, low, high, weights);
    printJson(io, figures);
    return;
  }
  const judged = { method: 'the rows of this file', window: dayWindow(dir, rows), seed: 1 };
  const evaluation =
    dir.schema.task === 'classify'
      ? classifyEvaluation(labels, scores, judged)
      : valueEvaluation({ actual: labels, predicted: scores, low, high }, judged);
  io.out(evaluationText(evaluation, dir.card));
}

function dayWindow({ schema }: ModelDir, rows: Parameters<typeof windowOf>[0]): Evaluation['window'] {
  const has = schema.time !== undefined && Object.hasOwn(rows.columns, schema.time);
  const window = has ? windowOf(rows, schema) : null;
  return window && { from: window.from.slice(0, 10), to: window.to.slice(0, 10) };
}

/** Figures with their intervals; an accuracy only with all that it must not be told without. */
function evaluationText({ method, n, baseRate, window, figures, selective }: Evaluation, card: Card): string {
  const frame = { baseRate, n, window, stage: card.decisionStage };
  const shown = figures.filter(({ name }) => name !== 'accuracy' && name !== 'baseRate');
  const lines = selective.map((one) => `${accuracyClaim({ ...one, ...frame })}\n`);
  return [
    `${method}: ${frameOf(frame)}\n`,
    table(shown, [
      { title: 'FIGURE', of: ({ name }) => name },
      { title: 'VALUE', of: ({ value }) => plain(value), right: true },
      { title: '95 % INTERVAL', of: ({ interval }) => range(interval) },
      { title: 'SPREAD', of: ({ spread }) => (spread === null ? null : plain(spread)), right: true },
    ]),
    ...lines,
  ].join('');
}
