import { describe, expect, it } from '@jest/globals';
import { budgetNews } from '../../../integrations/ghl/rate-headers.ts';

const NOW = Date.parse('2026-05-04T12:00:00Z');
const answer = (status: number, headers: Readonly<Record<string, string>>) =>
  ({ kind: 'answer', status, json: {}, headers, traceId: undefined, startedAt: NOW }) as const;

describe('what the headers say of the budget', () => {
  it('is read name by name', () => {
    const headers = {
      'x-ratelimit-max': '100',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-interval-milliseconds': '10000',
      'x-ratelimit-limit-daily': '200000',
      'x-ratelimit-daily-remaining': '7',
    };
    expect(budgetNews(answer(200, headers), NOW)).toEqual({
      max: 100,
      remaining: 0,
      intervalMs: 10_000,
      dailyMax: 200_000,
      dailyRemaining: 7,
    });
  });

  it('is nothing where they say nothing, and the wait alone where they only refuse', () => {
    expect(budgetNews(answer(200, { 'x-ratelimit-max': ' ' }), NOW)).toBeUndefined();
    expect(budgetNews(answer(429, {}), NOW)).toEqual({ refusedForMs: 10_000 });
    expect(budgetNews(answer(429, { 'retry-after': '3' }), NOW)).toEqual({ refusedForMs: 3_000 });
  });

  it('takes the end of the day as a span or as an instant', () => {
    expect(budgetNews(answer(200, { 'x-ratelimit-daily-reset': '5400000' }), NOW)).toEqual({ dayEndsInMs: 5_400_000 });
    const instant = { 'x-ratelimit-daily-reset': String(NOW + 60_000) };
    expect(budgetNews(answer(200, instant), NOW)).toEqual({ dayEndsInMs: 60_000 });
  });
});
