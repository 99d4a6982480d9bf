import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import type { BudgetVerdict } from '../../domain/crm/call-budget.ts';
import type { CallBudget } from '../../domain/ports/call-budget.ts';
import type { Urgency } from '../../domain/ports/crm.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { AccessToken, TokenProvider } from '../../domain/ports/tokens.ts';
import { createExchange, type Exchange } from './exchange.ts';
import type { AnyInput, CallInput, OperationId } from './operations.ts';
import { createPlaces, type Place } from './places.ts';
import { budgetNews } from './rate-headers.ts';
import { saysLocationInactive, saysTokenRefused, type Reply } from './reply.ts';

/** A wait for the budget up to this is waited out here; a longer one is its caller's to plan. */
const SHORT_WAIT_MS = 250;

export interface ClientOptions {
  readonly baseUrl: string;
  readonly tokens: TokenProvider;
  readonly budget: CallBudget;
  readonly log: Log;
  /** For connecting, for the first byte of the answer and between its bytes, each; 10 s unless told. */
  readonly timeoutMs?: number;
  /** Our clock. */
  readonly now?: () => number;
}

export interface GhlClient {
  call<O extends OperationId>(operation: O, locationId: string, input: CallInput<O>, how?: Urgency): Promise<Reply>;
  close(): Promise<void>;
}

/** One pool for all locations: keep-alive, no pipelining, no retries and no redirects, since a retry is its caller's decision. */
export function createClient(options: ClientOptions): GhlClient {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const dispatcher = new Agent({
    connect: { timeout: timeoutMs },
    connections: 64,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
    maxResponseSize: 8 * 1024 * 1024,
  });
  const exchange = createExchange(dispatcher, options.baseUrl, timeoutMs * 3, options.now);
  const place = createPlaces();
  return {
    async call(operation, locationId, input, how) {
      const startedAt = Date.now();
      const reply = await ask(
        options,
        placed(place, locationId, exchange),
        operation,
        locationId,
        input as AnyInput,
        how?.urgent === true,
      );
      note(options.log, operation, locationId, reply, Date.now() - startedAt);
      return reply;
    },
    close: () => dispatcher.close(),
  };
}

/**
 * Asks once; a second time only after a refusal of the token, with a newer one. That is safe for every call: what was refused for its
 * token was not done.
 */
async function ask(
  options: ClientOptions,
  exchange: Exchange,
  operation: OperationId,
  locationId: string,
  input: AnyInput,
  urgent: boolean,
): Promise<Reply> {
  const { tokens, budget } = options;
  const holder = { kind: 'location', id: locationId } as const;
  const counted = async ({ token, version }: AccessToken): Promise<Reply> => {
    const verdict = await admitted(budget, locationId, urgent);
    if (verdict.kind === 'refused') return { kind: 'held', why: verdict.why, retryAfterMs: verdict.waitMs };
    const reply = await exchange(operation, token, input);
    const news = reply.kind === 'answer' ? budgetNews(reply, Date.now()) : undefined;
    if (news?.refusedForMs !== undefined) await budget.heard(locationId, news);
    // Nobody has to wait for what only makes the next verdicts better; the budget never throws.
    else if (news !== undefined) void budget.heard(locationId, news);
    if (reply.kind === 'answer' && saysLocationInactive(reply)) await parked(options, locationId, version);
    return reply;
  };
  const current = await provided(() => tokens.token(holder));
  if (current === undefined) return { kind: 'no-token' };
  if ('kind' in current) return current;
  const reply = await counted(current);
  if (!saysTokenRefused(reply)) return reply;
  const newer = await provided(() => tokens.refused(holder, current.version));
  if (newer === undefined) return reply;
  return 'kind' in newer ? newer : counted(newer);
}

/** Each exchange in one of the location's places; where there is none, nothing is asked. */
function placed(place: (locationId: string) => Promise<Place>, locationId: string, exchange: Exchange): Exchange {
  return async (operation, token, input) => {
    const own = await place(locationId);
    if (own.kind === 'none') return { kind: 'held', why: 'silent', retryAfterMs: own.retryAfterMs };
    const reply = await exchange(operation, token, input);
    own.leave(reply);
    return reply;
  };
}

async function provided(
  ask: () => Promise<AccessToken | undefined>,
): Promise<AccessToken | undefined | Extract<Reply, { kind: 'failed' }>> {
  try {
    return await ask();
  } catch (cause) {
    return { kind: 'failed', written: false, reason: 'TOKEN_UNREADABLE', cause };
  }
}

/** The answer stands, whatever becomes of this: where it fails, the next call tries again. */
async function parked({ tokens, log }: ClientOptions, locationId: string, version: number): Promise<void> {
  try {
    await tokens.inactive({ kind: 'location', id: locationId }, version);
  } catch (error) {
    log.warn({ err: error, locationId }, 'the CRM says that this location is suspended, and it could not be parked');
  }
}

async function admitted(budget: CallBudget, locationId: string, urgent: boolean): Promise<BudgetVerdict> {
  let patience = SHORT_WAIT_MS;
  for (;;) {
    const verdict = await budget.take(locationId, urgent);
    if (verdict.kind === 'granted' || verdict.waitMs > patience) return verdict;
    patience -= verdict.waitMs;
    await delay(verdict.waitMs);
  }
}

function note(log: Log, operation: OperationId, locationId: string, reply: Reply, ms: number): void {
  if (reply.kind === 'failed') {
    log.warn({ operation, locationId, ms, reason: reply.reason, written: reply.written }, 'the CRM did not answer');
  } else if (reply.kind === 'held') {
    const { why, retryAfterMs } = reply;
    log.info(
      { operation, locationId, why, retryAfterMs },
      'the CRM was not asked: no call is free for the location now',
    );
  } else if (reply.kind === 'answer') {
    const fields = { operation, locationId, ms, status: reply.status, traceId: reply.traceId };
    if (reply.status >= 300) log.warn(fields, 'the CRM said no');
    else log.debug(fields, 'the CRM answered');
  }
}
