import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FeedCursor, FeedProvider, FeedRef, FeedResource } from '../../domain/market/feed.ts';
import { feedProviders, feedResources } from '../../domain/market/feed.ts';
import { afterPage, nextAsk, scanHabits } from '../../domain/market/scan.ts';
import type { MarketFeed } from '../../domain/ports/market-feed.ts';
import { createMarketFeed, type MarketFeedOptions } from '../../integrations/reso/feed.ts';
import { createResoStandin, type ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { failure, recordingLog } from '../support/ghl-crm.ts';

/** Where each vendor has its service root; Spark's replication has a host of its own, which is a path here. */
const roots: Readonly<Record<FeedProvider, string>> = {
  reso: '',
  trestle: '/trestle/odata',
  mlsgrid: '/v2',
  spark: '/replication/Reso/OData',
  bridge: '/api/v2/OData/gulfcoast',
};

const TOKEN = 'a-static-token-of-the-feed';
const log = recordingLog();
let standin: ResoStandin;
let open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  standin = await createResoStandin({ port: 0 });
});
afterEach(async () => {
  await Promise.all(open.map((feed) => feed.close()));
  open = [];
  await standin.close();
  expect(log.lines.join('\n')).not.toContain(TOKEN);
});

function ref(provider: FeedProvider): FeedRef {
  return { locationId: 'loc-1', provider, market: 'gulf' };
}

function feedOf(provider: FeedProvider, options: Partial<MarketFeedOptions> = {}): MarketFeed {
  const feed = createMarketFeed({
    baseUrl: `${standin.url}${roots[provider]}`,
    credentials: { kind: 'token', token: TOKEN },
    originatingSystem: () => Promise.resolve('gulfcoast'),
    log,
    ...options,
  });
  open.push(feed);
  return feed;
}

async function control<T = unknown>(what: string, body?: object): Promise<T> {
  const [method = 'GET', path = ''] = what.split(' ');
  const response = await fetch(`${standin.url}/_sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${what}: ${JSON.stringify(answer)}`);
  return answer;
}

async function truth(resource: FeedResource): Promise<readonly string[]> {
  const { records } = await control<{ records: { id: string; hidden?: boolean }[] }>(
    `GET truth?resource=${resource}&limit=100000`,
  );
  return records.flatMap(({ id, hidden }) => (hidden === true ? [] : [id])).sort();
}

/**
 * A vendor with its own pages, and no quota but where a test is about one. 2,300 listings are more than one page of any of them; a thousand
 * and more of one instant fill whole pages.
 */
async function vendor(provider: FeedProvider, { listings = 40, ...more }: Readonly<Record<string, unknown>> = {}) {
  await control('POST profile', { vendor: provider, quotas: [], ...more });
  await control('POST tokens', { token: TOKEN, role: provider === 'spark' ? 'replication' : 'standard' });
  await control('POST market', { listings, equalStamps: 1_150, mediaEach: 1, offices: 8, members: 30 });
  return feedOf(provider);
}

const keyOf: Readonly<Record<FeedResource, string>> = {
  Office: 'OfficeKey',
  Member: 'MemberKey',
  Property: 'ListingKey',
  Media: 'MediaKey',
  OpenHouse: 'OpenHouseKey',
};

/** Walks a resource as replication does. */
async function scanned(feed: MarketFeed, provider: FeedProvider, resource: FeedResource): Promise<readonly string[]> {
  let cursor: FeedCursor = { sequence: null, resources: {} };
  const keys = new Set<string>();
  const now = new Date(Date.now() + 60_000).toISOString();
  for (let pages = 0; pages < 500; pages += 1) {
    const ask = nextAsk(cursor, resource, now, scanHabits(provider));
    const page = await feed.records(ref(provider), ask.asked);
    for (const record of page.records) keys.add(String(record[keyOf[resource]]));
    const after = afterPage(ask.cursor, resource, page, now);
    if (after.kind === 'over') return [...keys].sort();
    if (after.kind === 'loop') throw new Error('the scan turned in a circle');
    cursor = after.cursor;
  }
  throw new Error('the scan did not end');
}

