/**
 * Dictionaries of raw content: text that the values of a kind are likely to hold, to which a compressor may point back. Which pieces are
 * worth their place is found as COVER does it (Liao, Petri, Moffat and Wirth, Effective construction of relative Lempel-Ziv dictionaries,
 * 2016): a piece is worth as much as its sequences of eight bytes that other samples have too, and that no piece before it holds.
 */

const { imul } = Math;
/** Shorter ones save too little once they are pointed at. */
const SEQUENCE = 8;
/** A piece is at most this long; its ends are cut where no other sample has them. */
const PIECE = 128;
/** Sequences are counted by this many bits of their hash; two that share a count make a piece look a little better than it is. */
const HASH_BITS = 20;
/** Larger samples are read from the start up to here: what returns within a value, the compressor finds by itself. */
const SAMPLE_LIMIT = 16_384;

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly worth: number;
}

/**
 * The same samples make the same bytes. Deflate looks back 32 KB and over short distances in fewer bits, so the worthiest pieces stand last.
 * @param samples  about 200 are enough; what stands in one sample alone is worth nothing, but may come along within a piece
 * @param bytes    at most this many; fewer where the samples have no more in common
 */
export function buildDictionary(samples: readonly Uint8Array[], { bytes }: { bytes: number }): Uint8Array {
  const { text, sampleAt } = joined(samples);
  const hashes = sequenceHashes(text);
  const worths = samplesWith(hashes, sampleAt);
  const pieces = worthiest(hashes, worths, bytes);
  const dictionary = new Uint8Array(pieces.reduce((sum, { from, to }) => sum + to - from, 0));
  let end = dictionary.length;
  for (const { from, to } of pieces) {
    end -= to - from;
    dictionary.set(text.subarray(from, to), end);
  }
  return dictionary;
}

function joined(samples: readonly Uint8Array[]): { text: Uint8Array; sampleAt: Uint32Array } {
  const parts = samples.map((sample) => sample.subarray(0, SAMPLE_LIMIT));
  const text = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const sampleAt = new Uint32Array(text.length);
  let at = 0;
  parts.forEach((part, index) => {
    text.set(part, at);
    sampleAt.fill(index + 1, at, at + part.length);
    at += part.length;
  });
  return { text, sampleAt };
}

/** Of the eight bytes from each place on. */
function sequenceHashes(text: Uint8Array): Uint32Array {
  const hashes = new Uint32Array(Math.max(0, text.length - SEQUENCE + 1));
  for (let at = 0; at < hashes.length; at += 1) {
    let hash = 0x811c9dc5;
    for (let next = at; next < at + SEQUENCE; next += 1) hash = imul(hash ^ text[next]!, 0x01000193);
    hash = imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hashes[at] = (hash ^ (hash >>> 13)) >>> (32 - HASH_BITS);
  }
  return hashes;
}

/** In how many samples the sequences of each hash stand, less the one that would have brought it. */
function samplesWith(hashes: Uint32Array, sampleAt: Uint32Array): Uint32Array {
  const counts = new Uint32Array(2 ** HASH_BITS);
  const last = new Uint32Array(2 ** HASH_BITS);
  hashes.forEach((hash, at) => {
    const sample = sampleAt[at]!;
    if (last[hash] !== 0 && last[hash] !== sample) counts[hash] = counts[hash]! + 1;
    last[hash] = sample;
  });
  return counts;
}

/** Pieces of up to `bytes` together, the worthiest first. Each round takes from every stretch, so that all samples have their say. */
function worthiest(hashes: Uint32Array, worths: Uint32Array, bytes: number): Piece[] {
  const stretch = Math.max(PIECE * 2, Math.floor(hashes.length / Math.max(1, Math.ceil(bytes / PIECE))));
  const pieces: Piece[] = [];
  let room = bytes;
  for (let took = true; took && room >= SEQUENCE;) {
    took = false;
    for (let from = 0; from < hashes.length && room >= SEQUENCE; from += stretch) {
      const best = bestOf(hashes, worths, from, Math.min(from + stretch, hashes.length), Math.min(PIECE, room));
      if (best === undefined) continue;
      const piece = trimmed(hashes, worths, best);
      for (let at = piece.from; at <= piece.to - SEQUENCE; at += 1) worths[hashes[at]!] = 0;
      pieces.push(piece);
      room -= piece.to - piece.from;
      took = true;
    }
  }
  const density = ({ from, to, worth }: Piece): number => worth / (to - from);
  return pieces.sort((a, b) => density(b) - density(a) || a.from - b.from);
}

/** The worthiest piece within a stretch; a sequence that stands twice in it counts once. */
function bestOf(
  hashes: Uint32Array,
  worths: Uint32Array,
  from: number,
  end: number,
  length: number,
): Piece | undefined {
  const within = new Map<number, number>();
  const width = length - SEQUENCE + 1;
  let [worth, best, bestFrom] = [0, 0, from];
  for (let at = from; at < end; at += 1) {
    const entering = hashes[at]!;
    const times = within.get(entering) ?? 0;
    if (times === 0) worth += worths[entering]!;
    within.set(entering, times + 1);
    if (at - from >= width) worth -= leaving(hashes[at - width]!, within, worths);
    if (worth > best) [best, bestFrom] = [worth, Math.max(from, at - width + 1)];
  }
  return best === 0 ? undefined : { from: bestFrom, to: Math.min(bestFrom + width, end) - 1 + SEQUENCE, worth: best };
}

function leaving(hash: number, within: Map<number, number>, worths: Uint32Array): number {
  const times = within.get(hash)!;
  if (times > 1) {
    within.set(hash, times - 1);
    return 0;
  }
  within.delete(hash);
  return worths[hash]!;
}

/**
 * Without what no other sample has at its ends. Within, it stays: cut into the parts that are worth something, pieces save up to 4 % of the bytes less,
 * for whole records are pointed at in longer stretches.
 */
function trimmed(hashes: Uint32Array, worths: Uint32Array, { from, to, worth }: Piece): Piece {
  let [first, last] = [from, to - SEQUENCE];
  while (worths[hashes[first]!] === 0) first += 1;
  while (worths[hashes[last]!] === 0) last -= 1;
  return { from: first, to: last + SEQUENCE, worth };
}
