import { splitLine } from './ingest-cells.ts';
import type { Notes } from './ingest-report.ts';

/** A record of a file: its cells, and the line on which it begins. */
export interface FileRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The record as cells, one per column, or undefined when it cannot be made whole. */
export function whole({ cells, line }: FileRecord, width: number, notes: Notes): readonly string[] | undefined {
  if (cells.length === width && !swallowed(cells)) return cells;
  if (cells.slice(1).every((cell) => cell.trim() === '') && cells[0]!.length < 100_000) {
    const unwrapped = splitLine(cells[0]!);
    if (unwrapped.length === width) {
      notes.add('repaired', 'the row was wrapped whole in quotes', line);
      return unwrapped;
    }
  }
  if (cells.length > width && cells.slice(width).every((cell) => cell.trim() === '')) {
    notes.add('repaired', 'empty cells beyond the last column', line);
    return cells.slice(0, width);
  }
  const ends = cells.reduce((sum, cell) => sum + linesOf(cell).length - 1, 0);
  if (ends === 0) notes.add('dropped', 'fewer or more cells than columns', line);
  else {
    notes.add('dropped', 'a quote that is not closed swallowed lines', line);
    notes.add('noticed', 'lines lost to a quote that is not closed', line, undefined, ends + 1);
  }
  return undefined;
}

/**
 * Has a cell of a record that looks whole taken in records? A stray quote is closed by the next one, and what lies between may leave as many
 * cells as there should be. Then a line within the cell, or its first and its last one with the cells beside them, are records of their own.
 */
function swallowed(cells: readonly string[]): boolean {
  const width = cells.length;
  return cells.some((cell, before) => {
    const lines = linesOf(cell);
    if (lines.length < 2 || width < 2) return false;
    const [first, last] = [splitLine(lines[0]!).length, splitLine(lines.at(-1)!).length];
    if (before + first === width && last + width - before - 1 === width) return true;
    return lines.slice(1, -1).some((line) => splitLine(line).length === width);
  });
}

function linesOf(cell: string): string[] {
  return cell.split(/\r\n|\n|\r/);
}
