import type { Kind } from '../../domain/cache/cache.ts';
import type { Dictionary } from './dictionary.ts';

/** A dictionary of a location's own, at hand. */
export interface Own {
  readonly dictionary: Dictionary;
  /** Redis keeps it for so long at least. */
  keptUntil: number;
  renewedAt: number;
}

/** What this process knows of a kind at a location. */
export interface Place {
  readonly kind: Kind;
  readonly location: string;
  readonly own: Map<number, Own>;
  /** 0: none. */
  current: number;
  /** As Redis had it when this process last looked; undefined: it never did. */
  mark: string | undefined;
  /** Whether Redis was asked since something changed there. */
  seen: boolean;
  asking: Promise<void> | undefined;
  /** Longest life of a value here, ms. */
  longestMs: number;
}

export interface Places {
  of(kind: Kind, location: string): Place;
  find(kind: Kind, location: string): Place | undefined;
  all(): readonly Place[];
  put(place: Place, own: Own): void;
  drop(place: Place, number: number): void;
  dropLocation(location: string): void;
}

const MOST_PLACES = 2000;

/** Bounded: the location that has been known for longest makes room, and is looked up again when it is asked for. */
export function createPlaces({
  onForgotten,
  onLearned,
}: {
  onForgotten: (dictionary: Dictionary) => void;
  onLearned: (kind: Kind) => void;
}): Places {
  const locations = new Map<string, Map<string, Place>>();
  let count = 0;

  function of(kind: Kind, location: string): Place {
    let kinds = locations.get(location);
    if (kinds === undefined) locations.set(location, (kinds = new Map<string, Place>()));
    let place = kinds.get(kind.name);
    if (place === undefined) {
      place = {
        ...{ kind, location, own: new Map<number, Own>(), current: 0, mark: undefined, seen: false, asking: undefined },
        longestMs: kind.ttlMs,
      };
      kinds.set(kind.name, place);
      count += 1;
      const eldest = locations.keys().next();
      if (count > MOST_PLACES && !eldest.done && eldest.value !== location) dropLocation(eldest.value);
    }
    return place;
  }

  function drop(place: Place, number: number): void {
    const own = place.own.get(number);
    place.own.delete(number);
    if (place.current === number) place.current = 0;
    if (own !== undefined) onForgotten(own.dictionary);
  }

  function dropLocation(location: string): void {
    const kinds = locations.get(location);
    locations.delete(location);
    for (const place of kinds?.values() ?? []) {
      count -= 1;
      for (const number of [...place.own.keys()]) drop(place, number);
    }
  }

  return {
    of,
    find: (kind, location) => locations.get(location)?.get(kind.name),
    all: () => [...locations.values()].flatMap((kinds) => [...kinds.values()]),
    put(place, own) {
      const { number } = own.dictionary;
      drop(place, number);
      place.own.set(number, own);
      onLearned(place.kind);
    },
    drop,
    dropLocation,
  };
}
