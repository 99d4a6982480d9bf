import type { Iso } from '../glossary.ts';
import type { Deal } from '../scoring/features/lead-history.ts';
import type { FeatureSet } from '../scoring/vector.ts';

/** What a location's own leads teach: read page by page, for there may be hundreds of thousands. */
export interface LearningStore {
  /** What the numbers of its stored vectors are, by the set's id. */
  featureSets(locationId: string): Promise<ReadonlyMap<string, FeatureSet>>;
  /** Leads that are not deleted, by their ids, from behind `after`. */
  leads(locationId: string, after: string, limit: number): Promise<readonly LeadToLearn[]>;
  /** When these leads were scored, with vectors of these sets, until then; of each lead oldest first. */
  moments(
    locationId: string,
    contactIds: readonly string[],
    asked: { readonly sets: readonly string[]; readonly until: Iso },
  ): Promise<readonly ScoreMoment[]>;
  /** What was stored with these scores. */
  vectors(locationId: string, moments: readonly ScoreMoment[]): Promise<readonly StoredVector[]>;
}

export interface LeadToLearn {
  readonly contactId: string;
  readonly createdAt: Iso;
  /** Keyed hashes of number and address, where they are known. */
  readonly addresses: readonly string[];
  readonly deals: readonly Deal[];
}

/** A score in the history. */
export interface ScoreMoment {
  readonly contactId: string;
  readonly scoreId: number;
  readonly asOf: Iso;
}

export interface StoredVector extends ScoreMoment {
  readonly featureSet: string;
  readonly vector: Float32Array;
}
