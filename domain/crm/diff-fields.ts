import type { FieldValue } from '../leads/contact.ts';
import type { Mark } from './marks.ts';

/** What is to become of a custom field. `value` empty: it is cleared. */
export type FieldStep =
  | { readonly kind: 'set'; readonly value: string | number; readonly before: string | number | undefined }
  /** What was begun has happened. */
  | { readonly kind: 'confirm' }
  /** It is as it should be, or a person's. */
  | { readonly kind: 'leave'; readonly mark?: 'let-go' | 'foreign' }
  | { readonly kind: 'forget' };

/**
 * One field that the plan wants, or that we have set before. Ours is what still shows what we wrote: it is changed with the plan, and
 * cleared once the plan wants nothing. A field that shows somebody else's value is left alone, unless it is ours by the settings: then
 * a person's value stands until the plan wants something new.
 * @param wanted  undefined: the plan wants nothing
 * @param own     ours by the settings
 */
export function fieldStep(
  wanted: string | number | undefined,
  current: FieldValue | undefined,
  mark: Mark | undefined,
  own: boolean,
): FieldStep {
  const ours = mark !== undefined && isOurs(mark, current);
  if (wanted === undefined) {
    // A clearing that was begun, and has happened.
    if (mark?.state === 'setting' && mark.value === '' && isEmpty(current)) return { kind: 'confirm' };
    return !ours || isEmpty(current) || mark.state === 'let-go' ? { kind: 'forget' } : set('', current);
  }
  if (mark?.state === 'setting' && mark.value === wanted && shows(mark, current)) return { kind: 'confirm' };
  if (holds(current, wanted)) return { kind: 'leave' };
  if (mark !== undefined && mark.value === wanted && mark.state !== 'setting') {
    if (mark.state === 'let-go' || (mark.state === 'foreign' && !isEmpty(current))) return { kind: 'leave' };
    // What we wrote, as the CRM shows it; else somebody has changed or emptied it since.
    if (mark.state === 'ours') return ours ? { kind: 'leave' } : { kind: 'leave', mark: 'let-go' };
  }
  if (own || isEmpty(current) || ours) return set(wanted, current);
  return { kind: 'leave', mark: 'foreign' };
}

function set(value: string | number, current: FieldValue | undefined): FieldStep {
  return { kind: 'set', value, before: isEmpty(current) ? undefined : plain(current) };
}

/** Is what the field shows our doing? A write that was begun and has not happened finds what it was to replace, which was ours. */
function isOurs(mark: Mark, current: FieldValue | undefined): boolean {
  if (mark.state === 'foreign' || mark.state === 'unmapped') return false;
  const replaces = mark.state === 'setting' && mark.before !== undefined && holds(current, mark.before);
  return replaces || shows(mark, current);
}

/** Does the field show what we wrote? */
function shows({ value }: Mark, current: FieldValue | undefined): boolean {
  if (value === undefined) return false;
  return value === '' ? isEmpty(current) : isSpellingOf(current, value);
}

export function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The CRM returns numbers as strings where a field was made as text, and choices as a list. */
export function holds(current: FieldValue | undefined, wanted: string | number): boolean {
  if (Array.isArray(current)) return listHolds(current, String(wanted));
  if (typeof current !== 'string' && typeof current !== 'number') return false;
  if (current === wanted) return true;
  const text = String(current).trim();
  if (text === '') return false;
  return text === String(wanted).trim() || (isNumber(text) && isNumber(wanted) && Number(text) === Number(wanted));
}

/** Just these choices, in any order; or the list as `plain` keeps it. */
function listHolds(current: readonly unknown[], wanted: string): boolean {
  const inOrder = (choices: readonly unknown[]) => JSON.stringify(choices.map((one) => String(one).trim()).toSorted());
  const shown = inOrder(current);
  return shown === inOrder([wanted]) || shown === inOrder(wanted.split(',')) || JSON.stringify(current) === wanted;
}

function isNumber(value: string | number): boolean {
  return String(value).trim() !== '' && Number.isFinite(Number(value));
}

/**
 * Is this what we wrote, in the CRM's own spelling? Amounts come back with signs and separators, instants as days or milliseconds.
 * Anything else has been written by somebody in the moment after us.
 */
export function isSpellingOf(shown: FieldValue | undefined, written: string | number): boolean {
  if (holds(shown, written)) return true;
  if (Array.isArray(shown)) {
    return holds(
      shown.map((one) => String(one).toLowerCase()),
      String(written).toLowerCase(),
    );
  }
  if (typeof shown === 'boolean') return holds(String(shown), String(written).toLowerCase());
  if (typeof shown !== 'string' && typeof shown !== 'number') return false;
  const bare = (value: string | number) =>
    String(value)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}.]/gu, '');
  // Signs alone are compared by `holds`, and as nothing else.
  if (bare(shown) === '' || bare(written) === '') return false;
  const [amount, meant] = [Number(bare(shown)), Number(bare(written))];
  // Of an amount the sign is the half of it; before other words a dash is only a dash.
  if (Number.isFinite(amount) && Number.isFinite(meant) && isNegative(shown) !== isNegative(written)) return false;
  if (bare(shown) === bare(written)) return true;
  if (amount === meant) return true;
  return /^\d{4}-\d\d-\d\d/.test(String(written)) && dayOf(shown) === dayOf(written);
}

/** A minus before the first digit, whatever currency stands between. */
function isNegative(value: string | number): boolean {
  return /^[^\p{L}\p{N}]*[-\u2212]/u.test(String(value));
}

function dayOf(value: string | number): string | null {
  const at = new Date(typeof value === 'string' && /^\d{12,14}$/.test(value) ? Number(value) : value);
  return Number.isNaN(at.getTime()) ? null : at.toISOString().slice(0, 10);
}

/** A value as we can write it again; lists and files are kept as they print, and never put back. */
function plain(value: FieldValue | undefined): string | number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}
