import { sentencesOf } from './message-text.ts';
import { limit } from './opt-out-rule.ts';
import { rules } from './opt-out-rules.ts';
import {
  courtesies,
  emphases,
  everydayStopWords,
  optInSentences,
  respell,
  stopSentences,
  stopWords,
} from './opt-out-words.ts';

type OptOut = 'none' | 'clear' | 'ambiguous' | 'opt-in';

/**
 * Does this message of a person end (or begin again) what we may send them? Read by rules alone, whole words only: "know", "weekend" and
 * "end of the month" never do, and nothing that the person merely quotes counts.
 * @param text              the message as received, plain text of any length; e-mails may bring their quoted history
 * @param options.optedOut  is the person opted out now? Only then does a bare "yes" opt in again; it is a common answer otherwise
 * @returns `clear`: silence them at once · `ambiguous`: close the gate and show a human · `opt-in`: they may be messaged again · `none`
 * @see 47 CFR 64.1200(a)(10); CTIA Messaging Principles 5.1.3 for the keywords
 */
export function readOptOut(text: string, options: { readonly optedOut?: boolean } = {}): OptOut {
  const { sentences, complete } = sentencesOf(text);
  if (sentences.length === 0) return /[🛑⛔🚫🖕]/u.test(text) && text.length < 100 ? 'ambiguous' : 'none';
  const spelled = sentences.map(respell);
  const whole = spelled.join(' ');

  if (isStop(whole)) return 'clear';
  const readings = spelled.map((sentence) => readSentence(sentence, spelled.length > 1));
  if (readings.includes('clear')) return 'clear';
  // What lies beyond the part we read may hold an opt-out; silence until a human has looked is the safe reading.
  if (readings.includes('ambiguous') || !complete) return 'ambiguous';
  return isOptIn(whole, options.optedOut === true) ? 'opt-in' : 'none';
}

/** A message that is nothing but stop words and what courtesy or anger puts beside them. */
function isStop(whole: string): boolean {
  const bare = withoutCourtesies(whole);
  if (stopSentences.has(whole) || stopSentences.has(bare)) return true;
  // "ST OP", "St0p", "STOP2": slips of the thumb.
  const squeezed = whole.replaceAll(' ', '').replace(/^5/, 's').replace(/\d+$/, '').replaceAll('0', 'o');
  if (squeezed.length < 20 && stopWords.has(squeezed)) return true;
  const words = whole.split(' ');
  const stops = words.filter((word) => stopWords.has(word)).length;
  const everyday = words.filter((word) => everydayStopWords.has(word)).length;
  const beside = words.filter((word) => !stopWords.has(word) && !everydayStopWords.has(word));
  if (stops > 0) return beside.every((word) => courtesies.has(word) || emphases.has(word));
  return everyday > 0 && beside.every((word) => courtesies.has(word));
}

function readSentence(sentence: string, amongOthers: boolean): 'none' | 'clear' | 'ambiguous' {
  if (isStop(sentence)) {
    // "Cancel. I can't make it on Thursday" ends an appointment as likely as the conversation, and "alto" may be half of a phrase.
    const certain = !amongOthers || /\b(?:stop|unsub|opt|wrong|go away|back off|dnc)/.test(sentence);
    return certain ? 'clear' : 'ambiguous';
  }
  let rest = sentence;
  let ambiguous = false;
  for (const { finds, means, limitable } of rules) {
    // Most rules find nothing in most sentences, and looking costs far less than listing.
    if (rest.search(finds) < 0) continue;
    for (const match of rest.matchAll(finds)) {
      if (means === 'clear' && !(limitable && limit.test(rest.slice(match.index + match[0].length)))) return 'clear';
      if (means !== 'ordinary') ambiguous = true;
    }
    // A mark that no rule knows keeps the words to both sides from forming a phrase that nobody wrote.
    rest = rest.replace(finds, '|');
  }
  return ambiguous ? 'ambiguous' : 'none';
}

function isOptIn(whole: string, optedOut: boolean): boolean {
  const bare = withoutCourtesies(whole);
  return optInSentences.has(bare) || (optedOut && /^(?:yes|si)(?: start)?$/.test(bare));
}

function withoutCourtesies(sentence: string): string {
  return sentence
    .split(' ')
    .filter((word) => !courtesies.has(word))
    .join(' ');
}
