import type { FeedRef } from '../../domain/market/feed.ts';
import type { MarketRules, MarketStore } from '../../domain/ports/market-store.ts';
import { claim, fail, hold, keepMetadata, known, open, release, setMode, settle } from './market-feeds.ts';
import { compared, differing, endWalk, keepStep } from './market-keys.ts';
import { listingsBefore } from './market-listings.ts';
import { commit } from './market-pages.ts';
import { acceptPush, waitingPush } from './market-push.ts';
import { type Place, stored } from './pool.ts';
import type { Tenants } from './tenants.ts';

/** Replication of feeds in Postgres; see `MarketStore` for what each function promises. */
export function createMarketStore(tenants: Tenants, rules: MarketRules): MarketStore {
  const at = <Answer>({ locationId }: Pick<FeedRef, 'locationId'>, work: (place: Place) => Promise<Answer>) =>
    stored(() => work(tenants.at(locationId)));
  return {
    open: (feed) => at(feed, (place) => open(place, feed)),
    claim: (feed) => at(feed, (place) => claim(place, feed)),
    release: (feed) => at(feed, (place) => release(place, feed)),
    known: (locationId) => at({ locationId }, (place) => known(place, locationId)),
    commit: (feed, page) => at(feed, (place) => commit(place, feed, page, rules)),
    listings: (feed, keys) => at(feed, (place) => listingsBefore(place, feed, keys)),
    setMode: (feed, mode) => at(feed, (place) => setMode(place, feed, mode)),
    settle: (feed, end) => at(feed, (place) => settle(place, feed, end)),
    hold: (feed, held) => at(feed, (place) => hold(place, feed, held)),
    fail: (feed, failure) => at(feed, (place) => fail(place, feed, failure)),
    acceptPush: (target, events, when) => at(target, (place) => acceptPush(place, target, events, when)),
    waitingPush: (feed, limit) => at(feed, (place) => waitingPush(place, feed, limit)),
    keepMetadata: (feed, look) => at(feed, (place) => keepMetadata(place, feed, look)),
    keepStep: (feed, step) => at(feed, (place) => keepStep(place, feed, step)),
    compared: (feed, scanId, resource) => at(feed, (place) => compared(place, feed, scanId, resource)),
    differing: (feed, scanId, resource, some) => at(feed, (place) => differing(place, feed, scanId, resource, some)),
    endWalk: (feed, end) => at(feed, (place) => endWalk(place, feed, end)),
  };
}
