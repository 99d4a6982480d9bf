import type { Codecs, DecodeMiss, Encoded, Encoding } from './codecs.ts';
import type { Dictionary } from './dictionary.ts';
import { dictionaryNumber, open, type Opened, type OpenMiss, seal } from './envelope.ts';

/** Why a stored value was not read. */
export type MissReason = OpenMiss['miss'] | DecodeMiss['miss'] | 'dictionary-absent';

/** `dictionary` names the number of the one that is not there, for whoever can fetch it and try again. */
export type Miss = { readonly miss: MissReason; readonly dictionary?: number };

export interface ReadValue extends Pick<Opened, 'codec' | 'dictionary'> {
  readonly bytes: Uint8Array;
}

interface Prepared {
  readonly opened: Opened;
  readonly dictionary?: Dictionary;
}

export type DictionaryLookup = (number: number) => Dictionary | undefined;

/** Bytes to stored bytes and back. Reading never throws: what cannot be read is a miss, and its reason is counted. */
export interface Values {
  write(plain: Uint8Array, scope: string, encoding: Encoding): Buffer;
  read(stored: Buffer, scope: string, dictionaries: DictionaryLookup): ReadValue | Miss;
  /** The same in the thread pool, for long values and codecs that have it. */
  writeLater(plain: Uint8Array, scope: string, encoding: Encoding): Promise<Buffer>;
  readLater(stored: Buffer, scope: string, dictionaries: DictionaryLookup): Promise<ReadValue | Miss>;
}

/**
 * @param count     told of every miss
 * @param maxBytes  longest value that is decoded; absent: 16 MiB
 */
export function createValues({
  codecs,
  count = () => undefined,
  maxBytes,
}: {
  codecs: Codecs;
  count?: (reason: MissReason) => void;
  maxBytes?: number;
}): Values {
  const missed = (miss: Miss): Miss => {
    count(miss.miss);
    return miss;
  };

  /** Everything before the decoding. */
  const prepare = (stored: Buffer, scope: string, dictionaries: DictionaryLookup): Prepared | Miss => {
    const number = dictionaryNumber(stored);
    const dictionary = number === 0 ? undefined : dictionaries(number);
    if (number !== 0 && dictionary === undefined) return { miss: 'dictionary-absent', dictionary: number };
    const opened = open(stored, scopeWith(scope, dictionary), maxBytes);
    return 'miss' in opened ? opened : { opened, ...(dictionary && { dictionary }) };
  };

  const sealed = (plain: Uint8Array, scope: string, { dictionary }: Encoding, encoded: Encoded): Buffer =>
    seal({
      scope: scopeWith(scope, encoded.dictionary === 0 ? undefined : dictionary),
      length: plain.length,
      ...encoded,
    });

  const finish = ({ codec, dictionary }: Opened, bytes: Uint8Array | DecodeMiss): ReadValue | Miss =>
    'miss' in bytes ? missed(bytes) : { bytes, codec, dictionary };

  return {
    write: (plain, scope, encoding) => sealed(plain, scope, encoding, codecs.encode(plain, encoding)),
    read(stored, scope, dictionaries) {
      const ready = prepare(stored, scope, dictionaries);
      if ('miss' in ready) return missed(ready);
      const { opened, dictionary } = ready;
      return finish(opened, codecs.decode(opened.payload, { codec: opened.codec, length: opened.length, dictionary }));
    },
    writeLater: async (plain, scope, encoding) =>
      sealed(plain, scope, encoding, await codecs.encodeLater(plain, encoding)),
    async readLater(stored, scope, dictionaries) {
      const ready = prepare(stored, scope, dictionaries);
      if ('miss' in ready) return missed(ready);
      const { opened, dictionary } = ready;
      const { codec, length } = opened;
      return finish(opened, await codecs.decodeLater(opened.payload, { codec, length, dictionary }));
    },
  };
}

/**
 * The checksum binds a value to the content of its dictionary, not to the number alone: where a store was wiped, a number may come to
 * name another one, and what is decoded with the wrong one is no error but another value.
 */
export const scopeWith = (scope: string, dictionary: Dictionary | undefined): string =>
  dictionary === undefined ? scope : `${scope}\0${dictionary.hash}`;
