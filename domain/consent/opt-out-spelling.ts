/** One spelling for what people write in many: short forms, slips of the thumb, and swear words that only lend force. */

const spellings: readonly (readonly [RegExp, string])[] = [
  [/\be mail/g, 'email'],
  [/\b(?:takemeoff|take meoff|takeme off)\b/g, 'take me off'],
  [/\b(?:un|dis) ?enroll?\b/g, 'unenroll'],
  [/\b(?:rmv|rmove|rem)(?= (?:me|my|us)\b)/g, 'remove'],
  [/\bfrm\b/g, 'from'],
  [/\boutta\b/g, 'out of'],
  [/\btryna\b/g, 'trying to'],
  [/\btxtn\b/g, 'texting'],
  [/\bno mo(?= (?:texts?|messages?|calls?|emails?|of)\b)/g, 'no more'],
  [/\bhmu\b/g, 'hit me up'],
  [
    /(?<=[a-z] )(?<!\b(?:out|inspection|option|due diligence|grace|notice|time|the|a|lease) )(?:period|exclamation (?:point|mark)|full stop)$/g,
    '',
  ],
  [/\b(?:num|nbr|numb)(?= (?:from|off|out)\b)/g, 'number'],
  [/\bb4\b/g, 'before'],
  [/\b(remove|take|delete|unsubscribe)((?: \w+){0,4}) form (?=(?:your|ur|this|the|all|any|list)\b)/g, '$1$2 from '],
  [/\b(?:s top|st op|sto p)\b/g, 'stop'],
  [/\b(take|get|be|me) of (?=(?:your|the|this|ur)? ?lists?\b)/g, '$1 off '],
  [/\b(?:lemme|leme|lea me|leav me|leve me) (?=alone)/g, 'leave me '],
  [/\bleave me along\b/g, 'leave me alone'],
  [/\b(?:no moore|nom ore|non more|noo more)\b/g, 'no more'],
  [/\bbugg?in\b/g, 'bugging'],
  [/\bstop al\b/g, 'stop all'],
  [/\b(?:un ?sub ?scribe|unscribe\w?|unsub scribe|un subscribe)\b/g, 'unsubscribe'],
  [/\b(remove|delete|text|contact|leave|unsubscribe)me\b/g, '$1 me'],
  [/\btake my off?(?= (?:your|the|this))/g, 'take me off'],
  [/\b(?:otp|opy|opr|ipt|opf) (?=(?:me )?out\b)/g, 'opt '],
  [/\b(opt(?: me)?) (?:ot|oit|otu|ouy|uot|iut)\b/g, '$1 out'],
  [/\bwrongn umber\b/g, 'wrong number'],
  [/\b(?:cancle|canell|cacnel|cansel)\b/g, 'cancel'],
  [/\b(?:incorrect|mistaken|bad|invalid) (?:phone |cell |telephone )?number\b/g, 'wrong number'],
  [/\bwrong (?:phone|cell|telephone|mobile|contact) number\b/g, 'wrong number'],
  [
    /\b(?:do not|don t|do nt|donot|dnt|dont not|dunt|dont t|doint|dotn|dony|dint(?= (?:text|call|contact|message)))\b/g,
    'dont',
  ],
  [/\b(?:cannot|can not|can t)\b/g, 'cant'],
  [/\b(?:will not|won t)\b/g, 'wont'],
  [/\b(?:did not|didn t)\b/g, 'didnt'],
  [/\b(?:does not|doesn t)\b/g, 'doesnt'],
  [/\b(?:is not|isn t)\b/g, 'isnt'],
  [/\b(?:i am|i m)\b/g, 'im'],
  [/\b(?:i have|i ve)\b/g, 'ive'],
  [/\b(?:i will|i ll)\b/g, 'ill'],
  [/\b(?:i would|i d)\b/g, 'id'],
  [/\b(?:you are|you re|u r)\b/g, 'youre'],
  [/\b(?:u|yall|y all|ya all|you (?:all|guys|people|folks|idiots|morons|clowns|assholes))\b/g, 'you'],
  [/\b(?:ur|yur|yr)\b/g, 'your'],
  [/\b(?:pls|plz|plse|pleas|plase|plese|pleaze|plss|pleasee|plx|peas|pleese|plea e)\b/g, 'please'],
  [/\b(?:txt|texr|tex|tect|textt|texxt|tezt|teext)(?=s?\b|ing\b|in\b)/g, 'text'],
  [/\b(?:tak|tke|tkae|taek|ake) me\b/g, 'take me'],
  [/\bquite (?=(?:texting|calling|messaging|contacting|emailing|bothering|spamming|harassing)\b)/g, 'quit '],
  [/\b(?:spot|sop|stpo|tsop|sotp) (?=(?:texting|calling|messaging|contacting|emailing)\b)/g, 'stop '],
  [/\bdo no (?=(?:text|call|contact|message|email)\b)/g, 'dont '],
  [/\b(?:optuot|ouptout|otpout|oputout)\b/g, 'optout'],
  [/\bremove (?:mee|em|mw|ne)$/g, 'remove me'],
  [/\bwr[a-z]{1,5} (?:numer|nubmer|numbr|nummer|numbe|nuumber)\b/g, 'wrong number'],
  [/\b(?:teh|hte)\b/g, 'the'],
  [/\b(?:mroe|moer)\b/g, 'more'],
  [/\bno (?:mire|nore|mote|moee|mor)(?= (?:text|message|call|email|sms|contact))/g, 'no more'],
  [/\bwr[a-z]{2,3} (?=(?:number|person)\b)/g, 'wrong '],
  [/\b(?:tske|tqke|yake|taje|tajke) me\b/g, 'take me'],
  [/\b(?:wnat|wan) to\b/g, 'want to'],
  [/\bdnot\b/g, 'dont'],
  [/\bl(?:ev|ve) me\b/g, 'leave me'],
  [/\bfone\b/g, 'phone'],
  [/\bmi (?=(?:number|name|info|phone)\b)/g, 'my '],
  [/\bmsgg\b/g, 'message'],
  [/\bloose (?=(?:my|this) (?:\w+ )?(?:number|info|contact))/g, 'lose '],
  [/\b(who|what|why|how|when|where) tf\b/g, '$1'],
  [/\b(text|call|messag|spamm|bother)n\b/g, '$1ing'],
  [/\bharr?ass?ing\b/g, 'harassing'],
  [/\b(take|get) (me|us) of (?=(?:your|ur|the|this)? ?list)/g, '$1 $2 off '],
  [/\bdammit\b/g, ''],
  [/\bthes\b/g, 'these'],
  [/\bno (?:mor|mroe|moe|mre)\b/g, 'no more'],
  [/\b(?:wromg|wront|wrobg|qrong|erong)(?= (?:number|person))/g, 'wrong'],
  [/\bdonotcall\b/g, 'dont call'],
  [/\bno moar?\b/g, 'no more'],
  [
    /\b(?:txtng|txtig|textg|texing|txing|texitng|textng|textign|tectings?|texring|textinf|texting me|textin)\b/g,
    'texting',
  ],
  [/\btextingme\b/g, 'texting me'],
  [/\btexting(?! me)me\b/g, 'texting me'],
  [/\b(?:msg|mssg|mesg|mssge|messge|mesage|messgae|massage|meassage|messag|messege)(?=s?\b|ing\b|in\b)/g, 'message'],
  [
    /\b(text|call|messag|email|contact|spamm|bother|harass|send|writ|blow|hitt|bugg|ask|reach|gett|annoy|pester)in\b/g,
    '$1ing',
  ],
  [/\bmessageing\b/g, 'messaging'],
  [/\bno(?:more|mor)\b/g, 'no more'],
  [/\b(?:any more|animore|anymoar|nymore)\b/g, 'anymore'],
  [/\b(?:gonna|gunna|finna)\b/g, 'going to'],
  [/\bwanna\b/g, 'want to'],
  [/\b(?:gotta)\b/g, 'got to'],
  [/\b(?:thx|thnx|thks|tks|tnx)\b/g, 'thanks'],
  [/\b(?:rong|wrnog|worng|wromg|wring|wrog|wrongg|wrng)(?= (?:number|person|num|numba|nmber|nunber|#))/g, 'wrong'],
  [/\bwrong (?:numb|numbr|nubmer|numba|nummber|nmber|nunber|numer|munber|num|no|nr|nbr|numbers)\b/g, 'wrong number'],
  [
    /\b(?:stip|stpp|srop|syop|atop|dtop|xtop|ztop|stol|stoo|stiop|stoip|sto[0p]|stoping|stops) (?=(?:texting|calling|messaging|contacting|sending|emailing|spamming|it\b))/g,
    'stop ',
  ],
  [/\bdo nto\b/g, 'dont'],
  [/\bwrongnumber\b/g, 'wrong number'],
  [
    /\b(?:intrested|intersted|interestd|intrestd|interesed|inerested|interrested|intereted|intetested)\b/g,
    'interested',
  ],
  [/\bnotinterested\b/g, 'not interested'],
  [/\b(?:unsubcribed?|unsuscribed?|unsubscibed?|unsubsribed?|unscubscribe|unsubscrbe|unsubscride)\b/g, 'unsubscribe'],
  [/\b(?:remve|remov|rmove|remobe|reomve|removee|remover(?= me)|romove|removr)\b/g, 'remove'],
  [/\b(?:lst|lisr|listt)\b/g, 'list'],
  [/\b(?:harrass)/g, 'harass'],
  [/\b(?:conact|contct|cotact|contac)(?=\b|ing\b)/g, 'contact'],
  [
    /\b(?:stpo|sotp|tsop|stahp|staph|stp|stopp|dtop|sttop|stoip|stiop|stpp|stob|stoppit|stp it|syop|srop|stoo|stopn|stopd|ztop|atop(?= (?:texting|calling|sending|messaging)))\b/g,
    'stop',
  ],
  [/\bstop(?=(?:texting|calling|messaging|contacting|sending|emailing|spamming)\b)/g, 'stop '],
  [/\bstop(?:ped|s) (?=(?:texting|calling|messaging|contacting) (?:me|us)$)/g, 'stop '],
  [/\b(?:qiut|quti|qit)\b/g, 'quit'],
  [/\b(?:leve|leav|laeve|leeve) me\b/g, 'leave me'],
  [/\b(?:alon|aloen|allone|a lone)\b/g, 'alone'],
  [/\b(?:opt-out|optout|op out|opy out|opt ou|opt oout)\b/g, 'opt out'],
  // Words that only lend force.
  [
    / ?\b(?:the (?:fuck|fk|f|hell|heck)|(?:god ?)?damn(?:ed|it)?|mother ?fucking|fucking|fuckin|fkn|fkin|fking|fcking|effing|freaking|freakin|frickin|fricking|frigging|friggin|bloody|goddamn|kindly|literally|seriously|hereby|respectfully|politely|freaken|f ing|fing|f cking|f king|mf|puto|putos|pinche|pinches|maldito|malditos|jodidos?)\b/g,
    '',
  ],
  [/\bthe fuck\b/g, ''],
  [/\b(?:mjs|mjes|msjes)\b/g, 'mensajes'],
  [/\b(dej(?:a|e|en)|par(?:a|e|en)) d (?=[a-z]{4,})/g, '$1 de '],
  [/\benpaz\b/g, 'en paz'],
  [/\b(?:porfavor|x favor|xfa|porfa|por fabor|porfabor|pf)\b/g, 'por favor'],
  [/\bya no (?:mas)\b/g, 'no mas'],
  [/\b(?:msjs?|mensages?|mensajs|mesajes|mnsajes|mensaes|mensajez|mensjes)\b/g, 'mensajes'],
  [/\b(?:kiero|qiero|quero)\b/g, 'quiero'],
  [/\b(?:nro|num|numro|nuemro|numeo)(?= (?:equivocado|errado|incorrecto))\b/g, 'numero'],
  [
    /\b(?:errado|incorrecto|incorrecta|errada|equibocado|ekivocado|ekibocado|equivcado|equvocado|equivodado|equivocdo)\b/g,
    'equivocado',
  ],
];

/** The words on which opting out hangs; one slip of the thumb in them is mended. */
const mendable: readonly string[] = (
  'removed name list quit send stop texting messaging contacting calling emailing sending spamming harassing bothering remove number please message messages contact ' +
  'leave alone wrong person delete anymore interested consent unsubscribe cancel texts block report receive ' +
  'mensajes equivocado equivocada quiero escriban manden numero borren eliminen quiten'
).split(' ');
/** Words of their own that are one slip away from one of those. */
const otherWords: ReadonlySet<string> = new Set(
  'text message aloe lone wong lit lis qui sed sen lsts snd sop top stoop strop rmove cancels recive alon numeros number person stops lave testing tests teats falling dialing mailing removes lost along clone alines numbers members contacts contacts messages phones leafs leaver persons deletes clock flock spending tending bending fending dozing resort retort desired aline grown prong wring'.split(
    ' ',
  ),
);
/** The keys beside each on a keyboard. */
const beside: ReadonlyMap<string, string> = new Map(
  [
    ...[
      'qwa',
      'wqes',
      'ewrd',
      'retf',
      'trgy',
      'ytuh',
      'uyij',
      'iuok',
      'oipl',
      'pol',
      'aqsz',
      'sawdx',
      'dsefc',
      'fdrgv',
    ],
    ...['gfthb', 'hgyjn', 'jhukm', 'kjil', 'lkop', 'zasx', 'xzsdc', 'cxdfv', 'vcfgb', 'bvghn', 'nbhjm', 'mnjk'],
  ].map((keys) => [keys[0]!, keys.slice(1)]),
);
/** Each slip of a short word, with what was meant: a letter left out, doubled, swapped with its neighbour, or (in longer ones) hit beside its key. */
const slipOf: ReadonlyMap<string, string> = new Map(
  mendable.flatMap((word) => {
    const letters = [...word];
    const at = letters.map((_, index) => index).slice(1);
    const written = [
      ...at.map((index) => word.slice(0, index) + word.slice(index + 1)),
      ...letters.map((letter, index) => word.slice(0, index) + letter + word.slice(index)),
      ...at.map((index) => word.slice(0, index - 1) + letters[index]! + letters[index - 1]! + word.slice(index + 1)),
    ];
    if (word.length > 4) {
      for (const [index, letter] of letters.entries()) {
        for (const key of beside.get(letter) ?? '') written.push(word.slice(0, index) + key + word.slice(index + 1));
      }
    }
    return written.filter((one) => !mendable.includes(one) && !otherWords.has(one)).map((one) => [one, word] as const);
  }),
);
/** Long words in which one wrong letter is mended as well, and `unsubscribe`, which most people fail to spell, in which two are. */
const longWords = ['messaging', 'contacting', 'harassing', 'bothering', 'unsubscribe', 'interested'] as const;

export function respell(sentence: string): string {
  const words = inContext(sentence.replace(repeated, '$1').split(' ').map(mended)).join(' ');
  return spellings
    .reduce((text, [from, to]) => text.replace(from, to), words)
    .split(' ')
    .filter((word) => word !== '')
    .join(' ');
}

/** Behind "stop" and "don't" a word one letter off is not another word: "stop tecting", "dont tezt", "my nunber". */
function inContext(words: readonly string[]): string[] {
  return words.map((word, index) => {
    const before = words[index - 1] ?? '';
    const behind = words[index + 1] ?? '';
    const meant = [
      ...expectedBehind.flatMap(([context, those]) => (context.test(before) ? those : [])),
      ...expectedBefore.flatMap(([context, those]) => (context.test(behind) ? those : [])),
    ];
    if (meant.length === 0 || word.length < 3 || word.length > 11 || themselves.has(word)) return word;
    return meant.find((one) => slips(word, one) === 1) ?? word;
  });
}

const expectedBehind: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:stop|quit)$/, ['texting', 'messaging', 'contacting', 'calling', 'emailing', 'spamming', 'bothering']],
  [/^(?:dont|never|not)$/, ['text', 'message', 'contact', 'call', 'email', 'bother']],
  [/^(?:my|this|wrong)$/, ['number']],
];
const expectedBefore: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:texting|messaging|calling|contacting|emailing|spamming|bothering|sending)$/, ['stop', 'quit']],
  [/^(?:me|my)$/, ['remove', 'delete']],
  [/^(?:text|message|contact)$/, ['dont']],
];
const themselves: ReadonlySet<string> = new Set(
  'fall all mall ball hall tall wall cell sell other mother brother stops shop step top quite quiet suit wont done dot don font cant remote removed deleted deletes removes relate next test tent exit texts taxt falling failing mailing spending balling messages contacts numbers lumber number texting'.split(
    ' ',
  ),
);

