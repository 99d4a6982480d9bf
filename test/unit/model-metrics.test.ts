import { expect, it } from '@jest/globals';
import { createMetrics } from '../../platform/metrics.ts';

it('calls of models are counted with what they cost, their tokens and what was not found, and no label is an id', async () => {
  const metrics = createMetrics();
  const usage = { input: 10, read: 900, write5m: 0, write1h: 90, output: 100 };
  const misses = [{ layer: 'conversation', why: 'ttl-over' } as const];
  metrics.modelCall({
    ...{ kind: 'model-call', job: 'draft', outcome: 'overloaded', again: false, billed: 0, maybe: 7_000, misses: [] },
  });
  metrics.modelCall({
    ...{ kind: 'model-call', job: 'draft', outcome: 'answered', again: true, billed: 5_000, maybe: 0, usage, misses },
  });
  const text = await metrics.text();
  for (const line of [
    'attempts_total{job="draft",outcome="overloaded",again="no"} 1',
    'attempts_total{job="draft",outcome="answered",again="yes"} 1',
    'nanodollars_total{job="draft",kind="billed"} 5000',
    'nanodollars_total{job="draft",kind="maybe"} 7000',
    'tokens_total{class="read"} 900',
    'cache_misses_total{layer="conversation",why="ttl-over"} 1',
  ]) {
    expect(text).toContain(`leadwright_model_${line}`);
  }
});
