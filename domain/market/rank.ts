import type { Iso } from '../glossary.ts';
import { type Offer, type Sought, fits, scoreOf } from './match.ts';

/** A listing in its place of a ranking. */
export interface Ranked<O extends Offer = Offer> {
  readonly offer: O;
  /** 0 to 1. */
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Units of one building that a ranking shows at most: ten flats of one tower are one thing to look at. */
export const PER_BUILDING = 2;

/**
 * The best of these listings, best first: those that meet every hard wish, by score, then the newest, then by key; of one building the best two.
 * Pure: the same wishes and listings give the same order, in whatever order they come.
 */
export function rank<O extends Offer>(sought: Sought, offers: readonly O[], now: Iso, limit: number): Ranked<O>[] {
  const ranked = offers
    .filter((offer) => fits(sought, offer))
    .map((offer) => ({ offer, ...scoreOf(sought, offer, now) }));
  return diverse(ranked.toSorted(byScore), limit);
}

function byScore(one: Ranked, other: Ranked): number {
  if (one.score !== other.score) return other.score - one.score;
  const [a, b] = [one.offer.listedAt ?? '', other.offer.listedAt ?? ''];
  if (a !== b) return a < b ? 1 : -1;
  return one.offer.listingKey < other.offer.listingKey ? -1 : 1;
}

function diverse<O extends Offer>(ranked: readonly Ranked<O>[], limit: number): Ranked<O>[] {
  const taken = new Map<string, number>();
  const shown: Ranked<O>[] = [];
  for (const one of ranked) {
    if (shown.length >= limit) break;
    const building = buildingOf(one.offer);
    const before = taken.get(building) ?? 0;
    if (before >= PER_BUILDING) continue;
    taken.set(building, before + 1);
    shown.push(one);
  }
  return shown;
}

/** Its address without the unit; where there is none its point on the map, to ten metres; without both it is a building of its own. */
export function buildingOf({ address, city, latitude, longitude, listingKey }: Offer): string {
  const street = (address ?? '')
    .toLowerCase()
    .replace(/(?:[\s,]+(?:apartment|apt|unit|suite|ste|no)\b\.?|[\s,]*#)\s*[\w-]+.*$/, '')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
  if (street !== '') return `street:${street}|${(city ?? '').toLowerCase()}`;
  if (latitude === null || longitude === null) return `key:${listingKey}`;
  return `point:${latitude.toFixed(4)},${longitude.toFixed(4)}`;
}
