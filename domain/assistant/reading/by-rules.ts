import { readMessage } from '../../leads/read-message.ts';
import type { Understood } from '../understood.ts';
import type { ReadingContext } from './context.ts';

/** What a message says by rules alone, each fact with the words that say so. Reads nothing in a message that opts out. */
export function understoodByRules(message: string, context: ReadingContext = {}): Understood {
  const { asked } = context;
  const { intent } = readMessage(message, { optedOut: false, ...(asked === undefined ? {} : { lastQuestion: asked }) });
  return { intent, answers: {} };
}
