import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FeedProvider, FeedRef } from '../../domain/market/feed.ts';
import { createMarketFeed, type MarketFeedOptions } from '../../integrations/reso/feed.ts';
import {
  answerOf,
  type FeedScript,
  type FeedServer,
  packed,
  pageOf,
  refusal,
  startFeedServer,
  typed,
} from '../support/feed-server.ts';
import { failure, recordingLog } from '../support/ghl-crm.ts';

const TOKEN = 'a-token-that-nobody-may-read';
const SECRET = 'a-secret-that-nobody-may-read';
const log = recordingLog();
const open: { close(): Promise<void> }[] = [];
let server: FeedServer;

beforeAll(async () => {
  server = await startFeedServer();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((feed) => feed.close()));
  expect(log.lines.join('\n')).not.toMatch(new RegExp(`${TOKEN}|${SECRET}|token-\\d`));
});
afterAll(() => server.close());

function feedOf(options: Partial<MarketFeedOptions> = {}) {
  const feed = createMarketFeed({
    baseUrl: `${server.url}/odata/`,
    credentials: { kind: 'token', token: TOKEN },
    originatingSystem: () => Promise.resolve(null),
    log,
    ...options,
  });
  open.push(feed);
  return feed;
}

function ref(provider: FeedProvider = 'reso'): FeedRef {
  return { locationId: 'loc-1', provider, market: 'north' };
}

const home = { ListingKey: 'a1', ModificationTimestamp: '2026-11-29T10:00:00.000Z', ListPrice: 425000 };

/** A place that issues tokens, and a feed that takes the newest of them alone. */
function oauth() {
  const seen = { issued: 0, forms: [] as string[], authorizations: [] as string[] };
  const script: FeedScript = (call, response) => {
    if (call.path === '/token') {
      seen.issued += 1;
      seen.forms.push(call.body);
      seen.authorizations.push(call.headers.authorization ?? '');
      const token = { access_token: `token-${String(seen.issued)}`, token_type: 'Bearer', expires_in: 3600 };
      answerOf(200, token)(call, response);
    } else if (call.headers.authorization === `Bearer token-${String(seen.issued)}`) pageOf([home])(call, response);
    else refusal(401, '401', `unknown token ${String(call.headers.authorization)}`)(call, response);
  };
  const credentials = { kind: 'client', id: 'our id', secret: SECRET, tokenUrl: `${server.url}/token` } as const;
  return { seen, script, credentials };
}

