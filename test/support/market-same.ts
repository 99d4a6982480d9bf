import { expect } from '@jest/globals';
import type { FeedRef, FeedResource } from '../../domain/market/feed.ts';
import type { MarketEnv } from './market-env.ts';

/** Record by record: nothing lost, no ghost, no stale one, and none of these resources is empty. */
export async function expectSame(env: MarketEnv, feed: FeedRef, resources: readonly FeedResource[]): Promise<void> {
  for (const resource of resources) {
    const there = await env.remote(resource);
    expect({ resource, records: await env.local(feed, resource) }).toEqual({ resource, records: there });
    expect({ resource, empty: Object.keys(there).length === 0 }).toEqual({ resource, empty: false });
  }
}
