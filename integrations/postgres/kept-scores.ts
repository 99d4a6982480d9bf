import type { Cache } from '../../domain/cache/cache.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { PastScore, ScoreStore } from '../../domain/ports/scores.ts';
import { GONE, recall, type Standing, versionOf } from './kept.ts';
import { type Place, stored } from './pool.ts';
import { PAST, type PastRow, pastOf } from './scores.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant } from './values.ts';

/** Scores as they were given, with the vector that each was made of: kept, and given again while the database says that they are the ones. */
export function keptScores(store: ScoreStore, tenants: Tenants, cache: Cache): ScoreStore {
  return {
    ...store,
    given: (ref, scoredAt) => stored(() => given(tenants.at(ref.locationId), cache, ref, scoredAt)),
  };
}

async function given(place: Place, cache: Cache, ref: LeadRef, scoredAt: Iso): Promise<PastScore | undefined> {
  const kept = await recall<PastScore>(place, cache, ref, { kind: 'vector', id: `${ref.contactId} ${scoredAt}` });
  const { rows } = await place.query<Standing & PastRow>({
    name: 'score-given-kept',
    text: GIVEN,
    values: [ref.locationId, clean(ref.contactId), instant(scoredAt), kept.known],
  });
  const [row] = rows;
  return row && kept.now(row, () => pastOf(row));
}

/** Counted up with what a score that was given is made of. */
const SHAPE = 1;

/** A score never changes, but one that is given in the same millisecond takes its place. */
const GIVEN = `
select v.version, ${GONE} as gone, past.*
from (
    select score_id from score_history where location_id = $1 and contact_id = $2 and scored_at = $3 order by score_id desc limit 1
  ) as newest
  cross join lateral (select ${versionOf(SHAPE, 'newest.score_id')} as version) as v
  left join lateral (${PAST} and h.score_id = newest.score_id) as past on v.version is distinct from $4`;
