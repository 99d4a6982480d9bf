import { cellsOf, describeCells, encodeSymbols } from './fse.ts';

/** Zstandard has no longer codes. */
const LONGEST = 11;
/** For the weights that tell the codes' lengths. */
const WEIGHTS_LOG = 6;

/**
 * A Huffman code for all 256 bytes, as a dictionary tells it: by the weights of all symbols but the last, which follows from them.
 * @param counts  how often each byte was seen; what was never seen has a long code, so that whoever writes need not look first
 * @returns  undefined where the code would be nothing but eight bits a byte
 * @see RFC 8878, 4.2.1
 */
export function describeHuffman(counts: readonly number[]): Uint8Array | undefined {
  const lengths = codeLengths(counts.map((count) => Math.max(count, 1e-3)));
  const longest = Math.max(...lengths);
  const weights = Uint8Array.from(lengths.slice(0, -1), (length) => longest + 1 - length);
  const seen: number[] = Array.from({ length: Math.max(...weights) + 1 }, () => 0);
  for (const weight of weights) seen[weight] = seen[weight]! + 1;
  if (seen.filter((count) => count > 0).length < 2) return undefined;
  const cells = cellsOf(seen, WEIGHTS_LOG, false);
  const [table, coded] = [describeCells(cells, WEIGHTS_LOG), encodeSymbols(weights, cells, WEIGHTS_LOG)];
  const size = table.length + coded.length;
  return size < 128 ? Uint8Array.of(size, ...table, ...coded) : undefined;
}

interface Package {
  readonly count: number;
  readonly symbols: readonly number[];
}

/** The shortest code of at most `LONGEST` bits, by package-merge (Larmore and Hirschberg, 1990). */
function codeLengths(counts: readonly number[]): number[] {
  const single = counts
    .map((count, symbol): Package => ({ count, symbols: [symbol] }))
    .sort((a, b) => a.count - b.count || a.symbols[0]! - b.symbols[0]!);
  let packages: Package[] = [];
  for (let level = 0; level < LONGEST; level++) {
    const pairs: Package[] = [];
    for (let at = 0; at + 1 < packages.length; at += 2) {
      const [one, other] = [packages[at]!, packages[at + 1]!];
      pairs.push({ count: one.count + other.count, symbols: [...one.symbols, ...other.symbols] });
    }
    // A stable sort: single symbols stand before pairs of the same count.
    packages = [...single, ...pairs].sort((a, b) => a.count - b.count);
  }
  const lengths = counts.map(() => 0);
  for (const { symbols } of packages.slice(0, 2 * counts.length - 2)) {
    for (const symbol of symbols) lengths[symbol] = lengths[symbol]! + 1;
  }
  return lengths;
}
