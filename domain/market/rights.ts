import type { MarketListing } from './listing.ts';

/** What the licence of a feed allows besides showing. */
export interface FeedRights {
  readonly alerts: boolean;
  readonly training: boolean;
}

/** Why a listing may not be told of, or learnt from. */
export type Refusal = 'no-alert-right' | 'no-training-right' | 'not-shown' | 'no-attribution';

export function alertRefusal(_listing: MarketListing, _rights: FeedRights | null): Refusal | null {
  throw new Error('alertRefusal: body follows');
}

export function mayAlert(listing: MarketListing, rights: FeedRights | null): boolean {
  return alertRefusal(listing, rights) === null;
}

export function mayTrain(_listing: MarketListing, _rights: FeedRights | null): boolean {
  throw new Error('mayTrain: body follows');
}
