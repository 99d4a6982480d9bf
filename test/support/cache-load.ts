import type { RunningCache } from '../../integrations/cache/cache.ts';
import { KINDS } from './cache-world.ts';

/** Readers who ask caches for values all the time, while a test changes the truth and the server under them. */
export interface ReadingLoad {
  /** Answers that were older than what was true, and known to be, when they were asked for. */
  readonly wrong: readonly string[];
  asked(): number;
  loads(): number;
  /** The truth changes, and one cache is told. */
  change(cache: RunningCache, id: string): Promise<void>;
  /** The next answers of every cache, by id and kind, beside the truth. */
  compare(): Promise<readonly (readonly [got: unknown, truth: number])[]>;
  stop(): Promise<void>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function readingLoad(caches: readonly RunningCache[], ids: readonly string[]): ReadingLoad {
  const truth = new Map(ids.map((id) => [id, 0]));
  /** What each cache must know by now. */
  const least = new Map(caches.map((cache) => [cache, new Map(ids.map((id) => [id, 0]))]));
  const wrong: string[] = [];
  let asked = 0;
  let loads = 0;
  let going = true;
  let changes = 0;

  const ask = (cache: RunningCache, kind: string, id: string): Promise<number | null> =>
    cache.wrap({ location: 'L', id }, { kind, tags: [id] }, async () => {
      const value = truth.get(id)!;
      loads += 1;
      await pause(1);
      return value;
    });
  const places = caches.flatMap((cache) => KINDS.map(({ name: kind }) => ({ cache, kind })));

  const readers = places.map(async ({ cache, kind }, number) => {
    for (let turn = number; going; turn += 1) {
      const id = ids[turn % ids.length]!;
      const due = least.get(cache)!.get(id)!;
      const got = await ask(cache, kind, id);
      asked += 1;
      if (got === null || got < due) wrong.push(`${kind} ${id}: ${String(got)} after ${due}`);
      await pause(0);
    }
  });

  return {
    wrong,
    asked: () => asked,
    loads: () => loads,
    async change(cache, id) {
      const next = truth.get(id)! + 1;
      truth.set(id, next);
      changes += 1;
      if (changes % 2 === 0) await cache.invalidateTags('L', [id]);
      else for (const { name: kind } of KINDS) await cache.delete({ location: 'L', id }, { kind });
      for (const one of caches) {
        const knows = one === cache || (cache.stats().owed === 0 && (await one.caughtUp()));
        if (knows) least.get(one)!.set(id, Math.max(next, least.get(one)!.get(id)!));
      }
    },
    compare: async () =>
      Promise.all(
        places.flatMap(({ cache, kind }) =>
          ids.map(async (id) => [await ask(cache, kind, id), truth.get(id)!] as const),
        ),
      ),
    async stop() {
      going = false;
      await Promise.all(readers);
    },
  };
}
