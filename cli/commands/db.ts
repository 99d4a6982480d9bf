import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import type { RoleOptions } from './processes.ts';

/** Verbs about the database itself; its packages are loaded only when one of them is called. */
export function addDatabase(registry: Registry): void {
  const db = registry.program.command('db').description('look at the database of this installation');

  json(db.command('indexes').description('its indexes with their size and how often each was used'))
    .option(
      '--analyze',
      'also say which are invalid, duplicate, unused, bloated or missing, and what mends it; exit 1 when something is wrong',
    )
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (options: RoleOptions & { analyze?: true }) =>
      (await import('../indexes.ts')).indexes(registry, options),
    );
}
