import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedMarket } from '../../sandbox/vendors/reso/seed.ts';
import { createResoStandin } from '../../sandbox/vendors/reso/server.ts';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import {
  TOKEN,
  fresh,
  get,
  keysOf,
  look,
  nextOf,
  order,
  rowsOf,
  scan,
  startReso,
  truth,
} from '../support/reso-stand-in.ts';
import type { Fields } from '../support/reso-stand-in.ts';

let standin: ResoStandin;

beforeAll(async () => {
  standin = await startReso();
});
beforeEach(() => fresh(standin));
afterAll(() => standin.close());

const listing = async (key: string): Promise<Fields> => (await get(standin, `/Property('${key}')`)).body;
const NOW = '2026-11-02T12:00:00.000Z';

describe('changes', () => {
  it('a new listing is completed to a plausible one', async () => {
    await order(standin, 'listings', { ListingKey: 'new', ListPrice: 425_000, City: 'Tampa' });
    const made = await listing('new');
    expect(made).toMatchObject({
      ListPrice: 425_000,
      City: 'Tampa',
      StandardStatus: 'Active',
      ModificationTimestamp: NOW,
    });
    expect(made).toMatchObject({
      InternetEntireListingDisplayYN: true,
      StateOrProvince: 'FL',
      MajorChangeType: 'New Listing',
    });
    expect(keysOf(await truth(standin, 'Member'), 'MemberKey')).toContain(made['ListAgentKey']);
    await expect(order(standin, 'listings', { ListingKey: 'new' })).rejects.toThrow('exists');
  });

  it('a new price and a new status bring what an MLS fills in itself', async () => {
    const before = await listing('GC10000025');
    await order(standin, 'listings/GC10000025', { ListPrice: 111_000 }, 'PATCH');
    expect(await listing('GC10000025')).toMatchObject({
      ...{ ListPrice: 111_000, PreviousListPrice: before['ListPrice'], PriceChangeTimestamp: NOW },
      ...{ MajorChangeType: 'Price Change', ModificationTimestamp: NOW },
    });
    const status = (to: string) => order(standin, 'listings/GC10000025', { StandardStatus: to }, 'PATCH');
    await status('Pending');
    expect(await listing('GC10000025')).toMatchObject({ MlsStatus: 'Pending', PurchaseContractDate: '2026-11-02' });
    await status('Active');
    expect(await listing('GC10000025')).toMatchObject({
      MajorChangeType: 'Back On Market',
      StatusChangeTimestamp: NOW,
    });
    await status('Closed');
    expect(await listing('GC10000025')).toMatchObject({ CloseDate: '2026-11-02', MlsStatus: 'Sold' });
  });

  it('members, offices, photos and open houses change the same way', async () => {
    for (const [word, resource, key] of [
      ['members', 'Member', 'MemberKey'],
      ['offices', 'Office', 'OfficeKey'],
      ['media', 'Media', 'MediaKey'],
      ['openhouses', 'OpenHouse', 'OpenHouseKey'],
    ] as const) {
      await order(standin, word, { [key]: 'one' });
      await order(standin, `${word}/one`, { OriginatingSystemName: 'elsewhere' }, 'PATCH');
      expect((await get(standin, `/${resource}('one')`)).body).toMatchObject({
        [key]: 'one',
        OriginatingSystemName: 'elsewhere',
      });
      await order(standin, `${word}/one`, {}, 'DELETE');
      expect((await get(standin, `/${resource}('one')`)).status).toBe(404);
    }
  });

  it('a market happens by itself, the same way for the same seed', async () => {
    const happen = async (seed: number) => {
      await fresh(standin);
      const { happened } = (await order(standin, 'changes', { count: 40, seed })) as unknown as {
        happened: { kind: string; key: string }[];
      };
      return { happened, rows: await truth(standin) };
    };
    const first = await happen(3);
    expect(first.happened).toHaveLength(40);
    expect(new Set(first.happened.map(({ kind }) => kind)).size).toBeGreaterThan(5);
    expect(await happen(3)).toEqual(first);
    expect((await happen(4)).rows).not.toEqual(first.rows);
  });
});

