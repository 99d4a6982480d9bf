import type { SequenceNeed } from './sequence.ts';

/**
 * Which systems a location has that sequences may depend on. Listings are there where it has a feed whose licence allows alerts,
 * appointments where the location's events bring them; valuations have no source yet.
 */
export function availableNeeds(has: {
  readonly appointments: boolean;
  readonly listings: boolean;
}): readonly SequenceNeed[] {
  return [...(has.listings ? ['listings' as const] : []), ...(has.appointments ? ['appointments' as const] : [])];
}
