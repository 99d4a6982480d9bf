import { cardSchema, type Card } from '../../domain/scoring/card/card.ts';
import { classifyEvaluation, valueEvaluation } from '../../domain/scoring/card/evaluation.ts';
import { createRandom } from './random.ts';

const hash = 'ab'.repeat(32);

/** A model card over drawn rows; `change` replaces parts of it. */
export function classifyCard(change: Partial<Card> = {}): Card {
  const random = createRandom(17);
  const rows = 600;
  const chances = Float64Array.from({ length: rows }, () => random.below(1_000) / 1_000);
  const labels = Float64Array.from(chances, (chance) => (random.chance(chance) ? 1 : 0));
  const source = Array.from({ length: rows }, () => random.pick(['Google', 'Referral', null]));
  const window = { from: '2026-01-01', to: '2026-06-30' };
  const evaluation = classifyEvaluation(labels, chances, {
    method: '5 folds',
    window,
    seed: 1,
    folds: Uint8Array.from(chances, (_, i) => i % 5),
    sliceBy: { source: { kind: 'category', values: source } },
  });
  return cardSchema.parse({
    format: 1,
    name: 'leads-capture',
    task: 'classify',
    label: { column: 'converted', positive: 'Yes' },
    decisionStage: 'capture',
    learner: 'trees',
    trainedAt: '2026-07-01T08:00:00.000Z',
    seed: 1,
    window,
    rows: { read: 612, dropped: [{ reason: 'doubled row', n: 12 }], used: rows, positives: 300, groups: 580 },
    features: [{ name: 'source', type: 'category', knownAt: 'capture' }],
    refused: [
      {
        name: 'tags',
        why: 'known at outcome, the model decides at capture',
        won: { figure: 'AUC', without: 0.88, with: 0.984 },
      },
    ],
    evaluations: [evaluation],
    fairness: { proxies: [], selection: [] },
    limits: ['Leads of other sources were not seen.'],
    hashes: { data: hash, schema: hash, code: '0.1.0', model: hash },
    ...change,
  });
}

export function valueCard(): Card {
  const random = createRandom(18);
  const actual = Float64Array.from({ length: 200 }, () => 200_000 + random.below(600_000));
  const predicted = actual.map((value) => value * (0.9 + random.below(200) / 1_000));
  const low = predicted.map((value) => value * 0.85);
  const high = predicted.map((value) => value * 1.15);
  return classifyCard({
    task: 'value',
    label: { column: 'price', positive: null },
    window: null,
    evaluations: [
      valueEvaluation({ actual, predicted, low, high }, { method: 'forward from 2026-03-01', window: null, seed: 1 }),
    ],
  });
}
