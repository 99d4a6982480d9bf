import { type OptOutRule, rule } from './opt-out-rule.ts';

/** The same wishes said the long way round: politely, indirectly, or as a last warning. */
export const wishes: readonly OptOutRule[] = [
  rule('clear', 'ends-it-all', 'Cancels, ends or quits everything, the texts, or the subscription.', [
    '^(?:please |ok |hi |hello ){0,2}(?:stop|cancel|end|quit|remove|unsubscribe|revoke|delete)(?: (?:all|everything|every|texts?|messages?|emails?|sms|me|this|these|sub|subs|subscription|service|services|number|conversation|communication|contact|list|it all|consent|alerts|notifications|for good|forever|permanently)){1,3}(?: (?:please|now|immediately|thanks|thank you|asap))?$',
    '^(?:please )?(?:take off|get me off|off)$|stoptexts?|textstop',
    '^(?:re|fwd?|fw|reply|subject|answer|response|my answer is|the word is|i choose|i say|my reply is|number) (?:is )?(?:stop|unsubscribe|cancel|quit|end|remove|opt out|alto)$',
    '(?:consider|take|treat) this(?: \\w+){0,4} (?:opt out|stop|unsubscribe|request|notice|removal|revocation|withdrawal)|this is my (?:\\w+ ){0,2}(?:opt out|request to (?:stop|be removed|opt out|unsubscribe)|notice to stop|unsubscribe)',
    'stop w(?:ith)? (?:the |this|these|your |all )(?: ?{letters})?|stop (?:for good|forever)$|give (?:it )?up already$',
    'stop trying to (?:buy|sell|get|reach|contact|call|text)(?: (?:my|me|our|us|this|the))?',
    '(?:do|does|dont|cant|did)(?: \\w+){0,3} (?:understand|know|comprehend|read|get)(?: (?:the word|what|the meaning of|means|english|a|word)){0,3} stop(?: means)?$|do you ever stop$',
    '(?:keyword|word|way|command|code|button|option|link|number)(?: \\w+){0,2} to (?:stop|end|unsubscribe|opt out|get off|quit)(?: (?:this|these|it|all|from|of|your|the)){0,2}(?: {letters}| list)?$|^(?:is|isnt) there (?:an |a way to )opt out$|(?:must|have to|going to) ask (?:that )?you (?:to )?stop',
  ]),
  rule('clear', 'the-last-one', 'Wants this to be the last message.', [
    '(?:let|make|hope|want|need|better|should)(?: \\w+){0,2} (?:this|that|it)(?: (?:to|is|was|will))? be (?:the|your|my) (?:very )?(?:last|final) (?:{letters}|one|time)|(?:hope|better|trust) (?:this|that|it)?(?: ?(?:is|be|was))? (?:the|your) (?:last|final) (?:{letters}|one|time)',
    '(?:not|dont want|better not get|dont need|never want|not get|dont send(?: me)?|never send(?: me)?)(?: (?:to|get|see|receive|you|me)){0,3} (?:another|one more|a single|one single)(?: \\w+)? ?(?:{letters}|one|word)(?: from you)?(?! (?:about|from (?:the|my|lender)))',
    '(?:sure|ensure|guarantee|confirm|promise|certain)(?: (?:that|me|you)){0,2} (?:i|we|im|were|my number)(?: \\w+){0,3} (?:not|dont|never|no longer)(?: (?:be|get|getting|hear|receive|being|ever|been|am|are)){0,3}(?: (?:contacted|texted|called|messaged|emailed|from you|any more|any|these|another|bothered))',
    '(?:sure|ensure|guarantee|confirm|promise)(?: (?:that|me|you)){0,2} (?:im|i am|i|we are|my number is) (?:not|never|no longer|removed|off)(?: \\w+){0,1} (?:contacted|texted|called|messaged|emailed|bothered|from|off)',
    '(?:hope|better|let|make sure|want|wish|pray)(?: \\w+){0,2} (?:not|dont|never)(?: (?:let|me|to|have|ever)){0,3} hear from you(?: again| anymore| ever)?|dont let me hear from you',
    '(?:final|last) (?:warning|time|notice)(?: \\w+){0,3} (?:stop|remove|do not|dont|leave)(?! by)',
  ]),
  rule('clear', 'would-rather-not', 'Would rather not hear from us.', [
    '(?:rather|prefer|like it if|prefer it if|prefer if|appreciate it if|better if|best if)(?: that)? you (?:didnt|dont|wouldnt|not|did not|never)(?: (?:ever|please))? (?:{verb}|{pest}|send)',
    '(?:not|no longer|isnt|arent)(?: \\w+){0,1} (?:interested|interest)(?: \\w+){0,1} in (?:\\w+ ){0,2}{letters}',
    '(?:dont|do not|no|never) (?:need|have (?:any )?need (?:for|of)|need for|want|require|care for|use for)(?: (?:any|more|further|these|those|your|to get|to receive|all|the|of|additional|such|constant|daily)){1,3} {letters}(?! (?:from (?:the|my|other|lenders?)|about|for|on|in))',
    'pass on (?:\\w+ ){0,2}(?:further|future|more|these|your|any) {letters}',
    '(?:dont|never|not) send(?: me| us)?(?: (?:any|no|nothing|another|anymore)){1,2}(?: (?:more|further|else|one|ever|again|thing|of (?:these|this|your \\w+)))*$',
    '(?:exclude|withdraw|unenroll|omit|drop|pull) (?:me|us|my \\w+) from (?:\\w+ ){0,3}(?:mailings?|campaigns?|{letters}|outreach|lists?|program|follow ?ups?)',
    '(?:close|delete|end) my (?:file|inquiry|profile|record|lead)(?! (?:with|at) )',
    '(?:get rid of|rip up|throw away|throw out|wipe|shred|dispose of|clear out) (?:all )?(?:of )?(?:my|our|this) (?:\\w+ ){0,2}(?:number|info|information|name|email|data|details|contact|record)s?',
    '(?:need|want|like|get|have) (?:my|our|this) (?:\\w+ )?(?:number|name|info|email|contact) (?:off|out of|removed from|deleted from|gone from)(?: of)? (?:your|this|the|that|these)',
    '(?:who|whom|where|how)(?: \\w+){0,4} (?:to be|to get|get|be|about getting|about being) (?:removed|taken off|off (?:this|your|the) list|unsubscribed|opted out)|how (?:do|can) (?:i|we) (?:get off|be removed|opt out|unsubscribe)',
    '(?:number|info)(?: \\w+){0,5} (?:lose|delete|erase|forget|remove) it$|keep texting (?:me|us) dont$',
  ]),
  rule('clear', 'never-asked-and-angry', 'Says in anger that they never asked for our messages.', [
    '(?:never|didnt|dont remember|nobody|no one) (?:\\w+ )?(?:signed up|sign up|signing up|ask|asked|asking|subscribed?|agreed?|opt(?:ed)? in|request(?:ed)?)(?: (?:for|to|in)){0,2} (?:(?:this|these|your|any|all|of|those|stupid|dumb|annoying|get|receive)(?: |$)){0,3}(?:crap|shit|bs|bullshit|spam|junk|garbage|nonsense|harassment|{letters})',
    '(?:nobody|no one|who) (?:gave|given|gives|granted) you (?:\\w+ )?(?:permission|consent|the right|authority)|(?:dont|do not) have (?:\\w+ )?(?:permission|consent|the right) to (?:{verb}|use)',
    'who (?:gave|sold) you (?:my|this) (?:number|info)(?: \\w+){0,2} (?:delete|lose|remove|stop|erase)',
  ]),
];
