/** A value in this process. Text, for whoever reads gets a copy of his own: parsing takes a third of what `structuredClone` takes. */
export interface NearEntry {
  /** JSON. */
  readonly text: string;
  readonly freshUntil: number;
  readonly until: number;
  /** As whoever keeps or asks declares them; absent: nobody did. */
  readonly tags: readonly string[] | undefined;
}

interface Held extends NearEntry {
  readonly location: string;
  readonly bytes: number;
  readonly heldSince: number;
}

export interface Near {
  /** Fresh or stale, never past its end. */
  get(name: string): NearEntry | undefined;
  put(slot: { readonly name: string; readonly key: { readonly location: string } }, entry: NearEntry): void;
  drop(name: string): void;
  /** What has one of the tags, and what may have any: nobody declared its tags. */
  dropTagged(location: string, tags: readonly string[]): void;
  clear(): void;
  size(): { readonly entries: number; readonly bytes: number };
}

/** How long a value may live on here when we cannot hear that another process changed it. */
const UNHEARD_MS = 5000;

/** What an entry takes beside its two texts, roughly. */
const ENTRY_BYTES = 200;

/**
 * A map bounded by entries and bytes; what was not used for the longest time goes first.
 * @param heardAt  own time of the last moment up to which every message is known to have come in
 */
export function createNear({
  entries: maxEntries,
  bytes: maxBytes,
  now,
  own,
  heardAt,
}: {
  entries: number;
  bytes: number;
  now: () => number;
  own: () => number;
  heardAt: () => number;
}): Near {
  // A map keeps insertion order, so its first key is the least recently used once every hit is inserted anew.
  const held = new Map<string, Held>();
  const byLocation = new Map<string, Set<string>>();
  let bytes = 0;

  function drop(name: string): void {
    const entry = held.get(name);
    if (entry === undefined) return;
    held.delete(name);
    bytes -= entry.bytes;
    const names = byLocation.get(entry.location);
    names?.delete(name);
    if (names?.size === 0) byLocation.delete(entry.location);
  }

  return {
    get(name) {
      const entry = held.get(name);
      if (entry === undefined) return undefined;
      if (entry.until <= now() || own() >= Math.max(entry.heldSince, heardAt()) + UNHEARD_MS) {
        drop(name);
        return undefined;
      }
      held.delete(name);
      held.set(name, entry);
      return entry;
    },
    put({ name, key: { location } }, entry) {
      drop(name);
      const size = entry.text.length + name.length + ENTRY_BYTES;
      if (size > maxBytes || entry.until <= now()) return;
      held.set(name, { ...entry, location, bytes: size, heldSince: own() });
      bytes += size;
      const names = byLocation.get(location);
      if (names === undefined) byLocation.set(location, new Set([name]));
      else names.add(name);
      for (const oldest of held.keys()) {
        if (held.size <= maxEntries && bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    drop,
    dropTagged(location, tags) {
      for (const name of byLocation.get(location) ?? []) if (sharesTag(held.get(name)!.tags, tags)) drop(name);
    },
    clear() {
      held.clear();
      byLocation.clear();
      bytes = 0;
    },
    size: () => ({ entries: held.size, bytes }),
  };
}

/** Tags that nobody declared may be any. */
export function sharesTag(own: readonly string[] | undefined, tags: readonly string[]): boolean {
  return own === undefined || own.some((tag) => tags.includes(tag));
}
