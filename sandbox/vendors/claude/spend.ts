import { Refusal, invalid } from './refusal.ts';
import type { Store } from './store.ts';
import type { Json } from './wire.ts';

const KINDS = ['enforced', 'contract', 'own'] as const;

/**
 * The spending of the calendar month against a limit. Anthropic's own limits answer 429 without `retry-after`, the one that a
 * customer set answers 400; waiting helps with none of them.
 * @throws Refusal once the limit is reached
 */
export function checkSpend(store: Store, atMs: number): void {
  const limit = store.get('settings', 'spend');
  if (limit === undefined) return;
  const month = new Date(atMs).toISOString().slice(0, 7);
  let spent = 0;
  for (const { at, nano } of store.all('invoice')) if (String(at).startsWith(month)) spent += Number(nano);
  if (spent < Number(limit['nano'])) return;
  if (limit['kind'] === 'own')
    throw invalid(
      'You have reached your specified API usage limits. You will regain access at the start of next month.',
    );
  const details = { error_code: `${String(limit['kind'])}_spend_limit_reached` };
  throw new Refusal(429, 'rate_limit_error', 'Your organization has reached its spend limit.', { details });
}

/** Sets the limit, or with null lifts it; the message says what is wrong. */
export function setSpend(store: Store, { kind = 'enforced', nano }: Json): string | undefined {
  if (nano === null) store.remove('settings', 'spend');
  else if (!KINDS.includes(kind as (typeof KINDS)[number])) return `kind must be one of ${KINDS.join(', ')}`;
  else if (typeof nano !== 'number' || nano < 0) return 'nano must be nano-dollars, or null for no limit';
  else store.put('settings', { id: 'spend', kind, nano });
  return undefined;
}
