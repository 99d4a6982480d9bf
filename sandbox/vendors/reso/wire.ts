/** A JSON object whose fields nobody has looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** A record of a resource: field → value, in the words of the data dictionary. */
export type Row = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An int64 goes out as a bare number, digit for digit, or as a text where the caller asked for that. */
export function serialized(value: unknown, int64AsText: boolean): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // What has no int64 in it is written without being looked at value by value.
    if (!(error instanceof TypeError)) throw error;
    const text = JSON.stringify(value, (_name, one: unknown) => (typeof one === 'bigint' ? `@int64:${one}@` : one));
    return text.replace(/"@int64:(\d+)@"/g, int64AsText ? '"$1"' : '$1');
  }
}

/** FNV-1a, 32 bits: the same text has the same number on every machine. */
export function hashOf(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
