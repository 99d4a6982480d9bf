import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ReadyLine } from '../../cli/app-file.ts';
import { stopHome } from '../../sandbox/services/world.ts';
import type { Running } from '../support/ghl-model-world.ts';
import { cleanEnv, endProcess, startProduct } from './product.ts';

/** The product with its servers and the vendor's stand-in, in a folder of its own. */
export interface GhlWorld {
  readonly running: Running;
  readonly line: ReadyLine;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** @param knobs  `LEADWRIGHT_BENCH` of the product */
export async function openGhlWorld(say: (line: string) => void, knobs?: string): Promise<GhlWorld> {
  say('starting servers and product');
  const home = mkdtempSync(join(tmpdir(), 'leadwright-bench-ghl-'));
  // Postgres may run as another user than we do.
  chmodSync(home, 0o755);
  const env = { ...cleanEnv(), ...(knobs === undefined ? {} : { LEADWRIGHT_BENCH: knobs }) };
  try {
    const { child, ready } = await startProduct(['start', '--no-seed'], home, env);
    const line = ready as ReadyLine;
    const db = new pg.Pool({ connectionString: line.databaseUrl, max: 2, application_name: 'bench' });
    // An idle connection that breaks shows in the next statement.
    db.on('error', () => undefined);
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= (async () => {
        await Promise.allSettled([db.end()]);
        await endProcess(child);
        await stopHome(home);
        process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      })();
      return closing;
    };
    const interrupted = (): void => void close().finally(() => process.exit(1));
    process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
    const running: Running = {
      ...{ apiUrl: line.urls.api, ghlUrl: line.urls.ghl!, apiToken: line.apiToken },
      sql: async <T extends object>(text: string, values: readonly unknown[] = []) =>
        (await db.query<T>(text, [...values])).rows,
    };
    return { running, line, home, env, close };
  } catch (error) {
    say(`the world could not be started; its logs are in ${home}`);
    await stopHome(home);
    throw error;
  }
}
