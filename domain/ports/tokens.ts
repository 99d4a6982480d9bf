import type { Iso } from '../glossary.ts';

/** Whose token: a location's, or that of an agency (company), which only serves to get tokens of its locations. */
export interface TokenHolder {
  readonly kind: 'location' | 'company';
  readonly id: string;
}

/** A token to call with. `version` counts the tokens that this holder ever had: it names one without telling it. */
export interface AccessToken {
  readonly token: string;
  readonly version: number;
}

/**
 * The one place where tokens come from, whatever kind of credential stands behind them: an OAuth pair that rotates, or a private
 * integration token that somebody changes by hand.
 */
export interface TokenProvider {
  /** Undefined where there is none, or where the one there is has been refused: then nothing is asked of the vendor. */
  token(holder: TokenHolder): Promise<AccessToken | undefined>;
  /**
   * The vendor refused this version. Answers a newer one, having waited for its renewal if need be; undefined when there is none to be
   * had, and then the holder is parked. Called by many at once it renews once.
   */
  refused(holder: TokenHolder, version: number): Promise<AccessToken | undefined>;
  /** The vendor says to this version that the location is suspended: it is parked, and taken back when the vendor does. */
  inactive(holder: TokenHolder, version: number): Promise<void>;
}

/** Why a location is parked: it stays installed, nothing is asked of the CRM for it, and its leads wait. */
export type ParkedReason =
  /** INSTALL came, and the code that buys a token did not yet. */
  | 'awaiting-token'
  /** The vendor refused the private token, or the refresh token: somebody has to install again. */
  | 'token-refused'
  /** The vendor says that the sub-account is suspended. */
  | 'location-inactive';

export interface Parked {
  readonly reason: ParkedReason;
  readonly since: Iso;
}
