import { AppError } from '../../domain/errors.ts';
import { isObject } from './page.ts';

/**
 * Where a scan goes on, as text that nobody else has to understand: by the vendor's link as it is, or by asking anew from the timestamp
 * of the last record. The latter wherever the vendor pages by offset: rows that change or go while paging would shift others past a page's edge.
 */
export type Onward =
  | { readonly by: 'link'; readonly link: string; readonly before?: string | undefined }
  | { readonly by: 'time'; readonly from: string; readonly before?: string | undefined };

export function written(onward: Onward): string {
  return JSON.stringify(onward);
}

/** @throws AppError FEED_BROKEN where it was not written by us */
export function readOnward(next: string): Onward {
  let value: unknown;
  try {
    value = JSON.parse(next);
  } catch {
    value = undefined;
  }
  if (isObject(value) && (value['before'] === undefined || isTimestamp(value['before']))) {
    const before = value['before'];
    if (value['by'] === 'link' && typeof value['link'] === 'string') return { by: 'link', link: value['link'], before };
    if (value['by'] === 'time' && isTimestamp(value['from'])) return { by: 'time', from: value['from'], before };
  }
  throw new AppError(
    'FEED_BROKEN',
    'expected where a scan of this feed goes on; what is kept is something else: begin it anew',
  );
}

/** May be written into a filter as it is. */
export function isTimestamp(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** Does the link count rows, instead of remembering where it was? */
export function countsRows(link: string): boolean {
  return /[?&](\$|%24)skip=/i.test(link);
}

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
