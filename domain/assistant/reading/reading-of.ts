import type { Reading } from '../../leads/reading.ts';
import type { Understood } from '../understood.ts';

/** What enters level 2: what rules read stands, what was understood besides fills what they left open. */
export function readingOf(understood: Understood, reading: Reading): Reading {
  if (reading.optOut === 'clear') return reading;
  const said = Object.entries(understood.answers).map(([question, { value }]) => [question, value]);
  const answers = { ...(Object.fromEntries(said) as Reading['answers']), ...reading.answers };
  return { ...reading, intent: reading.intent === 'unknown' ? understood.intent : reading.intent, answers };
}
