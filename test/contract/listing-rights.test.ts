import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { alertRefusal, type FeedRights } from '../../domain/market/rights.ts';
import { createListingStore } from '../../integrations/postgres/kept-listings.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { fit } from '../support/cache-uses.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aListing, type FedListing, storeListings } from '../support/market-listings.ts';
import { installLocation } from '../support/records.ts';
import { testSealing } from '../support/tokens.ts';

/** What replies may speak of is what alerts may tell: the database and the rule in words decide alike. */

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const homes: readonly FedListing[] = [
  aListing('plain'),
  { ...aListing('hidden'), shown: false },
  { ...aListing('unsaid'), shown: null },
  { ...aListing('no-office'), officeName: null },
  { ...aListing('idx'), uses: ['IDX'] },
  { ...aListing('both'), uses: ['IDX', 'VOW'] },
  { ...aListing('none'), uses: [] },
  { ...aListing('elsewhere'), market: 'other' },
];

const rightsOf: readonly (readonly [string, FeedRights | null, readonly string[]])[] = [
  ['no settings name the feed', null, []],
  ['alerts are not allowed', { alerts: false, training: true, uses: ['IDX'] }, []],
  ['alerts are allowed', { alerts: true, training: false }, ['plain']],
  ['alerts are allowed for one use', { alerts: true, training: false, uses: ['VOW'] }, ['both']],
  ['alerts are allowed for two uses', { alerts: true, training: false, uses: ['BO', 'IDX'] }, ['both', 'idx']],
  ['alerts are allowed for no use', { alerts: true, training: false, uses: [] }, []],
];

it.each(rightsOf)('where %s', async (_case, rights, told) => {
  const locationId = `loc-${randomUUID().slice(0, 8)}`;
  await installLocation(createLocationStore(db.tenants, testSealing()), locationId);
  const choice = { provider: 'mlsgrid', market: 'test', originatingSystem: 'test', pollMinutes: 5 };
  const market = { feeds: rights === null ? [] : [{ ...choice, rights }], alerts: { perDay: 2, collectMinutes: 10 } };
  await db.pool.query(`update locations set settings = settings || $2::jsonb where location_id = $1`, [
    locationId,
    { market },
  ]);
  await storeListings(db, locationId, homes);
  const ref = { locationId, contactId: 'lead' };
  await matches.store(
    db.tenants.at(locationId),
    locationId,
    homes.map(({ listingKey }) => fit('lead', listingKey)),
  );
  const uncached = createListingStore(db.tenants, {
    wrapMany: async (keys, _how, load) => [...(await load(keys))],
  });
  const found = await uncached.tellable(ref, told.length);
  expect(await uncached.tellable(ref, 20)).toEqual(found);
  // People of the team see what may be shown, whatever leads may be told.
  const seen = await uncached.matched(ref, 20);
  expect(seen.map(({ listing }) => listing.listingKey).toSorted()).toEqual([
    'both',
    'elsewhere',
    'idx',
    'none',
    'plain',
  ]);
  expect(found.map(({ listing }) => listing.listingKey).toSorted()).toEqual(told);
  expect(found.map(({ listing }) => listing.officeName)).toEqual(told.map(() => 'Example Realty'));
  const allowed = homes.filter((home) => alertRefusal(home, home.market === 'test' ? rights : null) === null);
  expect(allowed.map(({ listingKey }) => listingKey).toSorted()).toEqual(told);
});
