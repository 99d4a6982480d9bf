import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { fresh, get, keysOf, nextOf, order, rowsOf, scan, startReso, truth } from '../support/reso-stand-in.ts';

let standin: ResoStandin;

beforeAll(async () => {
  standin = await startReso();
});
beforeEach(() => fresh(standin));
afterAll(() => standin.close());

const BY_CHANGE =
  '/Property?$orderby=ModificationTimestamp,ListingKey&$filter=ModificationTimestamp ge 2020-01-01T00:00:00Z';

describe('pages', () => {
  it.each(['skip', 'key'] as const)('next links that go by %s bring every record once', async (next) => {
    await order(standin, 'profile', { next });
    for (const path of ['/Property', BY_CHANGE, "/Property?$filter=City ne 'Nowhere'&$orderby=ListPrice"]) {
      const { rows, pages } = await scan(standin, path, { headers: { prefer: 'odata.maxpagesize=7' } });
      expect(pages).toBe(9);
      expect(keysOf(rows).sort()).toEqual(keysOf(await truth(standin)));
    }
  });

  it('the size that Prefer asks for is said back, and the most there is holds', async () => {
    const reply = await get(standin, '/Property', { prefer: 'odata.maxpagesize=5' });
    expect(reply.headers.get('preference-applied')).toBe('odata.maxpagesize=5');
    expect(rowsOf(reply)).toHaveLength(5);
    const most = await get(standin, '/Property', { prefer: 'odata.maxpagesize=5000' });
    expect(most.headers.get('preference-applied')).toBe('odata.maxpagesize=2000');
  });

  it('$top limits the whole answer, over several pages', async () => {
    const { rows, pages } = await scan(standin, '/Property?$top=20', { headers: { prefer: 'odata.maxpagesize=8' } });
    expect([rows.length, pages, new Set(keysOf(rows)).size]).toEqual([20, 3, 20]);
    const part = await scan(standin, '/Property?$skip=50&$orderby=ListingKey');
    expect(keysOf(part.rows)).toEqual(keysOf(await truth(standin)).slice(50));
  });

  it('a row that is deleted while the pages are read makes $skip lose another one, and a key none', async () => {
    const first = async (): Promise<string> =>
      keysOf(rowsOf(await get(standin, '/Property?$orderby=ListingKey&$top=1')))[0]!;
    const lost = async (next: string): Promise<number> => {
      await fresh(standin, { next });
      const before = keysOf(await truth(standin));
      const { rows } = await scan(standin, '/Property?$orderby=ListingKey', {
        headers: { prefer: 'odata.maxpagesize=10' },
        between: async (page) => page === 1 && order(standin, `listings/${await first()}`, {}, 'DELETE'),
      });
      return before.filter((key) => !keysOf(rows).includes(key)).length;
    };
    expect(await lost('skip')).toBe(1);
    expect(await lost('key')).toBe(0);
  });

  it('a row that changes while pages by change are read comes again at the end', async () => {
    await order(standin, 'profile', { next: 'key' });
    await order(standin, 'clock', { advanceMs: 60_000 });
    const [first] = rowsOf(await get(standin, `${BY_CHANGE}&$top=1`));
    const { rows } = await scan(standin, BY_CHANGE, {
      headers: { prefer: 'odata.maxpagesize=10' },
      between: async (page) =>
        page === 2 && order(standin, `listings/${String(first!['ListingKey'])}`, { ListPrice: 1 }, 'PATCH'),
    });
    expect(rows).toHaveLength(61);
    expect(rows.at(-1)).toMatchObject({ ListingKey: first!['ListingKey'], ListPrice: 1 });
  });

  it('many listings may bear one time of change, and a page may end among them', async () => {
    await fresh(standin, {}, { equalStamps: 20 });
    const stamps = (await truth(standin)).map((row) => row['ModificationTimestamp']);
    expect(new Set(stamps).size).toBe(3);
    const page = rowsOf(await get(standin, BY_CHANGE, { prefer: 'odata.maxpagesize=10' }));
    const edge = page.at(-1)!['ModificationTimestamp'];
    const later = await scan(standin, BY_CHANGE.replace('ge 2020-01-01T00:00:00Z', `gt ${String(edge)}`));
    // What `gt` would lose.
    expect(page.length + later.rows.length).toBe(50);
  });

  it('a token for further pages that was not made here, or for another resource, is a 400', async () => {
    await order(standin, 'profile', { next: 'key' });
    const link = nextOf(await get(standin, '/Property', { prefer: 'odata.maxpagesize=5' }))!;
    expect((await get(standin, link)).status).toBe(200);
    expect((await get(standin, link.replace('/Property', '/Media'))).status).toBe(400);
    expect((await get(standin, '/Property?$skiptoken=nonsense')).status).toBe(400);
  });
});

