import { type OptOutRule, rule } from './opt-out-rule.ts';

/** Everyday uses of the words of opting out, taken out of the sentence before the rules that would misread them. */
export const ordinary: readonly OptOutRule[] = [
  rule('ordinary', 'places-to-stop', 'A stop of a bus, a road, a tour; stopping by somewhere.', [
    '(?:bus|train|truck|tram|metro|subway|trolley|rail|transit|shuttle|ferry|pit|rest|short|one|non|full|next|last|first|second|third|final|quick|a|the|our|each|every|per|way|whistle|door|tour|back|hard|dead|my|your|two|2|three|3|which|what|coffee|gas|potty|buck) stops?(?! {texting}| sending| please$| now$)',
    'stop (?:by|in|at(?! once)|over|off|around|near|lights?|signs?|loss|gap|watch|along|down|on the way|for (?:gas|lunch|coffee|dinner|breakfast|a|an|the|some)|(?:and|to) (?:see|look|check|pick|get|grab|say|visit|chat|view|meet|eat|tour|drop|think|take (?:a|another)))',
    'stop (?:bye|buy) (?:anytime|the|at|around|on|after|later|tomorrow|today|your|our|my|this|saturday|sunday|and|if|when|whenever|with|before|for|in|to)',
    'stop (?:me|us|you|them|him|her|it|anyone|someone|people|buyers|sellers) (?:from|if)',
    '(?<!\\byou (?:just |all |really )?)(?:can|could|should|may|might|ill|well|id|wed|lets|do|did|had to|used to|would|need to|have to|want to|going to|trying to|try to|ready to)(?: i| we){0,1} stop (?:the|to|and|paying|my|our|when|once|if|there|here)(?! (?:{texts}|{texting}))',
    '(?:i|we) (?:have to|had to|need to|needed to|want to|wanted to|should|must|will|would|can|could|might|may|will have to|just|always|usually) stop(?! {texting}| getting| receiving| hearing| being| this| these| it$| (?:(?:the|these|this|your|all|my|any|those) ){0,2}{texts})',
  ]),
  rule('ordinary', 'stopped-doing', 'Speaks of an activity that ends, not of our messages.', [
    'stop (?!{texting}|(?:sending|getting|receiving|being|asking|wasting|trying|pushing|selling|following|stalking|pressuring|lying|playing|hitting|reaching|blowing|sharing|fucking|freaking|frigging|anything|everything|nothing|hearing|pestering|begging|nagging|badgering|mandando|texteando|pinging|dming|checking|promoting|offering|bombarding|flooding|inundating|hassling|troubling|communicating|corresponding|pitching|dinging|hustling|robotexting|robocalling|clogging|waking|filling|advertising|marketing|using|targeting|pretending)\\b)[a-z]{2,12}ing',
    '(?:rates?|prices?|market|rain|snow|noise|leak|leaking|water|music|construction|clock|barking|nothing|it|{other})(?: (?:to|will|would|should|has|had|need|needs|must|doesnt|finally|ever|just|cant|wont)){0,3} stop(?:s|ped)?(?! {texting}|$|(?: right)? now$| today$| immediately$| already$)(?: (?:going|rising|raining|working|running|moving|climbing|dropping|falling|being|us|me))?',
    'stop (?:the (?!{texts})\\w+(?! {texts})|payments?|foreclosure|order|loss|bleeding)',
    'quit (?:my|his|her|their|our|the|a|smoking|working|drinking|claim|claims|stalling|while|looking|paying)',
  ]),
  rule('ordinary', 'asks-whether-real', 'Asks whether we, or a house, are genuine or lawful.', [
    '(?:is|was|are|isnt)(?: (?:this|it|that|you|they|the \\w+))(?: (?:a|some|some kind of|just|really|another|like))* (?:scam|spam|scammers?|spammers?|illegal|fraud|phishing|bot)',
  ]),
  rule('ordinary', 'own-wrong-number', 'Says that somebody was given or called a wrong number, not that we have one.', [
    '(?:i|we|he|she|they|my \\w+)(?: must| may| might| just| accidentally| think i| ve| had| have){0,2} (?:(?:gave|give|given|sent|put|typed|entered|dialed|wrote|listed|left|got|called|texted|copied|had|have|saved)(?: \\w+){0,4}|texted|called|have|had)(?: the| a| my){0,1} wrong (?:number|person|guy|lady)(?! (?:here|sir|maam|buddy))',
    '(?:listings?|sign|website|site|form|ad|flyer|lender|agent|bank|zillow|title|contract|document|documents|office|inspector|seller|realtor|lockbox|app|map|brochure|card|profile|page|post|paperwork|application)(?: \\w+){0,2} (?:has|have|had|shows?|lists?|listed|got|gave|says|used|printed|is|was)(?: \\w+){0,3} wrong (?:number|person|phone|contact)',
    '^(?:(?:sorry|oops|omg|i|just|must have|accidentally) ){0,3}(?:sent|texted)(?: \\w+){0,4} wrong (?:number|person)',
    'you(?: guys| all| just| must have| mightve| may have| accidentally)? (?:gave|sent|typed|wrote|put|listed|quoted|posted|forwarded|shared|copied|used)(?: \\w+){0,3} wrong (?:number|person|phone|contact)(?! (?:stop|remove|im|i am|this is))',
    'wrong (?:number|numbers|person) (?:saved|on file|written|down|posted|of|on|in|listed|for (?:the|my|his|her|our|their))',
    'the wrong (?:person|guy|lady|man|woman) (?:signed|bought|called|answered|showed|came|has|is|was|got)',
    'not the wrong (?:number|person)|right (?:number|person)',
  ]),
  rule('ambiguous', 'asks-wrong-number', 'Asks whether the number is wrong.', [
    '(?:is|was) (?:this|that|it) (?:the |a )?wrong (?:number|person)|(?:do|did) i have the wrong (?:number|person)',
  ]),
  rule('ordinary', 'cancels-something', 'Cancels, ends or quits an appointment, a contract, a job.', [
    '(?:cancel|cancell?ing|cancelled|canceled|end|ending|quit|stop|postpone|reschedule|revoke|withdraw|rescind|terminate|remove|drop|delete)(?: (?:the|my|our|that|this|a|an|his|her|their|your|both|all|all the|tomorrows|todays|tonights|saturdays|sundays|mondays|tuesdays|wednesdays|thursdays|fridays|next|any|current|old|other|first|second|existing|gym|cable|offer)){0,4} (?:\\w+ )?(?:showings?|appointments?|appt|appts|tours?|viewings?|meetings?|walk ?through|inspections?|appraisals?|visits?|open house|bookings?|reservations?|leases?|contracts?|listings?|escrow|loans?|offers?|applications?|preapproval|pre approval|(?:gym|club|pool|costco) membership|insurance|policy|policies|utilities|movers|contingency|contingencies|listing agreement|closing|tenancy|job|photographer|cleaners?|zoom|orders?|plans?|trip|flight|internet|cable|netflix|price filter|popcorn ceilings?|wallpaper|carpet|wall|walls|shed|fence|trees?|furniture|lockbox|staging|fixtures|lien|liens|search|rental|renting|deposit|bid|check|wire|party|one on \\w+)',
    '(?:cancel|reschedule|postpone|move)(?: (?:for|on|our|the|my|it|that|this|at|todays|tomorrows)){0,3} (?:today|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|this (?:morning|afternoon|evening|weekend|week)|next week|\\d{1,2}(?: ?(?:am|pm|\\d\\d))?|noon)',
    '(?:cancel|end|stop|reschedule|move|quit)(?: (?:the|our|my|that|this|a|tomorrows|todays|mondays|tuesdays|wednesdays|thursdays|fridays|zoom|phone|video|intro|conference|scheduled|\\d+|am|pm)){1,4} call(?! (?:list|me))',
    '(?:can|could|may|should|do|did|will|would) (?:we|i|they|he|she|you) (?:please |just )?cancel (?:it|that|this one|that one|if|and)',
    '(?:has|have|had|need|needs|got|going|want|wanted|like) to (?:cancel|reschedule)(?! (?:my |the |this |these |all |your )?(?:subscription|texts?|messages?|emails?|service|contact|membership))',
    '(?:end|ends|ending|ended) (?:up|of|in|on|at|with|by|unit|units|date|result|user|table|price|cap|zone|point|game|goal)|(?:the|week|dead|high|low|front|back|rear|year|month|far|deep|other|tail|book|loose|living|south|north|east|west|upper|lower|at|in|no|odd|which|either) (?:end|ends)(?! (?:of )?(?:this|these) (?:texts|messages|conversation))',
    '(?:by|until|till|before|at|toward|towards|around|through|near)(?: the)? (?:years?|months?|weeks?|days?|summers?)? ?end',
  ]),
  rule(
    'ordinary',
    'removes-something',
    'Takes a house, a name or a wish off something that is not our list of contacts.',
    [
      '(?:take|taking|took|taken|cross|scratch|drop|remove|removing|delete|strike|pull)(?: (?!me\\b|us\\b|my\\b|this\\b|our\\b|it\\b|him\\b|her\\b)\\w+){1,5} (?:off|from|out of) (?:the|my|our|your|that|this)(?: \\w+){0,2} (?:list|lists|search|favorites|market|mls|price|tour|table|schedule|consideration|queue)',
      '(?:{me}|my (?:\\w+ ){0,2}name|my (?:wife|husband|ex|mom|dad|brother|sister|son|daughter)(?: \\w+){0,2}) (?:off|from|out of) (?:of )?(?:the |my |our |that |this |their |his |her )?(?:{deal})',
      '(?:removed?|taken?|dropped?|kept) (?:off|from|out of) (?:the |my |our |that |this |their )?(?:{deal})',
      '(?:remove|delete|replace|take off|change|update) (?:my|the|our) (?:\\w+ ){0,2}(?:number|email|phone|cell|address)(?: on file)? and (?:use|add|put|replace|text|call|switch|here)',
      '(?:their|his|her|another|some other|zillows|the other|that other|the banks?|the hoas?|the other \\w+) (?:\\w+ )?(?:list|lists|database|system|mailing list)',
      '(?:lost|losing|forgot|deleted) my (?:phone|number|email|contacts?|info)|(?:lose|lost|losing|forget|forgot) my (?:job|house|home|deposit|keys?|money|mind|earnest|spot)',
      'take (?:me|us|my \\w+)(?: off| out) (?:of )?(?:hold|guard|speaker|for|to|on|at|there|when|sometime|this weekend|tomorrow|saturday|sunday)',
    ],
  ),
  // One channel instead of another: calls may end while texts are welcome.
  rule(
    'clear',
    'no-channel-at-all',
    'Closes several channels in one breath.',
    [
      '{dont} {verb}(?: {verb}){1,4} (?:or|nor|and) (?:{verb}|mail)',
      '{dont} (?:{verb} ){1,3}(?:{me} )?(?:or|nor|and) (?:dont )?{verb}(?= {me}| anymore| again| ever| please|$)',
      '(?:stop|quit) (?:all )?{texting}(?: {me})? (?:and|or) {texting}',
      'no(?: more)? {texts}(?: no(?: more)?| and| or| and no| or no| nor) {texts}(?! (?:about|from (?:the|my|other)))',
    ],
    { limitable: true },
  ),
  rule('ordinary', 'text-instead-of-call', 'Wants no calls, and to be written to instead.', [
    '(?:{dont}|stop|quit|please no|no|cant) (?:call|phone|calling|phoning|calls|phone calls|voicemails?)(?: {me})?(?: please| just| only| instead| rather| but| you can| better to| its| is| thanks| ok| i prefer| prefer| id rather| use){0,4} (?:text|texts|message|email|texting|messages|emails|write|sms)(?! (?:or|nor|either))',
    '(?:text|email|message)(?:ing)?(?: {me})?(?: is| works)?(?: better| fine| please| only| instead| rather){0,2} (?:dont|instead of|rather than|not|no|over) call(?:s|ing)?(?: me)?',
    '(?:text|texting|email|message|emails?|texts) (?:me )?only',
  ]),
  rule(
    'ambiguous',
    'other-channel-instead',
    'Closes one channel and invites another: a person has to say which stays open.',
    [
      '(?:{dont}|stop|quit|no more|no|unsubscribe(?: me)? from|cancel|end) (?:the |your |these |my |sending(?: me)? |all )?(?!\\w+ (?:and|or|nor) (?:texts|messages|emails|calls)$)(?:e?mail|emails|emailing|mailing|newsletters?|texts?|texting|messaging|messages?|message|sms)(?: {me}| list)?(?: anymore| again)?(?: please| just| only| instead| but| and| you can| ill| its| i prefer| prefer| id rather| rather| still| keep| do| thanks| use){0,5} (?:texting|text|texts|calling|calls|call|emailing|emails?|messages?|message|messaging|whatsapp|facetime)(?= {me}|$| is| are| please| instead| only| works| ok| fine| better)',
      '(?:call|phone) (?:me|us)(?: please)? (?:rather than text\\w*|not text\\w*|dont text|and dont text|and stop texting|only|no texts?)',
      '(?:email|mail|whatsapp) (?:me|us)(?: please)? (?:instead|rather than text\\w*|not text\\w*|dont text|and dont text|and stop texting|only|no texts?)',
      '(?:only|just|rather|prefer|please|better|can you|could you|would you|switch to|use) (?:communicate |contact me |reach me )?(?:by |via |through |over |use )?(?:email|mail|phone|whatsapp)(?: me| us)?(?: only| from now on| going forward)? (?:instead|no texts?|not texts?|over text|not by text)',
    ],
  ),
];
