import type { Iso } from '../glossary.ts';
import type { LocationSettings } from '../leads/settings.ts';

/** Installs on their way, and the agencies behind them. */
export interface InstallStore {
  /**
   * A location is installed and its token is yet to come: from now on its events are accepted, and wait. One that is here already stays
   * as it is, unless it was uninstalled.
   * @param told  of news that may come late: when the CRM said so. It brings back no location that was uninstalled after that
   * @returns whether it waits for a token now, has one already, or was uninstalled since
   */
  expect(
    location: {
      readonly locationId: string;
      readonly companyId: string | null;
      readonly settings: LocationSettings;
      readonly workflowSecretHash: string;
    },
    now: Iso,
    told?: Iso,
  ): Promise<'waits' | 'here' | 'uninstalled since'>;
  /** When it was last uninstalled, whether or not it is here again; null: never, or not known here. */
  endedAt(locationId: string): Promise<Iso | null>;
  /** Name and zone of a location that went by its id until now. */
  describe(
    locationId: string,
    found: { readonly name: string; readonly timezone: string | null; readonly companyId: string | null },
  ): Promise<void>;
  /** An agency's wish that the app be installed in locations to come. */
  setFuture(companyId: string, installsFuture: boolean): Promise<void>;
  /** Agencies with a token that was not refused. */
  companies(): Promise<readonly { readonly companyId: string; readonly installsFuture: boolean }[]>;
  /** Writes down that an install was begun in this browser. */
  begin(stateHash: string, browserHash: string, now: Iso, expiresAt: Iso): Promise<void>;
  /** Ends it, once and in the same browser. */
  end(
    stateHash: string,
    browserHash: string,
    now: Iso,
  ): Promise<'ok' | 'unknown' | 'used' | 'expired' | 'other-browser'>;
}
