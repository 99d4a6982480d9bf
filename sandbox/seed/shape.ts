import { type Metro, metros } from './metros.ts';
import { createDice } from './random.ts';

/** A location of the seed. */
export interface Seat {
  readonly index: number;
  readonly locationId: string;
  readonly metro: Metro;
  /** How many leads it has. */
  readonly leads: number;
  readonly agentIds: readonly string[];
}

/** How many there are of everything and who belongs to whom; all else is made from it, row by row. */
export interface Shape {
  readonly seed: number;
  /** The instant that rows are made for, milliseconds since 1970; nothing but a next touch is later. */
  readonly asOf: number;
  readonly leads: number;
  readonly listings: number;
  readonly messages: number;
  /** Largest first. */
  readonly seats: readonly Seat[];
  seatOf(lead: number): Seat;
  /** Numbers of the leads of a location, oldest first. */
  leadsAt(seat: Seat): Uint32Array;
  contactId(lead: number): string;
  /** Later numbers are later leads. */
  createdAt(lead: number): number;
  /** How keen the lead is, standard normal: what it writes, answers and looks at follows from it. */
  interest(lead: number): number;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Leads came in over three years, more and more of them. */
const YEARS = 3 * 365 * DAY;
const GROWTH = 1.8;

/** Nothing raw is later than this before `asOf`: `awake` moves an instant by up to seven hours. */
export const EVENING = 7 * HOUR;

/** The plan of a seed of so many leads. Pure: the same arguments give the same plan. */
export function createShape(leads: number, seed: number, asOf: number): Shape {
  const dice = createDice(seed);
  const sizes = locationSizes(leads);
  const seats = sizes.map((size, index): Seat => {
    dice.at('location', index);
    const locationId = dice.id();
    const agents = Math.max(2, Math.min(60, Math.round(Math.sqrt(size) / 4)));
    const agentIds = Array.from({ length: agents }, (_, k) => createDice(seed).at('agent', index, k).id());
    return { index, locationId, metro: metros[index % metros.length]!, leads: size, agentIds };
  });
  const dealt = deal(sizes, seed, 'leads');
  const grouped = group(dealt, sizes);
  return {
    seed,
    asOf,
    leads,
    listings: Math.round(leads / 2),
    messages: leads * 3,
    seats,
    seatOf: (lead) => seats[dealt[lead]!]!,
    leadsAt: (seat) => grouped[seat.index]!,
    contactId: (lead) => dice.at('contact', lead).id(),
    createdAt: (lead) => awake(asOf - EVENING - past((lead + dice.at('created', lead).unit()) / leads, YEARS)),
    interest: (lead) => dice.at('interest', lead).normal(),
  };
}

/** How long ago, for a share of all rows that is older. */
export function past(share: number, longest: number): number {
  return longest * (1 - share) ** GROWTH;
}

/** Moves an instant into the waking hours (07:00 to 23:00, six hours west of UTC); the order of instants stays. */
export function awake(at: number): number {
  const offset = 6 * HOUR;
  const hours = (at - offset) % DAY;
  return Math.floor(at - hours + 7 * HOUR + (hours * 2) / 3);
}

/**
 * How many leads each location has, largest first: one fifth of all are in one, the others follow a Zipf-Mandelbrot law down to a
 * few dozen. A location has one lead at least.
 */
export function locationSizes(leads: number): readonly number[] {
  const largest = Math.round(leads / 5);
  const others = Math.max(20, Math.round(0.4 * Math.sqrt(leads))) - 1;
  const parts = apportion(
    leads - largest,
    Array.from({ length: others }, (_, i) => (i + 4) ** -1.7),
    1,
  );
  // Rounding may leave a place one larger than the one before.
  return [largest, ...parts.sort((a, b) => b - a)];
}

/** Whole parts of `total` in proportion to weights, each `least` or more, the sum exact. */
export function apportion(total: number, weights: readonly number[], least = 0): number[] {
  const free = total - least * weights.length;
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    // Rounded sums, so that no remainder is left at the end.
    before += weight;
    const part = Math.round((free * before) / sum) - given;
    given += part;
    return part + least;
  });
}

/** Which location each row belongs to: all rows of all locations, shuffled. */
export function deal(sizes: readonly number[], seed: number, family: string): Uint16Array {
  const dealt = new Uint16Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  sizes.forEach((size, index) => {
    dealt.fill(index, at, at + size);
    at += size;
  });
  const dice = createDice(seed).at(`deal ${family}`, 0);
  for (let i = dealt.length - 1; i > 0; i -= 1) {
    const other = dice.between(0, i);
    const kept = dealt[i]!;
    dealt[i] = dealt[other]!;
    dealt[other] = kept;
  }
  return dealt;
}

/** The other way round: the numbers of each location's rows. */
export function group(dealt: Uint16Array, sizes: readonly number[]): readonly Uint32Array[] {
  const groups = sizes.map((size) => new Uint32Array(size));
  const filled = sizes.map(() => 0);
  dealt.forEach((index, row) => {
    groups[index]![filled[index]!] = row;
    filled[index]! += 1;
  });
  return groups;
}
