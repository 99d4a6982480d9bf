import { smsSegments } from '../../follow-up/segments.ts';
import { asSent } from './disclosure.ts';
import type { ReplyFacts } from './facts.ts';
import type { Reason } from './verdict.ts';

const MOST_SEGMENTS = 2;
const MOST_IN_MAIL = 900;

/** A text message has one or two segments with everything that is put to it before it leaves; an e-mail is no letter. */
export function lengthFindings(text: string, facts: ReplyFacts): readonly Reason[] {
  const sent = asSent(text, facts);
  const fits = facts.channel === 'sms' ? smsSegments(sent).segments <= MOST_SEGMENTS : sent.length <= MOST_IN_MAIL;
  return fits
    ? []
    : [{ code: 'long', what: 'Shorter: one or two short sentences, plain letters without accents where possible.' }];
}

/** Words that would fit, had they not to bear whose homes they speak of. */
export const longForCredit: readonly Reason[] = [
  { code: 'long', what: 'Shorter, and of one home at most: the name of its listing office is put to the words.' },
];

/**
 * The words as they fit: á, í, ó and ú make a whole text UCS-2, in which two segments hold 134 characters instead of 306. Where that is too few
 * the accents go, as people who text in Spanish leave them away; ñ, é, ¿ and ¡ stay.
 */
export function fitted(text: string, facts: ReplyFacts): string {
  if (lengthFindings(text, facts).length === 0) return text;
  return text.replace(/[áíóúÁÍÓÚ]/g, (letter) => letter.normalize('NFD').charAt(0));
}

/** Signs that would make a whole text UCS-2, and so less than half as long, for no reason. */
export function inPlainSigns(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s*[–—]\s*/g, ' - ')
    .replace(/…/g, '...');
}
