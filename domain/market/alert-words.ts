import { DateTime } from 'luxon';
import { knownZone } from '../consent/zone-clock.ts';
import { smsSegments } from '../follow-up/segments.ts';
import type { Iso } from '../glossary.ts';
import type { ChangeKind, Dollars, MarketListing } from './listing.ts';

/** What is told of one home: the change, and the listing as it is stored. */
export interface ToldHome {
  readonly kind: ChangeKind;
  readonly listing: MarketListing;
  readonly priceBefore: Dollars | null;
  readonly startsAt: Iso | null;
}

/** The homes of one message. */
export interface ToldHomes {
  /** One entry for each home, the best first. */
  readonly homes: readonly ToldHome[];
  /** So many are described, the rest is counted. */
  readonly most: number;
  /** Each on a line of its own, as in an e-mail; else one after another. */
  readonly lines: boolean;
  /** IANA zone of the lead, else of the office; null: not known, days are told in UTC. */
  readonly zone: string | null;
}

export const listingFields = [
  /** All homes of the message, each with price, source, day and listing office. */
  'listings',
  /** `3 bed, 2 bath at 12 Oak Street, Tampa`; without the address where the seller does not want it shown. */
  'listing.home',
  'listing.price',
  'listing.priceBefore',
  /** Whose figure it is and as of when: `Stellar MLS, Nov 29`. */
  'listing.source',
  /** `Listed by Example Realty` */
  'listing.listedBy',
  /** `Saturday, November 28, 1:00 PM EST` */
  'listing.openHouse',
] as const;
export type ListingField = (typeof listingFields)[number];

/** The value of a merge field; undefined: not known. The single fields are about the first home. */
export function listingValue(name: ListingField, told: ToldHomes): string | undefined {
  const [first] = told.homes;
  if (first === undefined) return undefined;
  const { listing } = first;
  switch (name) {
    case 'listings':
      return block(told);
    case 'listing.home':
      return homeWords(listing);
    case 'listing.price':
      return dollars(listing.price);
    case 'listing.priceBefore':
      return dollars(first.priceBefore);
    case 'listing.source':
      return source(listing, told.zone);
    case 'listing.listedBy':
      return listedBy(listing);
    case 'listing.openHouse':
      return first.startsAt === null ? undefined : openHouse(first.startsAt, told.zone);
  }
}

/** Can it be told at all: with whose figures they are, and who lists it? */
export function isTellable(listing: MarketListing): boolean {
  return source(listing, null) !== undefined && listedBy(listing) !== undefined;
}

/** Undefined where any of the homes cannot be told with its source and its office. */
function block({ homes, most, lines, zone }: ToldHomes): string | undefined {
  const told = homes.slice(0, Math.max(1, most)).map((home) => line(home, zone));
  if (told.includes(undefined)) return undefined;
  const others = homes.length - told.length;
  const more = others === 0 ? [] : [others === 1 ? 'And 1 more home.' : `And ${others} more homes.`];
  return [...told, ...more].join(lines ? '\n' : ' ');
}

/** `Price drop: 3 bed, 2 bath in Tampa, $425,000, was $440,000 (Stellar MLS, Nov 29). Listed by Example Realty.` */
function line({ kind, listing, priceBefore, startsAt }: ToldHome, zone: string | null): string | undefined {
  const [from, by] = [source(listing, zone), listedBy(listing)];
  if (from === undefined || by === undefined) return undefined;
  // Of one that is gone no price is told: what it sold for is not known, or not to be said.
  const price = kind === 'pending' || kind === 'closed' ? undefined : dollars(listing.price);
  const before = kind === 'price-drop' ? dollars(priceBefore) : undefined;
  const when = kind === 'open-house' && startsAt !== null ? ` ${openHouse(startsAt, zone)}` : '';
  const what = [homeWords(listing), price, before === undefined ? undefined : `was ${before}`];
  return `${labels[kind]}${when}: ${what.filter((part) => part !== undefined).join(', ')} (${from}). ${by}.`;
}

