import { headerCrc32, crc32 } from './crc32.ts';

/**
 * A stored value says itself how to read it:
 *
 *   byte 0      format version (high half) and codec (low half)
 *   byte 1      dictionary number within the value's kind and location; 0: none
 *   varint      length once decoded, 1–4 bytes, in the shortest form
 *   4 bytes     CRC-32, little endian, over the scope (UTF-8), the bytes before it and the payload
 *   the rest    payload
 *
 * The scope is not stored: who reads names the key, kind and location he expects, and a value that was written under others is
 * a miss. No JSON text begins with such a byte, so that plain values and sealed ones can lie side by side.
 */
const FORMAT = 1;

/** A codec's number is its place: add at the end, never move one. */
export const CODEC_NAMES = ['none', 'lz4', 'zstd', 'brotli', 'deflate'] as const;
export type CodecName = (typeof CODEC_NAMES)[number];

const CRC_BYTES = 4;
const LONGEST_VARINT = 4;

/** Nothing longer is read or sealed unless the caller says so. */
export const MAX_DECODED_BYTES = 16 * 1024 * 1024;

export interface Sealed {
  /** Whatever must be the same for writer and reader: location, kind and key, and the content of the dictionary. */
  readonly scope: string;
  readonly codec: CodecName;
  /** 1–255, or 0 for none. */
  readonly dictionary: number;
  /** Bytes of the value before it was encoded. */
  readonly length: number;
  readonly payload: Uint8Array;
}

export interface Opened {
  readonly codec: CodecName;
  readonly dictionary: number;
  readonly length: number;
  /** A view into the stored bytes. */
  readonly payload: Uint8Array;
}

/**
 * `foreign`: not of this format, or of another version of it; `too-long`: claims more than the reader takes; `checksum`: damaged,
 * cut off, or of another key.
 */
export type OpenMiss = { readonly miss: 'foreign' | 'too-long' | 'checksum' };

/** @throws RangeError for a value that is longer than the format can say: what is cached is bounded by whoever writes */
export function seal({ scope, codec, dictionary, length, payload }: Sealed): Buffer {
  if (length >= 2 ** (7 * LONGEST_VARINT)) throw new RangeError(`A value of ${length} bytes is too long to be sealed.`);
  const header = headerBytes(length);
  const sealed = Buffer.allocUnsafe(header + CRC_BYTES + payload.length);
  sealed[0] = (FORMAT << 4) | CODEC_NAMES.indexOf(codec);
  sealed[1] = dictionary;
  let rest = length;
  for (let at = 2; at < header; at++) {
    sealed[at] = at === header - 1 ? rest : (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  sealed.set(payload, header + CRC_BYTES);
  sealed.writeUInt32LE(checksum(scope, sealed, header), header);
  return sealed;
}

/** Which dictionary has to be at hand before a value is opened; 0 for none, and for what is not of this format. */
export function dictionaryNumber(stored: Buffer): number {
  return stored.length < 3 + CRC_BYTES || stored[0]! >> 4 !== FORMAT ? 0 : stored[1]!;
}

/**
 * Never throws, whatever the bytes are.
 * @param maxBytes  longest decoded length that the reader takes; checked before anything is allocated
 */
export function open(stored: Buffer, scope: string, maxBytes = MAX_DECODED_BYTES): Opened | OpenMiss {
  const header = headerOf(stored, stored.length);
  if (header === undefined) return { miss: 'foreign' };
  const { codec, dictionary, length } = header;
  if (length > maxBytes) return { miss: 'too-long' };
  const end = headerBytes(length);
  if (stored.readUInt32LE(end) !== checksum(scope, stored, end)) return { miss: 'checksum' };
  return { codec, dictionary, length, payload: stored.subarray(end + CRC_BYTES) };
}

/** So many first bytes of a stored value hold what its header says. */
export const HEADER_BYTES = 2 + LONGEST_VARINT;

/**
 * What a stored value says of itself; undefined for what is not of this format.
 * @param first        its first bytes, `HEADER_BYTES` or all
 * @param storedBytes  how long it is as a whole
 */
export function headerOf(first: Buffer, storedBytes: number): Omit<Opened, 'payload'> | undefined {
  const codec = CODEC_NAMES[first[0]! & 0x0f];
  if (storedBytes < 3 + CRC_BYTES || first[0]! >> 4 !== FORMAT || codec === undefined) return undefined;
  let length = 0;
  let end = 2;
  for (let shift = 0; ; shift += 7) {
    const byte = first[end++];
    if (byte === undefined || shift === 7 * LONGEST_VARINT) return undefined;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (end !== headerBytes(length) || storedBytes < end + CRC_BYTES) return undefined;
  return { codec, dictionary: first[1]!, length };
}

/** Bytes before the checksum. */
function headerBytes(length: number): number {
  if (length < 2 ** 7) return 3;
  if (length < 2 ** 14) return 4;
  return length < 2 ** 21 ? 5 : 6;
}

function checksum(scope: string, sealed: Buffer, header: number): number {
  return crc32(sealed.subarray(header + CRC_BYTES), headerCrc32(sealed, header, crc32(scope, 0)));
}
