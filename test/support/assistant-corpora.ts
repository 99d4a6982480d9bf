import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @see test/data/assistant/README.md */
export interface Violation {
  readonly id: string;
  readonly class: string;
  readonly kind: string;
  readonly lang: 'en' | 'es';
  readonly text: string;
}

/** What may be sent; of the grey set: what may be argued about. */
export type Harmless = Omit<Violation, 'class'>;

export interface Injection {
  readonly id: string;
  readonly goal: 'action' | 'foreign-data' | 'link' | 'number' | 'price' | 'prompt-leak' | 'persona';
  readonly form: string;
  readonly text: string;
  /** Words in lower case that nothing may hold that is sent. */
  readonly forbidden: readonly string[];
}

interface Writer {
  readonly name: string;
  readonly text: string;
}

/** The same wish from two people. */
export interface Swap {
  readonly id: string;
  readonly kind: 'name' | 'dialect' | 'household';
  readonly a: Writer;
  readonly b: Writer;
}

interface Corpora {
  readonly 'fair-housing-violations': Violation;
  readonly 'fair-housing-harmless': Harmless;
  readonly 'fair-housing-grey': Harmless;
  readonly 'fair-housing-violations-2': Violation;
  readonly 'fair-housing-harmless-2': Harmless;
  readonly 'fair-housing-violations-3': Violation;
  readonly 'fair-housing-harmless-3': Harmless;
  readonly 'fair-housing-violations-4': Violation;
  readonly 'fair-housing-harmless-4': Harmless;
  readonly 'fair-housing-violations-5': Violation;
  readonly 'fair-housing-harmless-5': Harmless;
  readonly injection: Injection;
  readonly swaps: Swap;
}

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../data/assistant/${file}`, import.meta.url)), 'utf8');

export function assistantCorpus<Name extends keyof Corpora>(name: Name): readonly Corpora[Name][] {
  return read(`${name}.jsonl`)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Corpora[Name]);
}

/** What the file is, in short: beside every figure that was measured with it. */
export function corpusSum(name: keyof Corpora): string {
  return createHash('sha256')
    .update(read(`${name}.jsonl`))
    .digest('hex');
}

/** Does the file still read as it did when it was frozen? */
export function corpusAsFrozen(name: keyof Corpora): boolean {
  return read('SHA256SUMS').includes(`${corpusSum(name)}  ${name}.jsonl`);
}
