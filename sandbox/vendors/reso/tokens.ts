import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import type { Json } from './wire.ts';

/** On whose behalf a call is made. `id` stands for the token wherever it is counted or written down. */
export interface Holder {
  readonly id: string;
  /** Spark: a key for replication has a host, and page sizes, of its own. */
  readonly role: 'standard' | 'replication';
}

const STATES = ['active', 'revoked', 'suspended'] as const;
const ISSUED = 'reso-at-';
/** Served where nobody registered a client. */
const CLIENT = { id: 'reso-sandbox', secret: 'reso-sandbox-secret' };
const HOUR = 3_600_000;

function tokenId(token: string): string {
  return `tok_${createHash('sha256').update(token).digest('hex').slice(0, 16)}`;
}

/**
 * Any bearer will do that was not issued by `/oauth/token`: it is a static one until it is registered as something else.
 * @throws Refusal 401, or the profile's status for a suspended one
 */
export function holderOf(
  store: Store,
  authorization: string | undefined,
  { now, suspendedStatus }: { now: number; suspendedStatus: number },
): Holder {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized('No bearer token was sent', 'invalid_request');
  const id = tokenId(token);
  const known = store.setting(`token:${id}`);
  if (known === undefined && token.startsWith(ISSUED)) throw unauthorized('The token is not known', 'invalid_token');
  if (known?.['state'] === 'revoked') throw unauthorized('The token was revoked', 'invalid_token');
  if (typeof known?.['expiresAt'] === 'number' && now >= known['expiresAt'])
    throw unauthorized('The token has expired', 'invalid_token');
  const until = Number(known?.['suspendedUntil'] ?? Infinity);
  if (known?.['state'] === 'suspended' && now < until) {
    const headers = Number.isFinite(until) ? { 'retry-after': String(Math.ceil((until - now) / 1_000)) } : {};
    throw new Refusal(suspendedStatus, 'The access token has been suspended', { code: 'TokenSuspended', headers });
  }
  return { id, role: known?.['role'] === 'standard' ? 'standard' : 'replication' };
}

/** `POST /oauth/token`: a token for a client's id and secret, in the body or as basic authentication. */
export function issueToken(
  store: Store,
  { form, authorization, now }: { form: Json; authorization: string | undefined; now: number },
): { readonly status: number; readonly body: Json } {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  const [basicId, basicSecret] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString('utf8').split(':');
  const id = decodeURIComponent(basicId ?? String(form['client_id'] ?? ''));
  const secret = decodeURIComponent(basicSecret ?? String(form['client_secret'] ?? ''));
  if (form['grant_type'] !== 'client_credentials')
    return {
      status: 400,
      body: { error: 'unsupported_grant_type', error_description: 'client_credentials is served' },
    };
  const client = store.setting(`client:${id}`) ?? (id === CLIENT.id ? { secret: CLIENT.secret } : undefined);
  if (client === undefined || client['secret'] !== secret)
    return {
      status: 401,
      body: { error: 'invalid_client', error_description: 'The client or its secret is not known' },
    };
  const lifetimeMs = Number(store.setting('oauth')?.['lifetimeMs'] ?? HOUR);
  const token = `${ISSUED}${randomBytes(18).toString('base64url')}`;
  store.setSetting(`token:${tokenId(token)}`, { state: 'active', client: id, expiresAt: now + lifetimeMs });
  return {
    status: 200,
    body: { access_token: token, token_type: 'Bearer', expires_in: Math.floor(lifetimeMs / 1_000), scope: 'api' },
  };
}

/** Registers what a token is from now on. The message says what is wrong. */
export function changeToken(store: Store, body: Json, now: number): string | { readonly id: string } {
  const { token, id: given, state, role, expiresInMs, suspendedMs } = body;
  if (typeof token !== 'string' && typeof given !== 'string') return 'token must be a text, or id that of a token';
  if (state !== undefined && !STATES.some((one) => one === state)) return `state must be one of ${STATES.join(', ')}`;
  if (role !== undefined && role !== 'standard' && role !== 'replication')
    return 'role must be standard or replication';
  const id = typeof token === 'string' ? tokenId(token) : String(given);
  store.setSetting(`token:${id}`, {
    ...store.setting(`token:${id}`),
    ...(state !== undefined && { state }),
    ...(role !== undefined && { role }),
    ...(typeof expiresInMs === 'number' && { expiresAt: now + expiresInMs }),
    ...(typeof suspendedMs === 'number' && { state: 'suspended', suspendedUntil: now + suspendedMs }),
  });
  return { id };
}

function unauthorized(message: string, error: string): Refusal {
  return new Refusal(401, message, { headers: { 'www-authenticate': `Bearer error="${error}"` } });
}
