import { describe, expect, it } from '@jest/globals';
import { watchedFeatures } from '../../../domain/scoring/features/lead-features.ts';
import { proxyWatch } from '../../../domain/scoring/features/proxy-watch.ts';
import type { Encoder } from '../../../domain/scoring/trainer/encoder.ts';
import { createRandom } from '../../../domain/scoring/trainer/random.ts';

describe('the proxy watch', () => {
  const random = createRandom(9);
  const rows = 400;
  const budget = Float32Array.from({ length: rows }, () => random.next());
  const homesViewed = Float32Array.from({ length: rows }, () => random.next());
  const encoder: Encoder = {
    columns: [
      { kind: 'number', feature: 'homesViewed@1' },
      { kind: 'number', feature: 'budget@2' },
    ],
  };
  const watch = (group: (row: number) => string) => {
    const values = { kind: 'category', values: Array.from({ length: rows }, (_, row) => group(row)) } as const;
    return proxyWatch({ name: 'group', values }, { encoder, columns: [homesViewed, budget] }, { seed: 2 });
  };

  it('raises the alarm for a watched feature that tells an audited attribute, and names it', () => {
    const { all, watched } = watch((row) => (budget[row]! > 0.6 ? 'a' : 'b'));
    expect(all.verdict).toBe('alarm');
    expect(watched.map(({ feature, test }) => [feature, test.verdict])).toEqual([['budget', 'alarm']]);
    expect(watchedFeatures).toContain('budget');
  });

  it('is clear where no feature tells it', () => {
    const { all, watched } = watch((row) => (row % 2 === 0 ? 'a' : 'b'));
    expect([all.verdict, ...watched.map(({ test }) => test.verdict)]).toEqual(['clear', 'clear']);
  });
});
