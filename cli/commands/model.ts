import type { Command } from 'commander';
import type { Card, Evaluation } from '../../domain/scoring/card/card.ts';
import { accuracyClaim, frameOf, plain, range } from '../../domain/scoring/card/words.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { auditText } from '../model-audit.ts';
import { tellReport } from '../model-data.ts';
import { readModelDir } from '../model-dir.ts';
import { evaluationOfFile, figuresOf } from '../model-evaluate.ts';
import { explainRow, reasonsText } from '../model-explain.ts';
import { scoreToFile } from '../model-score.ts';
import type { OwnOptions, OwnOrder } from '../model-own.ts';
import { type TrainOrder, trainToDir } from '../model-train.ts';
import { json, wholeNumber } from '../options.ts';
import { type Io, printJson, table } from '../output.ts';

interface Options {
  readonly data: string;
  readonly json?: true;
}

interface TrainOptions extends Partial<Options> {
  readonly schema?: string;
  readonly location?: string;
  readonly out?: string;
  readonly leaveOut?: true;
  readonly dryRun?: true;
  readonly home?: string;
}

const ROWS = 'rows: a CSV file, packed by gzip where its name ends in .gz';
const HOME = ['--home <dir>', 'folder of all local state (LEADWRIGHT_HOME), with --location'] as const;

export function addModel({ program, io, exitWith }: Registry): void {
  const model = program.command('model').description('train, judge and use a model of any CSV file with a schema');

  json(model.command('train').description('train a model of a file’s rows, or of a team’s own closed leads'))
    .option('--data <file>', ROWS)
    .option('--schema <file>', 'what the columns mean (JSON; docs/scoring.md)')
    .option('--location <id>', 'in place of --data and --schema: learn from the closed leads of this location')
    .option('--out <dir>', 'directory of the model: model.onnx, schema.json, card.json (also as card.html and card.md)')
    .option('--seed <number>', 'the same data and seed give the same model', '1')
    .option('--leave-out', 'leave refused features out, and measure what they would have won and tell')
    .option('--dry-run', 'with --location: train and tell, and let nothing speak')
    .option(...HOME)
    .action(async ({ seed: text, ...options }: TrainOptions & { seed: string }) => {
      const seed = wholeNumber('--seed', text, 0, 0xffff_ffff);
      if (options.location === undefined) await trainOnFile(io, { ...fileOrder(options), seed });
      else if (!(await trainOnLocation(io, { ...locationOrder(options), seed }))) exitWith(1);
    });

  json(model.command('silence').description('the rules speak again in the place of a location’s own model'))
    .requiredOption('--location <id>', 'of which location')
    .option(...HOME)
    .action(async (options: OwnOptions) => (await import('../model-own.ts')).silenceOwn(io, options));

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
  return command.requiredOption('--data <file>', ROWS);
}

function of(command: Command): Command {
  return command.requiredOption('--model <dir>', 'directory of a trained model');
}

/** @throws usage failure where something is missing, or belongs to a location */
function fileOrder({
  data: file,
  schema,
  out,
  dryRun,
  home,
  ...rest
}: TrainOptions): Omit<TrainOrder, 'seed'> & Pick<Options, 'json'> {
  if (file === undefined || schema === undefined || out === undefined) {
    throw usage('model train: expected --data, --schema and --out, or --location');
  }
  if (dryRun || home !== undefined) throw usage('model train: --dry-run and --home belong to --location');
  return { ...rest, data: file, schema, out };
}

/** @throws usage failure for what belongs to a file */
function locationOrder({ data: file, schema, leaveOut, location, ...rest }: TrainOptions): Omit<OwnOrder, 'seed'> {
  if (file !== undefined || schema !== undefined || leaveOut) {
    throw usage('model train: expected --location, or --data and --schema, not both', [
      'What is learned from a location’s leads is fixed: docs/features.md.',
    ]);
  }
  return { ...rest, location: location! };
}

async function trainOnFile(io: Io, order: TrainOrder & Pick<Options, 'json'>): Promise<void> {
  const card = await trainToDir(io, order);
  if (order.json) {
    printJson(io, card);
    return;
  }
  io.out(`${order.out}: learned from ${card.rows.used} rows\n${evaluationText(card.evaluations[0]!, card)}`);
  io.out(auditText(card));
}

/** What it needs is loaded here: the database's and Temporal's packages would make every other verb wait for seconds. */
async function trainOnLocation(io: Io, order: OwnOrder): Promise<boolean> {
  return (await import('../model-own.ts')).trainOwn(io, order);
}

async function evaluate(io: Io, options: Options & { model: string }): Promise<void> {
  const dir = await readModelDir(io, options.model);
  const evaluation = await evaluationOfFile(io, dir, options.data);
  if (options.json) printJson(io, figuresOf(evaluation));
  else io.out(evaluationText(evaluation, dir.card));
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
