import { type SyntheticKind, syntheticKinds, syntheticValues } from '../../domain/cache/synthetic.ts';
import { vocabularies, type VocabularyName } from '../../domain/cache/synthetic-words.ts';
import { fastKinds, textKinds } from './cache-kinds.ts';
import { shippedDictionary } from './cache-stores.ts';
import { madeValues } from './cache-values.ts';

/** How much of one set of words is met in what was made from the other: names of people and places, ids, runs of three words of free text. */
export interface VocabularyFigure {
  readonly kind: SyntheticKind;
  /** Of the words that are measured with, so many were looked for in the dictionaries that ship, and so many found. */
  readonly measuredWith: number;
  readonly inDictionary: number;
  /** Of the words that dictionaries are made from, so many were looked for in the values that are measured, and so many found. */
  readonly trainedOn: number;
  readonly inMeasured: number;
  /** The control: so many of these were found in the dictionary, which was made from them. */
  readonly ownInDictionary: number;
}

/** Values of each kind that are read through; the ids of many locations, and every sentence. */
const READ: Readonly<Record<SyntheticKind, number>> = { lead: 700, contact: 700, listing: 350, conversation: 35 };
/** As the dictionaries are made: seeds from one on, a location each. */
const TRAINING_LOCATIONS = 10;
/** Of words in a row. No name is longer. */
const RUN = 3;
/** Where texts follow one another without a sign between them, a word is no word of its own; so long a one is no part of another either. */
const LONG = 8;
const ID = /^[0-9a-z]{20}$/;

export function measureVocabulary(): VocabularyFigure[] {
  return syntheticKinds.map((kind) => {
    const measured = runsOf(madeValues(kind, READ[kind]).map(({ text }) => text));
    const training = runsOf(trainingTexts(kind));
    const shipped = [textKinds[kind], fastKinds[kind]].map((one) =>
      Buffer.from(shippedDictionary(one).bytes).toString(),
    );
    const dictionary = runsOf(shipped);
    const together = shipped.map((text) => wordsOf(text).join(' ')).join(' ');
    const [test, own] = [marksOf('test', measured), marksOf('training', training)];
    const inDictionary = (marks: ReadonlySet<string>): number =>
      [...marks].filter((mark) => dictionary.has(mark) || (mark.length >= LONG && together.includes(mark))).length;
    return {
      ...{ kind, measuredWith: test.size, inDictionary: inDictionary(test) },
      ...{ trainedOn: own.size, inMeasured: [...own].filter((mark) => measured.has(mark)).length },
      ownInDictionary: inDictionary(own),
    };
  });
}

function trainingTexts(kind: SyntheticKind): string[] {
  const count = READ[kind] / TRAINING_LOCATIONS;
  return Array.from({ length: TRAINING_LOCATIONS }, (_, at) =>
    syntheticValues(kind, { vocabulary: 'training', seed: 1 + at, count }),
  )
    .flat()
    .map((value) => JSON.stringify(value));
}

/** By what values of a set of words are known. */
function marksOf(name: VocabularyName, runs: ReadonlySet<string>): Set<string> {
  const { firstNames, lastNames, cities, streets, features, things, asked, answered, remarks } = vocabularies[name];
  const names = [firstNames, lastNames, cities, streets].flat().map((one) => wordsOf(one).join(' '));
  const sentences = [...runsOf([features, things, asked, answered, remarks].flat())].filter(
    (run) => run.split(' ').length === RUN,
  );
  return new Set([...names, ...sentences, ...[...runs].filter((run) => ID.test(run))]);
}

/** Every word, and all of two and of three in a row. */
function runsOf(texts: readonly string[]): Set<string> {
  const runs = new Set<string>();
  for (const text of texts) {
    const words = wordsOf(text);
    words.forEach((_, at) => {
      for (let length = 1; length <= RUN && at + length <= words.length; length += 1) {
        runs.add(words.slice(at, at + length).join(' '));
      }
    });
  }
  return runs;
}

/** What stands in braces is filled in, so that it is in no text: it only keeps apart what is left and right of it. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}{}’-]+/gu) ?? [];
