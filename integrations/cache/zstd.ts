import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type * as Napi from 'zstd-napi/binding.js';
import { type Dictionary, keepLatest } from './dictionary.ts';
import { blocksStart, HEADER_BYTES, wholeFrame, writeHeader } from './zstd-frame.ts';

export type ZstdRouteName = 'node' | 'napi' | 'wasm';

/** One implementation of Zstandard. Both ways throw on what cannot be done; `decompress` answers exactly `length` bytes. */
export interface ZstdRoute {
  readonly name: ZstdRouteName;
  compress(plain: Uint8Array, level: number, dictionary?: Dictionary): Uint8Array;
  decompress(blocks: Uint8Array, length: number, dictionary?: Dictionary): Uint8Array;
  /** In the thread pool, where the route has one. */
  readonly pooled?: {
    compress(plain: Uint8Array, level: number, dictionary?: Dictionary): Promise<Uint8Array>;
    decompress(blocks: Uint8Array, length: number, dictionary?: Dictionary): Promise<Uint8Array>;
  };
  /** Drops what was digested of a dictionary that nobody may keep. */
  forget(dictionary: Dictionary): void;
}

/** The routes that are there, in the order in which they are taken, and why the others are not. */
export interface ZstdRoutes {
  readonly routes: readonly ZstdRoute[];
  readonly absent: readonly { readonly name: ZstdRouteName; readonly reason: string }[];
}

const LOADERS: readonly (readonly [ZstdRouteName, () => ZstdRoute | Promise<ZstdRoute>])[] = [
  ['node', nodeRoute],
  ['napi', napiRoute],
  ['wasm', wasmRoute],
];

/** @param only  the one route to take, or none, for tests; absent: the first that is there */
export async function findZstd(only?: ZstdRouteName | 'off'): Promise<ZstdRoutes> {
  const routes: ZstdRoute[] = [];
  const absent: { name: ZstdRouteName; reason: string }[] = [];
  for (const [name, load] of LOADERS) {
    if (only !== undefined && only !== name) continue;
    if (only === undefined && routes.length > 0) break;
    try {
      const route = await load();
      proveWithDictionary(route);
      routes.push(route);
    } catch (error) {
      absent.push({ name, reason: firstLine(error) });
    }
  }
  return { routes, absent };
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

/** A runtime may know the calls and ignore the dictionary without a word, so what counts is what comes out, not a version. */
function proveWithDictionary(route: ZstdRoute): void {
  const bytes = Uint8Array.from({ length: 512 }, (_, index) => (index * index * 31 + index * 7 + (index >> 3)) & 0xff);
  const dictionary: Dictionary = { number: 1, hash: 'proof', bytes };
  const plain = bytes.subarray(100, 400);
  const blocks = route.compress(plain, 3, dictionary);
  const again = route.decompress(blocks, plain.length, dictionary);
  route.forget(dictionary);
  if (blocks.length > 60 || Buffer.compare(again, plain) !== 0) throw new Error('It takes no dictionaries.');
}

/** What this version of Node may have, beside what the types of its oldest supported version tell. */
interface ZlibZstd {
  zstdCompress(data: Uint8Array, options: object, done: (error: Error | null, result: Buffer) => void): void;
  zstdDecompress(data: Uint8Array, options: object, done: (error: Error | null, result: Buffer) => void): void;
  zstdCompressSync(data: Uint8Array, options: object): Buffer;
  zstdDecompressSync(data: Uint8Array, options: object): Buffer;
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_c_dictIDFlag: number };
}

/** Node's own: nothing to install, but it digests the dictionary anew with every call. */
function nodeRoute(): ZstdRoute {
  const { zstdCompress, zstdDecompress, zstdCompressSync, zstdDecompressSync, constants } =
    zlib as unknown as ZlibZstd & Partial<ZlibZstd>;
  if (typeof zstdCompressSync !== 'function') throw new Error(`Node ${process.versions.node} has no Zstandard.`);
  const writing = (level: number, dictionary?: Dictionary) => ({
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_dictIDFlag]: 0 },
    ...(dictionary && { dictionary: dictionary.bytes }),
  });
  const reading = (length: number, dictionary?: Dictionary) => ({
    maxOutputLength: length,
    chunkSize: Math.max(64, length + 1),
    ...(dictionary && { dictionary: dictionary.bytes }),
  });
  const blocksOf = (frame: Buffer): Buffer => frame.subarray(blocksStart(frame));
  const pooledCompress = promisify(zstdCompress);
  const pooledDecompress = promisify(zstdDecompress);
  return {
    name: 'node',
    compress: (plain, level, dictionary) => blocksOf(zstdCompressSync(plain, writing(level, dictionary))),
    decompress: (blocks, length, dictionary) =>
      exactly(length, zstdDecompressSync(wholeFrame(blocks, length), reading(length, dictionary))),
    pooled: {
      compress: async (plain, level, dictionary) => blocksOf(await pooledCompress(plain, writing(level, dictionary))),
      decompress: async (blocks, length, dictionary) =>
        exactly(length, await pooledDecompress(wholeFrame(blocks, length), reading(length, dictionary))),
    },
    forget: () => undefined,
  };
}

function exactly<T extends Uint8Array>(length: number, bytes: T): T {
  if (bytes.length !== length) throw new Error(`Expected ${length} bytes, got ${bytes.length}.`);
  return bytes;
}

