import { performance } from 'node:perf_hooks';

/** Milliseconds. */
const [shortest, longest] = [250, 30_000];

/** As many as a single request may take: one that it dies with, and the one that it is asked of once more. */
const freeLives = 2;

/**
 * When a process that keeps dying may be started again: at once after two lives in which it did nothing, since one request may
 * have ended both, and then after a pause that doubles with each such life more.
 * @param now  milliseconds, never going back
 */
export function createPauses(now: () => number = () => performance.now()) {
  let idleLives = 0;
  let over = 0;
  return {
    /** Milliseconds until it may be started; 0: it may. */
    left: (): number => Math.max(0, over - now()),
    /** @param worked  whether the life that ended was good for something */
    ended(worked: boolean): void {
      idleLives = worked ? 0 : idleLives + 1;
      over = idleLives <= freeLives ? 0 : now() + Math.min(longest, shortest * 2 ** (idleLives - freeLives - 1));
    },
  };
}
