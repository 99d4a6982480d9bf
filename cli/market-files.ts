import { resolve } from 'node:path';
import { figureCredits, type FigureSource, figureSources } from '../domain/market/figures.ts';
import { readConfig } from '../platform/config.ts';
import { productUrl } from '../platform/login.ts';
import { type FileReport, importFigureFile } from '../platform/market-files.ts';
import { withHome } from './client.ts';
import { withDatabase } from './database.ts';
import { usage } from './failure.ts';
import { type Io, printJson, printable } from './output.ts';

export interface FileOptions {
  readonly json?: true;
  readonly home?: string;
  readonly asOf?: string;
  readonly series?: string;
  readonly revised?: true;
}

/** Reads a public file of figures into this installation's database. */
export async function readMarketFile(io: Io, source: string, place: string, options: FileOptions): Promise<void> {
  const known = figureSources.find((one) => one === source);
  if (known === undefined) throw usage(`expected a source: ${figureSources.join(', ')}`);
  const asOf = options.asOf === undefined ? undefined : dayOf(options.asOf);
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const order = {
    source: known,
    place: /^https?:\/\//i.test(place) ? addressOf(place) : resolve(io.cwd, place),
    ...{ asOf, series: options.series, revised: options.revised },
    onProgress: (rows: number) => io.terminal && io.err(`\r${rows} rows`),
  };
  const report = await withDatabase(io, config, (url) => importFigureFile(productUrl(config, url), order));
  if (io.terminal) io.err('\n');
  if (options.json) printJson(io, report);
  else io.out(reportText(known, report));
}

/** @throws usage failure for what is no day, and for one that is still to come */
function dayOf(day: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(day) : new Date(Number.NaN);
  const isDay = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
  if (!isDay || at > new Date()) throw usage('--as-of: expected a day that has come, like 2026-11-16');
  return at.toISOString();
}

function addressOf(place: string): string {
  if (!URL.canParse(place)) throw usage('expected a file, or an address like https://files.example.com/file.csv');
  return place;
}

function reportText(source: FigureSource, report: FileReport): string {
  const { file, hash, asOf, rows, changed, dead, problems, again } = report;
  const reasons = Object.entries(problems.reasons).map(([reason, n]) => `${reason} ${n}`);
  return [
    again ? `${printable(file)} was read before, to its end; nothing was done\n` : `read ${printable(file)}\n`,
    `  made ${asOf}, SHA-256 ${hash.slice(0, 12)}\n`,
    `  ${rows} rows; ${changed} figures new or changed\n`,
    dead === 0 ? '' : `  not taken: ${dead} (${reasons.join(', ')})\n`,
    ...problems.rows
      .slice(0, 5)
      .map(({ row, field, detail }) => `    row ${row}${field === null ? '' : `, ${printable(field)}`}: ${detail}\n`),
    `  wherever these figures are shown, this stands beside them: ${figureCredits[source]}\n`,
  ].join('');
}
