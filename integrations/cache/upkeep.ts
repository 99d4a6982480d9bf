import type { Counters } from './counters.ts';
import type { GuardedRedis } from './guarded.ts';
import { COUNTS } from './names.ts';
import type { SharedClock } from './shared-clock.ts';

/** What is done from time to time, each time a little. */
export interface Upkeep {
  /** Buckets of this kind and location are in use. */
  inUse(home: string): void;
  /** Hears the server's time. */
  hearTime(): Promise<void>;
  close(): Promise<void>;
}

const EVERY_MS = 30_000;

/** So many kinds of locations, and so many buckets of each, at a time. */
const HOMES = 20;
const BUCKETS = 8;

/** Counts of a cache that nobody has used for so long are gone. */
const COUNTS_SECONDS = 7 * 24 * 3600;

export function createUpkeep({
  redis,
  clock,
  counters,
}: {
  redis: GuardedRedis;
  clock: SharedClock;
  counters: Counters;
}): Upkeep {
  /** Kinds of locations in the order in which they are looked after, and the bucket that comes next. */
  const homes = new Map<string, number>();

  async function hearTime(): Promise<void> {
    const askedAt = clock.own();
    const time = await redis.guarded((connection) => connection.time());
    if (time !== undefined) clock.heard(Number(time[0]) * 1000 + Number(time[1]) / 1000, askedAt);
  }

  /** What all processes counted stands in one hash, for whoever wants to see hit rates. */
  async function handOn(): Promise<void> {
    const fields = counters.takeNew();
    if (fields.length === 0) return;
    const done = await redis.guarded(async (connection) => {
      const pipeline = connection.pipeline();
      for (const [field, by] of fields) pipeline.hincrby(COUNTS, field, by);
      pipeline.expire(COUNTS, COUNTS_SECONDS);
      const [first] = (await pipeline.exec()) ?? [];
      if (first?.[0]) throw first[0];
      return true;
    });
    if (done === undefined) counters.giveBack(fields);
  }

  async function sweep(): Promise<void> {
    const due = [...homes].slice(0, HOMES);
    const replies = await redis.batch((batch) => {
      for (const [home, from] of due) batch.script('lwSweep', [home, from, BUCKETS]);
    });
    due.forEach(([home], index) => {
      const reply = replies?.[index];
      if (reply === undefined || !('value' in reply)) return;
      homes.delete(home);
      if (Number(reply.value) >= 0) homes.set(home, Number(reply.value));
    });
  }

  const timer = setInterval(() => {
    void hearTime().then(handOn).then(sweep);
  }, EVERY_MS);
  timer.unref();

  return {
    inUse(home) {
      if (!homes.has(home)) homes.set(home, 0);
    },
    hearTime,
    async close() {
      clearInterval(timer);
      await handOn();
    },
  };
}
