import type { Iso } from '../glossary.ts';
import { isOfKind } from './home-kinds.ts';
import type { Dollars, MarketListing } from './listing.ts';
import type { Wishes } from './wishes.ts';

type Seen = 'listingKey' | 'propertyType' | 'subtype' | 'price' | 'bedrooms' | 'bathrooms' | 'livingSqft' | 'listedAt';
type SeenPlace = 'city' | 'county' | 'state' | 'postalCode' | 'address' | 'latitude' | 'longitude';

/** What matching sees of a listing that may be shown and is for sale, and nothing else of it. */
export interface Offer extends Pick<MarketListing, Seen | SeenPlace> {
  /** What the MLS says that the home has, and that it has not, in the words of wishes; in neither: it does not say. */
  readonly has: readonly string[];
  readonly lacks: readonly string[];
}

/** Degrees, WGS 84. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** What is looked for: the wishes, and where their places lie, which only matters where close to them will do; null: nothing is listed there. */
export interface Sought {
  readonly wishes: Wishes;
  readonly centre: Point | null;
}

/** Close to a place: 15 miles from its centre. */
export const NEAR_METRES = 24_140;

/** Is every hard wish met? What a listing does not say meets none. */
export function fits({ wishes, centre }: Sought, offer: Offer): boolean {
  const { priceFrom, priceTo, minBedrooms, minBathrooms, minSqft } = wishes;
  return (
    isOfKind(offer, wishes.kinds) &&
    isWhereAsked(wishes, centre, offer) &&
    isWithin(
      centsOf(offer.price),
      priceFrom === null ? null : cents(priceFrom),
      priceTo === null ? null : cents(priceTo),
    ) &&
    isWithin(offer.bedrooms, minBedrooms, null) &&
    isWithin(offer.bathrooms, minBathrooms, null) &&
    isWithin(offer.livingSqft, minSqft, null) &&
    !wishes.mustHaves.some((word) => offer.lacks.includes(word))
  );
}

function isWithin(value: number | null, least: number | null, most: number | null): boolean {
  if (least === null && most === null) return true;
  return value !== null && (least === null || value >= least) && (most === null || value <= most);
}

function isWhereAsked(wishes: Wishes, centre: Point | null, offer: Offer): boolean {
  const { cities, counties, postalCodes, states } = wishes;
  if (states.length > 0 && (offer.state === null || !states.includes(offer.state.toLowerCase()))) return false;
  if (cities.length + counties.length + postalCodes.length === 0) return true;
  if (placeOf(wishes, offer) !== null) return true;
  const away = wishes.near && centre !== null ? metresBetween(centre, offer) : null;
  return away !== null && away <= NEAR_METRES;
}

/** The place of the wishes that the listing is in, as the MLS spells it; null: in none. */
export function placeOf({ cities, counties, postalCodes }: Wishes, { city, county, postalCode }: Offer): string | null {
  if (postalCode !== null && postalCodes.includes(postalCode.slice(0, 5))) return `ZIP code ${postalCode.slice(0, 5)}`;
  if (city !== null && cities.includes(city.toLowerCase())) return city;
  return county !== null && counties.includes(countyName(county)) ? county : null;
}

/** Without the word county or parish, which some feeds add and others do not. */
export function countyName(county: string): string {
  return county.toLowerCase().replace(/ (?:county|parish)$/, '');
}

