import { claimsIn } from './claims.ts';
import { commitmentsIn, type Sentence } from './commitments.ts';
import { hasCapitals, opensSentences } from './common-words.ts';
import type { ReplyFacts } from './facts.ts';
import { hasLink } from './links.ts';
import { FACT, type Rendered } from './placeholders.ts';
import { plainLetters, plainSentences } from './spelling.ts';
import type { Reason } from './verdict.ts';

const what = {
  letters: 'Use plain letters and punctuation only: no emoji, no markup, no other alphabet.',
  link: 'Write no link, no web or e-mail address, no handle.',
  number: 'Write no figure, amount, percentage, count, address or phone number of your own: only placeholders.',
  time: 'Name no day, date or time of your own: only placeholders of offered slots or hours.',
  name: 'Name no person, place, firm or home that is not in the facts of the team; use placeholders.',
  echo: "Do not repeat the lead's words.",
} as const;
type FactCode = keyof typeof what;

/** English and Spanish with their punctuation; mail and chat know more, a text message of ours does not. */
const plain = /^[A-Za-zÁÉÍÓÚÜÑáéíóúüñ0-9 \n.,;:!?¡¿'’"“”()\-–—/&%$+@#…]*$/;
const numberWords =
  /\b(?:zero|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w*teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|grand|dozens?|percent(?:age)?|per cent|dollars?|bucks?|cents?|penny|pennies|euros?|quid|usd|half (?:a )?(?:million|price|off)|double|triple|twice|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once recamaras|doce|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien(?:to|tos)?|doscient[oa]s|trescient[oa]s|quinient[oa]s|mil|miles|millon(?:es)?|por ciento|dolares|pesos)\b/g;
const smallWords =
  /\b(?:two|one) (?:and a half )?(?:bed|beds|bedrooms?|baths?|bathrooms?|br|ba|acres?|car|cars|story|stories|levels?|years?|months?|weeks?|hours?|minutes?|miles?|blocks?|units?|offers?|homes|houses|listings)\b|\b(?:un|una|dos) (?:recamaras?|banos?|cuartos?|anos?|meses|semanas?|horas?|minutos|millas?|cuadras?)\b|\b(?:first|second|third|fourth|fifth) of\b/g;
const timeWords =
  /\b(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|january|february|april|june|july|august|september|october|november|december|tomorrow|tonight|noon|midnight|oclock|this (?:morning|afternoon|evening|week|weekend)|next (?:week|weekend|month|year)|(?:the )?day after|in an hour|yesterday|last (?:week|month|year)|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|manana|esta (?:noche|tarde|semana)|mediodia|medianoche|proxima semana|fin de semana|ayer)\b/g;
/** A question about the lead's own time names none of ours. */
const askedTime = /\b(?:next|this|the coming) (?:month|year|few (?:weeks|months))\b/g;

/**
 * What a draft states without a stored fact behind it. Only the draft's own words are read: rendered placeholders are facts. Words of the
 * location's own facts may be said where the word behind stands there too. The lead's own figures are never repeated: what a
 * stranger wrote would then be said by us.
 */
export function factFindings(rendered: Rendered, facts: ReplyFacts): readonly Reason[] {
  const { own } = rendered;
  const known = knownWords(facts);
  const letters = plainLetters(own);
  const lower = letters.toLowerCase();
  const found = new Set<FactCode>();
  if (!plain.test(own.replaceAll(FACT, ''))) found.add('letters');
  if (hasLink(own)) found.add('link');
  const words = wordsOf(lower);
  words.forEach((word, at) => {
    if (/[0-9%$€£]/.test(word) && !known.says(words, at, at)) found.add('number');
  });
  const sentence = words.join(' ');
  if (states(numberWords, sentence, known) || states(smallWords, sentence, known)) found.add('number');
  if (states(timeWords, sentence.replace(askedTime, '_'), known)) found.add('time');
  if (namesIn(letters).some((name) => !known.names.has(name.toLowerCase()))) found.add('name');
  if (echoes(own, facts.message)) found.add('echo');
  const codes = [...found].map((code): Reason => ({ code, what: what[code] }));
  const filled = own.replaceAll(FACT, ' it ');
  const claims = [...claimsIn(plainSentences(filled)), ...commitmentsIn(sentencesOf(filled), sayable(facts))];
  return [...codes, ...claims.filter(({ code }, at) => claims.findIndex((one) => one.code === code) === at)];
}

/** As clauses are weighed: what a colon, a bracket or a dash sets apart is a clause, and a question is known for one. */
function sentencesOf(words: string): readonly Sentence[] {
  const parts = words.replace(/[:()"“”]|\s[-–—]+\s|…|\.{2,}/g, ', ').split(/(?<=\?)/);
  return parts.flatMap((part) =>
    plainSentences(part).map((sentence, at, all) => ({
      words: sentence,
      asks: part.endsWith('?') && at === all.length - 1,
    })),
  );
}

function sayable({ location }: ReplyFacts): ReadonlySet<string> {
  return new Set(location.facts.flatMap((fact) => plainSentences(fact)));
}

function wordsOf(lower: string): readonly string[] {
  return lower
    .replace(/[’']/g, '')
    .split(/[\s/()"“”\-–—]+/)
    .map((word) => word.replace(/^[.,;:!?¡¿…]+|[.,;:!?¡¿…]+$/g, ''))
    .filter((word) => word !== '');
}

interface Known {
  readonly names: ReadonlySet<string>;
  /** Do these words stand in the facts of the location, with the one behind, or at their end with the one before? */
  readonly says: (words: readonly string[], from: number, to: number) => boolean;
}

function knownWords({ location }: ReplyFacts): Known {
  const texts = [...location.facts, ...location.areas].map((text) => wordsOf(plainLetters(text).toLowerCase()));
  const names = wordsOf(plainLetters([location.name, ...location.areas, ...location.facts].join(' ')).toLowerCase());
  const lines = texts.map((text) => ` ${text.join(' ')} `);
  const holds = (some: readonly (string | undefined)[]) =>
    !some.includes(undefined) && lines.some((line) => line.includes(` ${some.join(' ')} `));
  return {
    names: new Set(names),
    says: (words, from, to) => {
      const middle = words.slice(from, to + 1);
      const [before, behind] = [words[from - 1], words[to + 1]];
      if (holds([...middle, behind])) return true;
      // Without a word behind it in the fact, as a year has none, the one before it must be the fact's.
      return before !== undefined && lines.some((line) => line.endsWith(` ${[before, ...middle].join(' ')} `));
    },
  };
}

function states(pattern: RegExp, sentence: string, known: Known): boolean {
  const words = sentence.split(' ');
  for (const match of sentence.matchAll(pattern)) {
    const from = sentence.slice(0, match.index).split(' ').length - 1;
    const to = from + match[0].split(' ').length - 1;
    if (!known.says(words, from, to)) return true;
  }
  return false;
}

/** Words with capital letters that neither open a sentence as common words do nor are written so wherever they stand. */
function namesIn(letters: string): readonly string[] {
  return letters.split(/[.!?¡¿:\n]+/).flatMap((sentence) => {
    const words = sentence.match(/[A-Za-z0-9\u{e000}][A-Za-z0-9'’\u{e000}]*/gu) ?? [];
    return words.filter((word, at) => {
      if (!/[A-Z]/.test(word) || hasCapitals(word.replace('’', "'"))) return false;
      return at > 0 || /[A-Z]/.test(word.slice(1)) || !opensSentences(word);
    });
  });
}

const ECHOED = 6;

/** Six words of the lead in a row, whatever stands between them: a draft that obeys them says them again. */
function echoes(own: string, message: string): boolean {
  const said = wordsOf(plainLetters(own).toLowerCase());
  const theirs = ` ${wordsOf(plainLetters(message).toLowerCase()).join(' ')} `;
  return said.some(
    (_word, at) => at + ECHOED <= said.length && theirs.includes(` ${said.slice(at, at + ECHOED).join(' ')} `),
  );
}
