import { readConfig } from '../platform/config.ts';
import { announce } from '../platform/restored.ts';
import { withHome } from './client.ts';
import type { RoleOptions } from './commands/processes.ts';
import { withDatabase } from './database.ts';
import { Failure, usage } from './failure.ts';
import { type Io, printJson } from './output.ts';

export interface RestoredOptions extends RoleOptions {
  readonly backupFrom?: string;
}

/**
 * After a restore, before the first start: from now on nobody is written to before the CRM was asked what happened since the backup.
 * Said twice it costs only a second look.
 */
export async function restored(io: Io, options: RestoredOptions): Promise<void> {
  const backupAt = instantOf(options.backupFrom);
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const told = await withDatabase(io, config, (url) => announce(url, config.home, backupAt));
  if (told === 'running') {
    throw new Failure('a process of Leadwright is connected to this database', {
      ways: ['Stop all of them first: what they send meanwhile could be sent twice.'],
    });
  }
  if (told === 'unknown') {
    throw usage('this backup does not say when it was taken', [
      'Give the instant at which it was begun: --backup-from',
    ]);
  }
  if (options.json) {
    printJson(io, { restored: true, ...told });
    return;
  }
  io.out(`unknown to this database: what was sent and written from ${told.lostFrom} to ${told.lostUntil}\n`);
  io.out('each lead is read back from the CRM before anything is sent to it; start when you are ready\n');
}

function instantOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  // A time without its zone would be taken for the local one of whoever types.
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text);
  if (!isInstant || Number.isNaN(Date.parse(text))) {
    throw usage('--backup-from: expected an instant with its zone, as 2026-03-01T02:30:00Z');
  }
  if (Date.parse(text) > Date.now()) throw usage('--backup-from: expected an instant in the past');
  return new Date(text).toISOString();
}
