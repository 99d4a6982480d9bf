import { withFailures } from '../activities/failures.ts';
import { withHeartbeat } from '../activities/heartbeat.ts';
import { createWarmActivities, keptWarm } from '../activities/keep-warm.ts';
import type { NightDeps } from '../activities/night.ts';
import { createNightActivities } from '../activities/nightly.ts';
import type { CallModel } from '../domain/assistant/call.ts';
import { createModelWarmth } from '../integrations/postgres/model-warmth.ts';
import { createNightStore } from '../integrations/postgres/nights.ts';
import type { Tenants } from '../integrations/postgres/tenants.ts';
import { createNightSchedule } from '../integrations/temporal/nights.ts';
import { createWarming } from '../integrations/temporal/warming.ts';

/** The path of calls with what follows the first one of a location behind it, keep-warm and the summaries of its nights, and their activities. */
export function composeWarming(
  call: CallModel,
  { tenants, temporal }: { readonly tenants: Tenants; readonly temporal: Parameters<typeof createWarming>[0] },
  given: Omit<NightDeps, 'nights' | 'schedule'>,
) {
  const warming = createWarming(temporal);
  const schedule = createNightSchedule(temporal);
  // Pings go by the bare path: they begin nothing.
  const warm = createWarmActivities({ ...given, warming, warmth: createModelWarmth(tenants), callModel: call });
  const nights = createNightActivities({ ...given, nights: createNightStore(tenants), schedule });
  /** Whose zone is not known has no nights that are. */
  async function beginNights(locationId: string): Promise<void> {
    const zone = (await given.locations.get(locationId))?.timezone ?? null;
    if (zone !== null) await schedule.begin(locationId, zone);
  }
  return {
    call: keptWarm(call, {
      ...given,
      warming: {
        begin: async (locationId) => {
          await Promise.all([warming.begin(locationId), beginNights(locationId)]);
        },
      },
    }),
    activities: withHeartbeat(withFailures(given.log, { ...warm, ...nights })),
  };
}
