import { Refusal } from './refusal.ts';

/** Per minute, organization and class of model. */
export interface Limits {
  readonly requests: number;
  /** What is read from the cache does not count. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Counts and says so, refuses nothing. */
  readonly disabled: boolean;
}

/** The Start tier of Sonnet 5, Opus 5 and Haiku 4.5. */
export const DOCUMENTED_LIMITS: Limits = {
  requests: 1_000,
  inputTokens: 2_000_000,
  outputTokens: 400_000,
  disabled: false,
};

const KINDS = ['requests', 'inputTokens', 'outputTokens'] as const;
type Kind = (typeof KINDS)[number];

export interface Limiter {
  /**
   * Takes a request and its input from the buckets; a refused one takes nothing.
   * @throws Refusal 429 with `retry-after`
   */
  take(key: string, limits: Limits, input: number, atMs: number): void;
  /** Output is taken when it is produced, however much `max_tokens` allowed. */
  produced(key: string, limits: Limits, output: number, atMs: number): void;
  headers(key: string, limits: Limits, atMs: number): Record<string, string>;
  clear(): void;
}

interface Bucket {
  left: number;
  atMs: number;
}

/** Token buckets that hold one minute's worth and fill evenly. */
export function createLimiter(): Limiter {
  const buckets = new Map<string, Bucket>();
  const filled = (key: string, kind: Kind, limits: Limits, atMs: number): Bucket => {
    const size = limits[kind];
    const bucket = buckets.get(`${key} ${kind}`) ?? { left: size, atMs };
    bucket.left = Math.min(size, bucket.left + (Math.max(0, atMs - bucket.atMs) * size) / 60_000);
    bucket.atMs = atMs;
    buckets.set(`${key} ${kind}`, bucket);
    return bucket;
  };
  const limiter: Limiter = {
    take: (key, limits, input, atMs) => {
      const needs: Readonly<Record<Kind, number>> = { requests: 1, inputTokens: input, outputTokens: 1 };
      for (const kind of KINDS) {
        const missing = needs[kind] - filled(key, kind, limits, atMs).left;
        if (missing > 0 && !limits.disabled) throw tooMany(kind, limits[kind], (missing * 60) / limits[kind]);
      }
      filled(key, 'requests', limits, atMs).left -= 1;
      filled(key, 'inputTokens', limits, atMs).left -= input;
    },
    produced: (key, limits, output, atMs) => void (filled(key, 'outputTokens', limits, atMs).left -= output),
    headers: (key, limits, atMs) => {
      const [requests, input, output] = KINDS.map((kind) => {
        const left = Math.max(0, filled(key, kind, limits, atMs).left);
        const full = new Date(atMs + ((limits[kind] - left) * 60_000) / limits[kind]).toISOString();
        // Tokens are told in thousands.
        return {
          limit: limits[kind],
          left: kind === 'requests' ? Math.floor(left) : Math.round(left / 1_000) * 1_000,
          full,
        };
      }) as [Told, Told, Told];
      const both = {
        limit: input.limit + output.limit,
        left: input.left + output.left,
        full: input.full > output.full ? input.full : output.full,
      };
      return {
        ...told('requests', requests),
        ...told('tokens', both),
        ...told('input-tokens', input),
        ...told('output-tokens', output),
      };
    },
    clear: () => buckets.clear(),
  };
  return limiter;
}

interface Told {
  readonly limit: number;
  readonly left: number;
  readonly full: string;
}

function told(name: string, { limit, left, full }: Told): Record<string, string> {
  const start = `anthropic-ratelimit-${name}`;
  return {
    [`${start}-limit`]: String(limit),
    [`${start}-remaining`]: String(left),
    [`${start}-reset`]: full.replace(/\.\d+Z$/, 'Z'),
  };
}

const NAMES: Readonly<Record<Kind, string>> = {
  requests: 'requests',
  inputTokens: 'input tokens',
  outputTokens: 'output tokens',
};

function tooMany(kind: Kind, limit: number, seconds: number): Refusal {
  const message = `This request would exceed the rate limit for your organization of ${limit} ${NAMES[kind]} per minute.`;
  return new Refusal(429, 'rate_limit_error', message, { headers: { 'retry-after': String(Math.ceil(seconds)) } });
}
