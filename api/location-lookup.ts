import type { Location } from '../domain/leads/settings.ts';
import type { LocationStore } from '../domain/ports/locations.ts';

/** Locations as the door needs them: remembered for a while, so that a webhook costs one round trip and not two. */
export interface LocationLookup {
  byId(locationId: string): Promise<Location | undefined>;
  bySecretHash(hash: string): Promise<Location | undefined>;
  /** After any change of a location by this process; others see it with the next look but one. */
  forget(): void;
}

interface Known {
  readonly location: Location;
  readonly since: number;
  refreshing: boolean;
}

/**
 * Only found locations are remembered: one that was just added must be let in at once. One that is no longer fresh is answered once more
 * while it is read again behind the answer; what follows from an event is judged by the store anyway.
 * @param freshMs   how long a location is answered without looking again
 * @param usableMs  how long it may be answered while looking again
 */
export function createLocationLookup(
  locations: Pick<LocationStore, 'get' | 'byWorkflowSecretHash'>,
  {
    freshMs = 3000,
    usableMs = 60_000,
    now = Date.now,
  }: { freshMs?: number; usableMs?: number; now?: () => number } = {},
): LocationLookup {
  const known = new Map<string, Known>();
  let generation = 0;

  async function look(key: string, load: () => Promise<Location | undefined>): Promise<Location | undefined> {
    const began = generation;
    const since = now();
    const location = await load();
    // What was read before a change must not be remembered after it.
    if (began !== generation) return location;
    if (known.size > 10_000) known.clear();
    if (location === undefined) known.delete(key);
    else known.set(key, { location, since, refreshing: false });
    return location;
  }

  async function remembered(key: string, load: () => Promise<Location | undefined>): Promise<Location | undefined> {
    const entry = known.get(key);
    const age = entry === undefined ? Infinity : now() - entry.since;
    if (entry === undefined || age > usableMs) return look(key, load);
    if (age > freshMs && !entry.refreshing) {
      entry.refreshing = true;
      // A store that is away shows when the event itself is stored; here it only leaves the entry to be refreshed later.
      look(key, load).catch(() => void (entry.refreshing = false));
    }
    return entry.location;
  }

  return {
    byId: (locationId) => remembered(`id ${locationId}`, () => locations.get(locationId)),
    bySecretHash: (hash) => remembered(`secret ${hash}`, () => locations.byWorkflowSecretHash(hash)),
    forget() {
      generation += 1;
      known.clear();
    },
  };
}
