import type { Pool } from 'pg';
import type { WaitingAlert } from '../../domain/market/alerts.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { ListingChange, MarketListing } from '../../domain/market/listing.ts';
import type { Wishes } from '../../domain/market/wishes.ts';
import { keepWishes } from '../../integrations/postgres/lead-wishes.ts';

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
    ...{ addressShown: true, valuationShown: null, uses: null, systemName: 'Example MLS' },
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
      fits: true,
    },
    ...{
      decidedAt: '2026-03-10T15:01:00.000Z',
      priceBefore: null,
      priceAfter: '425000.00',
      takesPlace: false,
      frozen: [],
    },
    ...{ rights: { alerts: true, training: false }, unread: false },
    ...change,
    listing,
  };
}

/** What a lead looks for that asks for homes of a city up to a price, and nothing else. */
export function looksFor(city: string, priceTo: number): Wishes {
  return {
    ...{
      cities: [city.toLowerCase()],
      counties: [],
      postalCodes: [],
      states: [],
      near: false,
      kinds: [],
      mustHaves: [],
    },
    ...{ priceFrom: null, priceTo, minBedrooms: null, minBathrooms: null, minSqft: null, stated: {} },
  };
}

/** What a feed brought, as the tables have it. */
export function homesIn(pool: Pick<Pool, 'query'>, { locationId, market }: Pick<FeedRef, 'locationId' | 'market'>) {
  return {
    /** Makes or changes a listing; it is newer than it was. */
    async list(change: Partial<MarketListing>): Promise<MarketListing> {
      const listing = home({ ...change, market });
      await pool.query(
        `insert into listings as l (location_id, market, listing_key, status, property_type, price, city, state, bedrooms, bathrooms, address,
            office_name, shown, address_shown, system_name, listed_at, changed_at, content_hash)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'as listed')
          on conflict (location_id, listing_key) do update set status = excluded.status, price = excluded.price, shown = excluded.shown,
            office_name = excluded.office_name, address_shown = excluded.address_shown, changed_at = l.changed_at + interval '1 second'`,
        [
          ...[
            locationId,
            market,
            listing.listingKey,
            listing.status,
            listing.propertyType,
            listing.price,
            listing.city,
          ],
          ...[listing.state, listing.bedrooms, listing.bathrooms, listing.address, listing.officeName, listing.shown],
          ...[listing.addressShown, listing.systemName, listing.listedAt, listing.changedAt],
        ],
      );
      return listing;
    },
    /** Writes down a change, as replication does. */
    async tell(
      event: Pick<ListingChange, 'listingKey' | 'kind' | 'change' | 'at'> & Partial<ListingChange>,
    ): Promise<void> {
      const { listingKey, kind, change, at, priceBefore = null, priceAfter = null, startsAt = null } = event;
      await pool.query(
        `insert into listing_events (location_id, market, listing_key, at, kind, price_before, price_after, starts_at, change)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
          on conflict (location_id, listing_key, change) where change is not null do nothing`,
        [locationId, market, listingKey, at, kind, priceBefore, priceAfter, startsAt, change],
      );
    },
    wants: (contactId: string, wishes: Wishes, at: string): Promise<void> =>
      keepWishes(pool, { locationId, contactId }, { wishes, matches: null, at }),
    async alerts(): Promise<readonly Record<string, unknown>[]> {
      const { rows } = await pool.query<Record<string, unknown>>(
        `select contact_id as contact, listing_key as listing, change, kind, state, why, inbox_id as inbox, enrolment_id as enrolment, step,
            price_told as price, as_of as "asOf"
          from market_alerts where location_id = $1 order by decided_at, listing_key, change, contact_id`,
        [locationId],
      );
      return rows;
    },
  };
}
