import type { Registry } from '../main.ts';
import { json } from '../options.ts';

/**
 * The verbs that run the product, or examine or change what it runs on. What they need is loaded only when one of them is called:
 * the worker's and the database's packages would make every other verb wait for seconds.
 */
export function addProcesses(registry: Registry): void {
  const { program, io } = registry;
  const home = ['--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)'] as const;

  json(program.command('start').description('run everything on this machine; in sandbox mode nothing leaves it'))
    .option('--port <n>', 'port of the API (PORT); 0 takes a free one')
    .option(...home)
    .option('--no-seed', 'sandbox: put no brokerage in and deliver no first events')
    .action(async (options: StartOptions) => (await import('../start.ts')).start(io, options));

  json(program.command('api').description('run the door, the API and the relay'))
    .option('--port <n>', 'port of the API (PORT)')
    .option(...home)
    .action(async (options: RoleOptions & { port?: string }) => (await import('../roles.ts')).api(io, options));

  json(program.command('worker').description('run workers of some task queues'))
    .option('--queues <list>', 'comma list of leads, ghl, claude and market', 'leads,ghl,claude')
    .option('--port <n>', 'port of its probes and metrics (WORKER_PORT); 0 takes a free one')
    .option(...home)
    .action(async (options: RoleOptions & { queues: string; port?: string }) =>
      (await import('../roles.ts')).worker(io, options),
    );

  json(program.command('migrate').description('bring the database forward to this version'))
    .option('--dry-run', 'only say what would be applied')
    .option(...home)
    .action(async (options: RoleOptions & { dryRun?: true }) => (await import('../migrate.ts')).migrate(io, options));

  json(program.command('upgrade').description('the deploy step: migrate, bundle the workflows, check'))
    .option(...home)
    .action(async (options: RoleOptions) => (await import('../upgrade.ts')).upgrade(registry, options));

  json(program.command('doctor').description('one line per check: pass, warn or fail, and what mends it'))
    .option(...home)
    .action(async (options: RoleOptions) => (await import('../doctor.ts')).doctor(registry, options));
}

export interface RoleOptions {
  readonly json?: true;
  readonly home?: string;
}

export interface StartOptions extends RoleOptions {
  readonly port?: string;
  readonly seed: boolean;
}
