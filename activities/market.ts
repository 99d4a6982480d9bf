import { type ErrorCode, isAppError } from '../domain/errors.ts';
import { feedProviders, type FeedRef } from '../domain/market/feed.ts';
import type { FeedState, PageStored } from '../domain/ports/market-store.ts';
import type { FeedAsked, FeedCounts, MarketActivities } from '../workflows/activities.ts';
import { beginFilling, type Filling, fillStep } from './market-backfill.ts';
import { isoNow } from './deps.ts';
import { createPagesAhead } from './market-ahead.ts';
import type { MarketDeps, MarketParts, Step } from './market-deps.ts';
import { goWithout, NotGranted } from './market-granted.ts';
import { type Poll, pollStep, pushedStep } from './market-poll.ts';
import { isWalkDue, walkStep } from './market-walk.ts';
import { createTurns } from './turns.ts';

/** An activity asks for so long and then answers, so that what waits behind it comes to its turn and a shutdown is not held up. */
const BATCH_MS = 15_000;
const MINUTE_MS = 60_000;
/** Pages of backfills that one vendor is asked for, and that are in memory, at the same time, however many months are filled. */
const FILLING_AT_ONCE = 2;

/** What a feed is not asked after, and for how long unless the vendor says: what needs a person is looked at again now and then. */
const holds: Partial<Record<ErrorCode, number>> = {
  FEED_BUSY: MINUTE_MS,
  FEED_SUSPENDED: 60 * MINUTE_MS,
  FEED_REFUSED: 15 * MINUTE_MS,
  FEED_BAD_REQUEST: 15 * MINUTE_MS,
};

/** Replication of feeds; see `marketRefresh` and `marketBackfill` of the workflows for how these follow one another. */
export function createMarketActivities(parts: MarketParts): Omit<MarketActivities, 'fanOut'> {
  const deps: MarketDeps = { ...parts, pages: createPagesAhead(parts), believed: new Map(), unlooked: new Map() };
  // By vendor: one that does not answer holds up nobody but itself.
  const turns = new Map(feedProviders.map((provider) => [provider, createTurns(FILLING_AT_ONCE)]));
  return {
    pollMarket: ({ feed, pushed = false, asked }) => {
      const poll: Poll = { asked: new Set(asked), skimmed: false, blind: false };
      const partly = () => ({ outcome: 'more' as const, asked: [...poll.asked], walk: false });
      return asking(deps, feed, partly, async (batch) => {
        const step = async (state: FeedState): Promise<Step> =>
          pushed
            ? ((await pushedStep(deps, feed, state)) ?? { stored: null, over: true })
            : pollStep(deps, feed, state, poll);
        const { over, state } = await batch(step);
        const walk = deps.walks && isWalkDue(state, deps.now());
        if (over && !pushed) await deps.store.settle(feed, { at: isoNow(deps), live: false });
        return over ? { outcome: 'done', asked: [], walk } : { outcome: 'more', asked: [...poll.asked], walk };
      });
    },
    walkMarket: ({ feed }) =>
      asking(
        deps,
        feed,
        () => ({ outcome: 'more' as const }),
        async (batch) => {
          const { over } = await batch((state) => walkStep(deps, feed, state));
          return { outcome: over ? 'done' : 'more' };
        },
      ),
    backfillMarket: ({ feed, month, place }) => {
      let filling: Filling | undefined;
      const reached = () => ({ outcome: 'done' as const, next: filling?.place ?? null });
      return asking(deps, feed, reached, async (batch) => {
        await batch(async (state) => {
          const here = (filling ??= beginFilling(deps, place, state));
          const stored = await fillStep(deps, feed, state, month, here);
          return { stored, over: here.place === null, mayEnd: here.isSafe };
        }, turns.get(feed.provider));
        return reached();
      });
    },
  };
}

type Batch = (
  step: (state: FeedState) => Promise<Step & { readonly mayEnd?: boolean }>,
  /** Each step waits for its turn, and sees how the feed stands by then. */
  inTurn?: ReturnType<typeof createTurns>,
) => Promise<{
  readonly over: boolean;
  /** As it was before the last step. */
  readonly state: FeedState;
}>;

/**
 * What the vendor does not let us ask ends the work, and is stored, so that nobody else asks meanwhile. Where pages came in before, these are
 * told of first: what failed fails again with the next asking.
 * @param partly  how far the work came
 */
async function asking<Done extends object>(
  deps: MarketDeps,
  feed: FeedRef,
  partly: () => Done,
  work: (batch: Batch) => Promise<Done>,
): Promise<FeedAsked<Done>> {
  if (!(await isWanted(deps, feed))) {
    await deps.runs.end(feed);
    await deps.store.release(feed);
    return { outcome: 'gone' };
  }
  const counts = { pages: 0, records: 0, changed: 0, dead: 0, news: 0 };
  try {
    const done = await work((...step) => inBatch(deps, feed, counts, ...step));
    return { ...counts, ...done };
  } catch (error) {
    if (error instanceof Held) {
      return counts.pages > 0 ? { ...counts, ...partly() } : { outcome: 'held', until: error.until, why: error.why };
    }
    if (!isAppError(error) || !error.code.startsWith('FEED_')) throw error;
    const at = isoNow(deps);
    const heldMs = holds[error.code];
    if (heldMs === undefined) {
      await deps.store.fail(feed, { at, code: error.code });
      if (counts.pages > 0) return { ...counts, ...partly() };
      throw error;
    }
    const until = new Date(deps.now().getTime() + (error.retryAfterMs ?? heldMs)).toISOString();
    deps.log.warn({ err: error, ...feed, until }, 'a feed is not asked for a while');
    await deps.store.hold(feed, { at, until, code: error.code });
    return counts.pages > 0 ? { ...counts, ...partly() } : { outcome: 'held', until, why: error.code };
  }
}

/** Thrown where somebody else was told so. */
class Held extends Error {
  readonly until: string;
  readonly why: string;
  constructor(until: string, why: string) {
    super('the feed is not to be asked now');
    this.until = until;
    this.why = why;
  }
}

async function inBatch(
  deps: MarketDeps,
  feed: FeedRef,
  counts: { -readonly [Name in keyof FeedCounts]: number },
  ...[step, inTurn = (work) => work()]: Parameters<Batch>
): ReturnType<Batch> {
  const until = deps.now().getTime() + BATCH_MS;
  const next = async () => {
    const state = await deps.store.open(feed);
    const now = deps.now();
    if (state.heldUntil !== null && Date.parse(state.heldUntil) > now.getTime()) {
      throw new Held(state.heldUntil, state.failing ?? 'FEED_BUSY');
    }
    try {
      return { state, ...(await step(state)) };
    } catch (error) {
      if (!(error instanceof NotGranted)) throw error;
      return { state, ...(await goWithout(deps, feed, state, error)) };
    }
  };
  for (;;) {
    const { state, stored, over, mayEnd = true } = await inTurn(next);
    if (stored !== null) add(counts, stored);
    if (over || (mayEnd && deps.now().getTime() >= until)) return { over, state };
  }
}

function add(counts: { -readonly [Name in keyof FeedCounts]: number }, stored: PageStored): void {
  counts.pages += 1;
  counts.records += stored.records;
  counts.changed += stored.changed;
  counts.dead += stored.dead;
  counts.news += stored.news;
}

async function isWanted({ locations }: MarketDeps, { locationId, provider, market }: FeedRef): Promise<boolean> {
  const location = await locations.get(locationId);
  if (location === undefined || location.status === 'uninstalled') return false;
  return location.settings.market.feeds.some((feed) => feed.provider === provider && feed.market === market);
}
