import { setTimeout as delay } from 'node:timers/promises';
import { AppError, isAppError } from '../../domain/errors.ts';
import type { FeedQuota } from '../../domain/market/feed.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { Answer, Exchange } from './exchange.ts';
import { createPace, type Pace, type Place } from './pace.ts';
import { createTokens, type FeedCredentials } from './tokens.ts';
import type { VendorHabits } from './vendors.ts';
import { quotasTold, resetsInMs, verdictOf, type Verdict } from './verdict.ts';

/** A call waits so long in all for its vendor's pace; a longer wait is its caller's to plan. */
const PATIENCE_MS = 1_500;

export interface ClientOptions {
  readonly credentials: FeedCredentials;
  readonly habits: VendorHabits;
  readonly exchange: Exchange;
  readonly log: Log;
  readonly now: () => number;
}

/** What is asked of the feed. */
export interface Ask {
  readonly url: string;
  /** What it is, for errors and the log: never a URL, whose filters are long and whose links may hold what is not ours to show. */
  readonly what: string;
  readonly accept: 'application/json' | 'application/xml';
  /** Records a page, as OData's own preference. */
  readonly pageSize?: number | undefined;
}

/** What came: a body of the type that was asked for, or what its caller may have an answer to. */
export type Got =
  | { readonly kind: 'body'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-long' | 'forbidden' | 'astray'; readonly error: AppError };

export interface Client {
  /** Errors: those of the port, but for what a `Got` says. */
  ask(ask: Ask): Promise<Got>;
  quota(): FeedQuota | null;
}

/** One account at one vendor: its pace, its token, its requests. */
export function createClient({ credentials, habits, exchange, log, now }: ClientOptions): Client {
  const pace = createPace(habits.limits, now);
  const tokens = createTokens(credentials, exchange, habits, now);
  let refusals = 0;

  async function once(ask: Ask, token: string): Promise<{ readonly answer: Answer; readonly verdict: Verdict }> {
    const place = await placed(pace);
    const startedAt = now();
    const answer = await sent(place, ask, token);
    const told = quotasTold(answer, habits);
    if (told.length > 0) place.told(told);
    const verdict = verdictOf(answer, habits, ask.what, [token], now());
    const { status, bytes } = answer;
    log[status < 300 ? 'debug' : 'warn'](
      { asked: ask.what, status, bytes, ms: now() - startedAt },
      'the feed answered',
    );
    return { answer, verdict: verdict.kind === 'no' ? { ...verdict, error: slowed(verdict.error, answer) } : verdict };
  }

  /** What fails may have been counted, until it failed. */
  async function sent(place: Place, ask: Ask, token: string): Promise<Answer> {
    try {
      const answer = await exchange({ url: ask.url, headers: headersOf(ask, token, habits) });
      place.answered(answer.cameAt);
      place.spent(answer.bytes);
      return answer;
    } catch (error) {
      place.failed(now());
      throw error;
    }
  }

  /** Closes the account for as long as the vendor wants; a vendor that refuses again, without saying for how long, refuses for the hour. */
  function slowed(error: AppError, answer: Answer): AppError {
    const { code, retryAfterMs } = error;
    if ((code !== 'FEED_BUSY' && code !== 'FEED_SUSPENDED') || retryAfterMs === undefined) return error;
    refusals += 1;
    const untold = answer.headers['retry-after'] === undefined;
    const wait = (refusals > 1 && untold ? resetsInMs(answer, habits, now()) : undefined) ?? retryAfterMs;
    pace.refused(code, wait);
    return new AppError(code, error.message, { retryAfterMs: wait });
  }

  return {
    async ask(ask) {
      try {
        const token = await tokens.current();
        let { answer, verdict } = await once(ask, token);
        if (verdict.kind === 'token-refused') {
          const newer = await tokens.newer(token);
          if (newer === null) throw verdict.error;
          ({ answer, verdict } = await once(ask, newer));
        }
        if (verdict.kind === 'no' || verdict.kind === 'token-refused') throw verdict.error;
        refusals = 0;
        if (verdict.kind !== 'yes') return verdict;
        return { kind: 'body', text: bodyOf(answer, ask), bytes: answer.bytes };
      } catch (error) {
        if (isAppError(error)) log.warn({ asked: ask.what, code: error.code }, 'the feed could not be read');
        throw error;
      }
    },
    quota: () => pace.quota(),
  };
}

async function placed(pace: Pace): Promise<Place> {
  let patience = PATIENCE_MS;
  for (;;) {
    try {
      return pace.take();
    } catch (error) {
      const wait = isAppError(error) ? error.retryAfterMs : undefined;
      if (wait === undefined || wait > patience || (error as AppError).code !== 'FEED_BUSY') throw error;
      patience -= wait;
      await delay(wait);
    }
  }
}

function headersOf({ accept, pageSize }: Ask, token: string, { sizeBy }: VendorHabits): Record<string, string> {
  return {
    accept,
    authorization: `Bearer ${token}`,
    'odata-version': '4.0',
    ...(pageSize !== undefined && sizeBy === 'prefer' ? { prefer: `odata.maxpagesize=${String(pageSize)}` } : {}),
  };
}

/** A page that says 200 is the word of something between us and the vendor. */
function bodyOf({ headers, text }: Answer, { accept, what }: Ask): string {
  const kind = accept === 'application/xml' ? 'xml' : 'json';
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (new RegExp(`[/+]${kind}$`).test(type)) return text;
  const came = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'no type';
  throw new AppError('FEED_BROKEN', `${what}: expected ${kind.toUpperCase()}, came ${came}`);
}
