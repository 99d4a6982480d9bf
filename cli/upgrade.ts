import { readConfig } from '../platform/config.ts';
import { loginToMake } from '../platform/login.ts';
import { migrateDatabase } from '../platform/migrations.ts';
import { workflowBundle } from '../workers/bundle.ts';
import { bundleFolder } from './app.ts';
import { examine } from './checks.ts';
import { withHome } from './client.ts';
import type { RoleOptions } from './commands/processes.ts';
import { withDatabase } from './database.ts';
import { checkLine } from './doctor.ts';
import type { Registry } from './main.ts';
import { printJson } from './output.ts';

/**
 * The deploy step, before the new processes start: bring the database forward, bundle the workflow code, look whether all is well.
 * Workers announce no version of their own yet: changes of workflow code stay compatible by `patched`, proven by replaying histories.
 */
export async function upgrade({ io, exitWith }: Registry, options: RoleOptions): Promise<void> {
  const onProgress = (line: string) => io.err(`${line}\n`);
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const applied = await withDatabase(io, config, (url) =>
    migrateDatabase(url, { onProgress, login: loginToMake(config, url) }),
  );
  const { hash } = await workflowBundle(bundleFolder(config.home));
  const checks = await examine(io, options.home);
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) exitWith(1);
  if (options.json) {
    printJson(io, { ok: failed.length === 0, applied, workflows: hash, checks });
    return;
  }
  io.out(`migrations applied: ${applied.length === 0 ? 'none, it was up to date' : applied.join(', ')}\n`);
  io.out(`workflow code bundled: ${hash}\n`);
  for (const check of failed) io.out(checkLine(io, check));
}
