import { Agent, request } from 'undici';
import { AppError } from '../../domain/errors.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { InstalledPage, OAuthVendor } from '../../domain/ports/oauth.ts';
import {
  type Answer,
  grantOf,
  installedAnswer,
  installedOf,
  isObject,
  isRefusal,
  parse,
  read,
  reasonOf,
  refusesToken,
  requireSame,
  saysClientWrong,
  saysInactive,
  saysUnauthorized,
  textOf,
  tokenAnswer,
  unusable,
} from './oauth-answers.ts';

export interface OAuthOptions {
  readonly baseUrl: string;
  /** Where people choose what to install into. */
  readonly marketplaceUrl: string;
  readonly appId: string;
  readonly client: { readonly id: string; readonly secret: string };
  readonly log: Log;
  /** For a whole call; 10 s unless told. */
  readonly timeoutMs?: number;
}

/** What an install asks for; docs/gohighlevel.md says what each is for. The two of an agency serve to get tokens of its locations. */
const scopes = [
  'calendars.readonly',
  'calendars/events.readonly',
  'contacts.readonly',
  'contacts.write',
  'conversations.readonly',
  'conversations/message.readonly',
  'conversations/message.write',
  'locations.readonly',
  'locations/customFields.readonly',
  'locations/tags.readonly',
  'locations/tasks.readonly',
  'objects/record.readonly',
  'objects/schema.readonly',
  'opportunities.readonly',
  'opportunities.write',
  'phonenumbers.read',
  'users.readonly',
  'workflows.readonly',
];
const agencyScopes = ['oauth.readonly', 'oauth.write'];

const VERSION = '2021-07-28';
const PAGE = 100;
/** An agency has hundreds of locations, seldom thousands; a vendor that never ends its list is not followed for ever. */
const MOST_PAGES = 200;

/** GHL's OAuth. The token route takes forms and pins no version; the others are calls like any. */
export function createOAuth(options: OAuthOptions): OAuthVendor & { close(): Promise<void> } {
  const timeout = options.timeoutMs ?? 10_000;
  const dispatcher = new Agent({ connect: { timeout }, connections: 16, pipelining: 1, maxResponseSize: 1024 * 1024 });
  const ask = createAsk(options, dispatcher, timeout);
  const { client } = options;

  function token(fields: Readonly<Record<string, string>>): Promise<Answer> {
    const form = { client_id: client.id, client_secret: client.secret, ...fields };
    return ask('token', { method: 'POST', path: '/oauth/token', form });
  }

  return {
    authorizeUrl(state, redirectUri, agency) {
      const url = new URL('/v2/oauth/chooselocation', options.marketplaceUrl);
      const scope = [...scopes, ...(agency ? agencyScopes : [])].join(' ');
      const query = { response_type: 'code', client_id: client.id, redirect_uri: redirectUri, scope, state };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return url.href;
    },
    async exchangeCode(code, redirectUri) {
      const answer = await token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
      if (isRefusal(answer)) return { kind: 'refused' };
      return installedOf(read('token', tokenAnswer, answer));
    },
    async refresh(holder, refreshToken) {
      const userType = holder.kind === 'company' ? 'Company' : 'Location';
      const answer = await token({ grant_type: 'refresh_token', refresh_token: refreshToken, user_type: userType });
      if (refusesToken(answer)) {
        return { kind: 'refused', reason: saysInactive(answer) ? 'location-inactive' : 'token-refused' };
      }
      const granted = read('token', tokenAnswer, answer);
      requireSame(holder, granted);
      // A pair without its second half could be renewed once and never again.
      if (granted.refresh_token === undefined) throw unusable('token', 'a refresh token');
      return { kind: 'granted', grant: grantOf(granted) };
    },
    async locationToken(companyToken, companyId, locationId) {
      const form = { companyId, locationId };
      const answer = await ask('locationToken', {
        method: 'POST',
        path: '/oauth/locationToken',
        form,
        bearer: companyToken,
      });
      if (saysUnauthorized(answer)) return { kind: 'unauthorized' };
      if (isRefusal(answer)) return { kind: 'refused' };
      const granted = read('locationToken', tokenAnswer, answer);
      requireSame({ kind: 'location', id: locationId }, granted);
      return { kind: 'granted', grant: grantOf(granted) };
    },
    async *installedLocations(companyToken, companyId): AsyncGenerator<InstalledPage> {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const skip = String(page * PAGE);
        const query = { companyId, appId: options.appId, isInstalled: 'true', skip, limit: String(PAGE) };
        const path = `/oauth/installedLocations?${new URLSearchParams(query).toString()}`;
        const answer = await ask('installedLocations', { method: 'GET', path, bearer: companyToken });
        if (saysUnauthorized(answer)) {
          yield { kind: 'unauthorized' };
          return;
        }
        const { locations } = read('installedLocations', installedAnswer, answer);
        const ids = locations.flatMap(({ _id, isInstalled }) => (isInstalled === false ? [] : [_id]));
        yield { kind: 'page', locationIds: ids };
        if (locations.length < PAGE) return;
      }
      throw unusable('installedLocations', 'an end of the list');
    },
    close: () => dispatcher.close(),
  };
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly bearer?: string;
}

/** @returns answers that are about what was asked; all else is thrown, and says nothing against it */
function createAsk(options: OAuthOptions, dispatcher: Agent, timeout: number) {
  const origin = options.baseUrl.replace(/\/+$/, '');
  return async (name: string, call: Call): Promise<Answer> => {
    const began = Date.now();
    let status: number;
    let json: unknown;
    let retryAfter: unknown;
    try {
      const response = await request(`${origin}${call.path}`, {
        dispatcher,
        method: call.method,
        headers: {
          accept: 'application/json',
          version: VERSION,
          ...(call.bearer === undefined ? {} : { authorization: `Bearer ${call.bearer}` }),
          ...(call.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: call.form === undefined ? null : new URLSearchParams(call.form).toString(),
        signal: AbortSignal.timeout(timeout),
      });
      status = response.statusCode;
      retryAfter = response.headers['retry-after'];
      json = parse(await response.body.text());
    } catch (cause) {
      options.log.warn({ operation: name, ms: Date.now() - began }, 'the CRM did not answer');
      throw new AppError('CRM_UNAVAILABLE', `${name}: no answer (${reasonOf(cause)})`);
    }
    const well = status < 300;
    options.log[well ? 'debug' : 'warn']({ operation: name, status, ms: Date.now() - began }, 'the CRM answered');
    if (status === 429) {
      const seconds = Number(retryAfter ?? Number.NaN);
      const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, 60_000) : 10_000;
      throw new AppError('CRM_RATE_LIMITED', `${name}: answered 429`, { retryAfterMs });
    }
    if (status >= 500 || status === 408 || (status >= 300 && status < 400) || !isObject(json)) {
      throw new AppError(
        'CRM_UNAVAILABLE',
        `${name}: answered ${status}${isObject(json) ? '' : ' without a JSON object'}`,
      );
    }
    const answer = { status, json };
    if (status >= 400 && saysClientWrong(answer)) throw new AppError('OAUTH_CLIENT', `${name}: answered ${status}`);
    if (status >= 400 && /version header/i.test(textOf(answer))) {
      throw new AppError('CRM_BAD_REQUEST', `${name}: answered ${status}`);
    }
    return answer;
  };
}
