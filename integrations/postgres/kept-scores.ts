import type { Cache } from '../../domain/cache/cache.ts';
import { WHOLE_LOCATION } from '../../domain/ports/cache-tags.ts';
import type { ScoreStore } from '../../domain/ports/scores.ts';

/** A score that was given never changes, nor does the vector it was made of: once read they are known. */
export function keptScores(store: ScoreStore, cache: Pick<Cache, 'wrap'>): ScoreStore {
  return {
    ...store,
    given: async (ref, scoredAt) => {
      const key = { location: ref.locationId, id: `${ref.contactId} ${scoredAt}` };
      const tags = [ref.contactId, WHOLE_LOCATION];
      const given = await cache.wrap(
        key,
        { kind: 'vector', tags },
        async () => (await store.given(ref, scoredAt)) ?? null,
      );
      return given ?? undefined;
    },
  };
}
