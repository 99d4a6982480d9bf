import { randomBytes } from 'node:crypto';
import type { Kind } from '../../domain/cache/cache.ts';
import { type Dictionary, dictionaryOf } from './dictionary.ts';
import { CHANGES, type DictionaryScript, dictionaryScript, TABLE } from './dictionary-scripts.ts';
import { createPlaces, type Own, type Place } from './dictionary-places.ts';
import type { GuardedRedis } from './guarded.ts';
import type { Tell } from './tell.ts';

/** The right to retrain, and of which mark the samples may be. */
export interface RetrainLock {
  readonly token: string;
}

/** Dictionaries that were made of one location's values, for its values alone. They live in Redis; this process keeps those it uses. */
export interface DictionaryStore {
  /** The one to write with, if any reader will find it for as long as the value stands. */
  inForce(kind: Kind, location: string, until: number): Dictionary | undefined;
  /** One that is at hand. */
  at(kind: Kind, location: string, number: number): Dictionary | undefined;
  /** One that is not: asked for once however many wait, and not again for a while where there is none. */
  fetch(kind: Kind, location: string, number: number): Promise<Dictionary | undefined>;
  /** @returns  undefined where somebody else retrains, Redis is away, or the location was erased since its values were last looked at */
  lock(kind: Kind, location: string): Promise<RetrainLock | undefined>;
  release(kind: Kind, location: string, lock: RetrainLock): Promise<void>;
  /** @returns  undefined where the lock was lost, to an erasure or to time */
  adopt(kind: Kind, location: string, lock: RetrainLock, bytes: Uint8Array): Promise<Dictionary | undefined>;
  /** What other processes did there is known afterwards. */
  refresh(kind: Kind, location: string): Promise<void>;
  /** Here at once, in Redis as soon as it answers. */
  forget(location: string): Promise<void>;
  /** How many dictionaries are at hand. */
  size(): number;
  close(): void;
}

/** One that is in use is renewed so often, and given again where the server lost it. */
const RENEW_EVERY_MS = 30_000;
const SHORTEST_KEEP_MS = 60 * 60_000;
/** Longer than samples of before an erasure are kept by anybody. */
const MARK_MS = 7 * 24 * 60 * 60_000;
const LOCK_MS = 120_000;
const ABSENT_FOR_MS = 5000;
const LOOK_EVERY_MS = 5000;
const UNKNOWN = Symbol('unknown');

/**
 * @param onForgotten  told of each dictionary that nobody may use any more
 * @param onLearned    told of the kind of each dictionary that this process did not have before
 * @param onErased     told where a location was erased, by whomever: what is known of its values must go
 */
