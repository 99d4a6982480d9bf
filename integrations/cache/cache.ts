import { randomBytes } from 'node:crypto';
import type { Cache, Key, Kind, OfKind } from '../../domain/cache/cache.ts';
import type { Prices } from '../../domain/cache/cost.ts';
import { createChanges } from './changes.ts';
import { type ChoiceInForce, type CoderStats, createCoder } from './coder.ts';
import type { Codecs } from './codecs.ts';
import { createCounters, type KindCounts } from './counters.ts';
import { createDebts } from './debts.ts';
import { createFlights, createWaiting } from './flights.ts';
import { createGuardedRedis } from './guarded.ts';
import { createLevels, textOf } from './levels.ts';
import { createLoading } from './loading.ts';
import { listen, type MessageCounts } from './messages.ts';
import { kindsByName, type Slot, slotOf } from './names.ts';
import { createNear } from './near.ts';
import { createSharedClock } from './shared-clock.ts';
import { createReencoding, type ReencodeCounts } from './reencoding.ts';
import { createSettings, type ServerSetting } from './settings.ts';
import { createShared } from './shared.ts';
import { storedKeys } from './stored-keys.ts';
import type { Tell } from './tell.ts';
import { createTickets } from './tickets.ts';
import { createUpkeep } from './upkeep.ts';

/** What people want to know of a running cache. */
export interface CacheStats {
  readonly kinds: Readonly<Record<string, Readonly<KindCounts>>>;
  readonly coder: CoderStats;
  readonly near: { readonly entries: number; readonly bytes: number };
  readonly messages: MessageCounts;
  /** What was stored anew in the background. */
  readonly reencoded: ReencodeCounts;
  /** What the server has still to forget. */
  readonly owed: number;
}

export interface RunningCache extends Cache {
  stats(): CacheStats;
  choices(): readonly ChoiceInForce[];
  /** Whatever other processes had changed before is known here; false where they cannot be heard. */
  caughtUp(): Promise<boolean>;
  /** What the server needs, what it has, what to do; empty without a server. */
  serverSettings(): Promise<readonly ServerSetting[]>;
}

/**
 * @param redisUrl  absent: only the map in this process
 * @param kinds     every kind that will be asked for
 * @param near      bounds of the map in this process
 * @param waitMs    how long anybody waits for somebody else's load before he loads himself
 * @param lockMs    so long a process that dies while it loads a value costs those who wait for it; one that lives renews its lock
 * @param limitMs   how long the server may take for a command before it counts as away; absent: 50
 */
