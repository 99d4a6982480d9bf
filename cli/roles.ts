import { compose, type Product } from '../platform/compose.ts';
import { readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { createShutdown, type Shutdown } from '../platform/shutdown.ts';
import { taskQueues } from '../workflows/contract.ts';
import { type QueueName, runApi, runProbes, runWorkers } from './app.ts';
import { readAppFile } from './app-file.ts';
import { withHome } from './client.ts';
import type { RoleOptions } from './commands/processes.ts';
import { knownEndpoints } from './endpoints.ts';
import { usage } from './failure.ts';
import { type Io, printJson } from './output.ts';

/** The door, the API and the relay in this process, against servers that run elsewhere. */
export async function api(io: Io, options: RoleOptions & { readonly port?: string }): Promise<void> {
  const env = options.port === undefined ? io.env : { ...io.env, PORT: options.port };
  const { product, shutdown } = await role({ ...io, env }, 'api', options.home);
  const { url } = await orStop(shutdown, runApi(product, shutdown));
  if (options.json) printJson(io, { event: 'ready', role: 'api', pid: process.pid, urls: { api: url } });
  else io.out(`the API answers at ${url}\n`);
}

/** Workers of some task queues in this process, and their probes and metrics on a port of their own. */
export async function worker(io: Io, options: WorkerOptions): Promise<void> {
  const queues = queuesOf(options.queues);
  const env = options.port === undefined ? io.env : { ...io.env, WORKER_PORT: options.port };
  const { product, shutdown } = await role({ ...io, env }, 'worker', options.home, {
    models: queues.some((queue) => queue !== 'market'),
  });
  // A worker that does not poll does nothing at all, from its first moment on; the door, which stores without it, only shows it.
  let healthy = () => false;
  const probe = () => (healthy() ? Promise.resolve('ok' as const) : Promise.reject(new Error('not polling')));
  product.health.watch({ name: 'workers', required: true, probe });
  const { url } = await orStop(shutdown, runProbes(product, shutdown));
  const workers = await orStop(shutdown, runWorkers(product, queues, shutdown));
  healthy = workers.healthy;
  await workers.polling;
  const urls = { metrics: `${url}/metrics` };
  if (options.json) printJson(io, { event: 'ready', role: 'worker', pid: process.pid, queues, urls });
  else io.out(`workers poll ${queues.join(', ')}; metrics at ${urls.metrics}\n`);
}

export interface WorkerOptions extends RoleOptions {
  readonly queues: string;
  readonly port?: string;
}

/** A role that cannot open its port, or must not send, is not to stay behind as a process that does nothing. */
async function orStop<T>(shutdown: Shutdown, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    await shutdown.stop('the start failed');
    throw error;
  }
}

/** Everything a role needs. From here on signals end the process in order, and the process lives until one comes. */
async function role(
  io: Io,
  name: string,
  home: string | undefined,
  needs?: Parameters<typeof compose>[3],
): Promise<{ product: Product; shutdown: Shutdown }> {
  const config = readConfig(withHome(io.env, home), io.cwd);
  const log = createLogger({ name });
  const app = readAppFile(config.home);
  const product = await compose(config, knownEndpoints(config, app), log, needs);
  if (app !== undefined) product.serve(app.urls.api);
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
