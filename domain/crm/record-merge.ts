import { canonical } from '../webhooks/payload.ts';
import type { CrmRecord, Fact, RecordChange, RecordNews } from './records.ts';

/** Keys of `factsAt` that stand for no fact: when the record was last told to be created, and to be deleted. */
const CREATED = '+';
const DELETED = '-';
/** Whose a record is goes by the newest news like every other fact, and is kept in a place of its own. */
const CONTACT = 'contactId';

/**
 * A record after one more piece of news. Each fact keeps the time of its own news and goes by the newest, so that deliveries may come in
 * any order and any number and end in the same record. Of two of the same time the greater counts, a status by its rank.
 * Deleted stays deleted, unless newer news says that the record was created: deleting sends updates as well, which only repeat what
 * was there.
 */
export function mergeRecord(
  old: CrmRecord | null,
  news: RecordNews,
): { readonly record: CrmRecord; readonly change: RecordChange } {
  const values = new Map<string, Fact>(old === null ? [] : [...Object.entries(old.facts), [CONTACT, old.contactId]]);
  const times = new Map(Object.entries(old?.factsAt ?? {}));
  const stamp = stampOf(news);
  const changed = new Map<string, { before?: Fact; after: Fact }>();
  for (const [key, after] of told(news)) {
    const since = times.get(key);
    const before = since === undefined ? undefined : (values.get(key) ?? null);
    if (since !== undefined && before !== undefined && !isAhead(key, [after, stamp], [before, since])) continue;
    values.set(key, after);
    times.set(key, stamp);
    if (before === undefined || canonical(before) !== canonical(after))
      changed.set(key, before === undefined ? { after } : { before, after });
  }
  if (news.action !== 'changed') {
    const mark = news.action === 'created' ? CREATED : DELETED;
    times.set(mark, later(times.get(mark), stamp));
  }
  const deletedAt = deletionOf(times);
  const contactId = values.get(CONTACT);
  values.delete(CONTACT);
  const record: CrmRecord = {
    kind: news.kind,
    recordId: news.recordId,
    contactId: typeof contactId === 'string' ? contactId : null,
    facts: sorted(values),
    factsAt: sorted(times),
    knownAt: old !== null && Date.parse(old.knownAt) > Date.parse(news.at) ? old.knownAt : news.at,
    deletedAt,
    ownAt: old?.ownAt ?? null,
  };
  const what = whatHappened(old, record, news, changed.size > 0);
  return { record, change: { kind: news.kind, recordId: news.recordId, what, facts: sorted(changed) } };
}

/** The names of our own that `factsAt` knows besides are nobody's to tell. */
function told({ contactId, facts }: RecordNews): [string, Fact][] {
  const named = Object.entries(facts).filter(([key]) => key !== CONTACT && key !== CREATED && key !== DELETED);
  return contactId === undefined ? named : [...named, [CONTACT, contactId]];
}

function whatHappened(
  old: CrmRecord | null,
  now: CrmRecord,
  { action }: RecordNews,
  differs: boolean,
): RecordChange['what'] {
  const isGone = now.deletedAt !== null;
  if (old === null) return isGone ? 'deleted' : action === 'created' ? 'created' : 'changed';
  if ((old.deletedAt !== null) !== isGone) return isGone ? 'deleted' : 'created';
  // Of what is deleted nobody needs to hear more.
  return isGone || !differs ? 'none' : 'changed';
}

/** The deletion that stands: one that no later creation has undone. Deletion wins over a creation of the same time. */
function deletionOf(times: ReadonlyMap<string, string>): string | null {
  const deleted = times.get(DELETED);
  if (deleted === undefined) return null;
  const created = times.get(CREATED);
  return created !== undefined && instantOf(created) > instantOf(deleted) ? null : deleted.replace('~', '');
}

/** Statuses by how far they have come: of two of the same time, or without any time of the vendor's, the further one counts. */
const statusRank: readonly string[] = [
  ...['new', 'open', 'confirmed', 'active'],
  ...['abandoned', 'noshow', 'invalid', 'lost', 'cancelled', 'completed', 'showed', 'won'],
];

type Stamped = readonly [value: Fact, stamp: string];

/** A total order of news of one fact, so that it does not matter which comes first. */
function isAhead(key: string, [value, stamp]: Stamped, [other, since]: Stamped): boolean {
  const orders =
    key === 'status'
      ? [isTimed(stamp) - isTimed(since), isTimed(stamp) && byTime(stamp, since), rank(value) - rank(other)]
      : [];
  for (const order of [...orders, byTime(stamp, since), isTimed(stamp) - isTimed(since)]) {
    if (order !== 0) return order > 0;
  }
  return canonical(value) >= canonical(other);
}

function rank(status: Fact): number {
  return typeof status === 'string' ? statusRank.indexOf(status) : -2;
}

function stampOf({ at, timed }: RecordNews): string {
  return timed ? at : `~${at}`;
}

function isTimed(stamp: string): 0 | 1 {
  return stamp.startsWith('~') ? 0 : 1;
}

function byTime(a: string, b: string): number {
  return instantOf(a) - instantOf(b);
}

function later(a: string | undefined, b: string): string {
  if (a === undefined) return b;
  return byTime(a, b) === 0 ? (isTimed(a) >= isTimed(b) ? a : b) : byTime(a, b) > 0 ? a : b;
}

function instantOf(stamp: string): number {
  return Date.parse(stamp.replace('~', ''));
}

/** The same knowledge is the same document, whatever the order in which it came. */
function sorted<T>(entries: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
