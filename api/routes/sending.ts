import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { SendingPauses } from '../../domain/ports/sending-pauses.ts';
import { resumeSending, sendingPauses } from '../contract/sending.ts';
import { mount, ok } from '../mount.ts';
import { OPERATOR } from '../operator.ts';

export interface SendingRouteDeps {
  readonly locations: Pick<LocationStore, 'get'>;
  readonly sendingPauses: SendingPauses;
  /** What was held back is asked anew at once. */
  readonly onResumed: (locationId: string | undefined) => void;
  readonly log: Log;
}

/** A person looks why a location's sending paused by itself, and lifts it. */
export function sendingRoutes(deps: SendingRouteDeps): Router {
  const router = Router();
  mount(router, sendingPauses, async ({ params: { locationId } }) => {
    await known(deps, locationId);
    return ok({ items: await deps.sendingPauses.of(locationId) });
  });
  mount(router, resumeSending, async ({ params: { locationId }, body: { channel } }) => {
    await known(deps, locationId);
    const lifted = await deps.sendingPauses.lift(locationId, OPERATOR, channel);
    deps.log.info({ locationId, lifted }, 'sending that had paused by itself was lifted');
    if (lifted > 0) deps.onResumed(locationId);
    return ok({ lifted });
  });
  return router;
}

async function known({ locations }: SendingRouteDeps, locationId: string): Promise<void> {
  if ((await locations.get(locationId)) === undefined) {
    throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${locationId}`);
  }
}
