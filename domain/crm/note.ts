import type { Answer, Qualification } from '../leads/lead.ts';
import { questions } from '../leads/lead.ts';

const words: Readonly<Record<string, string>> = {
  side: 'Wants to',
  budget: 'Budget',
  location: 'Where',
  timeline: 'When',
  property: 'Property',
  financing: 'Financing',
  motivation: 'Why',
  condition: 'Condition of the home',
};

/**
 * What the lead has told us, for the colleague who takes over: the values of the seven answers as facts, each with its day, and nothing
 * that nobody said.
 */
export function answersNote(qualification: Qualification): string {
  const lines = (['side', ...questions] as const).flatMap((key) => {
    const answer = qualification[key];
    return answer === undefined ? [] : [`- ${words[key]}: ${valueOf(key, answer)} (said on ${answer.at.slice(0, 10)})`];
  });
  return `What the lead told us:\n${lines.join('\n')}`;
}

function valueOf(key: string, { value }: Answer): string {
  if (key === 'budget' && typeof value === 'number') return `$${value.toLocaleString('en-US')}`;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value).replaceAll(/\s+/g, ' ').trim();
}
