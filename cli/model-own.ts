import { AppError } from '../domain/errors.ts';
import { plain, range, whole } from '../domain/scoring/card/words.ts';
import { speakerInWords, type Trial } from '../domain/scoring/cold-start.ts';
import { matureAfterDays } from '../domain/scoring/lead-model.ts';
import { compose, type Product } from '../platform/compose.ts';
import { readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { readAppFile } from './app-file.ts';
import { withHome } from './client.ts';
import { knownEndpoints } from './endpoints.ts';
import { checkModelDir, writeModelDir } from './model-dir.ts';
import { progressOn } from './model-train.ts';
import { type Io, printJson, table } from './output.ts';

export interface OwnOptions {
  readonly location: string;
  readonly home?: string;
  readonly json?: true;
}

export interface OwnOrder extends OwnOptions {
  readonly seed: number;
  readonly out?: string;
  readonly dryRun?: true;
}

type OwnTraining = Awaited<ReturnType<Product['trainOwnModel']>>;
type OwnTrained = NonNullable<OwnTraining['model']>;

/**
 * Trains a model of a location's own closed leads in this process, so that none that serves has to wait.
 * @returns whether there was enough to train one
 */
export async function trainOwn(io: Io, order: OwnOrder): Promise<boolean> {
  const { location, seed, out, dryRun = false } = order;
  if (out !== undefined) await checkModelDir(io, out);
  const trained = await withLocation(io, order, async ({ trainOwnModel }) =>
    trainOwnModel(location, {
      // Leads are scored all their life, so the model knows what is known by then.
      stage: 'contact',
      ...{ seed, dryRun, progress: progressOn(io) },
      beforeAdmitted: async (model) => {
        if (io.terminal) io.err('\n');
        if (out !== undefined) await keep(io, out, model);
      },
    }),
  );
  if (order.json) printJson(io, documentOf(trained, location, dryRun));
  else io.out(trainingText(trained, dryRun));
  return trained.model !== null;
}

/** The rules speak again, and the leads are scored anew. */
export async function silenceOwn(io: Io, options: OwnOptions): Promise<void> {
  const { location } = options;
  await withLocation(io, options, async ({ scores, rescoring }) => {
    await scores.silence(location);
    await rescoring.tell(location);
  });
  if (options.json) printJson(io, { location, speaks: 'rules' });
  else io.out('From now on the rules speak; the leads are scored anew.\n');
}

async function withLocation<T>(io: Io, options: OwnOptions, work: (product: Product) => Promise<T>): Promise<T> {
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const endpoints = knownEndpoints(config, readAppFile(config.home));
  const product = await compose(config, endpoints, createLogger({ name: 'model', level: 'warn' }));
  try {
    if ((await product.locations.get(options.location)) === undefined) {
      throw new AppError('LOCATION_UNKNOWN', `expected the id of an installed location, got ${options.location}`);
    }
    return await work(product);
  } finally {
    await product.close();
  }
}

async function keep(io: Io, out: string, { schema, card, file }: OwnTrained): Promise<void> {
  await writeModelDir(io, out, { schema, card, bytes: file });
}

function documentOf({ model, ...training }: OwnTraining, location: string, dryRun: boolean): object {
  return {
    ...{ location, dryRun, ...training },
    model: model && { name: model.name, modelHash: model.modelHash, card: model.card },
  };
}

function trainingText({ counts, evidence, speaker, model, standing }: OwnTraining, dryRun: boolean): string {
  const { leads, won, reread, censored, closed, unusable } = counts;
  const seen = [
    `${whole(leads)} leads with a known outcome, ${whole(won)} of them won within ${matureAfterDays} days\n`,
    ...(reread === 0
      ? []
      : [`  ${whole(reread)} of them were read again from their history: no score was stored in the day before\n`]),
    ...(censored === 0 ? [] : [`${whole(censored)} leads whose ${matureAfterDays} days are not over\n`]),
    ...(closed === 0 ? [] : [`${whole(closed)} leads whose deal was closed before the age at which they were drawn\n`]),
    ...(unusable === 0 ? [] : [`${whole(unusable)} leads whose history is too long to be read\n`]),
  ];
  const speaks = {
    'this model': 'this model speaks',
    'another model': 'the model before speaks',
    'the rules': 'the rules speak',
  };
  const who = dryRun ? `As before, ${speaks[standing]}` : `From now on ${speaks[standing]}`;
  return [
    ...seen,
    ...(evidence.trial === null ? [] : ['\n', trialText(evidence.trial), '\n']),
    ...(model === null
      ? ['Nothing was trained.\n']
      : [`${model.name} (${model.modelHash.slice(0, 12)})${dryRun ? ', not admitted' : ''}\n`]),
    `${who}. ${speakerInWords(speaker)}\n`,
  ].join('');
}

function trialText({ leads, won, logLoss, gain }: Trial): string {
  const rows = [
    { who: 'the model', loss: logLoss.model, than: null, interval: null },
    { who: 'the rules', loss: logLoss.rules, than: logLoss.rules - logLoss.model, interval: gain.overRules },
    {
      who: 'the base rate',
      loss: logLoss.baseRate,
      than: logLoss.baseRate - logLoss.model,
      interval: gain.overBaseRate,
    },
  ];
  return [
    `A trial on the ${whole(leads)} leads that came last, ${whole(won)} of them won; log loss in nats, lower is better:\n`,
    table(rows, [
      { title: 'WHO', of: ({ who }) => who },
      { title: 'LOG LOSS', of: ({ loss }) => plain(loss), right: true },
      { title: 'MODEL BETTER BY', of: ({ than }) => than && plain(than), right: true },
      { title: '95 % INTERVAL', of: ({ than, interval }) => than && range(interval) },
    ]),
  ].join('');
}
