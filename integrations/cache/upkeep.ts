import { choicesText, codedFields, SINCE } from './analyze-facts.ts';
import type { ChoiceInForce, KindStats } from './coder.ts';
import type { Counters } from './counters.ts';
import type { GuardedRedis } from './guarded.ts';
import { COUNTS, TOLD } from './names.ts';
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

/** What a process had in force is forgotten so long after it last said so. */
const TOLD_MS = 15 * 60_000;

/**
 * @param sender   this process
 * @param coded    what it coded since it began
 * @param choices  what it has in force
 */
export function createUpkeep({
  redis,
  clock,
  counters,
  sender,
  coded,
  choices,
}: {
  redis: GuardedRedis;
  clock: SharedClock;
  counters: Counters;
  sender: string;
  coded: () => readonly KindStats[];
  choices: () => readonly ChoiceInForce[];
}): Upkeep {
  /** Kinds of locations in the order in which they are looked after, and the bucket that comes next. */
  const homes = new Map<string, number>();

  async function hearTime(): Promise<void> {
    const askedAt = clock.own();
    const time = await redis.guarded((connection) => connection.time());
    if (time !== undefined) clock.heard(Number(time[0]) * 1000 + Number(time[1]) / 1000, askedAt);
  }

  /** What was handed on of what is only known as a sum. */
  const handedOn = new Map<string, number>();

  /**
   * What all processes counted stands in one hash, and beside it what each has in force, for whoever wants to see it. One after the other, so
   * that nothing is counted twice.
   */
  let handing: Promise<void> = Promise.resolve();
  const handOn = (): Promise<void> => (handing = handing.then(handOnNew));

  async function handOnNew(): Promise<void> {
    const totals = codedFields(coded()).filter(([field, total]) => total !== (handedOn.get(field) ?? 0));
    const counted = counters.takeNew();
    const told = await publish(
      [...counted, ...totals.map(([field, total]) => [field, total - (handedOn.get(field) ?? 0)] as const)],
      choices(),
    );
    if (!told) counters.giveBack(counted);
    else for (const [field, total] of totals) handedOn.set(field, total);
  }

  async function publish(
    fields: readonly (readonly [field: string, by: number])[],
    inForce: readonly ChoiceInForce[],
  ): Promise<boolean> {
    if (fields.length === 0 && inForce.length === 0) return true;
    const now = Math.round(clock.now());
    const done = await redis.guarded(async (connection) => {
      const pipeline = connection.pipeline();
      if (fields.length > 0) {
        pipeline.hsetnx(COUNTS, SINCE, now);
        for (const [field, by] of fields) pipeline.hincrby(COUNTS, field, by);
        pipeline.expire(COUNTS, COUNTS_SECONDS);
      }
      if (inForce.length > 0) {
        pipeline.set(TOLD + sender, choicesText(inForce, now), 'PX', TOLD_MS);
        pipeline.zadd(TOLD, now + TOLD_MS, sender);
        pipeline.zremrangebyscore(TOLD, '-inf', now);
        pipeline.pexpire(TOLD, TOLD_MS);
      }
      const [first] = (await pipeline.exec()) ?? [];
      if (first?.[0]) throw first[0];
      return true;
    });
    return done === true;
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
