import type { GuardedRedis } from './guarded.ts';
import type { Message } from './messages.ts';
import { escapedLocation, PREFIX, type Slot } from './names.ts';
import type { Shared } from './shared.ts';

/**
 * What the server has still to forget: it was away or refused when it was told. Until then nobody reads there what may be out of date,
 * and it is told again and again.
 */
export interface Debts {
  owes(slot: Slot): boolean;
  /** @param spread  the server takes nothing, but can still tell the others */
  add(names: readonly string[], spread: boolean): Promise<void>;
  /** @param location  as whoever asks wrote it */
  addTag(location: string, tag: string, spread: boolean): Promise<void>;
  addForget(location: string): void;
  size(): number;
  close(): void;
}

const AGAIN_MS = 200;
const NAMES_AT_ONCE = 500;

/** With more of them the whole cache is emptied instead. */
const MOST = 10_000;

/** @param forget  destroys a location's dictionaries */
export function createDebts({
  shared,
  redis,
  forget,
}: {
  shared: Shared | undefined;
  redis: GuardedRedis | undefined;
  forget: (location: string) => Promise<void>;
}): Debts {
  const names = new Set<string>();
  /** By escaped location, and the location as it was written. */
  const tags = new Map<string, { readonly location: string; readonly tags: Set<string> }>();
  const locations = new Set<string>();
  /** What the others have still to be told, as it is not forgotten yet. */
  const untold = new Set<Message>();
  let owedTags = 0;
  let everything = false;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const size = (): number => names.size + locations.size + owedTags + (everything ? 1 : 0);

  function later(): void {
    if (names.size + owedTags + untold.size > MOST) {
      everything = true;
      names.clear();
      tags.clear();
      owedTags = 0;
      untold.clear();
    }
    if (closed || timer !== undefined || size() === 0) return;
    timer = setTimeout(() => {
      void pay().finally(() => {
        timer = undefined;
        later();
      });
    }, AGAIN_MS);
    timer.unref();
  }

  async function spread(message: Message): Promise<void> {
    untold.add(message);
    if (await shared?.say(message)) untold.delete(message);
  }

  async function pay(): Promise<void> {
    if (shared === undefined || redis?.healthy() !== true) return;
    for (const message of untold) await spread(message);
    if (everything) {
      if (!(await wipe(redis)) || !(await shared.say({ what: 'all' }))) return;
      everything = false;
    }
    while (names.size > 0) {
      const part = [...names].slice(0, NAMES_AT_ONCE);
      if ((await shared.remove(part)) !== 'done') return;
      for (const name of part) names.delete(name);
    }
    for (const [escaped, owed] of tags) {
      for (const tag of owed.tags) {
        if ((await shared.dropTag(owed.location, tag)) !== 'done') return;
        if (owed.tags.delete(tag)) owedTags -= 1;
      }
      if (owed.tags.size === 0) tags.delete(escaped);
    }
    for (const location of locations) {
      await forget(location);
      if (await shared.say({ what: 'forget', location })) locations.delete(location);
    }
  }

  return {
    owes: ({ name, key }) => everything || names.has(name) || tags.has(key.location),
    async add(more, toOthers) {
      for (const name of more) names.add(name);
      later();
      if (toOthers) await spread({ what: 'owed', names: more });
    },
    async addTag(location, tag, toOthers) {
      const escaped = escapedLocation(location);
      const owed = tags.get(escaped) ?? { location, tags: new Set<string>() };
      tags.set(escaped, owed);
      if (!owed.tags.has(tag)) owedTags += 1;
      owed.tags.add(tag);
      later();
      if (toOthers) await spread({ what: 'owed-tag', location, tag });
    },
    addForget(location) {
      locations.add(location);
      later();
    },
    size,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Whether nothing of the cache is left there. */
async function wipe(redis: GuardedRedis): Promise<boolean> {
  let cursor = '0';
  do {
    const page = await redis.guarded((connection) => connection.scan(cursor, 'MATCH', `${PREFIX}*`, 'COUNT', 500));
    if (page === undefined) return false;
    const [next, keys] = page;
    if (keys.length > 0 && (await redis.guarded((connection) => connection.unlink(...keys))) === undefined)
      return false;
    cursor = next;
  } while (cursor !== '0');
  return true;
}