export function createDictionaryStore({
  redis,
  tell,
  now,
  random,
  onForgotten,
  onLearned,
  onErased,
  lookEveryMs = LOOK_EVERY_MS,
}: {
  redis: GuardedRedis;
  tell: Tell;
  now: () => number;
  random: () => number;
  onForgotten: (dictionary: Dictionary) => void;
  onLearned: (kind: Kind) => void;
  onErased: (location: string) => void;
  lookEveryMs?: number;
}): DictionaryStore {
  const fetching = new Map<string, Promise<Dictionary | undefined>>();
  const absentUntil = new Map<string, number>();
  const owed = new Set<string>();
  /** What `CHANGES` said; unequal to whatever it says where a dictionary came since, which has to be looked for again. */
  let changes: string | null | typeof UNKNOWN = UNKNOWN;

  const places = createPlaces({
    onForgotten,
    onLearned(kind) {
      changes = UNKNOWN;
      onLearned(kind);
    },
  });

  const script = <T>(name: DictionaryScript, location: string, args: readonly (string | number | Uint8Array)[]) =>
    redis.guarded((connection) => {
      const given = args.map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg) : arg));
      const keys = [TABLE + location, CHANGES];
      return connection.callBuffer('EVAL', dictionaryScript(name), 2, ...keys, ...given) as Promise<T>;
    });

  const keepMs = ({ longestMs }: Place): number => Math.max(SHORTEST_KEEP_MS, 2 * longestMs);

  /** The location was erased since: what this process knows of it is of before. */
  function marked(place: Place, mark: string): void {
    const { mark: before, location } = place;
    place.mark = mark;
    if (before === mark || (before === undefined && mark === '')) return;
    for (const number of [...place.own.keys()]) places.drop(place, number);
    onErased(location);
  }

  async function look(place: Place): Promise<void> {
    const answer = await script<Buffer[]>('list', place.location, [place.kind.name]);
    if (answer === undefined || owed.has(place.location)) return;
    const [mark, current, ...listed] = answer.map(String);
    const hashes = new Map(
      listed.flatMap((hash, at) => (at % 2 === 1 ? [[Number(listed[at - 1]), hash] as const] : [])),
    );
    place.seen = true;
    marked(place, mark!);
    for (const [number, { dictionary }] of [...place.own]) {
      if (hashes.get(number) !== dictionary.hash) places.drop(place, number);
    }
    const number = hashes.has(Number(current)) ? Number(current) : 0;
    if (number !== 0 && !place.own.has(number)) await fetch(place, number);
    place.current = place.own.has(number) ? number : 0;
  }

  function refresh(place: Place): Promise<void> {
    return (place.asking ??= look(place).finally(() => (place.asking = undefined)));
  }

  function fetch(place: Place, number: number): Promise<Dictionary | undefined> {
    const { kind, location } = place;
    const name = `${kind.name}:${number}:${location}`;
    if (owed.has(location) || (absentUntil.get(name) ?? 0) > now()) return Promise.resolve(undefined);
    const running = fetching.get(name);
    if (running !== undefined) return running;
    const started = fetched(place, number, name).finally(() => fetching.delete(name));
    fetching.set(name, started);
    return started;
  }

  async function fetched(place: Place, number: number, name: string): Promise<Dictionary | undefined> {
    const answer = await script<Buffer[] | null>('fetch', place.location, [place.kind.name, number]);
    if (answer === undefined) return undefined;
    const [hash, bytes, leftMs] = answer ?? [];
    const dictionary = bytes && dictionaryOf(number, bytes);
    if (dictionary !== undefined && dictionary.hash !== String(hash)) {
      tell.warn({ kind: place.kind.name, number }, 'a dictionary in redis is not what its hash says; it is not used');
    }
    // Forgotten while it was on its way, it must not come back.
    const alive = places.find(place.kind, place.location) === place;
    if (dictionary === undefined || dictionary.hash !== String(hash) || !alive || owed.has(place.location)) {
      if (absentUntil.size > 10_000) absentUntil.clear();
      absentUntil.set(name, now() + ABSENT_FOR_MS);
      return undefined;
    }
    places.put(place, { dictionary, keptUntil: now() + Number(leftMs), renewedAt: -Infinity });
    return dictionary;
  }

  async function renew(place: Place, number: number, own: Own): Promise<void> {
    own.renewedAt = now();
    const ms = keepMs(place);
    const { hash, bytes } = own.dictionary;
    const args = [place.kind.name, number, hash, ms];
    const at = now();
    let answer = await script<number>('renew', place.location, args);
    if (answer === 2 && place.own.get(number) === own && !owed.has(place.location)) {
      answer = await script<number>('renew', place.location, [...args, bytes]);
    }
    if (answer === 0) places.drop(place, number);
    if (answer === 1) own.keptUntil = Math.max(own.keptUntil, at + ms);
  }

  async function tellRedis(location: string): Promise<void> {
    const mark = randomBytes(6).toString('base64url');
    if ((await script<number>('forget', location, [mark, MARK_MS])) === 1) owed.delete(location);
  }

  /** Whoever reads a value that needs one all the same has it fetched. */
  function dropEnded(): void {
    for (const place of places.all()) {
      for (const [number, { keptUntil }] of [...place.own]) {
        if (number !== place.current && keptUntil <= now()) places.drop(place, number);
      }
    }
  }

  async function lookForChanges(): Promise<void> {
    dropEnded();
    for (const location of owed) await tellRedis(location);
    if (places.all().length === 0) return;
    const counted = await redis.guarded((connection) => connection.get(CHANGES));
    if (counted === undefined) return;
    if (counted === changes) return;
    changes = counted;
    absentUntil.clear();
    const all = places.all();
    for (const place of all) place.seen = false;
    // Those with something to lose look at once, the others when they are asked for.
    for (const place of all) if (place.own.size > 0) await refresh(place);
  }

  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void lookForChanges().finally(() => (looking = false));
  }, lookEveryMs);
  timer.unref();

  return {
    inForce(kind, location, until) {
      const place = places.of(kind, location);
      if (!place.seen && place.asking === undefined && !owed.has(location)) void refresh(place);
      const own = place.own.get(place.current);
      if (own === undefined) return undefined;
      const at = now();
      place.longestMs = Math.max(place.longestMs, Math.min(until - at, MARK_MS));
      if (at - own.renewedAt >= RENEW_EVERY_MS) void renew(place, place.current, own);
      return until < own.keptUntil ? own.dictionary : undefined;
    },
    at: (kind, location, number) => places.find(kind, location)?.own.get(number)?.dictionary,
    fetch: (kind, location, number) => fetch(places.of(kind, location), number),
    async lock(kind, location) {
      const place = places.of(kind, location);
      if (owed.has(location)) return undefined;
      const token = randomBytes(9).toString('base64url');
      const answer = await script<number | Buffer>('lock', location, [kind.name, token, place.mark ?? '', LOCK_MS]);
      if (answer === 1) {
        place.mark ??= '';
        return { token };
      }
      if (Buffer.isBuffer(answer)) {
        place.mark ??= '';
        marked(place, String(answer));
      }
      return undefined;
    },
    async release(kind, location, { token }) {
      await script('release', location, [kind.name, token]);
    },
    async adopt(kind, location, { token }, bytes) {
      const place = places.of(kind, location);
      const { hash } = dictionaryOf(FIRST_TRIED, bytes);
      const at = now();
      const ms = keepMs(place);
      const start = Math.floor(random() * 240);
      const number = await script<number>('adopt', location, [kind.name, token, hash, ms, start, bytes]);
      if (number === undefined || number === 0 || owed.has(location)) return undefined;
      const dictionary = dictionaryOf(number, bytes);
      const known = places.of(kind, location);
      places.put(known, { dictionary, keptUntil: at + ms, renewedAt: at });
      known.current = number;
      return dictionary;
    },
    refresh: (kind, location) => refresh(places.of(kind, location)),
    async forget(location) {
      places.dropLocation(location);
      owed.add(location);
      await tellRedis(location);
    },
    size: () => places.all().reduce((sum, { own }) => sum + own.size, 0),
    close: () => clearInterval(timer),
  };
}

/** Any number: a hash is of the content alone. */
const FIRST_TRIED = 1;
