import type { CacheEngine } from './cache.ts';
import type { Clock } from './clock.ts';
import type { Contents } from './content.ts';
import type { Faults } from './faults.ts';
import type { Limiter, Limits } from './limits.ts';
import { DOCUMENTED_LIMITS } from './limits.ts';
import type { Store } from './store.ts';

/** The parts that every route works with. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly cache: CacheEngine;
  readonly contents: Contents;
  readonly limiter: Limiter;
  readonly faults: Faults;
  /** The stand-in's one source of chance. */
  random(): number;
  /** Starts chance anew from the seed. */
  reseed(): void;
}

export function limitsOf({ store }: World): Limits {
  return { ...DOCUMENTED_LIMITS, ...(store.get('settings', 'limits')?.['limits'] as Partial<Limits> | undefined) };
}

export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** How fast a stream comes; 0: at once. */
  readonly tokensPerSecond: number;
}

export function latencyOf({ store }: World): Latency {
  const none = { p50Ms: 0, p95Ms: 0, tokensPerSecond: 0 };
  return { ...none, ...(store.get('settings', 'latency') as unknown as Partial<Latency> | undefined) };
}

/** The standard normal distribution's 95th percentile. */
const Z95 = 1.6448536269514722;

/** One drawn delay of the first byte in milliseconds, log-normal. */
export function drawLatency(world: World): number {
  const { p50Ms, p95Ms } = latencyOf(world);
  if (p50Ms <= 0) return 0;
  const sigma = Math.log(Math.max(p95Ms, p50Ms) / p50Ms) / Z95;
  // Box and Muller's way to a normal deviate; 1 - u keeps the logarithm finite.
  const normal = Math.sqrt(-2 * Math.log(1 - world.random())) * Math.cos(2 * Math.PI * world.random());
  return p50Ms * Math.exp(sigma * normal);
}
