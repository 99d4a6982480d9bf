import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';

/** One message of the opt-out sets. @see test/data/opt-out/README.md */
export interface CorpusMessage {
  readonly id: string;
  readonly label: 'opt-out' | 'ambiguous' | 'ordinary';
  readonly class: string;
  readonly made: 'hand' | 'grammar';
  readonly text: string;
}

const sets = { dev: 'dev.jsonl', 'dev-more': 'dev-more.jsonl', frozen: 'frozen.jsonl' } as const;
export type CorpusSet = keyof typeof sets;

const read = (file: string): string => readFileSync(corpusFile(file), 'utf8');

function corpusFile(file: string): string {
  return fileURLToPath(new URL(`../data/opt-out/${file}`, import.meta.url));
}

export function corpusMessages(set: CorpusSet): readonly CorpusMessage[] {
  return read(sets[set])
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CorpusMessage);
}

/** Does the set still read as it did when it was frozen? */
export function asFrozen(set: CorpusSet): boolean {
  const sum = createHash('sha256').update(read(sets[set])).digest('hex');
  return read('SHA256SUMS').includes(`${sum}  ${sets[set]}`);
}

/** Ordinary words that a careless rule takes for an opt-out: none of these messages may ever be taken for one. */
const neverWords = ['know', 'weekend', 'now', 'lender', 'offer', 'end of the month'] as const;

export interface OptOutFigures {
  readonly optOuts: number;
  readonly heard: number;
  /** Taken for ambiguous: the gate is closed, and a person looks. */
  readonly heardHalf: readonly CorpusMessage[];
  /** Taken for ordinary. */
  readonly missed: readonly CorpusMessage[];
  readonly ordinary: number;
  /** Ordinary messages that were taken for a clear opt-out. */
  readonly false: readonly CorpusMessage[];
  /** Ordinary messages that a person is bothered with. */
  readonly falseHalf: readonly CorpusMessage[];
  /** Of the ordinary messages with one of the words, how many were taken for a clear opt-out. */
  readonly never: Readonly<Record<string, { readonly n: number; readonly false: number }>>;
  /** How messages were read of which a person has to say what they mean. */
  readonly ambiguous: Readonly<Record<string, number>>;
}

/** @param read what a message says of being written to; `clear` and `ambiguous` are looked at, all else counts as ordinary */
export function optOutFigures(messages: readonly CorpusMessage[], read: (text: string) => string): OptOutFigures {
  const told = messages.map((message) => ({ message, as: read(message.text) }));
  const those = (label: CorpusMessage['label'], as?: string) =>
    told.filter((one) => one.message.label === label && (as === undefined || one.as === as)).map((one) => one.message);
  const optOuts = those('opt-out');
  const [heard, heardHalf] = [those('opt-out', 'clear'), those('opt-out', 'ambiguous')];
  const wrong = those('ordinary', 'clear');
  const has = (word: string) => (message: CorpusMessage) => new RegExp(`\\b${word}\\b`, 'iu').test(message.text);
  return {
    optOuts: optOuts.length,
    heard: heard.length,
    heardHalf,
    missed: optOuts.filter((message) => !heard.includes(message) && !heardHalf.includes(message)),
    ordinary: those('ordinary').length,
    false: wrong,
    falseHalf: those('ordinary', 'ambiguous'),
    never: Object.fromEntries(
      neverWords.map((word) => [
        word,
        { n: those('ordinary').filter(has(word)).length, false: wrong.filter(has(word)).length },
      ]),
    ),
    ambiguous: Object.fromEntries(
      ['clear', 'ambiguous', 'none'].map((as) => [as, those('ambiguous', as).length] as const),
    ),
  };
}

/** 95 % interval of a share by Wilson's score: it stays inside 0 and 1, also at the ends. */
export function wilson(hits: number, n: number): readonly [number, number] {
  const z = 1.959964;
  const share = hits / n;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
