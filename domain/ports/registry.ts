import type { Iso } from '../glossary.ts';

/** A Do-Not-Call list as the location got it. */
export interface RegistryLoad {
  readonly loadId: string;
  readonly list: string;
  readonly asOf: Iso;
  /** Those that the list was bought for: of other numbers it says nothing. */
  readonly areaCodes: readonly string[];
  readonly numbers: number;
  readonly by: string;
  readonly finishedAt: Iso | null;
  /** Its numbers are gone: a newer load of the list covers all its area codes. */
  readonly replacedAt: Iso | null;
}

/** Registry data by dated files. A load is asked about numbers only once it is finished, so that a broken one clears nobody. */
export interface RegistryStore {
  /** Newest first. */
  loads(locationId: string): Promise<readonly RegistryLoad[]>;
  begin(locationId: string, load: Pick<RegistryLoad, 'list' | 'asOf' | 'by'>): Promise<string>;
  /**
   * @param part    1, 2 and so on; one that has come already may come again
   * @param hashes  keyed hashes of numbers; the same one twice is there once
   * @throws REGISTRY_LOAD_UNKNOWN, also for one that is finished; REGISTRY_INCOMPLETE where the part before is missing
   */
  add(locationId: string, loadId: string, part: number, hashes: readonly string[]): Promise<void>;
  /**
   * Puts a load in force, and takes away numbers of loads that it replaces, some at a time. May be called again, for more of them.
   * @param parts  how many must have come
   * @returns whether numbers are left to take away
   * @throws REGISTRY_LOAD_UNKNOWN, REGISTRY_INCOMPLETE
   */
  finish(
    locationId: string,
    loadId: string,
    covers: { readonly areaCodes: readonly string[]; readonly parts: number },
    now: Iso,
  ): Promise<{ readonly load: RegistryLoad; readonly left: boolean }>;
}
