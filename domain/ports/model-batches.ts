import type { Breakpoint } from '../assistant/breakpoints.ts';
import type { Iso } from '../glossary.ts';
import type { AskOptions, ModelAnswer, ModelFailure, ModelRequest } from './model.ts';

/** Many calls at half the price, answered within a day, nearly always within an hour, and in any order. */
export interface BatchCall {
  /** Ours: letters, digits, `_` and `-`, 64 at most. It comes back with the answer. */
  readonly id: string;
  readonly request: ModelRequest;
}

/** Where a batch stands. `canceling` counts as working: some of it may still be answered. */
export interface Batch {
  readonly kind: 'batch';
  readonly batchId: string;
  readonly state: 'working' | 'ended';
  readonly calls: number;
  /** Calls that have ended, whichever way; the vendor may tell of none before the whole batch has. */
  readonly done: number;
  readonly createdAt: Iso;
}

/** What one call of a batch came to; nobody waited for it, so that nothing is told of its time. */
export interface BatchResult {
  readonly id: string;
  readonly outcome: Omit<ModelAnswer, 'firstByteMs' | 'ms'> | ModelFailure;
}

type Options = Pick<AskOptions, 'withinMs' | 'signal'>;

/** More in one batch are split by whoever makes it. The vendor takes a hundred times as many. */
export const MOST_IN_A_BATCH = 1_000;

export interface ModelBatches {
  /**
   * One attempt, never repeated inside. The vendor takes no key that would make a batch happen once: where a failure leaves open whether
   * there is one, look among those that there are before anything is sent again.
   * @throws RangeError for no calls, too many of them, and ids that the vendor would not take
   */
  create(calls: readonly BatchCall[], options: Options): Promise<Batch | ModelFailure>;
  look(batchId: string, options: Options): Promise<Batch | ModelFailure>;
  /** All of the account that were made since then, newest first. What calls they hold only their results tell. */
  since(
    from: Iso,
    options: Options,
  ): Promise<{ readonly kind: 'listed'; readonly batches: readonly Batch[] } | ModelFailure>;
  /**
   * Of a batch that has ended; whole or not at all.
   * @param marksOf  of the call of this id; undefined: it is none of ours, and is passed over
   */
  results(
    batchId: string,
    marksOf: (id: string) => readonly Breakpoint[] | undefined,
    options: Options,
  ): Promise<{ readonly kind: 'read'; readonly results: readonly BatchResult[] } | ModelFailure>;
  /** What was not begun will not be, and is free; what was goes on to its end. */
  cancel(batchId: string, options: Options): Promise<Batch | ModelFailure>;
}
