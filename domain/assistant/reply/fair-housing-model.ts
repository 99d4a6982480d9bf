import { namesOnly, refuses } from './fair-housing-refusals.ts';
import { vagueWords } from './fair-housing-lexicon.ts';
import { bias, weighed } from './fair-housing-weights.ts';
import { isProtected, type Place } from './fair-housing-signs.ts';

/** The signs of a place as features name them, short: any protected class is also `P`, and `V` where the word may be of none. */
function general({ word, signs }: Place): readonly string[] {
  const short = signs.map((sign) => sign.slice(0, 4));
  if (!signs.some(isProtected)) return short;
  return [vagueWords.has(word) ? 'V' : 'P', ...short];
}

/**
 * What a sentence is weighed by: its words, its neighbouring words, what it speaks of, what is spoken of side by side, and which two things are
 * spoken of in one sentence.
 */
export function featuresOf(sentence: readonly Place[]): readonly string[] {
  const found = new Set<string>();
  const signs = sentence.map(general);
  const all = [...new Set(signs.flat())].sort();
  for (const [at, { word }] of sentence.entries()) {
    found.add(`=${word}`);
    const next = sentence[at + 1];
    if (next !== undefined) found.add(`=${word} ${next.word}`);
    const own = signs[at]!;
    const after = signs[at + 1] ?? [];
    const later = signs[at + 2] ?? [];
    for (const sign of own) {
      for (const other of after) found.add(`${sign}>${other}`);
      for (const other of later) found.add(`${sign}>>${other}`);
      if (next !== undefined && after.length === 0) found.add(`${sign}>=${next.word}`);
      const before = sentence[at - 1];
      if (before !== undefined && signs[at - 1]!.length === 0) found.add(`=${before.word}>${sign}`);
    }
  }
  const speaks = (...of: readonly string[]) => of.some((sign) => all.includes(sign));
  const people = speaks('pers', 'part', 'like');
  const judged = speaks('wish', 'refu', 'only', 'suit', 'live', 'majo', 'avoi', 'ques', 'beca', 'allo');
  const you = sentence.some(({ word }) => /^you(?:r|d|ll|re|ve)?$/.test(word));
  for (const sign of ['P', 'V'])
    if (speaks(sign)) found.add(`${sign}:${people ? 'people' : ''}:${judged ? 'judged' : ''}:${you ? 'you' : ''}`);
  if (speaks('safe', 'scho', 'good', 'bad'))
    found.add(
      `AREA:${speaks('plac') ? 'place' : ''}:${people ? 'people' : ''}:${speaks('sour', 'decl') ? 'left' : ''}`,
    );
  const words = sentence.map(({ word }) => word).join(' ');
  if (refuses(words)) found.add('REFUSES');
  if (namesOnly(words)) found.add('NAMES');
  for (const [at, sign] of all.entries()) {
    found.add(sign);
    for (const other of all.slice(at + 1)) found.add(`${sign}&${other}`);
  }
  return [...found];
}

const turning: ReadonlySet<string> = new Set(
  ', but and so because since though although however still yet then if unless pero aunque porque asi entonces y si'.split(
    ' ',
  ),
);

/** What is weighed: each sentence, and each of its clauses that says something by itself. */
export function unitsOf(sentence: readonly Place[]): readonly (readonly Place[])[] {
  const clauses: Place[][] = [[]];
  for (const place of sentence) {
    if (turning.has(place.word) && clauses.at(-1)!.length > 2) clauses.push([]);
    if (place.word !== ',') clauses.at(-1)!.push(place);
  }
  const long = clauses.filter((clause) => clause.length > 2);
  return long.length > 1 ? [sentence, ...long] : [sentence];
}

const weights: ReadonlyMap<string, number> = new Map(
  weighed.flatMap(([weight, features]) => features.split('|').map((feature) => [feature, weight] as const)),
);

/** How much speaks for a unit that it must not be sent: above nought more than speaks against it. */
export function weightOf(unit: readonly Place[]): number {
  return featuresOf(unit).reduce((sum, feature) => sum + (weights.get(feature) ?? 0), bias);
}
