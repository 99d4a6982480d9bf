/** Rate limits of one location; GHL counts per app and location, and this stand-in has one app. */
export interface Limits {
  /** Calls per interval. */
  readonly max: number;
  readonly intervalMs: number;
  /** Calls per UTC day. */
  readonly daily: number;
  /** Counts and says so, refuses nothing. */
  readonly disabled: boolean;
  /** Whether `X-RateLimit-Daily-Reset` is sent: as milliseconds until then, or as the time itself in epoch milliseconds. */
  readonly dailyReset: 'none' | 'duration' | 'epoch';
}

/** What GHL documents: 100 calls in 10 seconds, 200,000 a day. */
export const DOCUMENTED_LIMITS: Limits = {
  max: 100,
  intervalMs: 10_000,
  daily: 200_000,
  disabled: false,
  dailyReset: 'none',
};

export interface LimitVerdict {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Limiter {
  /** Counts a call; `atMs` is epoch time. A refused call uses nothing up. */
  take(locationId: string, limits: Limits, atMs: number): LimitVerdict;
  clear(): void;
}

interface Used {
  windowEndsAt: number;
  inWindow: number;
  day: number;
  inDay: number;
}

/** Windows open with a location's first call and last one interval; how the vendor cuts them is not documented. */
export function createLimiter(): Limiter {
  const locations = new Map<string, Used>();
  return {
    take: (locationId, limits, atMs) => {
      const day = Math.floor(atMs / 86_400_000);
      const used = locations.get(locationId) ?? { windowEndsAt: 0, inWindow: 0, day, inDay: 0 };
      locations.set(locationId, used);
      if (atMs >= used.windowEndsAt) Object.assign(used, { windowEndsAt: atMs + limits.intervalMs, inWindow: 0 });
      if (used.day !== day) Object.assign(used, { day, inDay: 0 });
      const allowed = limits.disabled || (used.inWindow < limits.max && used.inDay < limits.daily);
      if (allowed) {
        used.inWindow += 1;
        used.inDay += 1;
      }
      return { allowed, headers: headersOf(limits, used, atMs) };
    },
    clear: () => locations.clear(),
  };
}

function headersOf(limits: Limits, used: Used, atMs: number): Record<string, string> {
  const resetAt = (used.day + 1) * 86_400_000;
  return {
    'X-RateLimit-Max': String(limits.max),
    'X-RateLimit-Remaining': String(Math.max(0, limits.max - used.inWindow)),
    'X-RateLimit-Interval-Milliseconds': String(limits.intervalMs),
    'X-RateLimit-Limit-Daily': String(limits.daily),
    'X-RateLimit-Daily-Remaining': String(Math.max(0, limits.daily - used.inDay)),
    ...(limits.dailyReset !== 'none' && {
      'X-RateLimit-Daily-Reset': String(limits.dailyReset === 'epoch' ? resetAt : resetAt - atMs),
    }),
  };
}
