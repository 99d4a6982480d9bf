import { newPart, sentencesOf } from './message-text.ts';
import { limit } from './opt-out-rule.ts';
import { rules } from './opt-out-rules.ts';
import { respell } from './opt-out-spelling.ts';
import {
  courtesies,
  emphases,
  everydayStopWords,
  foreignStopWords,
  helpSentences,
  optInSentences,
  ownLines,
  stopSentences,
  stopWords,
} from './opt-out-words.ts';

type OptOut = 'none' | 'clear' | 'ambiguous' | 'opt-in';

export interface OptOutReading {
  /** `clear`: silence them at once · `ambiguous`: close the gate and show a human · `opt-in`: they may be messaged again · `none` */
  readonly verdict: OptOut;
  /** The rule that decided, by its name; null where none did. */
  readonly rule: string | null;
}

interface Context {
  /** Is the person opted out now? Only then does a bare "yes" opt in again; it is a common answer otherwise. */
  readonly optedOut?: boolean;
}

/**
 * Does this message of a person end (or begin again) what we may send them? Read by rules alone, whole words only: "know", "weekend" and
 * "end of the month" never do, and nothing that the person merely quotes counts.
 * @param text  the message as received, plain text of any length; e-mails may bring their quoted history
 * @see 47 CFR 64.1200(a)(10); CTIA Messaging Principles 5.1.3 for the keywords
 */
export function readOptOut(text: string, context: Context = {}): OptOut {
  return explainOptOut(text, context).verdict;
}

/** As `readOptOut`, with the name of the rule that decided: who was silenced can be told why. */
export function explainOptOut(text: string, { optedOut = false }: Context = {}): OptOutReading {
  const { sentences, complete } = sentencesOf(text);
  if (sentences.length === 0) {
    return sign.test(text) && text.length < 100 ? { verdict: 'ambiguous', rule: 'sign' } : none;
  }
  const spelled = sentences.map(respell).filter((sentence) => sentence !== '');
  const whole = spelled.join(' ');

  if (ownLines.has(whole)) return { verdict: isQuoted(text) ? 'ambiguous' : 'clear', rule: 'own-line-sent-back' };
  // "Cancel?" asks; it does not tell.
  if (everydayStopWords.has(whole) && /\?\s*$/.test(newPart(text))) return { verdict: 'ambiguous', rule: 'keyword' };
  if (isStop(whole) || isSqueezedStop(sentences.join(' '))) return { verdict: 'clear', rule: 'keyword' };
  const reading = readTogether(spelled);
  const theirs = whole.replace(ownLine, '');
  if (
    reading.verdict === 'clear' &&
    /\bwrong (?:number|person)\b/.test(theirs) &&
    !/\bstop\b|\bremove\b/.test(theirs)
  ) {
    if (theirMistake.test(theirs)) return none;
    if (meantForOthers.test(theirs)) return { verdict: 'ambiguous', rule: 'maybe-wrong-person' };
  }
  // "For the last time STOP": nobody writes one word in capitals by chance.
  if (
    reading.verdict === 'ambiguous' &&
    reading.rule === 'bare-stop' &&
    /[a-z]/.test(text) &&
    /\bSTOP\b/.test(newPart(text).replace(/\p{Cf}/gu, ''))
  ) {
    return { verdict: 'clear', rule: 'stop-in-capitals' };
  }
  if (
    reading.verdict === 'clear' &&
    (reading.rule === 'keyword' || reading.rule === 'stop-said-to-us') &&
    delight.test(whole)
  ) {
    return { verdict: 'ambiguous', rule: 'stop-in-jest' };
  }
  if (reading.verdict === 'ambiguous' && reading.rule === 'keyword' && takesOut.test(whole)) {
    return { verdict: 'clear', rule: 'take-me-off' };
  }
  if (reading.verdict !== 'clear' && mourning.test(whole) && spare.test(whole)) {
    return { verdict: 'clear', rule: 'spares-the-dead' };
  }
  if (loseIt.test(whole)) return { verdict: 'clear', rule: 'take-me-off' };
  if (reading.verdict !== 'none') return reading;
  if (anotherName.test(newPart(text))) return { verdict: 'ambiguous', rule: 'another-name' };
  if (/[🛑⛔🖕]/u.test(text) && whole.split(' ').length < 3) return { verdict: 'ambiguous', rule: 'sign' };
  // What lies beyond the part we read may hold an opt-out; silence until a human has looked is the safe reading.
  if (!complete) return { verdict: 'ambiguous', rule: 'too-long' };
  return isOptIn(whole, optedOut) ? { verdict: 'opt-in', rule: 'opt-in-keyword' } : none;
}

