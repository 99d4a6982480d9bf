import { type OptOutRule, rule } from './opt-out-rule.ts';

/** What people write to opt out, what only sounds like it, and what may mean it; in the order in which the rules are tried. */
export const rules: readonly OptOutRule[] = [
  // What sounds like a refusal to stop is a demand to stop when it is said to us.
  rule(
    'clear',
    '(?:if|why|when|unless|until) (?:you )?(?:dont|wont|cant)(?: you| just| please){0,2} (?:stop|quit) {texting}',
  ),
  rule(
    'clear',
    '(?:if|why|when|unless|until) (?:you )?(?:dont|wont|cant)(?: you| just| please){0,2} (?:remove|take) {me}',
  ),
  rule('clear', '(?:if|why) (?:you )?(?:dont|wont|cant)(?: you| just| please){0,2} leave (?:me|us) alone'),
  rule('clear', 'you (?:just )?(?:wont|dont|never|cant) (?:stop|quit) {texting}'),
  rule(
    'ambiguous',
    '(?:if|why|unless|until) (?:you )?(?:dont|wont|cant)(?: you| just| please| ever){0,2} (?:stop|quit)(?! (?:by|in|at|over))',
  ),
  rule(
    'clear',
    '(?:i|we)(?: already| just| ve| literally){0,2} (?:said|texted|replied|wrote|typed|told you|asked you)(?: to| \\w+ times| already){0,2} (?:stop|unsubscribe)(?! (?:by|in|at|over))',
  ),
  rule(
    'ambiguous',
    '(?:he|she|they|him|her|them|someone|everyone|everybody|agents|lender|bank|zillow)(?: to| please| should| must| would| just){0,2} (?:stop|quit) {texting}',
  ),

  // Negated, or somebody else's doing.
  rule(
    'ordinary',
    '(?:dont|wont|cant|never|didnt|doesnt|couldnt|wouldnt|not|no need to|accidentally|mistakenly)(?: (?:want|have|need|mean|intend|plan|wish|going|gonna|ever|really|you|to|say|text|send|type|just|me)){0,4} (?:stop\\w*|quit|unsubscribed?|remove me|take me off|opt(?:ed)?(?: me)? out|leave me alone)',
  ),
  rule(
    'ambiguous',
    '(?:reply|text|type|send|write|say|respond|respond with|reply with) (?:the word )?stop(?: to (?:opt out|unsubscribe|cancel|end|quit))?$',
  ),
  rule(
    'ordinary',
    '(?:if|when|since|because|and|but|that) (?:you|he|she|they|someone|nobody) (?:dont|never|didnt|doesnt) {verb}(?: {me})?',
  ),
  rule(
    'ordinary',
    '(?:why|how come) (?:(?:did|do|dont|wont|didnt) )?(?:you|i|we|they)(?: not| never| just)? (?:{verb}|stop)',
  ),
  rule('ordinary', '(?:i|we|they|he|she|people|you) never {verb}(?: {me})?'),
  rule('ordinary', '(?:i|we|they|people|he|she) (?:dont|doesnt) {verb}'),

  // Places to stop, and things that people stop doing.
  rule(
    'ordinary',
    '(?:bus|train|truck|tram|metro|subway|trolley|rail|transit|shuttle|ferry|pit|rest|short|one|non|full|next|last|first|second|third|final|quick|a|the|our|each|every|per|way|whistle|door|tour) stops?(?! {texting}| sending)',
  ),
  rule(
    'ordinary',
    'stop (?:by|in|at(?! once)|over|off|around|near|lights?|signs?|loss|gap|watch|along|down|on the way|for (?:gas|lunch|coffee|dinner|breakfast|a|an|the|some)|(?:and|to) (?:see|look|check|pick|get|grab|say|visit|chat|view|meet|eat|tour|drop|take (?:a|another)))',
  ),
  rule('ordinary', 'stop (?:me|us|you|them|him|her|it|anyone|someone|people|buyers|sellers) (?:from|if)'),
  rule(
    'ordinary',
    '(?:can|could|should|may|might|ill|well|id|wed|lets|do|did|had to|used to)(?: i| we){0,1} stop (?:the|to|and|paying|my|our|when|once|if)(?! (?:{texts}|{texting}))',
  ),
  rule(
    'ordinary',
    'stop (?!{texting}|(?:sending|getting|receiving|being|asking|wasting|trying|pushing|selling|following|stalking|pressuring|lying|playing|hitting|reaching|blowing|sharing|fucking|freaking|frigging|anything|everything|nothing|hearing)\\b)[a-z]{2,12}ing',
  ),
  rule(
    'ordinary',
    '(?:i|we|he|she|they)(?: must| may| might| just| accidentally| think i| ve){0,2} (?:(?:gave|give|sent|put|typed|entered|dialed|wrote|listed|left)(?: \\w+){0,4}|texted|called|have|had)(?: the| a| my){0,1} wrong (?:number|person)',
  ),
  rule('ordinary', 'wrong number (?:of|on|in|listed)'),
  rule(
    'ambiguous',
    '(?:is|was) (?:this|that|it) (?:the |a )?wrong (?:number|person)|(?:do|did) i have the wrong (?:number|person)',
  ),

  // One channel instead of another: calls may end while texts are welcome.
  rule(
    'clear',
    '{dont} (?:{verb} ){1,3}(?:{me} )?(?:or|nor|and) (?:dont )?{verb}(?= {me}| anymore| again| ever| please|$)',
    true,
  ),
  rule(
    'ordinary',
    '(?:{dont}|stop|quit|please no) (?:call|phone|calling|phoning|calls)(?: me| us)?(?: please| just| only| instead| rather| but| you can| better to){0,3} (?:text|message|email)',
  ),
  rule(
    'ambiguous',
    '(?:{dont}|stop|quit) (?:email|mail|emailing|mailing)(?: me| us)?(?: please| just| only| instead| but){0,3} (?:text|call|message)',
  ),

  // Stop doing it to me.
  rule(
    'ambiguous',
    '(?:stop|quit|cease) {texting} (?:my (?!phone|cell|number|house|home|office)|him|her|them|his|their)',
  ),
  rule('clear', '(?:stop|quit|cease)(?: \\w+)? {texting}'),
  rule(
    'clear',
    '(?:stop|quit|cease)(?: \\w+)? (?:getting|receiving|being|hearing from)(?: (?:these|this|any|all|your|the|so many|more|further)){0,2} (?:{texts}|you|texted|called|contacted|messaged|emailed)',
    true,
  ),
  rule(
    'clear',
    '(?:stop|quit|cease) sending(?: me| us)?(?: (?:any|all|these|this|those|so many|more|your|the|such|random|unsolicited|unwanted|damn|stupid|fucking)){0,3}(?: {texts}| this| these| it| them| things| anything| updates)(?! (?:about|of|for|in|on|with(?! me| us)|over|under))',
    true,
  ),
  rule('clear', '(?:stop|quit|cease) sending(?: me| us)?$'),
  rule(
    'clear',
    '(?:stop|end|cancel|cease|quit)(?: with)? (?:all|these|this|those|your|any|the|my|every)(?: \\w+){0,2} {texts}(?! (?:about|of|for|in|on|with(?! me| us)|over|under))',
    true,
  ),
  rule('clear', '(?:stop|end|cancel) (?:{texts}|all contact)$'),
  rule(
    'clear',
    '{texts}(?: just| really| all){0,1} (?:to|must|needs? to|has to|have to|should|gotta|got to|better) (?:stop|end|cease)(?! by| in)',
  ),
  rule(
    'clear',
    '^(?:(?:please|ok|okay|just|hey|hi|hello|no|omg|yes) ){0,3}stop (?:i|im|ive|your|no|not|dont|thanks|thank|please|immediately|already|at once|all of (?:this|it)|right now|and (?:dont|remove|take|delete|lose|unsubscribe))',
  ),
  rule('clear', '(?:refrain from|discontinue|desist from) (?:(?:\\w+ ){0,2}(?:{texting}|{texts}))'),
  rule('clear', 'cease (?:and desist|all (?:further )?(?:contact|communication))'),

  rule('clear', '(?:if|wish|hope) you(?: would| d| could){0,1} stop(?:ped)? {texting}'),
  // Do not.
  rule(
    'clear',
    '(?:{dont}|dont you)(?: ever| you| dare| please){0,3} (?:{verb}|{pest}) {me}(?! (?:the|a|an|that|those|your|his|her|their|it|photos|pictures|info|link|links|listings|comps|address|directions)\\b)',
    true,
  ),
  rule(
    'clear',
    '(?:{dont}|dont you)(?: ever| please){0,2} {verb}(?: again| anymore| any more| ever again| please| here| at all){0,2}$',
  ),
  rule(
    'clear',
    '{dont} (?:ever )?send(?: me| us)?(?: (?:any|more|another|these|this|your|anymore|single|a|such)){0,3} (?:{texts}|anything|things|these|this|it)(?! (?:about|of|for|on|over|under))',
    true,
  ),
  rule(
    'clear',
    '{dont} (?:want|wish|need|care|like|appreciate|authorize|allow)(?: (?:you|to|be|being|get|getting|receive|receiving|have|any|anyone|more|further|these|this|all|your|anymore|those|of|a|single|other|promotional|automated|from you)){0,6} (?:texts|texting|texted|messages|messaging|messaged|emails|emailed|calls|called|contacted|contacting|spam|sms|solicitations?|solicited|bothered|marketing|communications?|newsletters?)',
    true,
  ),
  rule(
    'clear',
    '{dont} (?:want|wish|care|like) (?:you )?(?:to )?(?:to (?:{verb}|{pest}) {me}|(?:hear|hearing)(?: anything| anymore| more| back)? from (?:you|anyone|your))',
    true,
  ),
  rule('clear', 'no more (?:{texts}|texting|calling|contacting|messaging|of (?:this|these|your))', true),
  rule('clear', '(?:want|like|wish) no (?:further |more )?(?:{texts})', true),

  rule(
    'clear',
    '{dont} (?:want|wish|need|like) to (?:be|stay|remain) (?:on|in|part of) (?:your|this|the|any|these) (?:\\w+ ){0,2}{list}',
  ),
  rule('clear', '^no (?:calls|texts) (?:(?:no|or|and) ){1,2}(?:calls|texts)'),
  rule('ambiguous', '{dont} want to (?:talk|speak|communicate|deal) (?:to|with) you|^(?:please )?dont disturb$'),
  // Take me away.
  rule(
    'ordinary',
    '(?:remove|delete|take|get) (?:{me}|{data}) (?:from|off|as|out of|off of)(?: (?:the|this|our|that|my|a)){0,1} {deal}',
  ),
  rule(
    'clear',
    '(?:remove|delete|erase|scrub|lose|forget|unlist|block) (?:me|us|{data})(?: (?:please|now|from|off|immediately|and|completely|asap|already|at once|permanently|thanks|thank|i)|$)',
  ),
  rule(
    'clear',
    '(?:take|get|keep|pull|scratch|strike|cross|cut|drop|put|leave) (?:me|us|{data}) (?:off|of|from|out)(?: of)? (?:your|the|this|that|these|all|any|every|whatever)(?: \\w+){0,3} {list}',
  ),
  rule('clear', '(?:take|get|keep) (?:me|us|{data}) off(?: (?:this|it|here|please|now|thanks)){0,2}$'),
  rule(
    'clear',
    '(?:off|from) (?:of )?(?:your|this|these) (?:\\w+ )?(?:calling |mailing |contact |call |text |email )?(?:list|lists|database) (?:please|now|immediately|asap)|(?:want|let me|get|getting|be|taken|removed|dropped) (?:off|from) (?:of )?(?:your|this|the|these) (?:\\w+ )?{list}',
  ),
  rule('clear', 'leave (?:me|us) (?:the (?:fuck|hell|heck) |tf |the f )?alone'),
  rule('clear', '(?:fuck|piss|bugger|bug|buzz|sod|eff|fck|f) off|go (?:fuck|f) yourself|gtfo'),
  rule(
    'clear',
    '(?:put|add|place|register) (?:me|us|{data}) (?:on|to) (?:your |the |a |our )?(?:internal |national )?(?:(?:dont|no) (?:call|text|contact)|dnc)|(?:im|ive been|we are|were|number is|is) on (?:the |a )?(?:national |federal )?(?:dont|no) (?:call|text|contact)',
  ),
  rule('ambiguous', '(?:dont|no) (?:call|text|contact) (?:list|registry)|dnc'),

  rule(
    'clear',
    '(?:take|get) (?:me|us|{data}) off (?:of )?(?:this|your|these|that)|^(?:please )?remove from(?: (?:your|the|this|all)){0,1}(?: \\w+){0,1} lists?',
  ),
  rule('ambiguous', 'leave (?:me|us) out of (?:this|it)'),
  // Words of law and of mail programs.
  rule(
    'clear',
    '(?:revoke|withdraw|rescind|cancel)(?:ing)? (?:all |any |my )?(?:prior |previous |express |written ){0,2}(?:consent|permission|authorization)',
  ),
  rule(
    'clear',
    '(?:dont|no longer|never) (?:have|had|give you|gave you|given you|give|gave)(?: my| our| any){0,1} (?:consent|permission|authorization)|(?:dont|no longer) consent',
  ),
  rule(
    'ambiguous',
    '(?:never|didnt|dont remember)(?: \\w+)? (?:signed|sign|signing|opted|opt|agreed|agree|consented|consent|asked|ask|subscribed|subscribe)(?: up| in)?(?: for| to)? (?:this|these|your|any|texts|it|be|get|receive|getting)|without my (?:consent|permission)|permission to (?:text|call|contact|message)',
  ),
  rule(
    'ordinary',
    'opt(?:ed|ing)? out of (?:the |an |a |our |my )?(?:hoa|inspections?|appraisal|contingency|contingencies|warranty|escrow|insurance|lease|contract|pmi|tour|auction|financing)',
  ),
  rule(
    'ambiguous',
    '(?:unsubscribed?|opt(?:ed|ing)?)(?: me| us)?(?: out)? (?:from|of) (?!(?:your|this|these|the (?:list|texts?|messages?|emails?)|those|all|any|every|it|texts?|messages?|emails?|list|here|future|further|sms|receiving|both|you|getting|being|communications?|marketing|the (?:hoa|inspection)|hoa|inspection|appraisal)\\b)\\w+',
  ),
  rule('clear', 'unsubscrib\\w*|unsuscrib\\w*|unsubcrib\\w*|unsub|optout|opt(?:ed|ing)?(?: me| us)? out|opting out'),
  rule(
    'clear',
    '(?:(?:you|youve|youv|still|must|probably|think|sorry|its|it s|this is|thats|have|has|got|texted|texting|called|dialed|reached|messaged|at)(?: \\w+){0,2} |^)(?:the |a )?wrong (?:number|person|guy|lady|phone)',
  ),
  rule(
    'ambiguous',
    'wrong (?:number|person)|(?:nobody|no one|noone) (?:here )?(?:by|with) that name|(?:not|no longer) (?:his|her|their|\\w+s) (?:number|phone)',
  ),

  // Spanish.
  rule(
    'clear',
    '(?:no|ya no|nunca) (?:me|nos) (?:escrib(?:a|an|as)|mand(?:e|en|es)|envi(?:e|en|es)|llam(?:e|en|es)|contact(?:e|en|es)|molest(?:e|en|es)|text(?:ee|een|ees))(?= (?:mas|nada|ya|por favor|nunca|mensajes?|textos?|correos?|emails?|please)|$)',
    true,
  ),
  rule(
    'ambiguous',
    '(?:no|ya no|nunca) (?:me|nos) (?:escrib(?:a|an|as)|mand(?:e|en|es)|envi(?:e|en|es)|llam(?:e|en|es)|contact(?:e|en|es)|molest(?:e|en|es))|no (?:me|nos) interesan?$|no estoy interesad[oa]$',
  ),
  rule(
    'clear',
    '(?:deja|deje|dejen|dejar|pare|paren|para) de (?:escrib|mand|envi|llam|contact|molest|text)[a-z]*|no (?:mas|quiero(?: mas| recibir| sus| estos){0,2}) (?:mensajes|textos|llamadas|correos|emails)|dej(?:a|e|en)me en paz|d(?:ar|e|en)(?:me)? de baja',
  ),
  rule(
    'clear',
    '(?:quite|quita|quiten|saque|saca|saquen|borre|borra|borren|elimine|elimina|eliminen)(?:me|nos|r me)(?: (?:de (?:la|su|tu|esta|sus)|por favor)|$)|numero equivocado|equivocad[oa] de numero',
  ),

  rule(
    'clear',
    'no quiero que (?:me|nos) (?:escrib|mand|envi|llam|contact|molest|text)[a-z]*|(?:borr|elimin|quit)(?:e|en|a) mi (?:numero|nombre|telefono)|equivoc(?:o|aste|aron) de numero',
  ),
  rule('ambiguous', '^no molest(?:ar|e|en)$'),
  // It may be meant so: the gate closes and a human looks.
  rule(
    'ambiguous',
    '(?:not|no longer|never)(?: really| at all| even| that| currently){0,2} interested(?! in (?!(?:selling|buying|moving|your|this|these|any|anything(?! (?:over|under|above|below|near|in|with|without|bigger|smaller))|working|talking|it|you|listing|real estate|hearing)\\b))',
  ),
  rule(
    'ambiguous',
    '(?:reporting|report|block|blocking|blocked|sue|suing) (?:you|this|your)(?! (?:house|home|property|year|month|week))|this is (?:spam|harassment|a scam|illegal)|^harassment$|harass(?:ing)? (?:me|us)|tcpa|fcc|fuck you|screw you|shut up|cease|give it a rest|get off my phone|im done with (?:you|this|these)|go to hell|stfu',
  ),
  rule(
    'ambiguous',
    '(?:quit|end|cancel) (?:it|this|that|all|everything|these|(?:this|the) conversation)$|quit it|cancel (?:my )?(?:subscription|membership)|enough (?:already|with (?:the|these|this|your)|of (?:this|these|your)|texts|messages)',
  ),
  rule(
    'ambiguous',
    '(?:this|these|that) stop$|^(?:\\w+ ){0,2}stop(?: \\w+){0,1}$|^(?:please |just |ok |hey ){0,2}stop',
  ),
  rule(
    'ambiguous',
    '(?:please|you|must|needs? to|has to|have to|got to|gotta|make (?:it|this|them)|just|and|now|ever|should|would|asked|told|want|wish)(?: \\w+){0,3} stop',
  ),
  rule(
    'ambiguous',
    'stop(?: \\w+){0,1} (?:it|this|that|these|those|now|all|everything|already|immediately|asking|wasting|trying|pushing|selling|following|stalking|pressuring|lying|playing|sending|getting|receiving|sharing|hearing)',
  ),
  rule(
    'ambiguous',
    '^(?:(?:report|its|it is|more|a) ){0,3}(?:spam|scam|scammers?|spammers?|phishing)$|^(?:block|blocked|youre blocked|you are blocked)$',
  ),
  rule(
    'ambiguous',
    '^(?:(?:i|we|have|has|there is|ive|got|really|absolutely|currently) ){0,4}no interest(?: (?:in|at) .*)?$|(?:number|phone) (?:doesnt|no longer) belongs?',
  ),
  rule(
    'ambiguous',
    '^(?!(?:where|when|how|what|which|does|do|did|will|is|can|if|then) )(?:\\w+ ){1,9}(?<!\\b(?:i|we|they|it|he|she|rain|prices|rates|to|where|not) )stop$',
  ),
];
