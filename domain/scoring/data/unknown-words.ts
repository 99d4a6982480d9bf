import type { Table } from './table.ts';
import type { Encoder } from '../trainer/encoder.ts';

/**
 * Counts words that a model has not learned: they count as missing, and whoever scores a file should know how many there are. Memory is
 * that of the model's own words, however long the file.
 */
export function unknownWords(encoder: Encoder): {
  readonly take: (table: Table) => void;
  readonly list: () => readonly { readonly feature: string; readonly count: number }[];
} {
  const known = new Map<string, Set<string | null>>();
  for (const encoding of encoder.columns) {
    if (encoding.kind === 'is') known.set(encoding.feature, new Set(encoding.known));
    else if (encoding.kind === 'mean') known.set(encoding.feature, new Set(encoding.levels.map(([level]) => level)));
  }
  const counts = new Map([...known.keys()].map((feature) => [feature, 0]));
  return {
    take: ({ columns }) => {
      for (const [feature, words] of known) {
        const column = columns[feature];
        if (column?.kind !== 'category') continue;
        const strange = column.values.reduce((sum, word) => sum + (word === null || words.has(word) ? 0 : 1), 0);
        counts.set(feature, counts.get(feature)! + strange);
      }
    },
    list: () => [...counts].map(([feature, count]) => ({ feature, count })).filter(({ count }) => count > 0),
  };
}
