import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FeedProvider, FeedRef } from '../../domain/market/feed.ts';
import { createMarketFeed } from '../../integrations/reso/feed.ts';
import {
  answerOf,
  type FeedScript,
  type FeedServer,
  pageOf,
  refusal,
  startFeedServer,
  typed,
} from '../support/feed-server.ts';
import { failure, recordingLog } from '../support/ghl-crm.ts';

const open: { close(): Promise<void> }[] = [];
let server: FeedServer;

beforeAll(async () => {
  server = await startFeedServer();
});
afterEach(() => Promise.all(open.splice(0).map((feed) => feed.close())));
afterAll(() => server.close());

function feedOf(system: string | null = null) {
  const feed = createMarketFeed({
    baseUrl: `${server.url}/odata`,
    credentials: { kind: 'token', token: 'token' },
    originatingSystem: () => Promise.resolve(system),
    log: recordingLog(),
  });
  open.push(feed);
  return feed;
}

function ref(provider: FeedProvider = 'reso'): FeedRef {
  return { locationId: 'loc-1', provider, market: 'north' };
}

const T = (second: number): string => `2026-11-29T10:00:${String(second).padStart(2, '0')}.000Z`;
const listing = (key: string, second = 0, more: object = {}) => ({
  ListingKey: key,
  ModificationTimestamp: T(second),
  ...more,
});
const at = (path: string): string => `${server.url}/odata/${path}`;
const link = (path: string): Readonly<Record<string, string>> => ({ '@odata.nextLink': at(path) });
const asked = (): Readonly<Record<string, string>>[] => server.calls.map(({ path, query }) => ({ path, ...query }));

describe('records by when they changed', () => {
  it.each<readonly [FeedProvider, object]>([
    ['reso', { path: '/odata/Property', $orderby: 'ModificationTimestamp asc,ListingKey asc', $count: 'true' }],
    [
      'trestle',
      { path: '/odata/Property', $orderby: 'ModificationTimestamp asc,ListingKey asc', $count: 'true', $top: '1000' },
    ],
    ['spark', { path: '/odata/Property', $count: 'true', $top: '1000' }],
    ['bridge', { path: '/odata/Property/replication', $top: '2000' }],
  ])('are asked of %s as its documents want it', async (provider, expected) => {
    server.answer(pageOf([]));
    await feedOf().records(ref(provider), {
      resource: 'Property',
      changedFrom: T(1),
      changedBefore: T(9),
      counted: true,
    });
    const $filter = `ModificationTimestamp ge ${T(1)} and ModificationTimestamp lt ${T(9)}`;
    expect(asked()).toEqual([{ $filter, ...expected }]);
  });

  it('that seem to be the last of an uncounted set are asked for once more, so that a link that is missing shows', async () => {
    server.answer(pageOf([listing('a1', 1)]), pageOf([listing('a1', 1)], { '@odata.count': 40 }));
    const refusal = await failure(feedOf().records(ref('reso'), { resource: 'Property', changedFrom: T(1) }));
    expect(refusal).toMatchObject({ code: 'FEED_BROKEN', message: expect.stringContaining('the rest of 40 records') });
    expect(asked().map(({ $count }) => $count)).toEqual([undefined, 'true']);
  });

  it('are asked of MLS Grid for one system, and what may be kept no longer is told by its key alone', async () => {
    server.answer(pageOf([listing('a1', 1, { MlgCanView: true }), listing('a2', 1, { MlgCanView: false })]));
    const feed = feedOf("o'brien");
    const page = await feed.records(ref('mlsgrid'), { resource: 'Property' });
    expect(page).toMatchObject({ removed: ['a2'], records: [{ ListingKey: 'a1' }] });
    await feed.records(ref('mlsgrid'), { resource: 'Property', changedFrom: T(1), counted: true });
    const whole = "OriginatingSystemName eq 'o''brien' and MlgCanView eq true";
    expect(asked().map(({ $filter, $count }) => [$filter, $count])).toEqual([
      [whole, undefined],
      // Nothing leads on, so that it seems to be the last.
      [whole, 'true'],
      [`OriginatingSystemName eq 'o''brien' and ModificationTimestamp ge ${T(1)}`, 'true'],
    ]);
    expect(await failure(feedOf().records(ref('mlsgrid'), { resource: 'Property' }))).toMatchObject({
      code: 'FEED_BAD_REQUEST',
    });
  });

  it('follow a link as it is, also a relative one', async () => {
    server.answer(
      pageOf([listing('a1')], { '@odata.nextLink': 'Property?$skiptoken=x%2Fy%3D%3D' }),
      pageOf([listing('a2')]),
    );
    const feed = feedOf();
    const first = await feed.records(ref(), { resource: 'Property' });
    const second = await feed.records(ref(), { resource: 'Property', next: first.next ?? '' });
    expect(second).toMatchObject({ records: [listing('a2')], next: null });
    expect(asked()[1]).toEqual({ path: '/odata/Property', $skiptoken: 'x/y==' });
  });

  it('may be read twice, but not in a circle', async () => {
    const to = (token: string): FeedScript => pageOf([listing(token)], link(`Property?$skiptoken=${token}`));
    server.answer(to('b'), to('c'), to('c'), to('b'));
    const feed = feedOf();
    const a = await feed.records(ref(), { resource: 'Property' });
    const b = await feed.records(ref(), { resource: 'Property', next: a.next ?? '' });
    expect(await feed.records(ref(), { resource: 'Property', next: a.next ?? '' })).toMatchObject({ next: b.next });
    const error = await failure(feed.records(ref(), { resource: 'Property', next: b.next ?? '' }));
    expect(error).toMatchObject({ code: 'FEED_BROKEN' });
  });

  it.each(['https://elsewhere.example.com/odata/Property?$skip=1', 'http://127.0.0.1:1/odata/Property', 'http://'])(
    'do not take our token to %s',
    async (target) => {
      server.answer(pageOf([listing('a1')], { '@odata.nextLink': target }));
      expect(await failure(feedOf().records(ref(), { resource: 'Property' }))).toMatchObject({ code: 'FEED_BROKEN' });
      expect(await failure(feedOf().records(ref(), { resource: 'Property', next: target }))).toMatchObject({
        code: 'FEED_BROKEN',
      });
      expect(server.calls).toHaveLength(1);
    },
  );
});

