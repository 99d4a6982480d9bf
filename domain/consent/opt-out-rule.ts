/**
 * The words of opting out, as data. Rules see one sentence at a time: lower case, no accents, no punctuation, single spaces, usual slips
 * of the thumb mended. They are tried in order and each takes what it matched out of the sentence, so an ordinary phrase ("stop by") is
 * gone before a later rule could misread it. Every repetition is bounded: reading takes time linear in the message's length.
 * @see 47 CFR 64.1200(a)(10): stop, quit, end, revoke, opt out, cancel, unsubscribe are opt-outs per se; any reasonable means counts
 */
export interface OptOutRule {
  /** Kept with the verdict, so that it can be said later why somebody was silenced, or was not. */
  readonly name: string;
  /** Why the words are read so, for whoever has to answer for it. */
  readonly because: string;
  readonly means: 'clear' | 'ambiguous' | 'ordinary';
  readonly finds: RegExp;
  /** "Don't text me *after nine*" asks for something else than silence: a limit right after the match makes it ambiguous. */
  readonly limitable: boolean;
  /** A doubtful sign that a bare "stop" beside it makes plain: anger, refusal, a threat. */
  readonly refusal: boolean;
}

/** Names used in the rules. */
const words: Readonly<Record<string, string>> = {
  me: '(?:me|us|(?:either|any|both|all|none) of us|this (?:\\w+ )?(?:number|phone|cell|email|line|contact)|this (?:email )?address|my (?:(?!work|office|old|other|business|home)\\w+ )?(?:number|phone|cell|email|line|inbox|family|household))',
  verb: '(?:reach back out(?: to)?|market to|communicate with|get in touch(?: with)?|text|message|contact|call|email|mail|write|phone|solicit|dm|reach out(?: to)?|follow up(?: with)?|hit up|blow up)',
  pest: '(?:bother|bug|spam|harass|annoy|pester|disturb|hound|solicit|stalk|pursue|chase|ping|nudge|approach|prompt|badger|trouble|hassle|nag|target)',
  texting:
    '(?:texting|messaging|messageing|contacting|calling|emailing|mailing|writing|phoning|soliciting|spamming|scamming|bothering|bugging|harassing|annoying|pestering|hounding|disturbing|stalking|molesting|blowing up|hitting (?:(?:me|us) up|(?:up )?my \\w+)|reaching out|following up|marketing to|pinging|bombarding|flooding|inundating|hassling|troubling|communicating|corresponding|pitching|dinging|hustling|robotexting|robocalling)',
  texts:
    '(?:texts?|messages?|emails?|calls?|mails?|sms|spam|contact|junk|crap|shit|bs|bullshit|garbage|nonsense|notifications?|alerts?|communications?|correspondence|solicitations?|ads|advertisements?|marketing|stuff|newsletters?|outreach|promotions?|promos|robotexts?|robocalls?|follow ?ups?|mensajes?|textos?)',
  letters:
    '(?:texts?|messages?|emails?|calls?|mails?|sms|spam|contact|notifications?|alerts?|communications?|correspondence|solicitations?|marketing|newsletters?|outreach|promotions?|promos|robotexts?|robocalls?|follow ?ups?|check ?ins?|reminders?|pings|pitches|sales pitch|blasts|auto texts?|mass texts?|mensajes?|textos?|updates|voicemails?|mailers|postcards|dms|mailings?)',
  dont: '(?:dont|never|no longer|not to|please not|(?:prefer|rather|request|ask|like)(?: that)?(?: you)? (?:dont|not))',
  ed: '(?:contacted|texted|messaged|called|emailed|solicited|bothered|disturbed|spammed|harassed|pitched|approached|hassled|pestered|marketed to|reached out to|followed up with|written to|bombarded|notified)',
  kin: '(?:(?:my|our) (?:\\w+ )?(?:wife|husband|spouse|partner|moms?|mother|dads?|father|parents|sons?|daughters?|kids?|child|children|grandma|grandmother|grandpa|grandfather|grandparents|brother|sister|aunt|uncle|in laws?|roommate|employees?|staff|girlfriend|boyfriend|fiance|clients?))',
  data: '(?:my (?:\\w+ ){0,2}(?:name|number|info|information|email|address|phone|cell|contact|data|details|record|digits|profile)|our (?:\\w+ )?(?:names?|numbers?|info|information|emails?|address|phones?|contact|data|details|file|records?|family|household)|this number|this contact|my (?:name|number|info|email|contact) and (?:name|number|info|email|contact))',
  list: '(?:list|lists|database|databases|system|systems|texts?|messages?|emails?|campaigns?|contacts?|crm|blasts?|subscriptions?|program|records?|files?|systems|rotation|mailing|distribution|thread|chain|chat|conversation|group|rolodex|phonebook|phone|lista)',
  deal: '(?:loan|title|deed|mortgage|lease|application|contract|listing|showing|showings|appointment|calendar|invite|escrow|offer|agreement|purchase|schedule|market|will|policy|account|hook|tour|open house|waitlist|waiting list|wait list|guest list|backup(?: list| position| offer)?|(?:group|lenders?|family) (?:text|chat|thread|email)|invitation|list for (?:the|that) (?:tour|open house|showing))',
  other:
    '(?:he|she|they|him|her|them|someone|somebody|everyone|everybody|people|agents?|realtors?|brokers?|lenders?|banks?|zillow|redfin|neighbou?rs?|tenants?|landlord|seller|sellers|buyers?|companies|company|investors?|wholesalers?|guys?|ex|wife|husband|mom|dad|kids?|dog|boss|builder|contractor|inspector)',
};

