import type { Breakpoint } from '../assistant/breakpoints.ts';
import type { Prompt } from '../assistant/layers.ts';
import type { Failure } from '../assistant/ledger.ts';
import type { Usage } from '../assistant/prices.ts';

/**
 * One call of a language model. Blocks of the prompt are canonical JSON of these shapes:
 *   global        `{"tool":{"name","description","input_schema","strict"}}`, tools before all else; `{"text":"…"}` of the system prompt
 *   location      `{"text":"…"}` of the system prompt
 *   conversation  `{"role":"user"|"assistant","text":"…"}`, one for each message; the first is the user's
 *   volatile      `{"text":"…"}`, behind the conversation in the last turn of the user
 * and its settings `{"effort"?,"thinking"?}`. Sampling, prefills and forced tools are refused by current models and do not exist here.
 */
export interface ModelRequest {
  readonly prompt: Prompt;
  readonly marks: readonly Breakpoint[];
  /** 0: nothing is answered, the marked prefix is read or written; see keep-warm. */
  readonly maxTokens: number;
  /** Tells the vendor apart whom we serve; opaque, never a name or an id of the CRM. */
  readonly userId?: string;
}

export interface ModelAnswer {
  readonly kind: 'answered';
  readonly text: string;
  /** The first tool that was called, its input as it came: not checked against any schema. */
  readonly tool: { readonly name: string; readonly input: unknown } | null;
  /** `cut`: the answer took all the room it had. `refused`: the model would not. */
  readonly stop: 'end' | 'cut' | 'refused';
  readonly usage: Usage;
  /** The vendor's id of the request, for its support and our ledger. */
  readonly requestId: string | null;
  readonly messageId: string | null;
  readonly firstByteMs: number;
  readonly ms: number;
}

export interface ModelFailure {
  readonly kind: 'failed';
  readonly how: Failure;
  /** What the beginning of a broken answer told of its prompt; absent: nothing. Output is not known. */
  readonly begun?: Usage;
  /**
   * again: another try may do · later: it may after `retryAfterMs` · never: the same request will be refused again ·
   * key: this key does not work, whatever is asked · spend: the vendor's limit of spending is reached, until somebody raises it
   */
  readonly then: 'again' | 'later' | 'never' | 'key' | 'spend';
  readonly retryAfterMs?: number;
  /** The vendor's own word for it, e.g. `overloaded_error`; never a text. */
  readonly code: string;
  readonly requestId: string | null;
}

export interface AskOptions {
  /** From now on; a call that takes longer is given up, and counts as `timeout`. */
  readonly withinMs: number;
  readonly signal?: AbortSignal;
  /** Called as the answer arrives, with the characters so far: proof of life for whoever watches. */
  readonly alive?: (characters: number) => void;
}

export interface ModelPort {
  /** One attempt, never repeated inside. Never throws for what the vendor or the line does. */
  ask(request: ModelRequest, options: AskOptions): Promise<ModelAnswer | ModelFailure>;
  /** Tokens of a prompt as the vendor counts them, free of charge; null where it could not be asked. */
  count(prompt: Prompt, options: AskOptions): Promise<number | null>;
}
