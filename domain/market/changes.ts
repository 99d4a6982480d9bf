import type { Iso } from '../glossary.ts';
import { centsOf, daysLater } from './edm.ts';
import { isForSale } from './home-kinds.ts';
import type { ChangeKind, Dollars, ListingChange, MarketListing } from './listing.ts';
import type { ChangeStamps } from './read-listing.ts';
import type { MarketRecord } from './read-record.ts';
import { type StandardStatus, standardStatuses } from './read-words.ts';

/** A listing as it is stored; `removedAt` is set while the feed does not have it. */
export type StoredListing = MarketListing & { readonly removedAt?: Iso | null };

/** A listing that was never seen before is new on the market if it says that it came on the market so lately. */
const NEW_DAYS = 14;

/** Where a listing stands, as far as leads are concerned. */
type Standing = 'to-come' | 'on-market' | 'under-contract' | 'closed' | 'off-market';

const standings: Readonly<Record<StandardStatus, Standing>> = {
  incomplete: 'to-come',
  'coming soon': 'to-come',
  active: 'on-market',
  'active under contract': 'under-contract',
  pending: 'under-contract',
  closed: 'closed',
  canceled: 'off-market',
  delete: 'off-market',
  expired: 'off-market',
  hold: 'off-market',
  withdrawn: 'off-market',
};

const NOT_SAID: ChangeStamps = { price: null, status: null };

/**
 * What happened to a listing between two versions of it. One modification may be several changes: a new price and a new status. Pending and
 * Active Under Contract stand alike, so going from one to the other and back is no change.
 *
 * A listing that is seen for the first time is `new` only if it is active and its own day of listing is at most 14 days ago: one that merely
 * becomes visible is old, and one that says no day is not known to be new. One that was coming soon is new when it becomes active.
 *
 * Names. A listing is new once: `new`. Every other change is named by its kind and the instant at which the feed says that it was made (where
 * that lies between the two versions, else when the newer version was changed), a price also by itself. So whoever reads a change later,
 * after further modifications or by another way, gives it the same name, and a price that goes down, up and down again is three changes.
 * @param stamps  when the feed says that price and status changed
 */
export function changesOf(
  before: StoredListing | null,
  after: MarketListing,
  now: Iso,
  stamps: ChangeStamps = NOT_SAID,
): readonly ListingChange[] {
  if (before === null) {
    const fresh =
      standingOf(after) === 'on-market' && after.listedAt !== null && after.listedAt >= daysLater(now, -NEW_DAYS);
    return fresh ? [{ ...told(after, 'new', after.changedAt), change: 'new', priceAfter: after.price }] : [];
  }
  return [...statusChange(before, after, stamps.status), ...priceChange(before, after, stamps.price)];
}

/**
 * The feed does not have the listing any more. Named by the version that it ended, so that it is the same however it was found out.
 * Empty where the listing was off the market or closed already.
 * @param at  when it was taken away, or found to be
 */
export function removalOf(before: StoredListing, at: Iso): readonly ListingChange[] {
  const standing = standingOf(before);
  if (before.removedAt != null || standing === 'closed' || standing === 'off-market') return [];
  return [{ ...told(before, 'withdrawn', at), change: `withdrawn:${before.changedAt}:gone`, priceAfter: before.price }];
}

/**
 * What a change is to leads, by how its listing is now; null: history, news to nobody. What is let is news to nobody: leads look for homes to
 * buy, a rent is no price, and whoever looked at a home that is let would hear that it is sold.
 */
export function newsOf(
  { kind, priceBefore, priceAfter, startsAt }: ListingChange,
  { status, propertyType }: Pick<MarketListing, 'status' | 'propertyType'>,
): ChangeKind | null {
  if (!isForSale(propertyType)) return null;
  switch (kind) {
    case 'withdrawn':
      return null;
    case 'open-house':
      return startsAt === null ? null : kind;
    case 'price-change':
      return status === 'active' && fell(priceBefore, priceAfter) ? 'price-drop' : null;
    case 'new':
    case 'back-on-market':
    case 'pending':
    case 'closed':
      return kind;
  }
}

function statusChange(before: StoredListing, after: MarketListing, stamp: Iso | null): ListingChange[] {
  const kind = before.removedAt == null ? kindOfStep(before, after) : kindOfReturn(before, after, stamp);
  if (kind === null) return [];
  const at = madeAt(before, after, stamp);
  const change = kind === 'new' ? 'new' : `${kind}:${at}`;
  return [{ ...told(after, kind, at), change, priceAfter: after.price }];
}

type KindOfStep = Exclude<ListingChange['kind'], 'price-change' | 'open-house'>;

function kindOfStep(before: MarketListing, after: MarketListing): KindOfStep | null {
  const [from, to] = [standingOf(before), standingOf(after)];
  if (from === to) return null;
  switch (to) {
    case 'on-market':
      return from === 'to-come' ? 'new' : 'back-on-market';
    case 'under-contract':
      return 'pending';
    case 'closed':
      return 'closed';
    case 'off-market':
    case 'to-come':
      // What is closed or off the market already is not taken from it by a further step.
      return from === 'closed' || from === 'off-market' ? null : 'withdrawn';
  }
}

