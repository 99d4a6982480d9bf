import { readConfig } from '../platform/config.ts';
import { loginToMake } from '../platform/login.ts';
import { migrateDatabase } from '../platform/migrations.ts';
import { withHome } from './client.ts';
import type { RoleOptions } from './commands/processes.ts';
import { withDatabase } from './database.ts';
import { type Io, printJson } from './output.ts';

/** Brings the database of this installation forward, whether its server runs or not. */
export async function migrate(io: Io, options: RoleOptions & { readonly dryRun?: true }): Promise<void> {
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const dryRun = options.dryRun === true;
  const onProgress = (line: string) => io.err(`${line}\n`);
  const names = await withDatabase(io, config, (url) =>
    migrateDatabase(url, { dryRun, onProgress, login: loginToMake(config, url) }),
  );
  if (options.json) {
    printJson(io, dryRun ? { pending: names } : { applied: names });
    return;
  }
  if (names.length === 0) io.out('nothing to do: the database is up to date\n');
  for (const name of names) io.out(`${dryRun ? 'would apply' : 'applied'} ${name}\n`);
}
