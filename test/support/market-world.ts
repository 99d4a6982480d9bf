import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { ReadyLine } from '../../cli/app-file.ts';
import { loginToMake } from '../../platform/login.ts';
import { migrateDatabase } from '../../platform/migrations.ts';
import { startWorld, stopHome } from '../../sandbox/services/world.ts';
import { searchAttributes } from '../../workflows/contract.ts';
import { createGates, type Gates } from './gates.ts';
import type { Product } from './product.ts';
import { testCache } from './world.ts';

/** The processes of the product, each with what it works. */
const roles = {
  api: ['api'],
  leads: ['worker', '--queues', 'leads,ghl,claude'],
  market: ['worker', '--queues', 'market'],
} as const;
export type Role = keyof typeof roles;

/** The product as it is deployed, the market's worker in a process of its own, with real servers and stand-ins. */
export interface MarketWorld {
  readonly home: string;
  readonly gates: Gates;
  readonly temporal: Client;
  readonly urls: { readonly api: string; readonly ghl: string; readonly reso: string };
  /** With which the feed may push. */
  readonly pushToken: string;
  pid(role: Role): number;
  start(role: Role, env?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGKILL; resolves once it is gone. */
  kill(role: Role): Promise<void>;
  /** A call of the product's API. */
  readonly api: Product['api'];
  /** One statement against the product's database, as its owner. */
  readonly sql: Product['sql'];
  /** An order to the control plane of the MLS stand-in. */
  order<T = unknown>(name: string, body?: unknown, method?: string): Promise<T>;
  /** What tests of a whole product are written against. */
  readonly product: Product;
  log(): string;
  stop(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');
const API_TOKEN = 'token-of-the-market-world';
const PUSH_TOKEN = 'token-of-the-pushing-feed';
const POINTS = ['market.before-commit', 'market.after-commit', 'market.after-fan-out'];
const foreign =
  /^(DATABASE_|REDIS_URL|TEMPORAL_|GHL_|RESO_|ANTHROPIC_|LEADWRIGHT_|(WORKER_)?PORT$|HOST$|NODE_OPTIONS$|JEST_)/;

/** How the container of the market's worker runs Node, so that what is measured is what is deployed. */
function marketContainer() {
  const [, container = ''] =
    /^ {2}market:\n((?: {4}.*\n)+)/m.exec(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) ?? [];
  const flags = /entrypoint: \[node, (.+), cli\/leadwright\.mjs\]/.exec(container)?.[1]?.split(', ');
  const arenas = /MALLOC_ARENA_MAX: (\d+)/.exec(container)?.[1];
  if (flags === undefined || arenas === undefined)
    throw new Error('expected the flags of the market in docker-compose.yml');
  return { flags, env: { MALLOC_ARENA_MAX: arenas } };
}

export interface MarketWorldOptions {
  /** Goes into the name of the home folder. */
  readonly purpose: string;
  /** Stop at the pause points of the market until the gates let go. */
  readonly paused?: boolean;
  /** Processes to begin with; all unless said. */
  readonly roles?: readonly Role[];
}

/** Starts servers, stand-ins and the product's processes. Everything ends with `stop`. */
export async function openMarketWorld(options: MarketWorldOptions): Promise<MarketWorld> {
  const home = await mkdtemp(join(tmpdir(), `leadwright-${options.purpose}-`));
  // The database's own user must get at its data in there.
  await chmod(home, 0o755);
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  const vendors = (['ghl', 'claude', 'reso'] as const).map((name) => ({
    ...{ name, root },
    entry: join(root, 'sandbox/vendors', name, 'main.ts'),
  }));
  const logFile = join(home, 'app.log');
  const log = () => readFileSync(logFile, 'utf8').slice(-8_000);
  const children = new Map<Role, ChildProcess>();
  const gates = createGates(home);
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all([...children.keys()].map((role) => kill(role)));
    gates.close();
    await Promise.allSettled(opened.map((end) => end()));
    await stopHome(home);
    await rm(home, { recursive: true, force: true });
  };

  async function kill(role: Role): Promise<void> {
    const child = children.get(role);
    if (child === undefined) return;
    children.delete(role);
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${role} ended by itself (${child.signalCode ?? child.exitCode}): ${log()}`);
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  try {
    const servers = await startWorld({
      ...{ home, cache: testCache(), env: inherited, searchAttributes, vendors },
      progress: () => undefined,
    });
    opened.push(() => servers.stop());
    const urlOf = (name: string) => servers.vendors[name]!.url;
    const urls = { api: '', ghl: urlOf('ghl'), reso: urlOf('reso') };
    await migrateDatabase(servers.postgres.url, {
      login: loginToMake({ home, databaseAppUrl: undefined }, servers.postgres.url),
    });
    const { appId } = (await (await fetch(`${urls.ghl}/_sandbox/app`)).json()) as { appId: string };
    const environment = {
      ...inherited,
      ...{ LEADWRIGHT_HOME: home, LEADWRIGHT_CACHE: testCache(), LEADWRIGHT_API_TOKEN: API_TOKEN },
      ...{ DATABASE_URL: servers.postgres.url, TEMPORAL_ADDRESS: servers.temporal.address },
      ...('url' in servers.redis ? { REDIS_URL: servers.redis.url } : {}),
      ...{ GHL_BASE_URL: urls.ghl, GHL_APP_ID: appId, ANTHROPIC_BASE_URL: urlOf('claude') },
      ...{ RESO_BASE_URL: urls.reso, RESO_TOKEN_URL: `${urls.reso}/oauth/token`, RESO_PUSH_TOKEN: PUSH_TOKEN },
      ...{ RESO_CLIENT_ID: 'reso-sandbox', RESO_CLIENT_SECRET: 'reso-sandbox-secret' },
      ...{ PORT: '0', WORKER_PORT: '0' },
      ...(options.paused === true ? { LEADWRIGHT_PAUSES: POINTS.join(',') } : {}),
    };

    const start: MarketWorld['start'] = async (role, env = {}) => {
      if (children.has(role)) throw new Error(`${role} runs already`);
      const out = openSync(logFile, 'a');
      const asDeployed = role === 'market' ? marketContainer() : { flags: ['--max-semi-space-size=64'], env: {} };
      const child = spawn(
        process.execPath,
        [...asDeployed.flags, 'cli/leadwright.mjs', ...roles[role], '--json', '--home', home],
        { cwd: root, env: { ...environment, ...asDeployed.env, ...env }, stdio: ['ignore', 'pipe', out] },
      );
      closeSync(out);
      children.set(role, child);
      const line = await readyLine(child).catch((error: unknown) => {
        throw new Error(`${role} did not start: ${log()}`, { cause: error });
      });
      if (role === 'api') urls.api = line.urls.api ?? '';
    };

    const connection = await Connection.connect({ address: servers.temporal.address });
    opened.unshift(() => connection.close());
    const temporal = new Client({ connection, namespace: servers.temporal.namespace });
    const pool = new pg.Pool({ connectionString: servers.postgres.url, max: 4, application_name: 'market world' });
    pool.on('error', () => undefined);
    opened.unshift(() => pool.end());
    await Promise.all((options.roles ?? (Object.keys(roles) as Role[])).map((role) => start(role)));

    const api: MarketWorld['api'] = async <T>(method: string, path: string, body?: unknown) => {
      const response = await fetch(`${urls.api}${path}`, {
        method,
        headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    };
    const sql: MarketWorld['sql'] = async <T extends object>(text: string, values: readonly unknown[] = []) =>
      (await pool.query<T>(text, [...values])).rows;
    const pids = () => Object.fromEntries([...children].map(([role, child]) => [role, child.pid!]));
    const line = (): ReadyLine => ({
      ...{ event: 'ready', mode: 'sandbox', pid: process.pid, apiToken: API_TOKEN, appId, pids: pids() },
      urls: { ...urls, metrics: `${urls.api}/metrics` },
      webhookKey: join(home, 'vendors', 'ghl', 'keys', 'ghl-webhook.private.pem'),
      ...{ temporalAddress: servers.temporal.address, namespace: servers.temporal.namespace },
      databaseUrl: servers.postgres.url,
    });
    const all = Object.keys(roles) as Role[];
    return {
      ...{ home, gates, temporal, urls, pushToken: PUSH_TOKEN, start, kill, api, sql, log, stop: close },
      pid: (role) => children.get(role)!.pid!,
      order: async <T>(name: string, body: unknown = {}, method = 'POST') => {
        const given = method === 'GET' ? {} : { method, body: JSON.stringify(body) };
        const response = await fetch(`${urls.reso}/_sandbox/${name}`, given);
        if (!response.ok) throw new Error(`${name} answered ${response.status}: ${await response.text()}`);
        return (await response.json()) as T;
      },
      product: {
        ...{ home, line, gates, api, sql, log, stop: close },
        start: () => Promise.all(all.map((role) => start(role))).then(() => undefined),
        kill: () => Promise.all(all.map(kill)).then(() => undefined),
      },
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

async function readyLine(child: ChildProcess): Promise<{ readonly urls: { readonly api?: string } }> {
  for await (const line of createInterface(child.stdout!)) {
    const said = JSON.parse(line) as { readonly event?: string; readonly urls: { readonly api?: string } };
    // A start that fails says so on the same stream.
    if (said.event !== 'ready') throw new Error(line);
    return said;
  }
  throw new Error('it ended before it was ready');
}
