import { AppError, isAppError } from '../../domain/errors.ts';
import type { Client, Got } from './client.ts';
import { addressOf, type Trail } from './links.ts';
import { broken, collectionOf } from './page.ts';
import { pageSize, type Scope } from './query.ts';
import type { RawRecord } from '../../domain/market/feed.ts';

/** What every reading of a feed needs. */
export interface Reading {
  readonly scope: Scope;
  readonly client: Client;
  readonly trail: Trail;
}

export interface PageRead {
  readonly rows: readonly RawRecord[];
  /** The address of the next page, on the feed's own host; null: the set is exhausted. */
  readonly link: string | null;
  readonly bytes: number;
}

/**
 * Reads one page of a resource.
 * @param first  the first page of its set, whose count says whether a page without a link can be the last
 */
export async function readPage(
  reading: Reading,
  url: string,
  what: string,
  first: boolean,
  of: Parameters<typeof pageSize>[1] = 'anything',
): Promise<PageRead> {
  const got = await ask(reading, url, what, of);
  if (got.kind === 'absent') throw noResource(what);
  if (got.kind !== 'body') throw got.error;
  return pageOf(reading, url, what, got, first);
}

export function ask(
  { client, scope }: Reading,
  url: string,
  what: string,
  of: Parameters<typeof pageSize>[1] = 'anything',
): Promise<Got> {
  return client.ask({ url, what, accept: 'application/json', pageSize: pageSize(scope, of) });
}

export function pageOf(
  { scope }: Reading,
  url: string,
  what: string,
  { text, bytes }: Extract<Got, { kind: 'body' }>,
  first: boolean,
): PageRead {
  const { rows, link, count } = collectionOf(text, what);
  // RESO Web API Core 2.1 wants a link until the set is exhausted. Without one the rest would be lost without a word.
  if (first && link === null && count !== null && count > rows.length) {
    throw broken(what, `a link to the rest of ${String(count)} records`, `has ${String(rows.length)} and no link`);
  }
  return { rows, link: link === null ? null : addressOf(link, url, scope.root, what), bytes };
}

/**
 * Is the account given what is at this address? What is not there, not licensed or not known is not, in whatever words the feed says so.
 * Errors: those of the port, where that cannot be told now.
 */
export async function isGiven(reading: Reading, url: string, what: string): Promise<boolean> {
  try {
    const got = await ask(reading, url, what);
    return got.kind === 'body' && Array.isArray(collectionOf(got.text, what).rows);
  } catch (error) {
    if (isAppError(error) && error.code === 'FEED_BAD_REQUEST') return false;
    throw error;
  }
}

/** A page was asked for, and the feed has no such address. */
export function noResource(what: string): AppError {
  return new AppError('FEED_BAD_REQUEST', `${what}: expected a resource of the feed; it has none of that name`);
}
