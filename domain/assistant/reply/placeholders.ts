import { DateTime } from 'luxon';
import { knownZone } from '../../consent/zone-clock.ts';
import { render } from '../../follow-up/merge.ts';
import type { Language, ListingFact, LocationFacts, ReplyFacts, Slot } from './facts.ts';
import { hoursInWords } from './hours.ts';

/** A text whose facts were put in by us. */
export interface Rendered {
  readonly text: string;
  /** The same text with a mark in the place of each fact: what is left are the draft's own words. */
  readonly own: string;
  readonly listings: readonly string[];
}

export type Rendering = ({ readonly ok: true } & Rendered) | { readonly ok: false; readonly unknown: number };

/** Stands for a fact that we rendered; no draft may hold it. */
export const FACT = '\u{e000}';

/** What may be known of a listing, as placeholders name it. */
export const listingFields = ['price', 'beds', 'baths', 'sqft', 'city', 'status', 'type'] as const;
export type ListingField = (typeof listingFields)[number];

/** What may stand in the place of a name that is not known, and nothing else. */
const instead: readonly string[] = ['there', 'our agent', 'our team', 'nuestro agente', 'nuestro equipo'];

const placeholder = /\{\{([^{}|]{1,160})(?:\|([^{}|]{1,40}))?\}\}/g;

/** Fills in the placeholders of a draft from stored facts; one that has no fact, and any brace left over, makes it unusable. */
export function renderDraft(text: string, facts: ReplyFacts, language: Language = 'en'): Rendering {
  if (text.includes(FACT)) return { ok: false, unknown: 1 };
  const listings = new Set<string>();
  let unknown = 0;
  const put = (mark: boolean) => (_whole: string, name: string, or: string | undefined) => {
    const value = valueOf(name.trim(), facts, language) ?? instead.find((words) => words === or?.trim().toLowerCase());
    if (value === undefined) unknown += 1;
    const key = /^listing:(.+)\.\w+$/.exec(name.trim())?.[1];
    if (key !== undefined) listings.add(key);
    return mark ? FACT : (value ?? '');
  };
  const own = text.replace(placeholder, put(true));
  if (unknown > 0 || /[{}]/.test(own)) return { ok: false, unknown: Math.max(1, unknown) };
  return { ok: true, text: tidy(text.replace(placeholder, put(false))), own, listings: [...listings] };
}

function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ([,.!?])/g, '$1')
    .trim();
}

function valueOf(name: string, facts: ReplyFacts, language: Language): string | undefined {
  const { location, lead, agentName } = facts;
  switch (name) {
    case 'lead.firstName':
      return merged('{{contact.firstName}}', { contact: { firstName: lead.firstName } });
    case 'agent.name':
      return merged('{{agent.name}}', { agent: { name: agentName } });
    case 'location.name':
      return merged('{{location.name}}', { location: { name: location.name } });
    case 'location.phone':
      return merged('{{location.phone}}', { location: { phone: location.phone } });
    case 'location.address':
      return merged('{{location.address}}', { location: { address: location.address } });
    case 'location.hours':
      return hoursInWords(location.teamHours, language);
    default: {
      const [, slot] = /^slot:(.+)$/.exec(name) ?? [];
      if (slot !== undefined)
        return ofSlot(
          facts.slots.find(({ key }) => key === slot),
          facts,
          language,
        );
      const [, key, field] = /^listing:(.+)\.(\w+)$/.exec(name) ?? [];
      const listing = facts.listings.find(({ listingKey }) => listingKey === key);
      if (listing === undefined || !listingFields.some((one) => one === field)) return undefined;
      return ofListing(listing, field as ListingField, location, language);
    }
  }
}

function merged(template: string, facts: Parameters<typeof render>[1]): string | undefined {
  const rendered = render(template, facts);
  return rendered.ok ? rendered.text : undefined;
}

function ofSlot(slot: Slot | undefined, facts: ReplyFacts, language: Language): string | undefined {
  // A time that has passed is offered to nobody.
  if (slot === undefined || Date.parse(slot.at) <= Date.parse(facts.now)) return undefined;
  return slotInWords(slot, facts, language);
}

/** As it is offered: in the lead's zone, else the office's, and the zone named; undefined where neither is known. */
export function slotInWords(
  { at }: Pick<Slot, 'at'>,
  { lead, location }: Pick<ReplyFacts, 'lead' | 'location'>,
  language: Language,
): string | undefined {
  const zone = [lead.timezone, location.timezone].map((one) => knownZone(one)).find((one) => one !== undefined);
  if (zone === undefined) return undefined;
  const time = DateTime.fromISO(at, { zone, locale: language === 'es' ? 'es-US' : 'en-US' });
  if (!time.isValid) return undefined;
  const inWords = language === 'es' ? "cccc d 'de' LLLL, h:mm a ZZZZ" : 'ccc, LLL d, h:mm a ZZZZ';
  return time.toFormat(inWords).replace(/[\u{202f}\u{a0}]/gu, ' ');
}

/** The fields of a listing that a placeholder would be filled for. */
export function knownFields(listing: ListingFact, { location }: Pick<ReplyFacts, 'location'>): readonly ListingField[] {
  return listingFields.filter((field) => ofListing(listing, field, location, 'en') !== undefined);
}

/** Made once: making one takes longer than all the rest of a prompt. */
const figures = new Intl.NumberFormat('en-US');
const wholeFigures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A price and a status bear the day on which the MLS last showed them: both change. */
function ofListing(
  listing: ListingFact,
  field: ListingField,
  location: LocationFacts,
  language: Language,
): string | undefined {
  const es = language === 'es';
  const plain = (value: string | null) =>
    value !== null && /^\p{L}(?!.*\.\p{L})[\p{L}\p{M}'’. -]{0,39}$/u.test(value) ? value : undefined;
  const count = (value: number | null) =>
    value === null || !Number.isFinite(value) || value < 0 ? undefined : figures.format(value);
  switch (field) {
    case 'price': {
      const dollars = listing.price === null ? Number.NaN : Number(listing.price);
      if (!(dollars > 0)) return undefined;
      return dated(`$${wholeFigures.format(dollars)}`, listing, location, language);
    }
    case 'status': {
      const status = plain(listing.status);
      return status === undefined
        ? undefined
        : dated(es ? (estados[status] ?? status) : status, listing, location, language);
    }
    case 'beds':
      return count(listing.bedrooms);
    case 'baths':
      return count(listing.bathrooms);
    case 'sqft':
      return count(listing.livingSqft);
    case 'city':
      return plain(listing.city);
    case 'type':
      return plain(listing.propertyType);
  }
}

const estados: Readonly<Record<string, string>> = { active: 'activa', pending: 'pendiente', closed: 'vendida' };

function dated(
  value: string,
  { changedAt }: ListingFact,
  { timezone }: LocationFacts,
  language: Language,
): string | undefined {
  const day = DateTime.fromISO(changedAt, { zone: knownZone(timezone) ?? 'America/New_York', locale: language });
  if (!day.isValid) return undefined;
  return language === 'es' ? `${value} al ${day.toFormat("d 'de' LLLL")}` : `${value} as of ${day.toFormat('LLL d')}`;
}
