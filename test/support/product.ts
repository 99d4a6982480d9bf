import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import type { ReadyLine } from '../../cli/app-file.ts';
import { freePort } from '../../sandbox/services/port.ts';
import { stopHome } from '../../sandbox/services/world.ts';
import { fetchAnew } from './fetch-anew.ts';
import { createGates, type Gates } from './gates.ts';
import { testCache } from './world.ts';

/** The whole product as a user starts it: a process of its own with real servers, seen from outside only. */
export interface Product {
  readonly home: string;
  /** What the last start said when it was ready. */
  line(): ReadyLine;
  /** The pause points of the running process. */
  readonly gates: Gates;
  /** Starts the app again, on the same door; servers that live are kept, those that do not are started. */
  start(): Promise<void>;
  /** SIGKILL to the app alone, or with every server that it started. */
  kill(what?: 'app' | 'everything'): Promise<void>;
  /** A call of the product's API. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** One statement against the product's database. */
  sql<T extends object>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** The end of the app's log, for a failing test to show. */
  log(): string;
  /** Ends everything and removes the home folder. */
  stop(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

const points = [
  ...['door.before-commit', 'door.after-commit', 'relay.before-mark', 'decide.after-commit', 'apply.before-call'],
  ...[
    'rescore.after-commit',
    'apply.after-call',
    'send.after-claim',
    'send.before-vendor',
    'send.after-vendor',
    'send.after-settle',
  ],
  ...['model.before-reserve', 'model.before-send', 'model.after-answer'],
];

/**
 * @param purpose  goes into the name of the home folder
 * @param paused   stop at every pause point until the gates let go; they do so at once for points that no test holds
 */
export async function startProduct(purpose: string, { paused = false } = {}): Promise<Product> {
  const home = await mkdtemp(join(tmpdir(), `leadwright-${purpose}-`));
  // The database's own user must get at its data in there.
  await chmod(home, 0o755);
  const port = await freePort();
  const gates = createGates(home);
  let line: ReadyLine | undefined;
  let app: ChildProcess | undefined;
  let killed = false;
  const logFile = join(home, 'app.log');

  async function start(): Promise<void> {
    killed = false;
    const log = openSync(logFile, 'a');
    app = spawn(process.execPath, ['cli/leadwright.mjs', 'start', '--json', '--no-seed'], {
      cwd: root,
      env: productEnvironment({ home, port, paused }),
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    line = await readyLine(app).catch((error: unknown) => {
      throw new Error(`the product did not start: ${tail(logFile)}`, { cause: error });
    });
  }

  /** Since it was not told to, its end is a fault, whatever the test found out. */
  function expectAlive(): void {
    if (app === undefined || (app.exitCode === null && app.signalCode === null)) return;
    if (app.signalCode === 'SIGKILL' && killed) return;
    throw new Error(`the app ended by itself (${app.signalCode ?? app.exitCode}): ${tail(logFile)}`);
  }

  async function kill(what: 'app' | 'everything' = 'app'): Promise<void> {
    expectAlive();
    killed = true;
    const { app: _app, ...servers } = line?.pids ?? {};
    const gone = app === undefined || app.exitCode !== null || app.signalCode !== null ? undefined : once(app, 'exit');
    app?.kill('SIGKILL');
    if (what === 'everything') for (const pid of Object.values(servers)) process.kill(pid, 'SIGKILL');
    await gone;
  }

  const ready = (): ReadyLine => {
    if (line === undefined) throw new Error('the product was never ready');
    return line;
  };

  const product: Product = {
    home,
    line: ready,
    gates,
    start,
    kill,
    api: async <T>(method: string, path: string, body?: unknown) => {
      const { urls, apiToken } = ready();
      const response = await fetchAnew(`${urls.api}${path}`, {
        method,
        headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    },
    sql: async <T extends object>(text: string, values: readonly unknown[] = []) => {
      const client = new pg.Client({ connectionString: ready().databaseUrl });
      // Tests kill the database: a broken connection fails the statement under way, and must not end the test's own process.
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<T>(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    log: () => tail(logFile),
    async stop() {
      try {
        await kill();
      } finally {
        gates.close();
        await stopHome(home);
        await rm(home, { recursive: true, force: true });
      }
    },
  };
  try {
    await start();
  } catch (error) {
    await product.stop();
    throw error;
  }
  return product;
}

/** Nothing of the machine's own configuration may reach the product under test. */
export function productEnvironment({
  home,
  port,
  paused,
}: {
  home: string;
  port: number;
  paused: boolean;
}): NodeJS.ProcessEnv {
  const foreign =
    /^(DATABASE_|REDIS_URL|TEMPORAL_|GHL_|ANTHROPIC_|LEADWRIGHT_|(WORKER_)?PORT$|HOST$|NODE_OPTIONS$|JEST_)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(inherited),
    LEADWRIGHT_HOME: home,
    LEADWRIGHT_CACHE: testCache(),
    PORT: String(port),
    ...(paused ? { LEADWRIGHT_PAUSES: points.join(',') } : {}),
  };
}

async function readyLine(app: ChildProcess): Promise<ReadyLine> {
  if (app.stdout === null) throw new Error('the product has no stdout');
  for await (const line of createInterface(app.stdout)) {
    const said = JSON.parse(line) as { readonly event?: string };
    // A start that fails says so on the same stream.
    if (said.event !== 'ready') throw new Error(line);
    return said as ReadyLine;
  }
  throw new Error('it ended before it was ready');
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').slice(-6000);
}
