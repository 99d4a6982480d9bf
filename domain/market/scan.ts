import type { Iso } from '../glossary.ts';
import type { RecordPage, RecordsAsked } from '../ports/market-feed.ts';
import type { FeedCursor, FeedProvider, FeedResource } from './feed.ts';

/** How a vendor's feed is walked by timestamps. */
export interface ScanHabits {
  /** A change may show up in the feed so much later than its own timestamp says. */
  readonly lagMinutes: number;
  /** Does it keep to the order that is asked for (changed, then key)? */
  readonly ordered: boolean;
}

export function scanHabits(_provider: FeedProvider): ScanHabits {
  throw new Error('scanHabits: body follows');
}

/** What to ask next of a resource, and the cursor that says so (a scan begins with it; it need not be stored before the page is). */
export function nextAsk(
  _cursor: FeedCursor,
  _resource: FeedResource,
  _now: Iso,
  _habits: ScanHabits,
): { readonly asked: RecordsAsked; readonly cursor: FeedCursor } {
  throw new Error('nextAsk: body follows');
}

/**
 * Where replication stands once a page is stored. `over`: the scan is at its end, poll again later. `going`: ask on.
 * `loop`: its links lead in a circle; the scan begins anew, and somebody is to be told.
 */
export interface AfterPage {
  readonly kind: 'going' | 'over' | 'loop';
  readonly cursor: FeedCursor;
}

export function afterPage(
  _cursor: FeedCursor,
  _resource: FeedResource,
  _page: Pick<RecordPage, 'records' | 'next'>,
  _now: Iso,
  _habits: ScanHabits,
): AfterPage {
  throw new Error('afterPage: body follows');
}

/** The link to the next page is refused (expired, 400, 404, 410): go on without it, from as far as is certain. */
export function afterLostLink(_cursor: FeedCursor, _resource: FeedResource): FeedCursor {
  throw new Error('afterLostLink: body follows');
}
