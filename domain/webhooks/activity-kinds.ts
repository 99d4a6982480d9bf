import { isObject, type Json, own } from './payload.ts';

/**
 * How a detail is read. `key`: an id; `listing`: an id that may be ten digits or more, as MLS numbers are; `word`: one of few words; `words`: free text, dropped where an address may stand in it;
 * `path`: a page, without query and fragment; `list`: up to twenty `words`.
 */
export type DetailForm = 'key' | 'listing' | 'word' | 'words' | 'path' | 'number' | 'list';

interface KindEntry {
  readonly says: string;
  readonly detail: Readonly<Record<string, DetailForm>>;
}

/** Details that every kind may carry. */
export const commonDetail = {
  session: 'key',
  device: 'word',
  channel: 'word',
  campaign: 'key',
  agent: 'key',
  path: 'path',
} as const satisfies Readonly<Record<string, DetailForm>>;

const home = { listing: 'listing', price: 'number', city: 'words' } as const;
const visit = { listing: 'listing', booking: 'key', when: 'key' } as const;
const criteria = {
  words: 'words',
  cities: 'list',
  types: 'list',
  priceFrom: 'number',
  priceTo: 'number',
  bedrooms: 'number',
  bathrooms: 'number',
  results: 'number',
} as const;

/** What people do on a team's site, in its mails and with its agents. A kind that is not here is stored as `unknown`, and counted. */
export const activityKinds = {
  'property.view': { says: 'A home was looked at', detail: { ...home, seconds: 'number', photos: 'number' } },
  'property.swipe': { says: 'A home was swiped past', detail: { ...home, direction: 'word' } },
  'property.like': { says: 'A home was liked', detail: home },
  'property.dislike': { says: 'A home was put aside', detail: { ...home, why: 'word' } },
  'property.share': { says: 'A home was shared with somebody', detail: { ...home, by: 'word' } },
  'property.save': { says: 'A home was saved', detail: home },
  'booking.requested': { says: 'An appointment was asked for', detail: visit },
  'booking.completed': { says: 'An appointment was booked', detail: visit },
  'booking.cancelled': { says: 'An appointment was given up', detail: { ...visit, why: 'word' } },
  'tour.scheduled': { says: 'A tour of a home was set', detail: visit },
  'tour.completed': { says: 'A tour of a home took place', detail: { ...visit, minutes: 'number' } },
  'search.run': { says: 'A search was made', detail: criteria },
  'filter.applied': { says: 'The results of a search were narrowed', detail: criteria },
  'form.submitted': { says: 'A form was sent', detail: { form: 'key', listing: 'listing' } },
  'email.opened': { says: 'An e-mail was opened', detail: { email: 'key' } },
  'email.clicked': {
    says: 'A link of an e-mail was followed',
    detail: { email: 'key', listing: 'listing', link: 'path' },
  },
  'page.view': { says: 'A page was looked at', detail: { seconds: 'number', scroll: 'number' } },
  'session.start': { says: 'A visit began', detail: { source: 'word', medium: 'word', landing: 'path' } },
  'session.end': { says: 'A visit ended', detail: { seconds: 'number', pages: 'number' } },
  'agent.interaction': { says: 'Somebody dealt with an agent', detail: { how: 'word', minutes: 'number' } },
  'agent.action': { says: 'An agent did something for somebody', detail: { what: 'word', listing: 'listing' } },
  'lead.interaction': {
    says: 'Somebody used something of the site that has no kind of its own',
    detail: { what: 'word' },
  },
  'calculator.used': {
    says: 'Payments were worked out',
    detail: { listing: 'listing', price: 'number', down: 'number', rate: 'number', years: 'number', monthly: 'number' },
  },
} as const satisfies Readonly<Record<string, KindEntry>>;

export type ActivityKind = keyof typeof activityKinds;

/** Scalars and short lists of them; never an address. */
export type ActivityDetail = Readonly<Record<string, string | number | readonly string[]>>;

/** `propertyView`, `property_view` and `Property View` are `property.view`; undefined for a kind that we do not know. */
export function activityKindOf(name: string): ActivityKind | undefined {
  const dotted = dottedName(name);
  return Object.hasOwn(activityKinds, dotted) ? (dotted as ActivityKind) : undefined;
}

