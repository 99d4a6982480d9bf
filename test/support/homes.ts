import type { WaitingAlert } from '../../domain/market/alerts.ts';
import type { MarketListing } from '../../domain/market/listing.ts';

/** A home that may be told of, at an address that belongs to nobody. */
export function home(change: Partial<MarketListing> = {}): MarketListing {
  return {
    ...{
      listingKey: 'L1',
      market: 'bay',
      status: 'active',
      propertyType: 'residential',
      price: '425000.00',
      city: 'Tampa',
    },
    ...{
      postalCode: '33602',
      bedrooms: 3,
      bathrooms: 2,
      livingSqft: 1_800,
      latitude: null,
      longitude: null,
      remarks: null,
    },
    ...{
      listedAt: '2026-03-01T00:00:00.000Z',
      changedAt: '2026-03-10T15:00:00.000Z',
      listingId: 'T123',
      subtype: null,
    },
    ...{ address: '12 Example Street', state: 'FL', county: null, lotSqft: null, yearBuilt: null, originalPrice: null },
    ...{ closePrice: null, closedOn: null, officeKey: 'O1', officeName: 'Bayside Homes', agentKey: 'A1', shown: true },
    ...{ addressShown: true, valuationShown: null, systemName: 'Example MLS' },
    ...change,
  };
}

/** News that waits, of that home. */
export function alert(change: Partial<WaitingAlert> = {}): WaitingAlert {
  const listing = change.listing === undefined ? home() : change.listing;
  return {
    ...{
      listingKey: listing?.listingKey ?? 'L1',
      change: 'new',
      kind: 'new',
      startsAt: null,
      market: 'bay',
      score: 0.5,
    },
    ...{ decidedAt: '2026-03-10T15:01:00.000Z', priceBefore: null, priceAfter: '425000.00', takesPlace: false },
    ...{ rights: { alerts: true, training: false } },
    ...change,
    listing,
  };
}
