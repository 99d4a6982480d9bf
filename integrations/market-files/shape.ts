import { AppError } from '../../domain/errors.ts';
import type { Figure, FigureProblem, FigureSource } from '../../domain/market/figures.ts';
import type { AboutFile } from '../../domain/ports/figure-files.ts';

/** What one row says; the reader counts rows. */
export interface RowRead {
  readonly figures: readonly Figure[];
  readonly problems: readonly FigureProblem[];
}

export interface About extends AboutFile {
  /** Its bare name, as publishers give it. */
  readonly name: string;
}

/** How one source writes its files. */
export interface Shape {
  readonly source: FigureSource;
  readonly delimiter: ',' | '\t';
  /**
   * Judges the first line.
   * @returns whether it was a heading, and what reads the rows
   * @throws MARKET_FILE_SHAPE where it is another one than the source publishes
   */
  begin(
    first: readonly string[],
    about: About,
  ): { readonly heading: boolean; readonly read: (cells: readonly string[]) => RowRead };
}

export function wrongShape(source: FigureSource, expected: string, got: string): AppError {
  return new AppError('MARKET_FILE_SHAPE', `expected ${expected} in a file of ${source}, got ${shown(got)}`);
}

/** The row as a whole is of no use. */
export function deadRow(reason: FigureProblem['reason'], field: string | null, detail: string): RowRead {
  return { figures: [], problems: [{ reason, field, detail }] };
}

function shown(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return plain === '' ? 'nothing' : `"${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}"`;
}
