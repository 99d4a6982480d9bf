import type { Log } from '../domain/ports/log.ts';

/** Collects rows to mark and writes them together: a burst costs a few statements instead of one each. */
export interface Marker {
  mark(inboxId: string): void;
  /** Resolves when everything marked so far is written, or its failure logged. */
  flush(): Promise<void>;
}

/** A mark that fails only makes the sweep dispatch once more, which is harmless: so it is logged and forgotten. */
export function createMarker(write: (ids: readonly string[]) => Promise<void>, log: Log, waitMs = 50): Marker {
  let ids: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = ids;
    ids = [];
    if (batch.length > 0) {
      writing = writing
        .then(() => write(batch))
        .catch((error: unknown) =>
          log.warn({ err: error, rows: batch.length }, 'events stay unmarked; the sweep repeats them'),
        );
    }
    return writing;
  }

  return {
    mark(inboxId) {
      ids.push(inboxId);
      if (ids.length >= 100) void flush();
      else timer ??= setTimeout(() => void flush(), waitMs);
    },
    flush,
  };
}
