import type { FeedPage, ListingRow } from '../../domain/ports/market-store.ts';
import type { MarketListing } from '../../domain/market/listing.ts';
import { later } from './records.ts';

/** A listing as a page brings it. */
export function listingRow(listingKey: string, change: Partial<MarketListing> = {}, hash = listingKey): ListingRow {
  const listing: MarketListing = {
    ...{ listingKey, market: 'bayline', status: 'active', propertyType: 'residential', price: '425000.00' },
    ...{ city: 'Austin', postalCode: '78701', bedrooms: 3, bathrooms: 2.5, livingSqft: 1850, latitude: 30.25 },
    ...{ longitude: -97.75, remarks: null, listedAt: later(-600), changedAt: later(0), listingId: `A${listingKey}` },
    ...{ subtype: null, address: '12 Elm Street', state: 'TX', county: 'Travis', lotSqft: null, yearBuilt: 1998 },
    ...{ originalPrice: null, closePrice: null, closedOn: null, officeKey: 'O1', officeName: 'Example Realty' },
    ...{ agentKey: null, shown: true, addressShown: true, valuationShown: null, uses: null, systemName: 'example-mls' },
    ...change,
  };
  const stamps = { price: null, status: null };
  return { listing, raw: { ListingKey: listingKey, Price: listing.price }, hash, problems: [], stamps };
}

/** A page that brings nothing but what is said. */
export const feedPage = (change: Partial<FeedPage> = {}): FeedPage => ({
  ...{
    why: 'increment',
    at: later(1),
    readAt: change.at ?? later(1),
    listings: [],
    records: [],
    dead: [],
    absent: [],
    quota: null,
  },
  ...change,
});
