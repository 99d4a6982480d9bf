import type { Iso } from '../glossary.ts';
import type { FigureRow, FigureSource } from '../market/figures.ts';
import type { FileMarks } from './followed-files.ts';

/** A file that lies here as a whole, and can be read as often as needed, from its beginning. */
export interface FigureFile {
  readonly source: FigureSource;
  /** Its name, or the address that it came from without anything secret. */
  readonly file: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** When it was made, as far as its server or its own head says; null: it does not say. */
  readonly madeAt: Iso | null;
  /** What its server said of it; of a file that lies here, nothing. */
  readonly marks: FileMarks;
  /** Row by row, never more of it in memory. Errors: MARKET_FILE_SHAPE, MARKET_FILE_BROKEN. */
  rows(): AsyncIterable<FigureRow>;
  /** What was fetched for it is taken away. */
  close(): Promise<void>;
}

export interface AboutFile {
  /** What the file counts, where neither rows nor name say so. */
  readonly series?: string | undefined;
  /** `2026-11-29`: periods that end later are mistakes. */
  readonly today: string;
  /** Ends fetching and reading. */
  readonly signal?: AbortSignal | undefined;
}

export interface FigureFiles {
  /** @param place  path of a file, or an http(s) address that somebody named. Errors: MARKET_FILE_BROKEN where it cannot be had. */
  open(source: FigureSource, place: string, about: AboutFile): Promise<FigureFile>;
  /**
   * The file of an address where it is another one than is known; null: its server says that it is not. Errors: as of `open`.
   * @param known  what its server said of the one that was read
   */
  changed(source: FigureSource, address: string, known: FileMarks, about: AboutFile): Promise<FigureFile | null>;
}
