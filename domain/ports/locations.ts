import type { Iso } from '../glossary.ts';
import type { AllPaused, Location, LocationSettings, SettingsChanges } from '../leads/settings.ts';

export interface LocationStore {
  get(locationId: string): Promise<Location | undefined>;
  /**
   * Installs or re-installs. `token`: private integration token, sealed at rest, in the place of whatever credential there was; absent: the
   * credential stays as it is. Settings that differ from those before are a new version of them, and bind every gate that opens later.
   */
  add(location: {
    locationId: string;
    companyId: string | null;
    name: string;
    timezone: string | null;
    token?: string | undefined;
    /** What one that is new here begins with. */
    settings: LocationSettings;
    /** To what it begins with, or to what it has; absent: none. */
    changes?: SettingsChanges | undefined;
    /** SHA-256 of the secret in workflow webhooks' path. */
    workflowSecretHash: string;
    /** True: one that is here already keeps the secret it has. */
    keepSecret?: boolean;
    /** Who installs; absent: the CRM. Goes into the history of the settings. */
    by?: string;
  }): Promise<{ secretKept: boolean }>;
  /**
   * `by`: who does it, for the history; absent: the CRM. `at`: when it was so, absent: now; the end of an install is dated by it.
   * False where it is not installed (any more).
   */
  setStatus(locationId: string, status: Location['status'], by?: string, at?: Iso): Promise<boolean>;
  /**
   * The kill switch: binds every gate that opens later, also of locations that come later, and leaves each location's own pause as it is.
   * Answers how many locations stand as `status` then.
   */
  setAllStatus(status: 'active' | 'paused', by: string): Promise<number>;
  allPaused(): Promise<AllPaused | null>;
  list(): Promise<readonly Location[]>;
  byWorkflowSecretHash(hash: string): Promise<Location | undefined>;
}