export function createCache({
  redisUrl,
  kinds,
  codecs,
  tell,
  prices,
  near: bounds = { entries: 5000, bytes: 32 * 1024 * 1024 },
  waitMs = 5000,
  lockMs = 2000,
  limitMs,
  now,
  random = Math.random,
}: {
  redisUrl?: string | undefined;
  kinds: readonly Kind[];
  codecs: Codecs;
  tell: Tell;
  prices?: Prices;
  near?: { readonly entries: number; readonly bytes: number };
  waitMs?: number;
  lockMs?: number;
  limitMs?: number;
  now?: () => number;
  random?: () => number;
}): RunningCache {
  const byName = kindsByName(kinds);
  const sender = randomBytes(6).toString('base64url');
  const clock = createSharedClock(now);
  const counters = createCounters([...byName.keys()]);
  const tickets = createTickets();
  const flights = createFlights();
  const waiting = createWaiting();

  const redis = redisUrl === undefined ? undefined : createGuardedRedis({ redisUrl, tell, now: clock.own, limitMs });
  const coder = createCoder({
    kinds,
    codecs,
    tell,
    now: clock.now,
    random,
    ...(redis && { redis }),
    ...(prices && { prices }),
  });
  const reencoding =
    redis && createReencoding({ redis, stored: storedKeys({ redis, kinds: byName }), recoder: coder.recoder, tell });
  const settings = createSettings({ redis, tell, buckets: kinds.some(({ place }) => place === 'bucket') });
  const coded = (): CoderStats['kinds'] => coder.stats().kinds;
  const upkeep = redis && createUpkeep({ redis, clock, counters, sender, coded, choices: coder.choices });
  const shared =
    redis &&
    upkeep &&
    createShared({ redis, sender, longestInBucket: settings.longestInBucket, bucketsOf: upkeep.inUse, random });
  const near = createNear({
    ...bounds,
    now: clock.now,
    own: clock.own,
    heardAt: () => (redisUrl === undefined ? Infinity : (messages?.heardAt() ?? -Infinity)),
  });
  const debts = createDebts({ shared, redis, forget: coder.forgetLocation });
  const levels = createLevels({
    ...{ near, shared, coder, tickets, debts, clock, counters },
    newToken: () => randomBytes(9).toString('base64url'),
  });
  const loading = createLoading({
    ...{ near, levels, shared, tickets, flights, waiting, clock, counters, tell },
    ...{ limitMs: waitMs, lockMs },
  });
  const changes = createChanges({
    near,
    levels,
    shared,
    tickets,
    flights,
    waiting,
    debts,
    forget: coder.forgetLocation,
  });
  const messages =
    redisUrl === undefined
      ? undefined
      : listen({ redisUrl, sender, tell, own: clock.own, onMessage: changes.heard, onGap: changes.missedSome });
  redis?.onReady(() => {
    void upkeep?.hearTime();
    void settings.check();
  });

  const slotsOf = (keys: readonly Key[], { kind: name }: OfKind): Slot[] => {
    const kind = byName.get(name);
    if (kind === undefined) throw new RangeError(`The cache was not made with a kind "${name}".`);
    return keys.map((key) => slotOf(kind, key));
  };

  /** Fresh values only: whoever cannot load a new one must not go on with an old one. */
  async function textsOf(slots: readonly Slot[]): Promise<(string | undefined)[]> {
    const here = slots.map(({ name }) => near.get(name));
    const wanted = slots.filter((_, index) => here[index] === undefined);
    const found = wanted.length === 0 ? [] : await levels.find(wanted, undefined);
    const there = new Map(wanted.map(({ name }, index) => [name, found[index]]));
    return slots.map(({ name, kind }, index) => {
      const entry = here[index] ?? there.get(name);
      if (entry === undefined || entry.freshUntil <= clock.now()) {
        counters.count(kind.name, 'missed');
        return undefined;
      }
      counters.count(kind.name, here[index] === undefined ? 'shared' : 'near');
      if (entry.text === 'null') counters.count(kind.name, 'absent');
      return entry.text;
    });
  }

  const cache: RunningCache = {
    get: async <T>(key: Key, of: OfKind) => (await cache.getMany<T>([key], of))[0],
    set: (key, value, keep) => cache.setMany([{ key, value }], keep),
    delete: (key, of) => cache.deleteMany([key], of),
    async wrap<T>(key: Key, wrap: Parameters<Cache['wrap']>[1], loader: () => Promise<T | null>) {
      const [text] = await loading.wrap(slotsOf([key], wrap), wrap, async () => [await loader()]);
      return JSON.parse(text!) as T | null;
    },
    async getMany<T>(keys: readonly Key[], of: OfKind) {
      const texts = await textsOf(slotsOf(keys, of));
      return texts.map((text) => (text === undefined ? undefined : (JSON.parse(text) as T | null)));
    },
    async setMany(entries, keep) {
      const slots = slotsOf(
        entries.map(({ key }) => key),
        keep,
      );
      const values = entries.map(({ value }) => ({ value: value ?? null, text: textOf(value) }));
      await changes.set(slots, values, keep);
    },
    deleteMany: async (keys, of) => changes.remove(slotsOf(keys, of)),
    async wrapMany<T>(
      keys: readonly Key[],
      wrap: Parameters<Cache['wrap']>[1],
      loader: (missing: readonly Key[]) => Promise<readonly (T | null)[]>,
    ) {
      const texts = await loading.wrap(slotsOf(keys, wrap), wrap, loader);
      return texts.map((text) => JSON.parse(text) as T | null);
    },
    invalidateTags: changes.invalidateTags,
    async erase(location, tags) {
      await changes.invalidateTags(location, tags);
      await changes.forget(location);
    },
    healthy: () => redis?.healthy() ?? false,
    stats: () => ({
      kinds: counters.all(),
      coder: coder.stats(),
      near: near.size(),
      messages: messages?.counts() ?? { hears: false, handled: 0, ignored: 0 },
      reencoded: reencoding?.counts() ?? { values: 0, bytesWon: 0, memoryWon: 0 },
      owed: debts.size(),
    }),
    choices: coder.choices,
    caughtUp: async () => (await messages?.caughtUp()) ?? false,
    serverSettings: settings.check,
    async close() {
      debts.close();
      messages?.close();
      // What is being computed ends with the coder, and is waited for by nobody.
      await Promise.all([reencoding?.close(), coder.close(), upkeep?.close()]);
      await redis?.close();
    },
  };
  return cache;
}