/** HELP or INFO and nothing else: no opt-out; the carrier answers it, and a person of the team should. */
export function asksForHelp(text: string): boolean {
  const { sentences } = sentencesOf(text);
  return sentences.length > 0 && helpSentences.has(withoutCourtesies(sentences.map(respell).join(' ')));
}

/** "How did you get this number? Lose it." */
const loseIt =
  /\b(?:(?:my|this|the|our|a) (?:\w+ )?(?:number|info|email|name|phone|contact)|signed (?:me|us) up)\b.{0,80}\b(?:(?:lose|delete|erase|remove|forget|toss|purge|scrub|trash|drop|block) (?:it|them)|take it (?:off|down|out)|get rid of it)(?: (?:please|now|immediately|thanks|thank you|asap|at once|completely|today)){0,2}$/;
/** "This is a landline, remove": a lone verb says enough beside the number or the mistake that it is about. */
const takesOut =
  /^(?=.*\b(?:remove|delete|quit|erase)\b)(?!.*\b(?:photos?|pictures?|pics?|sign|listing|file|draft)\b).*\b(?:number|phone|line|landline|lists?|owner|tenant|renter|texts|messages|mistake|prank|joke|person|spam)\b/;
/** Somebody has died, and we are asked to leave it be. */
const mourning =
  /\b(?:dead|died|deceased|passed(?: away)?|buried|funeral|alzheimers|dementia|confus(?:ed|es|ing) (?:by|him|her|them)|fallecio|murio|fallecid[oa])\b/;
const spare =
  /\b(?:(?:take|remove|delete) (?:him|her|them|it|us|this)(?: off| out)?$|(?:stop|quit) (?:asking|texting|calling|writing)|(?:dont|never) (?:text|contact|call|message|write)|have some (?:decency|respect)|(?:borr|quit|elimin)[a-z]{1,3}l[aoe]\b|no (?:llam|mand|escrib)[a-z]{1,3}\b)/;
