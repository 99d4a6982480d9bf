import type { HeardOfBudget } from '../../domain/crm/call-budget.ts';
import type { Answer } from './reply.ts';

type Headers = Answer['headers'];

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What the answer says of the location's budget; undefined when it says nothing. */
export function budgetNews({ status, headers }: Answer, now: number): HeardOfBudget | undefined {
  const dayEndsInMs = dailyReset(headers, now);
  const news = {
    ...number(headers, 'x-ratelimit-max', 'max'),
    ...number(headers, 'x-ratelimit-interval-milliseconds', 'intervalMs'),
    ...number(headers, 'x-ratelimit-remaining', 'remaining'),
    ...number(headers, 'x-ratelimit-limit-daily', 'dailyMax'),
    ...number(headers, 'x-ratelimit-daily-remaining', 'dailyRemaining'),
    ...(dayEndsInMs === undefined ? {} : { dayEndsInMs }),
    ...(status === 429 ? { refusedForMs: retryAfterMs(headers, now) } : {}),
  };
  return Object.keys(news).length === 0 ? undefined : news;
}

export function saysDaySpent(headers: Headers): boolean {
  return numberOf(headers, 'x-ratelimit-daily-remaining') <= 0;
}

/**
 * Milliseconds to wait after a 429: `Retry-After` if sent; the daily reset when the day's budget is spent; else the burst interval.
 * Bounded to a day when that is spent, else to an hour, and never zero, so that a broken header can neither make us hammer nor shut a
 * location's answers up for long.
 */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number {
  return Math.min(Math.max(Math.ceil(askedWait(headers, now)), 500), saysDaySpent(headers) ? DAY_MS : HOUR_MS);
}

function askedWait(headers: Headers, now: number): number {
  const after = headers['retry-after'];
  if (after !== undefined) {
    const seconds = numberOf(headers, 'retry-after');
    if (Number.isFinite(seconds)) return seconds * 1000;
    const date = Date.parse(after);
    if (Number.isFinite(date)) return date - now;
  }
  // An hour where nobody says, since the reset's hour is not published.
  if (saysDaySpent(headers)) return dailyReset(headers, now) ?? HOUR_MS;
  const interval = numberOf(headers, 'x-ratelimit-interval-milliseconds');
  return Number.isFinite(interval) && interval > 0 ? interval : 10_000;
}

/** Sent as a duration or as an instant; what lies behind us or beyond a day is neither. */
function dailyReset(headers: Headers, now: number): number | undefined {
  const reset = numberOf(headers, 'x-ratelimit-daily-reset');
  const inMs = Math.ceil(reset > 1e11 ? reset - now : reset);
  return inMs > 0 && inMs <= DAY_MS ? inMs : undefined;
}

function number<K extends keyof HeardOfBudget>(headers: Headers, name: string, key: K): { readonly [P in K]?: number } {
  const value = numberOf(headers, name);
  return Number.isNaN(value) ? {} : ({ [key]: value } as { readonly [P in K]: number });
}

/** NaN where it is absent, empty or no number. */
function numberOf(headers: Headers, name: string): number {
  const value = headers[name]?.trim() ?? '';
  return value === '' ? Number.NaN : Number(value);
}
