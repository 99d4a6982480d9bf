import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesOf, openHouseChange, removalOf } from '../../domain/market/changes.ts';
import type { FeedRef, RawRecord } from '../../domain/market/feed.ts';
import { readListing } from '../../domain/market/read-listing.ts';
import { readRecord } from '../../domain/market/read-record.ts';
import type { MarketAlertStore } from '../../domain/ports/market-alerts.ts';
import type { FeedPage, MarketStore } from '../../domain/ports/market-store.ts';
import { createMarketAlertStore } from '../../integrations/postgres/market-alerts.ts';
import { createMarketStore } from '../../integrations/postgres/market-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { feedPage } from '../support/market-rows.ts';
import { later, newRef } from '../support/records.ts';

/** Records of a feed, read and stored in a real database, as changes that wait to be told. */
let db: TestDatabase;
let store: MarketStore;
let alerts: MarketAlertStore;
let feed: FeedRef;
/** Minutes since the first page. */
let minute: number;

beforeAll(async () => {
  db = await createTestDatabase();
  store = createMarketStore(db.tenants, { changesOf, removalOf, openHouseChange });
  alerts = createMarketAlertStore(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  const { locationId } = newRef();
  feed = { locationId, provider: 'mlsgrid', market: `bay-${locationId.slice(-8)}` };
  minute = 0;
  await store.open(feed);
  await store.settle(feed, { at: later(0), live: true });
});

async function commit(page: (at: string) => Partial<FeedPage>): Promise<void> {
  minute += 1;
  const at = later(minute);
  await store.commit(feed, feedPage({ at, ...page(at) }));
}
async function told(): Promise<readonly unknown[]> {
  const untold = await alerts.untold(feed, 100);
  return untold.map(({ change, takesPlace }) => [change.kind, change.startsAt, takesPlace]);
}

describe('an open house of the feed', () => {
  const startsAt = later(3 * 24 * 60);
  const house = (change: RawRecord) =>
    commit((at) => {
      const raw = {
        ...{ OpenHouseKey: 'O1', ListingKey: 'L1', OpenHouseStatus: 'Active', OpenHouseStartTime: startsAt },
        ...{ ModificationTimestamp: at, ...change },
      };
      const reading = readRecord('OpenHouse', raw, at);
      if (reading.kind !== 'record') throw new Error(`expected a record, got ${reading.kind}`);
      return { records: [{ ...reading, raw, hash: JSON.stringify(raw) }] };
    });

  it('for brokers, or by appointment, is no news, and none that takes place for leads', async () => {
    await house({ OpenHouseType: 'Broker' });
    await house({ OpenHouseKey: 'O2', AppointmentRequiredYN: true });
    await house({ OpenHouseKey: 'O3', OpenHouseType: 'Brunch' });
    expect(await told()).toEqual([]);
  });

  it('for everybody is news, which is true no more once it is for brokers, and is told anew when it is for everybody again', async () => {
    await house({ OpenHouseType: 'Public', AppointmentRequiredYN: false });
    expect(await told()).toEqual([['open-house', startsAt, true]]);
    await house({ OpenHouseType: 'Broker' });
    expect(await told()).toEqual([
      ['open-house', startsAt, false],
      ['open-house', null, false],
    ]);
    await house({ OpenHouseType: 'Public' });
    expect((await told()).at(-1)).toEqual(['open-house', startsAt, true]);
  });
});

describe('a home that was taken away and comes back', () => {
  const listed = (change: RawRecord) =>
    commit((at) => {
      const raw = { ListingKey: 'L1', PropertyType: 'Residential', ListPrice: 400_000, StandardStatus: 'Active' };
      const given = { ...raw, ModificationTimestamp: at, ...change };
      const reading = readListing(given, { market: feed.market, now: at, frozen: new Set(), before: null });
      if (reading.kind === 'dead') throw new Error('expected a listing, got none that can be read');
      return reading.kind === 'removed'
        ? { absent: [{ resource: 'Property', key: reading.key, at: reading.at }] }
        : { listings: [{ ...reading, raw: given, hash: JSON.stringify(given) }] };
    });

  it('is news only if the feed says that its status changed meanwhile', async () => {
    await listed({ StatusChangeTimestamp: later(-60) });
    await listed({ MlgCanView: false });
    await listed({ StatusChangeTimestamp: later(-60) });
    await listed({ MlgCanView: false });
    await listed({});
    expect((await told()).map((change) => (change as unknown[])[0])).toEqual(['withdrawn', 'withdrawn']);
    await listed({ MlgCanView: false });
    await listed({ StatusChangeTimestamp: later(minute) });
    expect((await told()).at(-1)).toEqual(['back-on-market', null, false]);
  });
});
