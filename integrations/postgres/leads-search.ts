import type { LeadStore } from '../../domain/ports/leads.ts';
import { clean } from './values.ts';

type Filter = Pick<Parameters<LeadStore['list']>[0], 'q' | 'tags' | 'fields'>;
type FieldIs = NonNullable<Filter['fields']>[number];

/** What is looked for in `lead_search`, as its columns are compared; null asks nothing of a column. */
export interface Wanted {
  /** For `like`, not yet in lower case; the first few are for the index. */
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

/** For the index a few short pieces, which leave few rows; then the words themselves, which these rows are compared with. */
function patternsOf(q: string): string[] {
  const words = (numberOf(q) ?? q.split(/\s+/u)).filter((word) => longest(runsOf(word)) > 0);
  const pieces = words.flatMap(piecesOf).sort((a, b) => b.length - a.length);
  return [...new Set([...pieces.slice(0, PIECES), ...words.map(patternOf)])];
}

/** `find_leads` puts as many into the index. */
const PIECES = 3;
/** Further letters would be further lists of the index to read, for hardly a row less. */
const PIECE_LENGTH = 8;

/** Of an e-mail address what stands before the @: what follows it is the same for many. */
function piecesOf(word: string): string[] {
  const before = runsOf(word.replace(/@.*/u, ''));
  const runs = (longest(before) >= 3 ? before : runsOf(word)).filter((run) => run.length >= 3);
  return runs.length === 0 ? [patternOf(word)] : runs.map((run) => `%${run.slice(0, PIECE_LENGTH).join('')}%`);
}

function patternOf(word: string): string {
  return longest(runsOf(word)) >= 3 ? `%${escapeLike(word)}%` : `% ${escapeLike(word)}%`;
}

/** Letters and digits in a row: what trigrams are cut from. */
function runsOf(word: string): string[][] {
  return [...word.matchAll(/[\p{L}\p{N}]+/gu)].map(([run]) => [...run]);
}

function longest(runs: readonly (readonly string[])[]): number {
  return Math.max(0, ...runs.map((run) => run.length));
}

/** A phone number however it is typed, `(512) 555-0123` or `001 512 555 0123`: stored are its digits alone. */
function numberOf(q: string): string[] | null {
  if (!/^[\d\s().+/-]+$/.test(q)) return null;
  const digits = q.replace(/\D/g, '').replace(/^00/, '');
  return digits.length >= 3 ? [digits] : null;
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