/** "stoooop", "nooo", "pleaseee". */
const repeated = /([a-z])\1{2,}/g;

function mended(word: string): string {
  const slip = slipOf.get(word);
  if (slip !== undefined) return slip;
  if (word.length < 7 || word.length > 14) return word;
  if (looksUnsubscribed.test(word) && slips(word, 'unsubscribe') <= 2) return 'unsubscribe';
  return longWords.find((meant) => word[0] === meant[0] && slips(word, meant) === 1 && !word.startsWith(meant)) ?? word;
}

/** Worth counting slips in; "subscribe" and "resubscribe" are words of their own. */
const looksUnsubscribed = /^(?!re|sub|unsubscrib)[a-z]*[sb][a-z]*[cr]/;

/** How many letters were left out, added, changed or swapped with their neighbour; for short words only. */
function slips(written: string, meant: string): number {
  let before: number[] = [];
  let above = Array.from({ length: meant.length + 1 }, (_, index) => index);
  for (let row = 1; row <= written.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= meant.length; column += 1) {
      const same = written[row - 1] === meant[column - 1];
      let least = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1));
      const swapped = written[row - 1] === meant[column - 2] && written[row - 2] === meant[column - 1];
      if (row > 1 && column > 1 && swapped) least = Math.min(least, before[column - 2]! + 1);
      current.push(least);
    }
    before = above;
    above = current;
  }
  return above[meant.length]!;
}
