import { KeyvBrotli } from '@keyv/compress-brotli';
import { KeyvLz4 } from '@keyv/compress-lz4';
import KeyvRedis from '@keyv/redis';
import { Redis } from 'ioredis';
import { Keyv } from 'keyv';
import type { Kind } from '../../domain/cache/cache.ts';
import { buildDictionary } from '../../domain/cache/dictionary.ts';
import { withTables } from '../../domain/cache/entropy.ts';
import { pack } from '../../domain/cache/packing.ts';
import { type SyntheticKind, syntheticValues } from '../../domain/cache/synthetic.ts';
import type { Codecs, Encoding } from '../../integrations/cache/codecs.ts';
import { createCoder } from '../../integrations/cache/coder.ts';
import { committedDictionaries } from '../../integrations/cache/committed.ts';
import { dictionaryOf } from '../../integrations/cache/dictionary.ts';
import { PREFIX, slotOf } from '../../integrations/cache/names.ts';
import type { Tell } from '../../integrations/cache/tell.ts';
import { createValues } from '../../integrations/cache/values.ts';
import { TTL_MS } from './cache-kinds.ts';
import type { Made } from './cache-values.ts';

/** One way to keep values in a Redis. */
export interface Store {
  readonly name: string;
  /** It takes so long for a value that a share of them has to do: one in so many. */
  readonly oneIn?: number;
  fill(url: string, values: readonly Made[]): Promise<void>;
}

export const silent: Tell = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** As the cache names a value of its own that has a key for itself. */
export const keyOf = (kind: Kind, { key }: Made): string => PREFIX + slotOf({ ...kind, place: 'key' }, key).name;

const AT_ONCE = 200;

/** The baseline, and everything else that is one text under the same key. */
function texts(name: string, kind: Kind, bytesOf: (made: Made) => string | Buffer | Promise<Buffer>): Store {
  return {
    name,
    async fill(url, values) {
      const redis = new Redis(url);
      try {
        for (let from = 0; from < values.length; from += AT_ONCE) {
          const pipeline = redis.pipeline();
          for (const made of values.slice(from, from + AT_ONCE)) {
            pipeline.set(keyOf(kind, made), await bytesOf(made), 'PX', TTL_MS);
          }
          const answers = (await pipeline.exec()) ?? [];
          const refused = answers.find(([error]) => error !== null);
          if (refused !== undefined) throw refused[0]!;
        }
      } finally {
        redis.disconnect();
      }
    },
  };
}

export const plainStore = (kind: Kind): Store => texts('plain JSON', kind, ({ text }) => text);

/** What a key with a TTL takes whatever is under it, which no codec can save. */
export const emptyStore = (kind: Kind): Store => texts('nothing: an empty value', kind, () => '');

/** What the cache stores of a kind, bytes for bytes. */
export function coderStore(name: string, kind: Kind, codecs: Codecs): Store {
  const coder = createCoder({ kinds: [kind], codecs, tell: silent, learns: false });
  return texts(name, kind, ({ key, value }) => {
    const until = Date.now() + TTL_MS;
    return coder.encode(kind, slotOf(kind, key).key, { value, freshUntil: until, until });
  });
}

/** A codec in our envelope, without what the cache knows of a value. */
export function codecStore(name: string, kind: Kind, codecs: Codecs, encoding: Encoding): Store {
  const values = createValues({ codecs });
  return texts(name, kind, (made) => {
    const { bytes, noise } = bytesOf(kind, made.value);
    return values.write(bytes, keyOf(kind, made), { ...encoding, noise });
  });
}

/** What is compressed of a value: its row, or its JSON. */
export function bytesOf({ schema }: Kind, value: unknown): { readonly bytes: Uint8Array; readonly noise: number } {
  const row = schema && pack(value, schema);
  // The next value is written over a row.
  return row ? { bytes: Buffer.from(row.bytes), noise: row.noise } : { bytes: textBytes(value), noise: 0 };
}

const textBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The dictionary that ships for a kind. */
export const shippedDictionary = ({ name, schema }: Kind) => committedDictionaries(name, schema !== undefined).at(-1)!;

/** Made of as many values, but of the words that are measured with, and of other values than those. */
export function knowingDictionary(kind: Kind) {
  const name = kind.name as SyntheticKind;
  const [locations, count] = name === 'conversation' ? [4, 5] : [10, 30];
  const samples = (firstSeed: number): Uint8Array[] =>
    Array.from({ length: locations }, (_, at) =>
      syntheticValues(name, { vocabulary: 'test', seed: firstSeed + at, count }),
    )
      .flat()
      .map((value) => {
        const { bytes, noise } = bytesOf(kind, value);
        return bytes.subarray(0, bytes.length - noise);
      });
  const { number } = shippedDictionary(kind);
  return dictionaryOf(number, withTables(buildDictionary(samples(1), { bytes: 15 * 1024 }), samples(101)));
}

/** With the key that the others have; it puts nothing before it. */
export function openKeyv(url: string, compression?: KeyvLz4 | KeyvBrotli) {
  const client = new KeyvRedis(url);
  const keyv = new Keyv({ store: client, useKeyPrefix: false, ...(compression && { compression }) });
  return { keyv, close: () => client.disconnect(true) };
}

/** As their documentation has them. `compress-lz4` takes texts alone, so its JSON is made by whoever asks. */
export const keyvs = {
  'keyv + redis': { compression: () => undefined, ofJson: false, oneIn: 1 },
  'keyv + redis + compress-lz4': { compression: () => new KeyvLz4(), ofJson: true, oneIn: 1 },
  // Milliseconds for each value, since its strength is the most that there is.
  'keyv + redis + compress-brotli': { compression: () => new KeyvBrotli(), ofJson: false, oneIn: 4 },
} as const;
export type KeyvName = keyof typeof keyvs;
export const keyvNames = Object.keys(keyvs) as KeyvName[];

export function keyvStore(name: KeyvName, kind: Kind): Store {
  const { compression, ofJson, oneIn } = keyvs[name];
  return {
    ...{ name, oneIn },
    async fill(url, values) {
      const { keyv, close } = openKeyv(url, compression());
      try {
        for (let from = 0; from < values.length; from += AT_ONCE) {
          const slice = values.slice(from, from + AT_ONCE);
          const done = await Promise.all(
            slice.map((made) => keyv.set(keyOf(kind, made), ofJson ? made.text : made.value, TTL_MS)),
          );
          if (!done.every(Boolean)) throw new Error(`${name} did not store a value.`);
        }
      } finally {
        await close();
      }
    },
  };
}
