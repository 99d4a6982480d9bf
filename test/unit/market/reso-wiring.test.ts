import { afterEach, describe, expect, it } from '@jest/globals';
import { defaultMarket } from '../../../domain/leads/settings-market.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';
import type { FeedRef } from '../../../domain/market/feed.ts';
import { marketFeedOf } from '../../../platform/market-feed.ts';
import { answerOf, type FeedServer, startFeedServer } from '../../support/feed-server.ts';
import { failure, recordingLog } from '../../support/ghl-crm.ts';

const none = {
  baseUrl: undefined,
  token: undefined,
  clientId: undefined,
  clientSecret: undefined,
  tokenUrl: undefined,
  pushToken: undefined,
};
const feed: FeedRef = { locationId: 'loc-1', provider: 'mlsgrid', market: 'north' };

let server: FeedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Settings of a location with one feed. */
const settings = {
  get: () =>
    Promise.resolve({
      ...{ version: 1, by: 'test', at: '2026-11-29T10:00:00.000Z' },
      settings: {
        ...defaultSettings,
        market: {
          ...defaultMarket,
          feeds: [
            {
              ...({ provider: 'mlsgrid', market: 'north', originatingSystem: 'actris', pollMinutes: 5 } as const),
              rights: { alerts: true, training: false },
            },
          ],
        },
      },
    }),
};

describe('the feed of a deployment', () => {
  it('is none without an address, or with an address and no way to show who we are', () => {
    const given = { settings, log: recordingLog() };
    expect(marketFeedOf(none, undefined, given)).toBeUndefined();
    const baseUrl = 'https://feed.example.com';
    expect(marketFeedOf({ ...none, baseUrl }, baseUrl, given)).toBeUndefined();
  });

  it('names the system of the location’s settings, keeps a real token from the stand-in, and knows no feed besides', async () => {
    server = await startFeedServer();
    server.answer(answerOf(200, { value: [] }));
    const given = { settings, log: recordingLog() };
    const made = marketFeedOf({ ...none, token: 'a-real-token' }, server.url, given);
    if (made === undefined) throw new Error('expected a feed');
    await made.records(feed, { resource: 'Property' });
    expect(server.calls[0]?.query['$filter']).toContain("OriginatingSystemName eq 'actris'");
    expect(server.calls[0]?.headers.authorization).toBe('Bearer sandbox');
    const stranger = await failure(made.records({ ...feed, market: 'south' }, { resource: 'Property' }));
    expect(stranger).toMatchObject({ code: 'FEED_BAD_REQUEST' });
    await made.close();
  });
});
