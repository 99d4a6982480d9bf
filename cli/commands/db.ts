import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import type { PruneOptions } from '../prune.ts';
import type { RestoredOptions } from '../restored.ts';
import type { RoleOptions } from './processes.ts';

/** Verbs about the database itself; its packages are loaded only when one of them is called. */
export function addDatabase(registry: Registry): void {
  const db = registry.program.command('db').description('look at the database of this installation and look after it');

  json(db.command('indexes').description('its indexes with their size and how often each was used'))
    .option(
      '--analyze',
      'also say which are invalid, duplicate, unused, bloated or missing, and what mends it; exit 1 when something is wrong',
    )
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (options: RoleOptions & { analyze?: true }) =>
      (await import('../indexes.ts')).indexes(registry, options),
    );

  json(db.command('prune').description(PRUNES))
    .requiredOption('--before <day>', 'what lies before this day (UTC) goes, like 2025-01-01')
    .option('--apply', 'delete; without it nothing is changed and the counts say what would go')
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (options: PruneOptions) => (await import('../prune.ts')).prune(registry.io, options));

  json(db.command('restored').description('say that it was restored from a backup, before the next start'))
    .option(
      '--backup-from <instant>',
      'when the backup was begun, e.g. 2026-03-01T02:30:00Z; needed only where the backup does not know it itself',
    )
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (options: RestoredOptions) => (await import('../restored.ts')).restored(registry.io, options));
}

const PRUNES =
  'delete old history: entries of timelines, events of listings, whole months of analytics events, ' +
  'visitors of sites that did not come since. ' +
  'Inbox, outbox and messages stay: what was seen once must be known again for ever. ' +
  'Decisions, verdicts of gates, consents and suppressions stay: they are the evidence';
