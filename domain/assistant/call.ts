import type { Iso } from '../glossary.ts';
import type { Prompt } from './layers.ts';

/** What a call is made for. `rewrite`: a draft that a gate blocked, once more. */
export type Job = 'read' | 'draft' | 'rewrite' | 'summary' | 'warm' | 'ask';

export interface CallOrder {
  readonly locationId: string;
  /** Null: for no lead, as a ping is. */
  readonly contactId: string | null;
  readonly job: Job;
  /** The same for a repeat of the same work, e.g. `read:<inboxId>`: attempts are counted under it, and an answer that is there is given again. */
  readonly callKey: string;
  readonly prompt: Prompt;
  readonly maxTokens: number;
  /** Nothing is begun after it. */
  readonly deadline: Iso;
}

export type CallResult =
  | {
      readonly kind: 'answered';
      readonly text: string;
      readonly tool: { readonly name: string; readonly input: unknown } | null;
      readonly stop: 'end' | 'cut';
      readonly model: string;
      /** Nano-dollars, all attempts together; what may be billed counted. */
      readonly cost: number;
    }
  | {
      readonly kind: 'none';
      /**
       * no-model: no key, or the location may spend nothing · budget: its or the lead's budget has no room · spend-cap: the vendor's limit ·
       * key: the vendor does not take our key · refused: the model would not answer · bad-request: the vendor will not take it, ever ·
       * no-price: no price of the model is known · provider: it did not answer within the deadline and the attempts that are allowed
       */
      readonly why: 'no-model' | 'budget' | 'spend-cap' | 'key' | 'refused' | 'bad-request' | 'no-price' | 'provider';
      readonly cost: number;
    };

/** The one path of every call to a language model. Never throws for what the vendor does. */
export type CallModel = (order: CallOrder, alive?: (characters: number) => void) => Promise<CallResult>;
