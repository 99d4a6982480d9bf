import { type Dice, type Skewed, createDice, weighted } from './random.ts';
import { DAY, EVENING, type Seat, type Shape, apportion, awake, deal, group, past } from './shape.ts';
import { type Row, type SeedTable, iso } from './table.ts';
import type { Texts } from './texts.ts';

/** The listings of a shape: whose they are, and what they are. */
export interface Listings {
  of(listing: number): Listing;
  /** Numbers of a location's listings, oldest first. */
  at(seat: Seat): Uint32Array;
}

export interface Listing {
  readonly seat: Seat;
  readonly key: string;
  readonly status: string;
  readonly type: string;
  readonly price: number;
  readonly city: number;
  readonly listedAt: number;
  readonly changedAt: number;
}

const statuses = weighted([
  ['closed', 64],
  ['active', 17],
  ['pending', 5],
  ['expired', 6],
  ['withdrawn', 4],
  ['active under contract', 2],
  ['canceled', 1.5],
  ['coming soon', 0.5],
]);

/** Types of RESO's data dictionary in lower case, with how their prices compare. */
const types: Skewed<readonly [string, number]> = weighted([
  [['residential', 1], 74],
  [['residential lease', 0.006], 9],
  [['land', 0.35], 7],
  [['residential income', 1.5], 4],
  [['commercial sale', 2.2], 3],
  [['manufactured in park', 0.25], 2],
  [['farm', 1.4], 1],
]);

/** Nearer cities of a metropolitan area have fewer homes than its centre. */
const cityOf = weighted([
  [0, 46],
  [1, 20],
  [2, 14],
  [3, 11],
  [4, 9],
]);

export function createListings(shape: Shape): Listings {
  const dice = createDice(shape.seed);
  const sizes = apportion(
    shape.listings,
    shape.seats.map((seat) => seat.leads),
  );
  const dealt = deal(sizes, shape.seed, 'listings');
  const grouped = group(dealt, sizes);
  return {
    at: (seat) => grouped[seat.index]!,
    of(listing) {
      dice.at('listing', listing);
      const seat = shape.seats[dealt[listing]!]!;
      const [type, factor] = types(dice);
      const city = cityOf(dice);
      const status = statuses(dice);
      // The market moves: what is not sold was offered not long ago.
      const longest = status === 'closed' || status === 'expired' ? 3 * 365 * DAY : 150 * DAY;
      const listedAt = awake(shape.asOf - EVENING - past((listing + dice.unit()) / shape.listings, longest));
      const changedAt = Math.min(
        shape.asOf,
        awake(listedAt + Math.min(dice.wait(25 * DAY), shape.asOf - EVENING - listedAt)),
      );
      const price = seat.metro.median * factor * (1.12 - 0.06 * city) * Math.exp(0.42 * dice.normal());
      const key = `${10_000_000 + listing}`;
      return {
        seat,
        key,
        status,
        type,
        price: rounded(price),
        city,
        listedAt,
        changedAt: Math.max(listedAt, changedAt),
      };
    },
  };
}

/** As people ask: 449,900 rather than 450,123. */
function rounded(price: number): number {
  if (price < 20_000) return Math.max(600, Math.round(price / 25) * 25);
  return Math.round(price / 5_000) * 5_000 - 100;
}

export function listingTables(shape: Shape, listings: Listings, texts: Texts): readonly SeedTable[] {
  return [
    {
      name: 'listings',
      columns: COLUMNS,
      *rows() {
        const dice = createDice(shape.seed);
        for (let listing = 0; listing < shape.listings; listing += 1) {
          yield row(dice.at('home', listing), listings.of(listing), texts, listing);
        }
      },
    },
    {
      name: 'listing_events',
      columns: ['location_id', 'listing_key', 'at', 'kind', 'price_before', 'price_after'],
      *rows() {
        const dice = createDice(shape.seed);
        for (let listing = 0; listing < shape.listings; listing += 1) {
          yield* events(dice.at('events', listing), listings.of(listing));
        }
      },
    },
  ];
}

const COLUMNS = [
  'location_id',
  'listing_key',
  'status',
  'property_type',
  'price',
  'city',
  'postal_code',
  'bedrooms',
  'bathrooms',
  'living_sqft',
  'latitude',
  'longitude',
  'remarks',
  'listed_at',
  'changed_at',
];

function row(dice: Dice, one: Listing, texts: Texts, listing: number): Row {
  const { metro } = one.seat;
  const city = metro.cities[one.city]!;
  const built = one.type !== 'land' && one.type !== 'farm';
  const bedrooms = Math.min(8, Math.max(0, Math.round(3.2 + 1.05 * dice.normal())));
  const located = dice.chance(0.96);
  // Homes thin out from the centre: some five kilometres in each direction, a degree of longitude being shorter in the north.
  const north = 0.045 * dice.normal();
  const east = (0.045 * dice.normal()) / Math.cos((city.latitude * Math.PI) / 180);
  return [
    one.seat.locationId,
    one.key,
    one.status,
    one.type,
    one.price,
    city.name,
    `${metro.postal}${String(10 * one.city + dice.between(0, 9) + 1).padStart(2, '0')}`,
    built ? bedrooms : null,
    built ? Math.max(1, bedrooms - 1 + dice.between(0, 2) / 2) : null,
    built ? Math.round(Math.max(350, 520 * bedrooms * Math.exp(0.25 * dice.normal()) + 250)) : null,
    located ? Number((city.latitude + north).toFixed(6)) : null,
    located ? Number((city.longitude + east).toFixed(6)) : null,
    dice.chance(0.85) ? texts.remarks(listing, city.name) : null,
    iso(one.listedAt),
    iso(one.changedAt),
  ];
}

/** What the status has come from. */
const lastEvent: Readonly<Record<string, string>> = {
  closed: 'closed',
  pending: 'pending',
  'active under contract': 'pending',
  expired: 'withdrawn',
  withdrawn: 'withdrawn',
  canceled: 'withdrawn',
};

function* events(dice: Dice, { seat, key, status, price, listedAt, changedAt }: Listing): Iterable<Row> {
  const event = (at: number, kind: string, before: number | null, after: number | null): Row => [
    seat.locationId,
    key,
    iso(at),
    kind,
    before,
    after,
  ];
  const cut = dice.chance(0.25) ? Math.round(price * 0.04) : 0;
  yield event(listedAt, 'new', null, price + cut);
  const middle = listedAt + Math.floor((changedAt - listedAt) / 2);
  if (cut > 0) yield event(middle, 'price-change', price + cut, price);
  if (dice.chance(0.06)) yield event(middle, 'open-house', null, null);
  const last = lastEvent[status];
  if (last !== undefined && dice.chance(0.9)) yield event(changedAt, last, null, last === 'closed' ? price : null);
}
