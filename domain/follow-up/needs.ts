import type { SequenceNeed } from './sequence.ts';

/**
 * Which systems a location has that sequences may depend on. Listings and valuations have no feed yet, so no location has them;
 * appointments are there where the location's events bring them.
 */
export function availableNeeds(has: { readonly appointments: boolean }): readonly SequenceNeed[] {
  return has.appointments ? ['appointments'] : [];
}
