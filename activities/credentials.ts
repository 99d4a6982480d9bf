import { Context } from '@temporalio/activity';
import type { TokenActivities, TokenStanding } from '../workflows/activities.ts';
import type { CredentialStanding, CredentialStore, Renewal, TokenRefresher } from '../domain/ports/credentials.ts';
import { AppError, isAppError } from '../domain/errors.ts';
import { defaultSettings } from '../domain/leads/settings.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { InboxStore } from '../domain/ports/inbox.ts';
import type { InstallStore } from '../domain/ports/installs.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { OAuthVendor } from '../domain/ports/oauth.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import type { TokenHolder, TokenProvider } from '../domain/ports/tokens.ts';
import { installedEvent } from '../domain/webhooks/installed.ts';
import { withFailures } from './failures.ts';
import { createTurns } from './turns.ts';

export interface TokenDeps {
  readonly credentials: CredentialStore;
  readonly installs: InstallStore;
  readonly locations: Pick<LocationStore, 'get' | 'list'>;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly oauth: OAuthVendor;
  readonly tokens: TokenProvider;
  readonly refresher: TokenRefresher;
  readonly crm: Pick<Crm, 'location'>;
  readonly pauses: Pauses;
  readonly log: Log;
  readonly now: () => Date;
  /** A hash of something random that nobody keeps: the secret of workflow webhooks until somebody asks for one. */
  readonly nobodysSecret: () => string;
  readonly sha256: (text: string) => string;
  readonly measure: (what: { readonly kind: 'token'; readonly outcome: TokenOutcome }) => void;
}

export type TokenOutcome = 'refreshed' | 'exchanged' | 'refused';

/**
 * Each renewal holds a database connection while it waits for the vendor: not all of them at once. A location's may wait for its agency's,
 * which therefore never waits for those of locations.
 */
const AT_ONCE = { location: 4, company: 2 } as const;
/** A sub-account that was suspended may come back by itself. */
const ASK_AGAIN_MS = 3_600_000;
const BEAT_MS = 2_000;

/** The activities of `refreshTokens`. */
export function createTokenActivities(deps: TokenDeps): TokenActivities {
  const turns = { location: createTurns(AT_ONCE.location), company: createTurns(AT_ONCE.company) };
  return withFailures(deps.log, {
    tokenStanding: (holder: TokenHolder) => tokenStanding(deps, holderOf(holder)),
    renewToken: (input: TokenHolder & { readonly version: number }) =>
      beating(() => turns[input.kind](() => renewToken(deps, holderOf(input), input.version))),
    followInstall: (holder: TokenHolder) => beating(() => followInstall(deps, holderOf(holder))),
  });
}

async function tokenStanding(deps: TokenDeps, holder: TokenHolder): Promise<TokenStanding> {
  const [credential, location] = await Promise.all([
    deps.credentials.standing(holder),
    holder.kind === 'location' ? deps.locations.get(holder.id) : undefined,
  ]);
  const there = holder.kind === 'company' ? credential?.held === true : location !== undefined;
  if (!there || location?.status === 'uninstalled') return { state: 'gone' };
  const suspended = location?.parked?.reason === 'location-inactive';
  if (credential?.held === true && credential.refusedAt === null) {
    // Its token is good: the vendor is asked in its time, and no sooner for any news.
    if (suspended) return { state: 'parked', version: credential.version, hope: false, againInMs: ASK_AGAIN_MS };
    if (credential.kind === 'private') return { state: 'gone' };
    return { state: 'held', version: credential.version, renewInMs: renewInMs(credential, deps.now()) };
  }
  const hope = location !== undefined && (await candidates(deps, location.companyId)).length > 0;
  const againInMs = suspended ? ASK_AGAIN_MS : null;
  return { state: 'parked', version: credential?.version ?? 0, hope, againInMs };
}

/** Until four fifths of the life are over, by the clock of whoever looks. */
function renewInMs({ issuedAt, expiresAt }: CredentialStanding, now: Date): number | null {
  if (expiresAt === null) return null;
  const issued = Date.parse(issuedAt);
  return Math.round(issued + (Date.parse(expiresAt) - issued) * FRESH_SHARE - now.getTime());
}
const FRESH_SHARE = 0.8;

