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

/** Signs that would make a whole text UCS-2, and so less than half as long, for no reason. */
export function inPlainSigns(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s*[–—]\s*/g, ' - ')
    .replace(/…/g, '...');
}
