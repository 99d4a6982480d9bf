import { isAppError } from '../domain/errors.ts';
import { driftBetween } from '../domain/market/drift.ts';
import type { FeedCursor, FeedRef, FeedResource } from '../domain/market/feed.ts';
import { afterReset, eventsAfter, takeEvents } from '../domain/market/scan-events.ts';
import { afterLostLink, afterPage, nextAsk, scanHabits } from '../domain/market/scan.ts';
import type { FeedState, PageWhy } from '../domain/ports/market-store.ts';
import { isoNow } from './deps.ts';
import { type MarketDeps, noRows, offered, readKeys, type Step, storePage } from './market-deps.ts';
import { isResource, readRows, unreadableEvents } from './market-rows.ts';

const DAY_MS = 86_400_000;
/** Pushed events that are worked by one page. */
const PUSHED_AT_ONCE = 500;

/** What a poll remembers from step to step. */
export interface Poll {
  /** Resources that it has asked to the end. */
  readonly asked: Set<FeedResource>;
  /** Where it stands in the journal; undefined: it has not begun. */
  after?: string | null;
  /** The end of the journal was reached without reading records. */
  skimmed: boolean;
  /** The shape of the feed could not be looked at: tried again by the next poll. */
  blind: boolean;
}

/**
 * The next page of what is new, in the order of need: what was pushed; the feed's shape, once a day; a first walk through each resource,
 * beginning behind the end of the journal, so that nothing which happens meanwhile is missed; then the journal, or what changed lately.
 */
export async function pollStep(deps: MarketDeps, feed: FeedRef, state: FeedState, poll: Poll): Promise<Step> {
  const pushed = await pushedStep(deps, feed, state);
  if (pushed !== null) return pushed;
  if (state.metadata === null || state.mode === null) return look(deps, feed, state);
  if (!poll.blind && Date.parse(state.metadataAt ?? '') < deps.now().getTime() - DAY_MS) {
    return lookIfItCan(deps, feed, state, poll);
  }
  const resources = offered(state);
  const first = resources.find((resource) => (state.cursor.resources[resource]?.watermark ?? null) === null);
  if (first !== undefined) {
    const begun = Object.keys(state.cursor.resources).length > 0;
    if (state.mode === 'events' && !begun && !poll.skimmed) return skimStep(deps, feed, state, poll);
    return scanStep(deps, feed, state, { resource: first, why: state.phase === 'initial' ? 'initial' : 'increment' });
  }
  if (state.phase === 'initial') {
    await deps.store.settle(feed, { at: isoNow(deps), live: true });
    return { stored: null, over: false };
  }
  if (state.mode === 'events') return eventStep(deps, feed, state, poll);
  const next = resources.find((resource) => !poll.asked.has(resource));
  if (next === undefined) return { stored: null, over: true };
  const step = await scanStep(deps, feed, state, { resource: next, why: 'increment' });
  if (step.ended) poll.asked.add(next);
  return step;
}

/** Null: nothing waits. */
export async function pushedStep(deps: MarketDeps, feed: FeedRef, state: FeedState): Promise<Step | null> {
  const waiting = await deps.store.waitingPush(feed, PUSHED_AT_ONCE);
  if (waiting.length === 0) return null;
  const wanted = waiting.flatMap(({ resource, key }) => (isResource(resource) ? [{ resource, key }] : []));
  const rows = await readKeys(deps, feed, state, wanted);
  const pushed = waiting.map(({ pushId }) => pushId);
  return { stored: await storePage(deps, feed, rows, { why: 'push', pushed, quota: null }), over: false };
}

/** The feed's shape against that of the last look; what is additive lies in `raw` by itself, a changed type freezes its field. */
async function look(deps: MarketDeps, feed: FeedRef, state: FeedState): Promise<Step> {
  const mode = (await deps.source.hasEvents(feed)) ? 'events' : 'timestamps';
  const metadata = await deps.source.metadata(feed);
  const drift = state.metadata === null ? [] : driftBetween(state.metadata, metadata);
  if (drift.length > 0) {
    const frozen = drift.filter((one) => one.frozen).map(({ resource, field }) => `${resource}.${field}`);
    deps.log.warn({ ...feed, findings: drift.length, frozen }, 'the shape of a feed has changed');
  }
  await deps.store.keepMetadata(feed, { at: isoNow(deps), metadata, drift });
  if (mode !== state.mode) await deps.store.setMode(feed, mode);
  return { stored: null, over: false };
}

/** What the feed is like is known well enough for a day more; only its quota is no matter of this look alone. */
async function lookIfItCan(deps: MarketDeps, feed: FeedRef, state: FeedState, poll: Poll): Promise<Step> {
  try {
    return await look(deps, feed, state);
  } catch (error) {
    if (!isAppError(error) || (error.code !== 'FEED_BROKEN' && error.code !== 'FEED_AWAY')) throw error;
    deps.log.warn({ err: error, ...feed }, 'the shape of a feed could not be looked at; the next poll tries again');
    poll.blind = true;
    return { stored: null, over: false };
  }
}

