import { disclosed } from './disclosure.ts';
import { draftSchema } from './draft.ts';
import type { ReplyFacts } from './facts.ts';
import { renderDraft } from './placeholders.ts';
import type { ReplyVerdict } from './verdict.ts';

/**
 * May this draft go out? The gates in their order: schema, facts, fair housing, purpose, length.
 * @param input  of the tool `draft_reply`, as it came: anything at all
 */
export function judgeDraft(input: unknown, facts: ReplyFacts): ReplyVerdict {
  const read = draftSchema.safeParse(input);
  if (!read.success)
    return { ok: false, gate: 'schema', reasons: [{ code: 'schema', what: 'Call draft_reply with its four fields.' }] };
  const rendered = renderDraft(read.data.text, facts);
  if (!rendered.ok)
    return {
      ok: false,
      gate: 'facts',
      reasons: [{ code: 'placeholder', what: 'Use only the placeholders that are offered.' }],
    };
  const { question, language, human } = read.data;
  return {
    ok: true,
    text: disclosed(rendered.text, language, facts),
    question,
    language,
    human,
    listings: rendered.listings,
  };
}

/** What an agent is told of a talk: words that may stand in the CRM, or null. */
export function judgeSummary(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
