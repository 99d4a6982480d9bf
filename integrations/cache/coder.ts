import type { Key, Kind } from '../../domain/cache/cache.ts';
import type { Prices } from '../../domain/cache/cost.ts';
import { type ChoiceInForce, createChoices } from './choices.ts';
import { cpuMicros, createKindCounter, type KindCounter, type KindStats } from './coder-counts.ts';
import type { Codecs } from './codecs.ts';
import { committedDictionaries, LAST_COMMITTED } from './committed.ts';
import type { Dictionary } from './dictionary.ts';
import { createDictionaryStore } from './dictionary-store.ts';
import { CODEC_NAMES, type CodecName } from './envelope.ts';
import type { GuardedRedis } from './guarded.ts';
import { type Entry, readPlain, writePlain } from './plain-form.ts';
import { createRecoder, type Recoder } from './recoder.ts';
import { createRetraining, type RetrainCounts } from './retraining.ts';
import { scopeOf } from './scope.ts';
import type { Tell } from './tell.ts';
import { createValues, type Miss, type ReadValue } from './values.ts';
import { createWorkshop } from './workshop.ts';

export type { ChoiceInForce } from './choices.ts';
export type { KindStats } from './coder-counts.ts';
export type { Entry } from './plain-form.ts';

export interface CoderStats {
  readonly kinds: readonly KindStats[];
  readonly trials: number;
  readonly dictionaries: RetrainCounts & {
    /** Of locations, at hand in this process. */
    readonly own: number;
  };
}

