import type { Iso } from '../glossary.ts';
import type { FigureRow, FigureSource } from '../market/figures.ts';

/** A file that lies here as a whole, and can be read as often as needed, from its beginning. */
export interface FigureFile {
  readonly source: FigureSource;
  /** Its name, or the address that it came from without anything secret. */
  readonly file: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** When it was made, as far as its server or its own head says; null: it does not say. */
  readonly madeAt: Iso | null;
  /** Row by row, never more of it in memory. Errors: MARKET_FILE_SHAPE, MARKET_FILE_BROKEN. */
  rows(): AsyncIterable<FigureRow>;
  /** What was fetched for it is taken away. */
  close(): Promise<void>;
}

export interface FigureFiles {
  /**
   * @param place   path of a file, or an http(s) address that somebody named
   * @param series  what the file counts, where neither rows nor name say so
   * @param today   periods that end later are mistakes
   * Errors: MARKET_FILE_BROKEN where it cannot be had.
   */
  open(
    source: FigureSource,
    place: string,
    about: { readonly series?: string | undefined; readonly today: string },
  ): Promise<FigureFile>;
}
