import { type OptOutRule, rule } from './opt-out-rule.ts';

/** How a wish goes on without being limited to some houses, some hours or some topic. */
const noLimit =
  '(?=$| (?:please|thanks|thank|(?:i|im|ive|we|were|weve)(?! (?:\\w+ )?(?:saw|seen|viewed|toured|visited|cant|couldnt|dont like|didnt like|hate|passed|rejected|said|looked))|at all|anymore|again|now|ever|already|period|as|because|since|and (?:take|remove|stop|dont|lose|delete)|to (?:me|us|my|this)|by (?:text|email)|from you|lol|bro|for good)(?![a-z0-9]))';

/** Wishes that everyday rules would otherwise take apart; tried before those. */
export const firstWishes: readonly OptOutRule[] = [
  rule('clear', 'stop-listings', 'Wants no more listings or offers at all; a limit to some of them is another wish.', [
    `(?:stop|quit|cease|end|no more|no need for|dont (?:want|need|send))(?: (?:with|of|sending|texting|emailing|giving|showing|getting|receiving|me|us|the|these|those|your|all|any|anymore|more|new|damn|stupid|house|home|property|stuff|about|w|cash|lowball)){0,5} (?:listings|houses|homes|properties|offers)${noLimit}(?<!(?:any|no more|more|the|dont want|dont need|all|getting|receiving) (?:offers|houses|homes|properties))`,
  ]),
  rule('clear', 'stop-doing-it-to-me', 'Says to stop doing it to them, whatever it is called.', [
    '(?:stop|quit) (?!sending|texting|messaging|calling|contacting|emailing|mailing|writing|showing|making|giving|getting|telling|teasing|tempting|killing|reminding|helping|outbidding|finding|spoiling|keeping|letting|taking|having|beating)[a-z]{3,}ing (?:me|us|my (?:phone|number|inbox|family|email|line|cell|privacy|voicemail)|this (?:number|phone|line))(?! (?:from|at|if|when|about the|on the|in the))',
    '(?:stop|quit)(?: to)? (?:send|text|message|contact|write)(?: (?:me|us|to me|to us|my \\w+|message|messages|text|texts|sms|this number|please|now))*$',
    '^(?:please |i |me |sorry ){0,2}(?:no|not)(?: more)? (?:want|wants|send|text|message|contact|call|write)(?: (?:me|us|to me|message|messages|text|texts|sms|calls?|to this number|anymore|please|again|more|any))+$',
  ]),
  rule('clear', 'stop-alerts', 'Ends the alerts, which are what we send.', [
    `(?:stop|cancel|end|turn off|no more|unsubscribe(?: me)? from|quit|discontinue|shut off|disable)(?: \\w+){0,3} (?:listings?|property|home|house|search|market|price drop|new home|real estate) (?:alerts?|emails?|texts?|messages?|updates?|notifications?|newsletters?|blasts?|spam)${noLimit}`,
    '(?:want|like|need|ask\\w*|request\\w*|prefer|wish|demand|please|how do i|can i|could i|may i|thought i|supposed to|should)(?: \\w+){0,3} (?:be|get|been|was|were|am) (?:\\w+ )?unsubscribed',
    '(?:he|she|they|someone|somebody|whoever|kid|son|daughter|ex)(?: \\w+){0,4} (?:gave|given|sent|put|entered|typed|used|listed|wrote)(?: down)? (?:you|your \\w+) (?:the |a |an )?wrong (?:number|person|info)',
  ]),
  rule('clear', 'leaves-everything', 'Leaves one list and all others with it.', [
    '(?:unsubscrib\\w*|remove|take|opt)(?: \\w+){0,9} (?:and|plus|or) (?:everything|anything|all|any)(?: (?:else|(?:of )?(?:your|the|these) \\w+|others?(?: \\w+)?|the rest|lists|emails|texts|mailings))$',
  ]),
  rule('clear', 'makes-them-stop', 'Asks that the messages be made to stop.', [
    '(?:texts|messages|emails|notifications|alerts|annoying|these)(?: \\w+){0,4} make (?:it|them|this|these) stop$|^(?:por favor )?para (?:ya )?(?:los|sus|tus|estos|con los) (?:mensajes|textos)$',
  ]),
  rule('ordinary', 'others-do-not-leave', 'Complains of somebody else who does not leave them alone.', [
    '{other}(?: \\w+){0,3} (?:wont|doesnt|dont|didnt|never|cant|wouldnt|wouldn t)(?: \\w+)? (?:leave|stop|quit)(?: (?:me|us|my|alone|calling|texting|asking|emailing)){0,3}',
    '{other}(?:s|s agent)?(?: \\w+){0,2} (?:is|are|was|were|keeps?|been|started) (?:\\w+ )?{texting}(?: {me})?(?! (?:for|from) you)',
  ]),
];

