import { withFailures } from '../activities/failures.ts';
import { withHeartbeat } from '../activities/heartbeat.ts';
import { createWarmActivities, keptWarm } from '../activities/keep-warm.ts';
import type { CallModel } from '../domain/assistant/call.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import { createModelWarmth } from '../integrations/postgres/model-warmth.ts';
import type { Tenants } from '../integrations/postgres/tenants.ts';
import { createWarming } from '../integrations/temporal/warming.ts';

/** The path of calls with keep-warm behind it, and the activities of its schedules. */
export function composeWarming(
  call: CallModel,
  { tenants, temporal }: { readonly tenants: Tenants; readonly temporal: Parameters<typeof createWarming>[0] },
  given: { readonly locations: Pick<LocationStore, 'get'>; readonly now: () => Date; readonly log: Log },
) {
  const warming = createWarming(temporal);
  // Pings go by the bare path: they begin nothing.
  const activities = createWarmActivities({ ...given, warming, warmth: createModelWarmth(tenants), callModel: call });
  return {
    call: keptWarm(call, { ...given, warming }),
    activities: withHeartbeat(withFailures(given.log, activities)),
  };
}
