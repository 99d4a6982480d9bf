import { compose, type Product } from '../../platform/compose.ts';
import { readConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { createShutdown, type Shutdown } from '../../platform/shutdown.ts';
import { taskQueues } from '../../workflows/contract.ts';
import { type QueueName, runApi, runWorkers } from '../app.ts';
import { readAppFile } from '../app-file.ts';
import { withHome } from '../client.ts';
import { knownEndpoints } from '../endpoints.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import { type Io, printJson } from '../output.ts';

interface RoleOptions {
  readonly json?: true;
  readonly home?: string;
}

/** One role of the product in this process, against servers that run elsewhere. */
export function addRoles({ program, io }: Registry): void {
  json(program.command('api').description('run the door, the API and the relay'))
    .option('--port <n>', 'port of the API (PORT)')
    .option('--home <dir>', 'home folder of the installation (LEADWRIGHT_HOME)')
    .action(async (options: RoleOptions & { port?: string }) => {
      const env = options.port === undefined ? io.env : { ...io.env, PORT: options.port };
      const { product, shutdown } = await role({ ...io, env }, 'api', options.home);
      const { url } = await runApi(product, shutdown);
      if (options.json) printJson(io, { event: 'ready', role: 'api', pid: process.pid, urls: { api: url } });
      else io.out(`the API answers at ${url}\n`);
    });

  json(program.command('worker').description('run workers of these task queues'))
    .option('--queues <list>', 'comma list', Object.values(taskQueues).join(','))
    .option('--home <dir>', 'home folder of the installation (LEADWRIGHT_HOME)')
    .action(async (options: RoleOptions & { queues: string }) => {
      const queues = queuesOf(options.queues);
      const { product, shutdown } = await role(io, 'worker', options.home);
      const { polling } = await runWorkers(product, queues, shutdown);
      await polling;
      if (options.json) printJson(io, { event: 'ready', role: 'worker', pid: process.pid, queues });
      else io.out(`workers poll ${queues.join(', ')}\n`);
    });
}

/** Everything a role needs. From here on signals end the process in order, and the process lives until one comes. */
async function role(io: Io, name: string, home: string | undefined): Promise<{ product: Product; shutdown: Shutdown }> {
  const config = readConfig(withHome(io.env, home), io.cwd);
  const log = createLogger({ name });
  const product = await compose(config, knownEndpoints(config, readAppFile(config.home)), log);
  const shutdown = createShutdown({ log });
  shutdown.on('close', 'connections', () => product.close());
  shutdown.listen();
  return { product, shutdown };
}

function queuesOf(list: string): QueueName[] {
  const known = Object.keys(taskQueues);
  const names = list.split(',').map((name) => name.trim());
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw usage(`--queues: expected a comma list of ${known.join(', ')}`);
  return [...new Set(names)] as QueueName[];
}
