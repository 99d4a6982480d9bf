import type { CallResult } from '../call.ts';
import type { ReplyGate } from './verdict.ts';

/** `draft` and `rewrite` ask the model; `template` takes approved words; `human` makes a task and says nothing; `nothing`: no reply at all. */
export type Rung = 'draft' | 'rewrite' | 'template' | 'human' | 'nothing';

/** What came of a rung. */
export type Outcome =
  | { readonly kind: 'blocked'; readonly gate: ReplyGate }
  | { readonly kind: 'none'; readonly why: Extract<CallResult, { kind: 'none' }>['why'] }
  /** The answer is not to wait for another call. */
  | { readonly kind: 'deadline' }
  /** No approved words fit. */
  | { readonly kind: 'no-template' };

export interface Step {
  readonly rung: Rung;
  /** A person of the team is told, whatever the words. */
  readonly task: boolean;
  /** An operator is told: the same will happen to the next lead. */
  readonly operator: boolean;
}

/**
 * Where it goes on from a rung that gave no reply. It only goes down: a blocked draft is written once more, then approved words are taken,
 * then a person; no outcome leads back to the model.
 */
export function nextRung(from: Rung, outcome: Outcome): Step {
  switch (outcome.kind) {
    case 'blocked':
      // The person may not be written to: neither other words nor a template would change that.
      if (outcome.gate === 'purpose' && from === 'template') return step('human', { task: true });
      return from === 'draft' ? step('rewrite') : from === 'rewrite' ? step('template') : step('human', { task: true });
    case 'none':
      return from === 'template' || from === 'human' ? step('human', { task: true }) : afterCall(outcome.why);
    case 'deadline':
      return from === 'draft' || from === 'rewrite' ? step('template', { task: true }) : step('human', { task: true });
    case 'no-template':
      return step('human', { task: true });
  }
}

function afterCall(why: Extract<Outcome, { kind: 'none' }>['why']): Step {
  switch (why) {
    // Without a key or a budget the assistant does not exist: sequences and people do as they always did.
    case 'no-model':
      return step('nothing');
    case 'budget':
      return step('template');
    case 'refused':
    case 'provider':
      return step('template', { task: true });
    case 'spend-cap':
    case 'key':
    case 'bad-request':
    case 'no-price':
      return step('template', { task: true, operator: true });
  }
}

function step(rung: Rung, told: Partial<Omit<Step, 'rung'>> = {}): Step {
  return { rung, task: false, operator: false, ...told };
}
