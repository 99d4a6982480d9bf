import type { Question } from '../leads/lead.ts';
import type { DraftRung, DraftTry } from '../ports/drafts.ts';
import { estimatedTokens, type Prompt } from './layers.ts';
import type { Understood } from './understood.ts';

/** What would be read and drafted if a lead wrote something; nothing of it is kept or sent. */
export interface AskedAssistant {
  readonly read: {
    /** By a model, or by rules where it gave nothing that could be taken. */
    readonly by: 'model' | 'rules';
    /** Why no model's reading was taken. */
    readonly why: string | null;
    readonly understood: Understood;
    readonly dropped: readonly { readonly field: string; readonly why: string }[];
  };
  /** Null: no reply would be owed. */
  readonly reply: {
    readonly rung: DraftRung;
    readonly text: string | null;
    readonly question: Question | null;
    readonly tries: readonly DraftTry[];
    readonly why: string | null;
    readonly person: boolean;
  } | null;
  /** Of the prompt that drafts. */
  readonly layers: readonly LayerSize[];
  /** Nano-dollars. */
  readonly cost: number;
}

interface LayerSize {
  readonly layer: 'global' | 'location' | 'conversation' | 'volatile';
  readonly blocks: number;
  /** Estimated by their length. */
  readonly tokens: number;
}

export function layerSizes({ global, location, conversation, volatile }: Prompt): readonly LayerSize[] {
  const layers = { global: global.blocks, location: location.blocks, conversation, volatile };
  return (['global', 'location', 'conversation', 'volatile'] as const).map((layer) => ({
    layer,
    blocks: layers[layer].length,
    tokens: estimatedTokens(layers[layer]),
  }));
}
