import { AppError } from '../../domain/errors.ts';

/**
 * Text as Postgres can hold it. NUL bytes and halves of surrogate pairs are legal in JavaScript and JSON but not in the database:
 * each becomes U+FFFD, so that one odd message cannot park a lead.
 */
export function clean(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD').replaceAll('\0', '\uFFFD');
}

/** A value as a jsonb parameter, with every string and key cleaned; undefined keys are absent. */
export function toJsonb(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? cleanJson(value) : text;
}

/** NUL and halves of surrogate pairs, as JSON writes them; valid pairs stand as they are. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;

function cleanJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return clean(part);
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [clean(key), inner]));
  });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id of another shape names nothing; asking the database about it would only raise a cast error. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** An instant in the one form that we store and compare: UTC with milliseconds. Throws BAD_VALUE for what is no instant. */
export function instant(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new AppError('BAD_VALUE', 'expected an ISO 8601 instant');
  return date.toISOString();
}
