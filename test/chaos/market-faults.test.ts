import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { differenceOf, noDifference } from '../support/market-checker.ts';
import { activeKeys, calm, dropPrices, effectsOf, type MadeChange } from '../support/market-faults.ts';
import { type FollowedFeed, followFeed } from '../support/market-feed.ts';
import { storeLeads } from '../support/market-leads.ts';
import { type MarketWorld, openMarketWorld } from '../support/market-world.ts';
import { until } from '../support/until.ts';

/**
 * A market goes on while its feed, its pushes and the worker fail. After each fault the copy is held against the feed by a checker that shares no
 * code with the product: nothing lost, no ghost, nothing stale, nothing dropped without a dead letter and a count; and each change has one effect.
 */

const LIMIT_MS = 1_200_000;

let world: MarketWorld;
let feed: FollowedFeed;
let prices = 90_000;

beforeAll(async () => {
  world = await openMarketWorld({ purpose: 'market-faults', paused: true, roles: ['api', 'market'] });
}, LIMIT_MS);

afterAll(() => world?.stop());

/** A location of its own follows the feed, with one lead that any home would do for. */
async function follow(market: string, profile: object, manner: object = {}): Promise<void> {
  await world.order('reset');
  await world.order('profile', { vendor: 'reso', pages: { usual: 25, most: 50 }, ...profile });
  await world.order('manner', { values: 'words', ...manner });
  await world.order('market', {
    seed: 9,
    listings: 150,
    mediaEach: 1,
    openHouseEvery: 25,
    offices: 6,
    members: 12,
    days: 90,
  });
  feed = await followFeed(world, { market });
  await storeLeads(world, feed.ref.locationId, [{ contactId: 'looksatallhomes', budget: 9_000_000 }]);
  await feed.poll();
}

/** Prices fall to one that no test before has used. */
async function change(count = 4): Promise<readonly MadeChange[]> {
  prices += 1_000;
  return dropPrices(world, await activeKeys(world, feed.ref.locationId, count), prices);
}

async function expectEqual(options: Parameters<FollowedFeed['check']>[0] = {}): Promise<void> {
  const checked = await feed.check(options);
  expect(differenceOf(checked)).toEqual(noDifference);
  expect(checked.kept).toBeGreaterThan(300);
}

async function expectOneEffect(changes: readonly MadeChange[]): Promise<void> {
  expect(await effectsOf(world, feed, changes)).toEqual(
    changes.map(({ key }) => ({ key, events: 1, alerts: 1, inbox: 1 })),
  );
}

describe('a feed with a journal', () => {
  beforeAll(() => follow('chaos-events', { events: true }), LIMIT_MS);
  afterAll(() => feed.leave());

  it.each(['market.before-commit', 'market.after-commit', 'market.after-fan-out'])(
    'loses nothing and tells nothing twice when the worker is killed at %s',
    async (point) => {
      world.gates.hold(point);
      const changes = await change();
      const polled = feed.poll();
      await world.gates.reached(point);
      await world.kill('market');
      world.gates.open(point);
      await world.start('market');
      await polled;
      await expectEqual();
      await expectOneEffect(changes);
    },
    LIMIT_MS,
  );

  it(
    'takes events that come twice, last first, late or not at all',
    async () => {
      await feed.push({ copies: 2, reverse: true, batch: false });
      const pushed = await change();
      await feed.pushed();
      await expectOneEffect(pushed);
      await world.order('push', { withhold: true });
      const unpushed = await change();
      await world.order('events', { withhold: true });
      const heldBack = await change();
      await feed.poll();
      await expectOneEffect(unpushed.filter(({ key }) => !heldBack.some((one) => one.key === key)));
      await calm(world);
      await feed.poll();
      await world.order('push', undefined, 'DELETE');
      await expectEqual();
      await expectOneEffect([...pushed, ...heldBack]);
    },
    LIMIT_MS,
  );

  it(
    'is not moved by pushes without its token, and finds by itself what they told',
    async () => {
      await feed.push({ credentials: 'wrong', maxAttempts: 1 });
      const wrong = await change(2);
      await world.order('push-idle');
      await feed.push({ credentials: 'none', maxAttempts: 1 });
      const none = await change(2);
      const { deliveries } = await world.order<{ deliveries: { attempts: { status?: number }[] }[] }>('push-idle');
      const answers = deliveries.slice(-4).map(({ attempts }) => attempts.map(({ status }) => status));
      await world.order('push', undefined, 'DELETE');
      expect(answers).toEqual([[401], [401], [401], [401]]);
      expect((await effectsOf(world, feed, [...wrong, ...none])).map(({ events }) => events)).toEqual([0, 0, 0, 0]);
      await feed.poll();
      await expectEqual();
      await expectOneEffect(none);
    },
    LIMIT_MS,
  );
});

