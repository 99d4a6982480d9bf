import type { Qualification } from '../../domain/leads/lead.ts';
import type { Sought } from '../../domain/market/match.ts';
import { rank } from '../../domain/market/rank.ts';
import { type Wishes, wishesOf } from '../../domain/market/wishes.ts';
import { candidates, WALK } from '../../integrations/postgres/listing-candidates.ts';
import type { ListingMatcher } from '../../domain/ports/listing-matcher.ts';
import { createListingMatcher } from '../../integrations/postgres/listing-matcher.ts';
import { placeNames, wishHash } from '../../integrations/postgres/lead-wishes.ts';
import type { TestDatabase } from '../support/database.ts';
import { createRandom, type Random } from '../support/random.ts';
import type { AssistantPart } from './assistant-part.ts';
import { type Summary, summarise } from './summary.ts';

type Db = Pick<TestDatabase, 'pool' | 'tenants'>;
export interface MatchingSize {
  readonly listings: number;
  readonly leads: number;
  /** Look-ups in all, a third of each kind. */
  readonly asks: number;
}
export const wholeSize: MatchingSize = { listings: 200_000, leads: 100_000, asks: 600 };

const HERE = 'bench-matching';
const kinds = ['narrow', 'wide', 'price'] as const;
type Kind = (typeof kinds)[number];
const BAR_MS = 50;
/** What makes an ask narrow or wide: so many listings pass its hard wishes at most, or such a share of all at least. */
const NARROW = 200;
const WIDE_SHARE = 0.1;
const BATCH_BAR_MS = 1_000;

/**
 * One lead against the whole market, a third each that few, very many and only a price let pass; and a batch of changed listings against all leads. The
 * control ranks everything that fits, in place of the newest and the closest in price: it is slower, and its best twenty tell what the bound costs.
 */
export async function marketMatching(db: Db, size: MatchingSize = wholeSize): Promise<AssistantPart> {
  await fillListings(db, size.listings);
  const random = createRandom(20_261_129);
  const asked = kinds.flatMap((kind) =>
    Array.from({ length: size.asks / kinds.length }, () => ({ kind, sought: soughtOf(kind, random) })),
  );
  const matcher = createListingMatcher(db.tenants, () => new Date(NOW));
  const ref = { locationId: HERE, contactId: 'one' };
  const ask = ({ sought }: (typeof asked)[number]) => timed(() => matcher.find(ref, sought.wishes, 20));
  for (const one of asked.slice(0, 30)) await ask(one);
  const times = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
  for (const one of shuffled(asked, random)) times.get(one.kind)!.push(await ask(one));
  const all = summarise([...times.values()].flat());
  const full = await againstAll(db, asked);
  await fillWishes(db, size.leads, random);
  const batch = await reverse(db, matcher);
  const passing = {
    narrow: Math.max(...full.found['narrow']!.passing),
    wide: Math.min(...full.found['wide']!.passing),
  };
  return {
    metrics: {
      ...Object.fromEntries(kinds.map((kind) => [`match_ms@${kind}`, summarise(times.get(kind)!)])),
      'match_ms@all': all,
      'concerned_ms@batch': batch.times,
      'concerned_ms@one': batch.one,
    } satisfies Record<string, Summary>,
    targets: [
      { metric: 'match_passing@narrow', max: NARROW, value: passing.narrow, pass: passing.narrow <= NARROW },
      {
        metric: 'match_passing@wide',
        min: size.listings * WIDE_SHARE,
        value: passing.wide,
        pass: passing.wide >= size.listings * WIDE_SHARE,
      },
      { metric: 'match_ms@all.p95', max: BAR_MS, value: all.p95, pass: all.p95 <= BAR_MS },
      {
        metric: 'concerned_ms@batch.p95',
        max: BATCH_BAR_MS,
        value: batch.times.p95,
        pass: batch.times.p95 <= BATCH_BAR_MS,
      },
    ],
    control: {
      'ranks-everything': {
        ...{ what: 'all listings that fit are read and ranked', metric: 'p95 in ms' },
        ...{ normal: full.bounded.p95, value: full.all.p95, worse: full.all.p95 > full.bounded.p95 },
      },
    },
    tables: [
      {
        title: `One lead against ${size.listings} listings for sale`,
        head: [
          'kind',
          'asks',
          'pass the hard wishes (least–most)',
          'p50 ms',
          'p95 ms',
          'max ms',
          'of the best twenty of all, found',
        ],
        rows: kinds.map((kind) => {
          const { p50, p95, max } = summarise(times.get(kind)!);
          const { best, of, passing } = full.found[kind]!;
          return [
            kind,
            times.get(kind)!.length,
            `${Math.min(...passing)}–${Math.max(...passing)}`,
            p50,
            p95,
            max,
            `${best}/${of}`,
          ];
        }),
      },
    ],
    parts: { matching: { ...size, found: full.found, batch: { listings: BATCH, pairs: batch.pairs } } },
  };
}

