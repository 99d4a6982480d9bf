import type { Location, LocationSettings } from '../leads/settings.ts';

export interface LocationStore {
  get(locationId: string): Promise<Location | undefined>;
  /** Installs or re-installs; keeps settings that exist. `token`: private integration token, sealed at rest. */
  add(location: {
    locationId: string;
    companyId: string | null;
    name: string;
    timezone: string | null;
    token: string;
    settings: LocationSettings;
    /** SHA-256 of the secret in workflow webhooks' path. */
    workflowSecretHash: string;
  }): Promise<void>;
  setStatus(locationId: string, status: Location['status']): Promise<boolean>;
  /** All locations at once: the kill switch. Answers how many. */
  setAllStatus(status: 'active' | 'paused'): Promise<number>;
  list(): Promise<readonly Location[]>;
  /** The token, opened; undefined when there is none. */
  token(locationId: string): Promise<string | undefined>;
  byWorkflowSecretHash(hash: string): Promise<Location | undefined>;
}
