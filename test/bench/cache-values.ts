import type { Key } from '../../domain/cache/cache.ts';
import { type SyntheticKind, syntheticValues } from '../../domain/cache/synthetic.ts';

/** A value as it is cached. */
export interface Made {
  readonly key: Key;
  readonly value: unknown;
  /** Its JSON, which is the baseline. */
  readonly text: string;
}

/**
 * Locations are of unlike sizes, so that buckets, whose number is doubled as they fill, are met at every stage between two doublings.
 * Parts of the whole.
 */
const LOCATION_SHARES = [0.05, 0.06, 0.08, 0.12, 0.17, 0.23, 0.29] as const;

/**
 * Values of the vocabulary that no dictionary was made from, of seven locations that no dictionary knows; the same for the same count.
 * What has no id of its own gets one as the CRM makes them.
 * @param others  as many again of the same locations, none of them among the first
 */
export function madeValues(kind: SyntheticKind, count: number, { others = false } = {}): Made[] {
  const locationIds = idsOf(9, LOCATION_SHARES.length);
  return LOCATION_SHARES.flatMap((share, at) => {
    const here = Math.round(share * count);
    const seed = 1000 + at;
    const from = others ? here : 0;
    const ids = idsOf(seed, from + here).slice(from);
    const values = syntheticValues(kind, { vocabulary: 'test', seed, count: from + here }).slice(from);
    return values.map((value, index): Made => {
      const own = value['contactId'] ?? value['listingKey'];
      const id = typeof own === 'string' ? own : ids[index]!;
      return { key: { location: locationIds[at]!, id }, value, text: JSON.stringify(value) };
    });
  }).slice(0, count);
}

function idsOf(seed: number, count: number): string[] {
  return syntheticValues('lead', { vocabulary: 'test', seed: seed + 100_000, count }).map(
    ({ contactId }) => contactId as string,
  );
}
