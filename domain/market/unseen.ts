import type { Iso } from '../glossary.ts';
import { later } from './edm.ts';
import type { FeedCursor, FeedResource } from './feed.ts';
import { OVERLAP_MS } from './scan-events.ts';

/** A record that was pushed, and that the feed did not have when it was asked for at once. */
type Unseen = NonNullable<FeedCursor['unseen']>[number];
type Named = Pick<Unseen, 'resource' | 'key'>;

/** A cursor stays a row of a table: of more than these the comparison of keys takes care. */
const MOST = 1_000;

/**
 * A push may come before the feed itself shows the change: what it does not have then may be there a moment later. Such a record is taken
 * for gone only when it is asked for again behind the overlap, as it is with events of the journal.
 */
export function withUnseen(cursor: FeedCursor, records: readonly Named[], at: Iso): FeedCursor {
  if (records.length === 0) return cursor;
  const { unseen = [] } = withoutUnseen(cursor, records);
  return {
    ...cursor,
    unseen: [...unseen, ...records.map(({ resource, key }) => ({ resource, key, at }))].slice(-MOST),
  };
}

/** Those that it is time to ask for again. */
export function unseenDue({ unseen = [] }: FeedCursor, now: Iso): readonly Unseen[] {
  const since = later(now, -OVERLAP_MS);
  return unseen.filter(({ at }) => at <= since);
}

/** They were read again. */
export function withoutUnseen(cursor: FeedCursor, records: readonly Named[]): FeedCursor {
  const { unseen, ...rest } = cursor;
  if (unseen === undefined) return cursor;
  const read = new Set(records.map(nameOf));
  const left = unseen.filter((one) => !read.has(nameOf(one)));
  return left.length === 0 ? rest : { ...rest, unseen: left };
}

const nameOf = ({ resource, key }: { readonly resource: FeedResource; readonly key: string }): string =>
  `${resource} ${key}`;