async function allKeys(feed: MarketFeed, provider: FeedProvider, resource: FeedResource): Promise<readonly string[]> {
  const keys: string[] = [];
  let next: string | null = null;
  do {
    const page = await feed.keys(ref(provider), resource, next);
    keys.push(...page.keys);
    next = page.next;
  } while (next !== null);
  return keys.sort();
}

/** MLS Grid has photos inside listings alone. */
function resourcesOf(provider: FeedProvider): readonly FeedResource[] {
  return feedResources.filter((resource) => provider !== 'mlsgrid' || resource !== 'Media');
}

describe.each(feedProviders)('a feed of %s', (provider) => {
  // Their own pace is two requests a second, and would be waited out: here the clock runs faster.
  const quick = (): Partial<MarketFeedOptions> => {
    let at = Date.now();
    return { now: () => (at += 2_000) };
  };

  it('gives all records and all keys of every resource, pages full of one instant among them', async () => {
    await vendor(provider, { listings: 2_300 });
    const feed = feedOf(provider, quick());
    for (const resource of resourcesOf(provider)) {
      const all = await truth(resource);
      expect(all.length).toBeGreaterThan(resource === 'Property' ? 2_000 : 1);
      expect(await scanned(feed, provider, resource)).toEqual(all);
      expect(await allKeys(feed, provider, resource)).toEqual(all);
    }
  });

  it('gives records by their keys, and none for a key that is gone', async () => {
    await vendor(provider, { listings: 130 });
    const feed = feedOf(provider, quick());
    const all = await truth('Property');
    const [gone = '', ...kept] = all.slice(0, provider === 'mlsgrid' ? 12 : 120);
    await control(`DELETE listings/${gone}`);
    const found = await feed.recordsByKey(ref(provider), 'Property', [gone, ...kept]);
    expect(found.map(({ ListingKey }) => ListingKey).sort()).toEqual(kept);
    expect(await feed.record(ref(provider), 'Property', gone)).toBeNull();
    expect(await feed.record(ref(provider), 'Property', kept[0] ?? '')).toMatchObject({ ListingKey: kept[0] });
  });

  it('takes no page of HTML and no cut for records', async () => {
    const feed = await vendor(provider);
    for (const spoil of ['html', 'no-odata'] as const) {
      await control('POST faults', { match: { path: '*' }, spoil });
      const error = await failure(feed.records(ref(provider), { resource: 'Property' }));
      expect(error).toMatchObject({ code: 'FEED_BROKEN' });
      await control('DELETE faults');
    }
    await control('POST faults', { match: { path: '*' }, cutAfterBytes: 200 });
    expect(await failure(feed.records(ref(provider), { resource: 'Property' }))).toMatchObject({ code: 'FEED_AWAY' });
    await control('DELETE faults');
  });

  it('says that it has a journal, or has none', async () => {
    const feed = await vendor(provider);
    expect(await feed.hasEvents(ref(provider))).toBe(provider === 'reso');
  });
});

// MLS Grid's look-ups name their system, as its documents show them; `reso-reading.test.ts` holds how they are asked for.
describe.each(feedProviders.filter((provider) => provider !== 'mlsgrid'))(
  'what a feed of %s is made of',
  (provider) => {
    it('tells its metadata and look-ups, and a change of either by another hash', async () => {
      await vendor(provider);
      const before = await feedOf(provider).metadata(ref(provider));
      expect(before.resources['Property']).toMatchObject({ ListingKey: 'Edm.String', ListPrice: 'Edm.Decimal' });
      expect(before.lookups['StandardStatus']?.length).toBeGreaterThan(3);
      expect((await feedOf(provider).metadata(ref(provider))).hash).toBe(before.hash);
      await control('POST drift', { field: 'ListPrice', how: 'type', type: 'String' });
      await control('POST drift', { field: 'City', how: 'remove' });
      const after = await feedOf(provider).metadata(ref(provider));
      expect(after.resources['Property']).toMatchObject({ ListPrice: 'Edm.String' });
      expect(after.resources['Property']).not.toHaveProperty('City');
      expect(after.hash).not.toBe(before.hash);
    });
  },
);