/** Goes to the end of the journal without reading records: all of them are read by the walk that follows. */
async function skimStep(deps: MarketDeps, feed: FeedRef, state: FeedState, poll: Poll): Promise<Step> {
  const asked = poll.after ?? state.cursor.sequence;
  const { events, unreadable, more, quota } = await deps.source.events(feed, asked);
  const last = lastOf(events, unreadable) ?? asked;
  poll.skimmed = !more;
  poll.after = last;
  if (last === state.cursor.sequence) return { stored: null, over: false };
  const cursor = { version: state.version, to: { ...state.cursor, sequence: last } };
  return { stored: await storePage(deps, feed, noRows, { why: 'initial', cursor, quota }), over: false };
}

/** One page of what changed of a resource. `ended`: the scan is at its end. */
export async function scanStep(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  { resource, why }: { readonly resource: FeedResource; readonly why: PageWhy },
): Promise<Step & { readonly ended: boolean }> {
  const habits = scanHabits(feed.provider);
  const { asked, cursor } = nextAsk(state.cursor, resource, isoNow(deps), habits);
  const moved = (to: FeedCursor) => ({ version: state.version, to });
  let got;
  try {
    got = await deps.pages.read(feed, asked);
  } catch (error) {
    if (asked.next === undefined || !isAppError(error) || error.code !== 'FEED_BAD_REQUEST') throw error;
    deps.log.warn({ err: error, ...feed, resource }, 'a feed refused its own link; the scan goes on without it');
    const lost = moved(afterLostLink(cursor, resource));
    return {
      stored: await storePage(deps, feed, noRows, { why, cursor: lost, quota: null }),
      over: false,
      ended: false,
    };
  }
  const { page, readAt } = got;
  const at = isoNow(deps);
  const then = afterPage(cursor, resource, page, at);
  if (then.kind === 'going') deps.pages.ask(feed, nextAsk(then.cursor, resource, at, habits).asked);
  const rows = await readRows(deps, feed, state, { ...page, resource }, at);
  const { quota } = page;
  const to = then.kind === 'over' ? walkedOnce(then.cursor, resource) : then.cursor;
  const stored = await storePage(deps, feed, { ...rows, readAt }, { why, cursor: moved(to), quota });
  const ended = stored !== null && then.kind !== 'going';
  if (then.kind !== 'loop') return { stored, over: false, ended };
  deps.log.warn({ ...feed, resource }, 'the pages of a feed lead in a circle; the scan begins anew with the next poll');
  await deps.store.fail(feed, { at, code: 'FEED_BROKEN' });
  return { stored, over: true, ended };
}

/** Of a resource without records everything is stored that changed before the first instant; so it counts as walked. */
function walkedOnce(cursor: FeedCursor, resource: FeedResource): FeedCursor {
  const watermark = cursor.resources[resource]?.watermark ?? new Date(0).toISOString();
  return { ...cursor, resources: { ...cursor.resources, [resource]: { watermark, scan: null } } };
}

/** One page of the journal: each record that it names is read once, unless it was read since the same event was pushed. */
async function eventStep(deps: MarketDeps, feed: FeedRef, state: FeedState, poll: Poll): Promise<Step> {
  const now = isoNow(deps);
  const asked = poll.after === undefined ? eventsAfter(state.cursor, now) : poll.after;
  const { events, unreadable, more, quota } = await deps.source.events(feed, asked);
  const taken = takeEvents(state.cursor, { asked, events, more }, now);
  if (taken.behind) {
    deps.log.warn(feed, 'the journal of a feed ends before what was read of it; it is read from its beginning again');
    poll.after = null;
    const cursor = { version: state.version, to: afterReset(state.cursor) };
    return { stored: await storePage(deps, feed, noRows, { why: 'event', cursor, quota }), over: false };
  }
  const known = new Set((await deps.store.workedPush(feed, taken.events)).map(nameOf));
  const wanted = taken.events.flatMap((event) =>
    isResource(event.resource) && !known.has(nameOf(event)) ? [{ resource: event.resource, key: event.key }] : [],
  );
  const rows = await readKeys(deps, feed, state, wanted);
  const dead = [...rows.dead, ...unreadableEvents(unreadable)];
  const cursor = { version: state.version, to: taken.cursor };
  const stored = await storePage(deps, feed, { ...rows, dead }, { why: 'event', cursor, quota });
  if (stored === null) delete poll.after;
  else poll.after = lastOf(events, unreadable) ?? asked;
  return { stored, over: stored !== null && !more };
}

const nameOf = ({ sequence, resource, key }: { sequence: string; resource: string; key: string }): string =>
  `${sequence} ${resource} ${key}`;

/** The highest sequence of a page. */
function lastOf(...parts: readonly (readonly { readonly sequence: string }[])[]): string | null {
  const last = parts.flatMap((part) => part.at(-1)?.sequence ?? []).map(BigInt);
  return last.length === 0 ? null : String(last.reduce((one, other) => (other > one ? other : one)));
}
