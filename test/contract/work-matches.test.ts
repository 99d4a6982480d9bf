import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createListingMatcher } from '../../integrations/postgres/listing-matcher.ts';
import * as kept from '../../integrations/postgres/listing-matches.ts';
import { catchUpWishes } from '../../integrations/postgres/wishes-upkeep.ts';
import { aListing, storeListings } from '../support/market-listings.ts';
import { db, ref } from '../support/parts.ts';
import { beginScoredLead, closeScoreParts, openScoreParts, says } from '../support/score-parts.ts';

beforeAll(openScoreParts);
afterAll(closeScoreParts);
beforeEach(async () => {
  await beginScoredLead();
  await storeListings(db, ref.locationId, [
    aListing('cheap'),
    { ...aListing('dear', 1), price: '520000.00' },
    { ...aListing('dallas', 2), city: 'Dallas' },
  ]);
});

const matches = async () =>
  (await kept.best(db.tenants.at(ref.locationId), ref, { limit: 9 })).map(({ listingKey }) => listingKey);
async function wishes() {
  const { rows } = await db.pool.query<{
    cities: string[];
    price_to: string;
    matched: boolean;
    hash: string;
    changed: string;
  }>(
    `select cities, price_to, matched_at is not null as matched, wish_hash as hash, changed_at as changed from lead_wishes where location_id = $1 and contact_id = $2`,
    [ref.locationId, ref.contactId],
  );
  return rows[0];
}

describe('what a lead looks for', () => {
  it('is kept with the decision on the message that says so, with what fits, and what no longer fits goes', async () => {
    await says('looking for a house in Austin, budget $600k');
    expect(await wishes()).toMatchObject({ cities: ['austin'], price_to: '600000.00', matched: true });
    expect(await matches()).toEqual(['cheap', 'dear'].toSorted((a) => (a === 'dear' ? -1 : 1)));
    await says('sorry, my budget is $450k');
    expect(await matches()).toEqual(['cheap']);
  });

  it('stays, with what was found, while messages say nothing of it', async () => {
    await says('looking for a house in Austin, budget $450k');
    const before = await wishes();
    await storeListings(db, ref.locationId, [aListing('later', 3)]);
    await says('thanks, talk to you tomorrow');
    expect([await wishes(), await matches()]).toEqual([before, ['cheap']]);
  });

  it('is nothing once the lead only sells', async () => {
    await says('looking for a house in Austin, budget $450k');
    await says('Actually I want to sell my house');
    expect([await wishes(), await matches()]).toEqual([undefined, []]);
  });
});

describe('catching up', () => {
  const forget = () =>
    db.pool.query('delete from lead_wish_places; delete from lead_wishes; delete from listing_matches');
  const pass = (after: string | null) =>
    catchUpWishes(db.tenants, { locationId: ref.locationId, after, limit: 1, now: new Date() });

  it('brings the same as the decision did, and a second pass finds nothing to do', async () => {
    await says('looking for a house in Austin, budget $450k');
    const { hash } = (await wishes())!;
    await forget();
    expect(await pass(null)).toEqual({ leads: 1, stored: 1, matched: 1, next: ref.contactId });
    expect(await pass(ref.contactId)).toEqual({ leads: 0, stored: 0, matched: 0, next: null });
    expect([(await wishes())?.hash, await matches()]).toEqual([hash, ['cheap']]);
    expect(await pass(null)).toMatchObject({ stored: 0, matched: 0 });
    const concerned = await createListingMatcher(db.tenants, () => new Date()).leadsFor(ref.locationId, [
      'cheap',
      'dear',
    ]);
    expect(concerned.map(({ contactId, listingKey }) => [contactId, listingKey])).toEqual([[ref.contactId, 'cheap']]);
  });
});
