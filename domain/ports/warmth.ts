import type { Breakpoint } from '../assistant/breakpoints.ts';
import type { Fingerprints } from '../assistant/layers.ts';

/** The last call of a location on one model, pings counted. */
export interface LastTouch {
  readonly model: string;
  /** Epoch ms. */
  readonly at: number;
  readonly marks: readonly Breakpoint[];
  readonly prints: Fingerprints;
  /** Pings since the last real call. */
  readonly pings: number;
}

/** What the ledger knows of prefixes that may still be in the vendor's cache. */
export interface ModelWarmth {
  /** One for each model that was really called within the last days; answered calls alone. */
  touches(locationId: string, now: Date): Promise<readonly LastTouch[]>;
}

/** The schedule by which a location's prefixes are kept warm. */
export interface WarmingSchedule {
  /** From now on; harmless where it runs. */
  begin(locationId: string): Promise<void>;
  /** Harmless where there is none. */
  end(locationId: string): Promise<void>;
}
