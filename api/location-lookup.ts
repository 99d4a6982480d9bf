import type { Location } from '../domain/leads/settings.ts';
import type { LocationStore } from '../domain/ports/locations.ts';

/** Locations as the door needs them: remembered for a few seconds, so that a webhook costs one round trip and not two. */
export interface LocationLookup {
  byId(locationId: string): Promise<Location | undefined>;
  bySecretHash(hash: string): Promise<Location | undefined>;
  /** After any change of a location by this process; others see it after the few seconds. */
  forget(): void;
}

/**
 * Only found locations are remembered: one that was just added must be let in at once.
 * @param ttlMs  how long a location counts as known
 */
export function createLocationLookup(
  locations: Pick<LocationStore, 'get' | 'byWorkflowSecretHash'>,
  { ttlMs = 3000, now = Date.now }: { ttlMs?: number; now?: () => number } = {},
): LocationLookup {
  const known = new Map<string, { location: Location; until: number }>();

  async function remembered(key: string, load: () => Promise<Location | undefined>): Promise<Location | undefined> {
    const entry = known.get(key);
    if (entry !== undefined && entry.until > now()) return entry.location;
    const location = await load();
    if (known.size > 10_000) known.clear();
    if (location === undefined) known.delete(key);
    else known.set(key, { location, until: now() + ttlMs });
    return location;
  }

  return {
    byId: (locationId) => remembered(`id ${locationId}`, () => locations.get(locationId)),
    bySecretHash: (hash) => remembered(`secret ${hash}`, () => locations.byWorkflowSecretHash(hash)),
    forget: () => known.clear(),
  };
}
