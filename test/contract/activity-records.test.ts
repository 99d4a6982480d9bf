import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../platform/metrics.ts';
import { recordIsActivity } from '../../workers/contactless-activity.ts';
import { type ApiWorld, CONTACT, LOCATION, marketplaceEvent, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
  await world.pool.query(
    `update locations set settings = settings || '{"activityObjects": {"custom_objects.visits":
      {"kind": "property.view", "contact": "visitor", "listing": "home"}}}' where location_id = $1`,
    [LOCATION],
  );
});
afterAll(() => world.stop());

/** A record's event through the real door, then what the relay makes of it; as often as it is dispatched. */
async function told(over: Record<string, unknown>, times = 1): Promise<boolean[]> {
  await world.post(
    marketplaceEvent({
      type: 'RecordCreate',
      id: 'r1',
      firstName: undefined,
      phone: undefined,
      email: undefined,
      tags: undefined,
      ...over,
    }),
  );
  const row = world.committed.at(-1);
  if (row === undefined) throw new Error('the door took nothing');
  const deps = { ...world.deps, metrics: createMetrics() };
  return Promise.all(Array.from({ length: times }, () => recordIsActivity(deps, row)));
}

const properties = (visitor: string, home = 'A1') => [
  { key: 'visitor', valueString: visitor },
  { key: 'home', valueString: home },
  { key: 'price', valueNumber: 450000 },
];
const events = async () =>
  (await world.pool.query('select type, contact_id, detail from analytics_events order by at, event_id'))
    .rows as object[];

describe('a record of a custom object', () => {
  it('is one event of its lead for each state, however often it is told', async () => {
    const timestamp = new Date(Date.now() - 60_000).toISOString();
    const fresh = await told({ properties: properties(CONTACT), timestamp }, 5);
    expect(fresh.filter(Boolean)).toHaveLength(1);
    expect(await told({ properties: properties(CONTACT), timestamp, type: 'RecordUpdate' })).toEqual([false]);
    expect(await told({ properties: properties(CONTACT), type: 'RecordUpdate' })).toEqual([true]);
    expect(await events()).toEqual(
      [1, 2].map(() => ({
        type: 'property.view',
        contact_id: CONTACT,
        detail: { listing: 'A1', price: 450000, record: 'r1' },
      })),
    );
  });

  it('of nobody, of another shape or deleted is none', async () => {
    const before = await events();
    expect(await told({ id: 'r2', properties: [{ key: 'street', valueString: 'Elm' }] })).toEqual([false]);
    expect(await told({ id: 'r3', properties: properties('somebody I met') })).toEqual([false]);
    expect(await told({ id: 'r4', properties: properties(CONTACT), type: 'RecordDelete' })).toEqual([false]);
    expect(await events()).toEqual(before);
  });

  it('named by an address is the contact’s that becomes known by it', async () => {
    await told({ id: 'r5', properties: properties('ann@example.com', 'A9') });
    await world.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, email_hash)
        values ($1, 'ann', now(), now(), now(), $2)`,
      [LOCATION, world.deps.hashPerson('ann@example.com')],
    );
    const { rows } = await world.pool.query(
      `select detail ->> 'listing' as home from analytics_events where contact_id = 'ann'`,
    );
    expect(rows).toEqual([{ home: 'A9' }]);
  });
});
