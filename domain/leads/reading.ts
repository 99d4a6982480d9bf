import type { Bound, Question } from './lead.ts';

/** What rules read in one inbound message. */
export interface Reading {
  /** `clear`: suppressed at once. `ambiguous`: the gate closes and a human looks. `opt-in`: lifts a suppression. */
  readonly optOut: 'none' | 'clear' | 'ambiguous' | 'opt-in';
  /** The rule that decided it, by its name; absent where none did. */
  readonly optOutRule?: string;
  /** HELP or INFO and nothing else. */
  readonly asksForHelp?: true;
  readonly intent: 'buy' | 'sell' | 'viewing' | 'question' | 'greeting' | 'unknown';
  readonly answers: Readonly<Partial<Record<Question, string | number | boolean>>>;
  /** Absent where nothing bounds the answers further. */
  readonly bounds?: Readonly<Partial<Record<Bound, number | true>>>;
}
