import { leadFeatures } from '../domain/scoring/features/lead-features.ts';
import type { Feature } from '../domain/scoring/features/registry.ts';
import { scorecardFeatures } from '../domain/scoring/features/scorecard-features.ts';

/** `docs/features.md`, made from the registry that scores are made with. */
export function featureDoc(): string {
  return [
    '# Features of a lead',
    '',
    'Made from `domain/scoring/features` by `npm run generate`; do not edit. What a score makes of them: [scoring.md](scoring.md).',
    '',
    'Known at: `capture`, when the lead comes in; `contact`, once somebody has written to somebody; `outcome`, when nothing is left to decide. A model',
    'uses only what is known when it decides. `watched`: may stand in for a protected class, so the proxy test asks what it tells. Holds for: how',
    'long a value may be used again while nothing new is heard of the lead.',
    '',
    '## Of models of leads',
    '',
    ...tableOf(leadFeatures),
    '',
    '## Of the rules',
    '',
    ...tableOf(scorecardFeatures),
    '',
  ].join('\n');
}

function tableOf(features: readonly Omit<Feature<never>, 'read'>[]): string[] {
  return [
    '| Feature | Tells | Version | Unit | From | Holds for | Known at | Fair housing | Answered for by |',
    '|---|---|---|---|---|---|---|---|---|',
    ...features.map((feature) => {
      const { name, version, levels, unit, source, freshHours, knownAt, fairHousing, owner, words } = feature;
      const kind = levels === undefined ? unit : levels.join(', ');
      const holds = freshHours === null ? 'until something is heard' : `${freshHours} h`;
      const asked = words.ask === undefined ? '' : ` (“${words.ask}”)`;
      return `| \`${name}\` | ${words.topic}${asked} | ${version} | ${kind} | ${source} | ${holds} | ${knownAt} | ${fairHousing} | ${owner} |`;
    }),
  ];
}
