import { createHash } from 'node:crypto';

/**
 * Bytes that values of one kind are compressed against: whoever reads a value needs the very same ones.
 * `number` is what the stored value names it by, within its kind and location: 1–255. `hash` tells contents apart everywhere.
 */
export interface Dictionary {
  readonly number: number;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

export function dictionaryOf(number: number, bytes: Uint8Array): Dictionary {
  if (!Number.isInteger(number) || number < 1 || number > 255) {
    throw new RangeError(`A dictionary's number is 1 to 255, not ${number}: it is one byte, and 0 stands for none.`);
  }
  return { number, hash: createHash('sha256').update(bytes).digest('base64url'), bytes };
}

/** A bounded map that forgets what was longest unused: digested dictionaries live outside of the heap, where nobody counts them. */
export function keepLatest<T>(bound: number, dispose: (value: T) => void = () => undefined) {
  const map = new Map<string, T>();
  /** The key that was asked for last, which is as a rule the next one. */
  let latest: string | undefined;
  let valueOfLatest: T | undefined;
  const drop = (key: string): void => {
    const value = map.get(key);
    if (value === undefined) return;
    map.delete(key);
    if (key === latest) latest = valueOfLatest = undefined;
    dispose(value);
  };
  return {
    get(key: string, make: () => T): T {
      if (key === latest) return valueOfLatest!;
      let value = map.get(key);
      if (value === undefined) value = make();
      else map.delete(key);
      map.set(key, value);
      if (map.size > bound) drop(map.keys().next().value!);
      [latest, valueOfLatest] = [key, value];
      return value;
    },
    /** Everything below a prefix goes: a dictionary is digested once per level. */
    forget(prefix: string): void {
      for (const key of [...map.keys()]) if (key.startsWith(prefix)) drop(key);
    },
  };
}
