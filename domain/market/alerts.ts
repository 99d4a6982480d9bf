import type { Iso } from '../glossary.ts';
import type { ActivityKind } from '../webhooks/activity-kinds.ts';
import { isTellable } from './alert-words.ts';
import { centsOf } from './edm.ts';
import { isForSale } from './home-kinds.ts';
import { type ChangeKind, changeKinds, type Dollars, type MarketListing } from './listing.ts';
import { isFrozen } from './read-listing-sources.ts';
import { alertRefusal, type FeedRights, type Refusal } from './rights.ts';

/** What names an alert among those of its lead. */
export interface AlertName {
  readonly listingKey: string;
  readonly change: string;
}

/** News of a listing that waits for a lead to be told, as a decision sees it. */
export interface News extends AlertName {
  readonly kind: ChangeKind;
  /** Of an open house: when it begins. */
  readonly startsAt: Iso | null;
  /** When it was decided that it concerns the lead. */
  readonly decidedAt: Iso;
}

/** The same with what its message is made of: the listing as it is now, and what may be done with it. */
export interface WaitingAlert extends News {
  readonly market: string;
  /** How well it fits, 0 to 1; null: it concerns the lead for another reason than its wishes. */
  readonly score: number | null;
  /** Does the listing meet every hard wish of the lead, as both are kept now? Asked only where its wishes are the reason. */
  readonly fits: boolean;
  readonly priceBefore: Dollars | null;
  readonly priceAfter: Dollars | null;
  /** Null: it is not stored any more, or gone from the feed. */
  readonly listing: MarketListing | null;
  /** Null: the location's settings name no such feed. */
  readonly rights: FeedRights | null;
  /** Fields of Property that the feed's open drift freezes: what is stored of them may be wrong by now. */
  readonly frozen: readonly string[];
  /** Of an open house: does the feed still have it at that time? */
  readonly takesPlace: boolean;
  /** The newest version of the listing, or of the open house, cannot be read: nobody can say whether the news still holds. */
  readonly unread: boolean;
}

export interface Dropped extends AlertName {
  /** In plain words, without personal data. */
  readonly why: string;
}

/** What waits for longer is news no more; an open house is news until it begins. */
export const NEWS_LASTS_MS = 72 * 3_600_000;

/** News that invites: of a home that can be had. The others tell of one that is gone. */
export function isOffer(kind: ChangeKind): boolean {
  return kind !== 'pending' && kind !== 'closed';
}

/** What of a site's behaviour shows an interest in a home: news that it is gone is news to whoever did it. */
export const interestKinds = [
  ...([
    'property.view',
    'property.like',
    'property.share',
    'property.save',
    'form.submitted',
    'email.clicked',
  ] as const),
  ...(['booking.requested', 'booking.completed', 'tour.scheduled', 'tour.completed', 'calculator.used'] as const),
] as const satisfies readonly ActivityKind[];

/** The name of the open house that an alert tells of, as enrolments bear it. */
export function openHouseId({ listingKey, change }: AlertName): string {
  return `${listingKey}/${change}`;
}

/**
 * Which of a lead's waiting news may be told as they stand now, the best first, and which may not be told any more. Everything is looked at
 * anew: what was right when it was decided may be wrong by now. What cannot be read at present is held until it can.
 */
export function sift(
  waiting: readonly WaitingAlert[],
  now: Iso,
): {
  readonly tell: readonly WaitingAlert[];
  readonly hold: readonly WaitingAlert[];
  readonly drop: readonly Dropped[];
} {
  const tell: WaitingAlert[] = [];
  const hold: WaitingAlert[] = [];
  const drop: Dropped[] = [];
  for (const alert of waiting) {
    const why = over(alert, now) ?? (alert.unread ? null : untrue(alert));
    if (why !== null) drop.push({ listingKey: alert.listingKey, change: alert.change, why });
    else if (alert.unread) hold.push(alert);
    else tell.push(asReadable(alert));
  }
  return { tell: tell.toSorted(bestFirst), hold, drop };
}

/** A price that cannot be read any more is nobody's price of today. */
function asReadable(alert: WaitingAlert): WaitingAlert {
  if (alert.listing === null || !isFrozen('price', alert.frozen)) return alert;
  return { ...alert, listing: { ...alert.listing, price: null } };
}

/** Why an alert is news no more, whatever can be read of it. */
function over({ listing, kind, decidedAt, startsAt }: WaitingAlert, now: Iso): string | null {
  if (listing === null) return 'the feed does not have the listing any more';
  if (kind !== 'open-house') {
    const isOld = Date.parse(now) - Date.parse(decidedAt) >= NEWS_LASTS_MS;
    return isOld ? 'it waited for three days and is news no more' : null;
  }
  return startsAt === null || Date.parse(startsAt) <= Date.parse(now) ? 'the open house has begun' : null;
}

