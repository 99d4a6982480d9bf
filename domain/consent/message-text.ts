/** Beyond this many characters a message is not read any further; the reader says so instead of guessing. */
const readableLength = 250_000;

interface Sentences {
  /** Lower-case words of a–z and 0–9 joined by single spaces, one string per sentence; empty ones are left out. */
  readonly sentences: readonly string[];
  /** False when the message went on beyond what we read. */
  readonly complete: boolean;
}

/**
 * The sentences that a person newly wrote: no quoted history, no signature line, no accents, emoji or punctuation.
 * Apostrophes vanish (`don't` → `dont`) and spelled-out words are joined (`S.T.O.P` → `stop`), so that rules need one spelling only.
 */
export function sentencesOf(text: string): Sentences {
  const read = text.slice(0, readableLength);
  const written = newPart(read);
  // "> STOP" and nothing else quotes nobody.
  const alone =
    written.trim() === '' && read.length < 40 && !read.trim().includes('\n') ? read.replace(/^\s*>+/, '') : written;
  return { sentences: toSentences(alone), complete: read.length === text.length };
}

/**
 * Phones report a reaction as a text that quotes our own message, opt-out line included; the person wrote none of it. What stands
 * behind the closing quotation mark is theirs again.
 */
const reaction =
  /^\s*(?:(?:\p{L}+ )?(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted\b.{0,40}\bto|removed an?\b.{0,30}\bfrom)|(?:a .{1,40} )?(?:no )?(?:le|me) (?:gust[oó]|encant[oó])|se ri[oó] de|(?:enfatiz|dud|reaccion|coment)[oó]\b.{0,40}|\P{L}{1,12}\b(?:to|a))\s*["“”«‘](?:[\s\S]{0,4000}["”»’](?=[\s\p{P}]*$|\s*\n))?/iu;

/** Where a mail program starts the history below a reply. */
const historyStart =
  /^\s*(?:-{2,}\s*(?:original message|forwarded message|mensaje original)|_{10,}\s*$|begin forwarded message:)/i;
const historyFrom = /^\s*\*?(?:from|de):/i;
const historyAfterFrom = /^\s*\*?(?:sent|date|to|subject|enviado|fecha|para|asunto):/i;
/** `On Mon, 3 Nov 2026 at 9:00 AM … wrote:`, over one line or two; a time or an address tells it from a person's own "on Monday I wrote". */
const historyHeader =
  /\b(?:on|el) (?=[^\n]{0,200}(?:\d:\d\d|@))(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|lun|mi[eé]|jue|vie|s[aá]b|dom|\d)[^\n]{0,200}?(?:\n[^\n]{0,120}?)?\b(?:wrote|escribi[oó])\s*:/i;
const signature = /^\s*(?:sent|get|enviado) (?:from|desde|outlook|via)\b.{0,60}$/i;
/** "- Maria Lopez" below a message. */
const signedName = /^\s*[-–—~]{1,2}\s?\p{Lu}\p{Ll}+(?:\s\p{Lu}[\p{L}.]*){0,2}\s*$/u;
/** Words that no name is made of: a line with one of them is the person's own. */
const wish =
  /\b(?:stop\w*|remove|unsub\w*|cancel\w*|quit\w*|end|revoke|alto|basta|pare|baja|opt|no|not|dont|text|contact|call|delete|wrong)\b/i;
/** A closing ends what was said; names, titles and addresses follow. */
const closing =
  /^\s*(?:many thanks|thanks|thank you|thx|regards|best|best regards|kind regards|warm regards|sincerely|cheers|respectfully|gracias|saludos|atentamente)\s*,\s*$/i;

