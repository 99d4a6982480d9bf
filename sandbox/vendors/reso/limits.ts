import type { Profile, Quota } from './profiles.ts';

/** What one token took of one quota, and what others left of it. */
export interface Use {
  readonly name: string;
  readonly unit: Quota['unit'];
  readonly limit: number;
  readonly used: number;
  /** What other systems of the same account took of it: nobody but the vendor counts that. */
  readonly byOthers: number;
  /** The most that was ever taken within one window: what a checker holds against the limit. */
  readonly peak: number;
  readonly resetsAt: number;
}

export interface Limiter {
  /** Counts a request; answers the quota that it is over, or undefined. */
  take(token: string, profile: Profile, atMs: number): Use | undefined;
  /** Counts what an answer weighed. */
  sent(token: string, profile: Profile, bytes: number, atMs: number): void;
  /** Counts what other systems of the account take of one quota; every token feels it. */
  takeByOthers(quota: Quota, amount: number, atMs: number): void;
  uses(token: string, profile: Profile, atMs: number): readonly Use[];
  tokens(): readonly string[];
  totals(token: string): { readonly requests: number; readonly refused: number };
  clear(): void;
}

interface Counter {
  /** Of a sliding window: what was taken when, from `head` on. */
  readonly taken: [atMs: number, amount: number][];
  head: number;
  /** Of a fixed one: when it began. */
  startedAt: number;
  used: number;
  peak: number;
}

/** Stands where a token does for everybody else; no token has this id. */
const OTHERS = 'others';

export function createLimiter(): Limiter {
  const counters = new Map<string, Counter>();
  const totals = new Map<string, { requests: number; refused: number }>();
  const counter = (token: string, quota: Quota, atMs: number): Counter => {
    const id = `${token} ${quota.name}`;
    const known = counters.get(id) ?? { taken: [], head: 0, startedAt: atMs, used: 0, peak: 0 };
    counters.set(id, known);
    if (quota.kind === 'fixed') {
      const start = Math.floor(atMs / quota.windowMs) * quota.windowMs;
      if (start !== known.startedAt) [known.startedAt, known.used] = [start, 0];
      return known;
    }
    while (known.head < known.taken.length && known.taken[known.head]![0] <= atMs - quota.windowMs) {
      known.used -= known.taken[known.head]![1];
      known.head += 1;
    }
    if (known.head > 10_000) {
      known.taken.splice(0, known.head);
      known.head = 0;
    }
    return known;
  };
  const add = (token: string, quota: Quota, amount: number, atMs: number): void => {
    const one = counter(token, quota, atMs);
    if (quota.kind === 'sliding') one.taken.push([atMs, amount]);
    one.used += amount;
    one.peak = Math.max(one.peak, one.used);
  };
  const useOf = (token: string, quota: Quota, atMs: number): Use => {
    const one = counter(token, quota, atMs);
    const others = counter(OTHERS, quota, atMs);
    const { name, unit, limit, windowMs } = quota;
    const from = quota.kind === 'fixed' ? one.startedAt : freedBy([one, others], limit, atMs);
    return {
      ...{ name, unit, limit, used: one.used, byOthers: others.used },
      ...{ peak: one.peak, resetsAt: from + windowMs },
    };
  };
  const total = (token: string) => {
    const known = totals.get(token) ?? { requests: 0, refused: 0 };
    totals.set(token, known);
    return known;
  };
  return {
    take: (token, profile, atMs) => {
      const counted = profile.quotas.filter(({ unit }) => unit === 'requests');
      const over = profile.quotas
        .map((quota) => useOf(token, quota, atMs))
        .filter((use) => leftOf(use) === 0)
        .sort((a, b) => b.resetsAt - a.resetsAt)[0];
      total(token).requests += 1;
      if (over !== undefined) total(token).refused += 1;
      if (over === undefined || profile.refusedCounts) for (const quota of counted) add(token, quota, 1, atMs);
      return over;
    },
    sent: (token, profile, bytes, atMs) => {
      for (const quota of profile.quotas) if (quota.unit === 'bytes') add(token, quota, bytes, atMs);
    },
    takeByOthers: (quota, amount, atMs) => add(OTHERS, quota, amount, atMs),
    uses: (token, profile, atMs) => profile.quotas.map((quota) => useOf(token, quota, atMs)),
    tokens: () => [...totals.keys()],
    totals: (token) => ({ ...total(token) }),
    clear: () => {
      counters.clear();
      totals.clear();
    },
  };
}

/** The instant that must leave the window before one more fits in. */
function freedBy(counters: readonly Counter[], limit: number, atMs: number): number {
  const places = counters.map(({ head }) => head);
  let excess = counters.reduce((sum, { used }) => sum + used, 1 - limit);
  let first: number | undefined;
  for (;;) {
    // The oldest of all that is left.
    let oldest = -1;
    for (const [n, { taken }] of counters.entries()) {
      const at = taken[places[n]!]?.[0];
      if (at !== undefined && (oldest === -1 || at < counters[oldest]!.taken[places[oldest]!]![0])) oldest = n;
    }
    if (oldest === -1) return first ?? atMs;
    const [at, amount] = counters[oldest]!.taken[places[oldest]!]!;
    places[oldest]! += 1;
    first ??= at;
    excess -= amount;
    if (excess <= 0) return at;
  }
}

/** What one token may still take. */
function leftOf({ limit, used, byOthers }: Use): number {
  return Math.max(0, limit - used - byOthers);
}

/** What a vendor tells of its quotas with every answer. */
export function quotaHeaders(profile: Profile, uses: readonly Use[]): Readonly<Record<string, string>> {
  const use = (name: string): Use | undefined => uses.find((one) => one.name === name);
  if (profile.vendor === 'trestle') {
    return Object.fromEntries(
      [['Minute', use('minute')] as const, ['Hour', use('hour')] as const].flatMap(([name, one]) =>
        one === undefined
          ? []
          : [
              [`${name}-Quota-Limit`, one.limit.toFixed(1)],
              [`${name}-Quota-Available`, leftOf(one).toFixed(1)],
              [`${name}-Quota-ResetTime`, String(one.resetsAt)],
            ],
      ),
    );
  }
  if (profile.vendor !== 'bridge') return {};
  return Object.fromEntries(
    ['burst', 'application'].flatMap((name) => {
      const one = use(name);
      if (one === undefined) return [];
      const start = `${name}-ratelimit`;
      return [
        [`${start}-limit`, String(one.limit)],
        [`${start}-remaining`, String(leftOf(one))],
        [`${start}-reset`, new Date(one.resetsAt).toISOString().replace(/\.\d+Z$/, 'Z')],
      ];
    }),
  );
}