/** Why an alert may not go out any more; null: it may. */
function untrue(alert: WaitingAlert): string | null {
  const { listing, kind, rights, priceAfter } = alert;
  if (listing === null) return 'the feed does not have the listing any more';
  const refusal = alertRefusal(listing, rights);
  if (refusal !== null) return refusals[refusal];
  if (!isTellable(listing)) return refusals['no-attribution'];
  if (!isForSale(listing.propertyType)) return 'the home is not for sale as far as is known';
  if (isFrozen('status', alert.frozen)) return 'whether the listing is active cannot be read from the feed at present';
  if (isOffer(kind) && listing.status !== 'active') return 'the listing is not active any more';
  if (!isOffer(kind) && listing.status === 'active') return 'the listing is active again';
  if (isOffer(kind) && alert.score !== null && !alert.fits) return 'it does not fit any more what the lead looks for';
  if (kind === 'price-drop' && isFrozen('price', alert.frozen)) {
    return 'the price cannot be read from the feed at present';
  }
  if (kind === 'price-drop' && !isPrice(listing.price, priceAfter)) return 'the price has changed again';
  return kind !== 'open-house' || alert.takesPlace ? null : 'the open house was called off or moved';
}

function isPrice(a: Dollars | null, b: Dollars | null): boolean {
  return a !== null && b !== null && centsOf(a) === centsOf(b);
}

const refusals: Readonly<Record<Refusal, string>> = {
  'no-alert-right': "the feed's licence does not allow alerts",
  'no-training-right': "the feed's licence does not allow it",
  'not-shown': 'the seller does not allow the listing to be shown',
  'uses-not-said': 'the settings do not say for which uses the feed’s licence is',
  'not-licensed': 'it is meant for other uses than those of the feed’s licence',
  'no-attribution': 'the listing names no office to be credited',
};

/** By how well it fits, of two alike what was decided first. */
function bestFirst(a: WaitingAlert, b: WaitingAlert): number {
  return (
    (b.score ?? -1) - (a.score ?? -1) ||
    Date.parse(a.decidedAt) - Date.parse(b.decidedAt) ||
    (a.listingKey < b.listingKey ? -1 : a.listingKey > b.listingKey ? 1 : a.change < b.change ? -1 : 1)
  );
}

/** One entry for each home, which is told by its newest change; the order stays. */
export function byHome(alerts: readonly WaitingAlert[]): readonly WaitingAlert[] {
  const newest = new Map<string, WaitingAlert>();
  for (const alert of alerts) {
    const before = newest.get(alert.listingKey);
    if (before === undefined || Date.parse(alert.decidedAt) > Date.parse(before.decidedAt)) {
      newest.set(alert.listingKey, alert);
    }
  }
  return [...new Set(alerts.map(({ listingKey }) => listingKey))].map((key) => newest.get(key)!);
}

/**
 * When the collecting of news is over that the first of them began, or the last message about homes if it came later; null: there are none.
 * @param toldAt  when that message went out; null: there was none lately
 */
export function collectedAt(
  news: readonly Pick<News, 'decidedAt'>[],
  collectMinutes: number,
  toldAt: Iso | null = null,
): Iso | null {
  if (news.length === 0) return null;
  const first = Math.min(...news.map(({ decidedAt }) => Date.parse(decidedAt)));
  const begun = toldAt === null ? first : Math.max(first, Date.parse(toldAt));
  return new Date(begun + collectMinutes * 60_000).toISOString();
}

/** What kinds of news there are, e.g. `2 new, 1 price drop`. */
export function kindWords(news: readonly Pick<News, 'kind'>[]): string {
  return changeKinds
    .flatMap((kind) => {
      const count = news.filter((one) => one.kind === kind).length;
      return count === 0 ? [] : [`${count} ${kindNames[kind]}`];
    })
    .join(', ');
}

const kindNames: Readonly<Record<ChangeKind, string>> = {
  new: 'new',
  'price-drop': 'price drop',
  'back-on-market': 'back on the market',
  pending: 'under contract',
  closed: 'sold',
  'open-house': 'open house',
};

/** One sentence for each reason, for the timeline. */
export function droppedWords(dropped: readonly Dropped[]): readonly string[] {
  return [...new Set(dropped.map(({ why }) => why))].map((why) => {
    const count = dropped.filter((one) => one.why === why).length;
    return `Dropped news of ${count === 1 ? 'a home' : `homes (${count})`}: ${why}.`;
  });
}
