import type { Iso } from '../glossary.ts';
import type { FileAsked, FileFailing, FileMarks, FollowedFile } from '../ports/followed-files.ts';
import type { ReadFile } from '../ports/market-figures.ts';
import type { FigureSource } from './figures.ts';

/** An address that the deployment names. */
export interface FigureAddress {
  readonly source: FigureSource;
  /** Whole, with what stands behind the question mark: it stays in the process. */
  readonly url: string;
}

/** Of a file of which no server has said anything. */
export const noMarks: FileMarks = { etag: null, lastModified: null };

/** An address without what stands behind the question mark, which may be a signature. */
export const shownAddress = ({ origin, pathname }: URL): string => origin + pathname;

/** Under which name an address is known outside the process. */
export function followedFile({ source, url }: FigureAddress): FollowedFile {
  return { source, file: shownAddress(new URL(url)) };
}

export const isSameFile = (one: FollowedFile, other: FollowedFile): boolean =>
  one.source === other.source && one.file === other.file;

/** What people see of a file that is fetched each day. */
export interface FollowedFileShown extends FollowedFile {
  /** Null: it was not asked for yet. */
  readonly askedAt: Iso | null;
  readonly failing: FileFailing | null;
  /** Of the last one that was read to its end; null: none was. */
  readonly read: { readonly at: Iso; readonly asOf: Iso; readonly hash: string } | null;
}

/** @param last  of each the last one that was read to its end */
export function followedFilesShown(
  addresses: readonly FigureAddress[],
  asked: readonly FileAsked[],
  last: readonly ReadFile[],
): readonly FollowedFileShown[] {
  return addresses.map((address) => {
    const file = followedFile(address);
    const standing = asked.find((one) => isSameFile(one, file));
    const read = last.find((one) => isSameFile(one, file));
    return {
      ...file,
      askedAt: standing?.askedAt ?? null,
      failing: standing?.failing ?? null,
      read: read === undefined ? null : { at: read.readAt, asOf: read.asOf, hash: read.hash },
    };
  });
}