const labels: Readonly<Record<ChangeKind, string>> = {
  new: 'New',
  'price-drop': 'Price drop',
  'back-on-market': 'Back on the market',
  pending: 'Under contract',
  closed: 'Sold',
  'open-house': 'Open house',
};

function homeWords(listing: MarketListing): string {
  const rooms = [counted(listing.bedrooms, 'bed'), counted(listing.bathrooms, 'bath')].filter(
    (part) => part !== undefined,
  );
  const city = plain(listing.city, 60);
  const address = listing.addressShown === true ? plain(listing.address, 100) : undefined;
  const what = rooms.length === 0 ? 'home' : rooms.join(', ');
  if (address !== undefined) {
    const named = city === undefined || address.toLowerCase().includes(city.toLowerCase());
    return `${what} at ${named ? address : `${address}, ${city}`}`;
  }
  return city === undefined ? what : `${what} in ${city}`;
}

function counted(value: number | null, word: string): string | undefined {
  return value === null || !(value > 0) ? undefined : `${value} ${word}`;
}

/** `425000.00` as `$425,000`, digit for digit; undefined for what is no amount. */
function dollars(amount: Dollars | null): string | undefined {
  const [, whole, cents] = /^0*([1-9]\d*)(?:\.(\d{1,2}))?$/.exec(amount ?? '') ?? [];
  if (whole === undefined) return undefined;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return cents === undefined || /^0+$/.test(cents) ? `$${grouped}` : `$${grouped}.${cents.padEnd(2, '0')}`;
}

/** The system that the figures come from and the day on which it last changed them; a feed that does not name itself goes by its market. */
function source({ systemName, market, changedAt }: MarketListing, zone: string | null): string | undefined {
  const name = plain(systemName, 60) ?? plain(market, 60);
  const day = local(changedAt, zone);
  return name === undefined || !day.isValid ? undefined : `${name}, ${day.toFormat('LLL d')}`;
}

function listedBy({ officeName }: MarketListing): string | undefined {
  const office = officeInWords(officeName);
  return office === undefined ? undefined : `Listed by ${office}`;
}

/**
 * The office that is to be credited, as a message may bear it: without marks, and without signs that would halve how much a text holds. Letters
 * stay whatever they cost: they are its name. Undefined where there is none that it may bear.
 */
export function officeInWords(officeName: string | null): string | undefined {
  const named = (officeName ?? '').replace(/[®©℠™]/gu, '').replace(/[“”]/gu, '"');
  const office = plain(named, 100)
    ?.replace(/[^\p{L}\p{N}]/gu, (sign) => (smsSegments(sign).encoding === 'GSM-7' ? sign : ' '))
    .replace(/ +/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return office === '' ? undefined : office;
}

function openHouse(at: Iso, zone: string | null): string | undefined {
  const time = local(at, zone);
  return time.isValid ? time.toFormat('cccc, LLLL d, h:mm a ZZZZ') : undefined;
}

function local(at: Iso, zone: string | null): DateTime {
  const known = zone === null ? undefined : knownZone(zone);
  return DateTime.fromISO(at, { zone: known ?? 'utc', locale: 'en-US' });
}

/**
 * Words of the MLS on one line, in letters that a text bears without doubling its segments. What is too long, or holds braces, signs that
 * nobody sees or a link, counts as unknown: whoever writes a record must not put words into our mouth.
 */
function plain(value: string | null, longest: number): string | undefined {
  if (value === null || /[{}\p{Cc}\p{Cf}]|https?:|www\./iu.test(value.replace(/\s/gu, ' '))) return undefined;
  const text = value
    .replace(/[’‘]/gu, "'")
    .replace(/[–—]/gu, '-')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return text === '' || text.length > longest ? undefined : text;
}
