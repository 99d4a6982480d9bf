import { startPostgres } from '../sandbox/services/postgres.ts';
import type { Config } from '../platform/config.ts';
import type { Io } from './output.ts';

/**
 * Runs work against the database of this installation: the configured one, or the home folder's own, which is started for the
 * while if nobody runs it.
 */
export async function withDatabase<T>(io: Io, config: Config, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  if (config.databaseUrl !== undefined) return work(config.databaseUrl);
  const { home, cache } = config;
  const server = await startPostgres({
    home,
    cache,
    env: io.env,
    progress: (line) => io.err(`${line}\n`),
  });
  try {
    return await work(server.url);
  } finally {
    // One that ran before belongs to somebody else.
    if (!server.reused) await server.stop();
  }
}
