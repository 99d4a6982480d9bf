import type { MarketListing } from '../../domain/market/listing.ts';
import type { Offer } from '../../domain/market/match.ts';
import type { TestDatabase } from './database.ts';
import { later } from './records.ts';

/** A listing as a feed brought it; with what else the feed sent, and whether it is gone since. */
export interface FedListing extends MarketListing {
  readonly raw?: object;
  readonly removed?: true;
}

/** A home for sale in Austin that may be shown. @param n  another building for each number, a day older */
export function aListing(listingKey: string, n = 0): FedListing {
  return {
    ...{
      listingKey,
      market: 'test',
      status: 'active',
      propertyType: 'residential',
      subtype: 'single family residence',
    },
    ...{
      price: '425000.00',
      city: 'Austin',
      state: 'TX',
      county: 'Travis',
      postalCode: '78702',
      address: `${n + 1} Elm St, ${listingKey}`,
    },
    ...{ bedrooms: 3, bathrooms: 2.5, livingSqft: 1850, latitude: 30.25, longitude: -97.75, remarks: null },
    ...{ listedAt: later(-60 - 1440 * n), changedAt: later(0), listingId: null, lotSqft: null, yearBuilt: null },
    ...{
      originalPrice: null,
      closePrice: null,
      closedOn: null,
      officeKey: 'o1',
      officeName: 'Example Realty',
      agentKey: null,
    },
    ...{ shown: true, addressShown: true, valuationShown: null, uses: null, systemName: null },
  };
}

/** The same as matching sees it. */
export function anOffer(listing: FedListing): Offer {
  const raw: Readonly<Record<string, unknown>> = { ...listing.raw };
  const said = (yes: boolean) => [
    ...(raw['GarageYN'] === yes ? ['garage'] : []),
    ...(raw['PoolPrivateYN'] === yes ? ['pool'] : []),
  ];
  return { ...listing, has: said(true), lacks: said(false) };
}

/** Writes listings as the owner. */
export async function storeListings(
  { pool }: Pick<TestDatabase, 'pool'>,
  locationId: string,
  listings: readonly FedListing[],
): Promise<void> {
  await pool.query(
    `insert into listings (location_id, listing_key, market, status, property_type, subtype, price, city, state, county, postal_code, address, bedrooms,
      bathrooms, living_sqft, latitude, longitude, listed_at, changed_at, office_name, shown, uses, raw, removed_at)
    select $1, "listingKey", market, status, "propertyType", subtype, price, city, state, county, "postalCode", address, bedrooms, bathrooms, "livingSqft",
      latitude, longitude, "listedAt", "changedAt", "officeName", shown, uses, raw, case when removed then "changedAt" end
    from jsonb_to_recordset($2::jsonb) as given ("listingKey" text, market text, status text, "propertyType" text, subtype text, price numeric, city text,
      state text, county text, "postalCode" text, address text, bedrooms smallint, bathrooms numeric, "livingSqft" integer, latitude double precision,
      longitude double precision, "listedAt" timestamptz, "changedAt" timestamptz, "officeName" text, shown boolean, uses text[], raw jsonb, removed boolean)`,
    [locationId, JSON.stringify(listings)],
  );
}