/**
 * What the narrower rules have left: a verb of ending, refusing or removing and what it is done to, with any words between. Everyday uses are
 * gone by now.
 */
export const clauses: readonly OptOutRule[] = [
  rule('clear', 'only-remove', 'Says "remove" or its like and nothing of what, behind a reason or a courtesy.', [
    '^(?:(?:no|nope|nah|yes|yeah|ok|okay|please|thanks|thx|ty|hi|hello|just|so|then|and|but|again|sorry|go ahead and|you can|you may|feel free to) ){0,3}(?:remove|unsubscribe|delete|erase)(?: (?:please|thanks|thank you|now|immediately|asap|already|it|this|these|from (?:list|drip|crm|system|database|all|everything|here))){0,3}$(?<!^(?:remove|delete|erase) (?:it|this|these))',
    '(?:please|pls|just|thanks|thx|interested|looking|market|number|person|business|house|home|name|here|not me|agent|moved|buying|selling) (?:please )?(?:remove|delete|unsubscribe)(?: (?:please|thanks|now|asap|immediately))?$',
    '(?:remove|delete|unsubscribe|erase|block|take off|drop)(?: the)?(?: number){0,1} \\+?\\d[\\d ]{6,15}(?= |$)',
    '(?:please|kindly) (?:refrain|desist|cease|discontinue)$|(?:cross|scratch|strike|x|count|leave|opt) (?:me|us) (?:off|out)(?: (?:please|of (?:these|this|your) (?:texts?|messages?|emails?|lists?|mailings?|chat|thread)|the list|this list|your list)| (?:of )?(?:your|future|any|all) \\w+)*$|^(?:please )?(?:unfollow|mute|block|drop|forget|unfriend) (?:me|us)(?: please)?$',
  ]),
  rule('clear', 'off-our-records', 'Wants what we keep of them gone from what we keep it in.', [
    '(?:remove|take|get|drop|pull|leave|keep|delete|erase|wipe|scrub|clear|omit|cut|purge|unenroll|disenroll|suppress|pluck|yank|kick)(?: \\w+){0,4} (?:me|us|numbers?|names?|info|information|contact|data|email|phone)(?: \\w+){0,2} (?:off|from|out of|of)(?: (?:of|your|the|this|these|all|any|that|whatever|whichever|every)){1,3}(?: \\w+){0,5} (?:lists?|newsletters?|mailings?|emails|texts|messages|drip|crm|blasts|contacts|records|systems?|database|outreach|automations?|campaigns?|sequences?|correspondence|notifications|communications?|marketing|everything|rolodex|phone)(?! (?:for|about|of) )',
    '(?:remove|take|get|delete|drop)(?: \\w+){0,2} numbers? (?:off|from|of)(?: \\w+){0,2} lists?$',
    '(?:want|need|like|have|get|see|request\\w*|asking|ask)(?: \\w+){0,4} (?:number|name|info|information|contact|data|email|phone|details)(?: \\w+){0,2} (?:removed|deleted|erased|scrubbed|purged|wiped|taken off|taken out|blocked)(?! (?:from|on|in) (?:the|my|that|our) )',
    '(?:rather|prefer)(?: to)? not (?:be|stay|remain) (?:on|in|part of)(?: \\w+){0,3} {list}|(?:lose|delete|erase|forget|toss|burn|remove) the (?:number|digits)(?: please| thanks| now|$)|(?:my|our|this) (?:number|info|name|data|contact)(?: \\w+){0,8} (?:get rid of it|removed at once|has to go|needs to go|needs to be gone)$',
    '(?:want|prefer|like|expect)(?: you)? (?:you )?(?:to )?not (?:keep|have|store|save|use)(?: \\w+)? (?:number|info|data|contact)|(?:shouldnt|not supposed to|no reason to|no business) (?:even )?hav(?:e|ing) (?:my|this) (?:\\w+ )?(?:number|info)|dont (?:keep|save|store) (?:my|this) (?:\\w+ )?(?:number|info|data|contact)(?! (?:on the|in the|with))',
  ]),
  rule(
    'clear',
    'imperative-on-records',
    'Says to strike, take out or leave out a number, a name, or themselves and others.',
    [
      '(?:remove|delete|erase|purge|expunge|eliminate|exclude|strike|scrub|omit|wipe|take off|take out|opt out|opt)(?: (?:all|any|of|both))*(?: (?:this|my|our|both|these|all|his|her|their|moms|dads))(?: (?:of|my|our|these|those|phone|cell|email|contact|personal|entire|business|work|home|mobile|old)){0,3} (?:numbers?|names?|info|information|data|address(?:es)?|emails?|phones?|contacts?|details|records?|entry|profile|lines?)(?! (?:from|off|on|in|at|to|for) (?:the|my|that|a|our|his|her|their) (?!(?:\\w+ )?(?:lists?|database|system|texts|campaigns?)\\b)| and (?:use|put|add|replace|call|text)| (?:out )?to )',
      '^(?:please |just |so |and |ok |hi |hello )*(?:remove|delete|take off|take out|take)(?: the| that)? (?:phone|cell|email)? ?(?:numbers?|info|name)(?: (?:off|out))?(?: (?:please|now|thanks|asap|immediately))*$',
      '(?:number|name|info|information|email|phone|data)(?: \\w+)? (?:needs? to|has to|have to|must|should|got to|better)(?: \\w+)? (?:come|go|be|get)(?: (?:off|out|away|removed|deleted|erased|taken off|struck|purged))+(?! (?:the|my|that) )',
      '(?:take|remove|leave|drop|exclude|omit|unsubscribe|get|pull|cut|delete|eliminate|opt)(?: (?:us both|both of us|me and {kin}|{kin} and me|us all|all of us|everyone here|everybody here|{kin}|my whole family|our family))(?: too)?(?: (?:off|out|from|of)(?: (?:of|your|this|the|these|all|any|future)){0,3}(?: (?:\\w+ )?(?:lists?|system|database|texts|messages|mailings?|calls))?)?(?= please| now| thanks| thank|$)',
      '(?:eliminate|exclude|omit|unenroll|disconnect|detach|uninvite|expunge|purge) (?:me|us)(?: from(?: \\w+){1,4})?$|(?:get|want|take|have) (?:my|this|our) (?:number|name|info|phone|email) (?:off|out) (?:of )?(?:there|here|that|it|this|whatever|everything|your \\w+)|{dont} (?:add|put|include|place|enroll|keep|sign) (?:me|us|my \\w+)(?: up)? (?:to|on|in|for)(?: (?:any|anymore|your|this|that|more|other|the|another|future|a))*(?: (?:mailing|text|email|marketing|call|contact))? (?:lists?|campaigns?|mailings?|texts|messages|database|drip|newsletters?)',
      'confirm(?: (?:that|when|once))?(?: (?:ive|i have|i am|im|my \\w+|this|it|were|we have|number|the))*(?: (?:has|have|is|was))?(?: been)? (?:removed|deleted|unsubscribed|opted out|taken off)|^(?:remove|delete|unsubscribe)(?: me)?(?: and)? confirm|(?:shouldnt|dont want to|not supposed to|dont need to|dont belong|never asked to) (?:even )?(?:be )?on (?:this|your|any|that)(?: \\w+){0,2} list',
      '(?:signed|put|added|gave|entered|used)(?: \\w+){0,8} (?:as a (?:joke|prank)|by mistake|by accident|without asking|in error)(?: \\w+){0,2} (?:remove|delete|unsubscribe|take)(?: (?:it|me|this|please|off))*$',
    ],
  ),
  rule('clear', 'out-of-the-list', 'Wants out of the list by whatever verb.', [
    '(?<!\\b(?:text|call|send|email|show|give|pick|message|tell|got|is|for|help|let|forward|reach|add|put) )(?:me|us|my (?:name|number|info|email|contact)) (?:off|from|out of)(?: (?:of|your|this|that|these|whatever|the|all|any)){1,3}(?: \\w+){0,3} (?:lists?|database|systems?|crm|texts|messages|mailings?|blasts?|contacts|campaigns?|computers?|app|program|rotation|queue|thing|robot)(?! (?:for|about|of) )',
    '(?:cross|scratch|strike|take|mark|x) (?:this|my|that|our) (?:number|name|contact|one|phone) (?:off|out)(?= |$)(?! (?:the|of the|my))|(?:removing|deleting|unsubscribing|erasing) (?:me|us|my (?:name|number|info\\w*|contact))(?! (?:from (?:the|my)|as|on))|(?:number|phone|inbox|line|email|mailbox) is (?:closed|off limits) to (?:you|solicit\\w*|marketing|realtors)',
    '(?:take|get|remove|drop) (?:me|us|my (?:name|number|info)) (?:off|from|out)(?: of)? (?:all|everything|whatever|any|every|again|both)(?: (?:of )?(?:them|these|it|this|lists?|please))*(?= |$)',
    '(?:not|dont|never|aint)(?: \\w+){0,4} (?:be |stay )?on (?:your|this|any|these|anyones|nobodys)(?: \\w+){0,2} lists?|(?:not|dont|never|aint)(?: (?:trying|want|looking|need|like|wish|care))+(?: to)? (?:be )?(?:get|getting|receive|receiving|read|reading)(?: \\w+){0,2} {letters}(?! (?:about|from (?:the|my)))',
    '(?:so|that|sure) (?:i|we) (?:dont|stop|no longer|never)(?: (?:want to|have to|ever|keep))* (?:get|getting|receive|receiving)(?: \\w+){0,2} (?:these|them|this|{letters}|anymore)(?: (?:anymore|again|ever))*$',
    '(?:make|wish|want|if|let|need)(?: \\w+){0,2} (?:these|this|it|them|you|texts|messages)(?: \\w+){0,2} (?:go|went|going) away|leave (?:people|folks|everyone|everybody|others) (?:the f )?alone|(?:im|so|totally|were) over (?:these|your|all)(?: \\w+)? {letters}|(?:all|they|every one|both)(?: of (?:them|you|these))? (?:need|needs|have|has|must|got)(?: to| got to)? stop$',
    '(?:undo|cancel|reverse|end|void)(?: \\w+){0,2} (?:signup|sign up|enrollment|opt in)(?! (?:for|to|sheet) )|(?:not|isnt|never)(?: meant| to be used)? for (?:marketing|solicit\\w+|sales calls|advertising|spam|promotions?|telemarket\\w+)|delet\\w+(?: \\w+){0,3} and block\\w*|dont make me (?:block|report|call (?:the|my|a)|get (?:a|my)|sue|file|contact)|about (?:being|getting) (?:removed|taken off|unsubscribed)(?! from the)',
    '(?<!\\b(?:have|has|had|are|is|got|was|were|be|say|need|any|theres|even) )no more(?: (?:please|thanks|thank you|thx|now|ok))*$(?<!^no more)|(?:doesnt|dont|wont) want to hear (?:from you|anything|it|any of|this)|^(?:please |just |you can )*give (?:it )?up$',
  ]),
  rule('clear', 'spares-others', 'Asks us to leave those in peace who hold the number.', [
    '(?:{dont}|stop|quit|cease)(?: ever| please)? (?:{verb}|{pest}|{texting}|harassing|asking for)(?: to)? {kin}(?: (?:again|anymore|ever|any longer|at all|either|too|please|in the future))+(?= |$)',
  ]),
  rule(
    'ambiguous',
    'spares-others-maybe',
    'Asks us not to write to somebody of theirs; whether the number is theirs is not said.',
    ['^(?:please |and |also )*(?:{dont}) (?:{verb}|{pest})(?: to)? {kin}$'],
  ),
  rule('clear', 'no-means-no', 'Says that they said no, or stop, more than once.', [
    '(?:le|les) dije que (?:pararan|parara|ya no|no me)|cuantas veces(?: \\w+){0,6} que no$|que parte de(?: que)? no(?: |$)',
    'no means no(?! with)|(?:what|which) part of no(?! \\w+ (?:hoa|pets))|how many (?:more )?(?:times|ways)(?: \\w+){0,7} (?:no|stop|remove|unsubscribe|quit)$|do not take no for|wont take no for',
    '(?:i|ive|we|weve)(?: \\w+){0,2} (?:asked|requested|told|begged|tried)(?: (?:you|people|guys|again|already|before|once|twice|repeatedly|politely|nicely|several|many|multiple|times|\\d)){0,4} to (?:be |get |have been )?(?:removed|taken off|unsubscribed?|opted out|opt out|deleted|left alone)(?! (?:from (?:the|that|my)|is|are|before|and))',
    '(?:told|asked|begged|warned|telling|asking|begging|tell|ask|beg) you(?: \\w+){0,3} (?:to |not to )?(?:stop|quit|cease|(?:take|remove|delete|leave|lose|unsubscribe) (?:me|us|my|this number|our))(?! (?:by|in|at|over|from) )',
    '(?:said|promised|claimed|swore|told me)(?: you)?(?: \\w+){0,2} (?:would|will|were going to|had|id be|wed be|to)(?: be)? (?:remove[d]?|take|taken|stop|delete[d]?|unsubscribed?)(?: (?:me|us|my))?(?! (?:by|the|that|paying))',
    '(?:second|third|fourth|fifth|sixth|tenth|2nd|3rd|4th|5th|6th|10th|\\d+th|hundredth|millionth|nth|last|final) (?:time|request)(?: \\w+){0,4} (?:ask\\w*|request\\w*|tell\\w*|told|say\\w*|said)(?: \\w+){0,3} (?:stop|removal|removed|taken off|off|unsubscribe|quit|no|left alone)$',
  ]),
  rule('clear', 'nobody-wants-these', 'Says that nobody there wants or takes messages.', [
    '(?:nobody|no one|noone|none of us|not one of us|no body)(?: \\w+){0,4} (?:wants?|needs?|asked for|likes?|wanted|cares? (?:for|about)|reads?|requested)(?: \\w+){0,2} (?:{letters}|these$|this$)',
    '(?:want|need|get|send|accept|wants|expect|desire)(?: me| us)? (?:no|zero|0) (?:more |further )?{letters}(?! (?:about|from (?:the|my)))',
    '(?:number|line|phone|we|household|i|mailbox|inbox)(?: \\w+)? (?:do not|dont|doesnt|not|never|cant|wont) (?:accept|take|want|allow|permit|welcome|consent to|appreciate)(?: \\w+){0,2} (?:solicitations?|soliciting|solicitors|marketing|texts|spam|advertis\\w+|robotexts?|mass texts|promotions|unsolicited \\w+)',
    '(?:not|isnt|no longer|never) (?:a|the|my)? ?(?:\\w+ )?(?:number|phone|line|email|address)(?: \\w+){0,1} (?:you|to|for)(?: (?:should|can|may|be|to|ever)){0,3} (?:{texting}|{verb}|{letters})(?! (?:me|him|her|them) (?:at|on|about))',
    '^(?:(?:these|your|the|such|all|texts?|messages?|emails?) ){0,3}(?:are |is )?(?:very |totally |completely )?(?:not wanted|unwanted|unwelcome|not welcome|unsolicited and un\\w+)(?: (?:here|anymore|please|thanks))*$',
  ]),
  rule('clear', 'keep-it-to-yourself', 'Says to keep, or to take elsewhere, what we send.', [
    'keep (?:your|these|those|this|the|all)(?: \\w+){0,3} to yourself|(?:take|peddle|sell|try|send|push)(?: \\w+){0,4} (?:elsewhere|somewhere else)$|(?:text|bother|annoy|harass|spam|bug|pester|scam|sell to|find|try|go bother|go annoy|go find) (?:someone|somebody|anybody|anyone) else|pick on (?:someone|somebody) else',
    '(?:wasting|waste of) (?:your|my|our|everyones) (?:\\w+ )?(?:time|breath|money|texts)(?: (?:texting|messaging|contacting|with|on) (?:me|us|this|these)\\w*)|save your (?:breath|texts|messages|money)$',
  ]),
  rule(
    'clear',
    'not-another-word',
    'Wants nothing more of us, said with other words between.',
    [
      '^(?:please |just |so |and |now |ok |again |then |seriously )*(?:dont|never|quit|stop|cease|no)(?! (?:forget|worry|hesitate|mind|think|know|have|let|tell|give|see|be|we|i|you|one|get (?:the|your|his)|do|doubt|miss|understand|remember|feel|problem|rush|matter|issue|need to worry|more than|longer than|later|by|in|at|over|sign|loss))(?: (?!if|when|until|till|unless|before|after|but|because|about|for|on|while|lender|agent|seller|buyer|tenant|listing|other|another|the|him|her|them)\\w+){1,5} (?:{texting}|texts|messages|texted|contacted|messaged)' +
        noLimit,
      '{dont}(?: (?:{verb}|or|and|nor|otherwise|ever|attempt to|try to|even|in any way|please)){2,9} {me}(?= (?:again|anymore|ever|at all|by|in any|for any|please)|$)',
      '{dont}(?: \\w+){1,6} (?:or|nor|and) (?:ever )?(?:{verb}|{pest}) {me} (?:again|anymore|ever|further|at all)',
      '(?:stop|quit)(?: (?!by|in|at|over|working|looking)\\w+){1,4} (?:with|by)(?: (?:your|these|the|all|this|stupid|damn|constant|dumb|nonstop|endless|automated)){0,3} (?:texts|messages|calls|emails|spam|texting|notifications|alerts)$',
      '(?:{dont}|stop|quit|cease) (?:ask|asking)(?: me| us)? (?:again|anymore|ever|about (?:my|our|selling|buying|it|this)|if (?:i|we|im|were))',
      '{dont} (?:reply|respond|answer|write|come)(?: back)?(?: to)?(?: me| us| this)?(?: again| anymore| ever| please| at all)$|^(?:please )?dont (?:reply|respond|write) back$',
      '{dont} send(?: (?:me|us|anything|these|this|out))* (?:again|anymore|ever|any longer)(?= |$)|stop sending(?: \\w+){1,4} to (?:my|this|our) (?!old|other|work|lender)(?:\\w+ )?(?:phone|number|cell|email|inbox|house|address)',
      '(?:dont|wont|no longer|not|never)(?: \\w+){0,2} (?:want|care|wish|like|looking)(?: (?:you|to|be|for|keep)){0,4} (?:get|getting|receive|receiving|be sent|being sent)(?: (?:me|us|any|anymore|more|of|from|your|all|the)){0,3} (?:these|this|those|them|{letters})(?: (?:anymore|again|further|please|thanks|at all|ever|from \\w+))*$',
      '(?:want|need|like|request\\w*|ask\\w*|prefer|get|have)(?: \\w+){0,2} (?:{letters}|these|this|it|contact|communication|everything)(?: \\w+){0,3} (?:discontinued|stopped|ended|halted|ceased|turned off|shut off|cut off|terminated|suspended|blocked)(?= |$)|(?:dont|no longer|never|not)(?: \\w+){0,1} (?:want|wish|desire|need|welcome|authorize|seek|invite)(?: for)?(?: (?:any|anymore|more|further|your|all|future|such|other)){0,3} (?:contact|communications?|correspondence|solicitations?|outreach|{ed})|(?:not|never|no longer|rather not|prefer not|dont want|dont wish|refuse|decline|tired|without)(?: (?:to|ever|be|being|get|getting|of))+ {ed}(?! (?:by|about) (?:the|my|lenders?|other|another))|(?:want|need|like|expect|demand|wish)(?: for)? (?:it|this|these|them|you|all this|all of this|the \\w+) (?:to (?:end|stop|cease|quit|be over)|stopped|to leave (?:me|us) alone)(?: (?:today|now|immediately|already|please|asap|at once|right now|for good))*$|(?:this|it|these|they|messages|texts) (?:\\w+ )?(?:has to|have to|needs? to|must|got to|better) (?:stop|end|cease|quit)(?: (?:now|today|immediately|already|please|asap|right now|at once|here))+$|(?:make|let) (?:it|this|them|these|those) (?:please )?(?:stop|end)(?: (?:now|please|already))?$',
      '(?:end|conclude|terminate|close|discontinue|finish|cease)(?: (?:all|our|this|the|your|any|further|future)){1,3} (?:communications?|contact|correspondence|outreach|dialogue)|(?:request|ask|insist|demand|want)(?: \\w+){0,2} (?:all |any )?(?:further )?(?:contact|communications?|correspondence|texts|messages) (?:cease|stop|end)|(?:kill|nix|axe|lose|drop|ditch|scrap|shut down|pull the plug on|cool it with|knock off)(?: (?:the|these|your|all|with|any)){1,2} {letters}|(?:contact|communication|texts|messages|emails|texting|messaging|calls)(?: \\w+)? (?:have got to|has got to|needs? to|must|has to|have to|got to|should|better) (?:\\w+ )?(?:stop|end|cease)|(?:cancel|end|stop)(?: my)? subscription to (?:these|your|this|the) {texts}|(?:never|didnt|dont remember) (?:subscrib\\w+|sign\\w*(?: up)?|opt\\w*(?: in)?|ask\\w*|agree\\w*|consent\\w*|request\\w*)(?: \\w+){0,5} (?:so )?(?:cancel|stop|remove|delete|end|unsubscribe|take|quit)(?: (?:it|this|me|them|these|off|sending|please|now))*$',
      '(?:sick|tired|fed up|done|over it|exhausted|annoyed|had enough)(?: \\w+){0,2} (?:of|with|by) (?:getting|receiving|hearing from|being (?:texted|contacted|called|messaged|bothered|harassed|spammed)|your (?:\\w+ )?{letters})(?: (?:these|this|them|you|from you|all these|all of these|your \\w+|by you|{letters}))*$',
      '(?:further|future|additional) (?:communications?|contact|correspondence)(?: \\w+){0,6} (?:attorney|lawyer|counsel)|you (?:are |re )?(?:have no right|not allowed|not authorized|not permitted|no right) to (?:{verb}|use|keep|have)|(?:not allowed|no right|not authorized|not permitted|no longer authorized|no longer allowed|no longer permitted|not welcome|no longer welcome) to (?:(?:use|keep|have) (?:my|this)|{verb})|no (?:more |longer (?:have |any )*)?permission to (?:{verb})|(?:retain|store|keep) (?:my|our) (?:\\w+ )?(?:data|information|info|number)$|right to be forgotten|(?:right to |request for |data )(?:erasure|deletion)(?: request)?|(?:erasure|deletion) request|permission(?: \\w+){0,5} (?:is|has been) (?:hereby |now )?(?:revoked|withdrawn|denied|over)',
      '(?:respect|honou?r) (?:my|our) (?:\\w+ )?(?:wish(?:es)?|request|privacy|decision|boundaries) and (?:stop|leave|dont|remove)|(?:not|isnt) (?:an? )?(?:invitation|permission|consent) to (?:{verb}|keep)',
    ],
    { limitable: true },
  ),
  rule('clear', 'threat-if-again', 'Says what follows if we write again: 47 U.S.C. 227(b)(3) lets them sue.', [
    '(?:one more|another|next|any more|further|every|each|any future|1 more)(?: \\w+)? (?:texts?|messages?|emails?|msgs?)(?: \\w+){0,9} (?:cops|police|sheriff|fcc|ftc|bbb|attorney general|harassment|charges|restraining|see what happens|regret|sorry|report\\w*|su(?:e|ing)|block\\w*|lawsuit|500|1500|damages|fine|penalty|violation|owe)',
    '(?:{verb}|{pest}) {me} (?:again|one more time|once more|1 more time)(?: \\w+){0,8} (?:see what happens|cops|sheriff|fcc|ftc|bbb|harassment|charges|restraining|damages|sorry|fine|owe|watch|consequences)',
    '(?:lawyer|attorney|police|fcc|ftc|cops|complaint|charges|report\\w*)(?: \\w+){0,7} if (?:i|you|this|these|another)(?: \\w+){0,4} (?:one more|another|any more|again|continues?|keep)',
    'reported? (?:it |this |you |them )?(?:to|as) (?:7726|spam|junk|phishing|(?:a )?scam|my carrier|the (?:carrier|fcc|ftc|authorities|police))(?! ?\\?)|consider (?:yourself|yourselves|this number) (?:blocked|reported|warned|deleted)|(?:adding|added|add|putting|put) (?:you|this|your number)(?: \\w+){0,2} block(?:ed)? list|(?:voy a|vamos a) llamar a la policia',
    '(?:mark\\w*|flag\\w*|report\\w*)(?: (?:this|these|it|you|your|all|number|texts?|messages?|every one))* (?:as|to|in) (?:the |my )?(?:spam|junk|trash)(?: folder)?$|(?:set|mark|change|flag|update|put|list|code|tag|note)(?: \\w+){0,6} (?:dont|no) (?:contact|call|text|disturb)|want no part of (?:this|it|your)|(?:stay|get|keep) (?:outta|out of|off|away from) (?:my|our) (?:\\w+ )?(?:phone|inbox|dms|messages|line|life|mailbox|family|house|property)|leave my (?:inbox|phone|number|line|email) alone|forget (?:that )?(?:i|we) (?:ever )?(?:exist\\w*|asked|contacted|texted)|(?:harassment|restraining order|charges) (?:will be|if you|against you)|(?:press|pressing|filing|file) (?:harassment )?charges|(?:illegal|unlawful|violation|against the law|a crime)(?: \\w+){0,3} to (?:keep )?(?:text|contact|message|call|solicit)',
  ]),
  rule('clear', 'stop-at-the-end', 'Ends with "stop", behind words that no bus stop and no rain has before it.', [
    '(?:lol|haha|lmao|him|her|them|me|us|you|agent|realtor|already|bought|sold|looking|selling|moving|buying|interested|dis|this is|is this|wrong|number|anymore|again|thx|nope|nah|sorry|bro|dude|man|sir|maam|english|texts|messages|alone|minor|deceased|dead|bot|spam|scam|sake|texting|person|idk|kid|\\d years old|nicely to) stop(?: (?:please|now|thanks|it|lol|bro))?$',
    '(?:ask|asking|asked|beg|begging|tell|telling|told|warning|warned|warn) you(?: \\w+){0,2} to (?:stop|quit|cease)(?: (?:now|please|already))?$|(?:need|want|would like|like|prefer|going to need) (?:for )?you to (?:please )?(?:stop|quit|cease)|you (?:all )?(?:need|have|got|better|must|are supposed|should)(?: \\w+){0,2} (?:to )?(?:quit|stop)(?: (?:when|now|if|once))?(?: i (?:ask|say|tell)\\w*)?$|you (?:have|need|are required) to stop when',
  ]),
];

