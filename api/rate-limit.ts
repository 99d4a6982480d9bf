/** So many at once, and so many a second after that, for each key. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** Milliseconds to wait; 0: taken. */
export type Take = (key: string) => number;

interface Bucket {
  tokens: number;
  since: number;
}

/**
 * Buckets of this process. Keys come from outside: only so many are remembered, and the one unused for longest is forgotten first.
 * @param most  keys remembered
 */
export function createRateLimit({ burst, perSecond }: RateLimit, now: () => number, most = 10_000): Take {
  const buckets = new Map<string, Bucket>();
  return (key) => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: burst, since: at };
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.since) / 1000) * perSecond);
    bucket.since = at;
    // Last used, last in the map.
    buckets.delete(key);
    buckets.set(key, bucket);
    const oldest = buckets.size > most ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
    bucket.tokens -= 1;
    return 0;
  };
}
