import type { Grant, RefusedReason } from './credentials.ts';
import type { TokenHolder } from './tokens.ts';

/**
 * The vendor's OAuth. Whatever is not its word on the token itself (no answer, 5xx, rate limit, an HTML page, a wrong client) is thrown
 * as an `AppError`: it says nothing against the token, and the same call may be made again.
 */
export interface OAuthVendor {
  /** Where a person is sent to choose what to install into. `agency`: also asks for what is needed to serve all its locations. */
  authorizeUrl(state: string, redirectUri: string, agency: boolean): string;
  /** @returns refused: the code is of no worth (any more) */
  exchangeCode(code: string, redirectUri: string): Promise<Installed | { readonly kind: 'refused' }>;
  /** Single-use: the answer's pair replaces this one. The same call within 30 seconds is answered with the same pair. */
  refresh(
    holder: TokenHolder,
    refreshToken: string,
  ): Promise<Granted | { readonly kind: 'refused'; readonly reason: RefusedReason }>;
  /** A location's token from its company's. `unauthorized`: the company's token is refused. */
  locationToken(
    companyToken: string,
    companyId: string,
    locationId: string,
  ): Promise<Granted | { readonly kind: 'refused' | 'unauthorized' }>;
  /** Where the app is installed in this company, page by page. */
  installedLocations(companyToken: string, companyId: string): AsyncIterable<InstalledPage>;
}

export interface Granted {
  readonly kind: 'granted';
  readonly grant: Grant;
}

export interface Installed extends Granted {
  readonly holder: TokenHolder;
  readonly companyId: string | null;
  /** Of a company: those that its admin approved; the vendor may name none and mean all. */
  readonly approvedLocations: readonly string[];
  readonly installsFuture: boolean;
}

export type InstalledPage =
  | { readonly kind: 'page'; readonly locationIds: readonly string[] }
  /** The company's token is refused; nothing follows. */
  | { readonly kind: 'unauthorized' };
