import type { Iso } from '../glossary.ts';
import type { DeadRows } from '../market/figure-survey.ts';
import type { Figure, FigureSource } from '../market/figures.ts';
import type { Page, PageRequest } from './page.ts';

/** A file of figures as it was read. */
export interface ReadFile {
  readonly source: FigureSource;
  readonly file: string;
  readonly hash: string;
  readonly asOf: Iso;
  readonly readAt: Iso;
  readonly rows: number;
  /** Figures that are new, or have another value than before. */
  readonly changed: number;
  readonly dead: number;
  readonly problems: DeadRows;
  /** Rows that are done where it was broken off; null: it is whole. */
  readonly atRow: number | null;
}

export type FileName = Pick<ReadFile, 'source' | 'file' | 'hash'>;

/** Some rows of a file, stored together with how far it is read. */
export interface FigureBatch {
  readonly figures: readonly Figure[];
  /** Rows that were done before it: where the file stands otherwise, somebody else has read on. */
  readonly after: number;
  /** Rows that are done with it, from the beginning; and what was dead since `after`. */
  readonly rows: number;
  readonly problems: DeadRows;
  /** The file's last one. */
  readonly last: boolean;
}

/** A figure with where it comes from. */
export interface StoredFigure extends Figure {
  readonly source: FigureSource;
  readonly asOf: Iso;
  readonly fileHash: string;
}

export interface FigureFilter extends PageRequest {
  readonly source: FigureSource;
  /** The source's id of it, or its whole name in any case. */
  readonly region: string;
  readonly series?: string | undefined;
  /** Days; both ends belong to it. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Figures of public files, the same for every location. Errors of every function: STORE_AWAY. */
export interface MarketFigureStore {
  /** A file that was read before, wholly or in part. */
  read(file: FileName): Promise<ReadFile | undefined>;
  /** Begins a file, or says how far it was read before. */
  begin(file: FileName & Pick<ReadFile, 'asOf' | 'readAt'>): Promise<ReadFile>;
  /**
   * Stores a batch whole or not at all. A figure of an older file never overwrites that of a newer one; what one file says twice counts
   * the first time, and is dead (`repeated`) after that. Errors: MARKET_FILE_BUSY.
   */
  add(file: FileName & Pick<ReadFile, 'asOf'>, batch: FigureBatch): Promise<ReadFile>;
  /** What is stored of these figures, in their order; null: nothing. */
  known(source: FigureSource, figures: readonly Figure[]): Promise<readonly (string | null)[]>;
  /** The newest period of these series. */
  newest(source: FigureSource, series: readonly string[]): Promise<string | null>;
  /** By series, region and period, the newest period first. */
  list(filter: FigureFilter): Promise<Page<StoredFigure>>;
  /** Of each of these files the last one that was read to its end. */
  lastRead(files: readonly Pick<FileName, 'source' | 'file'>[]): Promise<readonly ReadFile[]>;
  /** What was read, the last first, at most 200. */
  files(): Promise<readonly ReadFile[]>;
}
