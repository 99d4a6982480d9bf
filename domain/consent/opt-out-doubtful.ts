import { type OptOutRule, rule } from './opt-out-rule.ts';

/** What may be meant as an opt-out: the gate closes and a person looks. */
export const doubtful: readonly OptOutRule[] = [
  rule(
    'clear',
    'stop-with-its-reason',
    'Says "stop" behind the reason for it: they sold, bought, have an agent, do not know us.',
    [
      '(?:not|isnt|no longer|never)(?: \\w+){0,2} (?:selling|for sale|buying|looking|moving|in the market)(?: \\w+){0,4} stop$|(?:have|got|hired|working with|signed with|found|went with)(?: \\w+){0,4} (?:agent|realtor|broker|house|home|place)(?: \\w+){0,3} stop$|(?:bought|sold|purchased|closed on)(?: \\w+){0,5} stop$|(?:who is this|who are you|whos this|who dis|who this)(?: \\w+){0,2} stop$',
    ],
  ),
  rule(
    'ambiguous',
    'left-out',
    'Wants to be left out of something that is not said.',
    ['leave (?:me|us) out of (?:this|it)|(?:text|mess) someone else|someone else to (?:bother|text|harass|bug)'],
    { refusal: true },
  ),
  rule(
    'ambiguous',
    'never-asked',
    'Says that they never asked for messages.',
    [
      '(?:never|didnt|dont remember|dont recall)(?: \\w+)? (?:signed|sign|signing|opted|opt|opting|agreed|agree|consented|consent|asked|ask|subscribed|subscribe|requested|request|gave you my|give you my|contacted you|reached out to you)(?: (?:up|in|for|to|number|info|email)){0,4}(?: (?:this|these|your|any|texts?|it|be|get|receive|getting|you|messages))?',
      'permission to (?:text|call|contact|message)|unsolicited|unwanted {texts}|who (?:gave|sold) you my (?:number|info)|where did you get my (?:number|info)(?: \\w+){0,3} stop',
    ],
    { refusal: true },
  ),
  rule(
    'ambiguous',
    'not-interested',
    'Is not interested; in what, and in being written to, is not said.',
    [
      '(?:not|no longer|never|aint|isnt|arent|wasnt)(?: really| at all| even| that| currently| the least bit| remotely| in any way| going to be){0,2} interested(?! at (?:that|this|the) (?:price|rate|number))(?! in (?!(?:selling|buying|moving|your|this$|these$|this (?:program|offer|service|spam)|any|anything(?! (?:over|under|above|below|near|in|with|without|bigger|smaller))|working|talking|it$|you|listing|real estate|hearing|what|whatever|sales|solicitations?)\\b)(?!\\w+ stop$))',
      '^(?:(?:i|we|have|has|there is|ive|got|really|absolutely|currently|zero|sorry|thanks) ){0,4}no interest(?: (?:in|at)(?: (?:this|that|it|your \\w+|selling|buying|moving|any of (?:this|it)|what you\\w* \\w+))?)?$|^zero interest$',
      '^(?:im|i am|we are|were|all|nah|no thanks|no thank you|thanks) (?:good|set|all set|ok|fine|done)(?: (?:thanks|bye|stop))? stop$',
    ],
    { refusal: true },
  ),
  rule(
    'ambiguous',
    'anger',
    'Anger, insult, an accusation of spam or harassment.',
    [
      '(?:this|that|it|you|these|yall)(?: is| are| was| all| people| guys| messages| texts| a| an| just| borderline| pure| considered| such| feels like){0,4} (?:spam|spamming|spammers?|harassment|harassing|scam|scammers?|scamming|illegal|stalking|creepy|an invasion)|^harassment$|harass(?:ing)? (?:me|us)|(?:fuck|f|eff|fck) (?:you|u)|fu|screw you|shut up$|shut the f up|cease|give it a rest|im done with (?:you|this|these)|go to hell|get lost$|stfu|mind your own business|take a hike|bug someone else|get a life|rot in hell|bite me|damn you|you suck|fuck yall|up yours|asshole|assholes',
      '^(?:(?:report|reported|its|it is|more|a|this is|junk|as) ){0,3}(?:spam|scam|scammers?|spammers?|phishing|junk)$|^(?:block|blocked|youre blocked|you are blocked|reported)$',
      '(?<!phone |it |accidentally )(?:reporting|report|blocking|block|blocked|suing|sue) (?:you|this|your)(?! (?:house|home|property|year|month|week|weekend|morning|afternoon|evening))',
      'enough (?:already$|(?:already )?(?:with|of) (?:the |these |this |your )(?:\\w+ )?(?:{texts}|$)|texts|messages)|^(?:enough|thats enough|ok enough|no enough)$|(?:youre|you are) (?:so |very |really )?annoying|(?:this is|thats|so|very|really) annoying$|(?:annoying|annoyed|irritating|sick of|tired of|fed up with) (?:me|texts?|messages|you|(?:this|these|it)$)|dont bother(?:$| (?:anymore|again|please))|lose interest$',
    ],
    { refusal: true },
  ),
  rule('ambiguous', 'ends-something', 'Ends or cancels something that is not said.', [
    '(?:quit|end|cancel) (?:it|this|that|all|everything|these|(?:this|the) conversation|(?:this|the|our) (?:chat|thread))$|quit it|(?:cancel|undo) (?:my )?(?:subscription|registration|membership|service|services|account)|end of (?:this |our |the )?(?:conversation|discussion|story)$|dont (?:need|want) (?:your|any) (?:help|services?|assistance)|(?:close|deactivate|delete) my (?:account|file|profile)',
  ]),
];

/** A "stop" that no other rule explained. Beside a sign of refusal it is plain. */
export const bareStop: readonly OptOutRule[] = [
  rule('ambiguous', 'bare-stop', 'Says "stop", of what is not plain.', [
    '(?:this|these|that) stop$|^(?:\\w+ ){0,2}stop(?: \\w+){0,1}$|^(?:please |just |ok |hey ){0,2}stop',
    '(?:please|you|must|needs? to|has to|have to|got to|make (?:it|this|them)|just|and|now|ever|should|would|asked|told|want|wish)(?: \\w+){0,3} stop',
    'stop(?: \\w+){0,1} (?:it|this|that|these|those|now|all|everything|already|immediately|asking|wasting|trying|pushing|selling|following|stalking|pressuring|lying|playing|sending|getting|receiving|sharing|hearing|or|before)',
    '^(?!(?:where|when|how|what|which|does|do|did|will|is|can|if|then) )(?:\\w+ ){1,9}(?<!\\b(?:i|we|they|it|he|she|rain|prices|rates|to|where|not) )stop$',
    '(?:not interested|wrong number|thanks|thank you|no) stop|^stop(?: \\w+){1,6}$',
  ]),
];
