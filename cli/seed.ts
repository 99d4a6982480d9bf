import { AppError } from '../domain/errors.ts';
import { draftOf } from '../domain/follow-up/draft.ts';
import { touchSummary } from '../domain/follow-up/interpret.ts';
import { stepWords } from '../domain/follow-up/step-words.ts';
import { defaultSettings } from '../domain/leads/settings.ts';
import { scoreByRules } from '../domain/scoring/scorecard.ts';
import { bundledSequences } from '../platform/bundled-sequences.ts';
import { readConfig } from '../platform/config.ts';
import { loginToMake } from '../platform/login.ts';
import { migrateDatabase } from '../platform/migrations.ts';
import { type LoadProgress, type LoadStep, seedRows } from '../platform/seed.ts';
import type { ProductRules } from '../sandbox/seed/rules.ts';
import { createSeed } from '../sandbox/seed/seed.ts';
import { withHome } from './client.ts';
import type { SeedOptions } from './commands/seed.ts';
import { withDatabase } from './database.ts';
import { usage } from './failure.ts';
import { wholeNumber } from './options.ts';
import { type Io, printJson, table } from './output.ts';

/** What was put in. */
export interface SeedReport {
  readonly leads: number;
  readonly seed: number;
  /** Of when the rows are. */
  readonly asOf: string;
  /** The largest location, with a fifth of all leads. */
  readonly locationId: string;
  readonly steps: readonly LoadStep[];
  readonly rows: number;
  readonly seconds: number;
}

/** Fills the empty database of a sandbox with rows that look like three years of work. */
export async function seed(io: Io, options: SeedOptions): Promise<void> {
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  if (config.mode !== 'sandbox') {
    throw new AppError('CONFIG_INVALID', `only a sandbox is seeded, and LEADWRIGHT_MODE is ${config.mode}`);
  }
  const leads = wholeNumber('--leads', options.leads, 100, 10_000_000);
  const number = wholeNumber('--seed', options.seed, 0, 2 ** 32 - 1);
  const asOf = instantOf(options.asOf);
  io.err(`seeding ${leads} leads as of ${new Date(asOf).toISOString()}, seed ${number}\n`);
  const report = await withDatabase(io, config, async (url) => {
    const onProgress = (line: string) => io.err(`${line}\n`);
    await migrateDatabase(url, { onProgress, login: loginToMake(config, url) });
    return seedDatabase(url, { leads, seed: number, asOf, progress: progressOn(io) });
  });
  if (options.json) {
    printJson(io, { ...report, steps: report.steps.map((step) => ({ ...step, rowsPerSecond: rate(step) })) });
    return;
  }
  io.out(
    table(report.steps, [
      { title: 'PART', of: ({ what }) => what },
      { title: 'ROWS', of: ({ rows }) => rows, right: true },
      { title: 'SECONDS', of: ({ seconds }) => seconds.toFixed(1), right: true },
      { title: 'ROWS/S', of: rate, right: true },
    ]),
  );
  io.out(`\n${report.rows} rows in ${report.seconds.toFixed(1)} s; the largest location is ${report.locationId}\n`);
}

/**
 * Seeds a migrated and empty database.
 * @param url   of the owner of its tables
 * Errors: BAD_REQUEST when there are rows already, STORE_AWAY.
 */
export async function seedDatabase(
  url: string,
  options: { readonly leads: number; readonly seed: number; readonly asOf: number; readonly progress: LoadProgress },
): Promise<SeedReport> {
  const { leads, asOf, progress } = options;
  const begin = performance.now();
  const made = createSeed(leads, options.seed, asOf, productRules());
  const steps = await seedRows(url, made, progress);
  const rows = steps.reduce((sum, step) => sum + (step.rows ?? 0), 0);
  const seconds = Math.round(performance.now() - begin) / 1000;
  const { locationId } = made;
  return { leads, seed: options.seed, asOf: new Date(asOf).toISOString(), locationId, steps, rows, seconds };
}

/** The rules by which the product would have come to the same rows. */
export function productRules(): ProductRules {
  const welcome = bundledSequences().find(({ key }) => key === 'new-lead-welcome');
  if (welcome === undefined) throw new AppError('INTERNAL', 'the product has no sequence to seed leads with');
  return {
    settings: defaultSettings,
    score: scoreByRules,
    sequence: { ...welcome, version: 1 },
    draftOf,
    stepWords,
    touchSummary,
  };
}

/** An instant or a day; without one, the begin of this day in UTC. */
function instantOf(text: string | undefined): number {
  if (text === undefined) return Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw usage('--as-of: expected a day, e.g. 2026-11-01, or an instant in UTC');
  return at;
}

const rate = ({ rows, seconds }: LoadStep): number | null =>
  rows === null || seconds === 0 ? null : Math.round(rows / seconds);

/** One line that counts on a terminal, elsewhere a line for each part that is over. */
function progressOn(io: Io): LoadProgress {
  const rewrite = (text: string): void => io.err(`\r\u001b[2K${text}`);
  let told = 0;
  return {
    begun: (what) => {
      if (io.terminal) rewrite(`  ${what} …`);
    },
    at: (what, rows) => {
      if (!io.terminal || performance.now() - told < 200) return;
      told = performance.now();
      rewrite(`  ${what}: ${rows} rows`);
    },
    done: ({ what, rows, seconds }) => {
      const line = `  ${what}${rows === null ? '' : `: ${rows} rows`} (${seconds.toFixed(1)} s)`;
      if (io.terminal) rewrite(`${line}\n`);
      else io.err(`${line}\n`);
    },
  };
}
