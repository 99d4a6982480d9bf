import { describe, expect, it } from '@jest/globals';
import { createPagesAhead } from '../../../activities/market-ahead.ts';
import type { MarketDeps } from '../../../activities/market-deps.ts';
import { readPageAhead, rowsAhead } from '../../../activities/market-read.ts';
import { AppError } from '../../../domain/errors.ts';
import type { FeedRef } from '../../../domain/market/feed.ts';
import type { RecordPage, RecordsAsked } from '../../../domain/ports/market-feed.ts';
import type { FeedState } from '../../../domain/ports/market-store.ts';

const feed: FeedRef = { locationId: 'loc-1', provider: 'reso', market: 'bayline' };
const first: RecordsAsked = { resource: 'Property', counted: true };
const second: RecordsAsked = { resource: 'Property', changedFrom: '2026-11-01T00:00:00.000Z', counted: false };

function ahead() {
  const asked: RecordsAsked[] = [];
  const clock = { at: Date.parse('2026-11-29T10:00:00.000Z') };
  let answer = (): Promise<RecordPage> =>
    Promise.resolve({ records: [], removed: [], next: null, quota: null, bytes: asked.length });
  const pages = createPagesAhead<string>({
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

  it('bring what was made of them meanwhile, and tell of what failed at it', async () => {
    const { pages, asked } = ahead();
    const made: number[] = [];
    pages.ask(feed, second, (page) => Promise.resolve(void made.push(page.bytes)).then(() => 'made'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(made).toEqual([1]);
    expect(await pages.read(feed, second)).toMatchObject({ page: { bytes: 1 }, made: 'made' });
    expect(await pages.read(feed, second)).not.toHaveProperty('made');
    pages.ask(feed, second, () => Promise.reject(new AppError('STORE_AWAY', 'expected a database, got none')));
    await expect(pages.read(feed, second)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    expect(asked).toHaveLength(3);
  });
});

describe('rows that are made ahead', () => {
  const raw = {
    ListingKey: 'k1',
    ModificationTimestamp: '2026-11-29T10:00:00Z',
    StandardStatus: 'Active',
    ListPrice: 1e6,
  };
  const page = { resource: 'Property', records: [raw], removed: [] } as const;
  const at = '2026-11-29T10:00:00.000Z';
  const deps = {
    store: { listings: () => Promise.resolve([]) },
    ...{ sha256: (text: string) => text, now: () => new Date(at) },
  } as unknown as MarketDeps;
  const state = { phase: 'initial', frozen: [], metadata: null } as unknown as FeedState;
  const rows = async (later: FeedState) => {
    const made = await rowsAhead(deps, feed, state, 'Property')!({
      ...page,
      records: [{ ...raw, ListingId: 'ahead' }],
    });
    const read = await readPageAhead(deps, feed, later, { ...page, made }, at);
    return read.listings.map(({ listing }) => [listing.listingId, listing.price]);
  };

  it('are taken where the feed is as it was, and made anew where a field has changed its shape since', async () => {
    expect(await rows(state)).toEqual([['ahead', '1000000.00']]);
    const frozen = [{ resource: 'Property', field: 'ListPrice', frozen: true }] as const;
    expect(await rows({ ...state, frozen })).toEqual([[null, null]]);
    expect(await rows({ ...state, phase: 'live' })).toEqual([[null, '1000000.00']]);
  });

  it('are made in a first load alone: later on what is stored is looked at first', () => {
    expect(rowsAhead(deps, feed, { ...state, phase: 'live' }, 'Property')).toBeUndefined();
  });
});
