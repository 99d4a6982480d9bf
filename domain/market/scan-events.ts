import type { Iso } from '../glossary.ts';
import { later } from './edm.ts';
import type { EntityEvent, FeedCursor } from './feed.ts';

/** A feed may show an event so much later than one of a higher sequence: two of its transactions ended in the other order. */
export const OVERLAP_MS = 5 * 60_000;
/** A cursor stays a row of a table: in a flood the overlap is shorter. */
const MOST_RECENT = 1_000;
/** Where a journal stands of which nothing was read. */
const BEFORE_ALL = '-1';

type Recent = NonNullable<FeedCursor['recent']>;

/**
 * After which sequence a poll begins to read (`gt`); null: from the first. It begins where the journal stood five minutes ago, and always before
 * the very last event, by whose coming again it is seen that the journal is still the same. Later pages of the same poll go on after their
 * last event.
 */
export function eventsAfter({ sequence, recent = [] }: FeedCursor, now: Iso): string | null {
  if (sequence === null) return null;
  const since = later(now, -OVERLAP_MS);
  const old = recent.filter(({ at }) => at < since).at(-1) ?? recent[0];
  const last = BigInt(sequence) - 1n;
  const after = old === undefined || BigInt(old.sequence) > last ? last : BigInt(old.sequence);
  return after < 0n ? null : String(after);
}

export interface EventsTaken {
  /** To be stored together with what the events brought. */
  readonly cursor: FeedCursor;
  /** Each record once, by its last event, in the order of sequences; events that were taken before are left out. */
  readonly events: readonly EntityEvent[];
  /** The journal ends before what was read of it: it was reset or restored. Tell, and begin anew with `afterReset`. */
  readonly behind: boolean;
}

/**
 * What a page of events is worth. Gaps mean nothing; events may come twice, in any order, and late.
 * @param asked  what the page was asked after
 * @param more   whether the feed has further events after this page
 */
export function takeEvents(
  cursor: FeedCursor,
  {
    asked,
    events,
    more,
  }: { readonly asked: string | null; readonly events: readonly EntityEvent[]; readonly more: boolean },
  now: Iso,
): EventsTaken {
  const { sequence } = cursor;
  const recent = cursor.recent?.length ? cursor.recent : [{ sequence: sequence ?? BEFORE_ALL, at: now }];
  const taken = new Set(recent.map((event) => event.sequence));
  if (sequence !== null) taken.add(sequence);
  const fresh = [...new Map(events.map((event) => [event.sequence, event])).values()]
    .filter((event) => !taken.has(event.sequence))
    .sort((a, b) => compare(a.sequence, b.sequence));
  const last = events.reduce<string | null>((highest, event) => higher(highest, event.sequence), null);
  const isOverlapped = sequence !== null && (asked === null || compare(asked, sequence) < 0);
  return {
    cursor: {
      ...cursor,
      sequence: higher(sequence, last),
      recent: remembered(recent, fresh, now),
    },
    events: lastOfEach(fresh),
    behind: isOverlapped && !more && (last === null || compare(last, sequence) < 0),
  };
}

/** Reads the journal from its first event again, which is harmless. */
export function afterReset(cursor: FeedCursor): FeedCursor {
  return { ...cursor, sequence: null, recent: [] };
}

/** What is told of a record after an event is told by its last: it is read as it is then. */
function lastOfEach(events: readonly EntityEvent[]): readonly EntityEvent[] {
  const last = new Map(events.map((event) => [JSON.stringify([event.resource, event.key]), event.sequence]));
  return events.filter((event) => last.get(JSON.stringify([event.resource, event.key])) === event.sequence);
}

/**
 * By sequence: what was taken within the overlap, and the highest of what was taken before, where the overlap begins. Of too many the highest,
 * so that what the overlap brings again is known.
 */
function remembered(recent: Recent, fresh: readonly EntityEvent[], now: Iso): Recent {
  const since = later(now, -OVERLAP_MS);
  const all = [...recent, ...fresh.map(({ sequence }) => ({ sequence, at: now }))];
  all.sort((a, b) => compare(a.sequence, b.sequence));
  const begin = all.findLastIndex(({ at }) => at < since);
  return all.filter(({ at }, index) => at >= since || index === begin).slice(-MOST_RECENT);
}

/** Decimal digits of an int64, which a number would round. */
function compare(a: string, b: string): number {
  const [one, other] = [BigInt(a), BigInt(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function higher(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compare(a, b) >= 0 ? a : b;
}
