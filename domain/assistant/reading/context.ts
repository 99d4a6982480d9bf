import type { Question } from '../../leads/lead.ts';

/** A time that was offered to the lead: our key for it, and the words in which it was offered. */
export interface OfferedSlot {
  readonly key: string;
  readonly text: string;
}

/** What stands before a message and gives a bare answer its meaning. */
export interface ReadingContext {
  /** What the team asked last. */
  readonly asked?: Question | undefined;
  /** The times that were offered last, in the order in which they were offered. */
  readonly offered?: readonly OfferedSlot[] | undefined;
}