describe('a feed whose pages do not lead on', () => {
  it('is broken where they turn in a circle', async () => {
    const feed = await vendor('reso', { listings: 2_300 });
    await control('POST faults', { match: { path: '*' }, spoil: 'page-loop', times: 10 });
    const turning = async (): Promise<void> => {
      let next: string | null = null;
      for (let pages = 0; pages < 10; pages += 1) ({ next } = await feed.keys(ref('reso'), 'Property', next));
    };
    expect(await failure(turning())).toMatchObject({ code: 'FEED_BROKEN' });
  });

  it('is broken where they do not say so, since its rest would be lost without a word', async () => {
    const feed = await vendor('reso', { listings: 2_300 });
    await control('POST faults', { match: { path: '*' }, spoil: 'no-next-link' });
    expect(await failure(feed.keys(ref('reso'), 'Property', null))).toMatchObject({ code: 'FEED_BROKEN' });
  });
});

describe('the journal', () => {
  it('is read to its end in the order of its sequence, of which no digit is lost', async () => {
    const feed = await vendor('reso', { listings: 300 });
    await control('POST events', { firstSequence: '9007199254740993', hideOlder: false });
    await control('POST changes', { count: 2_500 });
    const { last } = await control<{ last: string | number }>('GET events');
    const sequences: bigint[] = [];
    let after: string | null = '9007199254740992';
    for (let more = true; more;) {
      const page: Awaited<ReturnType<MarketFeed['events']>> = await feed.events(ref('reso'), after);
      sequences.push(...page.events.map(({ sequence }) => BigInt(sequence)));
      after = page.events.at(-1)?.sequence ?? after;
      more = page.more;
    }
    expect(sequences.length).toBeGreaterThanOrEqual(2_500);
    expect(sequences).toEqual([...sequences].sort((one, other) => (one < other ? -1 : 1)));
    expect(String(sequences.at(-1))).toBe(String(last));
  });
});

