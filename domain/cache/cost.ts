import { memoryOfField, memoryOfKey } from './size-class.ts';

/** Which way a value can be stored. */
export interface Method {
  readonly codec: string;
  /** A higher one of the same codec takes longer to write and is read as fast. */
  readonly level: number;
  readonly dictionary: boolean;
}

/** A method, tried on samples of a kind and size band. */
export interface Candidate extends Method {
  /** As stored, its envelope included, in the order of the use's plain bytes. */
  readonly storedBytes: readonly number[];
  /** CPU time of one value, microseconds, beyond what reading and writing JSON takes in any case. */
  readonly writeMicros: number;
  readonly readMicros: number;
}

/** How the values of a kind and size band are kept and asked for. */
export interface Use {
  readonly keyBytes: number;
  /** Fields of a hash share a key. */
  readonly place: 'key' | 'bucket';
  /** Of the samples, as JSON. */
  readonly plainBytes: readonly number[];
  /** How long a value stands until it is written again, deleted or expires, on average. */
  readonly lifeHours: number;
  /** How often it is decoded within that life; reads that the near level answers are none. */
  readonly readsPerWrite: number;
}

/** Money as whoever pays for the servers sees it. */
export interface Prices {
  readonly dollarsPerGbHour: number;
  readonly dollarsPerCpuSecond: number;
}

/** What one value costs in its life, and what it would cost as plain JSON. */
export interface Reckoning {
  readonly method: Method;
  /** On the server, rounded to the allocator's size class; the mean of the samples. */
  readonly memoryBytes: number;
  readonly bytesSaved: number;
  readonly dollarsSaved: number;
  readonly writeDollars: number;
  readonly readDollars: number;
  /** `dollarsSaved − writeDollars − readDollars`; the highest is the best. */
  readonly netDollars: number;
  /** Why it is out of the question: a lower level of the same codec takes no more memory. */
  readonly sameClassAs?: Method;
}

export interface Choice {
  readonly method: Method;
  /** pinned: somebody said so · kept: another is better, but not by enough · best: of those that were tried. */
  readonly why: 'pinned' | 'kept' | 'best';
  /** All candidates, the best first. */
  readonly reckoned: readonly Reckoning[];
}

/** A choice is given up only for one that costs a tenth less: two that are alike do not take turns with each new measurement. */
const WORTH_A_CHANGE = 0.9;
const GB = 1e9;

/**
 * Which method is worth its CPU. Hot values go to what is read fastest, cold ones to what is smallest, and nothing pays for a level whose
 * result the allocator rounds up to the same size.
 * @param current  the choice in force, kept unless another is clearly better
 * @param pin      the method that an operator insists on; it must be among the candidates
 * Throws RangeError where there is no candidate, or none as pinned.
 */
export function choose(
  candidates: readonly Candidate[],
  { use, prices, current, pin }: { use: Use; prices: Prices; current?: Method | undefined; pin?: Method | undefined },
): Choice {
  const plain = meanMemory(use.plainBytes, use);
  const reckoned = withoutSameClass(candidates.map((candidate) => reckon(candidate, plain, use, prices)));
  const open = reckoned.filter(({ sameClassAs }) => sameClassAs === undefined);
  const best = open[0];
  if (best === undefined) throw new RangeError('Without a candidate there is nothing to choose.');
  if (pin !== undefined) {
    if (!reckoned.some(({ method }) => isSame(method, pin))) throw new RangeError('The pinned method was not tried.');
    return { method: pin, why: 'pinned', reckoned };
  }
  const kept = open.find(({ method }) => current !== undefined && isSame(method, current));
  const plainDollars = memoryDollars(plain, use, prices);
  const cost = ({ netDollars }: Reckoning): number => plainDollars - netDollars;
  if (kept === undefined || kept === best || cost(best) < cost(kept) * WORTH_A_CHANGE) {
    return { method: best.method, why: 'best', reckoned };
  }
  return { method: kept.method, why: 'kept', reckoned };
}

/** Values of one band are alike enough to be treated alike: each holds four times the size of the one before, from 64 bytes on. */
export function sizeBand(bytes: number): number {
  return bytes < 64 ? 0 : Math.floor(Math.log2(bytes) / 2) - 2;
}

/** Bytes from which a band of `sizeBand` holds, and below which. */
export function boundsOf(band: number): { readonly from: number; readonly below: number } {
  return { from: band === 0 ? 0 : 4 ** (band + 2), below: 4 ** (band + 3) };
}

export function isSame(a: Method, b: Method): boolean {
  return a.codec === b.codec && a.level === b.level && a.dictionary === b.dictionary;
}

function reckon(candidate: Candidate, plain: number, use: Use, prices: Prices): Reckoning {
  const { codec, level, dictionary, storedBytes, writeMicros, readMicros } = candidate;
  const memoryBytes = meanMemory(storedBytes, use);
  const dollarsSaved = memoryDollars(plain - memoryBytes, use, prices);
  const writeDollars = (writeMicros / 1e6) * prices.dollarsPerCpuSecond;
  const readDollars = (readMicros / 1e6) * use.readsPerWrite * prices.dollarsPerCpuSecond;
  return {
    method: { codec, level, dictionary },
    memoryBytes,
    bytesSaved: plain - memoryBytes,
    dollarsSaved,
    writeDollars,
    readDollars,
    netDollars: dollarsSaved - writeDollars - readDollars,
  };
}

/** Levels are compared by their number, not by what they were measured to take: a busy moment must not make the choice. */
function withoutSameClass(reckoned: readonly Reckoning[]): Reckoning[] {
  return reckoned
    .map((one) => {
      const lower = reckoned.find(
        ({ method: { codec, level, dictionary }, memoryBytes }) =>
          codec === one.method.codec &&
          dictionary === one.method.dictionary &&
          level < one.method.level &&
          memoryBytes <= one.memoryBytes,
      );
      return lower === undefined ? one : { ...one, sameClassAs: lower.method };
    })
    .sort((a, b) => b.netDollars - a.netDollars || a.method.level - b.method.level);
}

function meanMemory(sizes: readonly number[], { keyBytes, place }: Use): number {
  if (sizes.length === 0) throw new RangeError('Without samples there is nothing to reckon with.');
  const memory = place === 'key' ? memoryOfKey : memoryOfField;
  return sizes.reduce((sum, bytes) => sum + memory(keyBytes, bytes), 0) / sizes.length;
}

function memoryDollars(bytes: number, { lifeHours }: Use, { dollarsPerGbHour }: Prices): number {
  return (bytes / GB) * lifeHours * dollarsPerGbHour;
}
