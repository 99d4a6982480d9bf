import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { Rescoring } from '../domain/ports/scores.ts';
import { repeated, type Repeated } from './repeated.ts';

interface RescoringDeps {
  readonly locations: Pick<LocationStore, 'list'>;
  readonly rescoring: Pick<Rescoring, 'start'>;
  readonly log: Log;
}

const AGAIN_MS = 6 * 3_600_000;
const SOON_MS = 15_000;

/**
 * Every location has its nightly pass over its scores: a new one from the next look on, and a Temporal that lost its store costs nothing.
 * Starting one that runs is harmless.
 */
export function startRescoring(deps: RescoringDeps): Repeated {
  return repeated((signal) => startAll(deps, signal), {
    ...{ againMs: AGAIN_MS, soonMs: SOON_MS },
    failed: (error) =>
      deps.log.warn({ err: error }, 'not every location’s nightly scores were arranged; tried again soon'),
  });
}

async function startAll({ locations, rescoring }: RescoringDeps, signal: AbortSignal): Promise<void> {
  for (const { locationId, status } of await locations.list()) {
    if (signal.aborted) return;
    if (status !== 'uninstalled') await rescoring.start(locationId);
  }
}