const sign = /[🛑⛔🚫🖕📵]/u;
/** "There is no Robert here", "I'm not Robert": a capital letter tells a name from a garage. */
const anotherName =
  /\b(?:[Nn]o (?!One|Body)[A-Z][a-z]+ (?:here|lives here|at this (?:number|phone))|(?:(?:[Ii]['’]?m|[Tt]his is|I am) not|[Nn]o soy) [A-Z]\p{Ll}+(?:[.!,]|$)|[Tt]his (?:isn['’]?t|ain['’]?t) [A-Z][a-z]+(?:[.!,]|$))/mu;

/** Our own opt-out line, which a forwarded text of ours brings along. */
const ownLine = /\breply stop to (?:opt out|unsubscribe|end|cancel)\b/g;

const none: OptOutReading = { verdict: 'none', rule: null };

/** "Oops, wrong number, that was for my wife": they mistook us, not we them. */
const theirMistake =
  /(?:^|\b(?:i|sorry|oops|person|number|ignore|im) )(?:was )?(?:meant|trying|supposed) to (?:send|text|call|message|be texting)\b|\b(?:that|this) (?:was|one was|text was|message was) (?:meant )?for (?:my|our)\b|\b(?:its|should be|is|actually|unit|apt|house|lot|its number|number is) \d|\bi thought (?:this|you) (?:was|were)\b/;
const meantForOthers =
  /\bi meant\b|\d|\b(?:meant for|that was (?:for|meant)|supposed to (?:go to|be for)|intended for)\b/;

/** "Omg stop, that kitchen!": said of a house, not to us; perhaps. */
const delight =
  /\b(?:lol|lmao|haha+|hahaha|jaja\w*|gorgeous|beautiful|so cute|adorable|stunning|amazing|that (?:kitchen|view|yard|pool)|i love|love (?:it|this|that|these|the)|so pretty|dreamy|obsessed|cute|perfect|you flatter|you guys rock|the best|had me|blush|kidding|joking|dying|so sweet|killing me|too kind|too funny|hilarious|so funny|making me|spoiling|too good|no way|for real|seriously that)\b/;

function isQuoted(text: string): boolean {
  return /^\s*(?:["“”«']|(?:fwd?|fw|re)\s*:)/iu.test(newPart(text));
}

/** What other rules have left of a sentence begins or ends with "stop". */
const saysStop =
  /(?:^|\| ?|\b(?:please|just|so|and|now) )stop(?= ?$| ?\|| (?:now|please|it|this|already|asking|or|before)\b)/;

/** The sentences as they stand, and where they say nothing plain, their clauses without what only surrounds a wish. */
function readTogether(sentences: readonly string[]): OptOutReading {
  // Who says one thing a thousand times is read once.
  const read = new Map<string, SentenceReading>();
  for (const sentence of sentences) {
    if (!read.has(sentence)) read.set(sentence, readSentence(sentence, sentences.length > 1));
  }
  const reading = together(sentences.map((sentence) => read.get(sentence)!));
  if (reading.verdict === 'clear') return reading;
  for (const clause of new Set([...read.keys()].flatMap(clausesOf))) {
    // A sentence that is one clause has been read.
    if (read.has(clause)) continue;
    const { verdict, rule } = readSentence(clause, true);
    if (verdict === 'clear' && rule !== 'keyword') return { verdict, rule };
  }
  return reading;
}

/** "We moved so please take us off lol": what stands behind "so", without the laugh. Short sentences only; none that speaks of others. */
function clausesOf(sentence: string): string[] {
  if (sentence.length > 300 || speaksOfOthers.test(sentence)) return [];
  const [, ...tails] = sentence.split(/ (?:so|but|because|bc|cuz|therefore|then|thanks|thank you|and) /);
  return [sentence, ...tails]
    .map((clause) => clause.replace(before, '').replace(behind, ''))
    .filter((clause, index) => clause !== sentence && (index === 0 || clause.includes(' ')));
}
const speaksOfOthers =
  /\b(?:asked|told|tell|ask|make|get|have|want|wants|wanted|need) (?:the|my|our|that|his|her|their|him|them|someone|people|other|sellers?|buyers?|tenants?|lenders?|agents?)\b|\b(?:he|she|they|seller|lender|agent|tenant|buyer|builder)\b/;
const before =
  /^(?:(?:hi|hello|hey|ok|okay|yo|um|uh|so|well|look|listen|again|sir|maam|dude|bro|bruh|man|omg|wtf|lol|nope|nah|yeah|sorry|thanks|thank you|please|and|but|also|just|like|i said|for real|good morning|good afternoon|good evening) )+/;
const behind =
  /(?: (?:lol|lmao|haha|smh|ffs|jeez|geez|bro|bruh|dude|man|fam|sir|maam|thanks|thank you|thank you so much|thx|ty|please|asap|immediately|already|right now|now|ok|okay|k|fr|for real|period|seriously|im serious|good luck|take care|bye|goodbye|god bless|have a (?:good|great|nice|blessed) (?:day|one|week|life|evening)|best|cheers|regards|everyone|people|guys|folks|friend|buddy|pal))+$/;

interface SentenceReading extends OptOutReading {
  /** Rules that found a sign of refusal: two of them, or one beside a bare "stop", are plain. */
  readonly refusals: readonly string[];
  readonly bareStop: boolean;
}

/** A plain sentence decides; two doubtful ones do if one refuses and the other says "stop". */
function together(readings: readonly SentenceReading[]): OptOutReading {
  const plain = readings.find(({ verdict }) => verdict === 'clear');
  if (plain !== undefined) return { verdict: 'clear', rule: plain.rule };
  const refusals = new Set(readings.flatMap(({ refusals: names }) => names));
  if (refusals.size > 1) return { verdict: 'clear', rule: 'two-refusals' };
  if (refusals.size > 0 && readings.some(({ bareStop }) => bareStop)) {
    return { verdict: 'clear', rule: 'stop-beside-refusal' };
  }
  const doubtful = readings.find(({ verdict }) => verdict === 'ambiguous');
  return doubtful === undefined ? none : { verdict: 'ambiguous', rule: doubtful.rule };
}

/** A message that is nothing but stop words and what courtesy or anger puts beside them. */
function isStop(whole: string): boolean {
  const bare = withoutCourtesies(whole);
  if (stopSentences.has(whole) || stopSentences.has(bare) || foreignStopWords.has(whole)) return true;
  // "Mas alto" is higher, and "this stop" a place.
  if (/\bmas alto\b|\bthis stop$/.test(whole)) return false;
  const words = whole.split(' ');
  const stops = words.filter((word) => stopWords.has(word)).length;
  const everyday = words.filter((word) => everydayStopWords.has(word)).length;
  const beside = words.filter((word) => !stopWords.has(word) && !everydayStopWords.has(word));
  if (stops > 0) return beside.every((word) => courtesies.has(word) || emphases.has(word));
  return everyday > 0 && beside.every((word) => courtesies.has(word));
}

/** "ST OP", "St0p", "STOP2", "E N D": slips of the thumb. */
function isSqueezedStop(whole: string): boolean {
  if (whole.length > 40) return false;
  const squeezed = whole.replaceAll(' ', '').replace(/^5/, 's').replace(/\d+$/, '').replaceAll('0', 'o');
  const single = squeezed.replace(/(.)\1+/g, '$1');
  return (
    stopWords.has(squeezed) ||
    stopWords.has(single) ||
    /^(?:stop){2,5}$/.test(squeezed) ||
    (/^(?:\w ){2,}\w$/.test(whole) && everydayStopWords.has(squeezed))
  );
}

function readSentence(sentence: string, amongOthers: boolean): SentenceReading {
  if (!ownLines.has(sentence) && isStop(sentence)) {
    // "Cancel. I can't make it on Thursday" ends an appointment as likely as the conversation, and "alto" may be half of a phrase.
    const certain =
      !amongOthers ||
      /\b(?:stop|unsub|opt|wrong|equivocado|go away|back off|dnc|leave me|no mas|no more|ya no|no texts|paren|pare|parenle|detenganse|desist|discontinue|cease|deregister|unregister|unenroll|unlist)/.test(
        sentence,
      );
    return { verdict: certain ? 'clear' : 'ambiguous', rule: 'keyword', refusals: [], bareStop: !certain };
  }
  let rest = sentence;
  let first: string | null = null;
  const refusals: string[] = [];
  let bareStop = false;
  for (const rule of rules) {
    // Most rules find nothing in most sentences, and looking costs far less than listing.
    if (rest.search(rule.finds) < 0) continue;
    for (const match of rest.matchAll(rule.finds)) {
      const limited = rule.limitable && limit.test(rest.slice(match.index + match[0].length));
      if (rule.means === 'clear' && !limited) {
        return { verdict: 'clear', rule: rule.name, refusals: [], bareStop: false };
      }
      if (rule.means === 'ordinary') continue;
      first ??= limited ? `${rule.name}-limited` : rule.name;
      if (rule.refusal) refusals.push(rule.name);
    }
    // A mark that no rule knows keeps the words to both sides from forming a phrase that nobody wrote.
    rest = rest.replace(rule.finds, '|');
    bareStop ||= saysStop.test(rest);
  }
  return { verdict: first === null ? 'none' : 'ambiguous', rule: first, refusals, bareStop };
}

function isOptIn(whole: string, optedOut: boolean): boolean {
  const bare = withoutCourtesies(whole);
  return (
    optInSentences.has(bare) || (optedOut && /^(?:(?:yes|si)(?: start| please)?)$/.test(bare === '' ? whole : bare))
  );
}

function withoutCourtesies(sentence: string): string {
  return sentence
    .split(' ')
    .filter((word) => !courtesies.has(word))
    .join(' ');
}
