import { sameTag } from '../leads/activation.ts';
import type { ContactSnapshot } from '../leads/contact.ts';
import type { LocationSettings } from '../leads/settings.ts';
import type { Iso } from '../glossary.ts';
import type { ConsentChannel } from './ledger.ts';

/** One consent as the CRM shows it, or no longer shows it, by one of the location's sources. */
export interface ShownConsent {
  readonly channel: ConsentChannel;
  /** `gone`: the contact does not bear it, so a consent that rests on it rests on nothing. */
  readonly state: 'granted' | 'gone';
  readonly source: 'form' | 'tag' | 'field';
  /** `tag:<name>`, `form:<name>`, `field:<key>`; it names the source in the ledger. */
  readonly basis: string;
  /** Version of the words that the person agreed to; null for a tag of `consentTags`, which says itself that it records written consent. */
  readonly textVersion: string | null;
  /** Where the CRM knows when it was given; else it counts from when we first saw it. */
  readonly givenAt: Iso | null;
}

type Sources = Pick<LocationSettings, 'consentTags' | 'consentSources'>;

/**
 * What the contact shows of consent, one entry for each source and channel. A part of the contact that is not known says nothing at all:
 * neither that a consent is there nor that one is gone.
 * @param fieldIds  ids of the custom fields by key; undefined: they could not be read
 */
export function consentsShown(
  contact: ContactSnapshot | null,
  { consentTags, consentSources }: Sources,
  fieldIds: Readonly<Record<string, string>> | undefined,
): ShownConsent[] {
  if (contact === null) return [];
  const byTag = Object.entries(consentTags).map(([tag, channels]) => ({ tag, channels, text: null }));
  return [...byTag, ...consentSources].flatMap((source): ShownConsent[] => {
    const borne = isShown(contact, source, fieldIds);
    if (borne === undefined) return [];
    const { kind, basis } = named(source);
    // What was agreed to on a form stays agreed to when the contact's source says something else later.
    if (kind === 'form' && !borne) return [];
    const givenAt = kind === 'form' ? (contact.dateAdded ?? null) : null;
    const state = borne ? 'granted' : 'gone';
    return source.channels.map((channel) => ({
      ...{ channel, state, source: kind, basis, textVersion: source.text, givenAt },
    }));
  });
}

/** Does the contact come from a list that was bought, by its tags or its source? What is not known says nothing. */
export function boughtShown(contact: ContactSnapshot | null, { boughtLeads }: Pick<LocationSettings, 'boughtLeads'>) {
  const tags = new Set((contact?.tags ?? []).map(sameTag));
  const source = sameWords(contact?.source);
  return (
    boughtLeads.tags.some((tag) => tags.has(sameTag(tag))) ||
    (source !== null && boughtLeads.sources.some((one) => sameWords(one) === source))
  );
}

type Source =
  { readonly tag: string } | { readonly form: string } | { readonly field: string; readonly equals: string };

function isShown(
  contact: ContactSnapshot,
  source: Source,
  fieldIds: Readonly<Record<string, string>> | undefined,
): boolean | undefined {
  if ('tag' in source) {
    return contact.tags === undefined ? undefined : contact.tags.map(sameTag).includes(sameTag(source.tag));
  }
  if ('form' in source) {
    return contact.source === undefined ? undefined : sameWords(contact.source) === sameWords(source.form);
  }
  if (contact.customFields === undefined || fieldIds === undefined) return undefined;
  const id = fieldIds[source.field];
  // A field that the location does not have holds nothing, and grants nothing.
  const value = id === undefined ? null : contact.customFields[id];
  const values = Array.isArray(value) ? value : [value];
  return values.some((one) => sameWords(textOf(one)) === sameWords(source.equals));
}

function named(source: Source): { readonly kind: ShownConsent['source']; readonly basis: string } {
  if ('tag' in source) return { kind: 'tag', basis: `tag:${source.tag}` };
  if ('form' in source) return { kind: 'form', basis: `form:${source.form}` };
  return { kind: 'field', basis: `field:${source.field}=${source.equals}` };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function sameWords(text: string | null | undefined): string | null {
  return text?.trim().toLowerCase().replace(/\s+/g, ' ') ?? null;
}
