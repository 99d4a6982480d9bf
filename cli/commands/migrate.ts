import { readConfig } from '../../platform/config.ts';
import { migrateDatabase } from '../../platform/migrations.ts';
import { withHome } from '../client.ts';
import { withDatabase } from '../database.ts';
import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import { printJson } from '../output.ts';

interface MigrateOptions {
  readonly json?: true;
  readonly home?: string;
  readonly dryRun?: true;
}

export function addMigrate({ program, io }: Registry): void {
  json(program.command('migrate').description('bring the database forward to this version'))
    .option('--dry-run', 'only say what would be applied')
    .option('--home <dir>', 'home folder of the installation (LEADWRIGHT_HOME)')
    .action(async (options: MigrateOptions) => {
      const config = readConfig(withHome(io.env, options.home), io.cwd);
      const dryRun = options.dryRun === true;
      const onProgress = (line: string) => io.err(`${line}\n`);
      const names = await withDatabase(io, config, (url) => migrateDatabase(url, { dryRun, onProgress }));
      if (options.json) return printJson(io, dryRun ? { pending: names } : { applied: names });
      if (names.length === 0) io.out('nothing to do: the database is up to date\n');
      for (const name of names) io.out(`${dryRun ? 'would apply' : 'applied'} ${name}\n`);
    });
}
