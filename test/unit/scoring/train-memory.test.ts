import { describe, expect, it } from '@jest/globals';
import { readDatasetSchema } from '../../../domain/scoring/data/dataset-schema.ts';
import type { Table } from '../../../domain/scoring/data/table.ts';
import type { TrainState } from '../../../domain/scoring/trainer/boost.ts';
import { createRandom } from '../../../domain/scoring/trainer/random.ts';
import { type TrainMemory, trainModel } from '../../../domain/scoring/trainer/train-model.ts';

const schema = readDatasetSchema({
  task: 'classify',
  label: 'won',
  positive: '1',
  decisionStage: 'capture',
  features: [
    { name: 'visits', type: 'number', knownAt: 'capture' },
    { name: 'source', type: 'category', knownAt: 'capture' },
  ],
});

function leads(seed: number): Table {
  const random = createRandom(seed);
  const visits = Float64Array.from({ length: 400 }, () => random.below(20));
  const won = visits.map((count) => (random.next() < 0.1 + count / 30 ? 1 : 0));
  return {
    rows: 400,
    columns: {
      visits: { kind: 'number', values: visits },
      source: { kind: 'category', values: Array.from(visits, () => ['web', 'phone', null][random.below(3)]!) },
      won: { kind: 'number', values: won },
    },
  };
}

const table = leads(5);
const options = { seed: 2, learner: { trees: 12, learningRate: 0.3, leaves: 4 } };
const whole = trainModel(table, schema, options);

/** Keeps states as text, as a file would, and ends the training, as a kill would, once so many trees came. */
function keeping(most: number, kept = new Map<number, string>()) {
  let grown = 0;
  const memory: TrainMemory = {
    last: (step) => (kept.has(step) ? (JSON.parse(kept.get(step)!) as TrainState) : undefined),
    keep: (step, state) => {
      if (grown === most) throw new Error('killed');
      grown += 1;
      kept.set(step, JSON.stringify(state));
    },
  };
  return { memory, kept, grown: () => grown };
}

describe('a training that was broken off', () => {
  it('goes on after its last tree, and what comes out is the same in every number', () => {
    const all = keeping(Infinity);
    expect(trainModel(table, schema, { ...options, memory: all.memory })).toEqual(whole);
    const needed = all.grown();
    expect(needed).toBeGreaterThan(5 * 12);
    // In the middle of a fold, after the last tree of one, at the first one of another step, and before the very last tree.
    for (const at of [5, 12, 13, 61, needed - 1]) {
      const { memory, kept } = keeping(at);
      expect(() => trainModel(table, schema, { ...options, memory })).toThrow('killed');
      const again = keeping(Infinity, kept);
      expect(trainModel(table, schema, { ...options, memory: again.memory })).toEqual(whole);
      expect(again.grown()).toBe(needed - at);
    }
  });

  it('tells of each step as it begins, and of each tree', () => {
    const told: string[] = [];
    trainModel(table, schema, { ...options, progress: ({ step, of, trees }) => told.push(`${step}/${of}: ${trees}`) });
    expect(told.slice(0, 14)).toEqual([...Array.from({ length: 13 }, (_, trees) => `1/11: ${trees}`), '2/11: 0']);
    expect(told.at(-1)).toMatch(/^11\/11: [1-9]/);
  });

  it('does not go on with trees of other rows or of another seed', () => {
    const { memory, kept } = keeping(20);
    expect(() => trainModel(table, schema, { ...options, memory })).toThrow('killed');
    const go = (rows: Table, seed: number) => () =>
      trainModel(rows, schema, { ...options, seed, memory: keeping(Infinity, new Map(kept)).memory });
    expect(go(leads(6), 2)).toThrow(expect.objectContaining({ code: 'DATASET_UNUSABLE' }));
    expect(go(table, 3)).toThrow(expect.objectContaining({ code: 'DATASET_UNUSABLE' }));
  });
});