describe('the journal of events', () => {
  const event = (sequence: number | string, key: unknown = `k${String(sequence)}`) => ({
    EntityEventSequence: sequence,
    ResourceName: 'Property',
    ResourceRecordKey: key,
  });
  /** A sequence of 19 digits as JSON holds it: as a number. */
  const big = (digits: string): FeedScript =>
    answerOf(200, JSON.stringify({ value: [event('BIG', 'k')] }).replace('"BIG"', digits));

  it('is asked for in its order, and gives sequences digit for digit', async () => {
    server.answer(big('9007199254740993'));
    const page = await feedOf().events(ref(), '9007199254740992');
    expect(page).toMatchObject({
      events: [{ sequence: '9007199254740993', resource: 'Property', key: 'k' }],
      more: false,
    });
    expect(asked()).toEqual([
      {
        path: '/odata/EntityEvent',
        $filter: 'EntityEventSequence gt 9007199254740992',
        $orderby: 'EntityEventSequence asc',
      },
    ]);
    expect(await failure(feedOf().events(ref(), '9007199254740993'))).toMatchObject({ code: 'FEED_BROKEN' });
  });

  it('is read without a gap where the server overlooks the order', async () => {
    const journal = [3678, 3693, 3690, 3705, 3697, 3702, 3670];
    server.answer((call, response) => {
      const [, after, , upTo] =
        /gt (\d+)( and EntityEventSequence le (\d+))?|ge 0/.exec(call.query['$filter'] ?? '') ?? [];
      const rows = journal.filter((one) => one > Number(after ?? -1) && one <= Number(upTo ?? Infinity));
      pageOf(
        rows.slice(0, 3).map((one) => event(one)),
        rows.length > 3 ? link('EntityEvent?$skip=3') : {},
      )(call, response);
    });
    const feed = feedOf();
    const read: string[] = [];
    for (let more = true; more;) {
      const page = await feed.events(ref(), read.at(-1) ?? '0');
      read.push(...page.events.map(({ sequence }) => sequence));
      more = page.more;
    }
    expect(read).toEqual(journal.map(String).sort());
  });

  it('tells events that name no record apart, and refuses one without a sequence', async () => {
    server.answer(pageOf([event(1, null), event(2, 539), event('3')]), pageOf([event('later')]));
    const feed = feedOf();
    expect(await feed.events(ref(), null)).toMatchObject({
      events: [{ sequence: '2', key: '539' }, { sequence: '3' }],
      unreadable: [{ sequence: '1' }],
    });
    expect(await failure(feed.events(ref(), '3'))).toMatchObject({ code: 'FEED_BROKEN' });
  });

  it('is had or not, and unknown while the feed is away', async () => {
    const feed = feedOf('north');
    const answers = [
      [pageOf([event(1)]), true],
      [refusal(404, '404', 'no such resource'), false],
      [refusal(403, '403', 'not licensed'), false],
      [refusal(501, '501', 'not implemented'), false],
      [typed(404, 'text/html', '<html>nginx</html>'), false],
    ] as const;
    for (const [script, expected] of answers) {
      server.answer(script);
      expect(await feed.hasEvents(ref())).toBe(expected);
      expect(await feed.grants(ref(), 'OpenHouse')).toBe(expected);
    }
    expect(asked()).toEqual([
      { path: '/odata/EntityEvent', $top: '1' },
      { path: '/odata/OpenHouse', $filter: "OriginatingSystemName eq 'north'", $top: '1' },
    ]);
    server.answer(refusal(503, '503', 'away'));
    expect(await failure(feed.hasEvents(ref()))).toMatchObject({ code: 'FEED_AWAY' });
    expect(await feed.hasEvents(ref('mlsgrid'))).toBe(false);
  });
});