describe('vendors', () => {
  const size = async (path: string): Promise<number> => rowsOf(await get(standin, path)).length;

  it('trestle: ten rows where nobody asks, a thousand at most, more where only keys are selected', async () => {
    await fresh(standin, { vendor: 'trestle' }, { listings: 1_200, mediaEach: 0 });
    expect(await size('/Property')).toBe(10);
    expect(await size('/trestle/odata/Property?$top=5000')).toBe(1_000);
    expect(await size('/Property?$top=5000&$select=ListingKey')).toBe(1_200);
    expect((await get(standin, '/Property?$top=300001&$select=ListingKey')).status).toBe(400);
    const { pages, rows } = await scan(standin, '/trestle/odata/Property?$top=500');
    expect([pages, rows.length]).toEqual([3, 1_200]);
    expect((await get(standin, '/EntityEvent')).status).toBe(404);
  });

  it('mlsgrid: one originating system in each request, few searchable fields, gzip, and hidden instead of deleted', async () => {
    await fresh(standin, { vendor: 'mlsgrid', quotas: [] });
    const feed = "/v2/Property?$filter=OriginatingSystemName eq 'gulfcoast'";
    expect(await size(feed)).toBe(60);
    expect((await get(standin, '/v2/Property')).status).toBe(400);
    expect((await get(standin, `${feed} and City eq 'Tampa'`)).status).toBe(400);
    expect((await get(standin, `${feed}&$top=5001`)).status).toBe(400);
    expect((await get(standin, `${feed}&$top=1001&$expand=Media`)).status).toBe(400);
    const plain = await get(standin, feed, { 'accept-encoding': 'identity' });
    expect([plain.status, plain.text]).toEqual([400, expect.stringContaining('COMPRESSION REQUIRED')]);
    expect((await get(standin, feed)).headers.get('content-encoding')).toBe('gzip');

    await order(standin, 'listings/GC10000003', {}, 'DELETE');
    const hidden = rowsOf(await get(standin, `${feed} and MlgCanView eq false`));
    expect(hidden).toMatchObject([{ ListingKey: 'GC10000003', ModificationTimestamp: '2026-11-02T12:00:00.000Z' }]);
    await order(standin, 'clock', { advanceMs: 7 * 86_400_000 });
    expect(await size(`${feed} and MlgCanView eq false`)).toBe(0);
    expect(await size(feed)).toBe(59);
  });

  it('mlsgrid: look-ups once a day, however many pages they have', async () => {
    await fresh(standin, { vendor: 'mlsgrid', quotas: [] });
    // As each request it names one originating system.
    const LOOKUPS = "/v2/Lookup?$filter=OriginatingSystemName eq 'gulfcoast'&$top=20";
    const { pages } = await scan(standin, LOOKUPS);
    expect(pages).toBeGreaterThan(2);
    expect((await get(standin, LOOKUPS)).status).toBe(429);
    await order(standin, 'clock', { advanceMs: 86_400_000 });
    expect((await get(standin, LOOKUPS)).status).toBe(200);
    await order(standin, 'clock', { advanceMs: 86_400_000 });
    expect((await get(standin, '/v2/Lookup?$top=20')).status).toBe(400);
  });

  it('spark: a key for replication has its own host and a thousand rows, any other key twenty-five', async () => {
    await fresh(standin, { vendor: 'spark', quotas: [] });
    await order(standin, 'tokens', { token: 'plain', role: 'standard' });
    const plain = { authorization: 'Bearer plain' };
    expect(rowsOf(await get(standin, '/Reso/OData/Property', plain))).toHaveLength(25);
    expect((await get(standin, '/Reso/OData/Property?$top=26', plain)).status).toBe(400);
    expect((await get(standin, '/replication/Reso/OData/Property', plain)).status).toBe(403);
    expect((await get(standin, '/Reso/OData/Property')).status).toBe(403);
    const { rows } = await scan(standin, '/replication/Reso/OData/Property');
    expect(keysOf(rows)).toEqual(keysOf(rows).sort());
    expect(rows).toHaveLength(60);
  });

  it('bridge: two hundred rows, two thousand and the oldest change first behind /replication, where nothing is skipped or sorted', async () => {
    await fresh(standin, { vendor: 'bridge' }, { listings: 2_500, mediaEach: 0 });
    const root = '/api/v2/OData/gulfcoast';
    expect((await get(standin, `${root}/Property?$top=201`)).status).toBe(400);
    expect((await get(standin, `${root}/Property?$skip=9900&$top=200`)).status).toBe(400);
    expect((await get(standin, `${root}/Property/replication?$orderby=ListingKey`)).status).toBe(400);
    expect((await get(standin, `${root}/Property/replication?$skip=5`)).status).toBe(400);
    const { rows, pages } = await scan(standin, `${root}/Property/replication`);
    expect([rows.length, pages]).toEqual([2_500, 2]);
    const stamps = rows.map((row) => String(row['ModificationTimestamp']));
    expect(stamps).toEqual([...stamps].sort());
  });
});
