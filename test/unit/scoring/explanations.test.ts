import { describe, expect, it } from '@jest/globals';
import { createExplanations } from '../../../activities/explanations.ts';
import type { Answered } from '../../../domain/scoring/model-score.ts';
import { spokenBy, voiceOf } from '../../../domain/scoring/voice.ts';
import { stump } from '../../support/own-model.ts';

const voice = voiceOf(stump);
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
    expect(explain('beef', voiceOf({ ...stump, name: 'leads-2' }), viewed(8)).model).toBe('leads-2');
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
