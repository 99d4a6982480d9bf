import { readConfig } from '../platform/config.ts';
import { type Pruned, pruneDatabase } from '../platform/prune.ts';
import { withHome } from './client.ts';
import type { RoleOptions } from './commands/processes.ts';
import { withDatabase } from './database.ts';
import { usage } from './failure.ts';
import { type Io, printJson } from './output.ts';

export interface PruneOptions extends RoleOptions {
  readonly before: string;
  readonly apply?: true;
}

/** Deletes old history of this installation, or says what would go. */
export async function prune(io: Io, options: PruneOptions): Promise<void> {
  const before = midnight(options.before);
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const onProgress = (line: string) => io.err(`${line}\n`);
  const apply = options.apply === true;
  const pruned = await withDatabase(io, config, (url) => pruneDatabase(url, before, { apply, onProgress }));
  if (options.json) printJson(io, pruned);
  else io.out(prunedText(pruned));
}

/** The first instant of a day in UTC. @throws usage failure for what is no day, and for one that is still to come */
function midnight(day: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(day) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(day)) {
    throw usage('--before: expected a day, like 2026-01-31');
  }
  if (at > new Date()) throw usage('--before: expected a day that has come: history ends today');
  return at.toISOString();
}

function prunedText(pruned: Pruned): string {
  const { before, applied, timeline, listingEvents, analytics, visitors, hints, modelCalls, assistant } = pruned;
  const months = analytics.months.length === 0 ? '' : ` (${analytics.months.join(', ')})`;
  return [
    `${applied ? 'deleted' : 'would delete'} what lies before ${before.slice(0, 10)}:\n`,
    `  ${timeline} entries of timelines\n`,
    `  ${listingEvents} events of listings\n`,
    `  ${analytics.events} analytics events, in ${analytics.months.length} whole months${months}\n`,
    `  ${visitors} visitors of sites that were not seen since, with ${hints} hints of who they are\n`,
    `  ${modelCalls} attempts at calls of language models\n`,
    `  ${assistant} readings and summaries of the assistant, and drafts that never went out\n`,
    applied ? '' : 'nothing was changed; add --apply to delete\n',
  ].join('');
}
