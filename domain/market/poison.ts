import type { Iso } from '../glossary.ts';

/** Why a whole record is not taken in: nobody can tell what it says. */
const unread = [
  'no-timestamp',
  'bad-timestamp',
  'future-timestamp',
  'unknown-status',
  'frozen-field',
  'no-listing',
] as const;
/** Or it may not be stored: no column holds it, or the key is another market's. */
const unstored = ['refused', 'key-of-another-market'] as const;

/** Why a whole record is not taken in, as reading it finds out. */
export type DeadReason = 'no-key' | 'bad-key' | (typeof unread)[number];

/** Reasons of records that are not taken in and have a key: what is stored of them is out of date, and they can be read again by it. */
export const toReadAgain: readonly string[] = [...unread, ...unstored];

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