/**
 * That a listing was taken away here is no step of its own: we may have missed it, or the feed hidden it for a while. So its status is held
 * against the one that was known. One that was on the market and is so again has left it only if the feed says that its status changed since;
 * where it does not say, nobody knows. Its withdrawal was told when it was taken away.
 */
function kindOfReturn(before: MarketListing, after: MarketListing, stamp: Iso | null): KindOfStep | null {
  if (standingOf(before) === 'on-market' && standingOf(after) === 'on-market') {
    return isBetween(before, after, stamp) ? 'back-on-market' : null;
  }
  const kind = kindOfStep(before, after);
  return kind === 'withdrawn' ? null : kind;
}

/** Where one of the two prices is not known nobody can say that it changed. */
function priceChange(before: StoredListing, after: MarketListing, stamp: Iso | null): ListingChange[] {
  if (before.price === null || after.price === null || centsOf(before.price) === centsOf(after.price)) return [];
  const at = madeAt(before, after, stamp);
  const change = `price-change:${at}:${after.price}`;
  return [{ ...told(after, 'price-change', at), change, priceBefore: before.price, priceAfter: after.price }];
}

function told(
  { listingKey, market }: MarketListing,
  kind: ListingChange['kind'],
  at: Iso,
): Omit<ListingChange, 'change'> {
  return { listingKey, market, kind, at, priceBefore: null, priceAfter: null, startsAt: null };
}

/** A stamp is believed where it lies between the two versions: some feeds leave it as it was. */
function madeAt(before: MarketListing, after: MarketListing, stamp: Iso | null): Iso {
  return isBetween(before, after, stamp) ? stamp : after.changedAt;
}

function isBetween(before: MarketListing, after: MarketListing, stamp: Iso | null): stamp is Iso {
  return stamp !== null && stamp > before.changedAt && stamp <= after.changedAt;
}

function fell(before: Dollars | null, after: Dollars | null): boolean {
  return before !== null && after !== null && centsOf(after) < centsOf(before);
}

/** Rows that no feed brought may have words of their own: they are not on offer. */
function standingOf({ status }: MarketListing): Standing {
  const known = standardStatuses.find((one) => one === status);
  return known === undefined ? 'off-market' : standings[known];
}

/** The status of an open house whose newest version cannot be read. */
export const UNREAD = 'unread';

/** An open house as it is stored; `removedAt` is set while the feed does not have it. */
export type StoredOpenHouse = MarketRecord & { readonly removedAt?: Iso | null };

/**
 * What happened to an open house: it is new, it was moved (begins at another time, or is held after all), it was cancelled, or leads may not
 * come any more; null: nothing that anybody needs to know, as of one that is over. Of one that is cancelled the change has no `startsAt`.
 * The first news of one is named by itself and when it begins, `open-house:OH1:2026-12-05T18:00:00.000Z`, whichever version brought it; later
 * ones also by the version, so that one that is moved back where it was is told again.
 * @param after  null: it is gone from the feed
 */
export function openHouseChange(
  before: StoredOpenHouse | null,
  after: MarketRecord | null,
  { market, now }: { readonly market: string; readonly now: Iso },
): ListingChange | null {
  // What could not be read for a while was as it had been told before.
  const was = before !== null && (isHeld(before) || before.status === UNREAD) ? upcoming(before, now) : null;
  const is = after !== null && isHeld(after) ? upcoming(after, now) : null;
  const record = after ?? before;
  if (record?.listingKey == null || was === is) return null;
  const at = after === null ? now : after.changedAt;
  const change = {
    listingKey: record.listingKey,
    market,
    kind: 'open-house',
    at,
    priceBefore: null,
    priceAfter: null,
  } as const;
  const name = openHouseName(record.key);
  if (is !== null) {
    return { ...change, startsAt: is, change: before === null ? `${name}${is}` : `${name}${is}:${at}` };
  }
  // One that begins now is neither cancelled nor to come.
  if (was === null || (after !== null && isHeld(after) && after.startsAt === was)) return null;
  const version = after === null ? `${before?.changedAt ?? at}:gone` : at;
  return { ...change, startsAt: null, change: `${name}${was}:cancelled:${version}` };
}

/** With what the names of all changes of an open house begin. A key may hold any character. */
export function openHouseName(key: string): string {
  return `open-house:${encodeURIComponent(key)}:`;
}

/** Does the change take an open house away? Then the alerts about it, whose names begin with `openHouseName` of its key, are true no more. */
export function cancelsOpenHouse({ kind, startsAt }: ListingChange): boolean {
  return kind === 'open-house' && startsAt === null;
}

function isHeld({ status, removedAt = null }: StoredOpenHouse): boolean {
  return removedAt === null && (status === null || status === 'active');
}

/** When it begins, if it has not begun. */
function upcoming({ startsAt }: MarketRecord, now: Iso): Iso | null {
  return startsAt !== null && startsAt > now ? startsAt : null;
}
