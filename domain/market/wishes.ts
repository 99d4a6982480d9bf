import type { Iso } from '../glossary.ts';
import { type HomeWord, homeWords } from '../leads/home-words.ts';
import type { Answer, Lead, Qualification } from '../leads/lead.ts';
import { isSeller } from '../leads/qualify.ts';
import { type HomeKind, homeKinds } from './home-kinds.ts';
import { placesIn } from './places.ts';

/** Listings that are kept for a lead. */
export const MATCHES_KEPT = 20;

/** Who said so and when: the message's inbox id. */
export interface StatedBy {
  readonly from: string;
  readonly at: Iso;
}
export type WishName = 'place' | 'price' | 'home' | 'size';

/**
 * What a lead looks for. Null and empty ask nothing.
 *
 * Hard, never broken by a match: places, price, bedrooms, bathrooms, size, kind of home. A listing that does not say how it stands to a hard wish does
 * not meet it. A must-have (pool, garage …) is hard against a listing whose MLS says that the home has it not, and soft otherwise: most listings say
 * nothing about most of these, and silence is no no.
 */
export interface Wishes {
  readonly cities: readonly string[];
  readonly counties: readonly string[];
  readonly postalCodes: readonly string[];
  readonly states: readonly string[];
  /** Close to the places will do as well. */
  readonly near: boolean;
  readonly kinds: readonly HomeKind[];
  readonly mustHaves: readonly HomeWord[];
  /** Whole dollars and cents; both ends belong to it. */
  readonly priceFrom: number | null;
  readonly priceTo: number | null;
  readonly minBedrooms: number | null;
  readonly minBathrooms: number | null;
  readonly minSqft: number | null;
  readonly stated: Readonly<Partial<Record<WishName, StatedBy>>>;
}

/**
 * What a lead stated of the home that it wants to buy; null: nothing that a listing could be held against, or it only sells. Made of answers and of
 * nothing else: neither the contact's name, language, household or address nor anything about who lives where can enter, for none of it comes in.
 * @param seller  only sells, by its own words or by what the team marked it with
 */
export function wishesOf(qualification: Qualification, seller: boolean): Wishes | null {
  if (seller) return null;
  const { location, property, minSqft } = qualification;
  const price = priceOf(qualification);
  const words = typeof property?.value === 'string' ? homeOf(property.value) : noHome;
  const { around, ...places } = placesIn(typeof location?.value === 'string' ? location.value : '');
  const named = [places.cities, places.counties, places.postalCodes].some((list) => list.length > 0);
  const size = typeof minSqft?.value === 'number' ? minSqft.value : null;
  const wishes: Wishes = {
    ...places,
    near: named && (around || (qualification.near?.value === true && sameMessage(qualification.near, location))),
    ...words,
    ...price,
    minSqft: size,
    stated: {
      ...by('place', named || places.states.length > 0 ? location : undefined),
      ...by('price', price.priceFrom === null && price.priceTo === null ? undefined : qualification.budget),
      ...by('home', words === noHome ? undefined : property),
      ...by('size', size === null ? undefined : minSqft),
    },
  };
  return asksSomething(wishes) ? wishes : null;
}

/** What a lead looks for now; null: for nothing. Who sells, or is gone from the CRM, looks for none. */
export function wishesOfLead({
  qualification,
  snapshot,
  deletedAt,
}: Pick<Lead, 'qualification' | 'snapshot' | 'deletedAt'>): Wishes | null {
  return deletedAt === null ? wishesOf(qualification, isSeller(qualification, snapshot)) : null;
}

/** The text that two wishes share exactly where they ask for the same. Who said so is no part of it. */
export function wishText({ stated: _by, ...asked }: Wishes): string {
  return JSON.stringify(Object.entries(asked).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Must-haves alone ask for no home in particular. */
function asksSomething(wishes: Wishes): boolean {
  const { cities, counties, postalCodes, states, kinds } = wishes;
  const { priceFrom, priceTo, minBedrooms, minBathrooms, minSqft } = wishes;
  return (
    [cities, counties, postalCodes, states, kinds].some((list) => list.length > 0) ||
    [priceFrom, priceTo, minBedrooms, minBathrooms, minSqft].some((bound) => bound !== null)
  );
}

/** A budget is the most that a home may cost, unless the same message says that it is the least. */
function priceOf({ budget, priceFrom, priceTo }: Qualification): Pick<Wishes, 'priceFrom' | 'priceTo'> {
  const most = typeof budget?.value === 'number' && budget.value > 0 ? budget.value : null;
  if (most === null) return { priceFrom: null, priceTo: null };
  const low = boundOf(priceFrom, budget);
  if (low === null || low > most) return { priceFrom: null, priceTo: most };
  return low < most ? { priceFrom: low, priceTo: most } : { priceFrom: low, priceTo: boundOf(priceTo, budget) };
}

/** A bound belongs to the answer of its own message: a later answer does away with it. */
function boundOf(bound: Answer | undefined, answer: Answer | undefined): number | null {
  return typeof bound?.value === 'number' && sameMessage(bound, answer) ? bound.value : null;
}

function sameMessage(one: Answer | undefined, other: Answer | undefined): boolean {
  return one !== undefined && one.from === other?.from;
}

type Home = Pick<Wishes, 'kinds' | 'mustHaves' | 'minBedrooms' | 'minBathrooms'>;
const noHome: Home = { kinds: [], mustHaves: [], minBedrooms: null, minBathrooms: null };

/** The home as it is kept in one line: `3 bed, 2 bath, condo, pool`. What else a line may hold asks nothing. */
function homeOf(line: string): Home {
  const parts = line.split(',').map((part) => part.trim());
  const count = (word: string) => {
    const number = parts
      .map((part) => new RegExp(`^(\\d{1,2}(?:\\.\\d{1,2})?) ${word}$`).exec(part)?.[1])
      .find(Boolean);
    return number === undefined || Number(number) <= 0 ? null : Number(number);
  };
  const words = homeWords.filter((word) => parts.includes(word));
  const home = {
    kinds: homeKinds.filter((kind) => words.includes(kind)),
    mustHaves: words.filter((word) => !(homeKinds as readonly string[]).includes(word)),
    minBedrooms: count('bed'),
    minBathrooms: count('bath'),
  };
  const empty = words.length === 0 && home.minBedrooms === null && home.minBathrooms === null;
  return empty ? noHome : home;
}

function by(name: WishName, answer: Answer | undefined): Wishes['stated'] {
  return answer === undefined ? {} : { [name]: { from: answer.from, at: answer.at } };
}
