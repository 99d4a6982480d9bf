import type { Iso } from '../glossary.ts';
import type { FigureSource } from '../market/figures.ts';

/** A public file that is fetched each day. `file`: its address without what stands behind the question mark, which may be a signature. */
export interface FollowedFile {
  readonly source: FigureSource;
  readonly file: string;
}

/** What a server says of the file that it gives, and by which it tells later whether it has another one (RFC 9110, 13.1). */
export interface FileMarks {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** How the last asking went. */
export interface FileAsked extends FollowedFile {
  readonly askedAt: Iso;
  /** Of the last one that was read to its end. */
  readonly marks: FileMarks;
  /** Of the whole address that these were said of; null: none was read. */
  readonly addressHash: string | null;
  /** Null: it was read, or is the same as before. */
  readonly failing: FileFailing | null;
}

export interface FileFailing {
  /** Code of the error. */
  readonly code: string;
  readonly since: Iso;
  /** What was expected and what came. */
  readonly says: string;
}

/** Public files are the same for every location. Errors of every function: STORE_AWAY. */
export interface FollowedFileStore {
  list(): Promise<readonly FileAsked[]>;
  get(file: FollowedFile): Promise<FileAsked | undefined>;
  /** It was read to its end, or is what it was. */
  well(file: FollowedFile, at: Iso, read: Pick<FileAsked, 'marks' | 'addressHash'>): Promise<void>;
  /** Since when it fails stays as it is while it fails. */
  fail(file: FollowedFile, at: Iso, failing: Pick<FileFailing, 'code' | 'says'>): Promise<void>;
}

/** The runs by which files are fetched. Errors of both functions: TEMPORAL_UNAVAILABLE. */
export interface FollowedFileRuns {
  /** From now on it is fetched each day, at once if it never was; harmless where it is already. */
  begin(file: FollowedFile): Promise<void>;
  /** Harmless where there is none. */
  end(file: FollowedFile): Promise<void>;
}
