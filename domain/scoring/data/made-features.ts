import type { DatasetSchema } from './dataset-schema.ts';
import { numbersOf, type Table } from './table.ts';

const ways: Readonly<Record<'plus' | 'less' | 'times' | 'per', (one: number, other: number) => number>> = {
  plus: (one, other) => one + other,
  less: (one, other) => one - other,
  times: (one, other) => one * other,
  per: (one, other) => one / other,
};

/** The table with the features that are made of others beside them: missing where a part is, and where one would be divided by nothing. */
export function withMadeFeatures(table: Table, { features }: DatasetSchema): Table {
  return features.reduce<Table>((made, { name, of }) => {
    if (of === undefined) return made;
    const [first, ...others] = of.parts.map((part) => numbersOf(made, part));
    const values = first!.map((value, row) => {
      const result = others.reduce((sum, other) => ways[of.how](sum, other[row]!), value);
      return Number.isFinite(Math.fround(result)) ? result : Number.NaN;
    });
    return { rows: made.rows, columns: { ...made.columns, [name]: { kind: 'number', values } } };
  }, table);
}
