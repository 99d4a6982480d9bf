import { canonical } from '../webhooks/payload.ts';
import type { CrmRecord, Fact, RecordChange, RecordNews } from './records.ts';

/** Keys of `factsAt` that stand for no fact: when the record was last told to be created, and to be deleted. */
const CREATED = '+';
const DELETED = '-';
const STATUS = 'status';
/** Before a status (as JSON) that does not stand, and yet may come to stand: see `mergeStatus`. */
const KEPT_STATUS = 'status~';
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
  for (const [key, said] of told(news)) {
    const since = times.get(key);
    const before = since === undefined ? undefined : (values.get(key) ?? null);
    const known: Stamped | undefined = since === undefined || before === undefined ? undefined : [before, since];
    const [after, at] = (key === STATUS ? mergeStatus : mergeFact)(known, [said, stamp], times);
    values.set(key, after);
    times.set(key, at);
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
  const named = Object.entries(facts).filter(
    ([key]) => key !== CONTACT && key !== CREATED && key !== DELETED && !key.startsWith(KEPT_STATUS),
  );
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

/** The newer of two, in a total order of news of one fact, so that it does not matter which comes first. */
function mergeFact(known: Stamped | undefined, news: Stamped): Stamped {
  if (known === undefined) return news;
  const [[value, stamp], [other, since]] = [news, known];
  const order = byTime(stamp, since) || isTimed(stamp) - isTimed(since);
  return order > 0 || (order === 0 && canonical(value) >= canonical(other)) ? news : known;
}

/**
 * Of statuses with the vendor's time the newest stands. One without may have been on its way for long: it moves the record on from an
 * older one and never back. What it is held against may change with news that comes later still, so that those which could come to stand
 * are kept, each with its time.
 */
function mergeStatus(known: Stamped | undefined, news: Stamped, times: Map<string, string>): Stamped {
  const kept = [...times].filter(([key]) => key.startsWith(KEPT_STATUS));
  for (const [key] of kept) times.delete(key);
  const told: Stamped[] = [
    ...(known === undefined ? [] : [known]),
    ...kept.map(([key, stamp]): Stamped => [JSON.parse(key.slice(KEPT_STATUS.length)) as Fact, stamp]),
    news,
  ];
  const all = [...new Map(told.map((one) => [`${one[1]} ${canonical(one[0])}`, one])).values()];
  const timed = all.filter(([, stamp]) => isTimed(stamp)).reduce<Stamped | undefined>(newestStatus, undefined);
  const moving = all.filter(([, at]) => !isTimed(at) && (timed === undefined || byTime(at, timed[1]) > 0));
  // Whatever makes the further and later one fall makes the other fall, too.
  const lasting = moving.filter(
    (one) => !moving.some((other) => isFurther(other, one) && byTime(other[1], one[1]) >= 0),
  );
  const standing = [...(timed === undefined ? [] : [timed]), ...lasting];
  const [first = news, ...others] = standing.toSorted((a, b) => (isFurther(a, b) ? -1 : 1));
  for (const [value, stamp] of others) times.set(`${KEPT_STATUS}${canonical(value)}`, stamp);
  return first;
}

function newestStatus(known: Stamped | undefined, news: Stamped): Stamped {
  if (known === undefined) return news;
  const order = byTime(news[1], known[1]);
  return order > 0 || (order === 0 && isFurther(news, known)) ? news : known;
}

/** By rank; else a timed one, the later one, and at last any order that is always the same. */
function isFurther([value, stamp]: Stamped, [other, since]: Stamped): boolean {
  const order = rank(value) - rank(other) || isTimed(stamp) - isTimed(since) || byTime(stamp, since);
  return order === 0 ? canonical(value) > canonical(other) : order > 0;
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
