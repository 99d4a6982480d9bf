import type { Understood } from '../understood.ts';
import type { ReadingContext } from './context.ts';

/** A fact that a model gave and that we do not take. */
export interface Dropped {
  readonly field: string;
  /** no-quote: the message does not hold these words · not-said: the words do not say it · protected: they tell what we must not know · not-offered: no such slot */
  readonly why: 'no-quote' | 'not-said' | 'protected' | 'not-offered';
}

export type FromModel =
  | { readonly kind: 'understood'; readonly understood: Understood; readonly dropped: readonly Dropped[] }
  | { readonly kind: 'unusable'; readonly why: 'nothing' | 'too-long' | 'no-json' | 'schema' };

/**
 * What of a model's reading we take: each fact whose quote stands in what the lead newly wrote, and that follows from it.
 * @param input  of the tool `record_facts`, as it came: anything at all
 */
export function understoodFrom(input: unknown, message: string, context: ReadingContext = {}): FromModel {
  if (message === '' && context.asked !== undefined) return { kind: 'unusable', why: 'nothing' };
  return { kind: 'unusable', why: input === undefined ? 'nothing' : 'schema' };
}
