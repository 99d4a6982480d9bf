import type { Draft } from './draft.ts';
import type { ReplyFacts } from './facts.ts';
import { plainSentences } from './spelling.ts';
import type { Reason } from './verdict.ts';

/** What an answer may not add: an answer goes out on less consent than an offer. */
const offers =
  /\b(?:by the way,? we|while (?:i have|youre here)|also,? (?:check out|we have|were offering|consider)|special (?:offer|deal|promotion)|promotions?|promo|limited time|exclusive (?:offer|deal)|deal of|sign up|signing up|subscribe|newsletter|mailing list|refer(?:ral| a friend| your friends)|leave (?:us )?a review|google review|follow us|join our|webinar|seminar|(?:interested|interest you) in (?:other|another|our|more|new) (?:homes|listings|services|programs?|investments?)|know (?:anyone|anybody|someone)|new listings? just|just listed|check out our|we also (?:offer|sell|have|provide)|oferta especial|promocion|suscrib\w+|recomiende|recomiendenos|tambien ofrecemos|siganos)\b/;
/** Nobody is talked out of leaving, or back into the list, by an assistant. */
const optIn =
  /\b(?:(?:reply|text|send|type|write|answer) (?:back )?(?:start|unstop|yes to (?:stay|keep|receive|continue))|opt (?:back )?in|resubscribe|before you (?:go|opt out|stop|leave|unsubscribe)|dont (?:opt out|stop|unsubscribe|leave)|stay (?:on|subscribed)|stop doesnt|ignore (?:stop|your opt)|responda (?:si|start|alta)|no se de de baja)\b/;

/**
 * May this person be answered, and does the draft keep to answering? The sending gate decides on consent, hours and caps again, on fresh facts;
 * here nothing is written that it could never let go.
 */
export function purposeFindings(draft: Draft, text: string, facts: ReplyFacts): readonly Reason[] {
  if (facts.optedOut || facts.state !== 'active') {
    return [{ code: 'not-to-be-written', what: 'This person is not to be written to by automation.' }];
  }
  const sentences = plainSentences(text);
  const found: Reason[] = [];
  const says = (pattern: RegExp) => sentences.some((sentence) => pattern.test(sentence));
  if (says(offers)) found.push({ code: 'new-offer', what: 'Answer what was asked; offer nothing new.' });
  if (says(optIn)) found.push({ code: 'opt-out', what: 'Say nothing of opting out or in; that is handled elsewhere.' });
  if (draft.question !== 'none' && draft.question !== facts.question) {
    found.push({ code: 'other-question', what: 'Ask only the question named by "ask", or none.' });
  }
  if ((text.match(/\?/g) ?? []).length > 1) found.push({ code: 'questions', what: 'Ask one question at most.' });
  return found;
}
