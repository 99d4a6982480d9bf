import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliCompressSync,
  brotliDecompress,
  brotliDecompressSync,
  constants,
  deflateRaw,
  deflateRawSync,
  inflateRaw,
  inflateRawSync,
} from 'node:zlib';
import type { Dictionary } from './dictionary.ts';
import type { CodecName } from './envelope.ts';
import { isRawBlock, withRawBlock } from './zstd-frame.ts';
import { findZstd, type ZstdRoute, type ZstdRouteName } from './zstd.ts';

/** How a value shall be encoded; `level` is in the codec's own scale, and its fast one where it is absent. */
export interface Encoding {
  readonly codec: CodecName;
  readonly level?: number | undefined;
  /** Heeded by `zstd` and `deflate`; the others know none. */
  readonly dictionary?: Dictionary | undefined;
  /** How many of the last bytes are such that nobody finds anything in them; heeded by `zstd`, which leaves them as they are. */
  readonly noise?: number | undefined;
}

/** What to store. `codec` is `none` where the encoding asked for brought nothing; then `fell` says why. */
export interface Encoded {
  readonly codec: CodecName;
  /** 0: none. */
  readonly dictionary: number;
  readonly payload: Uint8Array;
  readonly fell?: 'no-gain' | 'codec-absent' | 'failed';
}

export interface Payload {
  readonly codec: CodecName;
  /** Bytes once decoded: whoever decodes has checked that he wants that many. */
  readonly length: number;
  readonly dictionary?: Dictionary | undefined;
}

export type DecodeMiss = { readonly miss: 'codec-absent' | 'corrupt' };

export interface Codecs {
  encode(plain: Uint8Array, encoding: Encoding): Encoded;
  decode(payload: Uint8Array, of: Payload): Uint8Array | DecodeMiss;
  /** The same in the thread pool, for long values and codecs that have it. */
  encodeLater(plain: Uint8Array, encoding: Encoding): Promise<Encoded>;
  decodeLater(payload: Uint8Array, of: Payload): Promise<Uint8Array | DecodeMiss>;
  has(codec: CodecName): boolean;
  /** Whose Zstandard it is. */
  readonly zstd: ZstdRouteName | undefined;
  /** What is not there and why, to be said at start. */
  readonly absent: readonly { readonly name: CodecName | ZstdRouteName; readonly reason: string }[];
  /** Nothing of this dictionary stays in memory. */
  forget(dictionary: Dictionary): void;
}

type Compress<T> = (
  plain: Uint8Array,
  how: {
    readonly level?: number | undefined;
    readonly dictionary?: Dictionary | undefined;
    readonly noise?: number | undefined;
  },
) => T;

interface Codec {
  readonly compress: Compress<Uint8Array>;
  decompress(payload: Uint8Array, length: number, dictionary?: Dictionary): Uint8Array;
  readonly pooled?: {
    readonly compress: Compress<Promise<Uint8Array>>;
    decompress(payload: Uint8Array, length: number, dictionary?: Dictionary): Promise<Uint8Array>;
  };
}

/** Shorter values are done before a thread of the pool would have begun. */
const POOL_FROM_BYTES = 16 * 1024;

/** Nothing is gained on values whose envelope alone is as long as what could be saved. */
const SHORTEST = 16;

/** @param zstd  the one route to take, or none, for tests; absent: the first that is there */
export async function createCodecs({ zstd: only }: { zstd?: ZstdRouteName | 'off' } = {}): Promise<Codecs> {
  const { routes, absent: routesAbsent } = await findZstd(only);
  const [route] = routes;
  const absent: { name: CodecName | ZstdRouteName; reason: string }[] = [...routesAbsent];
  const lz4 = loadLz4();
  if ('reason' in lz4) absent.push({ name: 'lz4', reason: lz4.reason });
  if (route === undefined) absent.push({ name: 'zstd', reason: 'none of its implementations could be loaded' });
  const there: Readonly<Record<CodecName, Codec | undefined>> = {
    none: undefined,
    lz4: 'reason' in lz4 ? undefined : lz4,
    zstd: route && zstdCodec(route),
    brotli,
    deflate,
  };

  /** What is settled before any work is done. */
  const unencoded = (plain: Uint8Array, codec: CodecName): Encoded | undefined => {
    if (codec === 'none') return { codec, dictionary: 0, payload: plain };
    if (there[codec] === undefined) return fallen(plain, 'codec-absent');
    return plain.length < SHORTEST ? fallen(plain, 'no-gain') : undefined;
  };

  const encode: Codecs['encode'] = (plain, encoding) => {
    const settled = unencoded(plain, encoding.codec);
    if (settled !== undefined) return settled;
    try {
      const payload = there[encoding.codec]!.compress(plain, encoding);
      return smaller(plain, payload, encoding);
    } catch {
      return fallen(plain, 'failed');
    }
  };

  const decode: Codecs['decode'] = (payload, { codec, length, dictionary }) => {
    if (codec === 'none') return payload.length === length ? payload : { miss: 'corrupt' };
    const implementation = there[codec];
    if (implementation === undefined) return { miss: 'codec-absent' };
    try {
      return exactly(length, implementation.decompress(payload, length, dictionary));
    } catch {
      return { miss: 'corrupt' };
    }
  };

  return {
    encode,
    decode,
    async encodeLater(plain, encoding) {
      const pooled = there[encoding.codec]?.pooled;
      if (pooled === undefined || plain.length < POOL_FROM_BYTES) return encode(plain, encoding);
      try {
        const payload = await pooled.compress(plain, encoding);
        return smaller(plain, payload, encoding);
      } catch {
        return fallen(plain, 'failed');
      }
    },
    async decodeLater(payload, of) {
      const pooled = there[of.codec]?.pooled;
      if (pooled === undefined || of.length < POOL_FROM_BYTES) return decode(payload, of);
      try {
        return exactly(of.length, await pooled.decompress(payload, of.length, of.dictionary));
      } catch {
        return { miss: 'corrupt' };
      }
    },
    has: (codec) => codec === 'none' || there[codec] !== undefined,
    zstd: route?.name,
    absent,
    forget: (dictionary) => route?.forget(dictionary),
  };
}

