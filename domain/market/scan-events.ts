import type { Iso } from '../glossary.ts';
import { later } from './edm.ts';
import type { EntityEvent, FeedCursor } from './feed.ts';

/** A feed may show an event so much later than one of a higher sequence: two of its transactions ended in the other order. */
const OVERLAP_MS = 5 * 60_000;
/** A cursor stays a row of a table: in a flood the overlap is shorter. */
const MOST_RECENT = 1_000;

type Recent = NonNullable<FeedCursor['recent']>;

/**
 * After which sequence a poll begins to read (`gt`); null: from the first. It begins before what was taken in the last five minutes, and always
 * before the very last event, by whose coming again it is seen that the journal is still the same. Later pages of the same poll go on after
 * their last event.
 */
export function eventsAfter({ sequence, recent = [] }: FeedCursor, now: Iso): string | null {
  if (sequence === null) return null;
  const since = later(now, -OVERLAP_MS);
  const overlap = recent.filter(({ at }) => at >= since).map((event) => event.sequence);
  return String(lowest([sequence, ...overlap]) - 1n);
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
  const { sequence, recent = [] } = cursor;
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

/** Of too many the highest: what is kept is then all that an overlap brings again, and nothing of it is taken for new. */
function remembered(recent: Recent, fresh: readonly EntityEvent[], now: Iso): Recent {
  const since = later(now, -OVERLAP_MS);
  const kept = recent.filter(({ at }) => at >= since);
  return [...kept, ...fresh.map(({ sequence }) => ({ sequence, at: now }))]
    .sort((a, b) => compare(a.sequence, b.sequence))
    .slice(-MOST_RECENT);
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

function lowest(sequences: readonly string[]): bigint {
  return sequences.map(BigInt).reduce((low, one) => (one < low ? one : low));
}
