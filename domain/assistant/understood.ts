import type { Question } from '../leads/lead.ts';

/** A fact that a message states, with the words of it that say so, letter by letter. */
export interface Said<T> {
  readonly value: T;
  readonly quote: string;
}

/** What a lead may be after. */
export const intents = ['buy', 'sell', 'viewing', 'question', 'greeting', 'unknown'] as const;
export type Intent = (typeof intents)[number];

/** What a seller would have done with the home. */
export const pathways = ['list', 'cash-offer', 'rent-out', 'unsure'] as const;
export type Pathway = (typeof pathways)[number];

/** What one message says, by a model and checked by us, or by rules alone. What is not said is absent. */
export interface Understood {
  readonly intent: Intent;
  /** The words that show the intent; absent for `unknown`. */
  readonly intentQuote?: string;
  readonly answers: Readonly<Partial<Record<Question, Said<string | number | boolean>>>>;
  readonly area?: Said<string>;
  readonly bedrooms?: Said<number>;
  readonly mustHaves?: readonly Said<string>[];
  readonly pathway?: Said<Pathway>;
  /** One of the slots that were offered, by its key; `none`: none of them fits. */
  readonly slot?: Said<string>;
  /** A person is asked for. */
  readonly wantsHuman?: Said<true>;
}
