import { readConfig } from '../../platform/config.ts';
import { migrateDatabase } from '../../platform/migrations.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { bundleFolder } from '../app.ts';
import { examine } from '../checks.ts';
import { withHome } from '../client.ts';
import { withDatabase } from '../database.ts';
import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import { printJson } from '../output.ts';

/**
 * The deploy step, before the new processes start: bring the database forward, bundle the workflow code, look whether all is well.
 * Workers announce no version of their own yet: changes of workflow code stay compatible by `patched`, proven by replaying histories.
 */
export function addUpgrade({ program, io, exitWith }: Registry): void {
  json(program.command('upgrade').description('the deploy step: migrate, bundle the workflows, check'))
    .option('--home <dir>', 'home folder of the installation (LEADWRIGHT_HOME)')
    .action(async (options: { json?: true; home?: string }) => {
      const say = (line: string) => io.err(`${line}\n`);
      const config = readConfig(withHome(io.env, options.home), io.cwd);
      const applied = await withDatabase(io, config, (url) => migrateDatabase(url, { onProgress: say }));
      const { hash } = await workflowBundle(bundleFolder(config.home));
      const checks = await examine(io, options.home);
      const failed = checks.filter(({ verdict }) => verdict === 'fail');
      if (options.json) printJson(io, { ok: failed.length === 0, applied, workflows: hash, checks });
      else {
        io.out(`migrations applied: ${applied.length === 0 ? 'none, it was up to date' : applied.join(', ')}\n`);
        io.out(`workflow code bundled: ${hash}\n`);
        for (const { name, finding, fix } of failed) io.out(`fail  ${name}: ${finding}${fix ? `  →  ${fix}` : ''}\n`);
      }
      if (failed.length > 0) exitWith(1);
    });
}
