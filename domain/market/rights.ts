import type { MarketListing } from './listing.ts';

/** Uses that MLS Grid licenses: public display, a site for registered buyers, back office, a participant's own. */
export const feedUses = ['IDX', 'VOW', 'BO', 'PT'] as const;
export type FeedUse = (typeof feedUses)[number];

/** What the licence of a feed allows besides showing. */
export interface FeedRights {
  readonly alerts: boolean;
  readonly training: boolean;
  /** Uses that it is for, where the vendor tells of each record for which uses it is meant. */
  readonly uses?: readonly FeedUse[] | undefined;
}

/** Why a listing may not be told of. */
export const alertRefusals = [
  'no-alert-right',
  'uses-not-said',
  'not-licensed',
  'not-shown',
  'no-attribution',
] as const;

/** Why a listing may not be told of, or learnt from. */
type AlertRefusal = (typeof alertRefusals)[number];
export type Refusal = AlertRefusal | 'no-training-right';

/**
 * May a lead be told of the listing? The feed's licence, the seller and the office that must be credited each have to say so: what is
 * missing, or was unreadable, does not allow. Null: it may.
 * @param rights  null: the location's settings name no such feed
 */
export function alertRefusal(listing: MarketListing, rights: FeedRights | null): AlertRefusal | null {
  if (rights?.alerts !== true) return 'no-alert-right';
  const unlicensed = useRefusal(listing, rights);
  if (unlicensed !== null) return unlicensed;
  if (listing.shown !== true) return 'not-shown';
  return isAttributed(listing) ? null : 'no-attribution';
}

/** May the listing, and what leads do with it, be learnt from? Null: it may. */
export function trainingRefusal(listing: MarketListing, rights: FeedRights | null): Refusal | null {
  if (rights?.training !== true) return 'no-training-right';
  const unlicensed = useRefusal(listing, rights);
  if (unlicensed !== null) return unlicensed;
  return listing.shown === true ? null : 'not-shown';
}

export function mayAlert(listing: MarketListing, rights: FeedRights | null): boolean {
  return alertRefusal(listing, rights) === null;
}

export function mayTrain(listing: MarketListing, rights: FeedRights | null): boolean {
  return trainingRefusal(listing, rights) === null;
}

/** What of a listing may be shown to leads. */
export interface Showable {
  /** The listing at all. Where not, nothing else of it either. */
  readonly listing: boolean;
  readonly address: boolean;
  /** An automated estimate of its value beside it. */
  readonly valuation: boolean;
}

/** As the seller said (InternetEntireListingDisplayYN and its like), and never without the office's name. */
export function whatMayBeShown(listing: MarketListing): Showable {
  const shown = listing.shown === true && isAttributed(listing);
  return {
    listing: shown,
    address: shown && listing.addressShown === true,
    valuation: shown && listing.valuationShown === true,
  };
}

/** Where either side speaks of uses the other must name one of the same: a record may be meant for other licences than this one. */
function useRefusal({ uses }: MarketListing, { uses: licensed }: FeedRights): 'uses-not-said' | 'not-licensed' | null {
  if (licensed === undefined) return uses === null ? null : 'uses-not-said';
  return licensed.some((use) => uses?.includes(use)) ? null : 'not-licensed';
}

function isAttributed({ officeName }: MarketListing): boolean {
  return officeName !== null && officeName.trim() !== '';
}