const NOW = '2026-11-29T12:00:00.000Z';
const CITIES = 40;
const BATCH = 100;

/** City 0 has a fifth of all listings, the others the rest; prices, rooms and ages are spread as those of homes are. */
async function fillListings({ pool }: Db, listings: number): Promise<void> {
  for (let from = 0; from < listings; from += 20_000) {
    await pool.query(
      `insert into listings (location_id, listing_key, market, status, property_type, subtype, price, city, state, county, postal_code, address, bedrooms,
        bathrooms, living_sqft, latitude, longitude, listed_at, changed_at, office_name, shown, raw)
      select $1, 'l' || n, 'bench', 'active', 'residential', case when a < 0.2 then 'condominium' when a < 0.35 then 'townhouse' else 'single family residence' end,
        round((120000 * exp(1.1 * (b + c + a)))::numeric, -2), 'City ' || city, 'TX', 'County ' || city % 10, (70000 + city * 25 + (b * 25)::int)::text,
        n || ' Elm St', 1 + floor(5 * (a + c) / 2), 1 + floor(4 * c) / 2, 500 + floor(3500 * (a + b) / 2),
        30 + (city / 8) * 0.4 + b * 0.3, -97 + (city % 8) * 0.4 + c * 0.3, $3::timestamptz - interval '180 days' * f * f, $3, 'Example Realty', true,
        case when a < 0.3 then '{"PoolPrivateYN": true}' when a < 0.8 then '{"PoolPrivateYN": false}' else '{}' end::jsonb
      from (select n, ${['a', 'b', 'c', 'd', 'e', 'f'].map(drawn).join(', ')} from generate_series($2::int + 1, $2::int + 20000) as n) as drawn
        cross join lateral (select case when d < 0.2 then 0 else floor(${CITIES} * e)::int end as city) as placed where n <= $4`,
      [HERE, from, NOW, listings],
    );
  }
  await pool.query('vacuum analyze listings');
}

/** A number from 0 to 1 that hangs on the listing's alone. */
function drawn(name: string): string {
  return `('x' || substr(md5(n || '${name}'), 1, 8))::bit(32)::bigint / 4294967296.0::double precision as ${name}`;
}

function answer(value: string | number) {
  return { value, at: NOW, from: 'message' };
}

function soughtOf(kind: Kind, random: Random): Sought {
  const budget = (least: number, most: number) => answer(1000 * (least + random.below(most - least)));
  const city = () => answer(`City ${1 + random.below(CITIES - 1)}`);
  const of: Readonly<Record<Kind, () => Qualification>> = {
    // One in five names no place: everything that costs less has to be looked at.
    narrow: () =>
      random.chance(0.2)
        ? {
            budget: budget(400, 3000),
            property: answer(`5 bed, 3 bath, ${random.pick(['condo', 'townhouse', 'mobile home'])}`),
          }
        : { location: city(), budget: budget(250, 400), property: answer('2 bed, condo, pool') },
    wide: () => ({ location: answer('City 0'), budget: budget(900, 3000), property: answer('2 bed') }),
    price: () => ({ budget: budget(250, 2500) }),
  };
  const wishes: Wishes = wishesOf(of[kind](), false)!;
  return { wishes, centre: null };
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((one) => [random.below(1_000_000), one] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, one]) => one);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

