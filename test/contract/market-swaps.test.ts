import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ContactSnapshot } from '../../domain/leads/contact.ts';
import { advance } from '../../domain/leads/qualify.ts';
import { readMessage } from '../../domain/leads/read-message.ts';
import * as kept from '../../integrations/postgres/listing-matches.ts';
import { catchUpWishes } from '../../integrations/postgres/wishes-upkeep.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { aListing, storeListings } from '../support/market-listings.ts';
import { createRandom } from '../support/random.ts';
import { later, newRef } from '../support/records.ts';

/** Who somebody is decides over no home: the same words bring the same homes in the same order, whatever the contact's name, language and address. */

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const people: readonly ContactSnapshot[] = [
  {
    firstName: 'Emily',
    lastName: 'Baker',
    postalCode: '78701',
    state: 'TX',
    tags: ['Hit List'],
    customFields: { language: 'English' },
  },
  {
    firstName: 'Lakisha',
    lastName: 'Washington',
    postalCode: '78702',
    state: 'TX',
    tags: ['Hit List'],
    customFields: { language: 'English' },
  },
  {
    firstName: 'José',
    lastName: 'Hernández',
    postalCode: '79936',
    state: 'TX',
    tags: ['Hit List', 'spanish'],
    customFields: { language: 'Spanish' },
  },
  {
    firstName: 'Mei',
    lastName: 'Chen',
    postalCode: '94108',
    state: 'CA',
    tags: ['Hit List'],
    customFields: { language: 'Mandarin' },
    timezone: 'America/Los_Angeles',
  },
  {
    firstName: 'Mohammed',
    lastName: 'Aziz',
    postalCode: '48126',
    state: 'MI',
    tags: ['Hit List'],
    country: 'US',
    source: 'Zillow',
  },
  {},
];
const texts = [
  'looking for a 3 bed house in Austin, budget $450k, with a pool',
  'near Austin, 400-500k, 2 beds',
  'my budget is $600k',
];

it('brings the same homes in the same order to everybody who says the same', async () => {
  const random = createRandom(11);
  const { locationId } = newRef();
  await storeListings(
    db,
    locationId,
    Array.from({ length: 120 }, (_, i) => ({
      ...aListing(`l${i}`, i % 40),
      price: `${250_000 + 1000 * random.below(400)}.00`,
      postalCode: random.pick(['78701', '78702', '79936', '94108', '48126']),
      city: random.pick(['Austin', 'Buda']),
      bedrooms: random.pick([2, 3, 4]),
      remarks: random.pick(['Near the best schools', 'Cerca de la iglesia', null]),
      latitude: 30.2 + random.below(100) / 1000,
    })),
  );
  const leads = texts.flatMap((text, t) => {
    const qualification = advance({}, readMessage(text, { optedOut: false }), { inboxId: 'm', occurredAt: later(-9) });
    return people.map((snapshot, p) => ({ contactId: `t${t}-p${p}`, qualification, snapshot }));
  });
  await db.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, qualification, snapshot)
      select $1, "contactId", $3, $3, $3, qualification, snapshot from jsonb_to_recordset($2::jsonb) as l ("contactId" text, qualification jsonb, snapshot jsonb)`,
    [locationId, JSON.stringify(leads), later(0)],
  );
  await catchUpWishes(db.tenants, { locationId, after: null, limit: 100, now: new Date(later(0)) });
  const best = async (contactId: string) =>
    (await kept.best(db.tenants.at(locationId), { locationId, contactId }, { limit: 20 })).map(
      ({ listingKey, score, reasons }) => [listingKey, score, reasons],
    );
  for (const [t] of texts.entries()) {
    const lists = await Promise.all(people.map((_, p) => best(`t${t}-p${p}`)));
    expect(lists[0]!.length).toBeGreaterThan(5);
    for (const list of lists) expect(list).toEqual(lists[0]);
  }
});
