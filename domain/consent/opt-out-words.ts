/** The words of opting out that make up a whole message or a whole sentence. */

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/** Whole-message words that carriers and the FCC take as an opt-out, and what people type for them. */
export const stopWords: ReadonlySet<string> = set(
  'stop stopall unsubscribe unsubscribed unsub optout alto parar pare paren parale parenle basta vasta cease desist discontinue detener detenganse detente detengase arret arreter unlist desubscribe deregister unregister unenroll unsubs unsubscription stopping stops stopnow atop dtop wtop xtop ztop etop srop syop sfop sgop stip stkp stlp stoo stol sto sop stoop stob stoip stiop stopl stopn stopm stope stahp staph stap stopit optoput optou',
);
/** As `stopWords`, but words of every day: with more than courtesy around them they mean other things (cancel Thursday). */
export const everydayStopWords: ReadonlySet<string> = set(
  'cancel end quit revoke remove cancelar cancelen cancele baja desuscribir desuscribirme cancela canselar cancelenme cancelame out revoked removed stopped halt delete terminate eliminar eliminarme exit deactivate disable',
);
/** What may stand beside either kind without changing it. */
export const courtesies: ReadonlySet<string> = set(
  'please thanks thank you thx ty ok okay now hi hello hey sir maam por favor gracias y and ya immediately asap bye',
);
/** What may stand beside `stopWords` only. */
export const emphases: ReadonlySet<string> = set(
  'no yes si just sorry all this already right away everything me everyone jesus god omg bro dude man text texts texting message messages messaging it u your nope nah ugh damn fuck fucking shit wtf ffs now mas los mensajes esto fool bitch asshole idiot idiots moron forever thing plain simple period christ lady scammer spammer creep sake fucks honey wow',
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
    'dnc',
    'dont call list',
    'no texts',
    'no text',
    'no messages',
    'no emails',
    'want off',
    'i want off',
    'no texting',
  ],
  ...[
    'no contact',
    'no spam',
    'no calls or texts',
    'no soliciting',
    'no solicitors',
    'no solicitation',
    'no solicitations',
  ],
  ...['opt otu', 'opt ot', 'opt uot', 'op tout', 'otp out', 'opt iut', 'opt our', 'optt out', 'get me out'],
  ...[
    'opt me out',
    'leave me alone',
    'please refrain',
    'cross me off',
    'scratch me off',
    'x me off',
    'count me out',
    'opting out',
    'opt',
    'numero equivocado',
    'dar de baja',
    'dnd',
    'do not disturb',
  ],
]);
/** Our own opt-out line, word for word: whoever sends it back and nothing else means it. */
export const ownLines: ReadonlySet<string> = new Set([
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
    'text stop to opt out',
    'text stop to end',
    'stop to stop',
    'stop 2 end',
    'stop2end',
  ],
]);
export const optInSentences: ReadonlySet<string> = new Set([
  ...set('start unstop optin resubscribe subscribe iniciar reanudar'),
  'opt in',
]);
/** Asks for help by the carriers' keyword: no opt-out. */
export const helpSentences: ReadonlySet<string> = set('help info ayuda');
/** Other alphabets' word for stop, as a whole message. */
export const foreignStopWords: ReadonlySet<string> = set(
  'стоп 停止 停 退订 取消订阅 拒收 dung ngung توقف 중지 그만 やめて',
);
