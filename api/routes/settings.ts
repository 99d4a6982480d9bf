import { Router } from 'express';
import type { Crm } from '../../domain/ports/crm.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { Rescoring } from '../../domain/ports/scores.ts';
import type { SettingsStore } from '../../domain/ports/settings.ts';
import { AppError } from '../../domain/errors.ts';
import type { FeedChoice } from '../../domain/leads/settings-market.ts';
import { unmapped } from '../../domain/leads/settings-mapping.ts';
import { settingsProblems } from '../../domain/leads/settings-schema.ts';
import type { Location, LocationSettings } from '../../domain/leads/settings.ts';
import { changeSettings, getSettings, locationHistory, locationMapping, ownerOf } from '../contract/settings.ts';
import { fieldsError } from '../errors.ts';
import type { LocationLookup } from '../location-lookup.ts';
import { mount, ok } from '../mount.ts';
import { OPERATOR } from '../operator.ts';

export interface SettingsRouteDeps {
  readonly settings: SettingsStore;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly lookup: Pick<LocationLookup, 'forget'>;
  readonly crm: Pick<Crm, 'catalog'>;
  readonly rescoring: Pick<Rescoring, 'tell'>;
  readonly markets: {
    claim(locationId: string, feeds: readonly FeedChoice[]): Promise<void>;
    follow(locationId: string): Promise<unknown>;
  };
  readonly log: Log;
}

export function settingsRoutes(deps: SettingsRouteDeps): Router {
  const router = Router();
  mount(router, getSettings, async ({ params: { locationId }, query: { version } }) => {
    const found = await deps.settings.get(locationId, version);
    if (found !== undefined) return ok({ ...found, owners: ownerOf });
    await known(deps, locationId);
    throw new AppError('SETTINGS_UNKNOWN', `expected a version that was in force, got ${version ?? 'none'}`);
  });
  mount(router, changeSettings, async ({ params: { locationId }, body: { version, changes } }) => {
    const change = { changes, by: OPERATOR, ...(version === undefined ? {} : { expected: version }) };
    const changed = await followed(deps, locationId, changes.market?.feeds, () =>
      deps.settings.change(locationId, change, check),
    );
    deps.lookup.forget();
    deps.log.info({ locationId, version: changed.version, choices: Object.keys(changes) }, 'settings were changed');
    // Which fields of the CRM hold facts decides scores. Should Temporal be away, the next night's pass brings them.
    if ('scoreFields' in changes) {
      void deps.rescoring.tell(locationId).catch((error: unknown) => {
        deps.log.warn({ err: error, locationId }, 'scores are made anew only at night');
      });
    }
    return ok(changed);
  });
  mount(router, locationHistory, async ({ params: { locationId }, query }) => {
    await known(deps, locationId);
    return ok(await deps.settings.history(locationId, query));
  });
  mount(router, locationMapping, async ({ params: { locationId } }) => {
    const location = await known(deps, locationId);
    if (location.status === 'uninstalled') {
      throw new AppError('LOCATION_UNINSTALLED', `expected an installed location, got ${locationId}`);
    }
    return ok({ problems: unmapped(location, await deps.crm.catalog(locationId)) });
  });
  return router;
}

/**
 * A change with the feeds that it chooses: their names are taken before, and their schedules follow whether it came to pass or not. Should
 * Temporal be away, the workers bring them within a minute.
 */
async function followed<Changed>(
  { markets, log }: SettingsRouteDeps,
  locationId: string,
  feeds: readonly FeedChoice[] | undefined,
  change: () => Promise<Changed>,
): Promise<Changed> {
  if (feeds === undefined) return change();
  try {
    await markets.claim(locationId, feeds);
    return await change();
  } finally {
    await markets.follow(locationId).catch((error: unknown) => {
      log.warn({ err: error, locationId }, 'the schedules of feeds follow their settings only later');
    });
  }
}

/** @throws SETTINGS_INVALID with every problem between the choices */
export function check(before: LocationSettings, after: LocationSettings): void {
  const problems = settingsProblems(before, after);
  if (problems.length > 0) throw fieldsError('SETTINGS_INVALID', problems);
}

/** @throws AppError LOCATION_NOT_FOUND */
async function known(deps: Pick<SettingsRouteDeps, 'locations'>, locationId: string): Promise<Location> {
  const location = await deps.locations.get(locationId);
  if (location === undefined) {
    throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${locationId}`);
  }
  return location;
}
