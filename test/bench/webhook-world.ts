import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ReadyLine } from '../../cli/app-file.ts';
import { startPostgres } from '../../sandbox/services/postgres.ts';
import { startTemporal } from '../../sandbox/services/temporal.ts';
import { stopHome } from '../../sandbox/services/world.ts';
import { searchAttributes } from '../../workflows/contract.ts';
import { cleanEnv, endProcess, services, startProduct } from './product.ts';
import { furnish, locations } from './webhook-people.ts';

/** The product and its servers in a folder of their own. */
export interface BenchWorld {
  readonly apiUrl: string;
  readonly ghlUrl: string;
  readonly appId: string;
  /** PEM of the private key that the stand-in signs with. */
  readonly signingKey: string;
  readonly db: pg.Pool;
  /** Name → process, for their shares of the processor. */
  readonly pids: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly say: (line: string) => void;
  /** `LEADWRIGHT_BENCH` of the product. */
  readonly knobs?: string;
  /** Temporal polls its queues at its own default rate. */
  readonly defaultPollRate?: boolean;
}

/** Starts everything as `npm start` does and installs the bench's locations. What it started ends with `close`. */
export async function openWorld(options: WorldOptions): Promise<BenchWorld> {
  const home = mkdtempSync(join(tmpdir(), 'leadwright-bench-'));
  // Postgres may run as another user than we do.
  chmodSync(home, 0o755);
  const env = withKnobs(options.knobs);
  try {
    await withCommitTimes(home, env);
    const temporal = options.defaultPollRate === true ? await slowTemporal(home, env) : undefined;
    const withTemporal = temporal === undefined ? env : { ...env, TEMPORAL_ADDRESS: temporal.address };
    const { child, ready: line } = await startProduct(['start', '--no-seed'], home, withTemporal);
    const ready = line as ReadyLine;
    const { api: apiUrl, ghl: ghlUrl } = ready.urls as { api: string; ghl: string };
    const db = new pg.Pool({ connectionString: ready.databaseUrl, max: 2, application_name: 'bench' });
    // An idle connection that breaks shows in the next statement.
    db.on('error', () => undefined);
    await furnish(ghlUrl);
    await install(apiUrl, ready.apiToken);
    const { vendors, ...pids } = ready.pids as Record<string, number>;
    let closing: Promise<void> | undefined;
    // Once, however many ask for it; and all of it, whatever became of the parts.
    const close = (): Promise<void> => {
      closing ??= (async () => {
        // Our connections first: the product takes Postgres down with it.
        await Promise.allSettled([db.end()]);
        await endProcess(child);
        await stopHome(home);
        process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      })();
      return closing;
    };
    const interrupted = (): void => void close().finally(() => process.exit(1));
    process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
    return {
      apiUrl,
      ghlUrl,
      appId: ready.appId,
      signingKey: readFileSync(ready.webhookKey!, 'utf8'),
      db,
      pids: {
        ...pids,
        ...(temporal?.pid === undefined ? {} : { temporal: temporal.pid }),
        ...(vendors === undefined ? {} : { standIn: vendors }),
      },
      close,
    };
  } catch (error) {
    options.say(`the world could not be started; its logs are in ${home}`);
    await stopHome(home);
    throw error;
  }
}

function withKnobs(knobs: string | undefined): NodeJS.ProcessEnv {
  return { ...cleanEnv(), ...(knobs === undefined ? {} : { LEADWRIGHT_BENCH: knobs }) };
}

/** Postgres keeps the time of each commit only when told so before it starts; that time is what `decide_ms` ends with. */
async function withCommitTimes(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const postgres = await startPostgres(services(home, env));
  const client = new pg.Client(postgres.url);
  try {
    await client.connect();
    await client.query('alter system set track_commit_timestamp = on');
    await client.query('alter system set track_wal_io_timing = on');
  } finally {
    await client.end();
    await postgres.stop();
  }
}

function slowTemporal(home: string, env: NodeJS.ProcessEnv): ReturnType<typeof startTemporal> {
  return startTemporal({
    ...services(home, env),
    searchAttributes,
    dynamicConfig: {
      'history.transferProcessorMaxPollRPS': undefined,
      'history.timerProcessorMaxPollRPS': undefined,
    },
  });
}

async function install(apiUrl: string, apiToken: string): Promise<void> {
  for (const { id, token } of locations) {
    const response = await fetch(`${apiUrl}/api/locations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ locationId: id, token, name: `Bench ${id}`, timezone: 'America/New_York' }),
    });
    if (response.status !== 201) throw new Error(`a location was not installed: ${await response.text()}`);
  }
}
