import { featuresOf, unitsOf } from '../../domain/assistant/reply/fair-housing-model.ts';
import { placesOf } from '../../domain/assistant/reply/fair-housing-signs.ts';

/** A text with what each of its units is weighed by, and whether it must not be sent. */
export interface Example {
  readonly wrong: boolean;
  readonly sentences: number;
  readonly units: readonly (readonly string[])[];
}

export interface Weights {
  readonly bias: number;
  readonly of: ReadonlyMap<string, number>;
}

interface Row {
  readonly ids: readonly number[];
  readonly wrong: boolean;
}

const [ROUNDS, EPOCHS, STEP, DECAY, LEAST] = [3, 30, 0.15, 0.03, 3];

/**
 * What is learnt from by itself: everything, words alone, and what words speak of alone. Words that explain all of the examples would leave
 * nothing for what they speak of to learn, and a word that was never seen would then weigh nothing.
 */
const views: readonly ((feature: string) => boolean)[] = [
  () => true,
  (feature) => feature.startsWith('=') && !feature.includes('>'),
  (feature) => !feature.startsWith('='),
];

export function exampleOf(text: string, wrong: boolean): Example {
  const sentences = placesOf(text);
  return { wrong, sentences: sentences.length, units: unitsOf(sentences).flat().map(featuresOf) };
}

function scoreOf({ bias, of }: Weights, unit: readonly string[]): number {
  return unit.reduce((sum, feature) => sum + (of.get(feature) ?? 0), bias);
}

/** The mean of what each view learns. The same examples always give the same weights. */
export function trained(examples: readonly Example[]): Weights {
  const learnt = views.map((view) =>
    trainedOn(examples.map((example) => ({ ...example, units: example.units.map((unit) => unit.filter(view)) }))),
  );
  const of = new Map<string, number>();
  for (const weights of learnt)
    for (const [feature, weight] of weights.of) of.set(feature, (of.get(feature) ?? 0) + weight / learnt.length);
  return { bias: learnt.reduce((sum, { bias }) => sum + bias, 0) / learnt.length, of };
}

/**
 * Weights by logistic regression. All of a harmless text is harmless; of a wrong text only one unit has to be, which is taken to be the one
 * that the round before found worst.
 */
function trainedOn(examples: readonly Example[]): Weights {
  const counts = new Map<string, number>();
  for (const feature of examples.flatMap(({ units }) => units).flat())
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const ids = new Map([...counts].filter(([, n]) => n >= LEAST).map(([feature], at) => [feature, at]));
  const row = (unit: readonly string[], wrong: boolean): Row => ({
    ids: unit.flatMap((feature) => ids.get(feature) ?? []),
    wrong,
  });
  let weights: Weights = { bias: 0, of: new Map() };
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = weights;
    const rows = examples.flatMap((example): readonly Row[] => {
      if (!example.wrong) return example.units.map((unit) => row(unit, false));
      if (round === 0) return example.sentences === 1 ? [row(example.units[0]!, true)] : [];
      const scores = example.units.map((unit) => scoreOf(before, unit));
      const most = scores.indexOf(Math.max(...scores));
      return most < 0 ? [] : [row(example.units[most]!, true)];
    });
    weights = descended(rows, [...ids.keys()]);
  }
  return weights;
}

function descended(rows: readonly Row[], names: readonly string[]): Weights {
  const weights = new Float64Array(names.length);
  const seen = new Float64Array(names.length);
  let [bias, seenBias] = [0, 0];
  const order = rows.map((_row, at) => at);
  let seed = 7;
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (let at = order.length - 1; at > 0; at -= 1) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      const other = seed % (at + 1);
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    for (const at of order) {
      const { ids, wrong } = rows[at]!;
      const sum = ids.reduce((all, id) => all + weights[id]!, bias);
      const off = 1 / (1 + Math.exp(-sum)) - (wrong ? 1 : 0);
      for (const id of ids) {
        const slope = off + DECAY * weights[id]!;
        seen[id]! += slope * slope;
        weights[id]! -= (STEP / Math.sqrt(seen[id]! + 1)) * slope;
      }
      seenBias += off * off;
      bias -= (STEP / Math.sqrt(seenBias + 1)) * off;
    }
  }
  return { bias, of: new Map(names.map((name, at) => [name, weights[at]!])) };
}
