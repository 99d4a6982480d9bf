import type { Iso } from '../glossary.ts';

/** Why a whole record is not taken in. */
export type DeadReason =
  | 'no-key'
  | 'bad-key'
  | 'no-timestamp'
  | 'bad-timestamp'
  | 'future-timestamp'
  | 'unknown-status'
  | 'frozen-field'
  | 'no-listing';

/** Why one field of a record is taken as unknown, while the rest goes on. */
export type ProblemReason =
  'wrong-type' | 'out-of-bounds' | 'too-long' | 'control-characters' | 'unknown-code' | 'missing';

/** A field that could not be read. Neither names nor details carry a value of the record. */
export interface FieldProblem {
  /** As the feed calls it: `ListPrice`. */
  readonly field: string;
  readonly reason: ProblemReason;
  /** What was expected and of what kind that was which came. */
  readonly detail: string;
}

/** A record that cannot be taken in. */
export interface DeadRecord {
  readonly kind: 'dead';
  /** Null where it has none that can be stored; its content's hash names it then. */
  readonly key: string | null;
  readonly reason: DeadReason;
  readonly field: string | null;
  readonly detail: string;
}

/** The feed says that a record is to be shown no more. Older than what is stored it says nothing. */
export interface RemovedRecord {
  readonly kind: 'removed';
  readonly key: string;
  readonly at: Iso;
}
