import type { EntityEvent, RawRecord } from '../../domain/market/feed.ts';
import type { EventPage } from '../../domain/ports/market-feed.ts';
import { broken, keyOf } from './page.ts';
import { eventsUrl } from './query.ts';
import { isGiven, type Reading, readPage } from './reading.ts';

const WHAT = 'EntityEvent';
/** How often a stretch of an unordered journal is narrowed: each time by a page's worth. */
const MOST_STEPS = 40;

interface Row {
  readonly sequence: bigint;
  readonly raw: RawRecord;
}

/**
 * Does the feed have a journal (RCP-27) that this account may read?
 * Errors: those of the port, where that cannot be told now.
 */
export async function hasJournal(reading: Reading): Promise<boolean> {
  if (reading.scope.habits.hasEvents === 'never') return false;
  return isGiven(reading, `${reading.scope.root}/${WHAT}?$top=1`, WHAT);
}

/**
 * A stretch of the journal without a gap. `$orderby` is asked for, but servers have been seen to overlook it; where a page is out of
 * order and not all, what lies between its events may be on any later page, so the stretch is narrowed until it fits a page.
 */
export async function readEvents(reading: Reading, after: string | null): Promise<EventPage> {
  let upTo: bigint | undefined;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const url = eventsUrl(reading.scope, after, upTo?.toString());
    const page = await readPage(reading, url, WHAT, false);
    const rows = page.rows.map(rowOf);
    const beyond = rows.some(({ sequence }) => !isBetween(sequence, after, upTo));
    if (beyond) throw broken(WHAT, 'only events of the stretch that was asked for', 'has others');
    if (page.link === null || isOrdered(rows)) {
      return told(rows, page.link !== null || upTo !== undefined, reading);
    }
    const lowest = rows.reduce((low, { sequence }) => (sequence < low ? sequence : low), rows[0]?.sequence ?? 0n);
    upTo = upTo !== undefined && lowest >= upTo ? upTo - 1n : lowest;
    if (after !== null && upTo <= BigInt(after)) break;
  }
  throw broken(
    WHAT,
    'a journal in the order of its sequence',
    'is in none, however short the stretch that is asked for',
  );
}

/** One or two events are in order by chance. */
function isOrdered(rows: readonly Row[]): boolean {
  return (
    rows.length > 2 && rows.every(({ sequence }, index) => index === 0 || sequence > (rows[index - 1]?.sequence ?? -1n))
  );
}

function isBetween(sequence: bigint, after: string | null, upTo: bigint | undefined): boolean {
  return (after === null || sequence > BigInt(after)) && (upTo === undefined || sequence <= upTo);
}

function rowOf(raw: RawRecord): Row {
  const sequence = raw['EntityEventSequence'];
  const digits = typeof sequence === 'number' || typeof sequence === 'string' ? String(sequence) : '';
  if (!/^\d{1,19}$/.test(digits)) throw broken(WHAT, 'a sequence of digits in every event', 'has an event without');
  return { sequence: BigInt(digits), raw };
}

function told(rows: readonly Row[], more: boolean, { client }: Reading): EventPage {
  const inOrder = [...rows].sort((one, other) =>
    one.sequence < other.sequence ? -1 : one.sequence > other.sequence ? 1 : 0,
  );
  const events: EntityEvent[] = [];
  const unreadable: { sequence: string; raw: RawRecord }[] = [];
  for (const { sequence, raw } of inOrder) {
    const resource = raw['ResourceName'];
    const key = keyOf(raw, 'ResourceRecordKey');
    if (typeof resource === 'string' && resource !== '' && key !== null) {
      events.push({ sequence: sequence.toString(), resource, key });
    } else unreadable.push({ sequence: sequence.toString(), raw });
  }
  return { events, unreadable, more, quota: client.quota() };
}
