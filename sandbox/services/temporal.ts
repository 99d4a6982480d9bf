import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { ensureServer, stopServer } from './daemon.ts';
import { serviceError } from './errors.ts';
import type { ServiceOptions } from './postgres.ts';
import { temporalAnswers } from './probe.ts';
import type { Ending } from './process.ts';
import { findTemporal } from './temporal-program.ts';

export interface TemporalOptions extends ServiceOptions {
  readonly uiPort?: number;
  /** Name to type, as in `workflows/contract.ts`. */
  readonly searchAttributes: Readonly<Record<string, string>>;
  /** Changes to the dynamic configuration below, by key; `undefined` leaves a key at the server's own default. */
  readonly dynamicConfig?: Readonly<Record<string, boolean | number | undefined>>;
}

export interface TemporalService {
  /** Which source was taken, for the banner: `TEMPORAL_ADDRESS`, `system`, `cache`, `official download`, `go install`. */
  readonly kind: string;
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  /** Absent when the server is not ours and `TEMPORAL_UI_URL` does not say. */
  readonly uiUrl?: string;
  /** Absent when it is not ours. */
  readonly pid?: number;
  readonly reused: boolean;
  stop(): Promise<void>;
}

const ENDING: Ending = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
];

/**
 * What the product counts on. The poll rates are per shard and the dev server has one: at their default of 20 every hop through
 * matching costs a step of 50 ms. One partition, as a few pollers would otherwise wait for forwarding between four.
 */
const DYNAMIC_CONFIG = {
  'system.enableActivityEagerExecution': true,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'matching.useNewMatcher': true,
  'matching.enableFairness': true,
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'frontend.enableServerVersionCheck': false,
  'frontend.enableUpdateWorkflowExecution': true,
  'frontend.enableUpdateWorkflowExecutionAsyncAccepted': true,
} as const;

/**
 * The server shares the machine with the product: half of the cores for it, since more of them mostly look for work, and garbage
 * collected when the heap is five times as large instead of twice. Each saves about a tenth of its processor time.
 */
const GO_RUNTIME = { GOMAXPROCS: String(Math.max(1, Math.floor(availableParallelism() / 2))), GOGC: '400' };

const NAMESPACE = 'default';

/**
 * A Temporal server that answers: `TEMPORAL_ADDRESS`, else a local dev server with its database file in the home folder.
 * @throws naming the ways to get one
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalService> {
  const external = options.env.TEMPORAL_ADDRESS;
  if (external) return useExternal(external, options.env);
  const found = await findTemporal(options);
  const folder = temporalFolder(options.home);
  const settings = serverSettings(join(folder, 'temporal.db'), options);
  const server = await ensureServer({
    name: 'temporal',
    folder,
    kind: found.kind,
    fingerprint: JSON.stringify([found.program, settings]),
    ports: { grpc: options.port, ui: options.uiPort },
    launch: (ports) => ({
      command: found.program,
      args: ['server', 'start-dev', '--port', String(ports.grpc), '--ui-port', String(ports.ui), ...settings],
      env: { ...GO_RUNTIME, ...clientFree(options.env) },
      cwd: folder,
    }),
    answers: (ports) => temporalAnswers(`127.0.0.1:${ports.grpc}`, NAMESPACE),
    readyWithinMs: 60_000,
    ending: ENDING,
    progress: options.progress,
  });
  const address = `127.0.0.1:${server.ports.grpc}`;
  await registerSearchAttributes(found.program, address, options);
  return {
    kind: found.kind,
    address,
    namespace: NAMESPACE,
    uiUrl: `http://127.0.0.1:${server.ports.ui}`,
    pid: server.pid,
    reused: server.reused,
    stop: server.stop,
  };
}

/** Ends the Temporal server of a home folder, whoever started it. */
export async function stopTemporal(home: string): Promise<void> {
  await stopServer(temporalFolder(home), ENDING);
}

function serverSettings(database: string, { dynamicConfig = {} }: TemporalOptions): string[] {
  const dynamic = Object.entries({ ...DYNAMIC_CONFIG, ...dynamicConfig }).filter(([, value]) => value !== undefined);
  return [
    ...['--ip', '127.0.0.1', '--ui-ip', '127.0.0.1', '--namespace', NAMESPACE, '--log-level', 'warn'],
    ...['--db-filename', database, '--sqlite-pragma', 'journal_mode=wal'],
    ...dynamic.flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
  ];
}

/**
 * Asked for at every start: the server's own start flag is heeded only while it makes its database file, so an attribute that came
 * with a newer version would stay unknown. Asking for one that exists changes nothing.
 */
async function registerSearchAttributes(program: string, address: string, options: TemporalOptions): Promise<void> {
  const attributes = Object.entries(options.searchAttributes);
  if (attributes.length === 0) return;
  const wanted = attributes.flatMap(([name, type]) => ['--name', name, '--type', type]);
  const args = ['operator', 'search-attribute', 'create', '--address', address, '--namespace', NAMESPACE, ...wanted];
  await runCommand(program, args, { env: clientFree(options.env), timeoutMs: 30_000 });
}

/** `TEMPORAL_…` settles where a client connects; the program reads it too and is to be a server here. */
function clientFree(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** Looks for a listening server only: TLS and keys are the client's business, which it checks when it connects. */
async function useExternal(address: string, env: NodeJS.ProcessEnv): Promise<TemporalService> {
  const namespace = env.TEMPORAL_NAMESPACE || NAMESPACE;
  const plain = !env.TEMPORAL_API_KEY && !Object.keys(env).some((name) => name.startsWith('TEMPORAL_TLS_'));
  if (plain && !(await temporalAnswers(address, namespace))) {
    throw serviceError(`TEMPORAL_ADDRESS names ${address}, where no Temporal serves the namespace ${namespace}.`, [
      'start that server, create the namespace, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE',
      'unset TEMPORAL_ADDRESS: a local server is started then',
    ]);
  }
  const ui = env.TEMPORAL_UI_URL ? { uiUrl: env.TEMPORAL_UI_URL } : {};
  return { kind: 'TEMPORAL_ADDRESS', address, namespace, ...ui, reused: true, stop: async () => undefined };
}

const temporalFolder = (home: string) => join(home, 'services', 'temporal');
