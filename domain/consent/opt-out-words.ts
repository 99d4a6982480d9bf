/** The words of opting out that make up a whole message or a whole sentence, and one spelling for what people write in many. */

/** Whole-message words that carriers and the FCC take as an opt-out, and what people type for them. */
export const stopWords: ReadonlySet<string> = new Set(
  'stop stopp stoppp stpo sotp tsop stahp stopall unsubscribe unsub unsubcribe unsuscribe unsubscibe optout alto parar pare paren basta cease desist discontinue'.split(
    ' ',
  ),
);
/** As `stopWords`, but words of every day: with more than courtesy around them they mean other things (cancel Thursday). */
export const everydayStopWords: ReadonlySet<string> = new Set('cancel end quit revoke remove cancelar'.split(' '));
/** What may stand beside either kind without changing it. */
export const courtesies: ReadonlySet<string> = new Set(
  'please thanks thank you thx ty ok okay now hi hello hey sorry sir maam por favor gracias y and'.split(' '),
);
/** What may stand beside `stopWords` only. */
export const emphases: ReadonlySet<string> = new Set(
  'no yes just all this already immediately asap right away everything me everyone jesus god omg ya bro dude man'.split(
    ' ',
  ),
);
/** Whole sentences that opt out as they stand. */
export const stopSentences: ReadonlySet<string> = new Set([
  ...[
    'opt out',
    'stop all',
    'no more',
    'no mas',
    'ya no',
    'go away',
    'back off',
    'get lost',
    'wrong number',
    'wrong person',
  ],
  ...[
    'stop to opt out',
    'reply stop',
    'reply stop to opt out',
    'reply stop to unsubscribe',
    'text stop',
    'stop to end',
  ],
  ...[
    'stop to unsubscribe',
    'stop to cancel',
    'dnc',
    'dont call list',
    'no texts',
    'no text',
    'no messages',
    'no emails',
  ],
  ...['no texting', 'no contact', 'no spam', 'no calls or texts', 'no soliciting', 'want off', 'i want off'],
]);
export const optInSentences: ReadonlySet<string> = new Set(['start', 'unstop', 'opt in', 'optin', 'resubscribe']);

/** One spelling for what people write in many. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/\be mail/g, 'email'],
  [/\b(?:do not|don t|do nt|donot|dnt)\b/g, 'dont'],
  [/\b(?:cannot|can not|can t)\b/g, 'cant'],
  [/\b(?:will not|won t)\b/g, 'wont'],
  [/\b(?:did not|didn t)\b/g, 'didnt'],
  [/\b(?:does not|doesn t)\b/g, 'doesnt'],
  [/\b(?:i am|i m)\b/g, 'im'],
  [/\b(?:i have|i ve)\b/g, 'ive'],
  [/\b(?:u|yall|y all|you (?:all|guys|people|folks))\b/g, 'you'],
  [/\bur\b/g, 'your'],
  [/\b(?:pls|plz|plse|pleas|plase)\b/g, 'please'],
  [/\b(?:txt|texr|tex)(?=s?\b|ing\b)/g, 'text'],
  [/\bmsg(?=s?\b|ing\b)/g, 'message'],
  [/\b(text|call|messag|email|contact)in\b/g, '$1ing'],
  [/\b(?:stop ?p+|stpo|sotp|tsop|stahp)\b/g, 'stop'],
];

export function respell(sentence: string): string {
  return spellings.reduce((text, [from, to]) => text.replace(from, to), sentence);
}
