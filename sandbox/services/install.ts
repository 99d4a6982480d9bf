import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutable } from './command.ts';
import { messageOf, serviceError, systemCode } from './errors.ts';
import { withLock } from './lock.ts';
import type { Progress } from './daemon.ts';

/** One way to come by a program. */
export interface Way {
  /** What to say of it in a progress line and in an error. */
  readonly what: string;
  /** Puts the program and what it needs into the given, empty folder; throws when that fails. */
  readonly fill: (folder: string) => Promise<void>;
}

export interface Installation {
  /** The server's name, for progress lines. */
  readonly name: string;
  readonly cache: string;
  /** Folder in the cache, version included: another version never meets it half way. */
  readonly entry: string;
  /** The program, relative to that folder. */
  readonly program: string;
  readonly ways: readonly Way[];
  /** What a person can do when no way works. */
  readonly help: readonly string[];
  readonly progress: Progress;
}

const INSTALL_WAIT_MS = 20 * 60_000;

/**
 * The program from the cache, put there first if need be: filled aside, then renamed into place, so that an entry is whole or absent.
 * Two processes at once: the second waits and finds it done.
 * @returns its full path and which way it came (`cache` when it was there)
 * @throws naming each way with the reason it failed, and the ways out
 */
export async function installed(wanted: Installation): Promise<{ readonly path: string; readonly kind: string }> {
  const folder = join(wanted.cache, wanted.entry);
  const path = join(folder, wanted.program);
  if (await isExecutable(path)) return { path, kind: 'cache' };
  const waiting = (pid: number) => wanted.progress(`${wanted.name}: process ${pid} is installing it, waiting`);
  return withLock(join(wanted.cache, `${wanted.entry}.lock`), { waitMs: INSTALL_WAIT_MS, waiting }, async () => {
    if (await isExecutable(path)) return { path, kind: 'cache' };
    await removeDrafts(wanted);
    const failures: string[] = [];
    for (const way of wanted.ways) {
      wanted.progress(`${wanted.name}: ${way.what}`);
      const draft = await mkdtemp(join(wanted.cache, `.${wanted.entry}-`));
      try {
        // Other users run these programs too: Postgres never as root.
        await chmod(draft, 0o755);
        await way.fill(draft);
        if (!(await isExecutable(join(draft, wanted.program)))) throw new Error(`it brought no ${wanted.program}`);
        await takePlace(draft, folder);
        return { path, kind: way.what };
      } catch (error) {
        wanted.progress(`${wanted.name}: ${way.what}: did not work`);
        failures.push(`${way.what}: ${messageOf(error)}`);
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    }
    throw serviceError(
      `${wanted.name} is not on this machine and could not be fetched.\n${failures.join('\n')}`,
      wanted.help,
    );
  });
}

/** Under the lock every draft is one that a killed process left. */
async function removeDrafts({ cache, entry }: Installation): Promise<void> {
  const drafts = (await readdir(cache)).filter((name) => name.startsWith(`.${entry}-`));
  await Promise.all(drafts.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

async function takePlace(draft: string, folder: string): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true });
  try {
    await rename(draft, folder);
  } catch (error) {
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') throw error;
    // A damaged entry, without its program, is in the way.
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  }
}
