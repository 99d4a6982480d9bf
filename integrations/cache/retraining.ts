import type { Kind } from '../../domain/cache/cache.ts';
import type { Method } from '../../domain/cache/cost.ts';
import type { Dictionary } from './dictionary.ts';
import type { DictionaryStore } from './dictionary-store.ts';
import { createReservoir, type Reservoir } from './reservoir.ts';
import type { Tell } from './tell.ts';
import type { Workshop } from './workshop.ts';

/** Dictionaries of a location's own, made of samples of its own values and no others. */
export interface Retraining {
  /** Told of every write; of some it keeps a copy for a while. */
  wrote(kind: Kind, location: string, plain: Uint8Array, storedBytes: number): void;
  /** No sample of it stays, and what is being made of some is thrown away. */
  forget(location: string): void;
  counts(): RetrainCounts;
  /** Those that are due are done. */
  settled(): Promise<void>;
}

export interface RetrainCounts {
  /** Better than what was there, and in force. */
  readonly adopted: number;
  /** Made, and not clearly better. */
  readonly rejected: number;
}

interface Pupil {
  readonly kind: Kind;
  readonly location: string;
  readonly reservoir: Reservoir;
  /** When the first of its samples was taken. */
  since: number;
  /**
   * to-teach: as soon as there are enough samples · settling: the ratio that is usual now is being found · watching: and compared with
   */
  phase: 'to-teach' | 'settling' | 'watching';
  /** Stored over plain bytes, of late. */
  ratio: number | undefined;
  usualRatio: number;
  /** Not before. */
  dueAt: number;
  waitMs: number;
  reviewAt: number;
  teaching: boolean;
}

const SAMPLES = 240;
const SAMPLE_BYTES = 512 * 1024;
/** A dictionary is made of so much of a longer value. */
const CUT = 16 * 1024;
const LOOKED_AT = 1 / 4;
/** Samples are no older than this, so that none survives an erasure that this process never heard of. */
const OLDEST_MS = 24 * 60 * 60_000;
const MOST_PUPILS = 32;
/** A ratio that is worse by so much has drifted; a new dictionary has to win so much. */
const DRIFTED = 1.1;
const WORTH_IT = 0.93;
const RATIO_WEIGHT = 1 / 64;
const SHORTEST_WAIT_MS = 15 * 60_000;
const LONGEST_WAIT_MS = 24 * 60 * 60_000;
/** However steady the ratio is, something better may have become possible. */
const REVIEW_MS = 6 * 60 * 60_000;
/** As the dictionaries that ship with the product: a larger one costs more to digest and wins next to nothing. */
const DICTIONARY_BYTES = 15 * 1024;
const JUDGED_BY: Method = { codec: 'zstd', level: 3, dictionary: true };
const JUDGED_WITHOUT_ZSTD: Method = { codec: 'deflate', level: 6, dictionary: true };

