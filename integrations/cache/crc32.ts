import * as zlib from 'node:zlib';

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The first `end` bytes, one by one: for a handful of them a call into native code costs more than this. */
export function headerCrc32(bytes: Uint8Array, end: number, before = 0): number {
  let crc = ~before;
  for (let at = 0; at < end; at++) crc = TABLE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The same without native code, for a runtime that has no `zlib.crc32`. */
export function portableCrc32(data: Uint8Array | string, before = 0): number {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return headerCrc32(bytes, bytes.length, before);
}

/** CRC-32 of `data` (text as UTF-8), continued from `before`. */
export const crc32: (data: Uint8Array | string, before?: number) => number =
  (zlib as { crc32?: typeof zlib.crc32 }).crc32 ?? portableCrc32;
