import type { Draft } from './draft.ts';

/** In the order in which they are asked; the first that finds something decides. */
export const replyGates = ['schema', 'facts', 'fair-housing', 'purpose', 'length'] as const;
export type ReplyGate = (typeof replyGates)[number];

export interface Reason {
  /** e.g. `number`, `link`, `steering`: for counts and metrics. */
  readonly code: string;
  /** What to do otherwise, in words of ours alone: never a word of the draft or of the lead. */
  readonly what: string;
}

export type ReplyVerdict =
  | {
      readonly ok: true;
      /** The words as they are to go out, disclosure of the assistant and all; the sending gate adds the sender to a first text. */
      readonly text: string;
      readonly question: Draft['question'];
      readonly language: Draft['language'];
      /** A person is to look: a task is made besides. */
      readonly human: boolean;
      /** Keys of the listings that the words speak of. */
      readonly listings: readonly string[];
    }
  | { readonly ok: false; readonly gate: ReplyGate; readonly reasons: readonly Reason[] };
