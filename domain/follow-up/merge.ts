import { DateTime } from 'luxon';
import { knownZone } from '../consent/zone-clock.ts';
import type { Iso } from '../glossary.ts';
import { type ListingField, listingFields, listingValue, type ToldHomes } from '../market/alert-words.ts';

/** The merge fields that documents may use; each resolves from stored facts or the step does not go out. */
export const mergeFields = [
  'contact.firstName',
  'contact.lastName',
  'location.name',
  /** The number that texts come from, as people of its country write it. */
  'location.phone',
  'location.address',
  'agent.name',
  /** `Tuesday, March 10` and `10:30 AM`, of what the enrolment is about. */
  'appointment.day',
  'appointment.time',
  ...listingFields,
] as const;
type MergeField = (typeof mergeFields)[number];

/** What merge fields resolve from; absent and null are unknown alike. */
export interface MergeFacts {
  readonly contact?: {
    readonly firstName?: string | null;
    readonly lastName?: string | null;
    /** IANA zone. */
    readonly timezone?: string | null;
  };
  readonly location?: {
    readonly name?: string | null;
    /** E.164 */
    readonly phone?: string | null;
    readonly address?: string | null;
    /** IANA zone of the office. */
    readonly timezone?: string | null;
  };
  /** The agent whose lead it is. */
  readonly agent?: { readonly name?: string | null };
  readonly appointment?: { readonly at: Iso } | null;
  /** The homes that the message is about. */
  readonly homes?: ToldHomes | null;
}

type Rendered =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly missing: readonly string[] };

/** `{{contact.firstName}}`, or with a default for want of a usable value: `{{contact.firstName|there}}`. */
const field = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;

/**
 * Fills in a template once; what a fact contains is never read as a template again.
 * @returns the text, or the fields that have neither a usable value nor a default, and broken braces as they stand: then the step
 *          must not go out
 */
export function render(template: string, facts: MergeFacts): Rendered {
  const missing: string[] = [];
  const text = template.replace(field, (_whole, name: string, fallback: string | undefined) => {
    const value = resolve(name.trim(), facts) ?? (fallback?.trim() || undefined);
    if (value === undefined) missing.push(name.trim());
    return value ?? '';
  });
  if (missing.length > 0) return { ok: false, missing };
  const broken = /\{\{|\}\}/.exec(text);
  return broken ? { ok: false, missing: [broken[0]] } : { ok: true, text };
}

/** The fields of a template, and whether its braces are sound: for the lint of documents. */
export function fieldsOf(template: string): { readonly fields: readonly string[]; readonly broken: boolean } {
  const fields = [...template.matchAll(field)].map((match) => (match[1] ?? '').trim());
  return { fields, broken: /\{\{|\}\}/.test(template.replace(field, '')) };
}

/**
 * Are these the template's words, whatever its fields were filled with, perhaps with something before or after them? White space does not
 * count, since vendors re-wrap it.
 */
export function bearsWordsOf(template: string, text: string): boolean {
  const whole = bare(text);
  let from = 0;
  for (const piece of template.replace(field, '\0').split('\0').map(bare)) {
    const at = whole.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

function bare(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, '');
}

function resolve(name: string, facts: MergeFacts): string | undefined {
  switch (name as MergeField) {
    case 'contact.firstName':
      return personName(facts.contact?.firstName);
    case 'contact.lastName':
      return personName(facts.contact?.lastName);
    case 'location.name':
      return plain(facts.location?.name, 100);
    case 'location.phone':
      return phone(facts.location?.phone);
    case 'location.address':
      return plain(facts.location?.address, 200);
    case 'agent.name':
      return personName(facts.agent?.name);
    case 'appointment.day':
      return appointment(facts)?.day;
    case 'appointment.time':
      return appointment(facts)?.time;
    default:
      return isListingField(name) && facts.homes ? listingValue(name, facts.homes) : undefined;
  }
}

/** Only messages about homes have them. */
export function isListingField(name: string): name is ListingField {
  return listingFields.some((field) => field === name);
}

/** `+18135550142` as `(813) 555-0142`; a number of another country as it stands. */
function phone(value: string | null | undefined): string | undefined {
  if (typeof value !== 'string' || !/^\+[1-9]\d{7,14}$/.test(value)) return undefined;
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(value) ?? [];
  return area === undefined ? value : `(${area}) ${exchange}-${line}`;
}

/**
 * In the lead's zone, else the office's. The zone is named unless both are known to have the same time: a lead who travels must not be
 * at the door three hours off.
 */
function appointment({ appointment: about, contact, location }: MergeFacts): { day: string; time: string } | undefined {
  if (about === undefined || about === null) return undefined;
  const [theirs, ours] = [contact?.timezone, location?.timezone].map((zone) => (zone ? knownZone(zone) : undefined));
  const zone = theirs ?? ours;
  if (zone === undefined) return undefined;
  const at = DateTime.fromISO(about.at, { zone, locale: 'en-US' });
  if (!at.isValid) return undefined;
  const same = theirs !== undefined && ours !== undefined && at.offset === at.setZone(ours).offset;
  return { day: at.toFormat('cccc, LLLL d'), time: at.toFormat(same ? 'h:mm a' : 'h:mm a ZZZZ') };
}

/** What forms and imports write when they have no name. */
const placeholders = new Set([
  'unknown',
  'null',
  'undefined',
  'none',
  'na',
  'test',
  'no name',
  'anonymous',
  'lead',
  'guest',
]);

/**
 * A name that can stand after "Hi": letters with what joins them. Anything else (an address, a number, a link) would either look foolish
 * or let whoever filled in a form put words into our mouth, so it counts as unknown.
 */
function personName(value: string | null | undefined): string | undefined {
  const name = plain(value, 40);
  if (name === undefined || !/^\p{L}[\p{L}\p{M}'’.&\- ]*$/u.test(name)) return undefined;
  // A dot between letters makes a link of it on most phones.
  if (/\.\p{L}/u.test(name) || placeholders.has(name.toLowerCase())) return undefined;
  return name;
}

function plain(value: string | null | undefined, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(/\s+/gu, ' ').trim();
  return text === '' || text.length > longest || /[{}\p{Cc}\p{Cf}]/u.test(text) ? undefined : text;
}
