import type { Key, Kind } from '../../domain/cache/cache.ts';
import { type Method, type Prices, type Reckoning, sizeBand, type Use } from '../../domain/cache/cost.ts';
import type { Codecs, Encoding } from './codecs.ts';
import { committedDictionaries } from './committed.ts';
import type { Dictionary } from './dictionary.ts';
import type { CodecName } from './envelope.ts';
import type { GuardedRedis } from './guarded.ts';
import { type Entry, readPlain, writePlain } from './plain-form.ts';
import { startMethod } from './start-methods.ts';
import type { Tell } from './tell.ts';
import { createValues, type Miss, type MissReason, type ReadValue } from './values.ts';

export type { Entry } from './plain-form.ts';

/** How the values of a kind and size band are stored now. */
export interface ChoiceInForce {
  readonly kind: string;
  /** See `sizeBand`. */
  readonly band: number;
  readonly method: Method;
  /** start: nothing was measured yet. */
  readonly why: 'start' | 'pinned' | 'kept' | 'best';
  /** What it was reckoned with, and the terms of each candidate, the best first; absent before the first trial. */
  readonly use?: Use;
  readonly reckoned?: readonly Reckoning[];
}

/** `form`: its plain bytes are of another version of the product, or of another schema. */
export type DecodeMissReason = MissReason | 'form' | 'expired';

export interface KindStats {
  readonly kind: string;
  readonly writes: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
  readonly writeMicros: number;
  readonly reads: number;
  readonly readMicros: number;
  readonly misses: Readonly<Partial<Record<DecodeMissReason, number>>>;
}

export interface CoderStats {
  readonly kinds: readonly KindStats[];
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
  choices(): readonly ChoiceInForce[];
  stats(): CoderStats;
  /** Every dictionary that was made of this location's values is gone, here and in Redis. */
  forgetLocation(location: string): Promise<void>;
  close(): Promise<void>;
}

/** Stored bytes from here on may hold a value whose decoding the thread pool should do. */
const LONG_STORED = 4096;
const LONG_PLAIN = 16 * 1024;

export function createCoder({
  kinds,
  codecs,
  now = Date.now,
}: {
  kinds: readonly Kind[];
  codecs: Codecs;
  redis?: GuardedRedis | undefined;
  prices?: Prices;
  tell: Tell;
  now?: () => number;
  random?: () => number;
}): Coder {
  const values = createValues({ codecs });
  const committed = new Map(kinds.map(({ name }) => [name, committedDictionaries(name)]));
  const counts = new Map(kinds.map(({ name }) => [name, emptyCounts()]));
  const countsOf = (kind: Kind): Counts => counts.get(kind.name)!;

  const encodingOf = (kind: Kind, bytes: number): Encoding => {
    const dictionary = kind.schema === undefined ? committed.get(kind.name)!.at(-1) : undefined;
    const method = kind.pin ?? startMethod(sizeBand(bytes), dictionary !== undefined, codecs.has);
    const used: Dictionary | undefined = method.dictionary ? dictionary : undefined;
    return { codec: method.codec as CodecName, level: method.level, dictionary: used };
  };
  const lookup = (kind: Kind) => (number: number) =>
    committed.get(kind.name)!.find((dictionary) => dictionary.number === number);

  function written(kind: Kind, plain: number, stored: Buffer): Buffer {
    const count = countsOf(kind);
    count.writes += 1;
    count.plainBytes += plain;
    count.storedBytes += stored.length;
    return stored;
  }

  function read(kind: Kind, value: ReadValue | Miss): Entry | undefined {
    const count = countsOf(kind);
    const entry = 'miss' in value ? undefined : readPlain(value.bytes, kind.schema);
    const miss =
      'miss' in value ? value.miss : entry === undefined ? 'form' : entry.until <= now() ? 'expired' : undefined;
    if (miss !== undefined) {
      count.misses[miss] = (count.misses[miss] ?? 0) + 1;
      return undefined;
    }
    count.reads += 1;
    return entry;
  }

  return {
    encode(kind, key, entry) {
      const { bytes } = writePlain(entry, kind.schema, now());
      const encoding = encodingOf(kind, bytes.length);
      const scope = scopeOf(kind, key);
      if (bytes.length < LONG_PLAIN) return written(kind, bytes.length, values.write(bytes, scope, encoding));
      return values
        .writeLater(Buffer.from(bytes), scope, encoding)
        .then((stored) => written(kind, bytes.length, stored));
    },
    decode(kind, key, stored) {
      const scope = scopeOf(kind, key);
      if (stored.length < LONG_STORED) return read(kind, values.read(stored, scope, lookup(kind)));
      return values.readLater(stored, scope, lookup(kind)).then((value) => read(kind, value));
    },
    choices: () => [],
    stats: () => ({ kinds: [...counts].map(([kind, count]) => ({ kind, ...count, misses: { ...count.misses } })) }),
    forgetLocation: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

interface Counts {
  writes: number;
  plainBytes: number;
  storedBytes: number;
  writeMicros: number;
  reads: number;
  readMicros: number;
  readonly misses: Partial<Record<DecodeMissReason, number>>;
}

const emptyCounts = (): Counts => ({
  ...{ writes: 0, plainBytes: 0, storedBytes: 0, writeMicros: 0, reads: 0, readMicros: 0 },
  misses: {},
});

const scopeOf = (kind: Kind, { location, id }: Key): string => `${kind.name}\0${location}\0${id}`;
