import { homeInOneLine } from '../../leads/read-home.ts';
import type { Reading } from '../../leads/reading.ts';
import type { Understood } from '../understood.ts';

/**
 * What enters level 2: what rules read stands, what was understood besides fills what they left open. Of the seven questions, an area answers
 * the one for the location, bedrooms and must-haves the one for the home; what a seller wants done, a time and a wish for a person are no answers to
 * them and stay with what was understood.
 */
export function readingOf({ intent, answers, area, bedrooms, mustHaves }: Understood, reading: Reading): Reading {
  if (reading.optOut === 'clear') return reading;
  const home = homeInOneLine({ bedrooms: bedrooms?.value, mustHaves: (mustHaves ?? []).map(({ value }) => value) });
  const understood = {
    ...(area === undefined ? {} : { location: area.value }),
    ...(home === '' ? {} : { property: home }),
    ...Object.fromEntries(Object.entries(answers).map(([question, { value }]) => [question, value])),
  };
  return {
    ...reading,
    intent: reading.intent === 'unknown' ? intent : reading.intent,
    answers: { ...understood, ...reading.answers },
  };
}
