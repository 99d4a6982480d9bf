import { knownWords } from './fair-housing-known.ts';
import { protectedWords } from './fair-housing-lexicon.ts';
import { plainWords, slips, talkWords } from './fair-housing-lexicon-talk.ts';
import { slipReader } from './slips.ts';
import { plainLetters, plainSentences } from './spelling.ts';

export type ProtectedSign = keyof typeof protectedWords;
export type Sign = ProtectedSign | keyof typeof talkWords | keyof typeof plainWords | 'slip';

/** One place of a sentence: its word, put right, and what it speaks of. */
export interface Place {
  readonly word: string;
  readonly signs: readonly Sign[];
}

interface Phrase {
  readonly rest: readonly string[];
  readonly sign: Sign;
}

interface Lexicon {
  readonly words: ReadonlyMap<string, readonly Sign[]>;
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
}

const lists = Object.entries({ ...protectedWords, ...talkWords, ...plainWords }) as readonly (readonly [
  Sign,
  string,
])[];

function put<T>(into: Map<string, T[]>, key: string, value: T): void {
  const there = into.get(key);
  if (there === undefined) into.set(key, [value]);
  else if (!there.includes(value)) there.push(value);
}

function readLexicon(): Lexicon {
  const words = new Map<string, Sign[]>();
  const phrases = new Map<string, Phrase[]>();
  for (const [sign, list] of lists) {
    for (const entry of list.split(' ')) {
      const [first = '', ...rest] = entry.split('_');
      if (rest.length === 0) put(words, first, sign);
      else put(phrases, first, { rest, sign });
    }
  }
  return { words, phrases };
}

const { words, phrases } = readLexicon();
const inPhrases: ReadonlySet<string> = new Set(
  [...phrases].flatMap(([first, all]) => [first, ...all.flatMap(({ rest }) => rest)]),
);

/** The forms under which a word may stand in a list: itself, and without its ending. */
function stems(word: string): readonly string[] {
  const forms = [word];
  const cut = (ending: RegExp, put = '') => {
    if (ending.test(word)) forms.push(word.replace(ending, put));
  };
  if (word.length > 3) cut(/s$/);
  if (word.length > 4) {
    cut(/es$/);
    cut(/ies$/, 'y');
    cut(/(?<=...)(?<!^not)(?:ed|ing)$/);
    cut(/(?<=..)(?:ed|ing)$/, 'e');
    cut(/(?:os|as|a)$/, 'o');
  }
  return forms;
}

const stem = (word: string): string | undefined => stems(word).find((form) => words.has(form));

function signsOf(word: string): readonly Sign[] {
  const form = stem(word);
  return form === undefined ? [] : words.get(form)!;
}

/** Is the word one that is spelled rightly, as far as any list knows? */
function isKnown(word: string): boolean {
  return (
    word.length < 3 ||
    !/^[a-z]+$/.test(word) ||
    stems(word).some((form) => words.has(form) || inPhrases.has(form) || knownWords.has(form))
  );
}

/** Names of streets and of people hold words that speak of neither. */
const named =
  /\b(?:(?:Mr|Mrs|Ms|Dr)\.? [A-Z][a-z]+|[Cc]alle [A-Z][a-z]+|(?:[A-Z][a-z]+(?:['’]s)? )+(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Way|Terrace|Square|Gate|Crossing|Bridge|Creek|Lake|Room|Bank|Friday|Standard|Parkway|Trail)(?![a-z]))/g;
/** What reads as another word once its apostrophe is gone: "ill", "well", "shell", "id". */
const contracted = /(?<=\b(?:i|we|he|she))'(?:ll|d)\b/gi;

const capital = /(?<=[a-z0-9,'’)] )[A-Z][a-z]+/g;

let slipRead: ReturnType<typeof slipReader> | undefined;

/** What a slip was meant to be. All that can be written for a word are some megabytes: made for whoever reads a text. */
function readSlip(word: string, isName: boolean): string | undefined {
  slipRead ??= slipReader([...new Set(Object.values({ ...protectedWords, ...talkWords }).flatMap(writtenOut))]);
  return slipRead(word, isName);
}

function writtenOut(list: string): readonly string[] {
  return list.split(/[ _]/).filter((word) => word.length > 3 && /^[a-z]+$/.test(word));
}

/**
 * The sentences of a text as places with what they speak of. Words that nobody knows are read as what they were meant to be, but for names.
 */
export function placesOf(text: string): readonly (readonly Place[])[] {
  const seen = plainLetters(text)
    .replace(named, 'Holly')
    .replace(/(?<=\d),(?=\d{3})/g, '')
    .replace(contracted, (ending) => (ending.toLowerCase() === "'ll" ? ' will' : ' would'))
    .replace(/(?<=[a-z)]) ?(?::|–|—| - )(?= |[a-z])/gi, ', ');
  const names = new Set([...seen.matchAll(capital)].map(([name]) => name.toLowerCase()));
  return plainSentences(seen).map((sentence) => sentencePlaces(sentence, names));
}

const bounds: ReadonlySet<string> = new Set('under over past above below than mayor menor mayores menores'.split(' '));
/** What may follow a figure that is an age; nothing may, too. */
const ages: ReadonlySet<string> = new Set(['', ',', ...'years year old and or to in here there only anos'.split(' ')]);

/** A short word with a letter written twice, or with z for s. */
function asKnown(word: string): string | undefined {
  return [word.replace(/(.)\1+/g, '$1'), word.replace(/z$/, 's'), word.replace(/s?[sz]$/, 's')].find(
    (form) => form !== word && form.length > 2 && words.has(stem(form) ?? ''),
  );
}

/** Two figures that are ages: "between 25 and 40", "25 to 40 crowd". */
function spansAges(first: string, between: string, second: string, unit: string): boolean {
  const [from, to] = [Number(first), Number(second)];
  return (
    ['and', 'to', 'y', 'a'].includes(between) &&
    from >= 18 &&
    to > from &&
    to < 100 &&
    (ages.has(unit) || ['crowd', 'set', 'range', 'bracket', 'preferred', 'wanted'].includes(unit))
  );
}

function sentencePlaces(sentence: string, names: ReadonlySet<string>): readonly Place[] {
  const read = sentence
    .replace(/,/g, ' , ')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const short = Object.hasOwn(slips, word) ? slips[word] : undefined;
      if (short !== undefined) return { word: short, slip: true };
      if (isKnown(word)) return { word, slip: false };
      const put = asKnown(word) ?? readSlip(word, names.has(word));
      return put === undefined ? { word, slip: false } : { word: put, slip: true };
    });
  const signs = read.map(({ word, slip }): Sign[] => [...signsOf(word), ...(slip ? (['slip'] as const) : [])]);
  for (let at = 0; at < read.length; at += 1) {
    const [bound = '', figure = '', unit = ''] = read.slice(at, at + 3).map(({ word }) => word);
    if (bounds.has(bound) && /^[1-9]\d$/.test(figure) && ages.has(unit)) signs[at]!.push('age');
    if (spansAges(bound, figure, unit, read[at + 3]?.word ?? '')) signs[at]!.push('age');
    for (const form of stems(read[at]!.word)) {
      for (const { rest, sign } of phrases.get(form) ?? []) {
        const there = rest.every((word, next) => stems(read[at + 1 + next]?.word ?? '').includes(word));
        if (there && !signs[at]!.includes(sign)) signs[at]!.push(sign);
      }
    }
  }
  return read.map(({ word }, at) => ({ word, signs: signs[at]! }));
}

export const isProtected = (sign: Sign): sign is ProtectedSign => Object.hasOwn(protectedWords, sign);
