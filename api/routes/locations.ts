import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import type { Crm } from '../../domain/ports/crm.ts';
import type { CredentialStanding, CredentialStore } from '../../domain/ports/credentials.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { Log } from '../../domain/ports/log.ts';
import { AppError } from '../../domain/errors.ts';
import { defaultSettings, settingsOf, type SettingsChanges } from '../../domain/leads/settings.ts';
import { sha256 } from '../../platform/secrets.ts';
import { addLocation, listLocations, pauseLocations, resumeLocations } from '../contract/locations.ts';
import type { LocationLookup } from '../location-lookup.ts';
import { mount, ok, type Reply } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { within } from '../within.ts';
import { present } from './leads.ts';
import { check } from './settings.ts';

export interface LocationRouteDeps {
  readonly locations: LocationStore;
  readonly credentials: Pick<CredentialStore, 'list' | 'standing'>;
  readonly lookup: LocationLookup;
  /** Asked for the name and zone of a location that is added without them. */
  readonly crm: Pick<Crm, 'location'>;
  /** Told when a location, or with undefined all of them, may send again: what its leads held back is asked anew at once. */
  readonly onResumed: (locationId: string | undefined) => void;
  /** For a location that is installed without one of its own. */
  readonly privateToken?: string | undefined;
  readonly log: Log;
}

export function locationRoutes(deps: LocationRouteDeps): Router {
  const router = Router();
  mount(router, listLocations, () => list(deps));
  mount(router, addLocation, ({ body }) => install(deps, present(body)));
  mount(router, pauseLocations, ({ body }) => turn(deps, 'paused', body));
  mount(router, resumeLocations, ({ body }) => turn(deps, 'active', body));
  return router;
}

/** Locations with the credential that each has, and the agencies that locations get theirs from. */
async function list(deps: LocationRouteDeps): Promise<Reply> {
  const [locations, standings, allPaused] = await Promise.all([
    deps.locations.list(),
    deps.credentials.list(),
    deps.locations.allPaused(),
  ]);
  const shown = new Map(
    standings.map((standing) => [`${standing.holder.kind} ${standing.holder.id}`, credentialOf(standing)]),
  );
  const items = locations.map((location) => ({
    ...location,
    credential: shown.get(`location ${location.locationId}`) ?? null,
  }));
  const companies = standings.filter(({ holder }) => holder.kind === 'company');
  return ok({
    allPaused,
    items,
    companies: companies.map((one) => ({ companyId: one.holder.id, credential: credentialOf(one) })),
  });
}

function credentialOf({ kind, version, held, expiresAt, refusedAt }: CredentialStanding) {
  return held ? { kind, version, expiresAt, refusedAt } : null;
}

interface NewLocation {
  readonly locationId: string;
  readonly token?: string;
  readonly name?: string;
  readonly timezone?: string;
  readonly companyId?: string;
  readonly settings?: SettingsChanges | undefined;
  readonly workflowSecret?: string;
  readonly newWorkflowSecret?: boolean;
}

/**
 * Stored first, since the CRM reads with the stored token; then, if it answers, with the name and zone that it knows. A location that
 * is here already keeps what is not given, its secret too: GHL's own workflows post with it, and would be refused without a word.
 */
async function install(deps: LocationRouteDeps, asked: NewLocation): Promise<Reply> {
  const known = await deps.locations.get(asked.locationId);
  const isNew = known === undefined || known.status === 'uninstalled';
  const token = asked.token ?? (isNew ? deps.privateToken : undefined);
  if (isNew && token === undefined) {
    throw new AppError('BAD_REQUEST', 'token: expected one, since this location is not installed yet');
  }
  const before = known?.settings ?? defaultSettings;
  check(before, settingsOf({ ...before, ...asked.settings }));
  // One that the CRM did not describe goes by its id: that is no name to keep.
  const name = asked.name ?? (known?.name === asked.locationId ? undefined : known?.name);
  const timezone = asked.timezone ?? known?.timezone ?? undefined;
  const workflowSecret = asked.workflowSecret ?? randomBytes(24).toString('base64url');
  const location = {
    locationId: asked.locationId,
    token,
    companyId: asked.companyId ?? null,
    name: name ?? asked.locationId,
    timezone: timezone ?? null,
    settings: defaultSettings,
    changes: asked.settings,
    workflowSecretHash: sha256(workflowSecret),
    by: OPERATOR,
    keepSecret: asked.workflowSecret === undefined && asked.newWorkflowSecret !== true,
  };
  const { secretKept } = await deps.locations.add(location);
  deps.lookup.forget();
  // Un-parked by the token now, or before by one of whose adding nobody heard the end.
  if (token !== undefined && known !== undefined) deps.onResumed(asked.locationId);
  if (name === undefined || timezone === undefined) {
    const described = await describe(deps, asked.locationId);
    if (described !== undefined) {
      await deps.locations.add({
        ...location,
        token: undefined,
        // In force since the first time; what somebody has changed while the CRM was asked stays.
        changes: undefined,
        name: name ?? described.name,
        timezone: timezone ?? described.timezone,
        companyId: asked.companyId ?? described.companyId,
      });
    }
  }
  deps.lookup.forget();
  const stored = await deps.locations.get(asked.locationId);
  const secret = { workflowSecret, workflowPath: `/webhooks/ghl/workflow/${workflowSecret}` };
  return { status: 201, body: { location: stored, workflowSecretKept: secretKept, ...(secretKept ? {} : secret) } };
}

/** A CRM that does not answer must not keep a location from being installed; its name can be given later. */
async function describe(
  deps: LocationRouteDeps,
  locationId: string,
): Promise<Awaited<ReturnType<Crm['location']>> | undefined> {
  try {
    const late = (): Error => new AppError('CRM_UNAVAILABLE', 'the CRM did not describe the location in time');
    return await within(3000, deps.crm.location(locationId), late);
  } catch (error) {
    deps.log.warn({ err: error, locationId }, 'the CRM did not describe the location; it goes by its id');
    return undefined;
  }
}

/** @throws AppError LOCATION_NOT_FOUND, LOCATION_UNINSTALLED */
async function turn(
  deps: LocationRouteDeps,
  status: 'active' | 'paused',
  which: { locationId: string } | { all: true },
): Promise<Reply> {
  const locations =
    'all' in which
      ? await deps.locations.setAllStatus(status, OPERATOR)
      : await turnOne(deps, status, which.locationId);
  deps.lookup.forget();
  const allPaused = (await deps.locations.allPaused()) !== null;
  deps.log.info({ status, locations, allPaused }, 'sending was switched');
  if (status === 'active' && !allPaused) deps.onResumed('all' in which ? undefined : which.locationId);
  return ok({ status, locations, allPaused });
}

async function turnOne(deps: LocationRouteDeps, status: 'active' | 'paused', locationId: string): Promise<number> {
  const location = await deps.locations.get(locationId);
  if (location === undefined)
    throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${locationId}`);
  // Resuming must not install again what its owner has taken away.
  if (location.status === 'uninstalled') throw uninstalled(locationId);
  if (!(await deps.locations.setStatus(locationId, status, OPERATOR))) throw uninstalled(locationId);
  return 1;
}

function uninstalled(locationId: string): AppError {
  return new AppError('LOCATION_UNINSTALLED', `expected an installed location, got ${locationId}`);
}
