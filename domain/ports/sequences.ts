import type { SequenceDocument } from '../follow-up/sequence.ts';
import type { RunningCount } from '../follow-up/versions.ts';
import type { Iso } from '../glossary.ts';

/** A document as it is written; the store numbers the versions when it is published. */
export type UnnumberedSequence = Omit<SequenceDocument, 'version'>;

/** A document that is worked on; it binds nobody. */
export interface SequenceDraftRow {
  readonly document: UnnumberedSequence;
  /** The version that was in force when it was saved; null: none was. */
  readonly basedOn: number | null;
  readonly savedBy: string;
  readonly savedAt: Iso;
}

/** A version of a sequence, and how many enrolments under way are pinned to it. */
export interface SequenceVersion {
  readonly version: number;
  readonly publishedAt: Iso;
  /** New enrolments begin with it. */
  readonly inForce: boolean;
  readonly running: number;
}

/** When which version came into force, and by whom. */
export interface SequenceRelease {
  readonly version: number;
  readonly act: 'publish' | 'roll-back';
  readonly by: string;
  readonly at: Iso;
}

/** A sequence as a list shows it: what is in force (null: nothing yet), what is drafted, how many are in it. */
export interface SequenceStanding {
  readonly key: string;
  readonly document: SequenceDocument | null;
  readonly draft: Pick<SequenceDraftRow, 'basedOn' | 'savedBy' | 'savedAt'> | null;
  readonly running: number;
}

/** Sequences are everybody's. Every version is kept, since enrolments and decisions refer to it; one of them is in force. */
export interface SequenceStore {
  /** The version in force of each. */
  published(): Promise<readonly SequenceDocument[]>;
  /** The version in force, or the one asked for. */
  get(key: string, version?: number): Promise<SequenceDocument | undefined>;
  /** All that are published or drafted, by key. */
  list(): Promise<readonly SequenceStanding[]>;
  /** Newest first; both empty where nothing was published under this key. */
  history(key: string): Promise<{
    readonly versions: readonly SequenceVersion[];
    readonly releases: readonly SequenceRelease[];
  }>;
  /** Who is under way in which version, by the step that comes next; of all locations. */
  running(key: string): Promise<readonly RunningCount[]>;
  /** Content as it is in force: that version. Other content: the next version, in force from now on. */
  publish(document: UnnumberedSequence, by?: string): Promise<SequenceDocument>;
  draft(key: string): Promise<SequenceDraftRow | undefined>;
  saveDraft(document: UnnumberedSequence, by: string, now: Iso): Promise<SequenceDraftRow>;
  /** Publishes the draft as `publish` does, and there is none afterwards; undefined: there was none. */
  publishDraft(key: string, by: string): Promise<SequenceDocument | undefined>;
  /** Puts an earlier version in force; enrolments under way keep theirs. Undefined: there is no such version. */
  rollBack(key: string, version: number, by: string): Promise<SequenceDocument | undefined>;
}
