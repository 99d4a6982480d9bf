import type { Entry } from './journal.ts';
import type { Records } from './records.ts';

/** How far what is read lags behind what happened. */
export interface Lag {
  /** Milliseconds of the feed's clock; null: until it is released. */
  readonly lagMs: number | null;
  /** Changes that reads do not show yet. */
  readonly waiting: number;
}

/** The server that is read from: it has every change, with its events, so much later than the one that is written to. */
export interface Replica {
  /** What reads show now. */
  shown(): Records;
  /** A change that the other server just made. */
  follow(kind: string, entry: Entry | string): void;
  lag(): Lag;
  setLag(lagMs: number | null): void;
  /** Shows everything that waits; what changes later waits again. */
  release(): void;
  /** Forgets the lag and whatever waits. */
  reset(): void;
}

/** Without a lag it is the same server, and costs nothing. Like the weather it ends with the process: then everything is shown. */
export function createReplica(primary: Records, now: () => number): Replica {
  let lagMs: number | null = 0;
  let own: Records | undefined;
  let waiting: (readonly [at: number, kind: string, entry: Entry | string])[] = [];

  const show = (count: number): void => {
    for (const [, kind, entry] of waiting.slice(0, count)) own?.apply(kind, entry);
    waiting = waiting.slice(count);
  };
  const catchUp = (): void => {
    if (own === undefined) return;
    const moment = now();
    const early = waiting.findIndex(([at]) => lagMs === null || moment < at + lagMs);
    show(early === -1 ? waiting.length : early);
    if (lagMs === 0 && waiting.length === 0) own = undefined;
  };
  return {
    shown: () => {
      catchUp();
      return own ?? primary;
    },
    follow: (kind, entry) => {
      if (own !== undefined) waiting.push([now(), kind, entry]);
    },
    lag: () => {
      catchUp();
      return { lagMs, waiting: waiting.length };
    },
    setLag: (ms) => {
      catchUp();
      lagMs = ms;
      if (ms !== 0) own ??= primary.copy();
    },
    release: () => show(waiting.length),
    reset: () => {
      [lagMs, own, waiting] = [0, undefined, []];
    },
  };
}