describe('records by their keys', () => {
  it('are one, or none; a page that says 404 is neither', async () => {
    server.answer(answerOf(200, { '@odata.context': '$metadata#Property/$entity', ...listing("o'1/2") }));
    const feed = feedOf();
    expect(await feed.record(ref(), 'Property', "o'1/2")).toEqual(listing("o'1/2"));
    expect(server.calls[0]?.path).toBe("/odata/Property('o''1/2')");
    server.answer(refusal(404, '404', 'No record'));
    expect(await feed.record(ref(), 'Property', 'a1')).toBeNull();
    server.answer(typed(404, 'text/html', '<html>nginx</html>'));
    expect(await failure(feed.record(ref(), 'Property', 'a1'))).toMatchObject({ code: 'FEED_BROKEN' });
    server.answer(answerOf(200, listing('other')));
    expect(await failure(feed.record(ref(), 'Property', 'a1'))).toMatchObject({ code: 'FEED_BROKEN' });
  });

  it('are none where the vendor says that it may be kept no longer, or where it is of another system', async () => {
    server.answer(
      answerOf(200, listing('a1', 0, { MlgCanView: false })),
      answerOf(200, listing('a1', 0, { OriginatingSystemName: 'south' })),
    );
    const feed = feedOf('north');
    expect(await feed.record(ref('mlsgrid'), 'Property', 'a1')).toBeNull();
    expect(await feed.record(ref('mlsgrid'), 'Property', 'a1')).toBeNull();
  });

  it('are asked for together as the vendor takes it, and in halves where that is too long', async () => {
    const keys = Array.from({ length: 120 }, (_, n) => `k${String(n)}`);
    server.answer((call, response) => {
      const filter = call.query['$filter'] ?? '';
      const wanted = keys.filter((key) => filter.includes(`'${key}'`) && key !== 'k7');
      if (wanted.length > 30) refusal(413, '413', 'too long')(call, response);
      else pageOf(wanted.map((key) => listing(key)))(call, response);
    });
    for (const provider of ['reso', 'trestle'] as const) {
      const found = await feedOf('north').recordsByKey(ref(provider), 'Property', [...keys, 'k1']);
      expect(found.map(({ ListingKey }) => ListingKey)).toEqual(keys.filter((key) => key !== 'k7'));
    }
    const filters = asked().map(({ $filter }) => $filter ?? '');
    expect(filters.at(-1)).toMatch(/^OriginatingSystemName eq 'north' and \(ListingKey in \('k\d+'(,'k\d+')*\)\)$/);
    expect(filters[1]).toMatch(/^OriginatingSystemName eq 'north' and \(ListingKey eq 'k0' or ListingKey eq 'k1'/);
  });

  it('are asked for one by one where keys cannot be filtered by', async () => {
    server.answer(answerOf(200, listing('a1')), refusal(404, '404', 'none'));
    expect(await feedOf('north').recordsByKey(ref('mlsgrid'), 'Property', ['a1', 'a2'])).toEqual([listing('a1')]);
    expect(server.calls.map(({ path }) => path)).toEqual(["/odata/Property('a1')", "/odata/Property('a2')"]);
  });

  it('are not gone where the address of several is not there', async () => {
    server.answer(refusal(404, '404', 'no such resource'));
    expect(await failure(feedOf().recordsByKey(ref(), 'Property', ['a1', 'a2']))).toMatchObject({
      code: 'FEED_BAD_REQUEST',
    });
  });

  it('are refused where the server gives what nobody asked for', async () => {
    server.answer(pageOf([listing('a1'), listing('z9')]));
    expect(await failure(feedOf().recordsByKey(ref(), 'Property', ['a1', 'a2']))).toMatchObject({
      code: 'FEED_BROKEN',
    });
  });

  it('are told as keys alone, page by page', async () => {
    server.answer(
      pageOf([{ ListingKey: 'a1' }, { ListingKey: 17 }], link('Property?$skiptoken=2')),
      pageOf([{ ListingKey: 'b1' }]),
    );
    const feed = feedOf();
    const first = await feed.keys(ref('trestle'), 'Property', null);
    expect(first.keys).toEqual(['a1', '17']);
    expect(await feed.keys(ref('trestle'), 'Property', first.next)).toMatchObject({ keys: ['b1'], next: null });
    expect(asked()[0]).toEqual({
      path: '/odata/Property',
      $select: 'ListingKey',
      $orderby: 'ListingKey asc',
      $count: 'true',
      $top: '100000',
    });
  });
});

describe('what a feed is made of', () => {
  const field = (type: string): string => `<Property Name="StandardStatus" Type="${type}"/>`;
  const edmx = (status: string, sets = ''): string =>
    `<Edmx><Schema Namespace="r"><EntityType Name="Property">${status}</EntityType><EntityType Name="Lookup"/>
     <EnumType Name="StandardStatus"><Member Name="Pending"/><Member Name="Active"/></EnumType>
     <EntityContainer Name="c"><EntitySet Name="Property" EntityType="r.Property"/>${sets}</EntityContainer></Schema></Edmx>`;
  const xml = (text: string): FeedScript => typed(200, 'application/xml;charset=utf-8', text);

  it('is told alike whether look-ups are enumerations or a resource, with a hash of the content alone', async () => {
    server.answer(xml(edmx(field('r.StandardStatus'))));
    const enums = await feedOf().metadata(ref());
    expect(enums).toMatchObject({
      resources: { Property: { StandardStatus: 'r.StandardStatus' } },
      lookups: { StandardStatus: ['Active', 'Pending'] },
    });
    server.answer(xml(`<!-- made anew -->${edmx(field('r.StandardStatus'))}`));
    expect((await feedOf().metadata(ref())).hash).toBe(enums.hash);

    const lookup = (value: string) => ({ LookupName: 'StandardStatus', LookupValue: value });
    server.answer(
      xml(edmx(field('Edm.String'), '<EntitySet Name="Lookup" EntityType="r.Lookup"/>')),
      pageOf([lookup('Active Under Contract')], link('Lookup?$skiptoken=1')),
      pageOf([lookup('Active')]),
    );
    const strings = await feedOf().metadata(ref());
    expect(strings.lookups).toEqual({ StandardStatus: ['Active', 'Active Under Contract'] });
    expect(strings.hash).not.toBe(enums.hash);
  });

  it('is asked of MLS Grid once a day at most', async () => {
    server.answer(xml(edmx(field('Edm.String'), '<EntitySet Name="Lookup" EntityType="r.Lookup"/>')), pageOf([]));
    const feed = feedOf('north');
    await feed.metadata(ref('mlsgrid'));
    await feed.metadata(ref('mlsgrid'));
    const system = "OriginatingSystemName eq 'north'";
    expect(asked()).toEqual([
      { path: '/odata/$metadata', $filter: system },
      { path: '/odata/Lookup', $filter: `${system} and MlgCanView eq true`, $top: '1000' },
    ]);
  });

  it('is asked without its look-ups where these are known, and that is remembered', async () => {
    const lookup = '<EntitySet Name="Lookup" EntityType="r.Lookup"/>';
    server.answer(
      xml(edmx(field('Edm.String'), lookup)),
      pageOf([{ LookupName: 'City', LookupValue: 'Tampa' }]),
      xml(edmx('', lookup)),
    );
    const feed = feedOf('north');
    const { lookups } = await feed.metadata(ref('mlsgrid'));
    const again = await feed.metadata(ref('mlsgrid'), lookups);
    expect(again).toMatchObject({ resources: { Property: {} }, lookups: { City: ['Tampa'] } });
    expect(again.resources['Property']).toEqual({});
    expect(await feed.metadata(ref('mlsgrid'))).toEqual(again);
    expect(asked().map(({ path }) => path)).toEqual(['/odata/$metadata', '/odata/Lookup', '/odata/$metadata']);
  });

  it.each<readonly [string, FeedScript]>([
    ['a page', typed(200, 'text/html', '<html></html>')],
    ['XML that is cut off', xml(edmx(field('Edm.String')).slice(0, 80))],
    ['nothing there', refusal(404, '404', 'none')],
  ])('is not made of %s', async (_what, script) => {
    server.answer(script);
    expect(await failure(feedOf().metadata(ref()))).toMatchObject({ code: 'FEED_BROKEN' });
  });
});