describe('a feed by timestamps', () => {
  beforeAll(() => follow('chaos-timestamps', { events: false }), LIMIT_MS);
  afterAll(() => feed.leave());

  it(
    'waits out a storm of refusals and a suspended token, and renews one that ends in the middle of a scan',
    async () => {
      const changes = await change();
      const records = { method: 'GET', path: '/Property*' };
      await world.order('faults', { match: records, times: 3, status: 429, headers: { 'retry-after': '1' } });
      await world.order('faults', { match: records, after: 1, spoil: 'expire-token' });
      await feed.poll();
      const { tokens } = await world.order<{ tokens: { id: string }[] }>('usage', undefined, 'GET');
      for (const { id } of tokens) await world.order('tokens', { id, suspendedMs: 3_000 });
      await feed.poll();
      await expectEqual();
      await expectOneEffect(changes);
    },
    LIMIT_MS,
  );

  it(
    'is right after rows went while it paged, pages that lead in a circle, and pages that are none',
    async () => {
      const changes = await change();
      const records = { method: 'GET', path: '/Property*' };
      await world.order('faults', { match: records, times: 2, spoil: 'html' });
      await world.order('faults', { match: records, after: 1, spoil: 'page-loop' });
      await world.order('faults', { match: records, after: 2, times: 2, spoil: 'duplicate-rows' });
      await feed.poll();
      await world.order('faults', {
        match: { method: 'GET', path: '/Property*', query: 'select' },
        times: 3,
        spoil: 'delete-served-row',
      });
      await feed.reconcile();
      await calm(world);
      await feed.reconcile();
      await expectEqual();
      const left = await activeKeys(world, feed.ref.locationId, 4);
      await expectOneEffect(changes.filter(({ key }) => left.includes(key)));
    },
    LIMIT_MS,
  );

  it(
    'tells of every poisoned record by a dead letter, keeps the rest of it, and counts it',
    async () => {
      const { value } = await world.order<{ value: { id: string; kind: string }[] }>('poison');
      await feed.poll();
      await feed.reconcile();
      await expectEqual();
      const rows = await world.sql<{ key: string; kept: boolean }>(
        `select distinct d.record_key as key, l.listing_key is not null as kept from market_dead_letters d
           left join listings l on l.location_id = d.location_id and l.listing_key = d.record_key and l.removed_at is null
         where d.location_id = $1 and d.resolved_at is null`,
        [feed.ref.locationId],
      );
      const kept = new Map(rows.map(({ key, kept: is }) => [key, is]));
      const idOf = (kind: string) => value.find((one) => one.kind === kind)!.id;
      const fields = ['negative-price', '33-bedrooms', 'coordinates-0-0', 'price-in-words', 'impossible-date'];
      expect(fields.map((kind) => [kind, kept.get(idOf(kind))])).toEqual(fields.map((kind) => [kind, true]));
      const whole = ['dates-2099', 'no-timestamp', 'unknown-status'];
      expect(whole.map((kind) => [kind, kept.get(idOf(kind))])).toEqual(whole.map((kind) => [kind, false]));
    },
    LIMIT_MS,
  );
});

describe('a feed whose shape changes', () => {
  beforeAll(() => follow('chaos-drift', { events: true }, { values: 'codes' }), LIMIT_MS);
  afterAll(() => feed.leave());

  it(
    'reads words and codes alike, freezes a field that is gone or of another type, and takes in all else',
    async () => {
      await expectEqual();
      const changes = await change();
      await feed.poll();
      const keys = changes.map(({ key }) => key);
      const stored = () =>
        world.sql<{ key: string; price: string; built: number | null }>(
          `select listing_key as key, price::text, year_built as built from listings
             where location_id = $1 and listing_key = any ($2::text[]) order by listing_key`,
          [feed.ref.locationId, keys],
        );
      const before = await stored();
      await world.order('drift', { field: 'ListPrice', how: 'type', type: 'String' });
      await world.order('drift', { field: 'YearBuilt', how: 'remove' });
      await world.order('drift', { field: 'RoofMaterial', how: 'add' });
      await world.order('manner', { values: 'words' });
      await world.sql(`update market_feeds set metadata_at = metadata_at - interval '2 days' where location_id = $1`, [
        feed.ref.locationId,
      ]);
      await everythingChanges();
      await feed.poll();
      await expectEqual({ frozen: ['price', 'year_built'] });
      expect(await stored()).toEqual(before);
      const drift = await world.sql<{ field: string; frozen: boolean }>(
        `select field, frozen from market_drift where location_id = $1 and resource = 'Property' order by field`,
        [feed.ref.locationId],
      );
      expect(drift).toEqual([
        { field: 'ListPrice', frozen: true },
        { field: 'RoofMaterial', frozen: false },
        { field: 'YearBuilt', frozen: true },
      ]);
      await expectOneEffect(changes);
    },
    LIMIT_MS,
  );
});

/** Each record is changed in a field that nobody reads, so that it comes again in the feed's new manner. */
async function everythingChanges(): Promise<void> {
  const keysIn = (resource: string) =>
    world.order<{ records: { id: string }[] }>(`truth?resource=${resource}&limit=1000`, undefined, 'GET');
  for (const [word, resource, key] of [
    ['listings', 'Property', 'ListingKey'],
    ['media', 'Media', 'MediaKey'],
    ['openhouses', 'OpenHouse', 'OpenHouseKey'],
    ['offices', 'Office', 'OfficeKey'],
    ['members', 'Member', 'MemberKey'],
  ] as const) {
    const { records } = await keysIn(resource);
    await world.order(
      word,
      records.map(({ id }) => ({ [key]: id, ...(resource === 'Property' && { ListPrice: 77_000 }) })),
      'PATCH',
    );
  }
  await until(
    async () => (await world.order<{ events: { held: number } }>('state', undefined, 'GET')).events.held === 0,
  );
}
