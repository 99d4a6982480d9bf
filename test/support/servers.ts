import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startPostgres, stopPostgres } from '../../sandbox/services/postgres.ts';
import { startTemporal, stopTemporal } from '../../sandbox/services/temporal.ts';
import { startVendor, stopVendor } from '../../sandbox/services/vendor.ts';
import { searchAttributes } from '../../workflows/contract.ts';
import type { Product } from './product.ts';
import { testCache } from './world.ts';

type Vendor = 'ghl' | 'claude' | 'reso';

/** One server of a running product, taken away from under it and brought back on its old port. */
interface Server {
  stop(): Promise<void>;
  start(): Promise<void>;
}

export function serversOf({ home }: Product): Record<'postgres' | 'temporal' | Vendor, Server> {
  const ours = /^(DATABASE_URL|REDIS_URL|TEMPORAL_|GHL_|ANTHROPIC_|LEADWRIGHT_)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const common = { home, cache: testCache(), env, progress: () => undefined };
  const root = resolve(import.meta.dirname, '../..');
  const vendor = (name: Vendor): Server => ({
    stop: () => stopVendor(home, name),
    start: async () => {
      await startVendor({ ...common, name, entry: join(root, 'sandbox/vendors', name, 'main.ts'), root });
    },
  });
  return {
    postgres: {
      stop: () => stopPostgres(home),
      start: async () => {
        await startPostgres(common);
      },
    },
    temporal: {
      stop: () => stopTemporal(home),
      start: async () => {
        await startTemporal({ ...common, searchAttributes });
      },
    },
    ghl: vendor('ghl'),
    claude: vendor('claude'),
    reso: vendor('reso'),
  };
}

/** All that Temporal knows; it must not run. */
export async function wipeTemporal({ home }: Product): Promise<void> {
  for (const end of ['', '-wal', '-shm']) {
    await rm(join(home, 'services', 'temporal', `temporal.db${end}`), { force: true });
  }
}
