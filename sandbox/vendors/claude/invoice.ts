import type { Holder } from './admission.ts';
import type { CachePlan } from './cache.ts';
import { costOf } from './prices.ts';
import type { Store } from './store.ts';
import { ESTIMATOR } from './tokens.ts';
import type { Json, MessageRequest } from './wire.ts';

/** `broken`: it never arrived whole. `refused` before a word was said and `unbilled` cost nothing. */
export type Outcome = 'whole' | 'broken' | 'refused' | 'unbilled';

export interface Billed {
  readonly at: number;
  readonly requestId: string;
  readonly messageId: string;
  readonly holder: Holder;
  readonly request: MessageRequest;
  readonly batch: boolean;
  readonly plan: CachePlan;
  readonly output: number;
  readonly outcome: Outcome;
}

/** One line of the bill: what the request cost, and what the same tokens would have cost without any cache. */
export function bill(
  store: Store,
  { at, requestId, messageId, holder, request, batch, plan, output, outcome }: Billed,
): void {
  const { input, write, read } = plan;
  const free = outcome === 'refused' || outcome === 'unbilled';
  const modifiers = { batch, geo: request.geo };
  const whole = input + write['5m'] + write['1h'] + read;
  const cost = (tokens: Parameters<typeof costOf>[2]) => (free ? 0 : costOf(request.model.id, at, tokens, modifiers));
  const n = store.count('invoice') + 1;
  store.put('invoice', {
    ...{ id: String(n), n, at: new Date(at).toISOString(), requestId, messageId, ...holder, model: request.model.id },
    ...{ service_tier: batch ? 'batch' : 'standard', inference_geo: request.geo, outcome },
    usage: {
      input_tokens: input,
      cache_creation: { ephemeral_1h_input_tokens: write['1h'], ephemeral_5m_input_tokens: write['5m'] },
      cache_read_input_tokens: read,
      output_tokens: output,
    },
    nano: cost({ input, write, read, output }),
    uncachedNano: cost({ input: whole, write: { '5m': 0, '1h': 0 }, read: 0, output }),
  });
}

/** `GET /_sandbox/invoice`: the lines after number `after`, and the sum of all. */
export function invoiceOf(store: Store, after: number): Json {
  const rows = [...store.all('invoice')];
  const sum = (of: (row: (typeof rows)[number]) => unknown) => rows.reduce((total, row) => total + Number(of(row)), 0);
  return {
    currency: 'USD',
    unit: 'nano-dollar',
    estimator: ESTIMATOR,
    total: {
      requests: rows.length,
      nano: sum(({ nano }) => nano),
      uncachedNano: sum(({ uncachedNano }) => uncachedNano),
    },
    requests: rows.filter(({ n }) => Number(n) > after).map(({ id: _id, ...row }) => row),
    last: rows.length,
  };
}
