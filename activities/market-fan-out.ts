import { isOffer, NEWS_LASTS_MS, sift } from '../domain/market/alerts.ts';
import { newsOf } from '../domain/market/changes.ts';
import type { FeedRef } from '../domain/market/feed.ts';
import type { ChangeKind, ListingMatch, MarketListing } from '../domain/market/listing.ts';
import { type FeedRights, mayAlert } from '../domain/market/rights.ts';
import type { Iso } from '../domain/glossary.ts';
import type { InboxStore, LeadMailbox } from '../domain/ports/inbox.ts';
import type { ListingMatcher } from '../domain/ports/listing-matcher.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { FannedOut, MarketAlertStore, NewAlert, UntoldChange } from '../domain/ports/market-alerts.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import { MARKET_ALERT, marketEvent } from '../domain/webhooks/market-event.ts';
import { later } from './deps.ts';

export interface FanOutDeps {
  readonly alerts: MarketAlertStore;
  readonly matcher: Pick<ListingMatcher, 'leadsFor'>;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly inbox: Pick<InboxStore, 'markDispatched'>;
  readonly mailbox: LeadMailbox;
  readonly pauses: Pauses;
  readonly log: Log;
  readonly now: () => Date;
  readonly sha256: (text: string) => string;
}

/** What one run has done. `more`: changes are left for the next. */
export interface FanOutResult {
  readonly changes: number;
  /** News that leads did not have before. */
  readonly alerts: number;
  readonly more: boolean;
}

/** Changes that are looked at together, and news that one transaction writes. */
const MOST_CHANGES = 100;
const MOST_ALERTS = 5_000;
/** An interest in a home that is older is none any more. */
const INTEREST_MS = 90 * 24 * 3_600_000;
/** Events that are handed to their leads at the same time. */
const SIDE_BY_SIDE = 16;

/**
 * Changes of a feed's listings become news of the leads that they concern, and each of these leads gets one event. Safe to call at any time
 * and from anywhere: a change is fanned out once, an alert exists once for ever, and an event that is told twice is one.
 */
export function createFanOut(deps: FanOutDeps): (feed: FeedRef) => Promise<FanOutResult> {
  return (feed) => fanOut(deps, feed);
}

async function fanOut(deps: FanOutDeps, feed: FeedRef): Promise<FanOutResult> {
  const now = deps.now().toISOString();
  const { locationId, market } = feed;
  await deps.alerts.dropOld(locationId, later(now, -NEWS_LASTS_MS), now);
  const untold = await deps.alerts.untold(feed, MOST_CHANGES);
  if (untold.length === 0) return { changes: 0, alerts: 0, more: false };
  const location = await deps.locations.get(locationId);
  const choice = location?.settings.market.feeds.find((one) => one.market === market && one.provider === feed.provider);
  const batch = bounded(untold, await alertsOf(deps, feed, untold, { rights: choice?.rights ?? null, now }));
  const eventOf: Parameters<MarketAlertStore['fanOut']>[2] = (ref, news) =>
    marketEvent(ref, news, { key: '', occurredAt: now }, deps.sha256);
  const done = await deps.alerts.fanOut(feed, batch, eventOf, now);
  await deps.pauses.at('market.after-fan-out');
  await deliver(deps, done.events);
  const more = batch.changes.length < untold.length || untold.length === MOST_CHANGES;
  return { changes: batch.changes.length, alerts: done.alerts, more };
}

interface Context {
  readonly rights: FeedRights | null;
  readonly now: Iso;
}

/** What of a change is news, and that its listing may be told of. Without that right it concerns nobody. */
interface Telling extends UntoldChange {
  readonly kind: ChangeKind;
  readonly listing: MarketListing;
}

function tellable({ rights }: Context): (one: UntoldChange) => readonly Telling[] {
  return ({ change, listing, frozen, takesPlace }) => {
    if (listing === null || !mayAlert(listing, rights)) return [];
    const kind = newsOf(change, listing);
    return kind === null ? [] : [{ change, listing, frozen, takesPlace, kind }];
  };
}

