import { type OptOutRule, rule } from './opt-out-rule.ts';

/** The number or mailbox belongs to somebody else: whoever holds it now has consented to nothing. */
export const wrongPerson: readonly OptOutRule[] = [
  rule('clear', 'wrong-number', 'The number is not that of the person we mean.', [
    '(?:(?:you|youve|youv|still|must|probably|think|sorry|its|it s|this is|thats|have|has|got|texted|{texting}|called|dialed|reached|messaged|at|dude|sir|maam|no|nope|hi|hello|again|obviously|definitely|clearly|totally)(?: \\w+){0,2} |^)(?:the |a |da )?wrong (?:number|person|guy|lady|woman|man|contact|individual|num|gal|dude|recipient|party|human|people|family|household|owner|homeowner|customer|name)',
    '(?:nobody|no one|noone) (?:here )?(?:named|called) \\w+(?: here| lives here| at this number)?$|wrong (?:number|person)$|wrong (?:number|person) (?:here|sir|maam|buddy|dude|bro|pal|friend|please|stop|sorry|man|lady|im|i am|this is|not|take|remove|dont)',
    '(?:this |my |the )?(?:number|phone|cell)(?: here)? (?:doesnt|no longer|does not) belongs?|(?:number|phone) (?:has been|was|got|is) (?:reassigned|recycled|changed hands)|(?:not|no longer|isnt|never was) (?:his|her|their|\\w+s)(?: cell| phone| current)? (?:number|phone|cell)(?: anymore)?|(?:not|isnt|no longer)(?: \\w+){0,1} (?:persons|mans|ladys|guys|womans|familys|owners) (?:cell |phone )?(?:number|phone)|(?:he|she|they|that person|\\w+) (?:doesnt|dont|no longer|does not) (?:have|has|use|uses|own|owns) this (?:number|phone)|(?:number|phone) (?:now )?belongs to (?:someone|somebody|a different|another|me|(?:an?|the) \\w+(?: now| here|$))|(?:im|i am|am) not (?:who|the one|whoever) (?:you|youre|your)|(?:old|outdated|previous) number for (?:this|that|him|her|them|someone)|(?:not|isnt) the (?:person|guy|lady|woman|man|one|owner)(?: that)? (?:you|youre|your|u)(?: (?:are|think|want|need|looking|trying|seek)|$)',
    '(?:nobody|no one|noone|no)(?: \\w+)? (?:here )?(?:by|with) that name|(?:nobody|no one|noone|there is no|theres no|there is not a|no) (?:here |one )?(?:named |called )?\\w+ (?:at|on|with) this (?:number|phone)|(?:new|just got|recently got|had|have had|got)(?: a| this| the| my| new){1,2} (?:phone )?number(?: \\w+){0,4} (?:not|stop|wrong|dont know|no idea)|(?:new number|new phone) who (?:dis|this|is this)(?: \\w+){0,2} stop|(?:mistaken|wrong) identity|(?:you|u)(?: have| ve|ve)? (?:got |have )?(?:me )?(?:confused|mixed up|mistaken) (?:with|for)|dont know (?:who|any|anyone|anybody|a)(?: \\w+){1,4} (?:is stop|stop|is wrong|wrong number|please stop)|(?:he|she|they) (?:has |have )?(?:passed away|died|is dead|is deceased)(?! and (?:left|we|i|im|my)\\b)|(?:is|was|has been) deceased',
  ]),
  rule(
    'ambiguous',
    'maybe-wrong-person',
    'May say that we write to the wrong person.',
    [
      '(?:nobody|no one|noone) (?:here )?(?:by|with|named|called)|(?:number|phone) (?:doesnt|no longer) belongs?|(?:doesnt|dont|does not) live here|no longer lives here|(?:you have|youve got|got|have) the wrong (?!house|address|idea|impression|price|listing|date|time|day|unit|size|room|info|month|year|door|property|home|file|form|one|key|link|photo|photos|picture)\\w+$',
    ],
    { refusal: true },
  ),
];
