import { describe, expect, it } from '@jest/globals';
import {
  byCursor,
  byLastMessage,
  byPageNumber,
  bySearchAfter,
  bySkip,
  byStartAfter,
  eachPage,
} from '../../../integrations/ghl/pages.ts';

const bound = { whenStuck: 'fail', most: 50 } as const;

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(page);
  return found;
}

describe('a list is read page by page to its end', () => {
  const numbers = Array.from({ length: 25 }, (_, i) => i);
  const from = (start: number) => numbers.slice(start, start + 10);

  it('by a cursor', async () => {
    const read = (cursor: string | undefined) => {
      const start = Number(cursor ?? 0);
      const items = from(start);
      return Promise.resolve({ items, ...(start + 10 < 25 ? { nextCursor: String(start + 10) } : { nextCursor: '' }) });
    };
    expect((await all(eachPage(read, byCursor, bound))).flatMap(({ items }) => items)).toEqual(numbers);
  });

  it('by what the last item says to search after', async () => {
    const read = (after: readonly unknown[] | undefined) => {
      const start = after === undefined ? 0 : Number(after[0]) + 1;
      return Promise.resolve({ items: from(start).map((n) => ({ n, searchAfter: [n, `id${n}`] })) });
    };
    const pages = await all(eachPage(read, bySearchAfter, bound));
    expect(pages.flatMap(({ items }) => items.map(({ n }) => n))).toEqual(numbers);
  });

  it('by an instant and an id', async () => {
    const read = (place: { startAfter: string; startAfterId: string } | undefined) => {
      const items = from(place === undefined ? 0 : Number(place.startAfter) + 1);
      const last = items.at(-1);
      return Promise.resolve({ items, meta: { startAfter: last, startAfterId: `id${last}` } });
    };
    const pages = await all(eachPage(read, (page) => byStartAfter(page, page.items.length, 10), bound));
    expect(pages.flatMap(({ items }) => items)).toEqual(numbers);
    expect(byStartAfter({ meta: null }, 9, 10)).toBeUndefined();
  });

  it.each([{ startAfter: 1 }, { startAfterId: 'id9' }, null])(
    'by nothing, where a full page does not say where the next one begins (%j): the list is not whole',
    async (meta) => {
      const read = () => Promise.resolve({ items: from(0), meta });
      const pages = eachPage<Awaited<ReturnType<typeof read>>, { startAfter: string; startAfterId: string }>(
        read,
        (page) => byStartAfter(page, page.items.length, 10),
        bound,
      );
      await expect(all(pages)).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
    },
  );

  it('by the oldest message of the page before', async () => {
    const read = (last: string | undefined) => {
      const start = last === undefined ? 0 : Number(last) + 1;
      return Promise.resolve({ items: from(start), nextPage: start + 10 < 25, lastMessageId: String(start + 9) });
    };
    expect((await all(eachPage(read, byLastMessage, bound))).flatMap(({ items }) => items)).toEqual(numbers);
  });

  it('by how many were skipped, and by number', async () => {
    const skipping = eachPage(
      (skip: number | undefined) => Promise.resolve(from(skip ?? 0)),
      (page, skipped) => bySkip(skipped, page.length, 10),
      bound,
    );
    expect((await all(skipping)).flat()).toEqual(numbers);
    const counting = eachPage(
      (page: number | undefined) => Promise.resolve(from((page ?? 0) * 10)),
      (items, page) => byPageNumber(page, 0, items.length, 10),
      bound,
    );
    expect((await all(counting)).flat()).toEqual(numbers);
  });
});

describe('a list that does not move on', () => {
  const same = () => Promise.resolve({ nextPage: true, lastMessageId: 'same' });

  it('ends where that may be, and fails where the list must be whole', async () => {
    expect(await all(eachPage(same, byLastMessage, { whenStuck: 'end', most: 50 }))).toHaveLength(2);
    await expect(all(eachPage(same, byLastMessage, bound))).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });

  it('is noticed also when it promises a page and names none, goes in a circle, or never ends', async () => {
    const nameless = eachPage(() => Promise.resolve({ nextPage: true }), byLastMessage, bound);
    await expect(all(nameless)).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
    const circle = (at: string | undefined) => Promise.resolve({ nextCursor: at === 'a' ? 'b' : 'a' });
    expect(await all(eachPage(circle, byCursor, { whenStuck: 'end', most: 50 }))).toHaveLength(3);
    let n = 0;
    const endless = () => Promise.resolve({ nextCursor: String(n++) });
    await expect(all(eachPage(endless, byCursor, { whenStuck: 'fail', most: 7 }))).rejects.toMatchObject({
      code: 'CRM_UNAVAILABLE',
    });
    expect(n).toBe(7);
  });
});
