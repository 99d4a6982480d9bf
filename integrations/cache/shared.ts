import type { Batch, GuardedRedis, Reply } from './guarded.ts';
import { wordsOf, type Message } from './messages.ts';
import { CHANNEL, escapedLocation, PREFIX, type Slot, tagKey } from './names.ts';

/** The right to load a value, for as long as the token stands at the server. */
export interface Lock {
  readonly slot: Slot;
  readonly token: string;
  readonly tags: readonly string[];
}

export interface Stored {
  readonly slot: Slot;
  readonly bytes: Buffer;
  readonly ms: number;
  readonly tags: readonly string[];
  /** It is stored only while this lock is ours; absent: in any case, and whoever loads the value loads in vain. */
  readonly token?: string | undefined;
}

/** `void`: the value was changed while it was loaded. `full`: the server has no room. `refused`: it takes nothing. `away`: no answer. */
export type Outcome = 'stored' | 'void' | 'full' | 'refused' | 'away';

export type Removed = 'done' | 'refused' | 'away';

/** `theirs`: somebody else loads. `none`: there are no locks to be had, the server is away or takes nothing. */
export interface Locked {
  readonly whose: 'ours' | 'theirs' | 'none';
  readonly stored: Buffer | undefined;
}

/** The level that all processes share. Nothing here throws: no answer is an answer. */
export interface Shared {
  /** In the order of the slots. */
  read(slots: readonly Slot[]): Promise<readonly (Buffer | undefined)[]>;
  keep(values: readonly Stored[]): Promise<readonly Outcome[]>;
  /** The others are told. */
  remove(names: readonly string[]): Promise<Removed>;
  /**
   * In slices, until no member is left.
   * @param gone  told of the names that had the tag
   */
  dropTag(location: string, tag: string, gone?: (names: readonly string[]) => void): Promise<Removed>;
  lock(wanted: readonly Lock[], ms: number): Promise<readonly Locked[]>;
  extend(locks: readonly Lock[], ms: number): Promise<void>;
  /** @param ms  how long nobody else shall have it yet */
  release(locks: readonly Lock[], ms: number): Promise<void>;
  /** Those that are ours end, and nothing is stored there any more. */
  clear(locks: readonly Lock[]): Promise<void>;
  /** Whether the server passed it on. */
  say(message: Message): Promise<boolean>;
}

const SCRIPTS_AT_ONCE = 100;
const NAMES_AT_ONCE = 50;
const MEMBERS_AT_ONCE = 500;

/**
 * @param longestInBucket  bytes from which on a value of a bucket kind has a key of its own
 * @param bucketsOf        told of each kind and location whose buckets are written to
 * @param random           for what is done now and then
 */
export function createShared({
  redis,
  sender,
  longestInBucket,
  bucketsOf,
  random,
}: {
  redis: GuardedRedis;
  sender: string;
  longestInBucket: () => number;
  bucketsOf: (home: string) => void;
  random: () => number;
}): Shared {
  /** One script for each, many at once, but never so many that others would wait for long. */
  async function each<T>(items: readonly T[], add: (batch: Batch, item: T) => void): Promise<(Reply | undefined)[]> {
    const replies: (Reply | undefined)[] = [];
    for (const part of slices(items, SCRIPTS_AT_ONCE)) {
      const answers = await redis.batch((batch) => part.forEach((item) => add(batch, item)));
      replies.push(...part.map((_, index) => answers?.[index]));
    }
    return replies;
  }

  return {
    async read(slots) {
      const parts = slices(slots, NAMES_AT_ONCE);
      const replies = await each(parts, (batch, part) => {
        const names = part.map(({ name }) => name);
        if (part[0]!.kind.place === 'bucket') batch.script('lwRead', names);
        else batch.mget(names.map((name) => PREFIX + name));
      });
      return replies.flatMap((reply, index) => {
        const found =
          reply !== undefined && 'value' in reply && Array.isArray(reply.value) ? (reply.value as unknown[]) : [];
        return parts[index]!.map((_, at) => bytesOrNone(found[at]));
      });
    },
    async keep(values) {
      const replies = await each(values, (batch, { slot, bytes, ms, tags, token = '' }) => {
        const sweep = random() < SWEPT_WRITES ? '1' : '0';
        const seed = Math.floor(random() * 36 ** 6)
          .toString(36)
          .padStart(6, '0');
        const keys = tags.map((tag) => tagKey(slot.asked.location, tag));
        if (slot.kind.place === 'bucket') bucketsOf(`@${slot.kind.name}:${slot.key.location}`);
        batch.script('lwKeep', [sender, slot.name, token, whole(ms), longestInBucket(), seed, sweep, bytes, ...keys]);
      });
      return values.map((_, index) => outcomeOf(replies[index]));
    },
    async remove(names) {
      const replies = await each(slices(names, NAMES_AT_ONCE), (batch, part) =>
        batch.script('lwRemove', [sender, ...part]),
      );
      if (replies.includes(undefined)) return 'away';
      return replies.every((reply) => 'value' in reply!) ? 'done' : 'refused';
    },
    async dropTag(location, tag, gone = () => undefined) {
      for (;;) {
        const args = [sender, escapedLocation(location), tag, tagKey(location, tag), MEMBERS_AT_ONCE];
        const [reply] = (await redis.batch((batch) => batch.script('lwDropTag', args))) ?? [];
        if (reply === undefined) return 'away';
        if ('refused' in reply) return 'refused';
        const [left, names] = reply.value as [number, readonly Buffer[]];
        gone(names.map(String));
        if (left === 0) return 'done';
      }
    },
    async lock(wanted, ms) {
      const replies = await each(wanted, (batch, { slot, token, tags }) =>
        batch.script('lwLock', [slot.name, token, ms, ...tags.map((tag) => tagKey(slot.asked.location, tag))]),
      );
      return wanted.map((_, index) => lockedOf(replies[index]));
    },
    async extend(locks, ms) {
      await each(locks, (batch, { slot, token, tags }) =>
        batch.script('lwExtend', [slot.name, token, ms, ...tags.map((tag) => tagKey(slot.asked.location, tag))]),
      );
    },
    async release(locks, ms) {
      await each(locks, (batch, { slot, token }) => batch.script('lwRelease', [sender, slot.name, token, ms]));
    },
    async clear(locks) {
      await each(locks, (batch, { slot, token }) => batch.script('lwClear', [sender, slot.name, token]));
    },
    async say(message) {
      return (await redis.guarded((connection) => connection.publish(CHANNEL, wordsOf(sender, message)))) !== undefined;
    },
  };
}

/** One write in so many looks through its whole bucket. */
const SWEPT_WRITES = 1 / 32;

const whole = (ms: number): number => Math.max(1, Math.ceil(ms));

const bytesOrNone = (value: unknown): Buffer | undefined => (Buffer.isBuffer(value) ? value : undefined);

function outcomeOf(reply: Reply | undefined): Outcome {
  if (reply === undefined) return 'away';
  if ('refused' in reply) return /\bOOM\b/.test(reply.refused) ? 'full' : 'refused';
  return Number(reply.value) === 1 ? 'stored' : 'void';
}

function lockedOf(reply: Reply | undefined): Locked {
  if (reply === undefined || !('value' in reply) || !Array.isArray(reply.value))
    return { whose: 'none', stored: undefined };
  const [ours, stored] = reply.value as unknown[];
  return { whose: Number(ours) === 1 ? 'ours' : 'theirs', stored: bytesOrNone(stored) };
}

function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
