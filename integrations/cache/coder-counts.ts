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
  /** CPU that coding took, JSON or packing included: measured of one value in sixteen and reckoned up. */
  readonly writeMicros: number;
  readonly reads: number;
  readonly readMicros: number;
  /** How many were measured; of long ones, which the thread pool codes, and where a dictionary had to be fetched, none are. */
  readonly timedWrites: number;
  readonly timedReads: number;
  readonly misses: Readonly<Partial<Record<DecodeMissReason, number>>>;
  /** Values written, by codec; those with a dictionary end in `+dictionary`. */
  readonly codecs: Readonly<Record<string, number>>;
}

export interface KindCounter {
  /** The CPU used so far, if the next value is one of those that are measured, else NaN. */
  writeStarts(): number;
  readStarts(): number;
  wrote(plainBytes: number, stored: Buffer, codec: string, micros: number | undefined): void;
  read(micros: number | undefined): void;
  missed(reason: DecodeMissReason): void;
  stats(): KindStats;
}

/** One value in so many. */
export const TIMED = 16;

/** The whole process's, while nothing else can begin: what a busy machine gives to others does not count. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export function createKindCounter({ name }: Kind): KindCounter {
  let [writeTurn, readTurn, writes, plain, storedBytes, writeMicros, reads, readMicros] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [timedWrites, timedReads] = [0, 0];
  const misses: Partial<Record<DecodeMissReason, number>> = {};
  const codecs: Record<string, number> = {};
  return {
    writeStarts: () => ((writeTurn += 1) % TIMED === 0 ? cpuMicros() : NaN),
    readStarts: () => ((readTurn += 1) % TIMED === 0 ? cpuMicros() : NaN),
    wrote(plainBytes, { length }, codec, micros) {
      writes += 1;
      plain += plainBytes;
      storedBytes += length;
      codecs[codec] = (codecs[codec] ?? 0) + 1;
      if (micros === undefined) return;
      timedWrites += 1;
      writeMicros += micros * TIMED;
    },
    read(micros) {
      reads += 1;
      if (micros === undefined) return;
      timedReads += 1;
      readMicros += micros * TIMED;
    },
    missed(reason) {
      misses[reason] = (misses[reason] ?? 0) + 1;
    },
    stats: () => ({
      ...{ kind: name, writes, plainBytes: plain, storedBytes, writeMicros, reads, readMicros },
      ...{ timedWrites, timedReads },
      ...{ misses: { ...misses }, codecs: { ...codecs } },
    }),
  };
}
