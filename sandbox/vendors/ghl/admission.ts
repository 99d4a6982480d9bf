import type { Access, Level } from './access.ts';
import type { Json } from './context.ts';
import { text } from './context.ts';
import type { Incoming } from './incoming.ts';
import type { Limiter } from './limits.ts';
import {
  badRequest,
  forbiddenScope,
  tooManyRequests,
  unauthorized,
  unprocessable,
  wrongLevel,
  wrongLocation,
} from './refusal.ts';
import type { Match } from './router.ts';
import { isSuspended, limitsOf } from './settings.ts';
import type { Row, Store } from './store.ts';

/** For whom a call is made. `locationId` is empty for a company as a whole; nobody in particular has neither. */
export interface Holder {
  readonly locationId: string;
  readonly companyId: string;
  /** Of an app's token. */
  readonly install: string | undefined;
}

/** What is known about a call by the time it is refused. */
export interface Known {
  headers: Readonly<Record<string, string>>;
  locationId?: string;
}

const NOBODY: Holder = { locationId: '', companyId: '', install: undefined };

/** Version, token, limits, level, documents, location: in this order. */
export function admit(
  { store, limiter }: { readonly store: Store; readonly limiter: Limiter },
  incoming: Incoming,
  match: Match,
  known: Known,
): Holder {
  const { checks } = match.route;
  if (checks.access === 'open') {
    checkBody(incoming, match);
    return NOBODY;
  }
  const version = incoming.headers['version'];
  if (version === undefined || version === '') throw unauthorized('version header was not found.');
  if (version !== checks.version) throw unauthorized('version header is invalid');
  const { row, level, holder } = bearer(store, incoming);
  if (holder.locationId !== '') known.locationId = holder.locationId;
  const resource = holder.locationId || holder.companyId;
  const verdict = limiter.take(resource, limitsOf(store, resource), Date.parse(incoming.at));
  known.headers = verdict.headers;
  if (!verdict.allowed) throw tooManyRequests();
  checkLevel(checks.access, row, level);
  checkBody(incoming, match);
  return placed(store, incoming, match, holder);
}

/** A person needs no token and has no limits; what they send is checked like any other call. */
export function admitPerson(store: Store, incoming: Incoming, match: Match, locationId: string): Holder {
  checkBody(incoming, match);
  return placed(store, incoming, match, holderOf(store, locationId));
}

function holderOf(store: Store, locationId: string): Holder {
  return { ...NOBODY, locationId, companyId: String(store.get('locations', locationId)?.['companyId'] ?? '') };
}

/** The token, if it is one and still works. */
function bearer(store: Store, { headers, at }: Incoming): { row: Row; level: Level; holder: Holder } {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const row = token === undefined ? undefined : store.get('tokens', token);
  if (row === undefined) throw unauthorized('Invalid token: access token is invalid');
  const expiresAt = text(row['expiresAt']);
  if (expiresAt !== undefined && at >= expiresAt) throw unauthorized('Invalid token: access token is expired');
  const locationId = String(row['locationId']);
  if (isSuspended(store, locationId)) throw unauthorized('Location is not active');
  if (row['level'] === 'Company')
    return {
      ...{ row, level: 'Company' },
      holder: { locationId: '', companyId: String(row['companyId']), install: text(row['install']) },
    };
  return { row, level: 'Location', holder: { ...holderOf(store, locationId), install: text(row['install']) } };
}

function checkLevel(access: readonly Access[], row: Row, level: Level): void {
  const app = row['install'] !== undefined;
  const fitting = access.filter((one) => one.level === level && (app || !one.appOnly));
  if (fitting.length === 0) throw wrongLevel(level);
  // A static token, and one that was asked for without scopes, may do everything.
  const granted = new Set(String(row['scope'] ?? '').split(/\s+/));
  const allowed = fitting.some(({ scopes }) => scopes.every((scope) => granted.has(scope)));
  if (!granted.has('') && !allowed) throw forbiddenScope();
}

function checkBody(incoming: Incoming, { route: { checks } }: Match): void {
  if (incoming.malformed) throw badRequest('Unexpected token in JSON');
  const wrong = [...checks.query(incoming.query), ...checks.body(bodyOf(incoming, checks.encoding) ?? {})];
  if (wrong.length > 0) throw unprocessable(wrong);
}

/** The body, if it was sent the way the documents say. */
export function bodyOf(incoming: Incoming, encoding: 'json' | 'form'): unknown {
  return incoming.encoding === encoding ? incoming.body : undefined;
}

/** A location's token is good for that location alone; a company's for whichever of its locations a call names. */
function placed(store: Store, incoming: Incoming, { params, route }: Match, holder: Holder): Holder {
  const { query } = incoming;
  const body = bodyOf(incoming, route.checks.encoding) as Json | undefined;
  const claims = [params['locationId'], query['locationId'], query['location_id'], body?.['locationId']].filter(
    (claim) => claim !== undefined,
  );
  if (holder.locationId !== '') {
    if (claims.some((claim) => claim !== holder.locationId)) throw wrongLocation();
    return holder;
  }
  const [named] = claims.map(String);
  if (named === undefined) return holder;
  if (store.get('locations', named)?.['companyId'] !== holder.companyId) throw wrongLocation();
  // Whether the app is in there is for the operation to say: the exchange has words of its own.
  return { ...holder, locationId: named };
}
