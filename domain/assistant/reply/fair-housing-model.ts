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

/** A sentence or one of its clauses, and what the sentences beside it add. */
export interface Unit {
  readonly places: readonly Place[];
  readonly beside: readonly string[];
}

const said = (sentence: readonly Place[]): string => sentence.map(({ word }) => word).join(' ');

/** Of the sentence before: whom it names, and whether it asks or refuses. Of both: whether they only name, as a referral does. */
function besideOf(before: readonly Place[], after: readonly Place[]): readonly string[] {
  const earlier = new Set(before.flatMap(general));
  return [
    ...['P', 'V', 'pers', 'safe', 'scho', 'plac'].filter((sign) => earlier.has(sign)).map((sign) => `<${sign}`),
    ...(namesOnly(said(before)) ? ['<NAMES'] : []),
    ...(refuses(said(after)) ? ['^REFUSES'] : []),
    ...(namesOnly(said(after)) ? ['^NAMES'] : []),
  ];
}

/**
 * What a unit is weighed by: its words, its neighbouring words, what it speaks of, what is spoken of side by side, which two things are
 * spoken of in it, and what is said beside it.
 */
export function featuresOf({ places: sentence, beside }: Unit): readonly string[] {
  const found = new Set<string>(beside);
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
  const classes = new Set(sentence.flatMap((place) => place.signs.filter(isProtected)));
  if (classes.size > 2) found.add(`MANY:${classes.size > 3 ? '4' : '3'}`);
  const words = said(sentence);
  if (refuses(words)) found.add('REFUSES');
  if (namesOnly(words)) found.add('NAMES');
  for (const [at, sign] of all.entries()) {
    found.add(sign);
    for (const other of all.slice(at + 1)) found.add(`${sign}&${other}`);
    for (const other of beside) found.add(`${other}&${sign}`);
  }
  return [...found];
}

const turning: ReadonlySet<string> = new Set(
  ', but and so because since though although however still yet then if unless pero aunque porque asi entonces y si'.split(
    ' ',
  ),
);

/** What is weighed of a text: of each sentence the sentence itself, then each of its clauses that says something by itself. */
export function unitsOf(sentences: readonly (readonly Place[])[]): readonly (readonly [Unit, ...Unit[]])[] {
  return sentences.map((sentence, at) => {
    const beside = besideOf(sentences[at - 1] ?? [], sentences[at + 1] ?? []);
    return [{ places: sentence, beside }, ...clausesOf(sentence).map((places) => ({ places, beside }))];
  });
}

function clausesOf(sentence: readonly Place[]): readonly (readonly Place[])[] {
  const clauses: Place[][] = [[]];
  for (const place of sentence) {
    if (turning.has(place.word) && clauses.at(-1)!.length > 1) clauses.push([]);
    if (place.word !== ',') clauses.at(-1)!.push(place);
  }
  const long = clauses.filter((clause) => clause.length > 2 || clause.some(({ signs }) => signs.some(isProtected)));
  return long.length > 1 ? long : [];
}

const weights: ReadonlyMap<string, number> = new Map(
  weighed.flatMap(([weight, features]) => features.split('|').map((feature) => [feature, weight] as const)),
);

/** How much speaks for a unit that it must not be sent: above nought more than speaks against it. */
export function weightOf(unit: Unit): number {
  return featuresOf(unit).reduce((sum, feature) => sum + (weights.get(feature) ?? 0), bias);
}
