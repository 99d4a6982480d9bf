import { Counter, type Registry } from 'prom-client';
import type { Measurement } from '../activities/deps.ts';
import type { Usage } from '../domain/assistant/prices.ts';

type ModelCallMeasured = Extract<Measurement, { kind: 'model-call' }>;

const classes = ['input', 'read', 'write5m', 'write1h', 'output'] as const satisfies readonly (keyof Usage)[];

/** What calls of language models come to. Amounts are nano-dollars, as in the ledger; what may be billed is counted beside what is. */
export function createModelMeter(registry: Registry): (call: ModelCallMeasured) => void {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter<L>({ name: `leadwright_model_${name}`, help, labelNames, registers: [registry] });
  const attempts = counter('attempts_total', 'Attempts at calls of language models', ['job', 'outcome', 'again']);
  const nanos = counter('nanodollars_total', 'What attempts cost, or may cost beyond it', ['job', 'kind']);
  const tokens = counter('tokens_total', 'Tokens of answers and their prompts as the vendor counted them', ['class']);
  const misses = counter('cache_misses_total', 'Layers of prompts that were not read from the cache', ['layer', 'why']);
  return ({ job, outcome, again, billed, maybe, usage, misses: missed }) => {
    attempts.inc({ job, outcome, again: again ? 'yes' : 'no' });
    nanos.inc({ job, kind: 'billed' }, billed);
    nanos.inc({ job, kind: 'maybe' }, maybe);
    if (usage !== undefined) for (const of of classes) tokens.inc({ class: of }, usage[of]);
    for (const { layer, why } of missed) misses.inc({ layer, why });
  };
}
