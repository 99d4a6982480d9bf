import type { Understood } from '../understood.ts';
import type { Language, ReplyFacts } from './facts.ts';
import type { ApprovedReply } from './fixed.ts';

/**
 * Approved words for where no draft of the model may go out; null: none fits, a person answers.
 * @param understood  of the message that is answered, by rules alone where no model read it
 */
export function templateReply(understood: Understood, language: Language, facts: ReplyFacts): ApprovedReply | null {
  void [understood, language, facts];
  return null;
}
