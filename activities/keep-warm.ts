import type { CallModel } from '../domain/assistant/call.ts';
import { fingerprintsOf, type Fingerprints } from '../domain/assistant/layers.ts';
import { limitsOf } from '../domain/assistant/limits.ts';
import { priceOf } from '../domain/assistant/prices.ts';
import { locationFactsOf } from '../domain/assistant/reply/facts.ts';
import { warmPrompt } from '../domain/assistant/reply/prompts.ts';
import type { SharedPrefix } from '../domain/assistant/warming.ts';
import { warmingOf } from '../domain/assistant/warming.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { Log } from '../domain/ports/log.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { LastTouch, ModelWarmth, WarmingSchedule } from '../domain/ports/warmth.ts';
import type { WarmActivities, WarmLook } from '../workflows/activities.ts';

interface WarmDeps {
  readonly locations: Pick<LocationStore, 'get'>;
  readonly warmth: ModelWarmth;
  readonly warming: WarmingSchedule;
  readonly callModel: CallModel;
  readonly now: () => Date;
  readonly log: Log;
}

/** A ping that is not answered within this is not worth waiting for: the next look may send it again. */
const PING_WITHIN_MS = 30_000;
/** Timers ring a little early or late. */
const SLACK_MS = 5_000;

/** Keeps what a location's calls share in the vendor's cache while that pays; see `keepWarm` of the domain. */
export function createWarmActivities(deps: WarmDeps): WarmActivities {
  const { locations, warmth, warming, callModel, now } = deps;

  async function look(
    locationId: string,
  ): Promise<{ readonly location: Location | undefined; readonly look: WarmLook }> {
    const location = await locations.get(locationId);
    if (location === undefined || !mayCall(location)) return { location, look: { kind: 'stop', why: 'nobody-comes' } };
    const at = now();
    const touches = await warmth.touches(locationId, at);
    const found = warmingOf(
      touches.map((touch) => prefixOf(touch, location)),
      'unknown',
      at.getTime(),
      (model) => priceOf(model, at.toISOString()).rates,
    );
    return { location, look: found.kind === 'stop' ? found : { ...found, at: new Date(found.at).toISOString() } };
  }

  return {
    lookWarm: async ({ locationId }) => (await look(locationId)).look,
    pingWarm: async ({ locationId }) => {
      const { location, look: due } = await look(locationId);
      // A real call came meanwhile, or somebody switched it off: the next look decides.
      if (location === undefined || due.kind === 'stop' || Date.parse(due.at) > now().getTime() + SLACK_MS)
        return 'not-due';
      const result = await callModel({
        ...{ locationId, contactId: null, job: 'warm', callKey: `warm:${due.model}:${due.at}`, maxTokens: 0 },
        prompt: warmPrompt(due.model, locationFactsOf(location)),
        deadline: new Date(now().getTime() + PING_WITHIN_MS).toISOString(),
      });
      return result.kind === 'answered' ? 'pinged' : result.why;
    },
    endWarm: ({ locationId }) => warming.end(locationId),
  };
}

/** Is a model called for a location at all? Where nobody is answered by one, no call is in sight. */
export function mayCall({ status, parked, settings }: Location): boolean {
  return status === 'active' && parked === null && settings.modes.replies !== 'off' && limitsOf(settings) !== null;
}

function prefixOf({ model, at, marks, prints, pings }: LastTouch, location: Location): SharedPrefix {
  const now = fingerprintsOf(warmPrompt(model, locationFactsOf(location)), 0);
  const mark = marks.find(({ layer }) => layer === 'location');
  const shared: readonly (keyof Fingerprints)[] = ['settings', 'global', 'location'];
  return { model, touched: at, pings, ttl: mark?.ttl ?? 'none', same: shared.every((one) => prints[one] === now[one]) };
}

/** Schedules run from a location's first call on; a process that has told so lately does not tell it with every call. */
const TOLD_MS = 10 * 60_000;
const MOST_TOLD = 5_000;

/** The same path of calls, with a location's schedules behind it: they begin again with the next real call. Nobody waits for it. */
export function keptWarm(
  callModel: CallModel,
  { warming, now, log }: Pick<WarmDeps, 'now' | 'log'> & { readonly warming: Pick<WarmingSchedule, 'begin'> },
): CallModel {
  const told = new Map<string, number>();
  function tell(locationId: string): void {
    const at = now().getTime();
    if (at - (told.get(locationId) ?? -Infinity) < TOLD_MS) return;
    if (told.size >= MOST_TOLD) told.clear();
    told.set(locationId, at);
    warming.begin(locationId).catch((error: unknown) => {
      told.delete(locationId);
      log.warn(
        { err: error, locationId },
        'what follows a call of a model could not be scheduled; the next call tries again',
      );
    });
  }
  return async (order, alive) => {
    const result = await callModel(order, alive);
    if (result.kind === 'answered' && order.job !== 'warm') tell(order.locationId);
    return result;
  };
}