async function renewToken(deps: TokenDeps, holder: TokenHolder, version: number): Promise<TokenStanding> {
  const credential = await deps.credentials.standing(holder);
  if (credential === undefined || !credential.held) return firstToken(deps, holder);
  if (credential.version !== version) return overtaken(deps, holder, credential);
  if (credential.kind === 'private') return askAgain(deps, holder, version);
  const granted: { lifeMs: number | null } = { lifeMs: null };
  const renewed = await deps.credentials.renew(
    holder,
    version,
    async (refresh) => {
      const outcome = await ask(deps, holder, refresh);
      if (outcome.kind === 'granted') granted.lifeMs = outcome.grant.lifeMs;
      deps.measure({ kind: 'token', outcome: outcome.kind === 'granted' ? outcome.how : 'refused' });
      await deps.pauses.at('tokens.before-store');
      return outcome;
    },
    () => deps.now().toISOString(),
  );
  if (renewed.kind === 'overtaken') return overtaken(deps, holder, await deps.credentials.standing(holder));
  if (renewed.kind === 'refused') {
    deps.log.error(
      { ...named(holder), reason: renewed.reason },
      'the CRM refuses our token for good; install again: docs/operations.md, Parked',
    );
    return tokenStanding(deps, holder);
  }
  if (renewed.unparked) await announce(deps, holder, renewed.version);
  // By how long it lives and not by two clocks: the workflow's own time goes on from here.
  const renewInMs = granted.lifeMs === null ? null : Math.round(granted.lifeMs * FRESH_SHARE);
  return { state: 'held', version: renewed.version, renewInMs };
}

/**
 * Another version is there by now, perhaps by a try of this very call that ended before it could say so: then nobody else would. Where it
 * was said, it is not said again.
 */
async function overtaken(
  deps: TokenDeps,
  holder: TokenHolder,
  credential: CredentialStanding | undefined,
): Promise<TokenStanding> {
  const good = credential?.held === true && credential.refusedAt === null;
  if (good && holder.kind === 'location') await announce(deps, holder, credential.version);
  return tokenStanding(deps, holder);
}

/** There is nothing to renew of a private token: a call tells whether the location is still suspended. */
async function askAgain(deps: TokenDeps, holder: TokenHolder, version: number): Promise<TokenStanding> {
  const location = await deps.locations.get(holder.id);
  if (location?.parked?.reason !== 'location-inactive') return tokenStanding(deps, holder);
  try {
    await deps.crm.location(holder.id);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return tokenStanding(deps, holder);
  }
  await deps.credentials.resume(holder, installedEvent(holder, version, deps.sha256, location.parked.since));
  return tokenStanding(deps, holder);
}

/** A location that is installed and has no token yet: its agency may have one for it. */
async function firstToken(deps: TokenDeps, holder: TokenHolder): Promise<TokenStanding> {
  const granted = holder.kind === 'location' ? await exchange(deps, holder.id) : undefined;
  if (granted !== undefined) {
    const now = deps.now().toISOString();
    const { version } = await deps.credentials.install(holder, 'oauth', granted.grant, now, 'exchanged');
    deps.measure({ kind: 'token', outcome: 'exchanged' });
    await announce(deps, holder, version);
  }
  return tokenStanding(deps, holder);
}

/** The refresh token first; then, for a location, its agency. */
async function ask(deps: TokenDeps, holder: TokenHolder, refresh: string | undefined): Promise<Renewal> {
  let reason: Extract<Renewal, { kind: 'refused' }>['reason'] = 'token-refused';
  if (refresh !== undefined) {
    const answer = await deps.oauth.refresh(holder, refresh);
    if (answer.kind === 'granted') return { ...answer, how: 'refreshed' };
    reason = answer.reason;
  }
  const granted = holder.kind === 'location' ? await exchange(deps, holder.id) : undefined;
  return granted ?? { kind: 'refused', reason };
}

