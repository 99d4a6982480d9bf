/**
 * What a string costs on a Redis server: the allocator hands out sizes in classes, so a value that is a little shorter often takes as much
 * as before. Sources: Redis 7.0 `sds.c`, `object.c`, `dict.c`, `listpack.c`; jemalloc's classes with a quantum of 16 bytes, as the
 * packages of Debian have them. Redis's own build also has 24, 40 and 56, which spares 8 bytes in each of a key's two entries.
 */

/** jemalloc's class of a request: 8, then 16 by 16 up to 128, then four to each doubling. */
export function sizeClass(bytes: number): number {
  if (bytes <= 8) return 8;
  if (bytes <= 128) return Math.ceil(bytes / 16) * 16;
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

const OBJECT = 16;
const DICT_ENTRY = 24;
/**
 * Two tables, of the keys and of their expiries, have a pointer for each slot and between one and two slots for each key: with every load
 * equally likely on the scale of doublings, 8 · 2 ln 2 bytes each.
 */
const TABLE_SLOTS = Math.round(2 * 8 * 2 * Math.LN2);

/** The longest value that shares its allocation with its object. */
const EMBEDDED = 44;

/** A text of Redis: its header by its length, and a 0 at its end. */
function stringBytes(length: number, shortest = 1): number {
  const header = length < 2 ** 5 ? shortest : length < 2 ** 8 ? 3 : length < 2 ** 16 ? 5 : length < 2 ** 32 ? 9 : 17;
  return header + length + 1;
}

/** What `MEMORY USAGE` says of a key that holds a string: its entry, the key itself and the value. */
export function memoryUsage(keyBytes: number, valueBytes: number): number {
  const value =
    valueBytes <= EMBEDDED
      ? sizeClass(OBJECT + stringBytes(valueBytes, 3))
      : OBJECT + sizeClass(stringBytes(valueBytes));
  return DICT_ENTRY + sizeClass(stringBytes(keyBytes)) + value;
}

/** By how much `used_memory` grows for it, with a TTL: its entry in full, its expiry's entry, and its slots in both tables. */
export function memoryOfKey(keyBytes: number, valueBytes: number): number {
  const entries = 2 * sizeClass(DICT_ENTRY) - DICT_ENTRY;
  return memoryUsage(keyBytes, valueBytes) + entries + TABLE_SLOTS;
}

/**
 * What one more field costs in a hash that is stored as a listpack. The pack grows by the very bytes; of its size class about a tenth is
 * unused, and the bucket's own key is shared by its fields.
 */
export function memoryOfField(fieldBytes: number, valueBytes: number): number {
  return Math.round((listpackBytes(fieldBytes) + listpackBytes(valueBytes)) * 1.1);
}

/** Length in front, bytes, and the way back behind. */
function listpackBytes(length: number): number {
  const front = length < 2 ** 6 ? 1 : length < 2 ** 12 ? 2 : 5;
  const back = Math.max(1, Math.ceil(Math.log2(front + length + 1) / 7));
  return front + length + back;
}
