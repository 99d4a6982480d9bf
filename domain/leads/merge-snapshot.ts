import type { Iso } from '../glossary.ts';
import type { ContactPatch, ContactSnapshot } from './contact.ts';

/** Merged one level deeper: a delivery names the channels and fields it knows, and is silent about the others. */
const nested = ['customFields', 'dndChannels'] as const;

export interface MergedSnapshot {
  readonly snapshot: ContactSnapshot;
  /** Time of the newest news in it. */
  readonly at: Iso;
  /** Did any value change? News that repeats what we know changes nothing. */
  readonly changed: boolean;
}

/**
 * What we know of a contact after one more piece of news.
 * Each field keeps the time of its own news, so deliveries may come in any order and end in the same snapshot: older news never
 * overwrites newer. A key absent from the patch stays as it was; null means known to be empty. Of two pieces of news with the same
 * time the one that came last counts, since a fresh read may bear the time of the last change it shows.
 * @param oldAt  time of the old snapshot, for fields whose own time is not on record
 * @param at     vendor's time of the patch
 */
export function mergeSnapshot(
  old: ContactSnapshot | null,
  oldAt: Iso | null,
  patch: ContactPatch,
  at: Iso,
): MergedSnapshot {
  const known = leaves(old ?? {});
  const times = new Map(Object.entries(old?.knownAt ?? {}));
  let changed = false;
  for (const [path, value] of leaves(patch)) {
    const since = known.has(path) ? (times.get(path) ?? oldAt) : null;
    if (since !== null && instantOf(since) > instantOf(at)) continue;
    // A channel that the vendor did not speak of must not hide what it said before.
    if (value === 'unknown' && path.startsWith('dndChannels.') && known.has(path)) continue;
    if (!known.has(path) || !sameValue(known.get(path), value)) changed = true;
    known.set(path, value);
    times.set(path, at);
  }
  const newest = oldAt !== null && instantOf(oldAt) > instantOf(at) ? oldAt : at;
  return { snapshot: assemble(known, times), at: newest, changed };
}

/** Flat view: `phone`, `customFields.<id>`, `dndChannels.sms`. */
function leaves(snapshot: ContactPatch): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [key, value] of Object.entries(snapshot) as [string, unknown][]) {
    if (value === undefined || key === 'knownAt') continue;
    if (isNested(key) && value !== null && typeof value === 'object') {
      for (const [inner, leaf] of Object.entries(value)) if (leaf !== undefined) flat.set(`${key}.${inner}`, leaf);
    } else flat.set(key, value);
  }
  return flat;
}

function assemble(known: ReadonlyMap<string, unknown>, times: ReadonlyMap<string, Iso>): ContactSnapshot {
  // Sorted, so that the same knowledge is the same document whatever the order in which it came.
  const snapshot: Record<string, unknown> = {};
  for (const path of [...known.keys()].sort()) {
    const group = nested.find((key) => path.startsWith(`${key}.`));
    if (group === undefined) snapshot[path] = known.get(path);
    else {
      const inner = (snapshot[group] ??= Object.create(null)) as Record<string, unknown>;
      inner[path.slice(group.length + 1)] = known.get(path);
    }
  }
  for (const key of nested) if (snapshot[key]) snapshot[key] = { ...snapshot[key] };
  const knownAt = Object.fromEntries([...times].filter(([path]) => known.has(path)).sort(byPath));
  return { ...snapshot, knownAt };
}

function byPath(a: readonly [string, Iso], b: readonly [string, Iso]): number {
  return a[0] < b[0] ? -1 : 1;
}

function isNested(key: string): boolean {
  return nested.some((name) => name === key);
}

/** Values are JSON; the order of keys inside a custom field's object is the vendor's and stays. */
function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** ISO strings differ in precision and offset, so they are compared as instants. */
function instantOf(iso: Iso): number {
  return Date.parse(iso);
}