/** Values to what is stored of them, and back. */
export interface Coder {
  /**
   * By the choice in force for the kind and size band; a promise for long values alone.
   * @throws TypeError for what is no JSON, RangeError for what is too long to be stored
   */
  encode(kind: Kind, key: Key, entry: Entry): Buffer | Promise<Buffer>;
  /** Never throws: undefined is a miss, whose reason was counted. A promise for long values, and where a dictionary has to be fetched. */
  decode(kind: Kind, key: Key, stored: Buffer): Entry | undefined | Promise<Entry | undefined>;
  /** A value was changed or taken away: how long values stand is part of the choice. */
  ended(kind: Kind, key: Key): void;
  /** Stored values to what the slow level makes of them, for whoever stores them anew in the background. */
  readonly recoder: Recoder;
  choices(): readonly ChoiceInForce[];
  stats(): CoderStats;
  /** Every dictionary that was made of this location's values is gone here, and in Redis as soon as it answers. */
  forgetLocation(location: string): Promise<void>;
  /** What is being tried and made in the background is done. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** A gigabyte-hour of a hosted Redis, and a second of a processor at $0.04 an hour. */
export const DEFAULT_PRICES: Prices = { dollarsPerGbHour: 0.086, dollarsPerCpuSecond: 0.04 / 3600 };

/** Stored bytes from here on may hold a value whose decoding the thread pool should do. */
const LONG_STORED = 4096;
const LONG_PLAIN = 16 * 1024;

/**
 * @param redis   absent: only the dictionaries that ship with the product
 * @param learns  false: no trials and no dictionaries of locations' own
 * @param pace    how closely writes are looked at; absent: so that it costs next to nothing
 */
export function createCoder({
  kinds,
  codecs,
  redis,
  prices = DEFAULT_PRICES,
  tell,
  now = Date.now,
  random = Math.random,
  learns = true,
  pace = {},
}: {
  kinds: readonly Kind[];
  codecs: Codecs;
  redis?: GuardedRedis | undefined;
  prices?: Prices;
  tell: Tell;
  now?: () => number;
  random?: () => number;
  learns?: boolean;
  pace?: {
    readonly lookedAt?: number;
    readonly retrainOf?: number;
    readonly lookEveryMs?: number;
    readonly soonMs?: number;
  };
}): Coder {
  const values = createValues({ codecs });
  const committed = new Map(kinds.map(({ name, schema }) => [name, committedDictionaries(name, schema !== undefined)]));
  const counters = new Map(kinds.map((kind) => [kind.name, createKindCounter(kind)]));
  const workshop = createWorkshop({ zstd: codecs.zstd });
  const newest = ({ name }: Kind): Dictionary | undefined => committed.get(name)!.at(-1);

  const store =
    redis &&
    createDictionaryStore({
      ...{ redis, tell, now, random, onForgotten: codecs.forget, onErased: dropSamples },
      onLearned: ({ name }) => choices.learned(name),
      ...(pace.lookEveryMs !== undefined && { lookEveryMs: pace.lookEveryMs }),
    });
  const writingWith = (kind: Kind, location: string, until: number): Dictionary | undefined =>
    store?.inForce(kind, location, until) ?? newest(kind);
  const choices = createChoices({
    ...{ codecs, prices, tell, now, random, workshop: learns ? workshop : undefined },
    dictionaryOf: (kind, location) => writingWith(kind, location, now()),
    ...(pace.lookedAt !== undefined && { lookedAt: pace.lookedAt }),
    ...(pace.soonMs !== undefined && { soonMs: pace.soonMs }),
  });
  const retraining =
    store && learns
      ? createRetraining({
          ...{ store, workshop, zstd: codecs.has('zstd'), committed: newest, tell, now, random },
          ...(pace.lookedAt !== undefined && { lookedAt: pace.lookedAt }),
          ...(pace.retrainOf !== undefined && { samples: pace.retrainOf }),
        })
      : undefined;

  /** What was begun before one of them and ends after it leaves no sample. */
  let erasures = 0;
  function dropSamples(location: string): void {
    erasures += 1;
    choices.forget(location);
    retraining?.forget(location);
    workshop.empty();
  }

  const find = (kind: Kind, location: string, number: number): Dictionary | undefined =>
    number <= LAST_COMMITTED
      ? committed.get(kind.name)!.find((dictionary) => dictionary.number === number)
      : store?.at(kind, location, number);

  function written(kind: Kind, plain: Buffer, stored: Buffer, startedAt: number): Buffer {
    const codec = CODEC_NAMES[stored[0]! & 0x0f]!;
    const named = stored[1] === 0 ? codec : `${codec}+dictionary`;
    counters.get(kind.name)!.wrote(plain.length, stored, named, sinceMicros(startedAt));
    return stored;
  }

  function learnFrom(kind: Kind, key: Key, entry: Entry, plain: Buffer, stored: Buffer): void {
    choices.wrote(kind, key, plain, entry.until - now());
    retraining?.wrote(kind, key.location, plain, stored.length);
  }

  function read(kind: Kind, counter: KindCounter, value: ReadValue | Miss, startedAt: number): Entry | undefined {
    if ('miss' in value) {
      counter.missed(value.miss);
      return undefined;
    }
    const entry = readPlain(value.bytes, kind.schema);
    if (entry === undefined || entry.until <= now()) {
      counter.missed(entry === undefined ? 'form' : 'expired');
      return undefined;
    }
    counter.read(sinceMicros(startedAt));
    choices.read(kind, value.bytes.length);
    return entry;
  }

  /** The number of a location's own dictionary that has to be fetched before the value can be read. */
  const lacking = (value: ReadValue | Miss): number | undefined =>
    store && 'miss' in value && (value.dictionary ?? 0) > LAST_COMMITTED ? value.dictionary : undefined;

  return {
    encode(kind, key, entry) {
      const startedAt = counters.get(kind.name)!.writeStarts();
      const { bytes, borrowed, noise } = writePlain(entry, kind.schema, now());
      const dictionary = writingWith(kind, key.location, entry.until);
      const { codec, level, dictionary: with_ } = choices.method(kind, bytes.length, dictionary !== undefined);
      const own = dictionary !== undefined && dictionary.number > LAST_COMMITTED;
      const encoding = {
        ...{ codec: codec as CodecName, level, dictionary: with_ ? dictionary : undefined },
        // What is noise to everybody else may be an id that this location has in each value.
        noise: with_ && own ? 0 : noise,
      };
      const scope = scopeOf(kind, key);
      if (bytes.length < LONG_PLAIN) {
        const stored = written(kind, bytes, values.write(bytes, scope, encoding), startedAt);
        learnFrom(kind, key, entry, bytes, stored);
        return stored;
      }
      const begun = erasures;
      const plain = borrowed ? Buffer.from(bytes) : bytes;
      return values.writeLater(plain, scope, encoding).then((stored) => {
        if (begun === erasures) learnFrom(kind, key, entry, plain, stored);
        return written(kind, plain, stored, NaN);
      });
    },
    decode(kind, key, stored) {
      const counter = counters.get(kind.name)!;
      const startedAt = counter.readStarts();
      const scope = scopeOf(kind, key);
      const { location } = key;
      const lookup = (number: number): Dictionary | undefined => find(kind, location, number);
      const short = stored.length < LONG_STORED;
      const reading = (): ReadValue | Miss | Promise<ReadValue | Miss> =>
        short ? values.read(stored, scope, lookup) : values.readLater(stored, scope, lookup);
      const settle = (value: ReadValue | Miss, since = NaN): Entry | undefined | Promise<Entry | undefined> => {
        const number = lacking(value);
        if (number === undefined) return read(kind, counter, value, since);
        return store!
          .fetch(kind, location, number)
          .then((fetched) => (fetched === undefined ? value : reading()))
          .then((again) => read(kind, counter, again, NaN));
      };
      const value = reading();
      return value instanceof Promise ? value.then((later) => settle(later)) : settle(value, startedAt);
    },
    ended: choices.ended,
    recoder: createRecoder({ values, workshop, choices, find, writingWith, now }),
    choices: choices.inForce,
    stats: () => ({
      kinds: [...counters.values()].map((counter) => counter.stats()),
      trials: choices.trials(),
      dictionaries: { ...(retraining?.counts() ?? { adopted: 0, rejected: 0 }), own: store?.size() ?? 0 },
    }),
    async forgetLocation(location) {
      dropSamples(location);
      await store?.forget(location);
    },
    async settled() {
      await choices.settled();
      await retraining?.settled();
    },
    close() {
      store?.close();
      workshop.close();
      return Promise.resolve();
    },
  };
}

const sinceMicros = (startedAt: number): number | undefined =>
  Number.isNaN(startedAt) ? undefined : cpuMicros() - startedAt;