export function createRetraining({
  store,
  workshop,
  zstd,
  committed,
  tell,
  now,
  random,
  samples = SAMPLES,
  lookedAt = LOOKED_AT,
}: {
  store: DictionaryStore;
  workshop: Workshop;
  zstd: boolean;
  committed: (kind: Kind) => Dictionary | undefined;
  tell: Tell;
  now: () => number;
  random: () => number;
  samples?: number;
  lookedAt?: number;
}): Retraining {
  const pupils = new Map<string, Pupil>();
  const lessons = new Set<Promise<void>>();
  let adopted = 0;
  let rejected = 0;

  const nameOf = (kind: Kind, location: string): string => `${kind.name}:${location}`;

  function enrol(kind: Kind, location: string): Pupil {
    const pupil: Pupil = {
      ...{ kind, location, since: now(), phase: 'to-teach', ratio: undefined, usualRatio: 0 },
      ...{ dueAt: 0, waitMs: SHORTEST_WAIT_MS, reviewAt: 0, teaching: false },
      reservoir: createReservoir({ most: samples, mostBytes: SAMPLE_BYTES, cut: CUT, random }),
    };
    const eldest = pupils.keys().next();
    if (pupils.size >= MOST_PUPILS && !eldest.done) pupils.delete(eldest.value);
    pupils.set(nameOf(kind, location), pupil);
    return pupil;
  }

  /** Still to be taught: neither forgotten nor put out of the way meanwhile. */
  const isKept = (pupil: Pupil): boolean => pupils.get(nameOf(pupil.kind, pupil.location)) === pupil;

  async function teach(pupil: Pupil): Promise<void> {
    const { kind, location } = pupil;
    const lock = await store.lock(kind, location);
    // Whoever has it gives everybody the result; an erasure that was not heard of has emptied the reservoir.
    if (lock === undefined) return store.refresh(kind, location);
    try {
      // Erased while the lock was asked for.
      if (!isKept(pupil)) return;
      const all = pupil.reservoir.samples().map(({ bytes }) => bytes);
      const held = all.filter((_, at) => at % 4 === 0);
      const bytes = await workshop.build({ samples: all.filter((_, at) => at % 4 !== 0), bytes: DICTIONARY_BYTES });
      const current = store.inForce(kind, location, now()) ?? committed(kind);
      const before = await storedWith(held, current);
      const after = await storedWith(held, { number: 1, hash: `trial:${kind.name}`, bytes });
      const better = bytes.length > 0 && after < before * WORTH_IT && isKept(pupil);
      if (better && (await store.adopt(kind, location, lock, bytes)) !== undefined) {
        adopted += 1;
        pupil.waitMs = SHORTEST_WAIT_MS;
        tell.info({ kind: kind.name, before, after }, 'a location has a dictionary of its own that is better');
      } else {
        rejected += 1;
        pupil.waitMs = Math.min(pupil.waitMs * 2, LONGEST_WAIT_MS);
      }
    } finally {
      await store.release(kind, location, lock);
    }
  }

  async function storedWith(held: readonly Uint8Array[], dictionary: Dictionary | undefined): Promise<number> {
    const method = zstd ? JUDGED_BY : JUDGED_WITHOUT_ZSTD;
    const [candidate] = await workshop.measure({
      samples: held.map((bytes) => ({ bytes, dictionary: dictionary && 0 })),
      dictionaries: dictionary ? [dictionary] : [],
      methods: [method],
    });
    return candidate!.storedBytes.reduce((sum, bytes) => sum + bytes, 0);
  }

  function restart(pupil: Pupil, phase: Pupil['phase']): void {
    pupil.phase = phase;
    pupil.since = now();
    pupil.ratio = phase === 'to-teach' ? pupil.ratio : undefined;
    pupil.reservoir.clear();
  }

  const isFull = ({ reservoir }: Pupil): boolean => {
    const kept = reservoir.samples();
    return kept.length >= samples || kept.reduce((sum, { bytes }) => sum + bytes.length, 0) > SAMPLE_BYTES - CUT;
  };

  /** Whatever is usual by now is what drift is measured from; a lesson is of samples of after it was noticed. */
  function observe(pupil: Pupil): void {
    const { phase, ratio = 0 } = pupil;
    if (phase === 'watching') {
      if (ratio > pupil.usualRatio * DRIFTED || now() >= pupil.reviewAt) restart(pupil, 'to-teach');
    } else if (!pupil.teaching && isFull(pupil)) {
      if (phase === 'settling')
        Object.assign(pupil, { phase: 'watching', usualRatio: ratio, reviewAt: now() + REVIEW_MS });
      else if (now() >= pupil.dueAt) give(pupil);
    }
  }

  function give(pupil: Pupil): void {
    pupil.teaching = true;
    const lesson = teach(pupil)
      .catch((error: unknown) => tell.debug({ err: error, kind: pupil.kind.name }, 'no dictionary could be made'))
      .finally(() => {
        pupil.teaching = false;
        pupil.dueAt = now() + pupil.waitMs;
        restart(pupil, 'settling');
        lessons.delete(lesson);
      });
    lessons.add(lesson);
  }

  return {
    wrote(kind, location, plain, storedBytes) {
      if (random() >= lookedAt) return;
      const pupil = pupils.get(nameOf(kind, location)) ?? enrol(kind, location);
      if (now() - pupil.since > OLDEST_MS) restart(pupil, pupil.phase);
      const ratio = storedBytes / plain.length;
      pupil.ratio = pupil.ratio === undefined ? ratio : pupil.ratio + (ratio - pupil.ratio) * RATIO_WEIGHT;
      pupil.reservoir.offer(location, plain);
      observe(pupil);
    },
    forget(location) {
      for (const [name, pupil] of pupils) if (pupil.location === location) pupils.delete(name);
    },
    counts: () => ({ adopted, rejected }),
    async settled() {
      await Promise.all(lessons);
    },
  };
}