interface Kind {
  readonly limitable?: boolean;
  readonly refusal?: boolean;
}

/** `{name}` in a pattern stands for one of the word lists above. */
export function rule(
  means: OptOutRule['means'],
  name: string,
  because: string,
  patterns: readonly string[],
  { limitable = false, refusal = false }: Kind = {},
): OptOutRule {
  const expanded = patterns.join('|').replace(/\{([a-z]+)\}/g, (_, list: string) => words[list] ?? '');
  return { name, because, means, finds: new RegExp(`\\b(?:${expanded})(?![a-z0-9])`, 'g'), limitable, refusal };
}

/** Right behind a match: the wish is about a time, a place or a topic. */
export const limit = new RegExp(
  '^(?: (?:again|back|anymore|please|mas|nada|mensajes)){0,2}(?: (?:before|after|until|till|unless|while|during|between|today|tonight|tomorrow|yet|when|if|regarding|every' +
    '|im (?:at|in|on|driving|busy|asleep|sleeping|working)|at (?:work|night|home|my|the|noon|\\d)|on (?:(?:mon|tues|wednes|thurs|fri|satur|sun)?days?|weekends?|weekdays?|mon|tue|wed|thu|fri|sat|sun|week|my (?:work|home|office)|the)|in the (?:morning|afternoon|evening)' +
    '|this (?:week|weekend|morning|afternoon|evening|month)|right now|(?:so|too|as) (?:early|late|much|often|many)|about (?!anything|any of|my|our|selling|buying|your|these|this$|it$|that$|houses|homes|housing|real estate|property|properties|stuff)|for (?:now|a|the(?! love)|\\d)' +
    '|over (?:the|\\d)|under|near|above|below|with(?! me| us| this| my)|without|that|in|antes|despues|hasta|hoy|manana|en la|de noche|by (?!you\\b|your|text|phone|sms|email|mail|any|this|anyone|call)|from (?:other|another|the|my|them|lenders?|agents)|than|(?:con|de|sobre) (?!ustedes|usted|esto|eso|ti|su|parte|nuevo|nadie|texto)|\\d|ones|nothing)\\b)',
);
