import { type OptOutRule, rule } from './opt-out-rule.ts';

/** Who complains that we do not stop says stop; who says "don't stop", or speaks of somebody else, does not. Tried first. */
export const negated: readonly OptOutRule[] = [
  rule('ambiguous', 'asks-how', 'Asks how to opt out: it may be meant so.', [
    '(?:how do i|do i|can i|should i|if i|where do i)(?: just)? (?:reply|text|type|say|send)(?: the word)? stop(?: to \\w+(?: out)?)?',
  ]),
  rule('ordinary', 'our-own-line', 'Our own opt-out line, quoted or forwarded: the person did not write it.', [
    '(?:please |or |just |you can |you may ){0,2}(?:reply|text|txt|send|respond|type)(?: back)?(?: with)?(?: the word)? (?:stop|alto|unsubscribe|end|quit|cancel) (?:(?:to|2) (?!you\\b|your\\b|this\\b|them\\b|these\\b|and\\b|but\\b)\\w+|for (?:no more|none|opt out)|if you|at any time|anytime|and we)(?: (?!stop|alto|unsubscribe|please|remove|no\\b|take|leave)\\w+){0,6}',
    '(?:to (?:opt out|unsubscribe|stop|end|cancel|no longer receive|not receive|be removed)|(?:if|when) you (?:would rather|prefer|want|wish|no longer|dont|would like|would prefer)|opt out at any time|rather not hear from us)(?: \\w+){0,12} (?:reply|text|txt|send|respond|type|click|tap|visit)(?: with)?(?: the word)?(?: stop| here| below| unsubscribe| the link)?',
    '(?:responda|responde|envie|envia|conteste|contesta)(?: con)?(?: la palabra)? (?:alto|stop|cancelar|baja) para(?: \\w+){0,6}',
    '^(?:please )?(?:click|tap|press)(?: here| below| (?:on )?the link(?: below)?)? to (?:unsubscribe|opt out|be removed)(?: \\w+){0,6}',
    '(?:you|recipients) (?:can|may) (?:unsubscribe|opt out)(?: from \\w+ \\w+)? (?:at any time|anytime|below|here)',
    '(?:you|youve|you have) (?:have )?(?:successfully )?(?:been )?unsubscribed(?: (?:and|from|you|will|not|no|longer|receive|any|more|messages|texts|this|number|reply|start|to|resubscribe)){0,16}|you will (?:not|no longer) receive(?: \\w+){0,5}|no more messages will be sent(?: \\w+){0,4}',
    '(?:manage|update) (?:your )?(?:email )?(?:preferences|subscriptions?)(?: or)? unsubscribe|unsubscribe (?:here|privacy policy|view in browser)',
    '(?:msg|message) and data rates may apply(?: \\w+){0,4} stop(?: to \\w+)?',
  ]),
  // What sounds like a refusal to stop is a demand to stop when it is said to us.
  rule('clear', 'you-do-not-stop', 'Complains that we go on although they asked us to stop.', [
    '(?:if|why|when|unless|until) (?:you )?(?:dont|wont|cant)(?: you| just| please){0,2} (?:stop|quit) {texting}',
    '(?:if|why|when|unless|until) (?:you )?(?:dont|wont|cant)(?: you| just| please){0,2} (?:remove|take) {me}',
    '(?:if|why) (?:you )?(?:dont|wont|cant)(?: you| just| please){0,2} leave (?:me|us) alone',
    '(?:if|or|unless|until) you (?:dont|wont) (?:stop|quit)$|why (?:wont|dont|cant) you(?: just| please| ever)? (?:stop|quit)$',
    '(?:you|you people|you guys|this bot) (?:just )?(?:wont|dont|never|cant|havent|didnt|refuse to) (?:stopped|stop|quit) {texting}',
    '(?:keep|kept|continue|still|constantly|always) {texting}(?: {me})?(?: \\w+){0,4} (?:after|even though|despite|when) (?:i|we|me|my)(?: \\w+){0,4} (?:said|told|asked|texted|replied|saying|telling|asking|opted|unsubscribed|requests?|stop|no)(?! (?:yes|interested))',
    'why (?:are|do|am|is)(?: you| i| this number){0,2}(?: still| always| keep| constantly| continuing to){1,2} (?:getting|receiving|{texting}|{verb})(?: {me})?(?: after| when| if| even| these| your| texts| messages)?(?: \\w+){0,4}(?: stop| unsubscribed| opted out| told you| asked you| said no)',
  ]),
  rule(
    'ambiguous',
    'you-do-not-stop-unsure',
    'Asks why or whether we do not stop, of what is not said.',
    [
      '(?:if|why|unless|until) (?:you )?(?:dont|wont|cant)(?: you| just| please| ever){0,2} (?:stop|quit)(?! (?:by|in|at|over|smoking|working|paying))',
    ],
    { refusal: true },
  ),
  rule('clear', 'already-said-stop', 'Says that they asked us to stop before.', [
    '(?:i|we|ive|weve)(?: already| just| ve| have| literally| clearly| even){0,2} (?:said|texted|replied|wrote|typed|sent|told you(?: people| guys| all)?|asked you(?: people| guys| all)?|responded)(?: (?:to|you|\\w+ times|already|multiple|several|many|times|a|million|please|before|twice|back)){0,5} (?:stop|unsubscribe|opt out|quit|no more|leave me alone|remove me|take me off)(?! (?:by|in|at|over))',
    'what (?:(?:dont|cant|didnt) you|do you not) (?:understand|get|know|comprehend|see|hear)(?: \\w+){0,3} (?:stop|no|leave me alone|remove me|unsubscribe)(?: \\w+){0,2}$',
    '(?:how many|what part of|which part of)(?: \\w+){0,8} (?:stop|unsubscribe|leave me alone|remove me|no more|dont (?:text|call|contact))(?! (?:by|in|at|over|are|is|does|do|signs?|lights?)\\b)',
    '(?:told|asked) you (?:to )?(?:stop|quit) {texting}',
    '(?:i|we)(?: have| already| ve){0,2} (?:asked|told|requested|begged)(?: you| you people| you guys)?(?: \\w+){0,3} (?:not to|to not|dont) (?:{verb}|{pest})',
    '(?:said|texted|replied|sent|typed) stop(?: \\w+){0,2} (?:times|already|before|yesterday|last week|last month|twice|weeks ago|days ago)',
  ]),
  rule('clear', 'asks-us-not-to', 'Asks that we do not write or call.', [
    // A number or an address, written out: "remove 813 555 0142 from your list".
    '(?:remove|take|drop|delete|erase|scrub|strike|unsubscribe)(?: the)?(?: number| phone| email| address| cell){0,2} (?:\\+?\\d[\\d ]{5,15}|(?:\\w+ ){1,4}(?:com|net|org|edu)) (?:from|off|out of) (?:of )?(?:your|this|the|all|any)(?: \\w+){0,2} {list}',
    '{dont} (?:ever )?{verb}(?: to)? \\d[\\d ]{5,15}',
    '(?:remove|take|drop|delete|erase|scrub|strike|cross|pull|get|keep|clear)(?: (?!address|listing|house|showing|price)\\w+){0,4} (?:numbers?|names?|info|information|details|contacts?|phones?|emails?|mine|ours|line|household|everyone|everything)(?: (?!is|was|for)\\w+){0,2} (?:from|off|out of) (?:of )?(?:your|this|that|these)(?: \\w+){0,2} {list}',
    '(?:remove|take|drop|delete|erase|scrub)(?: \\w+){1,4} (?:from|off|out of) (?:of )?your (?:mailing|contacts?|call|calling|text|texting|email|marketing|phone|sms) ?(?:list|lists|database|system)?|(?:remove|delete|erase|scrub)(?: \\w+){1,4} from your (?:database|system|records)',
    '(?:remove|take|drop|delete) (?:my|our|this) (?:\\w+ )?(?:house|home|property|address|household|family|business|company|mother|mom|dad|father|husband|wife|son|daughter) (?:from|off)(?: of)? your(?: \\w+){0,2} (?:list|lists|database|system|records)',
    '(?:ask|asking|asked|request|requesting|requested|prefer|demand|demanding|insist|require|beg|begging|appreciate|like)(?: \\w+){0,3} (?:that )?you (?:dont|not|never|no longer|refrain from|didnt)(?: (?:ever|please))? (?:{verb}|{pest}|{texting}|send)(?! (?:the|my|him|her|them|it) )',
  ]),
  rule('clear', 'asks-why-not', 'Asks why we cannot stop, or how we could: said to us, it is a demand.', [
    '(?:cant|wont|couldnt|wouldnt|dont) you(?: (?:just|please|ever|simply|all))* (?:(?:stop|quit)(?: (?:{texting}|already|it|this|please|sending|with)|$)|(?:leave|remove|delete) (?:me|us|my)|take (?:me|us|my (?:name|number))|lose my)',
    'didnt (?:i|we)(?: (?:already|just|clearly))? (?:say|tell|ask|text|type|reply|write)(?: (?:you|people|guys|to|all))* (?:stop|unsubscribe|no more|leave|remove|quit|not)',
    '(?:best|better|great|nice|good|wonderful|awesome|grateful|thankful|happy|happier|appreciate it|appreciated|love it|like it|helpful|lovely|ideal|sure|ensure|to it|make it so) (?:if|that) (?:you|your \\w+|nobody|no one)(?: (?:would|could|just|all|please|can|will))* (?:dont|didnt|doesnt|never|not|no longer|stopped|stop|quit|wouldnt|left|leave|removed?|deleted?|took|take|lost|contacts|texts)(?: (?:ever|please))* (?:{verb}|{pest}|{texting}|send|sending|me|us|my)',
    '(?:not to|never to) (?:ever )?(?:(?:{verb}|{pest}) (?:{me}|again|anymore)|send (?:me|us|any|anything|these|anymore)|use my)',
    '(?:tell|have|get|ask|instruct|let) your (?:\\w+ )?(?:agents?|team|people|bots?|robots?|computers?|system|office|boss|broker|company|assistants?|software|ai|staff|guys?|friends?|coworkers?|colleagues?|dispatcher|machine)(?: \\w+){0,2} (?:stop|quit|leave|remove|delete|take|lose|not|knock|dont)',
    '(?:consider|treat|take) (?:this|me|it)(?: \\w+){0,4} (?:stop|opt(?:ed)? out|unsubscrib\\w*)(?: (?:request|notice|message))?$|if you (?:could|would|can|will)(?: please| just| all)* stop(?= (?:that|it|this|please|id|i|texting|me)|$)',
    '(?:forbid|forbidden|prohibit|prohibited|ban|banned|bar|barred)(?: you)? (?:from|to) (?:{texting}|{verb}|ever)',
  ]),
  rule('ordinary', 'told-somebody-else', 'Tells what somebody else was asked to do, or should do.', [
    '(?:asked|told|tell|telling|begged|want|wanted|need|wish|hope|got|had|make|get)(?: (?:the|my|our|that|those|another|other|his|her|their|this|these|all|both|old|previous|listing|some)){0,3} {other}(?: \\w+){0,2} (?:to |would |should |must |could )?(?:not )?(?:stop|quit|remove|take|delete|leave|cancel|end|unsubscribe|lose|text|call|contact|email|{texting})(?: {texting})?',
    '(?:make|let|have|get|help|see|heard|saw|watch) (?:him|her|the \\w+) stop',
  ]),
  rule('ambiguous', 'somebody-else-should-stop', 'Says that others should stop; we may be meant.', [
    '{other}(?: to| should| must| would| just| need to| needs to){1,2} (?:stop|quit) {texting}',
  ]),
  rule('ordinary', 'i-stop-writing', 'Says that they themselves will stop writing.', [
    '(?:ill|i will|i should|i promise to|i can|id better|let me|we will|well) (?:\\w+ )?(?:stop|quit) (?:{texting}|asking)',
  ]),
  rule('ordinary', 'do-not-stop', 'Negated: asks us, or says of themselves, not to stop.', [
    '(?:dont|wont|cant|never|didnt|doesnt|couldnt|wouldnt|not|no need to|no reason to|accidentally|mistakenly|by mistake|by accident|without|hate to|afraid to|hard to|try not to)(?: (?:want|have|need|mean|meant|intend|plan|wish|going|ever|really|you|to|say|text|send|type|just|me|think|we|i|should|trying|gonna|dare|please|hit|click|like|asking|saying|telling)){0,5} (?:stop\\w*|quit|unsubscribed?|remove (?:me|us)|take (?:me|us) off|opt(?:ed)?(?: me)? out|leave me alone|cancel|end this|lose my number|delete my number|lose me|forget me|revoke)(?: {texting})?',
    '(?:until|till|unless|when|once|before|after) i (?:say|tell you(?: to)?|text|reply) (?:stop|quit)',
    '(?:if|in case) (?:i|we)(?: ever)?(?: want| need| decide| wanted)? to (?:stop|unsubscribe|opt out|cancel)',
    '(?:stop|opt out|unsubscribe|stop message|stop text) (?:was|is) (?:an accident|a mistake|a typo|not for you|meant for|an? autocorrect)',
    '(?:sent|texted|typed|hit|wrote|said|replied|clicked|pressed)(?: the word)? (?:stop|unsubscribe)(?: \\w+){0,2} (?:accidentally|by accident|by mistake|in error|on accident)',
    '(?:wrong|mistaken|accidental) stop',
  ]),
  rule('ambiguous', 'own-line-unsure', 'Ends with our own opt-out line: it may be meant so.', [
    '(?:reply|text|type|send|write|say|respond|respond with|reply with) (?:the word )?stop(?: to (?:opt out|unsubscribe|cancel|end|quit))?$',
  ]),
  rule('ordinary', 'others-do-not-write', 'Speaks of who does not write or call, and asks for nothing.', [
    '(?:if|when|since|because|and|but|that|in case) (?:you|he|she|they|someone|nobody|i) (?:dont|never|didnt|doesnt) {verb}(?: {me})?',
    '(?:why|how come) (?:(?:did|do|dont|wont|didnt|cant) )?(?:you|i|we|they)(?: not| never| just)? (?:{verb}|stop)',
    '(?:i|we|they|he|she|people|you) never {verb}(?: {me})?',
    '(?:i|we|they|people|he|she) (?:dont|doesnt) {verb}',
    '(?:you|he|she|they) (?:dont|doesnt|didnt) {verb} {me} (?:back|so|enough|anymore lol|on time)',
  ]),
];
