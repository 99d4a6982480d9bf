import { describe, expect, it } from '@jest/globals';
import { createExplanations } from '../../../activities/explanations.ts';
import type { Answered, LeadModel } from '../../../domain/scoring/model-score.ts';
import type { Tree } from '../../../domain/scoring/trainer/tree-model.ts';
import { spokenBy, voiceOf } from '../../../domain/scoring/voice.ts';

const tree: Tree = {
  feature: Int32Array.of(0, -1, -1),
  threshold: Float32Array.of(5, 0, 0),
  missingLeft: Uint8Array.of(1, 0, 0),
  left: Int32Array.of(1, 0, 0),
  right: Int32Array.of(2, 0, 0),
  value: Float32Array.of(0, -1, 1),
  cover: Float64Array.of(100, 50, 50),
};
const model: LeadModel = {
  name: 'leads-1',
  trees: { objective: 'logistic', base: -1, features: 1, trees: [tree] },
  encoder: { columns: [{ kind: 'number', feature: 'homesViewed@1' }] },
  calibrator: { kind: 'platt', slope: 1, intercept: 0 },
  baseRate: 0.25,
};
const voice = voiceOf(model);
const viewed = (homes: number | null): Answered => ({
  lead: { 'homesViewed@1': homes },
  margin: homes !== null && homes > 5 ? 0 : -2,
});

function counted(most?: number) {
  const worked: Answered[] = [];
  const explain = createExplanations((by, answered) => {
    worked.push(answered);
    return spokenBy(by, answered);
  }, most);
  return { explain, worked };
}

describe('explanations', () => {
  it('are worked out once for the same model and facts, and are the same each time', () => {
    const { explain, worked } = counted();
    const first = explain('f00d', voice, viewed(8));
    expect(first).toEqual(spokenBy(voice, viewed(8)));
    expect(explain('f00d', voice, viewed(8))).toEqual(first);
    expect(worked).toHaveLength(1);
    expect(explain('f00d', voice, viewed(null))).toEqual(spokenBy(voice, viewed(null)));
    expect(explain('f00d', voice, viewed(null)).unsure).toEqual({ ask: null });
    expect(worked).toHaveLength(2);
  });

  it('are of one file of a model, and of who bears its name', () => {
    const { explain, worked } = counted();
    explain('f00d', voice, viewed(8));
    explain('beef', voice, viewed(8));
    expect(worked).toHaveLength(2);
    expect(explain('beef', voiceOf({ ...model, name: 'leads-2' }), viewed(8)).model).toBe('leads-2');
    expect(worked).toHaveLength(2);
  });

  it('are kept so many; the one that was not asked for the longest time goes first', () => {
    const { explain, worked } = counted(2);
    for (const homes of [1, 2, 1, 3, 1]) explain('f00d', voice, viewed(homes));
    expect(worked).toHaveLength(3);
    explain('f00d', voice, viewed(2));
    expect(worked).toHaveLength(4);
  });
});
