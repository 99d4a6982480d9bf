import type { RawColumn } from '../data/table.ts';

/** Fewer rows say nothing of a part of the leads. */
export const fewestRows = 50;

/** Numbers with no more different values than this are kept as they are. */
const fewValues = 4;

/**
 * The part that each row belongs to, when people or leads are compared by a column: words as they stand, numbers by quarters
 * ("up to 33", "above 33 up to 41", …). null: unknown.
 */
export function auditLevels(column: RawColumn): readonly (string | null)[] {
  if (column.kind === 'category') return column.values;
  const known = column.values.filter((value) => Number.isFinite(value)).sort();
  const distinct = [...new Set(known)];
  if (distinct.length <= fewValues) return Array.from(column.values, (value) => textOf(value));
  const edges = [...new Set([0.25, 0.5, 0.75].map((share) => known[Math.floor(share * (known.length - 1))]!))];
  return Array.from(column.values, (value) => (Number.isFinite(value) ? quarterOf(value, edges) : null));
}

/** Levels with enough rows, the most frequent first; `most` of them. */
export function frequentLevels(levels: readonly (string | null)[], most: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const level of levels) if (level !== null) counts.set(level, (counts.get(level) ?? 0) + 1);
  return [...counts]
    .filter(([, n]) => n >= fewestRows)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([level]) => level);
}

function textOf(value: number): string | null {
  return Number.isFinite(value) ? String(value) : null;
}

function quarterOf(value: number, edges: readonly number[]): string {
  const at = edges.findIndex((edge) => value <= edge);
  if (at === -1) return `above ${edges.at(-1)!}`;
  return at === 0 ? `up to ${edges[0]!}` : `above ${edges[at - 1]!} up to ${edges[at]!}`;
}
