import type { Kind } from '../../domain/cache/cache.ts';
import type { GuardedRedis } from './guarded.ts';
import { PREFIX } from './names.ts';
import type { Found } from './recoder.ts';
import type { StoredValues } from './reencoding.ts';

/** Only what is still there as it was found, and for as long as it was to stand. */
const REPLACE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local left = redis.call('PTTL', KEYS[1])
if left == 0 then return 0 end
if left > 0 then redis.call('SET', KEYS[1], ARGV[2], 'PX', left) else redis.call('SET', KEYS[1], ARGV[2]) end
return 1
`;

const AT_ONCE = 100;

/** The values that have a key of their own. Those in buckets lie under a digest of their id, which their checksum is not bound to. */
export function storedKeys({ redis, kinds }: { redis: GuardedRedis; kinds: ReadonlyMap<string, Kind> }): StoredValues {
  /** `kind:location:id`, as it stands behind the prefix. */
  function foundAs(name: string, stored: Buffer): Found | undefined {
    const [, kindName, location, id] = /^@?([^:]*):([^:]*):(.*)$/s.exec(name) ?? [];
    const kind = kindName === undefined ? undefined : kinds.get(kindName);
    return kind && { kind, key: { location: location!, id: id! }, stored };
  }

  return {
    async next(cursor) {
      const answer = await redis.guarded((connection) =>
        connection.scan(cursor, 'MATCH', `${PREFIX}*`, 'COUNT', AT_ONCE),
      );
      if (answer === undefined) return undefined;
      const [next, keys] = answer;
      const names = keys.map((key) => key.slice(PREFIX.length)).filter((name) => /^@?[a-z]/.test(name));
      if (names.length === 0) return { cursor: next, found: [] };
      // What is no string answers with nothing.
      const values = await redis.guarded((connection) => connection.mgetBuffer(names.map((name) => PREFIX + name)));
      if (values === undefined) return undefined;
      const found = names.map((name, at) => (values[at] ? foundAs(name, values[at]) : undefined));
      return { cursor: next, found: found.filter((one) => one !== undefined) };
    },
    async replace({ kind, key, stored }, by) {
      const own = `${kind.name}:${key.location}:${key.id}`;
      const name = kind.place === 'bucket' ? `@${own}` : own;
      const answer = await redis.guarded((connection) => connection.eval(REPLACE, 1, PREFIX + name, stored, by));
      return answer === 1;
    },
  };
}
