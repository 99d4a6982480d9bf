import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { followFeeds } from '../../activities/follow-feeds.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createWishesUpkeep } from '../../integrations/postgres/wishes-upkeep.ts';
import { startMarketFeeds } from '../../workers/market-feeds.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';
import { testSealing } from '../support/tokens.ts';
import { until } from '../support/until.ts';

let env: MarketEnv;
beforeAll(async () => {
  env = await createMarketEnv();
});
afterAll(() => env.close());

/** The worker's looks, with a note of each schedule that was begun and ended. */
function looks() {
  const begun: FeedRef[] = [];
  const ended: FeedRef[] = [];
  const locations = createLocationStore(env.db.tenants, testSealing());
  const runs = {
    begin: (feed: FeedRef) => Promise.resolve(void begun.push(feed)),
    end: (feed: FeedRef) => Promise.resolve(void ended.push(feed)),
  };
  const deps = { locations, store: env.store, runs, log: env.log };
  const told = new Set<string>();
  const errors: string[] = [];
  const looked: string[] = [];
  let followedFiles = 0;
  const log = { ...env.log, error: (_fields: object, message: string) => void errors.push(message) };
  const looking = startMarketFeeds(
    {
      ...{ locations, log: env.log },
      markets: {
        follow: (locationId) => {
          looked.push(locationId);
          return followFeeds({ ...deps, log }, locationId, told);
        },
        followFiles: () => Promise.resolve(void (followedFiles += 1)),
      },
      wishes: createWishesUpkeep(env.db.tenants, () => new Date()),
    },
    { againMs: 30 },
  );
  return { begun, ended, errors, looked, followedFiles: () => followedFiles, stop: () => looking.stop() };
}

it('begins a feed as soon as the location that had its name gives it free', async () => {
  const first = await env.feed();
  const second = { ...(await env.feed()), market: first.market };
  await env.store.open(first);
  await env.choose(second);
  const worker = looks();
  try {
    await until(() => worker.begun.some(({ locationId }) => locationId === first.locationId));
    await until(
      async () => (await env.query('select 1 from market_feeds where location_id = $1', [first.locationId])).length > 0,
    );
    expect(worker.begun.map(({ locationId }) => locationId)).not.toContain(second.locationId);
    const looked = worker.looked.length;
    await until(() => worker.looked.length > looked + 2);
    expect(worker.errors).toHaveLength(1);
    await env.query(`update locations set status = 'uninstalled' where location_id = $1`, [first.locationId]);
    await until(() => worker.begun.some(({ locationId }) => locationId === second.locationId));
    expect(worker.ended).toContainEqual(first);
  } finally {
    await worker.stop();
  }
});

it('gives a name free that a location took and never chose', async () => {
  const feed = await env.feed();
  await env.store.open(feed);
  await env.query(`update locations set settings = settings - 'market' where location_id = $1`, [feed.locationId]);
  const worker = looks();
  try {
    await until(() => worker.ended.some(({ market }) => market === feed.market));
  } finally {
    await worker.stop();
  }
  expect(await env.query('select 1 from market_feeds where location_id = $1', [feed.locationId])).toEqual([]);
});

it('sees to the schedules of public files with each look: another process may have ended one', async () => {
  const worker = looks();
  try {
    await until(() => worker.followedFiles() > 2);
  } finally {
    await worker.stop();
  }
});