function fallen(plain: Uint8Array, fell: NonNullable<Encoded['fell']>): Encoded {
  return { codec: 'none', dictionary: 0, payload: plain, fell };
}

function smaller(plain: Uint8Array, payload: Uint8Array, { codec, dictionary }: Encoding): Encoded {
  if (payload.length === 0 || payload.length >= plain.length) return fallen(plain, 'no-gain');
  return { codec, dictionary: codec === 'zstd' || codec === 'deflate' ? (dictionary?.number ?? 0) : 0, payload };
}

function exactly(length: number, plain: Uint8Array): Uint8Array | DecodeMiss {
  return plain.length === length ? plain : { miss: 'corrupt' };
}

/** Noise would make the codes of all other bytes longer, for all of a block have the same; it is a block of its own. */
function zstdCodec({ compress, decompress, pooled }: ZstdRoute): Codec {
  const parts = (plain: Uint8Array, noise: number): readonly [Uint8Array, Uint8Array] => {
    const end = plain.length - noise;
    return [plain.subarray(0, end), plain.subarray(end)];
  };
  const isApart = (plain: Uint8Array, noise = 0): noise is number => isRawBlock(noise) && noise < plain.length;
  return {
    compress(plain, { level = 3, dictionary, noise }) {
      if (!isApart(plain, noise)) return compress(plain, level, dictionary);
      const [head, rest] = parts(plain, noise);
      return withRawBlock(compress(head, level, dictionary), rest);
    },
    decompress,
    ...(pooled && {
      pooled: {
        async compress(plain, { level = 3, dictionary, noise }) {
          if (!isApart(plain, noise)) return pooled.compress(plain, level, dictionary);
          const [head, rest] = parts(plain, noise);
          return withRawBlock(await pooled.compress(head, level, dictionary), rest);
        },
        decompress: pooled.decompress,
      },
    }),
  };
}

/** The block calls of `lz4`: its frames cost more than they save on short values, and their decoder a hundred times as much. */
interface Lz4Blocks {
  encodeBlock(plain: Uint8Array, target: Buffer): number;
  encodeBlockHC(plain: Uint8Array, target: Buffer): number;
  decodeBlock(payload: Uint8Array, target: Buffer): number;
}

/** From this level on the slow search is taken; the package knows one strength of it. */
const LZ4_SLOW = 9;

function loadLz4(): Codec | { readonly reason: string } {
  let blocks: Lz4Blocks;
  try {
    blocks = createRequire(import.meta.url)('lz4') as Lz4Blocks;
  } catch (error) {
    return { reason: (error instanceof Error ? error.message : String(error)).split('\n')[0]! };
  }
  return {
    compress(plain, { level = 1 }) {
      // No room beyond the plain size: what does not fit there is not wanted, and comes back as 0.
      const target = Buffer.allocUnsafe(plain.length);
      const encodeBlock = level >= LZ4_SLOW ? blocks.encodeBlockHC : blocks.encodeBlock;
      return target.subarray(0, Math.max(0, encodeBlock(plain, target)));
    },
    decompress(payload, length) {
      const target = Buffer.allocUnsafe(length);
      return target.subarray(0, Math.max(0, blocks.decodeBlock(payload, target)));
    },
  };
}

const deflating = ({ level = 6, dictionary }: Parameters<Compress<unknown>>[1]) => ({
  level,
  ...(dictionary && { dictionary: dictionary.bytes }),
});

/** One chunk takes the whole result, and nothing beyond it is ever allocated. */
const bounded = (length: number) => ({ maxOutputLength: length, chunkSize: Math.max(64, length + 1) });

const inflating = (length: number, dictionary?: Dictionary) => ({
  ...bounded(length),
  ...(dictionary && { dictionary: dictionary.bytes }),
});

const later = {
  deflate: promisify(deflateRaw),
  inflate: promisify(inflateRaw),
  brotliCompress: promisify(brotliCompress),
  brotliDecompress: promisify(brotliDecompress),
};

/** Raw: header and checksum are the envelope's. Of a dictionary it sees the last 32 KB. */
const deflate: Codec = {
  compress: (plain, how) => deflateRawSync(plain, deflating(how)),
  decompress: (payload, length, dictionary) => inflateRawSync(payload, inflating(length, dictionary)),
  pooled: {
    compress: (plain, how) => later.deflate(plain, deflating(how)),
    decompress: (payload, length, dictionary) => later.inflate(payload, inflating(length, dictionary)),
  },
};

const brotliWriting = (length: number, quality = 5) => ({
  params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: length },
});

const brotli: Codec = {
  compress: (plain, { level }) => brotliCompressSync(plain, brotliWriting(plain.length, level)),
  decompress: (payload, length) => brotliDecompressSync(payload, bounded(length)),
  pooled: {
    compress: (plain, { level }) => later.brotliCompress(plain, brotliWriting(plain.length, level)),
    decompress: (payload, length) => later.brotliDecompress(payload, bounded(length)),
  },
};
