import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import { AppError, errors, isAppError } from '../../domain/errors.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { CredentialStore } from '../../domain/ports/credentials.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import type { InstallStore } from '../../domain/ports/installs.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { Installed, OAuthVendor } from '../../domain/ports/oauth.ts';
import type { Pauses } from '../../domain/ports/pauses.ts';
import { installedEvent } from '../../domain/webhooks/installed.ts';
import { sha256 } from '../../platform/secrets.ts';
import { endOAuth, startOAuth } from '../contract/oauth.ts';
import type { LocationLookup } from '../location-lookup.ts';
import { checked } from '../mount.ts';
import { beginHerePage, installedPage, problemPage } from '../oauth-pages.ts';
import { requestIdOf } from '../request-id.ts';

export interface OAuthRouteDeps {
  readonly oauth: OAuthVendor;
  readonly installs: Pick<InstallStore, 'begin' | 'end' | 'expect' | 'setFuture'>;
  readonly credentials: Pick<CredentialStore, 'install'>;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly lookup: LocationLookup;
  readonly onCommitted: (row: Dispatchable) => void;
  /** What browsers call us, without a slash at its end. */
  readonly publicUrl: () => string;
  readonly nobodysSecret: () => string;
  readonly pauses: Pauses;
  readonly log: Log;
  readonly now: () => Date;
}

const COOKIE = 'leadwright_install';
const LIFE_MS = 10 * 60_000;
/** A code that was exchanged cannot be exchanged again: what it bought is worth a few tries to store. */
const STORE_TRIES = 5;

/** Installing by a click: from here to the marketplace, and back with a code. Both ends answer people in a browser. */
export function oauthRoutes(deps: OAuthRouteDeps): Router {
  const router = Router();
  router.get(
    startOAuth.path,
    shown(deps, (req, res) => begin(deps, checked('BAD_QUERY', startOAuth.query, req.query), res)),
  );
  router.get(
    endOAuth.path,
    shown(deps, (req, res) => end(deps, checked('BAD_QUERY', endOAuth.query, req.query), req, res)),
  );
  return router;
}

/** What goes wrong is a page with its code, like everything here. */
function shown(
  deps: OAuthRouteDeps,
  handle: (req: Request, res: Response) => Promise<void>,
): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    try {
      await handle(req, res);
    } catch (error) {
      const requestId = requestIdOf(res);
      const code = isAppError(error) ? error.code : 'INTERNAL';
      deps.log[errors[code].status >= 500 ? 'error' : 'warn']({ err: error, requestId }, 'an install did not succeed');
      send(res, errors[code].status, problemPage(code, requestId));
    }
  };
}

type Query<R extends { query?: unknown }> = R['query'] extends z.ZodType<infer Q> | undefined ? Q : never;

/** The state proves that the answer belongs to a question of ours, the cookie that it comes back to the browser that asked. */
async function begin(deps: OAuthRouteDeps, query: Query<typeof startOAuth>, res: Response): Promise<void> {
  const [state, browser] = [random(), random()];
  const now = deps.now();
  const url = deps.oauth.authorizeUrl(state, redirectUri(deps), query.for === 'agency');
  const expiresAt = new Date(now.getTime() + LIFE_MS).toISOString();
  await deps.installs.begin(sha256(state), sha256(browser), now.toISOString(), expiresAt);
  setCookie(deps, res, browser, LIFE_MS / 1000);
  res.redirect(302, url);
}

async function end(deps: OAuthRouteDeps, query: Query<typeof endOAuth>, req: Request, res: Response): Promise<void> {
  const { code, state, error } = query;
  if (state === undefined) {
    if (error !== undefined) throw new AppError('OAUTH_DENIED', 'the marketplace sent back an error');
    send(res, 400, beginHerePage());
    return;
  }
  const verdict = await deps.installs.end(sha256(state), sha256(cookieOf(req) ?? ''), deps.now().toISOString());
  if (verdict !== 'ok') throw new AppError('OAUTH_STATE', `the state of the install is ${verdict}`);
  setCookie(deps, res, '', 0);
  if (error !== undefined || code === undefined)
    throw new AppError('OAUTH_DENIED', 'the marketplace sent back no code');
  const answer = await deps.oauth.exchangeCode(code, redirectUri(deps));
  if (answer.kind === 'refused') throw new AppError('OAUTH_CODE', 'the code was refused');
  await deps.pauses.at('oauth.before-store');
  await surely(() => keep(deps, answer));
  deps.lookup.forget();
  deps.log.info({ holder: answer.holder.kind }, 'installed by a click');
  send(res, 200, installedPage(answer.holder));
}

/**
 * The pair is stored before anything uses it; what follows from it is an event of ours, durable like any. All of it may be done twice.
 * A location is there before its token, which un-parks it; an agency's locations come after it.
 */
async function keep(deps: OAuthRouteDeps, { holder, grant, companyId, approvedLocations, installsFuture }: Installed) {
  const now = deps.now().toISOString();
  const expect = async (locationId: string): Promise<void> => {
    const location = { locationId, companyId, settings: defaultSettings, workflowSecretHash: deps.nobodysSecret() };
    await deps.installs.expect(location, now);
  };
  if (holder.kind === 'location') await expect(holder.id);
  const { version } = await deps.credentials.install(holder, 'oauth', grant, now);
  if (holder.kind === 'company') {
    await deps.installs.setFuture(holder.id, installsFuture);
    for (const locationId of approvedLocations) await expect(locationId);
  }
  const event = installedEvent(holder, version, sha256);
  const accepted = await deps.inbox.accept(event);
  if (accepted.kind !== 'accepted') return;
  const { inboxId, receivedAt } = accepted;
  deps.onCommitted({
    inboxId,
    receivedAt,
    kind: event.kind,
    type: event.type,
    locationId: event.locationId,
    contactId: null,
  });
}

async function surely(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const away = isAppError(error) && (error.code === 'STORE_AWAY' || error.code === 'CANNOT_STORE');
      if (!away || attempt >= STORE_TRIES) throw error;
      await delay(attempt * 500);
    }
  }
}

function redirectUri(deps: OAuthRouteDeps): string {
  return `${deps.publicUrl()}${endOAuth.path}`;
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

/** Lax: the way back is a navigation from another site, and nothing else may carry it. */
function setCookie(deps: OAuthRouteDeps, res: Response, value: string, seconds: number): void {
  const secure = deps.publicUrl().startsWith('https:') ? '; Secure' : '';
  res.setHeader(
    'Set-Cookie',
    `${COOKIE}=${value}; Path=/oauth/ghl; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`,
  );
}

function cookieOf(req: Request): string | undefined {
  const parts = (req.get('cookie') ?? '').split(';').map((part) => part.trim());
  return parts.find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

function send(res: Response, status: number, html: string): void {
  res.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
  res.status(status).type('html').send(html);
}
