import { AppError } from '../domain/errors.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { Deps } from './deps.ts';

/** The kill switch binds between two calls of one plan, too; what is left of it is done when the location goes on. */
export async function stillOpen(deps: Deps, { locationId }: LeadRef): Promise<void> {
  const location = await deps.locations.get(locationId);
  if (location === undefined || !mayWrite(location))
    throw new AppError('LOCATION_HELD', 'the location was paused, parked or uninstalled under way');
}

/** Neither paused nor parked: else nothing is asked of the CRM, and whoever opens the location again has its leads go on. */
export function mayWrite({ status, parked }: Location): boolean {
  return status === 'active' && (parked ?? null) === null;
}
