import type { Iso } from '../glossary.ts';
import type { EntityEvent, FeedCursor } from './feed.ts';

/** After which sequence a poll begins to read (`gt`); null: from the first. Later pages of the same poll go on after their last event. */
export function eventsAfter(_cursor: FeedCursor, _now: Iso): string | null {
  throw new Error('eventsAfter: body follows');
}

export interface EventsTaken {
  /** To be stored together with what the events brought. */
  readonly cursor: FeedCursor;
  /** Each record once, in the order of its last event; known events are left out. */
  readonly events: readonly EntityEvent[];
  /** The journal ends before what was read of it: it was reset or restored. Tell, and begin anew with `afterReset`. */
  readonly behind: boolean;
}

/** @param asked  what the page was asked after; `more`: as the feed answered */
export function takeEvents(
  _cursor: FeedCursor,
  _page: { readonly asked: string | null; readonly events: readonly EntityEvent[]; readonly more: boolean },
  _now: Iso,
): EventsTaken {
  throw new Error('takeEvents: body follows');
}

/** Reads the journal from its first event again, which is harmless. */
export function afterReset(cursor: FeedCursor): FeedCursor {
  return { ...cursor, sequence: null, recent: [] };
}
