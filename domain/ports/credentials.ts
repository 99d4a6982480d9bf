import type { Iso } from '../glossary.ts';
import type { NewInboxEvent } from './inbox.ts';
import type { AccessToken, ParkedReason, TokenHolder } from './tokens.ts';

/** `private`: a private integration token, changed by hand. `oauth`: a pair that rotates. */
export type CredentialKind = 'private' | 'oauth';

/** What the vendor granted, or somebody gave. */
export interface Grant {
  readonly access: string;
  /** Absent: it cannot be renewed by itself (a private token, a location's token that its company got). */
  readonly refresh?: string;
  /** From now on, ms; null: not told. */
  readonly lifeMs: number | null;
}

/** How a credential stands; never a token. */
export interface CredentialStanding {
  readonly holder: TokenHolder;
  readonly kind: CredentialKind;
  /** Of the newest token; goes on counting when the tokens are gone. */
  readonly version: number;
  /** False: the tokens were destroyed. */
  readonly held: boolean;
  readonly renewable: boolean;
  /** When somebody installed, or the agency last gave a token for it: it was installed then. Renewals leave it. */
  readonly installedAt: Iso;
  readonly issuedAt: Iso;
  readonly expiresAt: Iso | null;
  /** Since when the vendor has been refusing it for good. */
  readonly refusedAt: Iso | null;
}

/** What an attempt to get a newer token came to. */
export type Renewal =
  | { readonly kind: 'granted'; readonly grant: Grant; readonly how: 'refreshed' | 'exchanged' }
  | { readonly kind: 'refused'; readonly reason: RefusedReason };
export type RefusedReason = Exclude<ParkedReason, 'awaiting-token'>;

/** What became of a renewal in the store. `overtaken`: there is another version by now, or none. */
export type Renewed =
  | { readonly kind: 'renewed'; readonly version: number; readonly unparked: boolean }
  | { readonly kind: 'refused'; readonly reason: RefusedReason }
  | { readonly kind: 'overtaken' };

/** Tokens at rest: sealed under a key of their holder, each change in the holder's history. */
export interface CredentialStore {
  /** The newest token, opened; undefined where there is none, or where it was refused. */
  newest(holder: TokenHolder): Promise<AccessToken | undefined>;
  standing(holder: TokenHolder): Promise<CredentialStanding | undefined>;
  /**
   * Puts a credential in the place of whatever there was: the newest wins. A location that is here is active and not parked from then
   * on, unless somebody paused it; one that was uninstalled is not brought back by a token that its agency gave (`exchanged`).
   */
  install(
    holder: TokenHolder,
    kind: CredentialKind,
    grant: Grant,
    now: Iso,
    how?: 'installed' | 'exchanged',
  ): Promise<{ readonly version: number }>;
  /**
   * Renews this very version, with its row locked from the first look until the new pair is stored: of two renewers one asks, and
   * the other finds a newer version. What `ask` throws leaves everything as it was.
   */
  renew(
    holder: TokenHolder,
    version: number,
    ask: (refresh: string | undefined) => Promise<Renewal>,
    now: () => Iso,
  ): Promise<Renewed>;
  /** The vendor refuses this version for good: its location is parked. False: there is a newer one. */
  refuse(holder: TokenHolder, version: number, reason: RefusedReason, now: Iso): Promise<boolean>;
  /**
   * The vendor says to this version that the location is suspended, which is no fault of the token: the location is parked and the token
   * kept. False: it was parked already, or this token is no word of now.
   */
  suspend(holder: TokenHolder, version: number, now: Iso): Promise<boolean>;
  /**
   * Takes a suspended location back as it was. False: it was not parked as one.
   * @param told  an event of ours that is written with it, and only then
   */
  resume(holder: TokenHolder, told?: NewInboxEvent): Promise<boolean>;
  /** Uninstalled: the tokens and their key are gone, the history stays. */
  destroy(holder: TokenHolder, now: Iso): Promise<void>;
  /** Of all holders. */
  list(): Promise<readonly CredentialStanding[]>;
}

/**
 * The one refresher of a holder's pair, a workflow, started where it does not run. `refused`: the vendor refused this version;
 * null: something changed, it is to look.
 */
export interface TokenRefresher {
  tell(holder: TokenHolder, refused: number | null): Promise<void>;
}