/** On a sphere, which is a few metres wrong at such distances. Null: the listing is on no map. */
export function metresBetween(from: Point, to: Pick<Offer, 'latitude' | 'longitude'>): number | null {
  if (to.latitude === null || to.longitude === null) return null;
  const radians = Math.PI / 180;
  const [lat1, lat2] = [from.latitude * radians, to.latitude * radians];
  const half = (one: number, other: number) => Math.sin((one - other) / 2) ** 2;
  const chord =
    half(lat1, lat2) + Math.cos(lat1) * Math.cos(lat2) * half(from.longitude * radians, to.longitude * radians);
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** A price in cents, which a number holds exactly up to ninety thousand billions. */
export function centsOf(price: Dollars | null): number | null {
  return price === null ? null : Math.round(Number(price) * 100);
}

export function cents(dollars: number): number {
  return Math.round(dollars * 100);
}

/** What each thing that was stated weighs, and how new a listing is. */
export const weights = {
  place: 0.25,
  price: 0.3,
  bedrooms: 0.15,
  bathrooms: 0.1,
  size: 0.15,
  mustHaves: 0.2,
  fresh: 0.1,
} as const;

/** One thing by which a listing that fits is better or worse than another: 0 to 1, what it weighs, and its reason in words where it is one. */
interface Part {
  readonly weight: number;
  readonly fit: number;
  readonly why: string | null;
}

/**
 * How well a listing that meets every hard wish fits: the weighted mean of what the lead has stated, and of how new it is on the market. Only what was
 * stated weighs. Price, rooms and size are best close to what was asked; far cheaper, larger or emptier is another market.
 * @returns score 0 to 1 with four digits, reasons in plain words, the weightiest first
 */
export function scoreOf(
  sought: Sought,
  offer: Offer,
  now: Iso,
): { readonly score: number; readonly reasons: readonly string[] } {
  const parts = partsOf(sought, offer, now);
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  const score = parts.reduce((sum, part) => sum + part.weight * part.fit, 0) / weight;
  const reasons = parts.flatMap(({ why }) => (why === null ? [] : [why]));
  return { score: Math.round(score * 10_000) / 10_000, reasons };
}

function partsOf({ wishes, centre }: Sought, offer: Offer, now: Iso): Part[] {
  return [
    ...placePart(wishes, centre, offer),
    ...pricePart(wishes, centsOf(offer.price)),
    ...countPart(weights.bedrooms, wishes.minBedrooms, offer.bedrooms, 'bedroom'),
    ...countPart(weights.bathrooms, wishes.minBathrooms, offer.bathrooms, 'bathroom'),
    ...sizePart(wishes.minSqft, offer.livingSqft),
    ...(wishes.kinds.length === 0 ? [] : [{ weight: 0, fit: 1, why: `${wishes.kinds.join(' or ')}, as asked` }]),
    ...mustHavePart(wishes.mustHaves, offer.has),
    freshPart(offer.listedAt, now),
  ];
}

/** Within a place that was named nothing is nearer than anything else: what part of it somebody would like was not said. */
function placePart(wishes: Wishes, centre: Point | null, offer: Offer): Part[] {
  const place = placeOf(wishes, offer);
  const away = wishes.near && centre !== null ? metresBetween(centre, offer) : null;
  if (away !== null) {
    const why =
      place === null
        ? `${Math.max(1, Math.round(away / 1609.344))} miles from where was asked`
        : `in ${place}, as asked`;
    return [{ weight: weights.place, fit: Math.max(0, 1 - away / (2 * NEAR_METRES)), why }];
  }
  if (place === null) return [];
  return [{ weight: wishes.near ? weights.place : 0, fit: 1, why: `in ${place}, as asked` }];
}

/** From three quarters of the budget on nothing is better for being dearer. */
export const CLOSE = 0.75;

function pricePart({ priceFrom, priceTo }: Wishes, price: number | null): Part[] {
  if (price === null || (priceFrom === null && priceTo === null)) return [];
  const why = priceTo === null ? 'above the least price that was stated' : 'within the stated budget';
  return [{ weight: weights.price, fit: priceFit(price / 100, priceFrom, priceTo), why }];
}

function priceFit(price: number, from: number | null, to: number | null): number {
  if (from !== null && to !== null) return 1;
  if (to !== null) return Math.min(1, price / to / CLOSE);
  return from === null || price === 0 ? 1 : Math.min(1, from / price / CLOSE);
}

/** As many as asked or one more is right; each further one takes a sixth. */
export const TOO_MANY = 6;

function countPart(weight: number, asked: number | null, has: number | null, what: string): Part[] {
  if (asked === null || has === null) return [];
  const fit = Math.max(0, 1 - Math.max(0, has - asked - 1) / TOO_MANY);
  return [{ weight, fit, why: `${has} ${what}${has === 1 ? '' : 's'}, ${asked} asked for` }];
}

/** Up to half as large again as was asked is right. */
export const SPACIOUS = 1.5;

function sizePart(asked: number | null, has: number | null): Part[] {
  if (asked === null || has === null) return [];
  const why = `${thousands(has)} square feet, ${thousands(asked)} asked for`;
  return [{ weight: weights.size, fit: Math.min(1, (SPACIOUS * asked) / has), why }];
}

function thousands(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** What the MLS does not say counts half: what it denies has left the listing out before. */
function mustHavePart(asked: readonly string[], has: readonly string[]): Part[] {
  if (asked.length === 0) return [];
  const there = asked.filter((word) => has.includes(word));
  const fit = (there.length + (asked.length - there.length) / 2) / asked.length;
  return [
    { weight: weights.mustHaves, fit, why: there.length === 0 ? null : `has what was asked for: ${there.join(', ')}` },
  ];
}

/** Half as fresh after each two weeks. A listing that does not say since when it is one is not fresh. */
export const HALF_LIFE_MS = 14 * 86_400_000;

function freshPart(listedAt: Iso | null, now: Iso): Part {
  if (listedAt === null) return { weight: weights.fresh, fit: 0, why: null };
  const age = Math.max(0, Date.parse(now) - Date.parse(listedAt));
  const why = age <= HALF_LIFE_MS ? `new on the market since ${listedAt.slice(0, 10)}` : null;
  return { weight: weights.fresh, fit: 0.5 ** (age / HALF_LIFE_MS), why };
}