/** A digested dictionary for writing takes up to a few megabytes at a high level, one for reading little more than its bytes. */
const KEPT_FOR_WRITING = 32;
const KEPT_FOR_READING = 128;
/** Longer values pay for memory of their own; what is kept between calls stays small. */
const SCRATCH_BYTES = 256 * 1024;

const require = createRequire(import.meta.url);

/** Native code with contexts and digested dictionaries that are kept: the fastest by far for short values. */
function napiRoute(): ZstdRoute {
  const { CCtx, CDict, DCtx, DDict } = require('zstd-napi/binding.js') as typeof Napi;
  const writer = new CCtx();
  const reader = new DCtx();
  const forWriting = keepLatest<InstanceType<typeof CDict>>(KEPT_FOR_WRITING);
  const forReading = keepLatest<InstanceType<typeof DDict>>(KEPT_FOR_READING);
  const kept = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  const scratch = (size: number): Buffer => (size <= SCRATCH_BYTES ? kept : Buffer.allocUnsafeSlow(size));
  return {
    name: 'napi',
    compress(plain, level, dictionary) {
      const frame = scratch(compressedBound(plain.length));
      const size =
        dictionary === undefined
          ? writer.compress(frame, plain, level)
          : writer.compressUsingCDict(
              frame,
              plain,
              forWriting.get(`${dictionary.hash}:${level}`, () => new CDict(dictionary.bytes, level)),
            );
      return Buffer.from(frame.subarray(blocksStart(frame), size));
    },
    decompress(blocks, length, dictionary) {
      const frame = scratch(HEADER_BYTES + blocks.length);
      const start = writeHeader(frame, length);
      frame.set(blocks, start);
      const whole = frame.subarray(0, start + blocks.length);
      const plain = Buffer.allocUnsafe(length);
      const size =
        dictionary === undefined
          ? reader.decompress(plain, whole)
          : reader.decompressUsingDDict(
              plain,
              whole,
              forReading.get(dictionary.hash, () => new DDict(dictionary.bytes)),
            );
      if (size !== length) throw new Error(`Expected ${length} bytes, got ${size}.`);
      return plain;
    },
    forget({ hash }) {
      forWriting.forget(hash);
      forReading.forget(hash);
    },
  };
}

/** What `ZSTD_compressBound` says, with the longest header. */
const compressedBound = (length: number): number => length + (length >> 8) + 128 + 18;

/** The parts of `zstd-codec` that are used; it brings no types. */
interface WasmZstd {
  readonly Simple: new () => {
    compress(plain: Uint8Array, level: number): Uint8Array | null;
    decompress(frame: Uint8Array): Uint8Array | null;
    compressUsingDict(plain: Uint8Array, dictionary: WasmDictionary): Uint8Array | null;
    decompressUsingDict(frame: Uint8Array, dictionary: WasmDictionary): Uint8Array | null;
  };
  readonly Dict: {
    readonly Compression: new (bytes: Uint8Array, level: number) => WasmDictionary;
    readonly Decompression: new (bytes: Uint8Array) => WasmDictionary;
  };
}

interface WasmDictionary {
  delete(): void;
}

/** Its 16 MB of memory never grow: that many dictionaries and such values fit with room to spare, twice as much does not. */
const KEPT_IN_WASM = 4;
const LONGEST_IN_WASM = 1024 * 1024;
/** It tells nobody when it fails to load. */
const WASM_LOAD_MS = 10_000;

/** WebAssembly: needs no compiler, takes a few times longer, and only values up to a megabyte. */
async function wasmRoute(): Promise<ZstdRoute> {
  const module = require('zstd-codec') as { ZstdCodec: { run(ready: (zstd: WasmZstd) => void): void } };
  const { Simple, Dict } = await new Promise<WasmZstd>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('WebAssembly did not load in time.')), WASM_LOAD_MS);
    module.ZstdCodec.run((zstd) => {
      clearTimeout(late);
      resolve(zstd);
    });
  });
  const simple = new Simple();
  const dispose = (dictionary: WasmDictionary): void => dictionary.delete();
  const forWriting = keepLatest(KEPT_IN_WASM, dispose);
  const forReading = keepLatest(KEPT_IN_WASM, dispose);
  return {
    name: 'wasm',
    compress(plain, level, dictionary) {
      if (plain.length > LONGEST_IN_WASM) throw new Error('Too long for WebAssembly.');
      const frame =
        dictionary === undefined
          ? simple.compress(plain, level)
          : simple.compressUsingDict(
              plain,
              forWriting.get(`${dictionary.hash}:${level}`, () => new Dict.Compression(dictionary.bytes, level)),
            );
      if (frame === null) throw new Error('WebAssembly could not compress it.');
      return frame.subarray(blocksStart(frame));
    },
    decompress(blocks, length, dictionary) {
      if (length > LONGEST_IN_WASM) throw new Error('Too long for WebAssembly.');
      const frame = wholeFrame(blocks, length);
      const plain =
        dictionary === undefined
          ? simple.decompress(frame)
          : simple.decompressUsingDict(
              frame,
              forReading.get(dictionary.hash, () => new Dict.Decompression(dictionary.bytes)),
            );
      if (plain === null) throw new Error('WebAssembly could not read it.');
      return exactly(length, plain);
    },
    forget({ hash }) {
      forWriting.forget(hash);
      forReading.forget(hash);
    },
  };
}
