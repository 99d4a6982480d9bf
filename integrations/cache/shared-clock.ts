/**
 * The time of all processes: that of the Redis server, as far as this process heard it. A process whose own clock is wrong by hours then
 * writes and reads the same moments as the others do. Without a server it is this process's own time.
 */
export interface SharedClock {
  now(): number;
  /** This process's own, to measure with. */
  own(): number;
  /** @param askedAt  own time when the server was asked: what it said is taken to be of the middle between then and now */
  heard(serverMs: number, askedAt: number): void;
}

/** @param own  epoch ms; absent: a clock that nobody sets back or forward while the process runs */
export function createSharedClock(own: () => number = steady): SharedClock {
  let ahead = 0;
  return {
    now: () => own() + ahead,
    own,
    heard(serverMs, askedAt) {
      ahead = serverMs - (askedAt + own()) / 2;
    },
  };
}

const steady = (): number => performance.timeOrigin + performance.now();
