import type { Iso } from '../glossary.ts';
import type { Location, LocationSettings, SettingsChanges } from '../leads/settings.ts';
import type { Page, PageRequest } from './page.ts';

export interface SettingsVersion {
  readonly version: number;
  /** Complete: with the defaults of choices that came later. */
  readonly settings: LocationSettings;
  readonly by: string;
  readonly at: Iso;
}

/** What people, or the CRM, did to a location. */
export type LocationAct = { readonly at: Iso; readonly by: string } & (
  | { readonly what: 'settings'; readonly version: number; readonly changes: SettingsChanges }
  /** `all`: by the switch of all locations. */
  | { readonly what: Location['status']; readonly all?: true }
);

export interface SettingsStore {
  /** The version in force, or the one asked for; undefined where there is none. */
  get(locationId: string, version?: number): Promise<SettingsVersion | undefined>;
  /** Newest first. Errors: BAD_CURSOR. */
  history(locationId: string, page: PageRequest): Promise<Page<LocationAct>>;
  /**
   * A next version with these choices, or the one in force where they change nothing. Binds every gate that opens later.
   * @param check  throws when what would be in force does not hold together
   * Errors: LOCATION_NOT_FOUND; SETTINGS_CONFLICT when the version in force is not the expected one.
   */
  change(
    locationId: string,
    change: { readonly expected?: number; readonly changes: SettingsChanges; readonly by: string },
    check: (before: LocationSettings, after: LocationSettings) => void,
  ): Promise<SettingsVersion>;
}
