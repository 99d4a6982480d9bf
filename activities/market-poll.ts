import { isAppError } from '../domain/errors.ts';
import type { FeedCursor, FeedRef, FeedResource } from '../domain/market/feed.ts';
import { offered, wasRefused, wasWalked, withGrant } from '../domain/market/granted.ts';
import { afterReset, eventsAfter, takeEvents } from '../domain/market/scan-events.ts';
import { afterLostLink, afterPage, nextAsk, scanHabits } from '../domain/market/scan.ts';
import { unseenDue, withoutUnseen, withUnseen } from '../domain/market/unseen.ts';
import type { EventPage } from '../domain/ports/market-feed.ts';
import type { AbsentRecord, FeedState, PageStored, PageWhy } from '../domain/ports/market-store.ts';
import { isoNow } from './deps.ts';
import { type MarketDeps, noRows, type Step, storePage } from './market-deps.ts';
import { ifGranted, refusals } from './market-granted.ts';
import { readKeys, readPageAhead, type ReadRows, rowsAhead } from './market-read.ts';
import { unreadableEvents } from './market-rows.ts';
import { look, lookIfItCan } from './market-shape.ts';

const DAY_MS = 86_400_000;
/** Pushed events that are worked by one page. */
const PUSHED_AT_ONCE = 500;
const MOST_TRIES = 5;

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
    const looked = await lookIfItCan(deps, feed, state);
    poll.blind = looked === null;
    return looked ?? { stored: null, over: false };
  }
  const resources = offered(state, isoNow(deps));
  const first = resources.find((resource) => !wasWalked(state.cursor, resource));
  if (first !== undefined) {
    const begun = Object.keys(state.cursor.resources).length > 0;
    if (state.mode === 'events' && !begun && !poll.skimmed) return skimStep(deps, feed, state, poll);
    return scanStep(deps, feed, state, { resource: first, why: 'initial' });
  }
  if (state.phase === 'initial') {
    await deps.store.settle(feed, { at: isoNow(deps), live: true });
    return { stored: null, over: false };
  }
  if (state.mode === 'events') {
    // Of what was refused the journal was not heeded.
    const back = resources.find((resource) => wasRefused(state.cursor, resource));
    if (back !== undefined) return scanStep(deps, feed, state, { resource: back, why: 'increment' });
    return eventStep(deps, feed, state, poll);
  }
  const next = resources.find((resource) => !poll.asked.has(resource));
  if (next === undefined) return { stored: null, over: true };
  const step = await scanStep(deps, feed, state, { resource: next, why: 'increment' });
  if (step.ended) poll.asked.add(next);
  return step;
}

/**
 * What was pushed is read at once, and by the journal's own event again: the feed may not show it yet. For the same reason what it does not have
 * is not taken away by this reading, but by one behind the overlap. Null: nothing waits.
 */
export async function pushedStep(deps: MarketDeps, feed: FeedRef, state: FeedState): Promise<Step | null> {
  const waiting = await deps.store.waitingPush(feed, PUSHED_AT_ONCE);
  if (waiting.length === 0) return unseenStep(deps, feed, state);
  const rows = await readKeys(deps, feed, state, ofOurs(deps, state, waiting));
  const pushed = waiting.map(({ pushId }) => pushId);
  const unseen = rows.absent.filter(({ at }) => at === undefined);
  const absent = rows.absent.filter(({ at }) => at !== undefined);
  return { stored: await storePushed(deps, feed, state, { rows: { ...rows, absent }, unseen, pushed }), over: false };
}

/** Others move the cursor meanwhile; what the push told is no reason to read it anew. In the end without a place to remember what is unseen. */
async function storePushed(
  deps: MarketDeps,
  feed: FeedRef,
  { cursor, version }: FeedState,
  page: { readonly rows: ReadRows; readonly unseen: readonly AbsentRecord[]; readonly pushed: readonly number[] },
): Promise<PageStored | null> {
  const { rows, unseen, pushed } = page;
  let at: Pick<FeedState, 'cursor' | 'version'> = { cursor, version };
  for (let tries = 1; unseen.length > 0 && tries <= MOST_TRIES; tries += 1) {
    const to = withUnseen(at.cursor, unseen, rows.readAt);
    const moved = { version: at.version, to };
    const stored = await storePage(deps, feed, rows, { why: 'push', pushed, cursor: moved, quota: null });
    if (stored !== null) return stored;
    at = await deps.store.open(feed);
  }
  return storePage(deps, feed, rows, { why: 'push', pushed, quota: null });
}

/** Records that were pushed and not there: what the feed does not have by now is gone. Null: it is time for none. */
async function unseenStep(deps: MarketDeps, feed: FeedRef, state: FeedState): Promise<Step | null> {
  const due = unseenDue(state.cursor, isoNow(deps)).slice(0, PUSHED_AT_ONCE);
  if (due.length === 0) return null;
  const rows = await readKeys(deps, feed, state, ofOurs(deps, state, due));
  const cursor = { version: state.version, to: withoutUnseen(state.cursor, due) };
  return { stored: await storePage(deps, feed, rows, { why: 'push', cursor, quota: null }), over: false };
}

