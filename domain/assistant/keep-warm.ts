import type { Rates } from './price-rows.ts';
import { ttlMs, writeRate, type Gaps, type Ttl } from './ttl.ts';

/**
 * In quiet hours a call without an answer (`max_tokens: 0`) reads a prefix just before its entry ends, and the entry lives on. Each such
 * ping costs a read of the prefix; what it can save is the difference between a write and a read, once, at the next real call.
 */
export interface Warmth {
  /** When the last call or ping of the prefix began, epoch ms. */
  readonly touched: number;
  /** Pings since the last real call. */
  readonly pings: number;
  /** When the next real call is expected, epoch ms; `unknown`: at any time; `none`: not in sight, as when a location is paused. */
  readonly next: number | 'unknown' | 'none';
}

export type WarmVerdict =
  | { readonly kind: 'ping'; /** Epoch ms. */ readonly at: number }
  | {
      readonly kind: 'stop';
      /**
       * nobody-comes: no call is in sight · in-time: the next call finds the entry alive without a ping · cold: it is gone already, a ping
       * would write it · too-long: the pings until the next call cost more than they save · spent: those that were sent cost what a write does
       */
      readonly why: 'nobody-comes' | 'in-time' | 'cold' | 'too-long' | 'spent';
    };

/** A ping goes out when this share of the entry's time is over; the rest is for schedules that come late. */
const PING_AT_SHARE = 0.9;

/** How many pings in a row cost less than the write that they save: `n · read < write − read`. */
export function pingsThatPay(rates: Rates, ttl: Ttl): number {
  return Math.ceil((writeRate(rates, ttl) - rates.read) / rates.read) - 1;
}

/**
 * Shall the prefix be kept warm, and when is the next ping due? Where the next call is foreseen, pings are sent if all that are still needed
 * cost less than the write. Where it is not, they are sent until they have cost as much as the write: whatever comes, no more than twice the
 * price of the best choice is paid.
 */
export function keepWarm({ touched, pings, next }: Warmth, now: number, ttl: Ttl, rates: Rates): WarmVerdict {
  const every = ttlMs[ttl] * PING_AT_SHARE;
  if (next === 'none') return { kind: 'stop', why: 'nobody-comes' };
  if (now - touched > ttlMs[ttl]) return { kind: 'stop', why: 'cold' };
  if (next === 'unknown') {
    return pings < pingsThatPay(rates, ttl) ? { kind: 'ping', at: touched + every } : { kind: 'stop', why: 'spent' };
  }
  const needed = Math.max(0, Math.ceil((next - touched - ttlMs[ttl]) / every));
  if (needed === 0) return { kind: 'stop', why: 'in-time' };
  return needed <= pingsThatPay(rates, ttl) ? { kind: 'ping', at: touched + every } : { kind: 'stop', why: 'too-long' };
}

/**
 * What keep-warm makes of calls that began at these instants (epoch ms, ascending), none of which was foreseen: how many still find the
 * entry gone, and how many pings it took; both counts of the gaps are those of the `ttl` that is kept warm. The last call is followed by none that anybody could wait for, but pings are sent all the same.
 */
export function warmedGaps(
  starts: readonly number[],
  ttl: Ttl,
  rates: Rates,
): { readonly gaps: Gaps; readonly pings: number } {
  let cold = starts.length > 0 ? 1 : 0;
  let pings = 0;
  starts.forEach((start, at) => {
    const next = starts[at + 1] ?? Infinity;
    let warmth: Warmth = { touched: start, pings: 0, next: 'unknown' };
    for (;;) {
      const verdict = keepWarm(warmth, warmth.touched, ttl, rates);
      if (verdict.kind === 'stop' || verdict.at >= next) break;
      warmth = { ...warmth, touched: verdict.at, pings: warmth.pings + 1 };
    }
    pings += warmth.pings;
    if (next !== Infinity && next - warmth.touched > ttlMs[ttl]) cold += 1;
  });
  return { gaps: { calls: starts.length, over5m: cold, over1h: cold }, pings };
}
