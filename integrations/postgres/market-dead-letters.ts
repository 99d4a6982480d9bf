import type { FeedRef } from '../../domain/market/feed.ts';
import type { DeadLetter, RecordProblem } from '../../domain/ports/market-store.ts';
import { type Asked, tell } from './ask.ts';
import { instant, toJsonb } from './values.ts';

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
