import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isAppError } from '../domain/errors.ts';
import type { Iso } from '../domain/glossary.ts';
import type { Log } from '../domain/ports/log.ts';
import { raiseMark, readMark } from '../integrations/postgres/high-water.ts';
import type { Place } from '../integrations/postgres/pool.ts';

/** How often the mark is raised. What is sent within this time before a crash, after a backup in the same time, is not noticed as lost. */
const EVERY_MS = 10_000;
const AGAIN_MS = 2_000;

export interface HighWater {
  /**
   * To be called before anything may be sent; keeps the mark risen from then on.
   * @param onBehind  an older state has taken the place of the database under this process
   * @throws AppError STORE_RESTORED when the database is older than what this machine has seen; STORE_AWAY
   */
  begin(onBehind: () => void): Promise<void>;
  end(): void;
}

/**
 * Notices a database that was restored from an older backup without anybody saying so: `high_water` in it and a file in the home folder
 * rise together, the database first. A file that is ahead has seen a newer state.
 */
export function createHighWater({
  home,
  place,
  log,
  everyMs = EVERY_MS,
}: {
  home: string;
  place: Pick<Place, 'query'>;
  log: Log;
  everyMs?: number;
}): HighWater {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  async function rise(): Promise<void> {
    const mark = await readMark(place);
    if (mark === undefined) throw new AppError('STORE_RESTORED', 'expected one row in high_water, found none');
    const at = await raiseMark(place, mark.installation, seenMark(home, mark.installation));
    if (at === undefined) throw behind();
    remember(home, mark.installation, at);
  }

  /** A process may be there before its database is. */
  async function riseOnceItAnswers(): Promise<void> {
    for (let told = false; !ended; told = true) {
      try {
        await rise();
        return;
      } catch (error) {
        if (!isAppError(error) || error.code !== 'STORE_AWAY') throw error;
        if (!told) log.warn({ err: error }, 'the database does not answer yet; nothing is sent before it does');
        await pause(AGAIN_MS);
      }
    }
  }

  return {
    async begin(onBehind) {
      await riseOnceItAnswers();
      const tick = (): void => {
        if (ended) return;
        timer = setTimeout(() => {
          rise().then(tick, (error: unknown) => {
            if (isBehind(error)) return onBehind();
            log.debug({ err: error }, 'the mark of the database could not be raised; tried again');
            tick();
          });
        }, everyMs);
        timer.unref();
      };
      tick();
    },
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/** Is the database older than what this machine has seen? For those who only look. */
export async function isBehindHome(home: string, place: Pick<Place, 'query'>): Promise<boolean> {
  const mark = await readMark(place);
  const seen = mark === undefined ? null : seenMark(home, mark.installation);
  return seen !== null && (mark?.at ?? '') < seen;
}

/** The newest mark of this database that this machine has seen; null: none. */
export function seenMark(home: string, installation: string): Iso | null {
  try {
    const text = readFileSync(fileOf(home, installation), 'utf8').trim();
    if (Number.isNaN(Date.parse(text))) {
      throw new AppError('STORE_RESTORED', `expected an instant in high-water/${installation} of the home folder`);
    }
    return new Date(text).toISOString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Several processes share a home, also from containers, where each may have the same number: each writes its own file, and the last rename
 * wins, which is at most one turn too low.
 */
function remember(home: string, installation: string, at: Iso): void {
  mkdirSync(join(home, 'high-water'), { recursive: true });
  const draft = `${fileOf(home, installation)}.${randomUUID()}`;
  writeFileSync(draft, `${at}\n`);
  renameSync(draft, fileOf(home, installation));
}

function fileOf(home: string, installation: string): string {
  return join(home, 'high-water', installation);
}

function behind(): AppError {
  return new AppError(
    'STORE_RESTORED',
    'the database is older than what this machine has seen of it: what was sent since then is unknown to it',
  );
}

function isBehind(error: unknown): boolean {
  return isAppError(error) && error.code === 'STORE_RESTORED';
}
