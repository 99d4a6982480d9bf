import type { Key, Kind } from '../../domain/cache/cache.ts';
import { isSame, type Method } from '../../domain/cache/cost.ts';
import type { Choices } from './choices.ts';
import type { Dictionary } from './dictionary.ts';
import { isSettled, readPlain, settled } from './plain-form.ts';
import { scopeOf } from './scope.ts';
import type { Values } from './values.ts';
import type { Encode, Workshop } from './workshop.ts';

/** A value as it lies in the store. */
export interface Found {
  readonly kind: Kind;
  readonly key: Key;
  readonly stored: Buffer;
}

/** What is stored, by the slow level where that pays. */
export interface Recoder {
  /**
   * @returns  in the order of what was found; undefined where it should stay as it is: it is young or near its end, was done before, the
   *   level that wrote it is the best there is, or somebody pinned it
   */
  recode(found: readonly Found[]): Promise<readonly (Buffer | undefined)[]>;
}

/** Nobody wrote it again for so long, and it will stand for as long again. */
const SETTLES_AFTER_MS = 5 * 60_000;

interface Work extends Found {
  readonly at: number;
  readonly plain: Uint8Array;
  readonly method: Method;
  readonly dictionary: Dictionary | undefined;
}

export function createRecoder({
  values,
  workshop,
  choices,
  find,
  writingWith,
  now,
  settlesAfterMs = SETTLES_AFTER_MS,
}: {
  values: Values;
  workshop: Workshop;
  choices: Choices;
  find: (kind: Kind, location: string, number: number) => Dictionary | undefined;
  writingWith: (kind: Kind, location: string, until: number) => Dictionary | undefined;
  now: () => number;
  settlesAfterMs?: number;
}): Recoder {
  function workOn(found: Found, at: number): Work | undefined {
    const { kind, key, stored } = found;
    if (kind.pin !== undefined) return undefined;
    const value = values.read(stored, scopeOf(kind, key), (number) => find(kind, key.location, number));
    if ('miss' in value || isSettled(value.bytes)) return undefined;
    const method = choices.slow(kind, value.bytes.length);
    const entry = method && readPlain(value.bytes, kind.schema);
    if (method === undefined || entry === undefined) return undefined;
    const leftMs = entry.until - now();
    const ageMs = entry.until === Infinity ? Infinity : kind.ttlMs - leftMs;
    if (leftMs < settlesAfterMs || ageMs < settlesAfterMs) return undefined;
    const dictionary = method.dictionary ? writingWith(kind, key.location, entry.until) : undefined;
    return { ...found, at, plain: settled(value.bytes), method, dictionary };
  }

  return {
    async recode(found) {
      const works = found.map(workOn).filter((work) => work !== undefined);
      const results: (Buffer | undefined)[] = found.map(() => undefined);
      while (works.length > 0) {
        const { method } = works[0]!;
        const alike = works.filter((work) => isSame(work.method, method));
        works.splice(0, works.length, ...works.filter((work) => !isSame(work.method, method)));
        const encoded = await workshop.encode(jobOf(alike, method));
        alike.forEach(({ at, stored }, index) => {
          const bytes = encoded[index]!;
          if (bytes.length <= stored.length) results[at] = Buffer.from(bytes);
        });
      }
      return results;
    },
  };
}

function jobOf(works: readonly Work[], method: Method): Encode {
  const dictionaries = [
    ...new Map(
      works.flatMap(({ dictionary }) => (dictionary ? [[dictionary.hash, dictionary] as const] : [])),
    ).values(),
  ];
  const plains = works.map(({ kind, key, plain, dictionary }) => ({
    ...{ bytes: plain, scope: scopeOf(kind, key) },
    dictionary: dictionary && dictionaries.findIndex(({ hash }) => hash === dictionary.hash),
  }));
  return { plains, dictionaries, method };
}
