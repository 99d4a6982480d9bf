import type { Kind } from '../../domain/cache/cache.ts';
import type { MissReason } from './values.ts';

/** `form`: its plain bytes are of another version of the product, or of another schema. */
export type DecodeMissReason = MissReason | 'form' | 'expired';

/** Since the process started. */
export interface KindStats {
  readonly kind: string;
  readonly writes: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
  /** What coding took, JSON or packing included: measured of one value in sixteen and reckoned up; of long ones, the wait for the thread pool too. */
  readonly writeMicros: number;
  readonly reads: number;
  readonly readMicros: number;
  readonly misses: Readonly<Partial<Record<DecodeMissReason, number>>>;
  /** Values written, by codec; those with a dictionary end in `+dictionary`. */
  readonly codecs: Readonly<Record<string, number>>;
}

export interface KindCounter {
  /** When the next value began, if it is one of those that are timed, else NaN. */
  writeStarts(): number;
  readStarts(): number;
  wrote(plainBytes: number, stored: Buffer, codec: string, micros: number | undefined): void;
  read(micros: number | undefined): void;
  missed(reason: DecodeMissReason): void;
  stats(): KindStats;
}

const TIMED = 16;

export function createKindCounter({ name }: Kind): KindCounter {
  let [writeTurn, readTurn, writes, plain, storedBytes, writeMicros, reads, readMicros] = [0, 0, 0, 0, 0, 0, 0, 0];
  const misses: Partial<Record<DecodeMissReason, number>> = {};
  const codecs: Record<string, number> = {};
  return {
    writeStarts: () => ((writeTurn += 1) % TIMED === 0 ? performance.now() : NaN),
    readStarts: () => ((readTurn += 1) % TIMED === 0 ? performance.now() : NaN),
    wrote(plainBytes, { length }, codec, micros) {
      writes += 1;
      plain += plainBytes;
      storedBytes += length;
      codecs[codec] = (codecs[codec] ?? 0) + 1;
      if (micros !== undefined) writeMicros += micros * TIMED;
    },
    read(micros) {
      reads += 1;
      if (micros !== undefined) readMicros += micros * TIMED;
    },
    missed(reason) {
      misses[reason] = (misses[reason] ?? 0) + 1;
    },
    stats: () => ({
      ...{ kind: name, writes, plainBytes: plain, storedBytes, writeMicros, reads, readMicros },
      ...{ misses: { ...misses }, codecs: { ...codecs } },
    }),
  };
}
