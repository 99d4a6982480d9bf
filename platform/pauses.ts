import { randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../domain/ports/log.ts';
import type { Pauses } from '../domain/ports/pauses.ts';

/**
 * Stops at the configured points: writes `pauses/<point>` with the process id into the home folder and goes on once that file is
 * removed. A test kills the process meanwhile. Everywhere else, and without configuration, `at` returns at once.
 * @param points  from the configuration, which leaves them empty outside the sandbox
 */
export function createPauses({ home, points, log }: { home: string; points: readonly string[]; log: Log }): Pauses {
  if (points.length === 0) return { at: () => Promise.resolve() };
  const wanted = new Set(points);
  return {
    async at(point) {
      if (!wanted.has(point)) return;
      const file = join(home, 'pauses', point);
      await announce(file);
      log.warn({ point }, 'paused');
      while (await exists(file)) await wait(20);
      log.warn({ point }, 'goes on');
    },
  };
}

/** Renamed into place, so that whoever sees the file can read the whole id. */
async function announce(file: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const draft = `${file}.${randomUUID()}.draft`;
  await writeFile(draft, `${process.pid}\n`);
  await rename(draft, file);
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
