import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isWalkDue } from '../../activities/market-walk.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';

/** What replication does not believe, and what it goes on with after a failure: the adapter against the stand-in, into a real database. */

let env: MarketEnv;
let feed: FeedRef;

beforeAll(async () => {
  env = await createMarketEnv();
}, 60_000);
afterAll(() => env.close());
beforeEach(async () => {
  await env.fresh({ events: false, pages: { usual: 25, most: 50 } });
  feed = await env.feed();
  await env.poll(feed);
}, 30_000);

const failing = async () =>
  (
    await env.query<{ failing: string | null }>('select failing from market_feeds where location_id = $1', [
      feed.locationId,
    ])
  )[0]!.failing;

describe('a feed that leaves out nearly all that is stored', () => {
  const nothing = { match: { path: '/Property*' }, times: 10_000, status: 200, body: { value: [] } };

  it('takes nothing away and is told of as broken until a walk finds it whole again', async () => {
    const before = await env.local(feed);
    expect(Object.keys(before).length).toBeGreaterThan(100);
    await env.order('faults', nothing);
    await env.walk(feed);
    expect(await env.local(feed)).toEqual(before);
    expect(await failing()).toBe('FEED_BROKEN');

    await env.order('faults', {}, 'DELETE');
    await env.poll(feed);
    expect(await failing()).toBe('FEED_BROKEN');
    await env.walk(feed);
    await env.poll(feed);
    expect(await failing()).toBeNull();
    expect(await env.local(feed)).toEqual(before);
    expect(await env.news(feed)).toEqual([]);
  });

  it('is walked through again an hour later, not with each poll', async () => {
    await env.order('faults', nothing);
    await env.walk(feed);
    const state = await env.store.open(feed);
    expect(isWalkDue(state, new Date())).toBe(false);
    expect(isWalkDue(state, new Date(Date.now() + 3_660_000))).toBe(true);
    await env.order('faults', {}, 'DELETE');
  });
});
