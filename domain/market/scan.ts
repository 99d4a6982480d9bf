import type { Iso } from '../glossary.ts';
import type { RecordPage, RecordsAsked } from '../ports/market-feed.ts';
import { instantOf, later, own } from './edm.ts';
import type { FeedCursor, FeedProvider, FeedResource, RawRecord, Scan, TimestampCursor } from './feed.ts';
import { FUTURE_TOLERANCE_MS } from './read-key.ts';

/** How a vendor's feed is walked by timestamps. */
export interface ScanHabits {
  /** A change may show up in the feed so much later than its own timestamp says. */
  readonly lagMinutes: number;
  /** Does it keep to the order that is asked for (changed, then key)? */
  readonly ordered: boolean;
}

/** Spark documents a lag of 20 minutes and the others none. Spark pages in the order of keys, and Bridge's replication refuses `$orderby`. */
const habits: Readonly<Record<FeedProvider, ScanHabits>> = {
  reso: { lagMinutes: 20, ordered: true },
  trestle: { lagMinutes: 20, ordered: true },
  mlsgrid: { lagMinutes: 20, ordered: true },
  spark: { lagMinutes: 20, ordered: false },
  bridge: { lagMinutes: 20, ordered: false },
};

export function scanHabits(provider: FeedProvider): ScanHabits {
  return habits[provider];
}

const NOTHING: TimestampCursor = { watermark: null, scan: null };

/**
 * What to ask next of a resource, and the cursor with the scan that asks it; where none is under way one begins, a lag before the watermark.
 *
 * How a scan loses nothing while records change and vanish under it:
 * - Where the feed keeps order, each page is asked from the instant of the last record of the page before (`ge`). A record that changes moves
 *   behind, and is met again; one that vanishes shifts nothing, as a link that counts rows would.
 * - Where a page holds records of one instant alone, only a link leads on within that instant. As such links may count rows, the instant is
 *   walked again until a walk sees no fewer records than the walk before: then none had left while it was walked, and so none was skipped.
 *   In a first scan nothing stored can be stale, and comparing keys finds what was skipped, so once is enough.
 * - Where the feed keeps no order its links are followed to the end.
 * - The watermark moves when a scan is over, to the newest change that it saw, but never beyond the instant at which it began.
 * Records of the overlap come again each time; who stores them finds the same content, which is no change.
 */
export function nextAsk(
  cursor: FeedCursor,
  resource: FeedResource,
  now: Iso,
  { lagMinutes, ordered }: ScanHabits,
): { readonly asked: RecordsAsked; readonly cursor: FeedCursor } {
  const { watermark, scan: under } = cursor.resources[resource] ?? NOTHING;
  const from = watermark === null ? null : later(watermark, -lagMinutes * 60_000);
  const scan = under ?? begin({ from, startedAt: now, linksOnly: !ordered });
  const asked: RecordsAsked =
    scan.next === null
      ? { resource, changedFrom: scan.at ?? undefined, counted: scan.pages === 0 }
      : { resource, next: scan.next };
  return { asked, cursor: put(cursor, resource, { watermark, scan }) };
}

/**
 * Where replication stands once a page is stored. `over`: the scan is at its end, poll again later. `going`: ask on.
 * `loop`: its pages lead in a circle; the scan begins anew with the next ask, and somebody is to be told.
 */
export interface AfterPage {
  readonly kind: 'going' | 'over' | 'loop';
  readonly cursor: FeedCursor;
}

/** @param cursor  as `nextAsk` gave it with what was asked. Errors: a cursor without a scan is a mistake of the caller's, and throws. */
export function afterPage(
  cursor: FeedCursor,
  resource: FeedResource,
  page: Pick<RecordPage, 'records' | 'next'>,
  now: Iso,
): AfterPage {
  const { watermark, scan } = cursor.resources[resource] ?? NOTHING;
  if (scan === null)
    throw new Error(`expected a scan of ${resource} under way, got none: ask before a page is counted`);
  const latest = later(now, FUTURE_TOLERANCE_MS);
  const times = page.records.map((record) => timeOf(record, latest)).filter((at) => at !== null);
  const seen: Scan = { ...scan, newest: newest(scan.newest, times), pages: scan.pages + 1 };
  const answer = (kind: AfterPage['kind'], to: TimestampCursor): AfterPage => ({
    kind,
    cursor: put(cursor, resource, to),
  });

  // A feed that does not keep the order that it was said to keep is walked anew, by its links.
  if (!seen.linksOnly && !isInOrder(times, scan.at))
    return answer('going', { watermark, scan: begin({ ...scan, linksOnly: true }) });
  const step = seen.linksOnly ? byLink(seen, page.next) : inOrder(seen, page.next, times, watermark !== null);
  if (step === 'over') return answer('over', { watermark: advanced(watermark, seen), scan: null });
  return step === 'loop' ? answer('loop', { watermark, scan: null }) : answer('going', { watermark, scan: step });
}

