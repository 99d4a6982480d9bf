/**
 * What is stored of a Zstandard frame: its blocks alone. The magic number, the dictionary's id and the content size say nothing that
 * the envelope does not know, and are up to a tenth of a short value. A reader puts a header back that is the same whoever wrote the
 * blocks, so that every route reads what any route wrote.
 * @see RFC 8878, 3.1.1.1
 */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const SINGLE_SEGMENT = 0x20;
const CHECKSUM = 0x04;

/** Room for the longest header that `writeHeader` writes. */
export const HEADER_BYTES = 9;

/** Where the blocks of a whole frame start. */
export function blocksStart(frame: Uint8Array): number {
  const descriptor = frame[MAGIC.length];
  if (descriptor === undefined || MAGIC.some((byte, index) => frame[index] !== byte) || (descriptor & CHECKSUM) !== 0) {
    throw new Error('Expected one Zstandard frame without a checksum of its own.');
  }
  const single = (descriptor & SINGLE_SEGMENT) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(single) : 1 << sizeFlag;
  return MAGIC.length + 1 + Number(!single) + DICTIONARY_ID_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3] + sizeBytes;
}

/**
 * Writes the header of a frame that holds `length` bytes in one segment: the window is the content, which no block of it can exceed.
 * @returns its size
 */
export function writeHeader(target: Buffer, length: number): number {
  for (let index = 0; index < MAGIC.length; index++) target[index] = MAGIC[index]!;
  if (length < 256) {
    target[4] = SINGLE_SEGMENT;
    return target.writeUInt8(length, 5);
  }
  if (length < 65_792) {
    target[4] = SINGLE_SEGMENT | 0x40;
    return target.writeUInt16LE(length - 256, 5);
  }
  target[4] = SINGLE_SEGMENT | 0x80;
  return target.writeUInt32LE(length, 5);
}

/** A whole frame again, in memory of its own. */
export function wholeFrame(blocks: Uint8Array, length: number): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + blocks.length);
  const start = writeHeader(frame, length);
  frame.set(blocks, start);
  return frame.subarray(0, start + blocks.length);
}

const BLOCK_HEADER = 3;
const LONGEST_BLOCK = 128 * 1024;
/** A shorter one costs more than it is worth. */
const SHORTEST_BLOCK = 8;

/** Can so many bytes be a block as they are? */
export const isRawBlock = (length: number): boolean => length >= SHORTEST_BLOCK && length <= LONGEST_BLOCK;

/** The blocks of a frame, and one more that holds bytes as they are. @see RFC 8878, 3.1.1.2 */
export function withRawBlock(blocks: Uint8Array, bytes: Uint8Array): Buffer {
  const all = Buffer.allocUnsafe(blocks.length + BLOCK_HEADER + bytes.length);
  all.set(blocks);
  const last = lastBlock(all, blocks.length);
  all[last] = all[last]! & ~1;
  all.writeUIntLE((bytes.length << 3) | 1, blocks.length, BLOCK_HEADER);
  all.set(bytes, blocks.length + BLOCK_HEADER);
  return all;
}

const ONE_BYTE_AGAIN = 1;

/** Where the last block starts. */
function lastBlock(blocks: Buffer, end: number): number {
  for (let at = 0; at + BLOCK_HEADER <= end;) {
    const header = blocks.readUIntLE(at, BLOCK_HEADER);
    if ((header & 1) === 1) return at;
    at += BLOCK_HEADER + (((header >> 1) & 3) === ONE_BYTE_AGAIN ? 1 : header >> 3);
  }
  throw new Error('Expected blocks of which one is the last.');
}
