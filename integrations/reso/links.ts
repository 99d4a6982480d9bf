import { AppError } from '../../domain/errors.ts';

/**
 * The link as an address, which must be on the feed's own host: our token goes nowhere else.
 * @param from  the address of the page that it came with, which it may be relative to
 * @throws AppError FEED_BROKEN
 */
export function addressOf(link: string, from: string, root: string, what: string): string {
  const absolute = URL.canParse(link, from) ? new URL(link, from) : undefined;
  if (absolute !== undefined && absolute.origin === new URL(root).origin && absolute.username === '')
    return absolute.href;
  throw new AppError('FEED_BROKEN', `${what}: expected a next page on the feed's own host; its link leads elsewhere`);
}

/** How many links are remembered: a hundred thousand records in the smallest pages. */
const REMEMBERED = 4_000;

/** Notices scans that turn in a circle. A page may be read twice; it may not lead to one of those that led to it. */
export interface Trail {
  /** @throws AppError FEED_BROKEN where `to` comes before `from` in the same scan */
  follow(from: string, to: string, what: string): void;
}

export function createTrail(): Trail {
  const cameFrom = new Map<string, string>();
  return {
    follow(from, to, what) {
      let step: string | undefined = from;
      for (let steps = 0; step !== undefined && steps <= REMEMBERED; steps += 1) {
        if (step === to) {
          throw new AppError('FEED_BROKEN', `${what}: expected pages that end; a link leads back to a page before it`);
        }
        step = cameFrom.get(step);
      }
      cameFrom.delete(to);
      cameFrom.set(to, from);
      const oldest = cameFrom.keys().next().value;
      if (cameFrom.size > REMEMBERED && oldest !== undefined) cameFrom.delete(oldest);
    },
  };
}
