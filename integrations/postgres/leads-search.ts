import type { LeadStore } from '../../domain/ports/leads.ts';
import { clean } from './values.ts';

type Filter = Pick<Parameters<LeadStore['list']>[0], 'q' | 'tags' | 'fields'>;
type FieldIs = NonNullable<Filter['fields']>[number];

/** What is looked for in `lead_search`, as its columns are compared; null asks nothing of a column. */
export interface Wanted {
  /** For `like`, not yet in lower case; the one that says most comes first. */
  readonly patterns: readonly string[] | null;
  /** All of them must be borne; not yet in lower case. */
  readonly tags: readonly string[] | null;
  /** JSON objects of which the fields must hold one. */
  readonly fields: readonly string[] | null;
}

/**
 * A search as the index can answer it; null when nothing is searched for, `nothing` when nothing can be found.
 * Words of three or more letters and digits in a row are found anywhere; shorter ones at the beginning of a word, since trigrams
 * know no others. A word without any is no word: a search that has no others finds nothing.
 */
export function wantedOf(filter: Filter): Wanted | 'nothing' | null {
  const q = clean(filter.q ?? '').trim();
  const patterns = q === '' ? null : patternsOf(q);
  const tags = given(filter.tags)?.map(clean) ?? null;
  const fields = given(filter.fields);
  const forms = fields === null ? null : formsOf(fields);
  if (patterns?.length === 0 || forms?.length === 0) return 'nothing';
  return patterns === null && tags === null && forms === null ? null : { patterns, tags, fields: forms };
}

function given<T>(list: readonly T[] | undefined): readonly T[] | null {
  return list === undefined || list.length === 0 ? null : list;
}

function patternsOf(q: string): string[] {
  const words = numberOf(q) ?? [...new Set(q.split(/\s+/u))];
  return words
    .map((word) => ({ word, run: longestRun(word) }))
    .filter(({ run }) => run > 0)
    .sort((a, b) => b.run - a.run)
    .map(({ word, run }) => (run >= 3 ? `%${escapeLike(word)}%` : `% ${escapeLike(word)}%`));
}

/** A phone number however it is typed, `(512) 555-0123` or `001 512 555 0123`: stored are its digits alone. */
function numberOf(q: string): string[] | null {
  if (!/^[\d\s().+/-]+$/.test(q)) return null;
  const digits = q.replace(/\D/g, '').replace(/^00/, '');
  return digits.length >= 3 ? [digits] : null;
}

/** Letters and digits in a row: what trigrams are cut from. */
function longestRun(word: string): number {
  return Math.max(0, ...[...word.matchAll(/[\p{L}\p{N}]+/gu)].map(([run]) => [...run].length));
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/**
 * The CRM writes the same value as text, number or truth: each field has one or two forms that print so, and a lead must hold one
 * of every field's. The index knows "holds this object", so every choice becomes an object of its own. Empty: no lead can.
 */
function formsOf(fields: readonly FieldIs[]): string[] {
  const values = new Map(fields.map((field) => [clean(field.id), clean(field.value)]));
  if (fields.some((field) => values.get(clean(field.id)) !== clean(field.value))) return [];
  const choices = [...values].reduce<readonly string[][]>(
    (sofar, [id, value]) =>
      sofar.flatMap((choice) => printedAs(value).map((form) => [...choice, `${JSON.stringify(id)}:${form}`])),
    [[]],
  );
  return choices.map((choice) => `{${choice.join(',')}}`);
}

function printedAs(value: string): string[] {
  const isLiteral = /^(true|false|-?(0|[1-9]\d{0,99})(\.\d{1,99})?)$/.test(value);
  return isLiteral ? [JSON.stringify(value), value] : [JSON.stringify(value)];
}
