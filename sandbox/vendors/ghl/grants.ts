import type { Level } from './access.ts';
import type { Json } from './context.ts';
import { newId, present, text } from './context.ts';
import { badRequest } from './refusal.ts';
import { accessTtlOf, isSuspended } from './settings.ts';
import type { Row, Store } from './store.ts';

/** Within this time the same refresh gets the same answer; after it, the token is dead. */
const SAME_ANSWER_MS = 30_000;

const YEAR_MS = 365 * 86_400_000;

/** The app in one location or company. A location's is keyed by the location's id, a company's by the company's. */
export interface Install extends Row {
  readonly level: Level;
  readonly companyId: string;
  readonly locationId?: string;
  readonly userId: string;
  /** Separated by blanks; empty: every scope. */
  readonly scope: string;
  readonly installedAt: string;
  /** Of a company's: the locations it was approved for, and whether these are all there are. */
  readonly approvedLocations?: readonly string[];
  readonly approveAllLocations?: boolean;
}

export function installOf(store: Store, holderId: string): Install | undefined {
  return store.get('installs', holderId) as Install | undefined;
}

/** A new pair of tokens for an install, in the words of GHL's answer. */
export function issue(store: Store, install: Install, now: string): Json {
  const [access, refresh] = [`at-${newId()}${newId()}`, `rt-${newId()}${newId()}`];
  const at = Date.parse(now);
  const expiresIn = accessTtlOf(store, install.id);
  const { level, companyId, locationId, userId, scope } = install;
  const common = { companyId, install: install.id };
  store.put('tokens', {
    ...{ id: access, ...common, locationId: locationId ?? '', level, scope },
    expiresAt: new Date(at + expiresIn * 1000).toISOString(),
  });
  store.put('refreshTokens', { id: refresh, ...common, expiresAt: new Date(at + YEAR_MS).toISOString() });
  const bulk = install.approvedLocations !== undefined && install.approvedLocations.length > 0;
  return {
    ...{ access_token: access, token_type: 'Bearer', expires_in: expiresIn, refresh_token: refresh, scope },
    ...{ refreshTokenId: newId(), userType: level, companyId, userId, isBulkInstallation: bulk },
    ...present({ locationId }),
    ...(bulk && {
      approvedLocations: install.approvedLocations,
      approveAllLocations: install.approveAllLocations === true,
      installToFutureLocations: false,
    }),
  };
}

/** The pair that follows a refresh token; single use, but for the same answer again while the first may have been lost. */
export function rotate(store: Store, token: unknown, now: string): Json {
  const row = store.get('refreshTokens', String(token));
  const install = row && installOf(store, String(row['install']));
  if (row === undefined || install === undefined || now > String(row['expiresAt']))
    throw badRequest('Invalid grant: refresh token is invalid');
  refuseInactive(store, install);
  const usedAt = text(row['usedAt']);
  if (usedAt === undefined) {
    const answer = issue(store, install, now);
    store.put('refreshTokens', { ...row, usedAt: now, answer });
    return answer;
  }
  if (Date.parse(now) - Date.parse(usedAt) <= SAME_ANSWER_MS) return row['answer'] as Json;
  throw badRequest('Invalid grant: refresh token has been used already');
}

/** A suspended location gets no tokens, and says why. */
export function refuseInactive(store: Store, { locationId }: Install): void {
  if (locationId !== undefined && isSuspended(store, locationId)) throw badRequest('Location is not active');
}

/** Ends access tokens now: expired ones stay and say so, killed ones are unknown from then on. */
export function endAccess(store: Store, holderId: string, how: 'expire' | 'kill', now: string): void {
  for (const token of [...store.all('tokens')].filter((row) => row['install'] === holderId)) {
    if (how === 'kill') store.remove('tokens', token.id);
    else if (String(token['expiresAt']) > now) store.put('tokens', { ...token, expiresAt: now });
  }
}

/** Nothing that was ever issued for this install works any more, codes included. */
export function revoke(store: Store, holderId: string, now: string): void {
  endAccess(store, holderId, 'kill', now);
  for (const table of ['refreshTokens', 'codes'] as const)
    for (const row of store.of(table, holderId)) store.remove(table, row.id);
}
