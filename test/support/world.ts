import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryLock } from '../../sandbox/services/lock.ts';
import { findTestServer } from '../../sandbox/services/test-server.ts';
import { startWorld, stopHome } from '../../sandbox/services/world.ts';
import type { World } from '../../sandbox/services/world.ts';
import { searchAttributes } from '../../workflows/contract.ts';

/** Real servers for tests. All files of a run share them: make your own database, task queue, workflow ids and key prefix. */
export interface SharedServices {
  /** A superuser's URL; clone or create a database of your own beside it. */
  readonly databaseUrl: string;
  /** Undefined when this machine has no Redis and none could be fetched; tests that need it must then fail, saying so. */
  readonly redisUrl: string | undefined;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string;
  readonly namespace: string;
}

/** How `test/run.mjs` tells its test files where the servers of the run are. */
const variables = {
  databaseUrl: 'LEADWRIGHT_TEST_DATABASE_URL',
  redisUrl: 'LEADWRIGHT_TEST_REDIS_URL',
  temporalAddress: 'LEADWRIGHT_TEST_TEMPORAL_ADDRESS',
  temporalUiUrl: 'LEADWRIGHT_TEST_TEMPORAL_UI_URL',
} as const;

/**
 * The servers of this test run. A file run by hand finds or starts its own in the system's temporary folder, where they are left
 * running for the next time; `node test/run.mjs stop` ends them.
 */
export async function sharedServices(): Promise<SharedServices> {
  const databaseUrl = process.env[variables.databaseUrl];
  const temporalAddress = process.env[variables.temporalAddress];
  const temporalUiUrl = process.env[variables.temporalUiUrl];
  if (databaseUrl && temporalAddress && temporalUiUrl) {
    const redisUrl = process.env[variables.redisUrl] || undefined;
    return { databaseUrl, redisUrl, temporalAddress, temporalUiUrl, namespace: 'default' };
  }
  return servicesOf(await startTestWorld(handHome(), { exclusive: false, progress: () => undefined }));
}

/** Path of Temporal's time-skipping test server, for `TestWorkflowEnvironment.createTimeSkipping`; throws with a hint when there is none. */
export async function timeSkippingServer(): Promise<string> {
  const { path } = await findTestServer({
    cache: testCache(),
    env: process.env,
    progress: (line) => console.error(line),
  });
  return path;
}

/** Servers for tests; the machine's own `DATABASE_URL` and the like are not for tests and are left aside. */
export async function startTestWorld(
  home: string,
  options: { readonly exclusive: boolean; readonly progress: (line: string) => void },
): Promise<World> {
  const elsewhere = /^(DATABASE_URL|REDIS_URL|TEMPORAL_)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !elsewhere.test(name)));
  return startWorld({ home, cache: testCache(), env, searchAttributes, ...options });
}

/** What the test files of a run find in their environment. */
export function environmentOf(world: World): Record<string, string> {
  const services = servicesOf(world);
  return Object.fromEntries(
    Object.entries(variables).map(([key, name]) => [name, services[key as keyof typeof variables] ?? '']),
  );
}

function servicesOf({ postgres, redis, temporal }: World): SharedServices {
  return {
    databaseUrl: postgres.url,
    redisUrl: 'url' in redis ? redis.url : undefined,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl ?? '',
    namespace: temporal.namespace,
  };
}

/** Ends what files run by hand have left running. */
export async function stopHandWorld(): Promise<void> {
  await stopHome(handHome());
}

/**
 * Ends and removes what killed runs left behind: their homes carry a lock whose holder is gone.
 * @param current home of this run, which does not count
 */
export async function sweepKilledRuns(current: string): Promise<void> {
  const prefix = basename(testHome('run-'));
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(prefix))) {
    const home = join(tmpdir(), name);
    if (home === current) continue;
    const lock = await tryLock(join(home, 'services', 'owner.lock'));
    if (!('release' in lock)) continue;
    await stopHome(home);
    await rm(home, { recursive: true, force: true });
  }
}

/** Where this checkout's test servers keep their state: short, outside the tree, one per checkout. */
export function testHome(purpose: string): string {
  const checkout = resolve(fileURLToPath(new URL('../..', import.meta.url)));
  const id = createHash('sha256').update(checkout).digest('hex').slice(0, 8);
  return join(tmpdir(), `leadwright-test-${id}-${purpose}`);
}

const handHome = () => testHome('hand');

export function testCache(): string {
  return process.env.LEADWRIGHT_CACHE || join(homedir(), '.cache', 'leadwright');
}
