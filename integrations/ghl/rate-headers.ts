import type { HeardOfBudget } from '../../domain/crm/call-budget.ts';
import type { Answer } from './reply.ts';

type Headers = Answer['headers'];

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
  return Number(headers['x-ratelimit-daily-remaining'] ?? Number.NaN) <= 0;
}

/**
 * Milliseconds to wait after a 429: `Retry-After` if sent; the daily reset when the day's budget is spent; else the burst interval.
 * Bounded to a day, and never zero, so that a broken header cannot make us hammer or sleep for ever.
 */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number {
  return Math.min(Math.max(Math.ceil(askedWait(headers, now)), 500), 86_400_000);
}

function askedWait(headers: Headers, now: number): number {
  const after = headers['retry-after'];
  if (after !== undefined) {
    const seconds = Number(after);
    if (Number.isFinite(seconds)) return seconds * 1000;
    const date = Date.parse(after);
    if (Number.isFinite(date)) return date - now;
  }
  // An hour where nobody says, since the reset's hour is not published.
  if (saysDaySpent(headers)) return dailyReset(headers, now) ?? 3_600_000;
  const interval = Number(headers['x-ratelimit-interval-milliseconds'] ?? Number.NaN);
  return Number.isFinite(interval) && interval > 0 ? interval : 10_000;
}

/** Sent as a duration or as an instant. */
function dailyReset(headers: Headers, now: number): number | undefined {
  const reset = Number(headers['x-ratelimit-daily-reset'] ?? Number.NaN);
  if (!Number.isFinite(reset) || reset <= 0) return undefined;
  return Math.ceil(reset > 1e11 ? reset - now : reset);
}

function number<K extends keyof HeardOfBudget>(headers: Headers, name: string, key: K): { readonly [P in K]?: number } {
  const value = headers[name];
  return value === undefined || value.trim() === '' ? {} : ({ [key]: Number(value) } as { readonly [P in K]: number });
}
