import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import type { RoleOptions } from './processes.ts';

export interface SeedOptions extends RoleOptions {
  readonly leads: string;
  readonly seed: string;
  readonly asOf?: string;
}

export function addSeed({ program, io }: Registry): void {
  json(
    program
      .command('seed')
      .description('fill the empty database of a sandbox with made rows that look like three years of work'),
  )
    .requiredOption('--leads <n>', 'how many leads; three messages and half a listing for each come along')
    .option('--seed <n>', 'the same number makes the same rows', '42')
    .option('--as-of <day>', 'the day or instant (UTC) that the rows are made for; default: today at 00:00')
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (options: SeedOptions) => (await import('../seed.ts')).seed(io, options));
}
