import type { Key, Kind } from '../../domain/cache/cache.ts';
import {
  type Candidate,
  type Choice,
  choose,
  isSame,
  type Method,
  type Prices,
  type Reckoning,
  sizeBand,
  type Use,
} from '../../domain/cache/cost.ts';
import type { Codecs } from './codecs.ts';
import type { Dictionary } from './dictionary.ts';
import { createLives, type Lives } from './lives.ts';
import { isSwift, methodsToTry } from './methods.ts';
import { createReservoir, type Reservoir, type Sample } from './reservoir.ts';
import { startMethod } from './start-methods.ts';
import type { Tell } from './tell.ts';
import type { Workshop } from './workshop.ts';

/** How the values of a kind and size band are stored now. */
export interface ChoiceInForce {
  readonly kind: string;
  /** See `sizeBand`. */
  readonly band: number;
  readonly method: Method;
  /** start: nothing was measured yet. */
  readonly why: 'start' | Choice['why'];
  /** What values that stay are stored with anew; absent where that would not pay. */
  readonly slow?: Method | undefined;
  /** What it was reckoned with, and the terms of each candidate, the best first; absent before the first trial. */
  readonly use?: Use;
  readonly reckoned?: readonly Reckoning[];
  /** What the last trial measured. */
  readonly candidates?: readonly Candidate[];
}

export interface Choices {
  method(kind: Kind, bytes: number, dictionary: boolean): Method;
  /** Told of every write; of some it keeps a copy. */
  wrote(kind: Kind, key: Key, plain: Uint8Array, lifeMs: number): void;
  read(kind: Kind, bytes: number): void;
  /** A value was taken away before its time. */
  ended(kind: Kind, key: Key): void;
  inForce(): readonly ChoiceInForce[];
  slow(kind: Kind, bytes: number): Method | undefined;
  /** There is a dictionary that no trial of this kind knew. */
  learned(kind: string): void;
  forget(location: string): void;
  /** How many trials there were. */
  trials(): number;
  /** Those that are due are done. */
  settled(): Promise<void>;
}

interface Band {
  readonly kind: Kind;
  readonly band: number;
  method: Method;
  why: ChoiceInForce['why'];
  slow: Method | undefined;
  use: Use | undefined;
  reckoned: readonly Reckoning[] | undefined;
  candidates: readonly Candidate[] | undefined;
  readonly reservoir: Reservoir;
  readonly lives: Lives;
  writes: number;
  reads: number;
  keyBytes: number;
  dueAt: number;
  waitMs: number;
  running: boolean;
  /** A dictionary came since the last trial began. */
  learned: boolean;
}

/** One write in so many is looked at closely, and its value kept for the next trial. */
const LOOKED_AT = 1 / 16;
const SAMPLES = 16;
const SAMPLE_BYTES = 256 * 1024;
/** So many, or half of the bytes that there is room for: long values are few. */
const FEWEST = 6;
/** Between two trials of a band; twice as long after each that changed nothing. */
const TRIAL_EVERY_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 2 * 60 * 60_000;
/** Where there is something that the last one did not know. */
const SOON_MS = 10_000;
const HOUR_MS = 60 * 60_000;