/** Signs of refusal that these rules look for besides: plain only together. */
export const hints: readonly OptOutRule[] = [
  rule(
    'ambiguous',
    'has-had-enough',
    'Says that they have had enough, or asks why we go on; not what shall follow.',
    [
      '^(?:please )?(?:mute|unwanted|enough of this|move on|move along)$|(?:take a|take the|get the|cant take a) hint|leave it alone$|dont do (?:it|this|that) again$|^(?:i |we )?(?:already |just )?(?:said|told you|say) no(?: already| \\w+ times| before| thanks)?$',
      '(?:uncheck|respect my) (?:it|that|whatever|the box|me|request|wish(?:es)?|privacy|time)|wont ask again$|last time (?:im|i am|ill|i)(?: \\w+){0,3} (?:say|ask|tell)\\w*(?: (?:it|this|you))*$|never do (?:it|this|that) again|how many (?:(?:more|these|of) )*{texts}(?: (?:do|will|does|is|must) (?:i|it|we))|(?:who is|whos|contact\\w*|call\\w*|give me) your (?:broker|supervisor|manager|boss)|(?:this|that|thats|it)(?: is)? (?:aint|isnt|not) (?:him|her|them)$|(?:texting|calling|reached) (?:the|a) (?:fire|police) (?:station|department)|dont make me (?:say|ask|tell)',
      '(?:youve reached|this is|you reached|you are texting|texting|youre texting|belongs to)(?: an?| the| our)?(?: \\w+){0,2} (?:fax|business|hospital|school|church|dispatch|emergency|crisis|government|pharmacy|restaurant|landline|hotline|front desk|nursing home|police)(?: \\w+){0,2} (?:line|number|phone|cell|device|landline)|(?:this is|its|phone is) (?:a|an|my) (?:kids?|childs?|sons|daughters|minors?)(?: \\w+)? (?:phone|cell|number)|soy menor de edad',
      'why (?:do|are|am) (?:you|i) (?:keep|still|always|constantly) (?:getting |receiving )?(?:{texting}|{letters})|(?:final|last) warning|(?:this is|thats) my (?:second|third|fourth|fifth|2nd|3rd|4th|5th|last|final) (?:request|time asking)$|(?:dont|wont)(?: \\w+){0,2} (?:need|have) to (?:send|text|contact|call|email|message|keep sending)(?: (?:me|us))*(?: (?:anything|these|anymore|more|listings|further))+(?: (?:else|further|more|anymore|now))*$|when will (?:it|this|these) (?:end|stop)$|shut it off$',
      '^(?:im|i am) (?:only |just )?(?:a minor|1[0-7] years old|a kid|a child)$|(?:have a nice life|goodbye forever|lose my address|none of your business|were done here|im done here|conversation is over)$',
    ],
    { refusal: true },
  ),
];
