import type { Question } from './lead.ts';

/** What rules read in one inbound message. */
export interface Reading {
  /** `clear`: suppressed at once. `ambiguous`: the gate closes and a human looks. `opt-in`: lifts a suppression. */
  readonly optOut: 'none' | 'clear' | 'ambiguous' | 'opt-in';
  readonly intent: 'buy' | 'sell' | 'viewing' | 'question' | 'greeting' | 'unknown';
  readonly answers: Readonly<Partial<Record<Question, string | number | boolean>>>;
}
