export type JsonObject = Readonly<Record<string, unknown>>;

/** An object as JSON has them: neither an array nor one of a class, which would come back as something else. */
export function isPlain(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return true;
  // Objects of another realm have another Object.prototype, above which there is nothing either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * JSON text from which the same value is read again, -0 and halves of surrogate pairs too. Throws where there is none: at a number that
 * is not finite, an object of a class, something that is no data.
 */
export function jsonText(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${Array.from(value, jsonText).join(',')}]`;
  if (isPlain(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${jsonText(field)}`).join(',')}}`;
  }
  const data = value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  if (!data) throw new TypeError('This is no value of JSON.');
  return JSON.stringify(value);
}

/** Sets a field of a new object whatever its name is: `__proto__` is a name as any other. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
