/** The time that cache lifetimes, limits, batches and prices go by; an hour of it costs nothing. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  advance(ms: number): void;
  /** Stands still at this moment until it is advanced or released. */
  freeze(atMs: number): void;
  /** Goes on with the machine's time from where it stands. */
  release(): void;
  /** Shows the machine's time again. */
  reset(): void;
}

export function createClock(machine: () => number = Date.now): Clock {
  let ahead = 0;
  let frozenAt: number | undefined;
  return {
    now: () => frozenAt ?? machine() + ahead,
    advance: (ms) => {
      if (frozenAt === undefined) ahead += ms;
      else frozenAt += ms;
    },
    freeze: (atMs) => void (frozenAt = atMs),
    release: () => {
      if (frozenAt !== undefined) ahead = frozenAt - machine();
      frozenAt = undefined;
    },
    reset: () => {
      [ahead, frozenAt] = [0, undefined];
    },
  };
}