type Asked = readonly { readonly kind: Kind; readonly sought: Sought }[];
/** Of each kind: a few, for reading everything takes its time. */
const SAMPLE = 12;

function sampled(asked: Asked): Asked {
  return kinds.flatMap((kind) => asked.filter((one) => one.kind === kind).slice(0, SAMPLE));
}

/** How many listings the hard wishes let pass, of the asks that are held against everything. */
async function againstAll({ tenants }: Db, asked: Asked) {
  const place = tenants.at(HERE);
  const times: { readonly bounded: number[]; readonly all: number[] } = { bounded: [], all: [] };
  const found = Object.fromEntries(kinds.map((kind) => [kind, { best: 0, of: 0, passing: [] as number[] }]));
  for (const { kind, sought } of sampled(asked)) {
    const best = async (walk: number) => {
      const offers = await candidates(place, HERE, sought, NOW, walk);
      return { keys: rank(sought, offers, NOW, 20).map(({ offer }) => offer.listingKey), n: offers.length };
    };
    const began = performance.now();
    const bounded = await best(WALK);
    const between = performance.now();
    const all = await best(1_000_000);
    times.bounded.push(between - began);
    times.all.push(performance.now() - between);
    found[kind]!.best += all.keys.filter((key) => bounded.keys.includes(key)).length;
    found[kind]!.of += all.keys.length;
    found[kind]!.passing.push(all.n);
  }
  return { bounded: summarise(times.bounded), all: summarise(times.all), found };
}

/** Leads as they are spread over what they state: half in a city, a tenth with a price alone within what few homes cost, the rest narrower. */
async function fillWishes({ pool }: Db, leads: number, random: Random): Promise<void> {
  const rows = Array.from({ length: leads }, (_, n) => {
    const kind = random.chance(0.02) ? 'price' : 'narrow';
    const { wishes } = soughtOf(kind, random);
    const {
      kinds: types,
      priceTo,
      minBedrooms,
    } = kind === 'price' ? { ...wishes, priceTo: 130_000 + random.below(90_000) } : wishes;
    return {
      contactId: `c${n}`,
      cities: wishes.cities,
      types,
      priceTo,
      minBedrooms,
      hash: wishHash(wishes),
      names: placeNames(wishes),
    };
  });
  for (let from = 0; from < rows.length; from += 10_000) {
    await pool.query(
      `with given as (select * from jsonb_to_recordset($2::jsonb) as g ("contactId" text, cities text[], types text[], "priceTo" numeric, "minBedrooms" numeric,
          hash text, names text[])),
        kept as (insert into lead_wishes (location_id, contact_id, cities, property_types, price_to, min_bedrooms, wish_hash, changed_at)
          select $1, "contactId", cities, types, "priceTo", "minBedrooms", hash, now() from given)
      insert into lead_wish_places (location_id, place, most_cents, contact_id)
      select $1, place, ("priceTo" * 100)::bigint, "contactId" from given cross join lateral unnest(names) as place`,
      [HERE, JSON.stringify(rows.slice(from, from + 10_000))],
    );
  }
  await pool.query('vacuum analyze lead_wishes, lead_wish_places');
}

async function reverse({ pool }: Db, matcher: ListingMatcher) {
  const times: number[] = [];
  const one: number[] = [];
  const counts: number[] = [];
  for (let run = 0; run < 20; run += 1) {
    const { rows } = await pool.query<{ key: string }>(
      'select listing_key as key from listings where location_id = $1 order by md5(listing_key || $2) limit $3',
      [HERE, String(run), BATCH],
    );
    const keys = rows.map(({ key }) => key);
    times.push(
      await timed(async () => {
        counts.push((await matcher.leadsFor(HERE, keys)).length);
      }),
    );
    for (const key of keys.slice(0, 5)) one.push(await timed(() => matcher.leadsFor(HERE, [key])));
  }
  return { times: summarise(times), one: summarise(one), pairs: [Math.min(...counts), Math.max(...counts)] };
}
