import { type OptOutRule, rule } from './opt-out-rule.ts';

/** What one unsubscribes from when one means us. */
const messageWords =
  'texts?|texting|messages?|messaging|emails?|emailing|mail|sms|calls?|calling|lists?|mailing|contact|contacts|communications?|marketing|notifications?|alerts|campaigns?|everything|all|this|these|those|your|it|any|every|future|further|both|receiving|getting|being|hearing|you|newsletters?|here|subscription|that|whatever|text|them|database';

/** Words of law and of mail programs: the registry, consent, threats, unsubscribing. */
export const legal: readonly OptOutRule[] = [
  rule('clear', 'do-not-call-list', 'Stands, or wants to stand, on a Do-Not-Call list: 47 CFR 64.1200(c)(2), (d)(3).', [
    '(?:put|add|place|register|get) (?:me|us|{data}) (?:on|to|in) (?:your |the |a |our )?(?:internal |national |company )?(?:(?:dont|no|not) (?:call|text|contact|disturb)|dnc|dnd)',
    '(?:im|ive been|i|we are|were|weve been|number is|phone is|cell is|is|been|registered|listed|am|are)(?: already| also| registered| listed| been){0,2} (?:on|with|in) (?:the |a |both )?(?:national |federal |state |your )?(?:(?:dont|no|not) (?:call|text|contact)|dnc)',
    '(?:on|to|in|placed) (?:your |the )?(?:internal |company |in house )?dnc(?: list)?(?! \\?)|(?:dont|no|not) (?:call|text|contact) (?:list|registry)|on the (?:national|federal|state) (?:\\w+ )?(?:registry|list)|donotcall gov|dnc (?:list|registry|violation)|^(?:please )?(?:dnc|dnd|dont disturb|no (?:call|text|contact)|add to dnc|no consent)(?: (?:me|please|list|now))?$|(?:dont|no) (?:call|contact|text) request|mark (?:me|this number|my number|us) (?:as )?(?:dnc|dnd|(?:dont|no) (?:call|text|contact))',
  ]),
  // Words of law and of mail programs.
  rule('clear', 'revokes-consent', 'Takes consent back, or says that there was none.', [
    '(?:may|must|shall|can|are) not (?:to )?(?:use|keep|store|retain|have) (?:my|this) (?:\\w+ )?(?:number|info\\w*|data|contact|name|details|email)|object to (?:the |any |your )?(?:processing|use|marketing)|(?:500|1500|1 500|five hundred|fifteen hundred)(?: dollars)? (?:per|for each|for every|each|a) (?:text|message|violation(?! (?:by|from|to)(?! you))|call)|pursue (?:damages|all|a claim|claims|this legally|legal)|small claims|(?:end|pull|void|nullify|strip|terminate) (?:any|all|my|the|whatever) (?:\\w+ )?(?:consent|permission|authorization)',
    '(?:revoke|revoking|withdraw|withdrawing|rescind|rescinding|cancel|cancelling|retract|terminate|remove|take back)(?: \\w+){0,1} (?:all |any |and |my |the |whatever |any and all ){0,3}(?:prior |previous |express |written ){0,2}(?:consent|permission|authorization)|(?:revoked|withdrawn|rescinded|retracted) (?:my |all |any ){0,2}(?:consent|permission|authorization)|(?:no longer|dont|never|not) agreed? to (?:receive|get|be contacted|being contacted|these|your)',
    '(?:dont|doesnt|hasnt|havent|wasnt|no longer|never|not|didnt) (?:have|had|give you|gave you|given you|give|gave|given|grant|granted|authorize|authorized)(?: (?:you|my|our|any|anyone|your company|express|written|the)){0,3} (?:consent|permission|authorization)|(?:dont|no longer|never|didnt|not) (?:consent|consented)(?: to)?|(?:dont|doesnt|hasnt|havent|never|not|no longer) (?:give|gave|given|grant|granted|have|provide|provided)(?: \\w+){0,6} (?:consent|permission|authorization) to (?:{verb}|be)|consent(?: \\w+){0,8} (?:is|has been|are|was) (?:no longer|not|now|hereby)?(?: )?(?:valid|revoked|withdrawn|void|cancell?ed|terminated|rescinded|null|ended|expired|over|gone)|(?:not|never|no longer) giving (?:you |any |my |out )*(?:permission|consent)|consents(?: \\w+){0,6} (?:cancell?ed|revoked|withdrawn|void|removed)|without my (?:consent|permission|authorization)|(?:consent|permission) (?:is )?(?:hereby )?(?:revoked|withdrawn|denied)|^(?:i )?(?:hereby )?revoke(?: (?:it|this|all|everything))?$|(?:not|never) authorized to (?:{verb})',
    '(?:my|a|this) (?:\\w+ )?revocation(?: of consent)?$|(?:contact|texts?|texting|messages?|communication) (?:is|are) (?:\\w+ )?unauthori[sz]ed|(?:lack|without|no|have no) (?:\\w+ ){0,2}consent (?:on file|to (?:text|contact|message))(?! (?:my|the) (?:lender|agent|tenant|wife|husband))',
  ]),
  rule('clear', 'threat', 'Threatens to report, block or sue us over the messages.', [
    '(?:(?:will|ill|going to|am|im|have|be|being|already|to|would|id|were|well|we are|just|i|and|or) )(?:\\w+ )?(?:report|reporting|reported|sue|suing|block|blocking|blocked|prosecute|prosecuting) (?:you|your (?:number|company|ass|texts?|messages?)|yall|this number|this (?:text|message|conversation|chat)|this as (?:spam|harassment|junk|scam))',
    '(?:(?:will|ill|going to|am|im|already|just|i|and|or) )(?:\\w+ )?(?:report|reporting|reported|block|blocking|blocked) (?:this|these)$',
    '(?:ive|i have|i|we|weve|youve been|you are|youre|you have been|has been|have been|getting|already)(?: \\w+){0,1} (?:reported|blocked)(?: (?:you|this number|your number|now|as spam|it to))?$|(?:i|ive|i have|weve) (?:reported|blocked) (?:you|this|your)|^complaint filed|(?:texts?|messages?|number|calls?) (?:has|have|was|were) been reported',
    'reported and blocked|blocked and reported|^(?:ok |okay |im |fine ){0,2}(?:just )?(?:blocking|reporting)$',
    '(?:reporting|blocking) (?:this|your) (?:number|text|message)(?: (?:as|to|for))?',
    '^(?:(?:youre|you are|your|this is|this number is|number) ){0,1}(?:being )?(?:reported|blocked|reporting|blocking)(?: (?:and|now|as|you|number|spam|bye)){0,3}$',
    '(?:ill|i will|im|i am|going to|will be|we will|well be|have|ive) (?:\\w+ )?(?:file|filing|filed|lodge|submit|submitting)(?: \\w+){0,2} complaint(?! (?:with|to|about|against|for) (?:the |my |our )?(?:hoa|city|county|landlord|board|builder|seller|owner|bank|neighbor|noise|tenants?))',
    '(?:{verb}|{pest}|hear from)(?: {me}| you)? (?:again|one more time|anymore|once more)(?: \\w+){0,6} (?:report|reporting|sue|suing|block|blocking|lawyer|attorney|police|court|lawsuit|legal|complaint|regret)',
    '(?:one more|another|next|further|continued|any more) (?:text|message|call(?! with)|email|contact|messages|texts|calls)(?: \\w+){0,6} (?:report|reported|reporting|sue|suing|block|blocking|lawyer|attorney|police|court|lawsuit|legal|complaint)',
    'keep (?:this up|it up|{texting})(?: \\w+){0,6} (?:report|sue|block|lawyer|attorney|police|court|lawsuit|legal)',
    'if (?:you|i|this|these)(?: \\w+){1,6} (?:again|one more|another|continues?|dont stop|keep)(?: \\w+){0,6} (?:report|reporting|sue|suing|block|blocking|lawyer|attorney|police|court|lawsuit|legal|complaint)',
    '(?:lawyer|attorney|police|legal action|sue|report you)(?: \\w+){0,3} if (?:you|this|these|i)(?: \\w+){0,3} (?:again|continues?|another|one more|keep|dont stop)',
    'or (?:ill|i will|im|we will|well)(?: \\w+){0,2} (?:call|calling|contact|contacting|get|take|file|report|sue|block)(?: \\w+){0,3} (?:police|cops|lawyer|attorney|legal action|complaint|you|action)',
    '(?:reported?|reporting|complain\\w*|complaint)(?: \\w+){0,4} (?:bbb|better business bureau|police|cops|authorities|real estate commission|carrier|your (?:broker|brokerage|boss|company|manager|license))',
    '(?:you|your|youre|texts?|messages?|contacting|texting|this)(?: \\w+){0,6} violation of (?:\\w+ ){0,4}(?:laws?|act|regulations?|rights|statutes?)|legal remed(?:y|ies)|(?:legal|civil|formal) (?:claim|proceedings)',
    'you(?: are|re)?(?: \\w+){0,2} (?:violating|breaking)(?: \\w+){0,2} laws?|(?:this|texting me) is against the law|(?:this|these|your) (?:texts?|messages?|calls?)? ?(?:is|are) (?:illegal|unlawful)|(?:texts?|messages?|this|texting|contacting)(?: \\w+){0,3} (?:violates?|breaks?) (?:\\w+ ){0,2}laws?|(?:texting|contacting|calling|messaging) me(?: \\w+){0,4} (?:is|are) (?:illegal|unlawful|against)|(?:no|not the|dont have the|have no) right to (?:{verb})|per ccpa|ccpa request|(?:lawyer|attorney)(?: \\w+){0,6} (?:(?:these|your|the|all) (?:texts?|messages?)|harass\\w*)|(?:take|taking|pursue|pursuing) legal action(?! against (?:the|my|our|him|her|them))',
    '(?:texts?|messages?|number|calls?) (?:will|is going to|are going to|is being|are being) (?:be )?(?:reported|blocked)|telephone consumer protection act|tcpa|(?:to|with|the|call|contact|file) (?:the )?(?:fcc|ftc)(?: complaint|$| if| for| and| today| now| about| tomorrow)|(?:fcc|ftc) complaint|(?:to|with|contact\\w*|call\\w*) the (?:state )?attorney general|see you in court|(?:hear|hearing) from my (?:lawyer|attorney)|legal action will|(?:lawyer|attorney) has been notified$|47 (?:usc|u s c) 227|(?:500|1500|1 500)(?: dollar)? violation|(?:hereby )?notified to (?:stop|cease|remove)|statutory damages|illegal to text',
  ]),
  rule('ordinary', 'opts-out-of-something', 'Opts out of a clause, an inspection, a fee; not of our messages.', [
    `opt(?:ed|ing|s)?(?: me| us)? out (?:of|on) (?:(?:the|a|an|my|our|their|his|her|that|its) )?(?!(?:${messageWords})\\b)\\w+`,
    '(?:we|they|you|sellers?|buyers?|owners?|residents|people|anyone|one|it|law|builder|hoa)(?: \\w+){0,2} opt(?:ed|s)? out$(?<!(?:can|could|will) you (?:please )?opt out|^we opt out)',
    '(?:almost|nearly|never|havent|hadnt|wont|cant) (?:\\w+ )?unsubscribed?',
    '(?:opt|opted|opting) out (?:clause|fee|period|form|date|provision)|(?:is|was|theres|there) (?:an |a )?opt out',
    '(?:did|have|why did|who|dont|please dont|didnt) (?:you |somebody |someone |i )?unsubscribed? (?:me|us)|(?:was|were|am|are|be|get|got|been|being) (?:i |we )?unsubscribed',
    `unsubscrib\\w*(?: me)? (?:from|on|to) (?:all )?(?:of )?(?:zillow|redfin|realtor|trulia|opendoor|homes|netflix|facebook|another|other|their|his|her|those|my (?:old|other|previous|former|current|lenders?|agents?|banks?|gym)|the (?:other|big|portals?|hoa|builders?|lenders?|banks?|gym)|portals?|spotify|that other)`,
    '(?:i|we|ive|weve|just|already) unsubscribed from (?!(?:your|this|these|it|them|you|all|both|everything|the (?:texts?|list|emails?))\\b)\\w+',
  ]),
  rule(
    'ambiguous',
    'opts-out-of-one-thing',
    'Leaves one list or channel that is named, maybe not all; or only asks about it.',
    [
      '(?:if|should|when|before|after|unless|(?<!how )(?<!where )do) (?:i|we)(?: (?:have|need|want|decide|ever|just|also|still)){0,3}(?: to)? (?:unsubscribe|opt out)',
      'unsubscribe (?:link|button) (?:in|on|at|of|from) (?:the|that|their|zillow\\w*) (?!texts?\\b|messages?\\b)\\w+',
      `unsubscrib\\w*(?: me| us)? (?:from|of) (?:(?:the|a|an|my|our|their|that) )?(?!(?:${messageWords})\\b)\\w+`,
      '(?:unsubscrib\\w*|opt(?:ed|ing)?)(?: me| us)?(?: out)? (?:from|of) (?:(?:your|the|this|these|my) )?(?:\\w+ )?(?:emails?|newsletters?|drip|price alerts?)(?: list)? (?:but|only|not|and (?:keep|text|still)|texts are|just)',
      'unsubscrib\\w*(?: me| us)? (?:from|of) (?:(?:your|the|this|my) )?(?:newsletters?|drip|blog|price alerts?|market reports?|monthly \\w+|weekly \\w+)',
    ],
  ),
  rule('clear', 'unsubscribe', 'Unsubscribes or opts out by that word.', [
    'unsubscrib\\w*|unsub|optout|opt(?:ed|ing)?(?: me| us)? out|opting out|optout|(?:cancel|end|terminate|stop) (?:my |the |this |all )?(?:subscriptions?|enrollment)(?! (?:to|with|for|at) )|^(?:please )?(?:sign|count|leave) (?:me|us) out$',
  ]),
];
