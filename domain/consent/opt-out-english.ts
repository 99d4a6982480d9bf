import { type OptOutRule, rule } from './opt-out-rule.ts';

const about = '(?! (?:about|of|for|in|on|with(?! me| us)|over|under|from (?:the|my|other|another)))';

/** Plain wishes, in English, to get no more messages. */
export const english: readonly OptOutRule[] = [
  rule('ambiguous', 'stop-writing-to-others', 'Asks us to leave somebody else in peace.', [
    '(?:stop|quit|cease) {texting} (?:my (?!phone|cell|number|house|home|office|line|inbox|email)|him|her|them|his|their|the (?:seller|tenant|owner|neighbor)s?)',
  ]),
  rule(
    'clear',
    'stop-writing',
    'Says to stop writing or calling: 47 CFR 64.1200(a)(10), any reasonable means.',
    [
      '(?:stop|quit|cease|halt)(?: \\w+){0,2} {texting}(?: {me})?(?: these| those| any| all| more| your| the| so many){0,2}(?: {texts})?',
      '(?:stop|quit|cease)(?: \\w+)? (?:getting|receiving|being|hearing from)(?: (?:these|this|any|all|your|the|so many|more|further|anymore)){0,2} (?:{texts}|you|texted|called|contacted|messaged|emailed)',
      '(?:stop|quit|cease) sending(?: me| us)?(?: (?:any|all|these|this|those|so many|more|your|the|such|random|unsolicited|unwanted|stupid)){0,3}(?: {texts}| this| these| it| them| things| anything| updates)' +
        about,
      '(?:stop|quit|cease) sending(?: me| us)?$',
    ],
    { limitable: true },
  ),
  rule(
    'clear',
    'stop-messages',
    'Says that the messages shall end.',
    [
      '(?:stop|end|cancel|cease|quit|halt|discontinue|terminate|no)(?: with)? (?:all|these|this|those|your|any|the|my|every|future|further)(?: \\w+){0,2} {texts}' +
        about,
      '(?:put|bring) an end to (?:this|these|the|your|all)',
      '(?:stop|end|cancel|quit) (?:{texts}|all contact)$',
      '(?:make|get|have|let) (?:these|those|this|your|the|all)(?: \\w+){0,2} {texts} stop|make it so (?:that )?i (?:dont|stop) (?:get|getting|receiv\\w+)',
      '{texts}(?: just| really| all){0,1} (?:to|must|needs? to|has to|have to|should|got to|better) (?:stop|end|cease)(?! by| in)',
      '(?:refrain from|discontinue|desist from|abstain from) (?:(?:\\w+ ){0,2}(?:{texting}|{texts}))',
      'cease (?:and|n|&) desist|cease (?:all )?(?:further )?(?:contact|communications?)',
      '(?:end|stop|cease|terminate|discontinue) (?:all )?(?:further |future )?{texts} with me',
      '(?:enough|done|had it|fed up|sick|tired|sick and tired|over it|annoyed)(?: already)? (?:of|with|by) (?:\\w+ ){0,2}(?:{texts}|{texting}|you people|you guys)',
      '(?:enough|too many) {texts}$|(?:thats|thats it|thats) enough(?: of)? (?:these |this |your )?{texts}',
    ],
    { limitable: true },
  ),
  rule('clear', 'stop-said-to-us', 'The word "stop" said to us, with its reason or its emphasis.', [
    '^(?:(?:please|ok|okay|hey|hi|hello|no|omg|yes|yo|sir|dude|bro|sorry|listen|look) ){0,3}stop (?:i|im|ive|id|your|no|not|dont|thanks|thank|please|immediately|already|at once|all of (?:this|it)|right now|this is|this isnt|wrong|we|were|weve|my|or (?:i|ill|else|im)|and (?:dont|remove|take|delete|lose|unsubscribe|never|leave)|before i|you(?: have| got| are)|its|this (?:number|now|please|nonsense|crap|shit)|it (?:now|please|already|with)|who|leave|remove|take|lose|with (?:this|these|the|your))(?! (?:kidding|joking))',
    '(?:please|plz) (?:please )?stop$|stop please$',
    '(?:can|could|will|would) you (?:all |guys |people )?(?:please )?stop$',
    '(?:you|you people|you guys|this bot) (?:all )?(?:need to|needs to|have to|must|had better|better|should|really need to|can) (?:\\w+ )?stop(?! (?:by|in|at|over|and|off|here|there))',
    '^(?:(?:please|just|now|ok|okay|hey|no|ugh) ){0,2}(?:stop|quit|end|cut|knock) (?:it|this|that)(?: (?:now|please|already|right now|immediately|out|off|all))?$',
    '(?:knock|cut) (?:it|this|that) (?:off|out)(?: (?:with|already|now|please|and))?',
    '(?:if|wish|hope|appreciate it if|like it if|love it if|prefer(?: it)? if|great if|nice if|grateful if) you(?: would| d| could| all| guys){0,2} (?:not {verb}|stop(?:ped)?(?: {texting}|$)|quit {texting}|leave (?:me|us) alone|removed? {me}|took me off|take me off|lost? my number|deleted? my)',
    'stop (?:asking|wasting|trying to (?:sell|contact|reach|get|call|buy)|pushing|following|stalking|pressuring|begging|nagging|badgering|pestering|pinging|checking in|blowing)(?: (?:me|us|my (?:time|phone)|to|on me|with)|$)',
    'stop(?: \\w+)? (?:checking in|nagging|badgering|pinging|pestering)',
    '(?:you|yall) can stop (?:{texting}|now)',
  ]),
  // Do not.
  rule(
    'clear',
    'do-not-write',
    'Says not to write or call again.',
    [
      '(?:{dont}|dont you)(?: ever| you| dare| please| try to| bother){0,3} (?:{verb}|{pest}) {me}(?! (?:the|a|an|that|those|your|his|her|their|it|photos|pictures|info|link|links|listings|comps|address|directions|here|there|back)\\b)',
      '(?:{dont}|dont you)(?: ever| please| bother| you| dare| try to){0,2} (?:{verb}|{texting})(?: it| again| anymore| any more| ever again| please| here| at all| no more| further| ever){0,2}$',
      '(?:{dont}|dont you)(?: ever| please| you){0,2} (?:{verb})(?: (?:me|us|here|this number|my phone|back)){0,2} (?:again|anymore|any more|ever|no more|any further|in the future|for any reason)',
      '(?:not|never) (?:{verb}) {me}(?: again| anymore| any more| further| ever| in the future| any longer)',
      '(?:{dont}|cant|dont you) (?:ever )?(?:keep|continue) (?:{texting}|to {verb}|sending)',
      '{dont} (?:ever )?send(?: me| us)?(?: (?:any|more|another|these|this|your|anymore|single|a|such)){0,3} (?:{texts}|anything|things|these|this|it|anymore|any more)' +
        about,
      '{dont} (?:want|wish|need|care|like|appreciate|authorize|allow|desire)(?: (?:you|to|be|being|get|getting|receive|receiving|have|any|anyone|more|further|these|this|all|your|anymore|those|of|a|single|other|promotional|automated|from you|for|unsolicited|future|additional)){0,6} (?:texts?(?! (?:the|my|him|her|them|anyone|people))|texting|texted|messages?|messaging|messaged|emails?(?! (?:the|my|him|her|them|anyone))|emailed|calls(?! from (?:the|my|other|lenders?))|called|contacted|contacting|spam|spammed|sms|solicitations?|solicited|bothered|harassed|marketing|communications?|newsletters?|updates|notifications|alerts|this crap|this shit)',
      '{dont} (?:want|wish|care|like|need) (?:for )?(?:you )?(?:to )?(?:to (?:keep )?(?:{verb}|{pest}|{texting}) {me}|(?:hear|hearing)(?: anything| anymore| more| back| another word)? from (?:you|anyone|your|this))',
      '{dont} (?:want|need) (?:anything|nothing|any)(?: more| else| further)? from you|(?:rather|prefer) (?:to )?not (?:to )?(?:be (?:contacted|texted|called|messaged|emailed)|(?:get|receive|hear from))',
      '(?:want|wish|like|prefer|ask|request|asking) (?:to )?(?:no longer|not|to not)(?: to)? (?:be (?:contacted|texted|called|messaged|emailed)|(?:get|receive|hear from))',
      'not interested in (?:your |these |any |getting |receiving |more ){1,3}{texts}',
      '{dont} want (?:to (?:talk|speak|chat|deal) (?:to|with) you|(?:to be|me|my (?:\\w+ )?(?:number|name|info)) (?:on|in) (?:your|this|the|any|that)(?: \\w+){0,2} {list})|{dont} want (?:these|those|your)$|{dont} (?:hit me up|blow up my phone|reach out|follow up)(?: (?:to me|with me|again|anymore|please))?',
      '(?:no need to|need not|you dont (?:have|need) to|please avoid|avoid) (?:{verb}|{texting})(?: {me})?(?: again| anymore| any more| any further| further| in the future)',
      '(?:i|we) (?:am|are|im) not to be (?:contacted|texted|called)|not be (?:contacted|texted|called|messaged)(?: again| anymore| further)?$',
      '(?:lay off|ease off|layoff) (?:the |with the |my )?(?:{texts}|phone)',
    ],
    { limitable: true },
  ),
  rule(
    'clear',
    'no-more-messages',
    'Wants no more messages.',
    [
      'no (?:more|further|additional|future)(?: \\w+){0,1} (?:{texts}|{texting}|contacting)' + about,
      '(?:no|zero) (?:{texts}|texting|contact|soliciting) (?:please|anymore|ever|again|from you|at all|to this|thanks)',
      '^(?:please |ok |hey |thanks |thank you |but ){0,2}no more(?: of (?:this|these|your|that)(?: \\w+)?)?(?: please| thanks| thank you| ok)?$',
      '(?:not|no longer) (?:wish|want|wanting|looking|interested|care|willing|trying)(?: \\w+){0,1}(?: to| in)? (?:be (?:contacted|texted|called|messaged|emailed|bothered|on)|receiv(?:e|ing)|get|getting|hear(?:ing)? from|being (?:contacted|texted|called|messaged)|{texts}$)(?! (?:about|a |an |the ))',
      '(?:want|like|need|wish|prefer|can i|could i|may i|how do i|please let me|let me) (?:to )?(?:be )?(?:get )?(?:removed|taken off|take off|off|out)(?: of| from)? (?:your|this|these|the|any|all)(?: \\w+){0,2} {list}',
      '^(?:please |i want |i |ok ){0,2}(?:want off|let me off|let me out|take me out|want out)(?: (?:please|now|of this|of here|of the list))?$',
    ],
    { limitable: true },
  ),
  rule('clear', 'take-me-off', 'Wants their name or number gone from our list.', [
    '(?:remove|delete|erase|scrub|lose|forget|unlist|block|purge|unenroll|unregister)(?: (?:my|me|us|all|of|our)){0,3} (?:me|us|{data})(?: (?:please|now|from|off|immediately|and|completely|asap|already|at once|permanently|thanks|thank|i|out|or|before|right|forever|today)|$)',
    '(?:remove|delete|erase|scrub|purge|unlist|unenroll|unregister|deactivate|unsub) (?:me|us)(?! (?:and my|as (?:a|the)))(?: (?:please|now|from|off|immediately|and|completely|asap|already|at once|permanently|thanks|thank|i|out|or|right|forever|today)|$)',
    '(?:lose|forget|block|burn|erase|delete|trash|toss|ditch|drop|discard|destroy|dump) (?:my (?:\\w+ )?(?:number|digits|info|contact|name|phone number|cell|email)|this (?:number|contact))',
    '(?:take|get|keep|pull|scratch|strike|cross|cut|drop|put|leave|want) (?:me|us|{data}) (?:off|of|from|out)(?: of)? (?:your|the|this|that|these|all|any|every|whatever|ur)(?: \\w+){0,3} {list}',
    '(?:take|get|keep|leave|want) (?:me|us|{data}) (?:off|out)(?: (?:this|it|here|please|now|thanks|of this|of it|of here|immediately|asap)){0,2}$',
    '(?:off|from) (?:of )?(?:your|this|these) (?:\\w+ )?(?:calling |mailing |contact |call |text |email )?(?:list|lists|database) (?:please|now|immediately|asap)|(?:want|let me|get|getting|be|taken|removed|dropped|removal|remove) (?:off|from) (?:of )?(?:your|this|the|these) (?:\\w+ )?{list}',
    '(?:take|get) (?:me|us|{data}) off (?:of )?(?:this|your|these|that)|^(?:please )?(?:remove|take off) from(?: (?:your|the|this|all)){0,1}(?: \\w+){0,1} lists?|remove (?:this )?(?:number|contact|name)(?: from|$)|(?:request|requesting|demand|demanding|want)(?: \\w+){0,2} removal|^removal(?: please)?$',
    '(?:want|like|ask|asked|need|request|wish|have|get) (?:to |please )?(?:be |me |us |my \\w+ |him |his \\w+ )?removed$',
    '(?:remove|delete|take off) (?:his|her|their|moms|dads|the) (?:phone )?(?:number|contact|info)(?: from| off| please|$)(?! (?:the|my) (?:listing|sign|application))',
    '(?:mind|consider|appreciate)(?: you| your)? (?:removing|taking|deleting|dropping|losing) {me}|(?:mind|consider|appreciate)(?: you)? not {texting}',
    '(?:remove|delete|take) (?:it|this) (?:from|off)(?: of)? (?:your|this|the)(?: \\w+){0,1} (?:list|lists|database|system)(?! (?:price|of))',
    '(?:dont|never|not to|stop) us(?:e|ing) (?:this|my) (?:number|phone)|(?:forget|lose) (?:you (?:ever )?(?:had|have|know|knew) )(?:me|my)',
    'leave (?:me|us|my family) (?:the f |tf )?(?:alone|be|in peace)|let (?:me|us) be$|(?:stay|keep) (?:off|away from|out of) my (?:phone|inbox|messages|line|life)|get (?:off|out of) my (?:phone|inbox|line|messages|dms)',
    '(?:fuck|piss|bugger|bug|buzz|sod|eff|fck|f|f k|fk|fuk|jerk|kiss|screw) off|go (?:fuck|f|screw|eff|fck) yourself|gtfo|go pound sand|kick rocks|get lost$|^(?:just |please )?(?:go away|back off|scram|beat it|shoo|lay off)(?: (?:please|now|already|and .*))?$|(?:eat|suck) (?:shit|my \\w+)|drop dead|go kick rocks',
    '(?:fuck|f|screw) you(?: and)?(?: \\w+){0,3} {texts}|take (?:your|this|these) {texts}(?: \\w+){0,2} shove|shove (?:it|your|these|this)',
  ]),
  rule('clear', 'do-not-call-list', 'Stands, or wants to stand, on a Do-Not-Call list: 47 CFR 64.1200(c)(2), (d)(3).', [
    '(?:put|add|place|register|get) (?:me|us|{data}) (?:on|to|in) (?:your |the |a |our )?(?:internal |national |company )?(?:(?:dont|no|not) (?:call|text|contact|disturb)|dnc|dnd)',
    '(?:im|ive been|i|we are|were|weve been|number is|phone is|cell is|is|been|registered|listed|am|are)(?: already| also| registered| listed| been){0,2} (?:on|with|in) (?:the |a |both )?(?:national |federal |state |your )?(?:(?:dont|no|not) (?:call|text|contact)|dnc)',
    '(?:dont|no|not) (?:call|text|contact) (?:list|registry)|dnc (?:list|registry|violation)|^(?:please )?(?:dnc|dnd|dont disturb|no (?:call|text|contact))(?: (?:me|please|list|now))?$|mark (?:me|this number|my number|us) (?:as )?(?:dnc|dnd|(?:dont|no) (?:call|text|contact))',
  ]),
  // Words of law and of mail programs.
  rule('clear', 'revokes-consent', 'Takes consent back, or says that there was none.', [
    '(?:revoke|revoking|withdraw|withdrawing|rescind|rescinding|cancel|cancelling|retract|terminate|remove|take back)(?: \\w+){0,1} (?:all |any |my |the |whatever ){0,2}(?:prior |previous |express |written ){0,2}(?:consent|permission|authorization)',
    '(?:dont|no longer|never|not|didnt) (?:have|had|give you|gave you|given you|give|gave|given|grant|granted|authorize|authorized)(?: (?:you|my|our|any|anyone|your company|express|written|the)){0,3} (?:consent|permission|authorization)|(?:dont|no longer|never|didnt|not) (?:consent|consented)(?: to)?|without my (?:consent|permission|authorization)|(?:consent|permission) (?:is )?(?:hereby )?(?:revoked|withdrawn|denied)|^(?:i )?(?:hereby )?revoke(?: (?:it|this|all|everything))?$|(?:not|never) authorized to (?:{verb})',
  ]),
  rule('clear', 'threat', 'Threatens to report or sue us over the messages.', [
    '(?:(?:will|ill|gonna|going to|am|im|have|be|being|already|to|would|id|were|well|we are|just|i|and|or) )(?:\\w+ )?(?:report|reporting|reported|sue|suing|block|blocking|blocked|prosecute|prosecuting) (?:you|this|your|yall|this number|it|these)(?: (?:to|as|for|if|and|all|guys|people|number|company|now|spam|the|text|texts)|$)(?! (?:house|home|property|year|month|week))',
    'reported and blocked|blocked and reported|^(?:ok |okay |im |fine ){0,2}(?:just )?(?:blocking|reporting)$',
    'reporting (?:this|your) (?:number|text|message)(?: (?:as|to|for))?',
    '^(?:(?:youre|you are|your|this is|this number is|number) ){0,1}(?:being )?(?:reported|blocked|reporting|blocking)(?: (?:and|now|as|you|this|number|spam|to|for|bye)){0,3}$',
    '(?:file|filing|filed|make|making|lodge)(?: \\w+){0,2} complaint|(?:text|contact|call|message|email|bother|write|hear from)(?: {me}| you)? (?:again|one more time|anymore|once more)(?: \\w+){0,1} (?:and|ill|i will|im|i am|well|we will|you will|youll)',
    'if (?:you|i)(?: ever| get| receive| hear| even){0,2} (?:{verb}|{texts}|from|another|one more)(?: {me}| you| text| message| call)? (?:again|one more time|anymore|ill|i will|im)',
    '(?:one|another|next) (?:more )?(?:text|message|call|email|time)(?: \\w+){0,3} (?:(?:and|or) )?(?:ill|i will|im|i am|my (?:lawyer|attorney)|well|youll|you will|i)(?: \\w+){0,3} (?:report|sue|block|blocking|reporting|suing|call|file|contact|lawyer|attorney|police|lawsuit)',
    '(?:reported?|reporting|complain\\w*|complaint|call|calling|contact|contacting|contacted)(?: \\w+){0,3} (?:fcc|ftc|attorney general|bbb|better business bureau|police|cops|authorities|real estate commission)|(?:violat\\w+|breach\\w*|break\\w*)(?: \\w+){0,3} (?:tcpa|dnc|law|laws|federal)|tcpa|(?:my )?(?:lawyer|attorney)(?: \\w+){0,6} (?:texts?|messages|harassment|harassing|tcpa|texting)|(?:take|taking|pursue|pursuing) legal action|see you in court|hear from my (?:lawyer|attorney)|texts are illegal|illegal (?:texts?|to text)|statutory damages',
  ]),
  rule('ordinary', 'opts-out-of-something', 'Opts out of a clause, an inspection, a fee; not of our messages.', [
    '(?:opt(?:ed|ing)?|opt me) out (?:of|on) (?:the |an |a |our |my |that |their )?(?:hoa|inspections?|appraisal|contingency|contingencies|warranty|escrow|insurance|lease|contract|pmi|tour|auction|financing|program|fee|fees|deal|arbitration|upgrade|upgrades|open house|rate lock|flood insurance|pool|home warranty)',
    '(?:i|we)(?: \\w+){0,1} (?:get|got|was|were|been|am) unsubscribed|unsubscribed? (?:from|on) (?:zillow|redfin|realtor|trulia|opendoor|homes|netflix|facebook|another|other|their|his|her|my old|the other)',
    '(?:opt|opted|opting) out clause|opt out (?:clause|fee|period|form|date)',
  ]),
  rule('ambiguous', 'opts-out-of-one-thing', 'Leaves one list or channel that is named, maybe not all.', [
    '(?:unsubscrib\\w*|opt(?:ed|ing)?)(?: me| us)?(?: out)? (?:from|of) (?!(?:your|this|these|the (?:list|texts?|messages?|emails?)|those|all|any|every|everything|it|texts?|messages?|emails?|list|here|future|further|sms|receiving|both|you|getting|being|communications?|marketing|that|whatever|my|the (?:hoa|inspection)|hoa|inspection|appraisal)\\b)\\w+',
    '(?:unsubscrib\\w*|opt(?:ed|ing)?)(?: me| us)?(?: out)? (?:from|of) (?:(?:your|the|this|these|my) )?(?:\\w+ )?(?:emails?|newsletters?|drip|price alerts?)(?: list)? (?:but|only|not|and (?:keep|text|still)|texts are|just)',
  ]),
  rule('clear', 'unsubscribe', 'Unsubscribes or opts out by that word.', [
    'unsubscrib\\w*|unsub|optout|opt(?:ed|ing)?(?: me| us)? out|opting out|optout|(?:cancel|end|terminate|stop) (?:my |the |this |all )?(?:subscriptions?|enrollment)|(?:sign|count|leave) (?:me|us) out(?! of the)',
  ]),
];
