import type { GuardedRedis } from './guarded.ts';
import type { Tell } from './tell.ts';

/** What the server needs for buckets to pay, beside what it has. */
export interface ServerSetting {
  readonly name: string;
  readonly needed: string;
  /** Absent: the server does not say. */
  readonly found?: string;
  /** Absent: it could not be found out. */
  readonly good?: boolean;
  /** For whoever can change it; absent where nothing is to be done. */
  readonly todo?: string;
}

export interface Settings {
  /** Bytes up to which a field of a bucket leaves it compact. */
  longestInBucket(): number;
  /** Asks the server, and says once what is wrong. */
  check(): Promise<readonly ServerSetting[]>;
}

/** Longer values gain nothing in a bucket. */
const LONGEST = 1024;
/** A bucket is divided when it holds more than half of that. */
const ENTRIES = 128;

/** What every server's own setting takes at least. */
const LONGEST_ANYWHERE = 64;

/** @param buckets  is there any kind that lives in them? */
export function createSettings({
  redis,
  tell,
  buckets,
}: {
  redis: GuardedRedis | undefined;
  tell: Tell;
  buckets: boolean;
}): Settings {
  let longest = LONGEST;
  let said = false;

  return {
    longestInBucket: () => longest,
    async check() {
      if (redis === undefined) return [];
      const found = await configured(redis);
      const [tried] = (await redis.batch((batch) => batch.script('lwTryBucket', [ENTRIES, LONGEST]))) ?? [];
      const compact =
        tried !== undefined && 'value' in tried ? /^(listpack|ziplist)$/.test(String(tried.value)) : undefined;
      const settings = settingsOf(found, compact);
      const value = Number(found.get('hash-max-listpack-value'));
      longest = compact === false ? Math.min(LONGEST, value || LONGEST_ANYWHERE) : LONGEST;
      const wrong = settings.filter(({ good }) => good === false);
      if (buckets && wrong.length > 0 && !said) {
        said = true;
        tell.warn(
          { todo: wrong.map(({ todo }) => todo) },
          'redis is not set up for small values in buckets: they take more memory than they need',
        );
      }
      return settings;
    },
  };
}

function settingsOf(found: ReadonlyMap<string, string>, compact: boolean | undefined): ServerSetting[] {
  const hash = (name: string, needed: number): ServerSetting => {
    const there = found.get(name);
    const good = there === undefined ? compact : Number(there) >= needed;
    return {
      name,
      needed: `at least ${needed}`,
      ...(there !== undefined && { found: there }),
      ...(good !== undefined && { good }),
      ...(good === false && { todo: `CONFIG SET ${name} ${needed}, and the same in redis.conf` }),
    };
  };
  const policy = found.get('maxmemory-policy');
  const bounded = Number(found.get('maxmemory') ?? 0) > 0;
  const evicts = policy === undefined ? undefined : !(bounded && policy === 'noeviction');
  return [
    hash('hash-max-listpack-value', LONGEST),
    hash('hash-max-listpack-entries', ENTRIES),
    {
      name: 'maxmemory-policy',
      needed: 'one that lets values go, where memory is bounded',
      ...(policy !== undefined && { found: policy }),
      ...(evicts !== undefined && { good: evicts }),
      ...(evicts === false && { todo: 'CONFIG SET maxmemory-policy allkeys-lfu, and the same in redis.conf' }),
    },
  ];
}

/** By name; a server that does not let itself be asked says nothing. Before Redis 7 a listpack was a ziplist. */
async function configured(redis: GuardedRedis): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const pattern of ['hash-max-*', 'maxmemory*']) {
    const answer = (await redis.guarded((connection) => connection.config('GET', pattern))) as unknown;
    const words = Array.isArray(answer) ? answer.map(String) : [];
    for (let at = 0; at + 1 < words.length; at += 2)
      found.set(words[at]!.replace('ziplist', 'listpack'), words[at + 1]!);
  }
  return found;
}
