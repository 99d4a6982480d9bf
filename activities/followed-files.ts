import { Context } from '@temporalio/activity';
import { isAppError } from '../domain/errors.ts';
import { type FigureAddress, followedFile, isSameFile } from '../domain/market/followed-files.ts';
import type { FileMarks, FollowedFile, FollowedFileRuns, FollowedFileStore } from '../domain/ports/followed-files.ts';
import type { FigureActivities } from '../workflows/activities.ts';
import { isoNow } from './deps.ts';
import { type FileDeps, readOpened } from './market-files.ts';

export interface FollowedFilesDeps extends FileDeps {
  readonly addresses: readonly FigureAddress[];
  readonly followed: FollowedFileStore;
  readonly fileRuns: FollowedFileRuns;
}

const UNKNOWN: FileMarks = { etag: null, lastModified: null };

/** Public files of figures, each fetched where its server has another one than was read. */
export function createFigureActivities(deps: FollowedFilesDeps): FigureActivities {
  return {
    async refreshFigures(file) {
      const address = deps.addresses.find((one) => isSameFile(followedFile(one), file));
      if (address === undefined) {
        await deps.fileRuns.end(file);
        await deps.followed.forget(file);
        return { outcome: 'gone' };
      }
      try {
        return await refreshed(deps, file, address.url);
      } catch (error) {
        if (isAppError(error) && error.code !== 'STORE_AWAY') {
          await deps.followed.fail(file, isoNow(deps), { code: error.code, says: error.message });
        }
        throw error;
      }
    },
  };
}

/** Its marks are kept once it is stored to its end: where that was broken off, it is fetched again and goes on where it stood. */
async function refreshed(
  deps: FollowedFilesDeps,
  file: FollowedFile,
  url: string,
): ReturnType<FigureActivities['refreshFigures']> {
  const known = (await deps.followed.get(file))?.marks ?? UNKNOWN;
  const opened = await deps.figureFiles.changed(file.source, url, known, { today: isoNow(deps).slice(0, 10) });
  if (opened === null) {
    await deps.followed.well(file, isoNow(deps), known);
    return { outcome: 'same' };
  }
  try {
    // A worker that ends is not held up: the next one goes on where this one stood.
    const onProgress = (): void => Context.current().cancellationSignal.throwIfAborted();
    const { again, rows, changed, dead } = await readOpened(deps, opened, { onProgress });
    await deps.followed.well(file, isoNow(deps), opened.marks);
    return again ? { outcome: 'same' } : { outcome: 'read', rows, changed, dead };
  } finally {
    await opened.close();
  }
}

/** Each file that the deployment names is fetched each day. One that it names no longer ends by itself. Errors: TEMPORAL_UNAVAILABLE. */
export async function followFiles({
  addresses,
  fileRuns,
}: Pick<FollowedFilesDeps, 'addresses' | 'fileRuns'>): Promise<void> {
  for (const address of addresses) await fileRuns.begin(followedFile(address));
}
