import { Context } from '@temporalio/activity';
import { AppError, isAppError } from '../domain/errors.ts';
import { type FigureAddress, followedFile, isSameFile, noMarks } from '../domain/market/followed-files.ts';
import type { FigureFiles } from '../domain/ports/figure-files.ts';
import type { FollowedFile, FollowedFileRuns, FollowedFileStore } from '../domain/ports/followed-files.ts';
import type { Log } from '../domain/ports/log.ts';
import type { MarketFigureStore } from '../domain/ports/market-figures.ts';
import type { FigureActivities, FiguresRefreshed } from '../workflows/activities.ts';
import { isoNow } from './deps.ts';
import { readOpened } from './market-files.ts';

export interface FollowedFilesDeps {
  readonly addresses: readonly FigureAddress[];
  readonly figureFiles: FigureFiles;
  /** Lends a store whose statements have the time that thousands of figures take. */
  readonly withFigures: <T>(work: (figures: MarketFigureStore) => Promise<T>) => Promise<T>;
  readonly followed: FollowedFileStore;
  readonly fileRuns: FollowedFileRuns;
  readonly log: Log;
  readonly now: () => Date;
  readonly sha256: (text: string) => string;
}

/** Public files of figures, each fetched where its server has another one than was read. */
export function createFigureActivities(deps: FollowedFilesDeps): FigureActivities {
  return {
    async refreshFigures(file) {
      const address = deps.addresses.find((one) => isSameFile(followedFile(one), file));
      if (address === undefined) {
        await deps.fileRuns.end(file);
        return { outcome: 'gone' };
      }
      try {
        return await refreshed(deps, file, address.url);
      } catch (error) {
        await tell(deps, file, error);
        // A database that was away asks to be tried in two seconds; a whole file is not fetched that often.
        throw isAppError(error) && error.code === 'STORE_AWAY' ? new AppError(error.code, error.message) : error;
      }
    },
  };
}

/** Its marks are kept once it is stored to its end: where that was broken off, it is fetched again and goes on where it stood. */
async function refreshed(deps: FollowedFilesDeps, file: FollowedFile, url: string): Promise<FiguresRefreshed> {
  const before = await deps.followed.get(file);
  const addressHash = deps.sha256(url);
  // What was said of another address says nothing of this one.
  const known = before?.addressHash === addressHash ? before.marks : noMarks;
  // A worker that ends is not held up: the next one goes on where this one stood.
  const about = { today: isoNow(deps).slice(0, 10), signal: Context.current().cancellationSignal };
  const opened = await deps.figureFiles.changed(file.source, url, known, about);
  if (opened === null) {
    await deps.followed.well(file, isoNow(deps), { marks: known, addressHash });
    return { outcome: 'same' };
  }
  try {
    const read = await deps.withFigures((figures) => readOpened({ figures, now: deps.now }, opened, {}));
    await deps.followed.well(file, isoNow(deps), { marks: opened.marks, addressHash });
    const { again, rows, changed, dead } = read;
    return again ? { outcome: 'same' } : { outcome: 'read', rows, changed, dead };
  } finally {
    await opened.close();
  }
}

/** Says why a file could not be read. That somebody else reads it, or that this worker ends, is no failure of the file. */
async function tell({ followed, now, log }: FollowedFilesDeps, file: FollowedFile, error: unknown): Promise<void> {
  if (Context.current().cancellationSignal.aborted || (isAppError(error) && error.code === 'MARKET_FILE_BUSY')) return;
  const failing = isAppError(error)
    ? { code: error.code, says: error.message }
    : { code: 'EVENT_POISON', says: 'expected no error of this kind; the log of the worker has it' };
  await followed.fail(file, isoNow({ now }), failing).catch((away: unknown) => {
    log.warn({ err: away, ...file }, 'it could not be stored that a public file was not read');
  });
}

/** Each file that the deployment names is fetched each day. One that it names no longer ends by itself. Errors: TEMPORAL_UNAVAILABLE. */
export async function followFiles({
  addresses,
  fileRuns,
}: Pick<FollowedFilesDeps, 'addresses' | 'fileRuns'>): Promise<void> {
  for (const address of addresses) await fileRuns.begin(followedFile(address));
}
