import type { FeedRef } from '../../domain/market/feed.ts';
import { UNREAD } from '../../domain/market/changes.ts';
import { toReadAgain } from '../../domain/market/poison.ts';
import type { DeadLetter, RecordProblem } from '../../domain/ports/market-store.ts';
import { type Asked, tell } from './ask.ts';
import { clean, instant, toJsonb } from './values.ts';

/** A record that came in, with what of it could not be read. */
export interface ReadWell {
  readonly resource: string;
  readonly key: string;
  readonly problems: readonly RecordProblem[];
}

/** Keeps what could not be taken in, once per record and reason, with how often it came. */
export async function addDeadLetters(
  place: Asked,
  { locationId, market }: FeedRef,
  at: string,
  letters: readonly DeadLetter[],
): Promise<void> {
  if (letters.length === 0) return;
  await tell(place, {
    name: 'market-dead-letters-add',
    text: ADD,
    values: [locationId, market, toJsonb(letters), instant(at)],
  });
}

const ADD = `
insert into market_dead_letters as d (location_id, market, resource, record_key, reason, field, detail, raw, first_at, last_at)
select distinct on (resource, key, reason, coalesce(field, '')) $1, $2, resource, key, reason, coalesce(field, ''), detail, raw, $4, $4
from jsonb_to_recordset($3::jsonb) as given (resource text, key text, reason text, field text, detail text, raw jsonb)
order by resource, key, reason, coalesce(field, '')
on conflict (location_id, market, resource, record_key, reason, field) do update set detail = excluded.detail, raw = excluded.raw,
  last_at = excluded.last_at, times = d.times + 1, resolved_at = null`;

/** What reads well by now is no dead letter any more, nor is what the feed does not have any more. */
export async function resolveDeadLetters(
  place: Asked,
  { locationId, market }: FeedRef,
  at: string,
  read: readonly ReadWell[],
): Promise<void> {
  if (read.length === 0) return;
  const given = read.map(({ resource, key, problems }) => ({
    ...{ resource, key },
    left: problems.map(({ reason, field }) => `${reason} ${field ?? ''}`),
  }));
  await tell(place, {
    name: 'market-dead-letters-resolve',
    text: `update market_dead_letters d set resolved_at = $4
      from jsonb_to_recordset($3::jsonb) as given (resource text, key text, "left" jsonb)
      where d.location_id = $1 and d.market = $2 and d.resource = given.resource and d.record_key = given.key and d.resolved_at is null
        and not given."left" ? (d.reason || ' ' || d.field)`,
    values: [locationId, market, toJsonb(given), instant(at)],
  });
}

/**
 * What is stored of a record whose newer version cannot be read may be true no more: a listing is shown to nobody, an open house does not
 * stand, until they read well again, at whatever time of theirs. What was seen since this page was read stays.
 */
export async function markUnread(
  place: Asked,
  { locationId, market }: FeedRef,
  readAt: string,
  dead: readonly DeadLetter[],
  well: readonly ReadWell[],
): Promise<void> {
  const nameOf = ({ resource, key }: Pick<ReadWell, 'resource' | 'key'>): string => JSON.stringify([resource, key]);
  const fine = new Set(well.map(nameOf));
  const unread = dead.filter((letter) => toReadAgain.includes(letter.reason) && !fine.has(nameOf(letter)));
  const keysOf = (those: readonly DeadLetter[]): string[] => those.map(({ key }) => clean(key));
  const [listings, records] = [
    unread.filter(({ resource }) => resource === 'Property'),
    unread.filter(({ resource }) => resource !== 'Property'),
  ];
  if (listings.length > 0) {
    await tell(place, {
      name: 'market-listings-unread',
      text: `update listings set shown = null, content_hash = null
        where location_id = $1 and market = $2 and listing_key = any ($3::text[]) and (seen_at is null or seen_at <= $4)
          and (shown is not null or content_hash is not null)`,
      values: [locationId, market, keysOf(listings), instant(readAt)],
    });
  }
  if (records.length > 0) {
    await tell(place, {
      name: 'market-records-unread',
      text: `update market_records r set status = '${UNREAD}', content_hash = ''
        from unnest($3::text[], $4::text[]) as given (resource, key)
        where r.location_id = $1 and r.market = $2 and r.resource = given.resource and r.record_key = given.key
          and r.content_hash <> '' and (r.seen_at is null or r.seen_at <= $5)`,
      values: [locationId, market, records.map(({ resource }) => resource), keysOf(records), instant(readAt)],
    });
  }
}
