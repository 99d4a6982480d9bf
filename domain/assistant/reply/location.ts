import { stableLayer, type StableLayer } from '../layers.ts';
import type { LocationFacts } from './facts.ts';
import { hoursInWords } from './hours.ts';

const voices: Readonly<Record<LocationFacts['tone'], string>> = {
  plain: 'Plain and to the point: short sentences, few adjectives, no small talk.',
  warm: 'Warm: a kind word where it fits, the lead feels welcome; still short.',
};

/** What every call of a location shares; changes with its settings and with nothing else. */
export function locationLayer(facts: LocationFacts): StableLayer {
  const { name, teamHours, tone, phone, address, areas } = facts;
  const known = [
    ...(phone === null ? [] : ['{{location.phone}}']),
    ...(address === null ? [] : ['{{location.address}}']),
    ...(hoursInWords(teamHours, 'en') === undefined ? [] : ['{{location.hours}}']),
  ];
  const lines = [
    `# The team`,
    `You write for ${name}.`,
    `Voice: ${voices[tone]}`,
    `Known of the office: {{location.name}} ${known.join(' ')}`.trimEnd(),
    areas.length === 0
      ? 'No areas are named; name none.'
      : `Areas it works in, which you may name: ${areas.join('; ')}.`,
    facts.facts.length === 0 ? 'The team has given no facts of its own.' : 'Facts that may be said as they stand:',
    ...facts.facts.map((fact) => `- ${fact}`),
  ];
  return stableLayer('location', [{ text: lines.join('\n') }]);
}
