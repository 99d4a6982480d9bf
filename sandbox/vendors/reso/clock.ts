/** The feed's time: changes, quotas and tokens go by it, so that an hour of it costs nothing. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  advance(ms: number): void;
  /** Stands still at this moment until it is advanced or released. */
  stopAt(moment: number): void;
  /** Goes on with the machine's time from where it stands. */
  release(): void;
  /** Shows the machine's time again. */
  reset(): void;
}

export function createClock(): Clock {
  /** What it shows: a moment it stands at, or how far it is before the machine's clock. */
  let hands: { readonly stoppedAt: number } | { readonly aheadMs: number } = { aheadMs: 0 };
  const now = (): number => ('stoppedAt' in hands ? hands.stoppedAt : Date.now() + hands.aheadMs);
  return {
    now,
    advance: (ms) => {
      hands = 'stoppedAt' in hands ? { stoppedAt: hands.stoppedAt + ms } : { aheadMs: hands.aheadMs + ms };
    },
    stopAt: (moment) => {
      hands = { stoppedAt: moment };
    },
    release: () => {
      hands = { aheadMs: now() - Date.now() };
    },
    reset: () => {
      hands = { aheadMs: 0 };
    },
  };
}
