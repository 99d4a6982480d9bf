/** One spelling for what people write in many: short forms, slips of the thumb, and swear words that only lend force. */

const spellings: readonly (readonly [RegExp, string])[] = [
  [/\be mail/g, 'email'],
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
  [/\b(?:texing|txing|texitng|textng|textign|tectings?|texring|textinf|texting me|textin)\b/g, 'texting'],
  [/\btextingme\b/g, 'texting me'],
  [/\btexting(?! me)me\b/g, 'texting me'],
  [/\b(?:msg|mssg|mesg|mssge|messge|mesage|messgae|massage|meassage|messag|messege)(?=s?\b|ing\b|in\b)/g, 'message'],
  [/\b(text|call|messag|email|contact|spamm|bother|harass|send|writ)in\b/g, '$1ing'],
  [/\bmessageing\b/g, 'messaging'],
  [/\bno(?:more|mor)\b/g, 'no more'],
  [/\b(?:any more|animore|anymoar|nymore)\b/g, 'anymore'],
  [/\b(?:gonna|gunna|finna)\b/g, 'going to'],
  [/\bwanna\b/g, 'want to'],
  [/\b(?:gotta)\b/g, 'got to'],
  [/\b(?:thx|thnx|thks|tks|tnx)\b/g, 'thanks'],
  [/\b(?:rong|wrnog|worng|wromg|wring|wrog|wrongg|wrng)(?= (?:number|person|num|numba|nmber|nunber|#))/g, 'wrong'],
  [/\bwrong (?:numb|numbr|nubmer|numba|nummber|nmber|nunber|numer|munber|num|no|nr|nbr|numbers)\b/g, 'wrong number'],
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
  [/\b(?:porfavor|x favor|xfa|porfa|por fabor|porfabor|pf)\b/g, 'por favor'],
  [/\bya no (?:mas)\b/g, 'no mas'],
  [/\b(?:msjs?|mensages?|mensajs|mesajes|mnsajes|mensaes|mensajez|mensjes)\b/g, 'mensajes'],
  [/\b(?:kiero|qiero|quero)\b/g, 'quiero'],
  [/\b(?:nro|num|numro|nuemro|numeo)(?= (?:equivocado|errado|incorrecto))\b/g, 'numero'],
  [/\b(?:errado|incorrecto|equibocado|ekivocado|ekibocado|equivcado|equvocado|equivodado|equivocdo)\b/g, 'equivocado'],
];

/** The word that most people fail to spell; every spelling within two slips of it counts. */
const unsubscribe = 'unsubscribe';

export function respell(sentence: string): string {
  const mended = spellings.reduce((text, [from, to]) => text.replace(from, to), sentence.replace(repeated, '$1'));
  return mended
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => (looksUnsubscribed(word) ? unsubscribe : word))
    .join(' ');
}

/** "stoooop", "nooo", "pleaseee". */
const repeated = /([a-z])\1{2,}/g;

function looksUnsubscribed(word: string): boolean {
  if (word.length < 7 || word.length > 13 || !/^u?n[a-z]*s/.test(word) || word.startsWith('unsubscrib')) return false;
  return slips(word, unsubscribe) <= 2;
}

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
