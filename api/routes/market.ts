import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import { monthsToFill } from '../../domain/market/backfill.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import { figureCredits } from '../../domain/market/figures.ts';
import { type FigureAddress, followedFile, followedFilesShown } from '../../domain/market/followed-files.ts';
import { alertRefusal, whatMayBeShown } from '../../domain/market/rights.ts';
import { type FeedShown, feedsShown } from '../../domain/market/standing.ts';
import type { Location } from '../../domain/leads/settings.ts';
import type { FollowedFileStore } from '../../domain/ports/followed-files.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { MarketFigureStore } from '../../domain/ports/market-figures.ts';
import type { MarketRuns } from '../../domain/ports/market-runs.ts';
import type { ListingShown, MarketStatus } from '../../domain/ports/market-status.ts';
import * as market from '../contract/market.ts';
import * as marketFigures from '../contract/market-figures.ts';
import { mount, ok } from '../mount.ts';
import { OPERATOR } from '../operator.ts';

export interface MarketRouteDeps {
  readonly marketStatus: MarketStatus;
  readonly marketFigures: Pick<MarketFigureStore, 'list' | 'files' | 'lastRead'>;
  readonly markets: {
    readonly runs: Pick<MarketRuns, 'backfill'>;
    readonly files: {
      readonly addresses: readonly FigureAddress[];
      readonly followed: Pick<FollowedFileStore, 'list'>;
    };
  };
  readonly locations: Pick<LocationStore, 'get' | 'list'>;
  readonly now: () => Date;
}

/** What people see of feeds, listings, alerts and public figures, and what they may ask of a feed. */
export function marketRoutes(deps: MarketRouteDeps): Router {
  const { marketStatus, marketFigures: figures } = deps;
  const router = Router();
  mount(router, market.marketStatus, async ({ query }) => {
    const at = deps.now().toISOString();
    const { locationId } = query;
    const of = locationId === undefined ? await withFeeds(deps) : [await knownLocation(deps, locationId)];
    const items = await Promise.all(of.map((location) => feedsOf(deps, location, at)));
    return ok({ at, items: items.flat() });
  });
  mount(router, market.marketDeadLetters, async ({ query: { show, ...query } }) =>
    ok(await marketStatus.deadLetters({ ...query, all: show === 'all' })),
  );
  mount(router, market.marketDrift, async ({ query: { show, ...query } }) =>
    ok(await marketStatus.drift({ ...query, all: show === 'all' })),
  );
  mount(router, market.acknowledgeDrift, async ({ params: { driftId, ...feed } }) => {
    const done = await marketStatus.acknowledge(feed, driftId, OPERATOR, deps.now().toISOString());
    if (done === undefined) {
      throw new AppError('DRIFT_UNKNOWN', `expected a change of the feed ${feed.market}, got ${driftId}`);
    }
    return ok(done);
  });
  mount(router, market.marketListing, async ({ params: { locationId, listingKey } }) => {
    const found = await marketStatus.listing(locationId, listingKey);
    if (found === undefined) throw new AppError('LISTING_UNKNOWN', `expected the key of a listing of ${locationId}`);
    return ok(shown(found, await deps.locations.get(locationId)));
  });
  mount(router, market.marketAlerts, async ({ query }) => ok(await marketStatus.alerts(query)));
  mount(router, market.backfillMarket, async ({ params, body: { since } }) => {
    const feed = await chosenFeed(deps, params);
    const months = [];
    for (const { month } of monthsToFill(since, deps.now().toISOString(), [])) {
      months.push({ month, started: await deps.markets.runs.backfill(feed, month) });
    }
    return { status: 202, body: { months } };
  });
  mount(router, market.reconcileMarket, async ({ params }) => {
    const begun = await marketStatus.reconcile(params);
    if (begun === undefined) throw unknownFeed(params);
    return { status: 202, body: { begun } };
  });
  mount(router, market.believeGone, async ({ params, body }) => {
    const begun = await marketStatus.believeGone(params, body);
    if (begun === undefined) throw unknownFeed(params);
    return { status: 202, body: { begun } };
  });
  mount(router, marketFigures.marketFigures, async ({ query: { since: from, until: to, ...query } }) => {
    const page = await figures.list({ ...query, from, to });
    return ok({ credit: figureCredits[query.source], ...page });
  });
  mount(router, marketFigures.marketFiles, async () => {
    const { addresses, followed } = deps.markets.files;
    const [items, asked, last] = await Promise.all([
      figures.files(),
      followed.list(),
      figures.lastRead(addresses.map(followedFile)),
    ]);
    return ok({ items, followed: followedFilesShown(addresses, asked, last) });
  });
  return router;
}

async function feedsOf(
  { marketStatus }: Pick<MarketRouteDeps, 'marketStatus'>,
  { locationId, settings }: Location,
  at: string,
): Promise<readonly FeedShown[]> {
  return feedsShown(locationId, settings.market.feeds, await marketStatus.feeds(locationId, at), at);
}

async function withFeeds({ locations }: MarketRouteDeps): Promise<readonly Location[]> {
  return (await locations.list()).filter(({ settings }) => settings.market.feeds.length > 0);
}

async function knownLocation({ locations }: MarketRouteDeps, locationId: string): Promise<Location> {
  const location = await locations.get(locationId);
  if (location === undefined)
    throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${locationId}`);
  return location;
}

async function chosenFeed(
  deps: MarketRouteDeps,
  { locationId, market: name }: Pick<FeedRef, 'locationId' | 'market'>,
): Promise<FeedRef> {
  const { settings } = await knownLocation(deps, locationId);
  const choice = settings.market.feeds.find((feed) => feed.market === name);
  if (choice === undefined) throw unknownFeed({ locationId, market: name });
  return { locationId, market: name, provider: choice.provider };
}

function unknownFeed({ locationId, market: name }: Pick<FeedRef, 'locationId' | 'market'>): AppError {
  return new AppError('FEED_UNKNOWN', `expected a feed of ${locationId}, got ${name}`);
}

/** What the seller does not show is shown to nobody, and what leads may not be told of says why. */
function shown({ listing, removedAt, ...from }: ListingShown, location: Location | undefined): object {
  const choice = location?.settings.market.feeds.find((feed) => feed.market === listing.market);
  const unread = from.contentHash === null && listing.shown === null ? 'unread' : null;
  const refusal = removedAt !== null ? 'removed' : (unread ?? alertRefusal(listing, choice?.rights ?? null));
  const address = whatMayBeShown(listing).address ? listing.address : null;
  return { ...from, removedAt, listing: { ...listing, address }, refusal };
}