export function createChoices({
  codecs,
  prices,
  workshop,
  dictionaryOf,
  tell,
  now,
  random,
  lookedAt = LOOKED_AT,
  soonMs = SOON_MS,
}: {
  codecs: Codecs;
  prices: Prices;
  /** Absent: nothing is tried, and what it starts with stays. */
  workshop: Workshop | undefined;
  /** What a location's values are written with. */
  dictionaryOf: (kind: Kind, location: string) => Dictionary | undefined;
  tell: Tell;
  now: () => number;
  random: () => number;
  lookedAt?: number;
  soonMs?: number;
}): Choices {
  const bands = new Map<string, Band[]>();
  const trials = new Set<Promise<void>>();
  let tried = 0;

  function bandOf(kind: Kind, bytes: number, dictionary: boolean): Band {
    let ofKind = bands.get(kind.name);
    if (ofKind === undefined) bands.set(kind.name, (ofKind = []));
    const band = sizeBand(bytes);
    return (ofKind[band] ??= {
      ...{ kind, band, writes: 0, reads: 0, keyBytes: 0, dueAt: 0, waitMs: TRIAL_EVERY_MS, running: false },
      ...{ learned: false, slow: undefined, use: undefined, reckoned: undefined, candidates: undefined },
      method: kind.pin ?? startMethod(band, dictionary, codecs.has),
      why: kind.pin === undefined ? 'start' : 'pinned',
      reservoir: createReservoir({ most: SAMPLES, mostBytes: SAMPLE_BYTES, random }),
      lives: createLives({ now }),
    });
  }

  const existing = (kind: Kind, bytes: number): Band | undefined => bands.get(kind.name)?.[sizeBand(bytes)];

  async function trial(band: Band): Promise<void> {
    band.learned = false;
    const samples = [...band.reservoir.samples()];
    const { used, indexes } = dictionariesOf(samples, (location) => dictionaryOf(band.kind, location));
    const candidates = await workshop!.measure({
      samples: samples.map(({ bytes }, at) => ({ bytes, dictionary: indexes[at] })),
      dictionaries: used,
      methods: methodsToTry(codecs, used.length > 0),
    });
    tried += 1;
    const use = useOf(band, samples);
    const before = band.method;
    apply(band, candidates, use);
    band.waitMs = isSame(before, band.method) ? Math.min(band.waitMs * 2, LONGEST_WAIT_MS) : TRIAL_EVERY_MS;
    // What was long ago says less and less.
    band.writes /= 2;
    band.reads /= 2;
    band.reservoir.clear();
  }

  function apply(band: Band, candidates: readonly Candidate[], use: Use): void {
    const swift = candidates.filter((candidate) => isSwift(candidate, band.band));
    const { method, why } = choose(swift, { use, prices, current: band.method });
    const all = choose(candidates, { use, prices });
    const net = (of: Method): number => all.reckoned.find((one) => isSame(one.method, of))!.netDollars;
    Object.assign(band, { method, why, use, reckoned: all.reckoned, candidates });
    band.slow = net(all.method) > net(method) ? all.method : undefined;
  }

  function due(band: Band): void {
    if (workshop === undefined || band.running || band.why === 'pinned' || now() < band.dueAt) return;
    if (!isEnough(band.reservoir.samples())) return;
    band.running = true;
    const running = trial(band)
      .catch((error: unknown) => tell.debug({ err: error, kind: band.kind.name }, 'a trial of codecs failed'))
      .finally(() => {
        band.running = false;
        band.dueAt = now() + (band.learned && !band.method.dictionary ? soonMs : band.waitMs);
        trials.delete(running);
      });
    trials.add(running);
  }

  return {
    method: (kind, bytes, dictionary) => bandOf(kind, bytes, dictionary).method,
    wrote(kind, key, plain, lifeMs) {
      const band = existing(kind, plain.length)!;
      band.writes += 1;
      const watched = random() < lookedAt;
      band.lives.wrote(key, lifeMs, watched);
      if (!watched) return;
      band.keyBytes = kind.name.length + key.location.length + key.id.length + KEY_FRAME;
      band.reservoir.offer(key.location, plain);
      due(band);
    },
    read(kind, bytes) {
      const band = existing(kind, bytes);
      if (band !== undefined) band.reads += 1;
    },
    ended(kind, key) {
      bands.get(kind.name)?.forEach(({ lives }) => lives.ended(key));
    },
    inForce: () =>
      [...bands.values()].flatMap((ofKind) =>
        ofKind.map(({ kind, band, method, why, slow, use, reckoned, candidates }) => ({
          ...{ kind: kind.name, band, method, why, slow },
          ...(use && { use }),
          ...(reckoned && { reckoned }),
          ...(candidates && { candidates }),
        })),
      ),
    slow: (kind, bytes) => existing(kind, bytes)?.slow,
    learned(kind) {
      bands.get(kind)?.forEach((band) => {
        band.learned = true;
        if (!band.method.dictionary) band.dueAt = Math.min(band.dueAt, now() + soonMs);
      });
    },
    forget(location) {
      for (const ofKind of bands.values()) ofKind.forEach(({ reservoir }) => reservoir.forget(location));
    },
    trials: () => tried,
    async settled() {
      await Promise.all(trials);
    },
  };
}

const isEnough = (samples: readonly Sample[]): boolean =>
  samples.length >= FEWEST || samples.reduce((sum, { bytes }) => sum + bytes.length, 0) >= SAMPLE_BYTES / 2;

/** `lw:c:` and two colons. */
const KEY_FRAME = 7;

function useOf(band: Band, samples: readonly Sample[]): Use {
  return {
    keyBytes: band.keyBytes,
    place: band.kind.place,
    plainBytes: samples.map(({ bytes }) => bytes.length),
    lifeHours: band.lives.meanMs() / HOUR_MS,
    readsPerWrite: band.reads / Math.max(1, band.writes),
  };
}

/** Each dictionary once, and which one each sample is written with. */
function dictionariesOf(
  samples: readonly Sample[],
  of: (location: string) => Dictionary | undefined,
): { used: Dictionary[]; indexes: (number | undefined)[] } {
  const used: Dictionary[] = [];
  const indexes = samples.map(({ location }) => {
    const dictionary = of(location);
    if (dictionary === undefined) return undefined;
    const at = used.findIndex(({ hash }) => hash === dictionary.hash);
    return at >= 0 ? at : used.push(dictionary) - 1;
  });
  return { used, indexes };
}
