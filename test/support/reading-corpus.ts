import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readingLabels, type ReadingLabel } from './reading-score.ts';

const file = (name: string): string =>
  readFileSync(new URL(`../data/assistant/${name}`, import.meta.url), { encoding: 'utf8' });

/** The labelled messages that measure how messages are read. @see test/data/assistant/reading.md */
export function readingCorpus(): readonly ReadingLabel[] {
  return readingLabels(file('reading.jsonl'));
}

/** Does it still read as it did when it was frozen? */
export function readingAsFrozen(): boolean {
  const sum = createHash('sha256').update(file('reading.jsonl')).digest('hex');
  return file('reading.sha256') === `${sum}  reading.jsonl\n`;
}

/** The language of a message and what kind it is, as its id says. */
export function kindOf(label: ReadingLabel): { readonly language: string; readonly kind: string } {
  const [language = '', kind = ''] = label.id.split('-');
  return { language, kind };
}
