import { isAppError } from '../domain/errors.ts';
import type { FeedRef, FeedResource } from '../domain/market/feed.ts';
import { nextOf, offered } from '../domain/market/granted.ts';
import type { FeedState, FeedWalk, PageStored } from '../domain/ports/market-store.ts';
import { isoNow } from './deps.ts';
import { type MarketDeps, type Step, storePage } from './market-deps.ts';
import { ifGranted } from './market-granted.ts';
import { scanStep } from './market-poll.ts';
import { readKeys } from './market-read.ts';

/** Keys that are read again by one page. */
const DIFFERING_AT_ONCE = 200;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** More of what is stored than this, and than this share of it, is not gone in one night: the feed left it out. */
const GHOSTS_BELIEVED = { most: 100, share: 0.2 };
/** Between one and three at night in the States. */
const NIGHT_HOUR_UTC = 8;

/**
 * After the first walk through its records, and each night: has the feed been walked through since? One that was halted begins anew an hour
 * later, or once somebody has said that the records are gone indeed.
 */
export function isWalkDue(state: FeedState, now: Date): boolean {
  if (state.phase === 'initial') return false;
  const { walk } = state;
  if (walk?.haltedAt !== undefined) {
    return walk.believed?.[walk.resource] !== undefined || Date.parse(walk.haltedAt) <= now.getTime() - HOUR_MS;
  }
  if (walk !== null || state.reconciledAt === null) return true;
  const tonight = new Date(now).setUTCHours(NIGHT_HOUR_UTC, 0, 0, 0);
  const lastNight = tonight <= now.getTime() ? tonight : tonight - DAY_MS;
  return Date.parse(state.reconciledAt) < lastNight;
}

/**
 * The next step of a walk through all that a feed has. What its keys differ in from ours is read again, each key by itself: records that the
 * feed has alone come in, those that only we have go, and rows that shifted while keys were read are what they were.
 */
export async function walkStep(deps: MarketDeps, feed: FeedRef, state: FeedState): Promise<Step> {
  const { walk } = state;
  const resources = offered(state, isoNow(deps));
  if (walk === null || walk.haltedAt !== undefined) {
    const first = resources[0];
    if (first === undefined) return { stored: null, over: true };
    const to = begun(deps, state, first);
    return move(deps, feed, { before: walk, keys: [], to });
  }
  if (!resources.includes(walk.resource)) return goOn(deps, feed, state, walk);
  if (walk.step === 'changes') return changesStep(deps, feed, state, walk);
  if (walk.step === 'keys') return keysStep(deps, feed, walk);
  return walk.found[walk.resource] === undefined ? countStep(deps, feed, walk) : differingStep(deps, feed, state, walk);
}

function begun(deps: MarketDeps, state: FeedState, resource: FeedResource): FeedWalk {
  const believed = state.walk?.believed;
  const walk = { scanId: deps.newId(), startedAt: isoNow(deps), found: {}, ...(believed && { believed }) };
  return { ...walk, ...ofResource(state, resource) };
}

/** Where a feed has no journal, what changed lately is asked for by each poll. */
function ofResource(
  { mode }: FeedState,
  resource: FeedResource,
): Pick<FeedWalk, 'resource' | 'step' | 'next' | 'after'> {
  return { resource, step: mode === 'events' ? 'changes' : 'keys', next: null, after: '' };
}

async function move(
  { store }: MarketDeps,
  feed: FeedRef,
  step: { readonly before: FeedWalk | null; readonly keys: readonly string[]; readonly to: FeedWalk },
  stored: PageStored | null = null,
): Promise<Step> {
  await store.keepStep(feed, step);
  return { stored, over: false };
}

/** What changed since the last walk, should the journal have kept an event back. */
async function changesStep(deps: MarketDeps, feed: FeedRef, state: FeedState, walk: FeedWalk): Promise<Step> {
  const { stored, ended } = await scanStep(deps, feed, state, { resource: walk.resource, why: 'repair' });
  if (!ended) return { stored, over: false };
  return move(deps, feed, { before: walk, keys: [], to: { ...walk, step: 'keys' } }, stored);
}

async function keysStep(deps: MarketDeps, feed: FeedRef, walk: FeedWalk): Promise<Step> {
  const { keys, next } = await keysOf(deps, feed, walk);
  if (next !== null) return move(deps, feed, { before: walk, keys, to: { ...walk, next } });
  return move(deps, feed, { before: walk, keys, to: { ...walk, next: null, step: 'differing' } });
}

/** Counts what differs before anything is taken away. Where that is past belief the walk is halted, and the feed counts as broken. */
async function countStep(deps: MarketDeps, feed: FeedRef, walk: FeedWalk): Promise<Step> {
  const { resource } = walk;
  const counts = await deps.store.compared(feed, walk.scanId, resource);
  const counted = { ...walk, found: { ...walk.found, [resource]: counts } };
  const { most, share } = GHOSTS_BELIEVED;
  if (counts.ghosts <= Math.max(most, counts.local * share, walk.believed?.[resource] ?? 0)) {
    return move(deps, feed, { before: walk, keys: [], to: counted });
  }
  const at = isoNow(deps);
  const { [resource]: _less, ...believed } = walk.believed ?? {};
  deps.log.error(
    { ...feed, resource, ...counts },
    'a feed leaves out so much of what is stored that nothing is taken away; an hour later it is compared anew',
  );
  await deps.store.keepStep(feed, { before: walk, keys: [], to: { ...counted, believed, haltedAt: at } });
  await deps.store.fail(feed, { at, code: 'FEED_BROKEN' });
  return { stored: null, over: true };
}

/** A link that the feed takes no longer leads nowhere: the resource's keys are walked from the first, those that were seen are kept. */
async function keysOf(deps: MarketDeps, feed: FeedRef, { resource, next }: FeedWalk) {
  const { source, log } = deps;
  try {
    return await ifGranted(deps, feed, resource, () => source.keys(feed, resource, next));
  } catch (error) {
    if (next === null || !isAppError(error) || error.code !== 'FEED_BAD_REQUEST') throw error;
    log.warn(
      { err: error, ...feed, resource },
      'a feed refused its own link; its keys are walked from the first again',
    );
    return source.keys(feed, resource, null);
  }
}

async function differingStep(deps: MarketDeps, feed: FeedRef, state: FeedState, walk: FeedWalk): Promise<Step> {
  const { resource, scanId, after } = walk;
  const keys = await deps.store.differing(feed, scanId, resource, { after, limit: DIFFERING_AT_ONCE });
  let stored: PageStored | null = null;
  if (keys.length > 0) {
    const rows = await readKeys(
      deps,
      feed,
      state,
      keys.map((key) => ({ resource, key })),
    );
    stored = await storePage(deps, feed, rows, { why: 'repair', quota: null });
  }
  if (keys.length === DIFFERING_AT_ONCE) {
    return move(deps, feed, { before: walk, keys: [], to: { ...walk, after: keys.at(-1)! } }, stored);
  }
  return goOn(deps, feed, state, walk, stored);
}

/** To the next resource, or to the end. */
async function goOn(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  walk: FeedWalk,
  stored: PageStored | null = null,
): Promise<Step> {
  const next = nextOf(offered(state, isoNow(deps)), walk.resource);
  if (next !== undefined) {
    return move(deps, feed, { before: walk, keys: [], to: { ...walk, ...ofResource(state, next) } }, stored);
  }
  await deps.store.endWalk(feed, { walk, at: isoNow(deps) });
  deps.log.info({ ...feed, found: walk.found }, 'a feed was compared with what is stored of it');
  return { stored, over: true };
}