/** News of each lead that a change concerns: by its wishes while the home can be had, else because it was told of it or looked at it. */
async function alertsOf(
  deps: FanOutDeps,
  { locationId }: FeedRef,
  untold: readonly UntoldChange[],
  context: Context,
): Promise<ReadonlyMap<UntoldChange['change'], readonly NewAlert[]>> {
  const told = untold.flatMap(tellable(context));
  const offers = told.filter(({ kind }) => isOffer(kind));
  const gone = told.filter(({ kind }) => !isOffer(kind));
  const [matches, concerned] = await Promise.all([
    offers.length === 0 ? [] : deps.matcher.leadsFor(locationId, [...new Set(offers.map(keyOf))]),
    deps.alerts.concerned(
      locationId,
      gone.map(({ listing }) => listing),
      later(context.now, -INTEREST_MS),
    ),
  ]);
  const [byWish, byInterest] = [byListing(matches), byListing(concerned)];
  return new Map(
    told.map((one) => {
      const leads = (isOffer(one.kind) ? byWish : byInterest).get(keyOf(one)) ?? [];
      return [one.change, leads.map((lead) => alertOf(one, lead, context))];
    }),
  );
}

/** A lead that a listing concerns; how well it fits where its wishes say so. */
type Concerned = Pick<ListingMatch, 'contactId' | 'listingKey'> & Partial<ListingMatch>;

function byListing(leads: readonly Concerned[]): ReadonlyMap<string, readonly Concerned[]> {
  const found = new Map<string, Concerned[]>();
  for (const lead of leads) {
    const others = found.get(lead.listingKey);
    if (others === undefined) found.set(lead.listingKey, [lead]);
    else others.push(lead);
  }
  return found;
}

function keyOf({ listing }: Telling): string {
  return listing.listingKey;
}

function alertOf({ change, kind, ...what }: Telling, lead: Concerned, { rights, now }: Context): NewAlert {
  const { listingKey, priceBefore, priceAfter, startsAt, market } = change;
  const name = { listingKey, change: change.change, kind, priceBefore, priceAfter, startsAt };
  const score = lead.score ?? null;
  // What is old by now is news of the day on which it was made, and not of the one on which we learnt of it.
  const waiting = { ...name, market, score, fits: true, unread: false, ...what, rights, decidedAt: change.at };
  return {
    ...{ ...name, contactId: lead.contactId, score, reasons: lead.reasons ?? [], asOf: what.listing.changedAt },
    why: sift([waiting], now).drop[0]?.why ?? null,
  };
}

/** As many changes, from the oldest on, as one transaction may bring to their leads; one at least. */
function bounded(
  untold: readonly UntoldChange[],
  alerts: ReadonlyMap<UntoldChange['change'], readonly NewAlert[]>,
): Parameters<MarketAlertStore['fanOut']>[1] {
  const batch: { changes: UntoldChange['change'][]; alerts: NewAlert[] } = { changes: [], alerts: [] };
  for (const { change } of untold) {
    const more = alerts.get(change) ?? [];
    if (batch.changes.length > 0 && batch.alerts.length + more.length > MOST_ALERTS) break;
    batch.changes.push(change);
    batch.alerts.push(...more);
  }
  return batch;
}

/** At once and as well as can be: what does not get through waits in the inbox for the sweep. */
async function deliver(deps: FanOutDeps, events: FannedOut['events']): Promise<void> {
  const waiting = [...events];
  const delivered: string[] = [];
  const carry = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { inboxId, receivedAt, locationId, contactId } = next;
      try {
        await deps.mailbox.deliver({ locationId, contactId }, { inboxId, kind: MARKET_ALERT, at: receivedAt });
        delivered.push(inboxId);
      } catch (error) {
        // Whoever does not answer one will hardly answer the next.
        deps.log.warn({ err: error, inboxId }, 'news of homes was not handed to its lead; the sweep takes it');
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, events.length) }, carry));
  if (delivered.length > 0) await deps.inbox.markDispatched(delivered);
}
