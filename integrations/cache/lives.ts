import type { Key } from '../../domain/cache/cache.ts';

/** How long values stand until they are written again, taken away or at their end: followed from birth to death for some of them. */
export interface Lives {
  /** @param watched  follow it; one that is followed already ends with every write */
  wrote(key: Key, lifeMs: number, watched: boolean): void;
  ended(key: Key): void;
  /** Of late; where none has ended yet, as long as the last ones were meant to. */
  meanMs(): number;
}

const FOLLOWED = 256;
/** Of what is kept without an end. */
const FOR_EVER_MS = 30 * 24 * 60 * 60_000;
/** How much each end weighs against those before it. */
const WEIGHT = 1 / 32;

export function createLives({ now }: { now: () => number }): Lives {
  const followed = new Map<string, { readonly from: number; readonly lifeMs: number }>();
  let mean: number | undefined;
  let meant = FOR_EVER_MS;

  function end(name: string, followedFor: { from: number; lifeMs: number }): void {
    followed.delete(name);
    const lived = Math.min(Math.max(0, now() - followedFor.from), followedFor.lifeMs);
    mean = mean === undefined ? lived : mean + (lived - mean) * WEIGHT;
  }

  const nameOf = ({ location, id }: Key): string => `${location}\0${id}`;

  return {
    wrote(key, lifeMs, watched) {
      if (followed.size > 0) {
        const name = nameOf(key);
        const before = followed.get(name);
        if (before !== undefined) end(name, before);
      }
      if (!watched) return;
      const bounded = Math.min(lifeMs, FOR_EVER_MS);
      meant = bounded;
      for (const [name, one] of followed) {
        if (one.from + one.lifeMs > now()) break;
        end(name, one);
      }
      if (followed.size < FOLLOWED) followed.set(nameOf(key), { from: now(), lifeMs: bounded });
    },
    ended(key) {
      const name = nameOf(key);
      const one = followed.get(name);
      if (one !== undefined) end(name, one);
    },
    meanMs: () => mean ?? meant,
  };
}
