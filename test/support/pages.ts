import { expect } from '@jest/globals';
import type { Page } from '../../domain/ports/page.ts';

type Turn<Item> = (cursor: string | undefined) => Promise<Page<Item>>;

/** All items of a list, page after page. */
export async function allPages<Item>(turn: Turn<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await turn(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

/**
 * A list refuses words that are no cursor, cursors of other queries and cursors that were changed.
 * @param turn    the query, with at least two pages
 * @param others  queries that must not take its cursor
 */
export async function expectOwnCursorsOnly(turn: Turn<unknown>, others: readonly Turn<unknown>[]): Promise<void> {
  const { nextCursor } = await turn(undefined);
  if (nextCursor === null) throw new Error('the query has one page only');
  expect((await turn(nextCursor)).items.length).toBeGreaterThan(0);
  for (const other of others) await expect(other(nextCursor)).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  for (const word of ['', 'x', 'bm8', '\0', "'; drop table leads; --"]) {
    await expect(turn(word)).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  }
  const [mark, ...values] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString()) as unknown[];
  const forged = (...parts: unknown[]) => turn(Buffer.from(JSON.stringify([mark, ...parts])).toString('base64url'));
  await expect(forged()).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  for (const bad of [null, true, {}, ['a'], 'a\0b', Number.NaN]) {
    await expect(forged(...values.map(() => bad))).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  }
}
