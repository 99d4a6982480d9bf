import type { Iso, LeadRef } from '../glossary.ts';
import type { FieldValue } from '../leads/contact.ts';
import type { LocationSettings } from '../leads/settings.ts';
import type { Evidence } from '../scoring/cold-start.ts';
import type { LeadHistory, withNews } from '../scoring/features/lead-history.ts';
import type { Score, ScoreFacts, ScoreTrace } from '../scoring/score.ts';

/** What a score is kept with. */
export type KeptScore = Pick<Score, 'value' | 'probability' | 'confidence' | 'tier' | 'model'> & {
  readonly scoredAt: Iso;
  readonly modelHash: string | null;
  readonly asOf: Iso;
  readonly vector: Float32Array;
};

/** A score as it was given. */
export interface PastScore {
  readonly scoredAt: Iso;
  readonly score: Pick<Score, 'value' | 'probability' | 'confidence' | 'tier'>;
  readonly trace: ScoreTrace;
}

/** What is known of the leads of one location, from one statement. */
export interface Known {
  /** SHA-256 of the model that speaks here; null: the rules do. */
  readonly modelHash: string | null;
  readonly settings: LocationSettings;
  readonly settingsVersion: number;
  readonly leads: readonly KnownLead[];
}

export interface KnownLead {
  readonly contactId: string;
  /** How often something was heard of the lead, as of the same moment as all the rest. */
  readonly news: number;
  /** A vector from before, still all that is known; else the history. */
  readonly cached: { readonly asOf: Iso; readonly vector: Float32Array } | null;
  readonly history: LeadHistory | null;
  /** Values of custom fields, by id; null with a cached vector. */
  readonly fields: Readonly<Record<string, FieldValue>> | null;
  readonly last: StandingScore | null;
  /** We act for the lead: what its tier brings about is to be seen in the CRM. */
  readonly active: boolean;
}

/** The score that stands in the list of leads. */
export type StandingScore = Pick<Score, 'value' | 'confidence' | 'tier' | 'model'> & { readonly scoredAt: Iso };

/** A lead's new score, and its vector where that is new as well. */
export interface Rescored {
  readonly contactId: string;
  readonly news: number;
  /** Null: as before. */
  readonly score: (KeptScore & Pick<Score, 'baseline' | 'reasons' | 'unsure'>) | null;
  /** Null: it came from the store, or may not be used again. */
  readonly vector: { readonly asOf: Iso; readonly vector: Float32Array } | null;
}

export interface OwnModel {
  readonly modelHash: string;
  readonly name: string;
  readonly file: Uint8Array;
}

export interface ScoreStore {
  /**
   * One statement for any number of leads; those that are not known are left out. `fresh`: no vector from before is wanted.
   * `withinHours`: none older than that.
   * @throws AppError STORE_SLOW: it could not be done in the time that a statement has; fewer may be
   */
  known(
    locationId: string,
    contactIds: readonly string[],
    asked: { asOf: Iso; fresh?: boolean; withinHours?: number },
  ): Promise<Known>;
  /** Contacts of a location that are not deleted, in a fixed order, from behind `after`. */
  contacts(locationId: string, after: string, limit: number): Promise<readonly string[]>;
  /** How many of them there are. */
  countContacts(locationId: string): Promise<number>;
  /** What the last decision on each lead wants this field of the CRM to show, where that is a number. */
  shown(locationId: string, contactIds: readonly string[], field: string): Promise<ReadonlyMap<string, number>>;
  /**
   * One transaction: scores into the history and onto the leads, vectors to be used again. A lead that was scored since, or of whom
   * something was heard since, keeps its score.
   * @returns contacts whose score changed
   */
  keep(locationId: string, rescored: readonly Rescored[], settingsVersion: number): Promise<readonly string[]>;
  /** The score that was given to a lead at that instant, which stands for ever; undefined: none is stored. */
  given(ref: LeadRef, scoredAt: Iso): Promise<PastScore | undefined>;
  /** Newest first. */
  past(ref: LeadRef, limit: number): Promise<readonly PastScore[]>;
  model(locationId: string, modelHash: string): Promise<OwnModel | undefined>;
  /** What spoke for the newest model, whether it speaks or not; undefined: there is none. */
  evidence(locationId: string): Promise<Evidence | undefined>;
  /** Adds a model, and when it speaks, takes the word from the one before, unless that was added later. */
  addModel(locationId: string, model: OwnModel & { evidence: Evidence; speaks: boolean; addedAt: Iso }): Promise<void>;
  /** The rules speak again. */
  silence(locationId: string): Promise<void>;
}

/** A score, and what it is kept with. */
export interface Given {
  readonly score: Score;
  readonly kept: KeptScore;
}

/** Scores the leads of a location by whoever speaks there: its own model, or the rules. One by one and many at once they are the same. */
export interface LeadScorer {
  /** One lead with its reasons and, where it cannot be told, the question worth asking. `news`: what an event brought that is not stored yet. */
  one(ref: LeadRef, facts: ScoreFacts, news: Parameters<typeof withNews>[1] & { createdAt: Iso }): Promise<Given>;
  /** Stored leads, in the order asked for; null for one that is not known. */
  stored(locationId: string, contactIds: readonly string[], asked: Asked): Promise<readonly (Given | null)[]>;
  /**
   * Scores stored leads and stores what changed. The score of a lead we act for that moves on (`movesOn`) is left to that lead's own
   * work, which else would find nothing changed.
   * @param hand  given those in order, before anything is stored; may be given the same again. Answers how many of the first it took
   * @returns how many were looked at, whose score changed here, how many were handed over, and the first lead that was not taken: it and
   *   those behind it keep their scores; null: all were taken
   * @throws AppError SCORING_LOST, STORE_AWAY, STORE_SLOW: nothing was stored
   */
  rescore(
    locationId: string,
    contactIds: readonly string[],
    asked: Asked,
    hand?: (moved: readonly string[]) => Promise<number>,
  ): Promise<{
    readonly scored: number;
    readonly changed: readonly string[];
    readonly handed: number;
    readonly stoppedAt: string | null;
  }>;
  /** The past score with its reasons, by the one who spoke then. */
  explain(locationId: string, trace: ScoreTrace): Promise<Score>;
}

export interface Asked {
  readonly asOf: Iso;
  readonly reasons?: boolean;
  /** No vector from before. */
  readonly fresh?: boolean;
  /** None that is older than this. */
  readonly withinHours?: number;
}

/** Has a location's leads scored anew, in the background. */
export interface Rescoring {
  /** Every night from now on; harmless when repeated. */
  start(locationId: string): Promise<void>;
  /** And at once. */
  tell(locationId: string): Promise<void>;
}