/**
 * The name of a kind that we do not know, for whoever wants to know it: two words of letters, one of them a word of our own kinds, as in
 * `property.print`. Another name may be a person's or a number and is not kept.
 */
export function unknownKindName(name: string): string | undefined {
  const dotted = dottedName(name);
  const looks = dotted.length <= 40 && /^[a-z]+\.[a-z]+$/.test(dotted);
  return looks && dotted.split('.').some((word) => kindWords.has(word)) ? dotted : undefined;
}

const kindWords: ReadonlySet<string> = new Set(Object.keys(activityKinds).flatMap((name) => name.split('.')));

function dottedName(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1.$2').toLowerCase();
  return words.trim().replace(/[\s_.:-]+/g, '.');
}

/** The details that a kind knows, each in its form and within bounds; what does not fit is left out, and never refuses an event. */
export function readActivityDetail(kind: ActivityKind | undefined, given: Json | undefined): ActivityDetail {
  const known: Readonly<Record<string, DetailForm>> = {
    ...commonDetail,
    ...(kind === undefined ? {} : activityKinds[kind].detail),
  };
  const read = Object.entries(known).flatMap(([name, form]) => {
    const value = readAs(form, own(given, name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(read);
}

type Value = ActivityDetail[string];

function readAs(form: DetailForm, value: unknown): Value | undefined {
  switch (form) {
    case 'number':
      return numberOf(value);
    case 'list':
      return Array.isArray(value) ? value.slice(0, 20).flatMap((one) => textOf('words', one) ?? []) : undefined;
    default:
      return textOf(form, value);
  }
}

/** Also as people print it: `$450,000`. */
function numberOf(value: unknown): number | undefined {
  const text = typeof value === 'string' ? plain(value).replace(/[$€£,\s]/g, '') : value;
  if (text === '' || (typeof text !== 'string' && typeof text !== 'number')) return undefined;
  const number = Number(text);
  return Number.isFinite(number) && Math.abs(number) <= 1e12 ? number : undefined;
}

function textOf(form: Exclude<DetailForm, 'number' | 'list'>, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = plain(String(value)).trim();
  switch (form) {
    case 'key':
      return isId(text) && !isNumberOfPhone(text) ? text : undefined;
    case 'listing':
      return isId(text) && !isWrittenAsPhone(text) ? text : undefined;
    case 'word':
      return /^[\p{L}\p{N} ._-]{1,40}$/u.test(text) && !mayHoldAddress(text) ? text : undefined;
    case 'words':
      return text === '' || mayHoldAddress(text) ? undefined : text.slice(0, 200);
    case 'path': {
      const path = (text.split(/[?#]/)[0] ?? '').replace(/^[a-z]+:\/\/[^/]+/i, '').slice(0, 300);
      return path.startsWith('/') && !mayHoldAddress(path) ? path : undefined;
    }
  }
}

/** One spelling for what looks alike (`＠` is `@`, `８` is `8`), without marks that nobody sees. */
function plain(text: string): string {
  return text.normalize('NFKC').replace(/\p{Cf}/gu, '');
}

/**
 * An e-mail address, or digits enough for a phone number, whatever stands between them: people write both into search boxes. In links
 * they are written by their codes.
 */
function mayHoldAddress(text: string): boolean {
  const read = plain(decoded(text));
  return read.includes('@') || /(?:\p{Nd}[^\p{L}\p{Nd}]*){10,}/u.test(read);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%40/g, '@');
  }
}

function isId(text: string): boolean {
  return /^[\p{L}\p{N}._:+/-]{1,100}$/u.test(text);
}

/** Ten to fifteen digits and nothing else but what people write between them. */
function isNumberOfPhone(text: string): boolean {
  return !/\p{L}/u.test(text) && /^\d{10,15}$/.test(text.replace(/[^\p{Nd}]/gu, '').replace(/\p{Nd}/gu, '0'));
}

/** A listing may be ten digits, too; one with a plus or with a phone's groups is none. */
function isWrittenAsPhone(text: string): boolean {
  return /^\+[\d./-]{8,}$/.test(text) || /^(1[./-])?\d{3}[./-]\d{3}[./-]\d{4}$/.test(text);
}

/** An object of details, whatever name it goes by. */
export function detailIn(event: Json): Json | undefined {
  const detail = own(event, 'detail') ?? own(event, 'data') ?? own(event, 'properties');
  return isObject(detail) ? detail : undefined;
}
