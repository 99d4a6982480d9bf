import { DateTime } from 'luxon';
import type { Iso } from '../glossary.ts';

/** A parsed body; every read goes through `own`, so that inherited names such as `constructor` are never taken for data. */
export type Json = Readonly<Record<string, unknown>>;

/** Deepest nesting that is parsed at all: real deliveries stay below ten. */
const MAX_DEPTH = 64;

export type Read =
  { readonly ok: true; readonly json: Record<string, unknown> } | { readonly ok: false; readonly why: string };

/**
 * Parses a body that anybody may have written: depth is judged on the text, before a recursive parser sees it; keys that could change
 * prototypes are refused; characters that no database stores (NUL, lone surrogates) are replaced in the tree, never in the raw bytes.
 * @returns the object, or why it was refused in words that carry nothing of the body
 */
export function readJsonObject(text: string): Read {
  if (tooDeep(text)) return { ok: false, why: `nested deeper than ${MAX_DEPTH}` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, why: 'not JSON' };
  }
  if (!isObject(json)) return { ok: false, why: 'not a JSON object' };
  const why = clean(json);
  return why ? { ok: false, why } : { ok: true, json };
}

/** Does the text nest deeper than `max` levels? One pass without recursion; brackets inside strings do not count. */
export function tooDeep(text: string, max = MAX_DEPTH): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === 0x5c) i += 1;
      else if (char === 0x22) quoted = false;
    } else if (char === 0x22) quoted = true;
    else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > max) return true;
    } else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
  return false;
}

/**
 * The body as one stable string: keys sorted, root `timestamp` left out, since a retry may carry a new send time.
 * Two deliveries of one event give the same string; a reused id with another body does not.
 */
export function canonicalBody(json: Json): string {
  const { timestamp: _sendTime, ...rest } = json;
  return canonical(rest);
}

/** A JSON value as one string, equal for equal values whatever the order of their keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return value === undefined ? 'null' : JSON.stringify(value);
  return canonicalFields(value, Object.keys(value).sort());
}

/** As `canonical`, of these fields alone, which are sorted. The string grows in place: lists of its parts would be as many objects again. */
export function canonicalFields(object: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  let text = '{';
  for (const name of names) text += `${text.length > 1 ? ',' : ''}${quoted(name)}:${canonical(object[name])}`;
  return `${text}}`;
}

/** As JSON writes it; nearly all keys are plain words. */
function quoted(key: string): string {
  return /^\w+$/.test(key) ? `"${key}"` : JSON.stringify(key);
}

/** Walks the parsed tree in place; answers why it must be refused. The depth was bounded before, so recursion is safe. */
function clean(node: Record<string, unknown> | unknown[]): string | undefined {
  for (const key of Object.keys(node)) {
    if (storable(key) === '__proto__') return 'a key that changes prototypes';
    const value = (node as Record<string, unknown>)[key];
    if (key === 'constructor' && isObject(value) && Object.hasOwn(value, 'prototype'))
      return 'a key that changes prototypes';
    const safeKey = storable(key);
    const safe = typeof value === 'string' ? storable(value) : value;
    if (safeKey !== key) Reflect.deleteProperty(node, key);
    if (safeKey !== key || safe !== value) (node as Record<string, unknown>)[safeKey] = safe;
    if (typeof value === 'object' && value !== null) {
      const why = clean(value as Record<string, unknown> | unknown[]);
      if (why) return why;
    }
  }
  return undefined;
}

function storable(text: string): string {
  return text.replace(/\u0000/g, '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, or undefined. */
export function own(object: Json | undefined, key: string): unknown {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function objectAt(object: Json | undefined, key: string): Json | undefined {
  const value = own(object, key);
  return isObject(value) ? value : undefined;
}

/** A non-empty string, trimmed; anything else is undefined. */
export function textAt(object: Json | undefined, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** An id as vendors make them. Others are dropped: they end in workflow ids, cache keys and paths, where `:` and `/` would lie. */
export function idAt(object: Json | undefined, key: string): string | undefined {
  const value = textAt(object, key);
  return value !== undefined && /^[A-Za-z0-9_-]{1,128}$/.test(value) ? value : undefined;
}

/** An ISO 8601 instant in UTC; a time without zone is taken as UTC; undefined when absent or unreadable. */
export function isoAt(object: Json | undefined, key: string): Iso | undefined {
  const value = textAt(object, key);
  if (value === undefined) return undefined;
  const time = DateTime.fromISO(value, { zone: 'utc' });
  return time.isValid && time.year >= 1970 && time.year <= 9999 ? time.toISO() : undefined;
}

/** Deliveries are flat; older guides nest the fields under `data`, so that object fills what the root lacks. */
export function flatten(json: Json): Json {
  const data = objectAt(json, 'data');
  return data === undefined ? json : { ...data, ...json };
}
