import type { Understood } from '../understood.ts';
import { approved, type ApprovedKey, type ApprovedReply } from './approved.ts';
import type { Language, ReplyFacts } from './facts.ts';

/**
 * Approved words for where no draft of the model may go out; null: none may be said, a person answers.
 * @param understood  of the message that is answered, by rules alone where no model read it
 */
export function templateReply(understood: Understood, language: Language, facts: ReplyFacts): ApprovedReply | null {
  for (const key of fitting(understood, facts)) {
    const reply = approved(key, language, facts);
    if (reply !== null) return reply;
  }
  return null;
}

/** What fits best first; the holding words fit always. */
function fitting({ intent, slot, wantsHuman }: Understood, { question, slots }: ReplyFacts): readonly ApprovedKey[] {
  if (wantsHuman !== undefined) return ['human', 'holding'];
  if (slot !== undefined) return [slot.value === 'none' ? 'visit' : 'slot-chosen', 'holding'];
  if (intent === 'viewing') return slots.length >= 2 ? ['visit-slots', 'visit', 'holding'] : ['visit', 'holding'];
  // What they ask only a person can answer now: to ask back would pass it over.
  if (intent === 'question' || question === null) return ['holding'];
  return [`ask-${question}`, 'holding'];
}