/** Records of resources that we read. */
function ofOurs(
  deps: MarketDeps,
  state: FeedState,
  named: readonly { readonly resource: string; readonly key: string }[],
): readonly { readonly resource: FeedResource; readonly key: string }[] {
  const resources = offered(state, isoNow(deps));
  return named.flatMap(({ resource: name, key }) => {
    const resource = resources.find((one) => one === name);
    return resource === undefined ? [] : [{ resource, key }];
  });
}

/** Goes to the end of the journal without reading records: all of them are read by the walk that follows. */
async function skimStep(deps: MarketDeps, feed: FeedRef, state: FeedState, poll: Poll): Promise<Step> {
  const asked = poll.after ?? state.cursor.sequence;
  const page = await eventsOf(deps, feed, asked);
  if (page === null) return { stored: null, over: false };
  const { events, unreadable, more, quota } = page;
  const last = lastOf(events, unreadable) ?? asked;
  let stored: PageStored | null = null;
  if (last !== state.cursor.sequence) {
    const cursor = { version: state.version, to: { ...state.cursor, sequence: last } };
    stored = await storePage(deps, feed, noRows, { why: 'initial', cursor, quota });
    // Others moved the cursor: this page is asked for again.
    if (stored === null) return { stored, over: false };
  }
  poll.skimmed = !more;
  poll.after = last;
  return { stored, over: false };
}

/** A page of the journal; null: the account has none any more, and the feed goes on by when records changed. */
async function eventsOf(deps: MarketDeps, feed: FeedRef, after: string | null): Promise<EventPage | null> {
  try {
    return await deps.source.events(feed, after);
  } catch (error) {
    if (!isAppError(error) || !refusals.includes(error.code) || (await deps.source.hasEvents(feed))) throw error;
    deps.log.warn({ err: error, ...feed }, 'a feed has refused its journal; it is read by when records changed');
    await deps.store.setMode(feed, 'timestamps');
    return null;
  }
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
    got = await ifGranted(deps, feed, resource, () => deps.pages.read(feed, asked));
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
  const { page, readAt, made } = got;
  const at = isoNow(deps);
  const then = afterPage(cursor, resource, page, at);
  if (then.kind === 'going') {
    const next = nextAsk(then.cursor, resource, at, habits).asked;
    deps.pages.ask(feed, next, rowsAhead(deps, feed, state, resource));
  }
  const rows = await readPageAhead(deps, feed, state, { ...page, resource, made }, at);
  const { quota } = page;
  // What was read before is back when all of it is.
  const isBack = then.kind !== 'going' || !wasWalked(state.cursor, resource);
  const to = then.kind === 'over' ? walkedOnce(then.cursor, resource) : then.cursor;
  const stored = await storePage(
    deps,
    feed,
    { ...rows, readAt },
    { why, cursor: moved(isBack ? withGrant(to, resource) : to), quota },
  );
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

/** One page of the journal: each record that it names is read once. */
async function eventStep(deps: MarketDeps, feed: FeedRef, state: FeedState, poll: Poll): Promise<Step> {
  const now = isoNow(deps);
  const asked = poll.after === undefined ? eventsAfter(state.cursor, now) : poll.after;
  const page = await eventsOf(deps, feed, asked);
  if (page === null) return { stored: null, over: false };
  const { events, unreadable, more, quota } = page;
  const taken = takeEvents(state.cursor, { asked, events, more }, now);
  if (taken.behind) {
    deps.log.warn(feed, 'the journal of a feed ends before what was read of it; it is read from its beginning again');
    poll.after = null;
    const cursor = { version: state.version, to: afterReset(state.cursor) };
    return { stored: await storePage(deps, feed, noRows, { why: 'event', cursor, quota }), over: false };
  }
  const wanted = ofOurs(deps, state, taken.events);
  const rows = await readKeys(deps, feed, state, wanted);
  const dead = [...rows.dead, ...unreadableEvents(unreadable)];
  const cursor = { version: state.version, to: withoutUnseen(taken.cursor, wanted) };
  const stored = await storePage(deps, feed, { ...rows, dead }, { why: 'event', cursor, quota });
  if (stored === null) delete poll.after;
  else poll.after = lastOf(events, unreadable) ?? asked;
  return { stored, over: stored !== null && !more };
}

/** The highest sequence of a page. */
function lastOf(...parts: readonly (readonly { readonly sequence: string }[])[]): string | null {
  const last = parts.flatMap((part) => part.at(-1)?.sequence ?? []).map(BigInt);
  return last.length === 0 ? null : String(last.reduce((one, other) => (other > one ? other : one)));
}
