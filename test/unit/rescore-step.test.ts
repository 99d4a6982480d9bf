import { describe, expect, it } from '@jest/globals';
import { afterDone, afterSlow, firstStep } from '../../workflows/rescore-step.ts';

/** Goes through leads as a pass does. @param readable  whether these can be read together */
function walk(leads: number, readable: (from: number, to: number) => boolean): { steps: number; unread: number[] } {
  const unread: number[] = [];
  let step = firstStep;
  let steps = 0;
  for (let at = 0; at < leads; steps += 1) {
    const to = Math.min(at + step.atMost, leads);
    const isRead = readable(at, to);
    if (!isRead && to - at > 1) {
      step = afterSlow(to - at);
      continue;
    }
    if (!isRead) unread.push(at);
    step = afterDone(step, isRead ? to - at : step.within);
    at = to;
  }
  return { steps, unread };
}

describe('the steps of a pass', () => {
  it('find the one lead that is too long, wherever it is, and leave out no other', () => {
    for (let bad = 0; bad < 1_200; bad += 7) {
      const { steps, unread } = walk(1_200, (from, to) => bad < from || bad >= to);
      expect(unread).toEqual([bad]);
      expect(steps).toBeLessThan(30);
    }
  });

  it('find several', () => {
    const bad = [3, 4, 499, 500, 999];
    const { steps, unread } = walk(1_000, (from, to) => !bad.some((one) => one >= from && one < to));
    expect(unread).toEqual(bad);
    expect(steps).toBeLessThan(100);
  });

  it('leave out nobody where only few leads can be read together, and hardly ever ask for too many', () => {
    const { steps, unread } = walk(1_000, (from, to) => to - from <= 7);
    expect(unread).toEqual([]);
    expect(steps).toBeLessThan(600);
  });

  it('are wide where all can be read', () => {
    expect(walk(20_000, () => true)).toEqual({ steps: 40, unread: [] });
  });
});
