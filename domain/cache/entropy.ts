import { cellsOf, describeCells } from './fse.ts';
import { describeHuffman } from './huffman.ts';
import { FIRST_OFFSETS, type Seen, seenIn } from './sequences.ts';

/** How a dictionary with tables begins, where one of mere content begins anyhow. */
const MAGIC = [0x37, 0xa4, 0x30, 0xec] as const;
const OFFSETS_LOG = 8;
const LENGTHS_LOG = 9;
/** Rare ones have no say: what was seen less often than this in the samples may well be seen in others. */
const UNSEEN = 0.2;

/**
 * A dictionary of Zstandard with tables: without them each short value has to bring its own, which cost bytes, and time on both sides.
 * Every symbol has a place in them, so that whoever writes takes them without a look. Other codecs see the content, which stands last.
 * @param content  at least eight bytes
 * @param samples  values as they will be written, and best none of those that the content was taken from: the content knows these too well
 * @returns  the content alone, which is a dictionary too, where there is nothing to make tables of
 * @see RFC 8878, 5
 */
export function withTables(content: Uint8Array, samples: readonly Uint8Array[]): Uint8Array {
  return samples.length === 0 ? content : withTablesOf(content, seenIn(content, samples));
}

/** The same, of what was seen elsewhere. */
export function withTablesOf(content: Uint8Array, seen: Seen): Uint8Array {
  if (content.length < 8) return content;
  const literals = describeHuffman(seen.literals);
  if (literals === undefined) return content;
  const table = (counts: readonly number[], log: number): Uint8Array => {
    const softened = counts.map((count) => count + UNSEEN);
    return describeCells(cellsOf(softened, log, true), log);
  };
  const parts = [
    Uint8Array.from(MAGIC),
    littleEndian(idOf(content)),
    literals,
    table(seen.offsets, OFFSETS_LOG),
    table(seen.matchLengths, LENGTHS_LOG),
    table(seen.literalLengths, LENGTHS_LOG),
    ...FIRST_OFFSETS.map(littleEndian),
    content,
  ];
  const dictionary = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    dictionary.set(part, at);
    at += part.length;
  }
  return dictionary;
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

/** Of the numbers that are anybody's to use: those below 2^15 and from 2^31 on are given out. */
function idOf(content: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of content) hash = Math.imul(hash ^ byte, 0x01000193);
  return 2 ** 15 + ((hash >>> 2) % (2 ** 31 - 2 ** 15));
}
