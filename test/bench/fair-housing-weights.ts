import { readFileSync, writeFileSync } from 'node:fs';
import { texts } from '../../domain/assistant/reply/approved.ts';
import { assistantCorpus } from '../support/assistant-corpora.ts';
import { made } from './fair-housing-made.ts';
import { exampleOf, trained } from './fair-housing-training.ts';

/**
 * Remakes the weights of the gate of fair housing: `node --import tsx test/bench/fair-housing-weights.ts`. It learns from the gate's own
 * fixtures, from approved texts, from sentences made of parts, and twice from the first four sets, which others
 * wrote; never from a line of the fifth ones.
 */
const target = new URL('../../domain/assistant/reply/fair-housing-weights.ts', import.meta.url);
const [MADE, LEAST, GRAIN] = [400, 0.22, 20];

function fixture(name: string): readonly string[] {
  return readFileSync(new URL(`../fixtures/fair-housing/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function learnt(name: 'fair-housing-violations' | 'fair-housing-harmless'): readonly string[] {
  return [name, `${name}-2` as const, `${name}-3` as const, `${name}-4` as const]
    .flatMap((set) => assistantCorpus(set))
    .flatMap(({ text }) => [text, text]);
}

/** What a person approved goes out as it is: learnt thrice. */
const approved = Object.values(texts)
  .flatMap(({ en, es }) => [en, es])
  .map((text) => text.replace(/\{\{[^|}]*\|?([^}]*)\}\}/g, '$1'))
  .flatMap((text) => [text, text, text]);

const { bias, of } = trained([
  ...[...fixture('violations'), ...made('wrong', MADE), ...learnt('fair-housing-violations')].map((text) =>
    exampleOf(text, true),
  ),
  ...[...fixture('harmless'), ...approved, ...made('harmless', MADE), ...learnt('fair-housing-harmless')].map((text) =>
    exampleOf(text, false),
  ),
]);
const byWeight = new Map<number, string[]>();
for (const [feature, weight] of of) {
  if (Math.abs(weight) < LEAST) continue;
  const rounded = Math.round(weight * GRAIN) / GRAIN;
  byWeight.set(rounded, [...(byWeight.get(rounded) ?? []), feature]);
}
const lines = [...byWeight]
  .sort(([a], [b]) => a - b)
  .map(([weight, features]) => `  [${String(weight)}, '${features.sort().join('|')}'],`);
writeFileSync(
  target,
  `// Made by test/bench/fair-housing-weights.ts; not written by hand.

/** What speaks for nothing: where a unit has no feature that is known. */
export const bias = ${String(Math.round(bias * 1000) / 1000)};

/** How much each feature speaks for (above nought) or against a finding; features as \`featuresOf\` names them, \`|\` between them. */
export const weighed: readonly (readonly [weight: number, features: string])[] = [
${lines.join('\n')}
];
`,
);
process.stdout.write(`${String([...byWeight.values()].flat().length)} features, bias ${bias.toFixed(3)}\n`);
