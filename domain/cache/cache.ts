import type { Method } from './cost.ts';
import type { PackingSchema } from './packing.ts';

/** Values that are alike: of one shape, kept and asked for in one way. What the cache learns, it learns of a kind and size band. */
export interface Kind {
  /** In keys, metrics and reports: short, lower case. */
  readonly name: string;
  /** How long a value is kept where nobody says otherwise. */
  readonly ttlMs: number;
  /** `bucket`: many values share a hash, which pays below about 1 KB. */
  readonly place: 'key' | 'bucket';
  /** Values are packed by it; absent, or where a value has no such shape: JSON. */
  readonly schema?: PackingSchema;
  /** The method that an operator insists on; absent: the cheapest is found. */
  readonly pin?: Method;
}

/** Values of one location never meet those of another. */
export interface Key {
  readonly location: string;
  readonly id: string;
}

export interface OfKind {
  /** Name of a kind that the cache was made with. */
  readonly kind: string;
}

export interface Keep extends OfKind {
  /** Absent: the kind's own. */
  readonly ttlMs?: number;
  /** For so long after its `ttlMs` a value is still given while a new one is loaded. Default none. */
  readonly staleMs?: number;
  /** Within the location. Whoever invalidates one of them, invalidates this value. */
  readonly tags?: readonly string[];
}

export interface Wrap extends Keep {
  /** How long an absence is known: a loader that answers `null` says that there is no such thing. Default none. */
  readonly absentMs?: number;
}

/**
 * Two levels, a map in this process and Redis behind it. An outage makes it slower, never wrong: no error of the store reaches a caller, and
 * whoever reads has an answer without it. Values are JSON. `undefined` is unknown; `null` a known absence.
 */
export interface Cache {
  get<T>(key: Key, of: OfKind): Promise<T | null | undefined>;
  set(key: Key, value: unknown, keep: Keep): Promise<void>;
  delete(key: Key, of: OfKind): Promise<void>;
  /**
   * The value, or what the loader gives, which is kept. However many ask at once, in this process and in others, the loader runs once.
   * What was deleted or invalidated while it was loaded is given to who asked before, and not kept. A loader's error is its callers'.
   */
  wrap<T>(key: Key, wrap: Wrap, loader: () => Promise<T | null>): Promise<T | null>;
  /** In the order of the keys. */
  getMany<T>(keys: readonly Key[], of: OfKind): Promise<(T | null | undefined)[]>;
  setMany(entries: readonly { readonly key: Key; readonly value: unknown }[], keep: Keep): Promise<void>;
  deleteMany(keys: readonly Key[], of: OfKind): Promise<void>;
  /** The loader is asked once for all that are not known, and answers in their order. */
  wrapMany<T>(
    keys: readonly Key[],
    wrap: Wrap,
    loader: (missing: readonly Key[]) => Promise<readonly (T | null)[]>,
  ): Promise<(T | null)[]>;
  invalidateTags(location: string, tags: readonly string[]): Promise<void>;
  /** Invalidates the tags, and destroys every dictionary that was made of this location's values: one may hold words of whoever is erased. */
  erase(location: string, tags: readonly string[]): Promise<void>;
  /** Is the shared store reachable right now? */
  healthy(): boolean;
  close(): Promise<void>;
}
