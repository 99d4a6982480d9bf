import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { SendOutcome } from '../../domain/ports/crm.ts';
import type { Reply } from './client.ts';
import type { OperationId } from './operations.ts';

/** How long to wait where the vendor did not say: by how long such states last. */
const wait = { connection: 5_000, refusal: 60_000, access: 300_000 } as const;

export type Answer = Extract<Reply, { kind: 'answer' }>;

/** The answer's object if the vendor said yes in JSON; else the error that says what went wrong, without the vendor's own words. */
export function expectObject(operation: OperationId, reply: Reply): Answer & { json: Record<string, unknown> } {
  if (reply.kind === 'answer' && reply.status >= 200 && reply.status < 300 && isObject(reply.json)) {
    return { ...reply, json: reply.json };
  }
  throw errorOf(operation, reply);
}

function errorOf(operation: OperationId, reply: Reply): AppError {
  if (reply.kind === 'no-token') return new AppError('CRM_AUTH', `${operation}: no token is stored for the location`);
  if (reply.kind === 'failed') {
    return new AppError('CRM_UNAVAILABLE', `${operation}: no answer (${reply.reason})`, { cause: reply.cause });
  }
  const code = codeOf(reply);
  const trace = reply.traceId === undefined ? '' : `, trace ${reply.traceId}`;
  const shape = isObject(reply.json) ? '' : ' without a JSON object';
  const detail = `${operation}: answered ${reply.status}${shape}${trace}`;
  return new AppError(
    code,
    detail,
    code === 'CRM_RATE_LIMITED' || (code === 'CRM_UNAVAILABLE' && 'retry-after' in reply.headers)
      ? { retryAfterMs: retryAfterMs(reply.headers) }
      : {},
  );
}

/**
 * What a send or a create came to.
 * @param idOf  finds the new thing's id in a 2xx answer; without one the outcome is unknown, since it may well have happened
 */
export function outcomeOf(reply: Reply, idOf: (json: Record<string, unknown>) => string | undefined): SendOutcome {
  if (reply.kind === 'no-token') return notSent('no token for the location', wait.access);
  if (reply.kind === 'failed') {
    return reply.written
      ? { kind: 'unknown', reason: `no answer: ${reply.reason}` }
      : notSent(`no connection: ${reply.reason}`, wait.connection);
  }
  const { status, json } = reply;
  if (status >= 200 && status < 300) {
    const vendorId = isObject(json) ? idOf(json) : undefined;
    return vendorId === undefined
      ? { kind: 'unknown', reason: `answered ${status} without an id` }
      : { kind: 'sent', vendorId };
  }
  if (status === 429) return notSent('rate limited', retryAfterMs(reply.headers));
  if (saysContactGone(reply)) return { kind: 'refused', reason: 'unknown-contact' };
  if ((status === 400 || status === 422) && isObject(json))
    return { kind: 'refused', reason: refusal(messageOf(json)) };
  if (status === 401 || status === 403 || status === 404) return notSent(`answered ${status}`, wait.access);
  // 408 is a server that gave up on us midway; redirects and 5xx leave it open whether anything happened.
  if (status >= 400 && status < 500 && status !== 408) return notSent(`answered ${status}`, wait.refusal);
  return { kind: 'unknown', reason: `answered ${status}` };
}

/**
 * Does the answer say that the contact does not exist? GHL says so with 400 or 404 and a sentence; both also have other meanings
 * (a missing id, an unknown route, a proxy's page), so the sentence must name the contact.
 */
export function saysContactGone(reply: Reply): boolean {
  if (reply.kind !== 'answer' || (reply.status !== 400 && reply.status !== 404) || !isObject(reply.json)) return false;
  const message = messageOf(reply.json);
  const named =
    /^(the )?contact( with)?( id)?[:= ]*['"]?[\w-]*['"]?,? (was |is )?(not found|does(n't| not) exist|(has been )?deleted)/i;
  return named.test(message) || /^no (such )?contact\b/i.test(message);
}

/**
 * Milliseconds to wait after a 429: `Retry-After` if sent; the daily reset when the day's budget is spent; else the burst interval.
 * Bounded to a day, and never zero, so that a broken header cannot make us hammer or sleep for ever.
 */
function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number {
  return Math.min(Math.max(Math.ceil(askedWait(headers, now)), 500), 86_400_000);
}

function askedWait(headers: Readonly<Record<string, string>>, now: number): number {
  const after = headers['retry-after'];
  if (after !== undefined) {
    const seconds = Number(after);
    if (Number.isFinite(seconds)) return seconds * 1000;
    const date = Date.parse(after);
    if (Number.isFinite(date)) return date - now;
  }
  if (Number(headers['x-ratelimit-daily-remaining'] ?? Number.NaN) <= 0) {
    const reset = Number(headers['x-ratelimit-daily-reset'] ?? Number.NaN);
    // Sent as a duration or as an instant; an hour where it is neither, since the reset's hour is not published.
    if (!Number.isFinite(reset) || reset <= 0) return 3_600_000;
    return reset > 1e11 ? reset - now : reset;
  }
  const interval = Number(headers['x-ratelimit-interval-milliseconds'] ?? Number.NaN);
  return Number.isFinite(interval) && interval > 0 ? interval : 10_000;
}

function codeOf(reply: Answer): ErrorCode {
  const { status } = reply;
  const message = messageOf(reply.json);
  if (status === 429) return 'CRM_RATE_LIMITED';
  if (status < 400 || status >= 500 || status === 408 || isPage(reply)) return 'CRM_UNAVAILABLE';
  // A missing or unknown Version header is answered 401 as well; another token would not help.
  if (status === 401 && /version header/i.test(message)) return 'CRM_BAD_REQUEST';
  if (status === 403 || /does not have access to this location/i.test(message)) return 'CRM_FORBIDDEN';
  if (status === 401) return 'CRM_AUTH';
  if (status === 404 || saysContactGone(reply)) return 'CRM_NOT_FOUND';
  return status === 409 || /duplicate/i.test(message) ? 'CRM_DUPLICATE' : 'CRM_BAD_REQUEST';
}

/** A web page is the word of something between us and the vendor, such as a proxy, and says nothing about our request. */
function isPage(reply: Answer): boolean {
  return /html/i.test(reply.headers['content-type'] ?? '') && !isObject(reply.json);
}

/** The vendor's sentence reduced to a word of ours; sentences themselves may hold a lead's words and go nowhere. */
function refusal(message: string): string {
  if (/\bdnd\b/i.test(message)) return 'dnd';
  if (/unsubscribed/i.test(message)) return 'unsubscribed';
  if (/(missing|no|invalid)\b.*\bphone/i.test(message)) return 'no-phone';
  if (/(missing|no|invalid)\b.*\bemail/i.test(message)) return 'no-email';
  if (/location\b.*(not active|inactive)|inactive location/i.test(message)) return 'location-inactive';
  if (/duplicate/i.test(message)) return 'duplicate';
  return 'bad-request';
}

/** A string, or a list of strings in 422 answers. */
function messageOf(json: unknown): string {
  const message = isObject(json) ? json['message'] : undefined;
  if (Array.isArray(message)) return message.filter((part) => typeof part === 'string').join('; ');
  return typeof message === 'string' ? message : '';
}

function notSent(reason: string, afterMs: number): SendOutcome {
  return { kind: 'not-sent', reason, retryAfterMs: afterMs };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
