import { readOptOut } from '../../consent/opt-out.ts';
import { factsIn } from '../../leads/read-facts.ts';
import { readableWords } from '../../leads/read-message.ts';
import type { Understood } from '../understood.ts';
import type { ReadingContext } from './context.ts';

/** What a message says by rules alone, each fact with the words that say so. Reads nothing in a message that opts out. */
export function understoodByRules(message: string, context: ReadingContext = {}): Understood {
  if (readOptOut(message) === 'clear') return { intent: 'unknown', answers: {} };
  return factsIn(readableWords(message), context);
}
