import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { SendOutcome } from '../../domain/ports/crm.ts';
import type { OperationId } from './operations.ts';
import { retryAfterMs, saysDaySpent } from './rate-headers.ts';
import {
  isObject,
  isPage,
  messageOf,
  saysContactGone,
  saysGone,
  saysLocationInactive,
  saysNotAllowed,
  saysVersionWrong,
  type Answer,
  type Reply,
} from './reply.ts';
import { writtenAt } from './vendor-time.ts';

/** How long to wait where the vendor did not say: by how long such states last. */
const wait = { connection: 5_000, refusal: 60_000, access: 300_000, suspension: 900_000 } as const;

const CROWDED = 'too many calls of the location wait for their answers';

/** The answer's object if the vendor said yes in JSON; else the error that says what went wrong, without the vendor's own words. */
export function expectObject(operation: OperationId, reply: Reply): Answer & { json: Record<string, unknown> } {
  if (reply.kind === 'answer' && reply.status >= 200 && reply.status < 300 && isObject(reply.json)) {
    return { ...reply, json: reply.json };
  }
  throw errorOf(operation, reply);
}

function errorOf(operation: OperationId, reply: Reply): AppError {
  if (reply.kind === 'no-token') return new AppError('CRM_AUTH', `${operation}: no token is stored for the location`);
  if (reply.kind === 'held') {
    const { why, retryAfterMs } = reply;
    if (why === 'silent')
      return new AppError('CRM_UNAVAILABLE', `${operation}: not asked, ${CROWDED}`, { retryAfterMs });
    const code = why === 'daily' ? 'CRM_DAILY_SPENT' : 'CRM_RATE_LIMITED';
    return new AppError(code, `${operation}: not asked, the location's budget (${why}) is spent`, {
      retryAfterMs,
    });
  }
  if (reply.kind === 'failed') {
    return new AppError('CRM_UNAVAILABLE', `${operation}: no answer (${reply.reason})`, { cause: reply.cause });
  }
  const code = codeOf(reply);
  const trace = reply.traceId === undefined ? '' : `, trace ${reply.traceId}`;
  const shape = isObject(reply.json) ? '' : ' without a JSON object';
  const twin = code === 'CRM_DUPLICATE' ? twinOf(reply.json) : '';
  const wait = waitOf(code, reply);
  return new AppError(
    code,
    `${operation}: answered ${reply.status}${shape}${trace}${twin}`,
    wait === undefined ? {} : { retryAfterMs: wait },
  );
}

/**
 * What a send or a create came to.
 * @param idOf  finds the new thing's id in a 2xx answer; without one the outcome is unknown, since it may well have happened
 * @param atOf  finds when it was made, for what is told about again with a time; absent: nobody asks
 */
export function outcomeOf(
  reply: Reply,
  idOf: (json: Record<string, unknown>) => string | undefined,
  atOf?: (json: Record<string, unknown>) => unknown,
): SendOutcome {
  if (reply.kind === 'no-token') return notSent('no token for the location', wait.access);
  if (reply.kind === 'held') {
    return notSent(reply.why === 'silent' ? CROWDED : 'rate limited', reply.retryAfterMs);
  }
  if (reply.kind === 'failed') {
    return reply.written
      ? { kind: 'unknown', reason: `no answer: ${reply.reason}` }
      : notSent(`no connection: ${reply.reason}`, wait.connection);
  }
  const { status, json } = reply;
  if (status >= 200 && status < 300) {
    const vendorId = isObject(json) ? idOf(json) : undefined;
    if (!isObject(json) || vendorId === undefined) {
      return { kind: 'unknown', reason: `answered ${status} without an id` };
    }
    const at = atOf === undefined ? undefined : writtenAt(reply, atOf(json));
    return { kind: 'sent', vendorId, ...(at === undefined ? {} : { at }) };
  }
  if (status === 429) return notSent('rate limited', retryAfterMs(reply.headers));
  // Nothing is wrong with what was asked: it waits with its location.
  if (saysLocationInactive(reply)) return notSent('the location is suspended', wait.suspension);
  if (saysContactGone(reply)) return { kind: 'refused', reason: 'unknown-contact' };
  if ((status === 400 || status === 422) && isObject(json)) return { kind: 'refused', reason: refusal(reply) };
  if (status === 409) return { kind: 'refused', reason: 'duplicate' };
  if (status === 401 || status === 403 || status === 404) return notSent(`answered ${status}`, wait.access);
  // 408 is a server that gave up on us midway; redirects and 5xx leave it open whether anything happened.
  if (status >= 400 && status < 500 && status !== 408) return notSent(`answered ${status}`, wait.refusal);
  return { kind: 'unknown', reason: `answered ${status}` };
}

function codeOf(reply: Answer): ErrorCode {
  const { status } = reply;
  const message = messageOf(reply.json);
  if (status === 429) return saysDaySpent(reply.headers) ? 'CRM_DAILY_SPENT' : 'CRM_RATE_LIMITED';
  if (status < 400 || status >= 500 || status === 408 || isPage(reply)) return 'CRM_UNAVAILABLE';
  // A missing or unknown Version header is answered 401 as well; another token would not help.
  if (saysVersionWrong(reply)) return 'CRM_BAD_REQUEST';
  if (saysLocationInactive(reply)) return 'CRM_LOCATION_INACTIVE';
  if (saysNotAllowed(reply) || status === 403) return 'CRM_FORBIDDEN';
  if (status === 401) return 'CRM_AUTH';
  if (status === 404 || saysGone(reply)) return 'CRM_NOT_FOUND';
  return status === 409 || /duplicate/i.test(message) ? 'CRM_DUPLICATE' : 'CRM_BAD_REQUEST';
}

function waitOf(code: ErrorCode, { headers }: Answer): number | undefined {
  if (code === 'CRM_RATE_LIMITED' || code === 'CRM_DAILY_SPENT') return retryAfterMs(headers);
  if (code === 'CRM_LOCATION_INACTIVE') return wait.suspension;
  return code === 'CRM_UNAVAILABLE' && 'retry-after' in headers ? retryAfterMs(headers) : undefined;
}

/** The refusal of a duplicate names the contact that is there: the one id to go on with. */
function twinOf(json: unknown): string {
  const meta = isObject(json) ? json['meta'] : undefined;
  const id = isObject(meta) ? meta['contactId'] : undefined;
  return typeof id === 'string' && /^\w{1,64}$/.test(id) ? `, it is contact ${id}` : '';
}

/** The vendor's sentence reduced to a word of ours; sentences themselves may hold a lead's words and go nowhere. */
function refusal(reply: Answer): string {
  const message = messageOf(reply.json);
  if (/\bdnd\b/i.test(message)) return 'dnd';
  if (/unsubscribed/i.test(message)) return 'unsubscribed';
  if (/(missing|no|invalid)\b.*\bphone/i.test(message)) return 'no-phone';
  if (/(missing|no|invalid)\b.*\bemail/i.test(message)) return 'no-email';
  if (/duplicate/i.test(message)) return 'duplicate';
  return 'bad-request';
}

function notSent(reason: string, afterMs: number): SendOutcome {
  return { kind: 'not-sent', reason, retryAfterMs: afterMs };
}