describe('drift', () => {
  it('a field more, a field less and a field of another type show in records, filters and metadata', async () => {
    await order(standin, 'drift', { field: 'HarborView', how: 'add', type: 'Boolean', value: true });
    await order(standin, 'drift', { field: 'YearBuilt', how: 'remove' });
    await order(standin, 'drift', { field: 'ListPrice', how: 'type', type: 'String' });
    const [row] = rowsOf(await get(standin, '/Property?$top=1'));
    expect(row).toMatchObject({ HarborView: true, ListPrice: expect.stringMatching(/^\d+$/) });
    expect(row).not.toHaveProperty('YearBuilt');
    expect((await get(standin, '/Property?$filter=YearBuilt gt 1990')).status).toBe(400);
    expect((await get(standin, '/Property?$filter=ListPrice gt 1990')).status).toBe(400);
    const xml = (await get(standin, '/$metadata')).text;
    expect(xml).toContain('<Property Name="HarborView" Type="Edm.Boolean"/>');
    expect(xml).toContain('<Property Name="ListPrice" Type="Edm.String"/>');
    expect(xml).not.toContain('YearBuilt');
    await order(standin, 'drift', {}, 'DELETE');
    expect(rowsOf(await get(standin, '/Property?$top=1'))[0]).toHaveProperty('YearBuilt');
    await expect(order(standin, 'drift', { field: 'Nothing', how: 'remove' })).rejects.toThrow('no field');
  });

  it('comes at any moment: the next page of a scan, records by key and children have it at once', async () => {
    for (const next of ['skip', 'key']) {
      await fresh(standin, { next });
      const path = '/Property?$orderby=ListPrice&$expand=Media';
      const page = await get(standin, path, { prefer: 'odata.maxpagesize=5' });
      expect(rowsOf(page)[0]).toMatchObject({ ListPrice: expect.any(Number), City: expect.any(String) });
      await order(standin, 'drift', { field: 'City', how: 'remove' });
      await order(standin, 'drift', { field: 'YearBuilt', how: 'type', type: 'String' });
      await order(standin, 'drift', { resource: 'Media', field: 'Order', how: 'type', type: 'Boolean' });
      const following = rowsOf(await get(standin, nextOf(page)!));
      expect(following.length).toBeGreaterThan(0);
      for (const row of following) {
        expect(row).not.toHaveProperty('City');
        expect(typeof (row['YearBuilt'] ?? '')).toBe('string');
        expect((row['Media'] as Fields[]).map((photo) => photo['Order'])).toEqual([false, true]);
      }
      expect(await listing('GC10000001')).not.toHaveProperty('City');
      expect((await get(standin, '/Property?$select=City')).status).toBe(400);
    }
  });

  it('of a type shows values that it can have, and null where there is none', async () => {
    const before = await listing('GC10000025');
    const type = async (field: string, to: string): Promise<unknown> => {
      await order(standin, 'drift', { field, how: 'type', type: to });
      return (await listing('GC10000025'))[field];
    };
    expect(await type('ListPrice', 'Int64')).toBe(before['ListPrice']);
    expect(await type('LotSizeAcres', 'Int32')).toBe(Math.trunc(Number(before['LotSizeAcres'])));
    expect(await type('Cooling', 'String')).toBe(((before['Cooling'] ?? []) as unknown[]).join(','));
    expect(await type('PostalCode', 'Int32')).toBe(Number(before['PostalCode']));
    expect(await type('City', 'Decimal')).toBeNull();
    expect(await type('OnMarketDate', 'DateTimeOffset')).toBe(`${String(before['OnMarketDate'])}T00:00:00.000Z`);
    expect(await type('ModificationTimestamp', 'Date')).toBe(String(before['ModificationTimestamp']).slice(0, 10));
    expect(await type('PoolPrivateYN', 'String')).toBe(String(before['PoolPrivateYN']));
  });

  it('is what filters and orders go by', async () => {
    const asked = async (query: string) => keysOf(rowsOf(await get(standin, `/Property?${query}`)));
    const prices = (await truth(standin)).map((row) => String(row['ListPrice'])).toSorted();
    await order(standin, 'drift', { field: 'HarborView', how: 'add', type: 'Boolean', value: true });
    await order(standin, 'drift', { field: 'ListPrice', how: 'type', type: 'String' });
    await order(standin, 'drift', { field: 'ModificationTimestamp', how: 'type', type: 'String' });
    expect(await asked('$filter=HarborView eq true')).toHaveLength(60);
    const same = prices.filter((price) => price === prices[0]).length;
    expect(await asked(`$filter=ListPrice eq '${prices[0]!}'`)).toHaveLength(same);
    const rows = rowsOf(await get(standin, '/Property?$orderby=ListPrice'));
    expect(rows.map((row) => row['ListPrice'])).toEqual(prices);
    expect(await asked("$filter=startswith(ModificationTimestamp,'2026-')")).toHaveLength(60);
    expect((await get(standin, '/Property?$filter=ModificationTimestamp ge 2026-01-01T00:00:00Z')).status).toBe(400);
  });

  it('values of look-ups as words or as codes, prices as numbers or as texts, and a look-up that grows', async () => {
    await order(
      standin,
      'listings/GC10000001',
      { StandardStatus: 'Active Under Contract', ListPrice: 425_000.5 },
      'PATCH',
    );
    await order(standin, 'manner', { values: 'codes', decimals: 'text' });
    expect(await listing('GC10000001')).toMatchObject({ StandardStatus: 'ActiveUnderContract', ListPrice: '425000.5' });
    await order(standin, 'lookups', { name: 'StandardStatus', values: ['Somewhere In Between'] });
    const { rows } = await scan(
      standin,
      "/Lookup?$filter=LookupName eq 'StandardStatus' and contains(LookupValue,'Between')",
    );
    expect(rows).toHaveLength(1);
  });
});

