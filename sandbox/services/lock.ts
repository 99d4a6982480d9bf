import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { serviceError, systemCode } from './errors.ts';
import { identify, isRunning, until } from './process.ts';
import type { ProcessIdentity } from './process.ts';

interface Holder extends ProcessIdentity {
  readonly token: string;
}

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a lock file, unless a living process holds it. A killed holder's lock is taken over: its pid with its start time tells.
 * @returns the lock, or the pid of the living holder
 */
export async function tryLock(file: string): Promise<Lock | { readonly heldBy: number }> {
  await mkdir(dirname(file), { recursive: true });
  const self = await identify(process.pid);
  if (!self) throw new Error('this process cannot find itself in the process table');
  const mine: Holder = { ...self, token: randomUUID() };
  // Written aside and linked into place, so that nobody ever reads half a lock.
  const draft = `${file}.${mine.token}`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    for (;;) {
      try {
        await link(draft, file);
        return { release: () => release(file, mine.token) };
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
      const holder = await readHolder(file);
      if (holder && (await isRunning(holder))) return { heldBy: holder.pid };
      if (holder) await removeStale(file, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Waits for the lock, does the work, and lets go. `waiting` hears the holder's pid once when there is a wait. */
export async function withLock<T>(
  file: string,
  options: { readonly waitMs: number; readonly waiting?: (pid: number) => void },
  work: () => Promise<T>,
): Promise<T> {
  let lock: Lock | undefined;
  let heldBy: number | undefined;
  await until(
    async () => {
      const answer = await tryLock(file);
      if ('heldBy' in answer) {
        if (heldBy !== answer.heldBy) options.waiting?.(answer.heldBy);
        heldBy = answer.heldBy;
        return false;
      }
      lock = answer;
      return true;
    },
    options.waitMs,
    100,
  );
  if (!lock) {
    throw serviceError(`Process ${heldBy} has held ${file} for ${Math.round(options.waitMs / 1000)} s.`, [
      'wait for that process to finish, or end it, and try again',
    ]);
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Two waiters may both see the dead holder; the file is moved aside and looked at again, and a living one's lock is put back. */
async function removeStale(file: string, stale: Holder): Promise<void> {
  const aside = `${file}.stale-${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved && moved.token !== stale.token) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(file: string, token: string): Promise<void> {
  if ((await readHolder(file))?.token === token) await rm(file, { force: true });
}
