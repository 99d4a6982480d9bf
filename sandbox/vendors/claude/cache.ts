import type { Prompt } from './prompt.ts';
import type { Store } from './store.ts';
import type { Ttl } from './wire.ts';
import { TTL_MS } from './wire.ts';

/** From each marker backwards so many positions are looked at, the marker's own included. */
const LOOK_BACK = 20;

/** What a request reads and writes, decided when it starts. */
export interface CachePlan {
  readonly read: number;
  readonly write: Readonly<Record<Ttl, number>>;
  /** Tokens behind the last marker. */
  readonly input: number;
  readonly writes: readonly { readonly hash: string; readonly tokens: number; readonly ttl: Ttl }[];
  readonly used: readonly string[];
  readonly startedAt: number;
}

export interface CacheEngine {
  plan(prompt: Prompt, minimum: number, startedAt: number): CachePlan;
  /** The answer begins: from now on others may read what this request writes. Lifetimes count from its start. */
  begin(plan: CachePlan): void;
}

/**
 * The billing positions of the documentation: A, the highest hit; B, the last one-hour marker behind it; C, the last marker. Read A,
 * write B − A for an hour and C − B for five minutes.
 */
export function createCacheEngine(store: Store): CacheEngine {
  const alive = (hash: string | undefined, at: number) => {
    const entry = hash === undefined ? undefined : store.get('cache', hash);
    return entry !== undefined && at < Number(entry['expiresAt']) ? entry : undefined;
  };
  return {
    plan: ({ positions, total }, minimum, startedAt) => {
      const marks = positions.flatMap(({ mark }, n) => (mark === undefined ? [] : [n]));
      let hit = -1;
      for (const mark of marks) {
        for (let n = mark; n > hit && n > mark - LOOK_BACK; n -= 1) {
          if (alive(positions[n]?.hash, startedAt)) hit = n;
        }
      }
      const A = positions[hit]?.tokens ?? 0;
      const used = [hit, ...marks.filter((mark) => mark < hit)].flatMap((n) => positions[n]?.hash ?? []);
      // A prefix that is too short is not cached, whatever it is marked with; nobody is told.
      const writes = marks
        .filter((mark) => mark > hit)
        .flatMap((mark) => positions[mark] ?? [])
        .flatMap(({ hash, tokens, mark: ttl }) =>
          ttl === undefined || tokens < minimum ? [] : [{ hash, tokens, ttl }],
        );
      const B = Math.max(A, ...writes.filter(({ ttl }) => ttl === '1h').map(({ tokens }) => tokens));
      const C = Math.max(B, ...writes.map(({ tokens }) => tokens));
      return { read: A, write: { '1h': B - A, '5m': C - B }, input: total - C, writes, used, startedAt };
    },
    begin: ({ writes, used, startedAt }) => {
      for (const hash of used) {
        const entry = alive(hash, startedAt);
        if (entry === undefined) continue;
        const until = startedAt + TTL_MS[entry['ttl'] as Ttl];
        store.put('cache', { ...entry, expiresAt: Math.max(Number(entry['expiresAt']), until) });
      }
      for (const { hash, tokens, ttl } of writes) {
        store.put('cache', { id: hash, tokens, ttl, expiresAt: startedAt + TTL_MS[ttl] });
      }
      for (const { id, expiresAt } of [...store.all('cache')]) {
        if (Number(expiresAt) <= startedAt) store.remove('cache', id);
      }
    },
  };
}