/**
 * The link to the next page is refused (expired, 400, 404, 410): the scan goes on from as far as is certain, which without order is its
 * beginning.
 */
export function afterLostLink(cursor: FeedCursor, resource: FeedResource): FeedCursor {
  const { watermark, scan } = cursor.resources[resource] ?? NOTHING;
  if (scan === null) return cursor;
  // A level that was walked in part has not been walked.
  const level = scan.level === null || scan.level.before === null ? null : { ...scan.level, seen: 0 };
  return put(cursor, resource, { watermark, scan: { ...scan, next: null, mark: null, level } });
}

function begin({ from, startedAt, linksOnly }: Pick<Scan, 'from' | 'startedAt' | 'linksOnly'>): Scan {
  return { from, startedAt, at: from, next: null, newest: null, linksOnly, pages: 0, mark: null, level: null };
}

function byLink(scan: Scan, next: string | null): Scan | 'over' | 'loop' {
  return next === null ? 'over' : follow(scan, next);
}

function inOrder(scan: Scan, next: string | null, times: readonly Iso[], again: boolean): Scan | 'over' | 'loop' {
  const last = times.at(-1) ?? null;
  const level = scan.level === null ? null : { ...scan.level, seen: scan.level.seen + count(times, scan.level.at) };
  const isPassed = next === null || (last !== null && last !== scan.at);
  // Within one instant, or among records whose time nobody can read, only the link leads on.
  if (!isPassed) {
    const entered = scan.at === null ? null : { at: scan.at, seen: count(times, scan.at), before: null };
    return follow({ ...scan, level: level ?? entered }, next);
  }
  if (level !== null && again && (level.before === null || level.seen < level.before)) {
    return { ...scan, at: level.at, next: null, mark: null, level: { ...level, seen: 0, before: level.seen } };
  }
  return next === null ? 'over' : { ...scan, at: last, next: null, mark: null, level: null };
}

/**
 * Brent's way of finding a circle: a link is kept, each time after twice as many pages, and met again at the latest when the circle has
 * been gone round twice. One link is kept, however long a scan is.
 */
function follow(scan: Scan, next: string): Scan | 'loop' {
  if (next === scan.mark || next === scan.next) return 'loop';
  const isPowerOfTwo = (scan.pages & (scan.pages - 1)) === 0;
  return { ...scan, next, mark: isPowerOfTwo || scan.mark === null ? next : scan.mark };
}

/** When a record was changed; null where it does not say or says a time to come: such a record is dead, and moves nothing. */
function timeOf(record: RawRecord, latest: Iso): Iso | null {
  const at = instantOf(own(record, 'ModificationTimestamp'));
  return at === null || at > latest ? null : at;
}

/** One after the other, and none before what was asked for: a feed that leaves out the order or the filter would lead back for ever. */
function isInOrder(times: readonly Iso[], from: Iso | null): boolean {
  return times.every((at, index) => (index === 0 ? from === null || from <= at : times[index - 1]! <= at));
}

function newest(known: Iso | null, times: readonly Iso[]): Iso | null {
  return times.reduce((latest, at) => (latest === null || at > latest ? at : latest), known);
}

function count(times: readonly Iso[], at: Iso): number {
  return times.filter((one) => one === at).length;
}

/** Never back, and never beyond the scan's own beginning: what changed since then may have been passed before it did. */
function advanced(watermark: Iso | null, { newest: seen, startedAt }: Scan): Iso | null {
  if (seen === null) return watermark;
  const reached = seen < startedAt ? seen : startedAt;
  return watermark === null || reached > watermark ? reached : watermark;
}

function put(cursor: FeedCursor, resource: FeedResource, to: TimestampCursor): FeedCursor {
  return { ...cursor, resources: { ...cursor.resources, [resource]: to } };
}