describe('poison', () => {
  it('rows that are wrong are in the feed, and the truth says which they are', async () => {
    await order(standin, 'poison');
    const { rows } = await scan(standin, "/Property?$filter=ListingKey eq null or startswith(ListingKey,'POISON')");
    expect(rows).toHaveLength(10);
    const one = (test: (row: Fields) => boolean): number => rows.filter(test).length;
    expect([
      one((row) => Number(row['ListPrice']) < 0),
      one((row) => row['BedroomsTotal'] === 33),
      one((row) => row['Latitude'] === 0 && row['Longitude'] === 0),
      one((row) => String(row['ModificationTimestamp']).startsWith('2099')),
      one((row) => row['ListingKey'] === null),
      one((row) => row['ModificationTimestamp'] === null),
    ]).toEqual([1, 1, 1, 1, 1, 1]);
    const { records } = (await look(standin, 'truth?after=POISON&limit=50')) as unknown as {
      records: { poison?: string }[];
    };
    expect(records.map(({ poison }) => poison)).toHaveLength(10);
    expect(records.every(({ poison }) => poison !== undefined)).toBe(true);
    await order(standin, 'poison', { kinds: ['negative-price'], key: 'GC10000001' });
    expect(await listing('GC10000001')).toMatchObject({ ListPrice: -425_000 });
  });
});

describe('faults', () => {
  const fault = (what: object) => order(standin, 'faults', { match: { path: '/Property' }, ...what });
  const FIVE = { prefer: 'odata.maxpagesize=5' };

  it('a storm of 429 with its headers, after some that are well', async () => {
    await fault({ after: 1, times: 2, status: 429, headers: { 'retry-after': '7' } });
    const replies = [
      await get(standin, '/Property'),
      await get(standin, '/Property'),
      await get(standin, '/Property'),
      await get(standin, '/Property'),
    ];
    expect(replies.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [200, null],
      [429, '7'],
      [429, '7'],
      [200, null],
    ]);
  });

  it('a page of HTML with a 200, and JSON that is no OData', async () => {
    await fault({ spoil: 'html' });
    const html = await get(standin, '/Property');
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
    expect(html.text).toContain('<html>');
    await fault({ spoil: 'no-odata' });
    expect((await get(standin, '/Property')).body).toEqual({ status: 'ok' });
  });

  it('a loop of pages, and pages that end too early', async () => {
    await fault({ times: 2, spoil: 'page-loop' });
    const first = await get(standin, '/Property?$orderby=ListingKey', FIVE);
    const second = await get(standin, nextOf(first)!, FIVE);
    expect(rowsOf(second)).toEqual(rowsOf(first));
    await fault({ spoil: 'no-next-link' });
    expect(nextOf(await get(standin, '/Property', FIVE))).toBeUndefined();
  });

  it('rows doubled, turned round and left out', async () => {
    const keys = async (): Promise<string[]> =>
      keysOf(rowsOf(await get(standin, '/Property?$orderby=ListingKey', FIVE)));
    const [a, b, c, d, e] = await keys();
    await fault({ spoil: 'duplicate-rows' });
    expect(await keys()).toEqual([a, a, b, b, c, c, d, d, e, e]);
    await fault({ spoil: 'reverse-rows' });
    expect(await keys()).toEqual([e, d, c, b, a]);
    await fault({ spoil: 'drop-rows' });
    expect(await keys()).toEqual([b, c, e]);
  });

  it('a row that was served goes, and a token ends, once the answer is made', async () => {
    await fault({ spoil: 'delete-served-row' });
    const [gone] = keysOf(rowsOf(await get(standin, '/Property', FIVE)));
    expect((await get(standin, `/Property('${gone!}')`)).status).toBe(404);
    for (const [spoil, status] of [
      ['expire-token', 401],
      ['revoke-token', 401],
      ['suspend-token', 403],
    ] as const) {
      await order(standin, 'tokens', { token: TOKEN, state: 'active', expiresInMs: 3_600_000 });
      await fault({ spoil });
      expect((await get(standin, '/Property')).status).toBe(200);
      expect((await get(standin, '/Property')).status).toBe(status);
    }
  });

  it('an answer that is cut, a connection that ends, and one that only some queries meet', async () => {
    await fault({ cutAfterBytes: 100 });
    await expect(get(standin, '/Property')).rejects.toThrow();
    await fault({ dropAfterHandling: true });
    await expect(get(standin, '/Property')).rejects.toThrow();
    await order(standin, 'faults', { match: { query: 'City' }, status: 503 });
    expect((await get(standin, '/Property')).status).toBe(200);
    expect((await get(standin, "/Property?$filter=City eq 'Tampa'")).status).toBe(503);
    await expect(order(standin, 'faults', { spoil: 'unheard-of' })).rejects.toThrow('spoil must be one of');
  });

  it('every call is in the ledger, without its token', async () => {
    const { last } = await look(standin, 'ledger');
    await get(standin, "/Property?$filter=City eq 'Tampa'");
    const { calls } = (await look(standin, `ledger?after=${String(last)}`)) as unknown as { calls: Fields[] };
    expect(calls).toMatchObject([
      { method: 'GET', path: '/Property', query: { $filter: "City eq 'Tampa'" }, status: 200 },
    ]);
    expect(JSON.stringify(calls)).not.toContain(TOKEN);
  });
});