describe('an account', () => {
  it('stays within MLS Grid’s limits, however many ask at once', async () => {
    await vendor('mlsgrid', { quotas: undefined });
    const feed = feedOf('mlsgrid');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => feed.records(ref('mlsgrid'), { resource: 'Office', counted: true })),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) expect(error).toMatchObject({ code: 'FEED_BUSY' });
    const { tokens } = await control<{ tokens: { requests: number; refused: number }[] }>('GET usage');
    expect(tokens).toMatchObject([{ requests: 8 - refused.length, refused: 0 }]);
  });

  it('stays within a limit that Trestle tells in its headers', async () => {
    const hour = { name: 'hour', unit: 'requests', limit: 4, windowMs: 3_600_000, kind: 'fixed' };
    const feed = await vendor('trestle', { quotas: [hour] });
    for (let request = 0; request < 4; request += 1)
      await feed.records(ref('trestle'), { resource: 'Office', counted: true });
    const error = await failure(feed.records(ref('trestle'), { resource: 'Office', counted: true }));
    expect(error).toMatchObject({ code: 'FEED_BUSY' });
    const { tokens } = await control<{ tokens: { refused: number }[] }>('GET usage');
    expect(tokens).toMatchObject([{ refused: 0 }]);
  });

  it.each([
    ['trestle', 'hour'],
    ['bridge', 'application'],
  ] as const)('of %s that others use, too, is asked no more than the vendor says is left', async (provider, name) => {
    const quota = { name, unit: 'requests', limit: 12, windowMs: 3_600_000, kind: 'fixed' };
    const feed = await vendor(provider, { quotas: [quota] });
    const elsewhere = `${standin.url}${roots[provider]}/Office?$top=1`;
    for (let request = 0; request < 7; request += 1) {
      expect((await fetch(elsewhere, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    }
    const ask = () => feed.records(ref(provider), { resource: 'Office', counted: true });
    expect((await ask()).quota).toMatchObject({ by: 'vendor', limit: 12, left: 4 });
    for (let request = 0; request < 4; request += 1) await ask();
    const error = await failure(ask());
    expect(error).toMatchObject({ code: 'FEED_BUSY', message: expect.stringContaining('used up') });
    const { tokens } = await control<{ tokens: { requests: number; refused: number }[] }>('GET usage');
    expect(tokens).toMatchObject([{ requests: 12, refused: 0 }]);
  });

  it('whose vendor says nothing of it is counted by us, and one without any limit by nobody', async () => {
    const grid = await vendor('mlsgrid', { quotas: undefined });
    const asked = { resource: 'Office', counted: true } as const;
    expect((await grid.records(ref('mlsgrid'), asked)).quota).toMatchObject({ by: 'us', limit: 7_200, left: 7_199 });
    const reso = await vendor('reso');
    expect((await reso.records(ref('reso'), asked)).quota).toBeNull();
  });

  it('that others use up too is refused, waits as long as it is told, and is told when it is suspended', async () => {
    const feed = await vendor('reso');
    await control('POST faults', { match: { path: '*' }, status: 429, headers: { 'retry-after': '7' } });
    const error = await failure(feed.records(ref('reso'), { resource: 'Office' }));
    expect(error).toMatchObject({ code: 'FEED_BUSY', retryAfterMs: 7_000 });
    for (const provider of ['reso', 'mlsgrid'] as const) {
      await control('POST profile', { vendor: provider });
      await control('POST tokens', { token: TOKEN, suspendedMs: 60_000 });
      const suspended = await failure(feedOf(provider).records(ref(provider), { resource: 'Office' }));
      expect(suspended).toMatchObject({ code: 'FEED_SUSPENDED' });
    }
  });

  it('of MLS Grid tells its look-ups as other vendors do, asked for one system', async () => {
    await vendor('mlsgrid', { quotas: undefined });
    const { lookups, resources } = await feedOf('mlsgrid').metadata(ref('mlsgrid'));
    expect(lookups['StandardStatus']).toEqual(expect.arrayContaining(['Active', 'Active Under Contract', 'Closed']));
    expect(resources['Property']).toMatchObject({ MlgCanView: 'Edm.Boolean' });
  });

  it('whose token ends in the middle of a scan goes on with the next', async () => {
    await vendor('reso', { listings: 2_300 });
    await control('POST clients', { id: 'our-client', secret: 'our-secret' });
    const feed = feedOf('reso', {
      credentials: { kind: 'client', id: 'our-client', secret: 'our-secret', tokenUrl: `${standin.url}/oauth/token` },
    });
    const first = await feed.keys(ref('reso'), 'Property', null);
    await control('POST oauth', { expireAll: true });
    const second = await feed.keys(ref('reso'), 'Property', first.next);
    expect(second.keys.length).toBeGreaterThan(0);
    expect(second.keys.filter((key) => first.keys.includes(key))).toEqual([]);
    await control('POST faults', { match: { path: '/Property' }, status: 401, times: 2 });
    expect(await failure(feed.keys(ref('reso'), 'Property', null))).toMatchObject({ code: 'FEED_REFUSED' });
  });

  it('of Trestle’s is shown in the form', async () => {
    await vendor('trestle');
    await control('POST clients', { id: 'our-client', secret: 'our-secret' });
    const feed = feedOf('trestle', {
      credentials: { kind: 'client', id: 'our-client', secret: 'our-secret', tokenUrl: `${standin.url}/oauth/token` },
    });
    expect((await feed.keys(ref('trestle'), 'Office', null)).keys).toHaveLength(8);
  });
});
