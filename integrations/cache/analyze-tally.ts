import { sizeBand } from '../../domain/cache/cost.ts';
import { memoryUsage } from '../../domain/cache/size-class.ts';
import { headerOf, MAX_DECODED_BYTES } from './envelope.ts';

/** Keys of one sort, and some of them, each as likely as any other. */
export interface Stratum {
  readonly keys: number;
  readonly sample: readonly Buffer[];
}

/** What stands of a kind. */
export interface Tally {
  /** That can be read, as far as their headers say. */
  readonly values: number;
  /** In buckets, past their time or out of reach, and not swept yet. */
  readonly ended: number;
  /** Of another format or type. */
  readonly unreadable: number;
  /** Before the codec: JSON or packed, and when it ends. */
  readonly plainBytes: number;
  readonly storedBytes: number;
  /** What `MEMORY USAGE` would say of plain JSON in keys of their own, by the size classes; undefined where one is unknown. */
  readonly asJsonBytes: number | undefined;
  /** How many values, by codec and by size band. */
  readonly codecs: ReadonlyMap<string, number>;
  readonly bands: ReadonlyMap<number, number>;
}

/** What is known of values from elsewhere; undefined where it is not. */
export interface KnownOfValues {
  jsonBytes(kind: string, plainBytes: number): number | undefined;
  /** Of a value in a bucket, were its key its own. */
  keyBytes(kind: string, band: number): number | undefined;
}

export interface Counting {
  readonly tally: Tally;
  /** @param keyBytes  absent: it lies in a bucket */
  value(first: Buffer, storedBytes: number, keyBytes?: number): void;
  ended(): void;
  unreadable(): void;
}

export function createCounting(kind: string, known: KnownOfValues): Counting {
  const codecs = new Map<string, number>();
  const bands = new Map<number, number>();
  const tally = { values: 0, ended: 0, unreadable: 0, plainBytes: 0, storedBytes: 0, codecs, bands };
  const asJson: { bytes: number | undefined } = { bytes: 0 };

  function addAsJson(plainBytes: number, keyBytes: number | undefined): void {
    const json = known.jsonBytes(kind, plainBytes);
    const of = json === undefined || keyBytes === undefined ? undefined : memoryUsage(keyBytes, Math.round(json));
    asJson.bytes = of === undefined || asJson.bytes === undefined ? undefined : asJson.bytes + of;
  }

  return {
    get tally() {
      return { ...tally, asJsonBytes: asJson.bytes };
    },
    value(first, storedBytes, keyBytes) {
      const header = headerOf(first, storedBytes);
      if (header === undefined || header.length > MAX_DECODED_BYTES) {
        tally.unreadable += 1;
        return;
      }
      const { codec, dictionary, length } = header;
      const band = sizeBand(length);
      tally.values += 1;
      tally.plainBytes += length;
      tally.storedBytes += storedBytes;
      add(codecs, dictionary === 0 ? codec : `${codec}+dictionary`);
      add(bands, band);
      addAsJson(length, keyBytes ?? known.keyBytes(kind, band));
    },
    ended: () => void (tally.ended += 1),
    unreadable: () => void (tally.unreadable += 1),
  };
}

export interface Collecting extends Stratum {
  put(key: Buffer): void;
}

/** @param most  how many are kept of all that come */
export function createStratum(most: number, random: () => number): Collecting {
  let keys = 0;
  const sample: Buffer[] = [];
  return {
    get keys() {
      return keys;
    },
    sample,
    put(key) {
      keys += 1;
      const at = keys <= most ? keys - 1 : Math.floor(random() * keys);
      if (at < most) sample[at] = key;
    },
  };
}

function add<K>(to: Map<K, number>, what: K): void {
  to.set(what, (to.get(what) ?? 0) + 1);
}