describe('home', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'reso-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('everything but clock and faults outlives the process, and a market is put in once', async () => {
    const first = await createResoStandin({ port: 0, home });
    expect([await seedMarket(first.url), await seedMarket(first.url)]).toEqual([true, false]);
    await order(first, 'listings', { ListingKey: 'new', ListPrice: 1 });
    await order(first, 'listings/GC10000003', {}, 'DELETE');
    await order(first, 'changes', { count: 20 });
    await order(first, 'events', { withhold: true });
    await order(first, 'listings/new', { ListPrice: 2 }, 'PATCH');
    await order(first, 'drift', { field: 'YearBuilt', how: 'remove' });
    const seen = async (one: ResoStandin) => ({
      rows: await truth(one),
      media: await truth(one, 'Media'),
      events: (await scan(one, '/EntityEvent?$orderby=EntityEventSequence')).rows,
      journal: await look(one, 'events'),
      drift: await look(one, 'drift'),
    });
    const before = await seen(first);
    await first.close();
    const second = await createResoStandin({ port: 0, home });
    expect(await seen(second)).toEqual(before);
    await order(second, 'events', { withhold: false });
    const [late] = (await scan(second, '/EntityEvent?$orderby=EntityEventSequence desc')).rows;
    expect(late).toMatchObject({ ResourceRecordKey: 'new' });
    await second.close();
  });
});

describe('a large market', () => {
  it('200,000 listings take no more room than their keys, and any stretch of them is read', async () => {
    const before = process.memoryUsage().heapUsed;
    await fresh(standin, { next: 'key' }, { listings: 200_000, mediaEach: 0, openHouseEvery: 0 });
    const counted = await get(standin, '/Property?$count=true&$top=0');
    expect(counted.body).toMatchObject({ '@odata.count': 200_000 });
    const month = 'ModificationTimestamp ge 2026-09-01T00:00:00Z and ModificationTimestamp lt 2026-09-04T00:00:00Z';
    const path = `/Property?$orderby=ModificationTimestamp,ListingKey&$filter=${month}&$count=true`;
    const first = await get(standin, path, { prefer: 'odata.maxpagesize=2000' });
    const { rows } = await scan(standin, path, { headers: { prefer: 'odata.maxpagesize=2000' } });
    expect(rows.length).toBe(Number(first.body['@odata.count']));
    expect(rows.length).toBeGreaterThan(4_000);
    expect(new Set(keysOf(rows)).size).toBe(rows.length);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(400 * 1024 * 1024);
  });
});
