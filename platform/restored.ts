import type { Iso } from '../domain/glossary.ts';
import { type Announced, announceRestore, othersConnected, readMark } from '../integrations/postgres/high-water.ts';
import { withPool } from '../integrations/postgres/pool.ts';
import { seenMark } from './high-water.ts';

/**
 * Announces that the database was restored from an older backup.
 * @param backupAt  when the backup was begun, where somebody knows; else its own mark says since when all is unknown
 * @returns `running` while a process of ours is connected; `unknown` when nothing says how old the backup is
 */
export async function announce(
  databaseUrl: string,
  home: string,
  backupAt: Iso | null,
): Promise<Announced | 'running' | 'unknown'> {
  return withPool(databaseUrl, { applicationName: 'leadwright db' }, async (pool) => {
    if ((await othersConnected(pool)) > 0) return 'running';
    const mark = await readMark(pool);
    const seen = mark === undefined ? null : seenMark(home, mark.installation);
    return (await announceRestore(pool, backupAt, seen)) ?? 'unknown';
  });
}
