import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { type CacheWorld, cacheWorld, settled } from '../support/cache-world.ts';

let redis: OwnRedis;
let world: CacheWorld;
let caches: RunningCache[];
beforeAll(async () => {
  redis = await ownRedis();
  world = cacheWorld(redis.url);
  // Room for three in one of them, so that it has to ask the server too.
  caches = [await world.cache(), await world.cache({ near: { entries: 3, bytes: 1e6 } })];
});
afterAll(async () => {
  await world.close();
  await redis.close();
});

const IDS = ['a', 'b', 'c', 'd'];
/** Each id has the tag of its half. */
const tagOf = (id: string): string => (IDS.indexOf(id) < 2 ? 'first' : 'second');

const step = fc.record({
  what: fc.constantFrom('set', 'delete', 'invalidate', 'wrap', 'wrap', 'wrap', 'get', 'wrapMany', 'wait', 'flush'),
  cache: fc.nat({ max: 1 }),
  kind: fc.constantFrom('note', 'small'),
  id: fc.constantFrom(...IDS),
  /** How long a load takes, or the pause is. */
  ms: fc.nat({ max: 6 }),
  /** Whether the next step waits for this one. */
  awaited: fc.boolean(),
});

it('whatever happens in whatever order, nobody is given what was out of date before he asked', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      round += 1;
      const location = `L${round}`;
      /** Each change of the truth makes a higher number; whoever asks must get at least what was true and told before. */
      const truth = new Map<string, number>();
      const told = new Map<string, number>();
      let version = 0;
      const wrong: string[] = [];
      const going: Promise<void>[] = [];
      const place = (kind: string, id: string): string => `${kind} ${id}`;
      const toldOf = (kind: string, id: string): number => told.get(place(kind, id)) ?? 0;

      /** The others know it once what was said has come in. */
      async function tell(changed: ReadonlyMap<string, number>): Promise<void> {
        await settled(...caches);
        for (const [at, number] of changed) told.set(at, Math.max(number, told.get(at) ?? 0));
      }
      function check(kind: string, id: string, least: number, got: number | null | undefined, who: string): void {
        if (got === undefined) return;
        if (got === null || got < least) wrong.push(`${who} of ${kind} ${id}: ${String(got)} after ${least}`);
      }
      const loadOf =
        (kind: string, ms: number) =>
        async (id: string): Promise<number> => {
          const value = truth.get(place(kind, id)) ?? 0;
          await new Promise((resolve) => setTimeout(resolve, ms));
          return value;
        };

      async function take({ what, cache: number, kind, id, ms }: (typeof steps)[number]): Promise<void> {
        const cache = caches[number]!;
        const key = { location, id };
        const tags = [tagOf(id)];
        const least = toldOf(kind, id);
        const load = loadOf(kind, ms);
        switch (what) {
          case 'set':
          case 'delete': {
            const next = (version += 1);
            truth.set(place(kind, id), next);
            if (what === 'set') await cache.set(key, next, { kind, tags });
            else await cache.delete(key, { kind });
            return tell(new Map([[place(kind, id), next]]));
          }
          case 'invalidate': {
            const changed = new Map<string, number>();
            for (const one of IDS.filter((other) => tagOf(other) === tagOf(id))) {
              for (const each of ['note', 'small']) changed.set(place(each, one), (version += 1));
            }
            for (const [at, next] of changed) truth.set(at, next);
            await cache.invalidateTags(location, tags);
            return tell(changed);
          }
          case 'wrap':
            check(kind, id, least, await cache.wrap(key, { kind, tags }, () => load(id)), what);
            return;
          case 'get':
            check(kind, id, least, await cache.get<number>(key, { kind }), what);
            return;
          case 'wrapMany': {
            const ids = IDS.filter((other) => tagOf(other) === tagOf(id));
            const leasts = ids.map((one) => toldOf(kind, one));
            const keys = ids.map((one) => ({ location, id: one }));
            const got = await cache.wrapMany(keys, { kind, tags }, (missing) =>
              Promise.all(missing.map((one) => load(one.id))),
            );
            got.forEach((one, index) => check(kind, ids[index]!, leasts[index]!, one, what));
            return;
          }
          case 'wait':
            return new Promise((resolve) => setTimeout(resolve, ms));
          case 'flush':
            await redis.admin.flushall();
        }
      }

      /** Two who change a value at the same time agree on no order, so one change begins when the one before it is done. */
      let changes: Promise<void> = Promise.resolve();
      for (const one of steps) {
        const isChange = ['set', 'delete', 'invalidate'].includes(one.what);
        const taken = isChange ? changes.then(() => take(one)) : take(one);
        if (isChange) changes = taken;
        going.push(taken);
        if (one.awaited) await taken;
      }
      await Promise.all(going);
      for (const kind of ['note', 'small']) {
        for (const id of IDS) {
          for (const cache of caches) {
            const got = await cache.wrap({ location, id }, { kind, tags: [tagOf(id)] }, () => loadOf(kind, 0)(id));
            check(kind, id, toldOf(kind, id), got, 'the end');
          }
        }
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
