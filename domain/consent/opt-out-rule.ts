/**
 * The words of opting out, as data. Rules see one sentence at a time: lower case, no accents, no punctuation, single spaces.
 * They are tried in order and each takes what it matched out of the sentence, so an ordinary phrase ("stop by") is gone before a later
 * rule could misread it. Every repetition is bounded: reading takes time linear in the message's length.
 * @see 47 CFR 64.1200(a)(10): stop, quit, end, revoke, opt out, cancel, unsubscribe are opt-outs per se; any reasonable means counts
 */
export interface OptOutRule {
  readonly finds: RegExp;
  readonly means: 'clear' | 'ambiguous' | 'ordinary';
  /** "Don't text me *after nine*" asks for something else than silence: a limit right after the match makes it ambiguous. */
  readonly limitable: boolean;
}

/** Names used in the rules below. */
const words: Readonly<Record<string, string>> = {
  me: '(?:me|us|this (?:number|phone|cell|email|line))',
  verb: '(?:text|message|contact|call|email|mail|write|phone|solicit|dm)',
  pest: '(?:bother|bug|spam|harass|annoy|pester|disturb|hound)',
  texting:
    '(?:texting|messaging|messageing|contacting|calling|emailing|mailing|writing|phoning|soliciting|spamming|scamming|bothering|bugging|harassing|annoying|pestering|hounding|disturbing|blowing up|hitting (?:me|us) up|reaching out)',
  texts:
    '(?:texts?|messages?|emails?|calls?|mails?|sms|spam|contact|junk|crap|shit|bs|notifications?|alerts?|communications?|solicitations?|ads|marketing|stuff|newsletters?)',
  dont: '(?:dont|never|no longer|not to|please not)',
  data: '(?:my (?:\\w+ ){0,2}(?:name|number|info|information|email|address|phone|cell|contact|data|details)|this number)',
  list: '(?:list|lists|database|system|texts?|messages?|emails?|campaigns?|contacts?|crm|blasts?|subscriptions?|program)',
  deal: '(?:loan|title|deed|mortgage|lease|application|contract|listing|showing|showings|appointment|calendar|invite|escrow|offer|agreement|purchase|schedule|market|will|policy|account|hook|tour|open house)',
};

export function rule(means: OptOutRule['means'], source: string, limitable = false): OptOutRule {
  const expanded = source.replace(/\{([a-z]+)\}/g, (_, name: string) => words[name] ?? '');
  return { finds: new RegExp(`\\b(?:${expanded})(?![a-z0-9])`, 'g'), means, limitable };
}

/** Right behind a match: the wish is about a time, a place or a topic. */
export const limit = new RegExp(
  '^(?: (?:again|back|anymore|please|back))?(?: (?:before|after|until|till|unless|while|during|between|today|tonight|tomorrow|yet|when|if|regarding|every' +
    '|at (?:work|night|home|my|the|noon|\\d)|on (?:mon|tue|wed|thu|fri|sat|sun|week|my (?:work|home|office)|the)|in the (?:morning|afternoon|evening)' +
    '|this (?:week|weekend|morning|afternoon|evening|month)|right now|(?:so|too) (?:early|late|much|often)|about (?!anything)|for (?:now|a|the|\\d)' +
    '|over (?:the|\\d)|under|near|above|below|with|without|that|in|antes|despues|hasta|hoy|manana|from (?:other|another|the|my|them|lenders?|agents)|than)\\b)',
);
