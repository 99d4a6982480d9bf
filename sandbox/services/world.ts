import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Progress } from './daemon.ts';
import { serviceError } from './errors.ts';
import { tryLock } from './lock.ts';
import type { Lock } from './lock.ts';
import { startPostgres, stopPostgres } from './postgres.ts';
import type { PostgresService } from './postgres.ts';
import { startRedis, stopRedis } from './redis.ts';
import type { RedisService } from './redis.ts';
import { startTemporal, stopTemporal } from './temporal.ts';
import type { TemporalOptions, TemporalService } from './temporal.ts';
import { startVendor, stopVendor } from './vendor.ts';
import type { VendorOptions, VendorService } from './vendor.ts';

export interface WorldOptions {
  readonly home: string;
  readonly cache: string;
  /** Tells where servers are that need not be started: `DATABASE_URL`, `REDIS_URL`, `TEMPORAL_ADDRESS`. */
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly searchAttributes: Readonly<Record<string, string>>;
  readonly dynamicConfig?: TemporalOptions['dynamicConfig'];
  readonly vendors?: readonly Pick<VendorOptions, 'name' | 'entry' | 'root' | 'args' | 'port'>[];
  /** Ports to insist on. */
  readonly ports?: {
    readonly postgres?: number;
    readonly redis?: number;
    readonly temporal?: number;
    readonly temporalUi?: number;
  };
  /**
   * True (the default): this process owns the home folder until `stop`, and a second one is refused while it lives. False: share
   * it with others, as test files do, of which none stops it under the feet of the rest.
   */
  readonly exclusive?: boolean;
}

export interface World {
  readonly postgres: PostgresService;
  readonly redis: RedisService;
  readonly temporal: TemporalService;
  /** By name. */
  readonly vendors: Readonly<Record<string, VendorService>>;
  /** Ends what is ours, those first that use others; call it after the app has drained. */
  stop(): Promise<void>;
}

/**
 * Starts everything at once and answers when all of it answers. What a killed parent left running in this home is reused.
 * @throws the first problem, with the ways out; what was started by then is ended
 */
export async function startWorld(given: WorldOptions): Promise<World> {
  const options = { ...given, home: resolve(given.home), cache: resolve(given.cache) };
  await mkdir(options.cache, { recursive: true });
  const owner = options.exclusive === false ? undefined : await own(options.home);
  const started = await Promise.allSettled([
    announced(options, 'postgres', startPostgres({ ...common(options), ...portOf(options.ports?.postgres) })),
    announced(options, 'redis', startRedis({ ...common(options), ...portOf(options.ports?.redis) })),
    announced(options, 'temporal', startTemporal(temporalOptions(options))),
    ...(options.vendors ?? []).map((vendor) =>
      announced(options, vendor.name, startVendor({ ...common(options), ...vendor })),
    ),
  ] as const);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    if (owner) await stopHome(options.home).finally(() => owner.release());
    throw failed.reason;
  }
  const [postgres, redis, temporal, ...vendors] = started.map((result) =>
    result.status === 'fulfilled' ? result.value : undefined,
  ) as [PostgresService, RedisService, TemporalService, ...VendorService[]];
  return {
    postgres,
    redis,
    temporal,
    vendors: Object.fromEntries(vendors.map((vendor) => [vendor.kind, vendor])),
    stop: async () => {
      await Promise.all(vendors.map((vendor) => vendor.stop()));
      await Promise.all([temporal.stop(), redis.stop(), postgres.stop()]);
      await owner?.release();
    },
  };
}

/** Ends every server of a home folder, whoever started it; nothing to end is no error. */
export async function stopHome(home: string): Promise<void> {
  const folders = await readdir(join(home, 'services')).catch(() => []);
  const vendors = folders.filter((name) => name.startsWith('vendor-')).map((name) => name.slice('vendor-'.length));
  await Promise.all(vendors.map((name) => stopVendor(home, name)));
  await Promise.all([stopTemporal(home), stopRedis(home), stopPostgres(home)]);
}

async function own(home: string): Promise<Lock> {
  const lock = await tryLock(join(home, 'services', 'owner.lock'));
  if ('release' in lock) return lock;
  throw serviceError(`Process ${lock.heldBy} runs in this home folder (${home}).`, [
    `end it (kill ${lock.heldBy}) and start again`,
    'choose another folder with --home',
  ]);
}

interface Announced {
  readonly kind: string;
  readonly pid?: number;
}

/** One line when a server is there, since the slowest may take minutes. */
async function announced<T extends Announced>(
  { progress }: WorldOptions,
  name: string,
  starting: Promise<T>,
): Promise<T> {
  const server = await starting;
  if ('reason' in server) progress(`${name}: NONE, an in-process cache takes its place. ${String(server.reason)}`);
  else progress(`${name}: ready (${server.kind}${server.pid === undefined ? '' : `, pid ${server.pid}`})`);
  return server;
}

const common = ({ home, cache, env, progress }: WorldOptions) => ({ home, cache, env, progress });
const portOf = (port: number | undefined) => (port === undefined ? {} : { port });

function temporalOptions(options: WorldOptions): TemporalOptions {
  const { searchAttributes, dynamicConfig, ports } = options;
  return {
    ...common(options),
    ...portOf(ports?.temporal),
    ...(ports?.temporalUi === undefined ? {} : { uiPort: ports.temporalUi }),
    searchAttributes,
    ...(dynamicConfig ? { dynamicConfig } : {}),
  };
}
