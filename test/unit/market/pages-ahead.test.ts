import { describe, expect, it } from '@jest/globals';
import { createPagesAhead } from '../../../activities/market-ahead.ts';
import { AppError } from '../../../domain/errors.ts';
import type { FeedRef } from '../../../domain/market/feed.ts';
import type { RecordPage, RecordsAsked } from '../../../domain/ports/market-feed.ts';

const feed: FeedRef = { locationId: 'loc-1', provider: 'reso', market: 'bayline' };
const first: RecordsAsked = { resource: 'Property', counted: true };
const second: RecordsAsked = { resource: 'Property', changedFrom: '2026-11-01T00:00:00.000Z', counted: false };

function ahead() {
  const asked: RecordsAsked[] = [];
  const clock = { at: Date.parse('2026-11-29T10:00:00.000Z') };
  let answer = (): Promise<RecordPage> =>
    Promise.resolve({ records: [], removed: [], next: null, quota: null, bytes: asked.length });
  const pages = createPagesAhead({
    now: () => new Date(clock.at),
    source: {
      records: (_feed, one) => {
        asked.push(one);
        return answer();
      },
    },
  });
  return { pages, asked, clock, answers: (other: typeof answer) => void (answer = other) };
}

describe('pages that are asked for ahead', () => {
  it('are read without another request, once, and count as read when they were asked for', async () => {
    const { pages, asked, clock } = ahead();
    pages.ask(feed, second);
    clock.at += 700;
    expect(await pages.read(feed, second)).toEqual({
      page: { records: [], removed: [], next: null, quota: null, bytes: 1 },
      readAt: '2026-11-29T10:00:00.000Z',
    });
    expect((await pages.read(feed, second)).readAt).toBe('2026-11-29T10:00:00.700Z');
    expect(asked).toEqual([second, second]);
  });

  it('are for what was asked alone: another question, or another feed, is asked by itself', async () => {
    const { pages, asked } = ahead();
    pages.ask(feed, second);
    await pages.read(feed, first);
    await pages.read({ ...feed, provider: 'spark' }, second);
    await pages.read({ ...feed, locationId: 'loc-2' }, second);
    expect(asked).toEqual([second, first, second, second]);
    // Whoever went another way has no use for it any more.
    await pages.read(feed, second);
    expect(asked).toHaveLength(5);
  });

  it('that fail are told of to whoever reads them, and to nobody else', async () => {
    const { pages, asked, answers } = ahead();
    answers(() => Promise.reject(new AppError('FEED_AWAY', 'expected an answer, none came')));
    pages.ask(feed, second);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(pages.read(feed, second)).rejects.toMatchObject({ code: 'FEED_AWAY' });
    await expect(pages.read(feed, second)).rejects.toMatchObject({ code: 'FEED_AWAY' });
    expect(asked).toHaveLength(2);
  });
});