/** A token of this location from its agency's; where the agency is not known, from whichever has it. */
async function exchange(
  deps: TokenDeps,
  locationId: string,
): Promise<Extract<Renewal, { kind: 'granted' }> | undefined> {
  const location = await deps.locations.get(locationId);
  if (location?.status === 'uninstalled') return undefined;
  for (const companyId of await candidates(deps, location?.companyId ?? null)) {
    const company = { kind: 'company', id: companyId } as const;
    let token = await deps.tokens.token(company);
    for (let attempt = 1; token !== undefined && attempt <= 2; attempt += 1) {
      const answer = await deps.oauth.locationToken(token.token, companyId, locationId);
      if (answer.kind === 'granted') return { ...answer, how: 'exchanged' };
      token = answer.kind === 'unauthorized' ? await deps.tokens.refused(company, token.version) : undefined;
    }
  }
  return undefined;
}

/** Which agencies could have a token for a location. One that the vendor installs into by itself may come without its agency's name. */
async function candidates(deps: TokenDeps, companyId: string | null): Promise<string[]> {
  const companies = await deps.installs.companies();
  const fit = companies.filter((company) =>
    companyId === null ? company.installsFuture : company.companyId === companyId,
  );
  return fit.map((company) => company.companyId);
}

/** Durable first: the relay wakes who waited, whatever becomes of this process. */
async function announce(deps: TokenDeps, holder: TokenHolder, version: number): Promise<void> {
  await deps.inbox.accept(installedEvent(holder, version, deps.sha256));
}

async function followInstall(deps: TokenDeps, holder: TokenHolder): Promise<void> {
  if (holder.kind === 'location') return describe(deps, holder.id);
  return installLocations(deps, holder.id);
}

/** A location that a person installed by a click goes by its id until the CRM has told its name. */
async function describe(deps: TokenDeps, locationId: string): Promise<void> {
  const location = await deps.locations.get(locationId);
  if (location === undefined || location.name !== locationId) return;
  await deps.installs.describe(locationId, await deps.crm.location(locationId));
}

/**
 * Every location in which an agency has the app is expected here, and its own refresher gets its token: one that fails keeps no other.
 * One that was uninstalled stays so until an install says otherwise: the vendor's list may lag behind.
 */
async function installLocations(deps: TokenDeps, companyId: string): Promise<void> {
  const known = new Map((await deps.locations.list()).map((location) => [location.locationId, location]));
  const listed = await listedLocations(deps, companyId);
  for (const location of known.values()) if (location.companyId === companyId) listed.add(location.locationId);
  let failed = 0;
  for (const locationId of listed) {
    const before = known.get(locationId);
    if (before !== undefined && (before.status === 'uninstalled' || before.parked === null)) continue;
    try {
      const expected = { locationId, companyId, settings: defaultSettings, workflowSecretHash: deps.nobodysSecret() };
      await deps.installs.expect(expected, deps.now().toISOString());
      await deps.refresher.tell({ kind: 'location', id: locationId }, null);
    } catch (error) {
      failed += 1;
      deps.log.warn({ err: error, locationId }, 'a location of the agency could not be installed; it is tried again');
    }
  }
  if (failed > 0) throw new AppError('STORE_AWAY', `${failed} of ${listed.size} locations could not be installed`);
}

/** Read to its end before anything is done: a token that dies between two pages is renewed, and the list read anew. */
async function listedLocations(deps: TokenDeps, companyId: string): Promise<Set<string>> {
  const company = { kind: 'company', id: companyId } as const;
  let token = await deps.tokens.token(company);
  for (let attempt = 1; token !== undefined && attempt <= 2; attempt += 1) {
    const listed = new Set<string>();
    let unauthorized = false;
    for await (const page of deps.oauth.installedLocations(token.token, companyId)) {
      if (page.kind === 'unauthorized') unauthorized = true;
      else for (const id of page.locationIds) listed.add(id);
    }
    if (!unauthorized) return listed;
    token = await deps.tokens.refused(company, token.version);
  }
  throw new AppError('CRM_AUTH', 'installedLocations: the agency has no token that the CRM accepts');
}

/** Only the two fields, whatever else came along. */
function holderOf({ kind, id }: TokenHolder): TokenHolder {
  return { kind, id };
}

function named({ kind, id }: TokenHolder): { readonly locationId: string } | { readonly companyId: string } {
  return kind === 'location' ? { locationId: id } : { companyId: id };
}

/** Says often that it lives: a process that dies with a new pair in hand has seconds for its successor. */
async function beating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
