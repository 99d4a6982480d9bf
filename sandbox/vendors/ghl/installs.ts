import type { Json } from './context.ts';
import { newId, present, text } from './context.ts';
import type { Event } from './events.ts';
import { installOf, revoke } from './grants.ts';
import type { Install } from './grants.ts';
import { appOf } from './settings.ts';
import type { Row, Store } from './store.ts';

/** How long a code waits to be exchanged. */
const CODE_MS = 60_000;

export interface Approval {
  /** A location's or a company's. */
  readonly holderId: string;
  /** Of a company: the locations the app goes into; undefined: all it has. */
  readonly locations?: readonly string[] | undefined;
  readonly userId?: string | undefined;
  readonly scope: string;
  readonly now: string;
}

/** Somebody approves the app for a location, or for a company and its locations at once. Undefined: nobody has this id. */
export function install(store: Store, approval: Approval): Install[] | undefined {
  const { holderId, now, scope } = approval;
  const location = store.get('locations', holderId);
  if (location) return [put(store, installIn(store, approval, location))];
  const all = store.of('locations', holderId);
  if (all.length === 0 && store.get('companies', holderId) === undefined) return undefined;
  const chosen = all.filter((one) => approval.locations?.includes(one.id) !== false);
  const userId = approval.userId ?? userOf(store, (roles) => chosen.some((one) => roles.includes(one.id)));
  const company: Install = {
    ...{ id: holderId, level: 'Company', companyId: holderId, userId, scope, installedAt: now },
    approvedLocations: chosen.map((one) => one.id),
    approveAllLocations: chosen.length === all.length,
  };
  const locations = chosen.map((one) => installIn(store, { ...approval, userId }, one));
  return [company, ...locations].map((one) => put(store, one));
}

/** The app is taken out of a location, or of a company and all its locations; returns those that had it. */
export function uninstall(store: Store, holderId: string, now: string): Install[] {
  const own = installOf(store, holderId);
  const gone =
    own?.level === 'Company' ? (store.of('installs', own.companyId) as Install[]) : own === undefined ? [] : [own];
  for (const one of gone) {
    revoke(store, one.id, now);
    store.remove('installs', one.id);
  }
  return gone;
}

/** A code for the approval that was just given; one browser carries it to one redirect URI. */
export function newCode(store: Store, holderId: string, redirectUri: string, now: string): string {
  const code = `code-${newId()}${newId()}`;
  const expiresAt = new Date(Date.parse(now) + CODE_MS).toISOString();
  store.put('codes', { id: code, install: holderId, redirectUri, expiresAt });
  return code;
}

export function companyOf(store: Store, companyId: string): Json & { readonly name: string } {
  const row = store.get('companies', companyId);
  return { ...row, name: text(row?.['name']) ?? companyId };
}

/** Body of `INSTALL`; at the level of a company there is no location in it. */
export function installEvent(store: Store, { level, companyId, locationId, userId }: Install): Json {
  const { appId } = appOf(store);
  return present({
    ...{ appId, versionId: appId, installType: level, locationId, companyId, userId },
    ...{ companyName: companyOf(store, companyId).name, isWhitelabelCompany: false, whitelabelDetails: {} },
  });
}

export function uninstallEvents(store: Store, gone: readonly Install[]): Event[] {
  const { appId } = appOf(store);
  return gone.map(({ companyId, locationId }) => [
    'UNINSTALL',
    locationId === undefined ? { appId, companyId } : { appId, locationId },
  ]);
}

function installIn(store: Store, { scope, now, userId }: Approval, location: Row): Install {
  const companyId = String(location['companyId']);
  const someone = userId ?? userOf(store, (roles) => roles.includes(location.id));
  const { id } = location;
  return { id, level: 'Location', companyId, locationId: id, userId: someone, scope, installedAt: now };
}

/** Whoever works there; somebody whom nobody seeded where nobody does. */
function userOf(store: Store, works: (locationIds: readonly string[]) => boolean): string {
  const found = [...store.all('users')].find((user) => {
    const roles = user['roles'] as { locationIds?: readonly string[] } | undefined;
    return works(roles?.locationIds ?? []);
  });
  return found?.id ?? newId();
}

function put(store: Store, row: Install): Install {
  store.put('installs', row);
  return row;
}