describe('asking a feed', () => {
  it('shows its token and OData’s version, takes packed answers, and gives records as they came', async () => {
    server.answer(packed({ value: [home] }));
    const page = await feedOf().records(ref(), { resource: 'Property' });
    expect(page).toMatchObject({ records: [home], removed: [], next: null });
    expect(page.bytes).toBe(JSON.stringify({ value: [home] }).length);
    expect(server.calls[0]).toMatchObject({
      path: '/odata/Property',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'odata-version': '4.0',
        prefer: 'odata.maxpagesize=1000',
        'accept-encoding': 'gzip',
      },
    });
  });

  it('gets a token as an OAuth client, once for all who ask together', async () => {
    const { seen, script, credentials } = oauth();
    server.answer(script);
    const feed = feedOf({ credentials });
    await Promise.all([1, 2, 3].map(() => feed.records(ref(), { resource: 'Property' })));
    expect(seen).toMatchObject({ issued: 1, forms: ['grant_type=client_credentials'] });
    expect(Buffer.from(seen.authorizations[0]?.slice(6) ?? '', 'base64').toString()).toBe(`our%20id:${SECRET}`);
  });

  it('gives client and scope in the form where the vendor wants them there', async () => {
    const { seen, script, credentials } = oauth();
    server.answer(script);
    await feedOf({ credentials }).records(ref('trestle'), { resource: 'Property' });
    expect(seen.forms[0]).toBe(`grant_type=client_credentials&scope=api&client_id=our+id&client_secret=${SECRET}`);
  });

  it('renews a token before it ends, and once more where the feed refuses it', async () => {
    const { seen, script, credentials } = oauth();
    server.answer(script);
    const clock = { at: Date.now() };
    const feed = feedOf({ credentials, now: () => clock.at });
    await feed.records(ref(), { resource: 'Property' });
    clock.at += 3_500_000;
    await feed.records(ref(), { resource: 'Property' });
    expect(seen.issued).toBe(1);
    clock.at += 60_000;
    await feed.records(ref(), { resource: 'Property' });
    expect(seen.issued).toBe(2);
    // The feed knows a newer one: ours is refused, though it has not ended.
    seen.issued = 7;
    expect(await feed.records(ref(), { resource: 'Property' })).toMatchObject({ records: [home] });
    expect(seen.issued).toBe(8);
  });

  it('gives up after a second refusal, and says it without the token', async () => {
    const { script, credentials } = oauth();
    server.answer((call, response) =>
      call.path === '/token'
        ? script(call, response)
        : refusal(401, '401', `no: ${String(call.headers.authorization)}`)(call, response),
    );
    const error = await failure(feedOf({ credentials }).records(ref(), { resource: 'Property' }));
    expect(error).toMatchObject({ code: 'FEED_REFUSED' });
    expect(error.message).not.toContain('token-');
    expect(server.calls.map(({ path }) => path)).toEqual(['/token', '/odata/Property', '/token', '/odata/Property']);
  });

  it('tells a client that is refused from a place that is away or is none', async () => {
    const { credentials } = oauth();
    const outcomes = [
      [answerOf(400, { error: 'invalid_client', error_description: SECRET }), 'FEED_REFUSED'],
      [answerOf(503, ''), 'FEED_AWAY'],
      [typed(200, 'text/html', '<p>Sign in</p>'), 'FEED_BROKEN'],
      [answerOf(404, {}), 'FEED_BROKEN'],
    ] as const;
    for (const [script, code] of outcomes) {
      server.answer(script);
      const error = await failure(feedOf({ credentials }).records(ref(), { resource: 'Property' }));
      expect(error).toMatchObject({ code });
      expect(error.message).not.toContain(SECRET);
    }
  });

  it.each<readonly [string, FeedScript, string]>([
    ['a page that says 200', typed(200, 'text/html; charset=utf-8', '<html>maintenance</html>'), 'FEED_BROKEN'],
    ['a page that claims to be JSON', answerOf(200, '<html>maintenance</html>'), 'FEED_BROKEN'],
    ['text', typed(200, 'text/plain', '{"value":[]}'), 'FEED_BROKEN'],
    ['JSON that is cut off', answerOf(200, '{"value":[{"ListingKey":"a1"'), 'FEED_BROKEN'],
    ['JSON that is no collection', answerOf(200, { records: [] }), 'FEED_BROKEN'],
    ['rows that are no records', pageOf([home, null]), 'FEED_BROKEN'],
    ['an error behind the rows', pageOf([home], { error: { code: '500', message: 'cut' } }), 'FEED_BROKEN'],
    ['a set without a link to its rest', pageOf([home], { '@odata.count': 3 }), 'FEED_BROKEN'],
    ['packing that is broken', answerOf(200, { value: [] }, { 'content-encoding': 'gzip' }), 'FEED_BROKEN'],
    ['packing that nobody asked for', answerOf(200, { value: [] }, { 'content-encoding': 'zstd' }), 'FEED_BROKEN'],
    ['a move to another place', answerOf(302, '', { location: 'https://feed.example.com/' }), 'FEED_BROKEN'],
    ['a malformed question', refusal(400, '30212', 'Unexpected token at position 10'), 'FEED_BAD_REQUEST'],
    ['a resource that is not there', refusal(404, '404', 'Resource not found'), 'FEED_BAD_REQUEST'],
    ['a licence without it', refusal(403, '403', 'Not licensed'), 'FEED_REFUSED'],
    ['a token that it does not know', refusal(401, '401', 'Unauthorized'), 'FEED_REFUSED'],
    ['a failure of its own', refusal(500, '500', 'Oops'), 'FEED_AWAY'],
    ['a gateway’s page', typed(502, 'text/html', '<html>Bad gateway</html>'), 'FEED_AWAY'],
    [
      'half an answer',
      (_call, response) =>
        void response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
      'FEED_AWAY',
    ],
  ])('does not take %s for an answer', async (_what, script, code) => {
    server.answer(script);
    const error = await failure(feedOf().records(ref(), { resource: 'Property' }));
    expect(error).toMatchObject({ name: 'AppError', code });
    expect(server.calls).toHaveLength(1);
  });

  it('waits no longer than it may for an answer that drips', async () => {
    server.answer((_call, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'));
    const error = await failure(feedOf({ timeoutMs: 200 }).records(ref(), { resource: 'Property' }));
    expect(error).toMatchObject({ code: 'FEED_AWAY' });
  });
});

describe('a vendor that says to slow down', () => {
  const later = new Date(Date.now() + 90_000).toUTCString();
  it.each<readonly [string, FeedProvider, FeedScript, string, number, number]>([
    ['in seconds', 'reso', refusal(429, '429', 'Too many', { 'retry-after': '30' }), 'FEED_BUSY', 30_000, 30_000],
    ['by a date', 'reso', refusal(429, '429', 'Too many', { 'retry-after': later }), 'FEED_BUSY', 60_000, 90_000],
    ['without a word', 'bridge', refusal(429, '429', 'Too many'), 'FEED_BUSY', 60_000, 60_000],
    ['by a code of its own', 'spark', refusal(503, '1550', 'Over rate limit'), 'FEED_BUSY', 60_000, 60_000],
    [
      'by suspending the token',
      'reso',
      refusal(429, '429', 'Token suspended until usage falls'),
      'FEED_SUSPENDED',
      3_600_000,
      3_600_000,
    ],
    [
      'by closing the account',
      'spark',
      refusal(401, '1010', 'API key is disabled'),
      'FEED_SUSPENDED',
      3_600_000,
      3_600_000,
    ],
  ])('%s is not asked again before then', async (_how, provider, script, code, least, most) => {
    server.answer(script, pageOf([home]));
    const clock = { at: Date.now() };
    const feed = feedOf({ now: () => clock.at });
    const error = await failure(feed.records(ref(provider), { resource: 'Property' }));
    expect(error).toMatchObject({ code });
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(error.retryAfterMs).toBeLessThanOrEqual(most);
    expect(await failure(feed.records(ref(provider), { resource: 'Property' }))).toMatchObject({ code });
    expect(server.calls).toHaveLength(1);
    clock.at += most;
    expect(await feed.records(ref(provider), { resource: 'Property' })).toMatchObject({ records: [home] });
  });

  it('is believed about the hour where it refuses twice and names its end alone', async () => {
    const clock = { at: Date.parse('2026-11-29T10:00:00.000Z') };
    const headers = { 'hour-quota-limit': '7200.0', 'hour-quota-resettime': `${String(clock.at + 1_800_000)}.0` };
    server.answer(refusal(429, '429', 'Quota exceeded', headers));
    const feed = feedOf({ now: () => clock.at });
    expect((await failure(feed.records(ref('trestle'), { resource: 'Property' }))).retryAfterMs).toBe(60_000);
    clock.at += 60_000;
    expect((await failure(feed.records(ref('trestle'), { resource: 'Property' }))).retryAfterMs).toBe(1_740_000);
  });

  it('is believed about the minute where only that is used up', async () => {
    const clock = { at: Date.parse('2026-11-29T10:00:00.000Z') };
    const after = (ms: number): string => new Date(clock.at + ms).toISOString();
    server.answer((call, response) => {
      const burst = { 'burst-ratelimit-limit': '334', 'burst-ratelimit-remaining': '0' };
      const application = { 'application-ratelimit-limit': '5000', 'application-ratelimit-remaining': '4000' };
      const resets = { 'burst-ratelimit-reset': after(30_000), 'application-ratelimit-reset': after(1_800_000) };
      refusal(429, '429', 'Burst', { ...burst, ...application, ...resets })(call, response);
    });
    const feed = feedOf({ now: () => clock.at });
    expect((await failure(feed.records(ref('bridge'), { resource: 'Property' }))).retryAfterMs).toBe(60_000);
    clock.at += 60_000;
    expect((await failure(feed.records(ref('bridge'), { resource: 'Property' }))).retryAfterMs).toBe(30_000);
  });

  it('is not believed about an account whose token it refused', async () => {
    const other = { 'hour-quota-limit': '10.0', 'hour-quota-available': '0.0', 'hour-quota-resettime': '9e15' };
    server.answer(refusal(401, '401', 'Unauthorized', other), pageOf([home]));
    const feed = feedOf();
    expect(await failure(feed.records(ref('trestle'), { resource: 'Property' }))).toMatchObject({
      code: 'FEED_REFUSED',
    });
    const page = await feed.records(ref('trestle'), { resource: 'Property', counted: true });
    expect(page.quota).toMatchObject({ by: 'us', limit: 180 });
  });

  it('is not asked where its own limit, told in a header, is used up', async () => {
    server.answer(answerOf(200, { value: [home] }, { 'hour-quota-limit': '2.0', 'minute-quota-limit': '9.0' }));
    const feed = feedOf();
    const asked = { resource: 'Property', counted: true } as const;
    await feed.records(ref('trestle'), asked);
    expect((await feed.records(ref('trestle'), asked)).quota).toMatchObject({ limit: 2, left: 0 });
    expect(await failure(feed.records(ref('trestle'), asked))).toMatchObject({ code: 'FEED_BUSY' });
    expect(server.calls).toHaveLength(2);
  });
});