/** What stands above (or, in replies written below it, beside) the quoted history of an e-mail. */
export function newPart(text: string): string {
  const unified = text.replace(/\r\n?/g, '\n');
  const reacted = reaction.exec(unified);
  if (reacted) return /["”»’]$/.test(reacted[0].slice(1)) ? newPart(unified.slice(reacted[0].length)) : '';
  const header = historyHeader.exec(unified);
  // A header followed by `>` lines quotes only those; anything else below a header is history to its end.
  const below = header ? unified.slice(header.index + header[0].length) : '';
  const body = header ? unified.slice(0, header.index) + (/^\s*>/.test(below) ? `\n${below}` : '') : unified;
  const lines = body.split('\n');
  const end = lines.findIndex(
    (line, index) =>
      historyStart.test(line) ||
      /^-- ?$/.test(line) ||
      (historyFrom.test(line) && historyAfterFrom.test(lines[index + 1] ?? '')) ||
      (index > 0 &&
        closing.test(line) &&
        lines.slice(index + 1).every((below) => nameLine.test(below) && !wish.test(below))),
  );
  const kept = end < 0 ? lines : lines.slice(0, end);
  return kept
    .filter((line) => !/^\s*>/.test(line) && !signature.test(line) && (wish.test(line) || !signedName.test(line)))
    .join('\n');
}

/** A name, a title, an address: no sentence, and nothing that could be a wish. */
const nameLine = /^\s*(?:[\p{Lu}\d(+@][^!?]{0,50})?\s*$/u;

/** Somebody's words in quotation marks stand for themselves. */
const quotation = /["“«]([^"“”«»\n]{12,400})["”»]/g;

/** Four or more single letters in a row, whatever stands between them. */
const spelledOut = /(?<![\p{L}\p{N}])(?:[a-z][^\p{L}\p{N}\n]{1,3}){3,}[a-z](?![\p{L}\p{N}])/gu;
/** "$top", "st0p", "5TOP", "st*p", "s+op". */
const disguisedStop = /(?<![\p{L}\p{N}$])[s$5][t+7](?:[o0*@#ø]|\(\)|(?:🛑|⭕|🔴|⛔|🚫|🅾)\uFE0F?)[p](?![\p{L}\p{N}])/gu;
/** "🚫 texts": a sign that stands for the word. */
const signBeforeWord =
  /(?:🛑|⛔|🚫|❌|✋|📵)\uFE0F?\s*(?=(?:(?:all|the|these|your) )?(?:texts?|texting|messages?|messaging|calls?|calling|emails?|spam|contact)(?![a-z]))/gu;
/** "t3xt", "rem0ve", "n0": a digit between letters is the letter that it looks like. */
const letterForDigit =
  /(?<=[a-z])[013457](?=[a-z]{2})|(?<=[a-z]{2})[013457](?=[a-z])|(?<=(?<![a-z0-9])n)0(?![a-z0-9])/g;
const letterOf: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' };
/** "f*** off", "f**k", "f---": one spelling for a word that people mask. */
const maskedWord = /(?<![\p{L}\p{N}])f(?:[*#@!$%-]{2,}|[*#@!$%-]c?)(?:k|ck)?(?=(?:ing|in)?(?![\p{L}\p{N}]))/gu;

/** Letters of other alphabets that look like Latin ones; normalising leaves them alone. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  [
    ...[
      'аa',
      'вb',
      'еe',
      'ѕs',
      'іi',
      'јj',
      'кk',
      'мm',
      'нh',
      'оo',
      'рp',
      'сc',
      'тt',
      'уy',
      'хx',
      'һh',
      'ԁd',
      'ԛq',
      'ԝw',
      'ո' + 'n',
    ],
    ...['αa', 'βb', 'εe', 'ηn', 'ιi', 'κk', 'μm', 'νv', 'οo', 'ρp', 'σo', 'τt', 'υu', 'χx', 'ωw', 'γy', 'ζz'],
    ...[
      'ꜱs',
      'ᴛt',
      'ᴏo',
      'ᴘp',
      'ᴀa',
      'ʙb',
      'ᴄc',
      'ᴅd',
      'ᴇe',
      'ꜰf',
      'ɢg',
      'ʜh',
      'ɪi',
      'ᴊj',
      'ᴋk',
      'ʟl',
      'ᴍm',
      'ɴn',
      'ʀr',
      'ᴜu',
      'ᴠv',
      'ᴡw',
      'ʏy',
    ],
    ...['ıi', 'øo', 'łl', 'đd', 'ßs', 'ƨs', 'ѳo', 'օo', 'ѐe', 'ł' + 'l'],
  ].map((pair) => [pair[0]!, pair.slice(1)]),
);
/** Letters in squares and circles, and the pairs that make up flags when they spell a word. */
function unbox(text: string): string {
  const letter = (from: number) => (sign: string) => String.fromCharCode(97 + sign.codePointAt(0)! - from);
  return text
    .replace(/[\u{1F170}-\u{1F189}]/gu, letter(0x1f170))
    .replace(/[\u{1F150}-\u{1F169}]/gu, letter(0x1f150))
    .replace(/(?:[\u{1F1E6}-\u{1F1FF}][\s\p{Cf}]?){4,}/gu, (flags) =>
      flags.replace(/[\u{1F1E6}-\u{1F1FF}]/gu, letter(0x1f1e6)).replace(/\p{Cf}/gu, ''),
    );
}

function toSentences(text: string): string[] {
  const plain = unbox(text)
    .replace(quotation, ' . $1 . ')
    .replace(/['’‘`´ʼ＇]/g, '')
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\u115F\u1160\u3164\uFFA0]/gu, '')
    .toLowerCase()
    .replace(/[^\u0000-\u007f]/gu, (sign) => lookAlikes.get(sign) ?? sign)
    .replace(disguisedStop, 'stop')
    .replace(signBeforeWord, ' stop ')
    .replace(maskedWord, 'fuck')
    .replace(letterForDigit, (digit) => letterOf[digit] ?? digit)
    .replace(/#/g, ' number ')
    .replace(spelledOut, (letters) => letters.replace(/[^a-z]/g, ''));
  const sentences: string[] = [];
  for (const sentence of plain.split(/[!?;\n¡¿—–|]+|\((?!\d)|(?<!\d)\)|\.+(?=\s|$)|\s-{1,2}\s|…/u)) {
    for (const part of asides(sentence)) {
      const words = part.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
      if (words.length > 0) sentences.push(words.join(' '));
    }
  }
  return sentences;
}

/**
 * A lone first word, a first "please stop", or one or two last words, set off by a comma stand for themselves: "Stop, I moved", "Don't, stop texting me",
 * "Not Maria, wrong number". A channel behind the comma ("don't call, text me") belongs to what it corrects.
 */
function asides(sentence: string): string[] {
  const parts = sentence.split(',');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  const count = first.trim().split(/\s+/).length;
  const leads = parts.length > 1 && (count === 1 || (count === 2 && /\b(?:stop|alto|basta)\b/.test(first)));
  const trails =
    parts.length > (leads ? 2 : 1) &&
    last.trim().split(/\s+/).length <= 2 &&
    !/text|txt|msg|mail|messag|call|^\s*i ?a?m\b/.test(last);
  const middle = parts.slice(leads ? 1 : 0, trails ? -1 : undefined).join(',');
  return [...(leads ? [first] : []), middle, ...(trails ? [last] : [])];
}
