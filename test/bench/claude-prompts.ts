import { promptOf, stableLayer, type Prompt, type StableLayer } from '../../domain/assistant/layers.ts';

/** What was said so far, in order; the last is the lead's. */
export type Said = readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];

/** The prompts of a location, as the bench asks for them. */
export interface Prompts {
  read(said: Said): Prompt;
  draft(said: Said): Prompt;
  /** What a ping of this model sends. */
  warm(model: string): Prompt;
}

export const SIZED = 'claude-sonnet-5-5';
export const CHEAP = 'claude-haiku-5-5';

const CHARS_PER_TOKEN = 2.5;

/** Sizes of layers in tokens. */
export interface Sizes {
  readonly global: number;
  readonly location: number;
  readonly volatile: number;
}

/** Prompts of layers of given sizes, whose words mean nothing: they show what a size costs. */
export function sizedPrompts(sizes: Sizes, models: { readonly read: string; readonly draft: string }): Prompts {
  const global = stableLayer('global', [
    tool('record_facts', Math.round(sizes.global * 0.2)),
    tool('draft_reply', Math.round(sizes.global * 0.1)),
    { text: words('Rules', Math.round(sizes.global * 0.7)) },
  ]);
  const location = stableLayer('location', [{ text: words('Facts', sizes.location) }]);
  const prompt = (model: string, said: Said, volatile: string): Prompt =>
    made(model, { global, location }, said, [{ text: words(volatile, sizes.volatile) }]);
  return {
    read: (said) => prompt(models.read, said, 'Job: read.'),
    draft: (said) => prompt(models.draft, said, 'Job: draft.'),
    warm: (model) => prompt(model, [{ role: 'user', text: 'Nothing.' }], 'Job: none.'),
  };
}

export function made(
  model: string,
  layers: { readonly global: StableLayer; readonly location: StableLayer },
  said: Said,
  volatile: readonly unknown[],
): Prompt {
  return promptOf({ model, settings: { effort: 'low' }, ...layers, conversation: said, volatile });
}

function tool(name: string, tokens: number): unknown {
  return { tool: { name, description: words(name, tokens), input_schema: { type: 'object' }, strict: true } };
}

function words(first: string, tokens: number): string {
  const sentence = ' The house on the corner has a garden, and whoever asks for it is told what is known of it.';
  return first.padEnd(Math.floor(tokens * CHARS_PER_TOKEN), sentence);
}
