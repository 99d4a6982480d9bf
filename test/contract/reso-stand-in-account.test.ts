import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { fresh, get, look, order, startReso } from '../support/reso-stand-in.ts';
import type { Reply } from '../support/reso-stand-in.ts';

let standin: ResoStandin;

beforeAll(async () => {
  standin = await startReso();
});
afterAll(() => standin.close());

describe('resources that the account was not granted', () => {
  beforeEach(() => fresh(standin));

  it('are in the metadata all the same, and their records are refused in three ways', async () => {
    await order(standin, 'grants', { resources: ['OpenHouse', 'EntityEvent'] });
    await order(standin, 'grants', { resources: ['Media'], answer: 'not-found' });
    await order(standin, 'grants', { resources: ['Member'], answer: 'html' });
    const xml = (await get(standin, '/$metadata')).text;
    for (const name of ['OpenHouse', 'EntityEvent', 'Media', 'Member'])
      expect(xml).toContain(`<EntityType Name="${name}">`);

    const forbidden = await get(standin, '/OpenHouse');
    expect([forbidden.status, forbidden.body['error']]).toMatchObject([
      403,
      { code: '40300', message: expect.stringContaining('OpenHouse') },
    ]);
    expect((await get(standin, '/EntityEvent')).status).toBe(403);
    const absent = await get(standin, '/Media?$top=1');
    expect([absent.status, absent.body['error']]).toMatchObject([404, { code: '40400' }]);
    const page = await get(standin, '/Member');
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html;charset=utf-8']);
    expect(page.text).toContain('<html>');
  });

  it('are refused by key and as children, too; the others are served', async () => {
    await order(standin, 'grants', { resources: ['OpenHouse'] });
    expect((await get(standin, "/OpenHouse('GC10000025-H')")).status).toBe(403);
    expect((await get(standin, '/Property?$expand=OpenHouse')).status).toBe(403);
    expect((await get(standin, '/Property?$expand=Media')).status).toBe(200);
  });

  it('can be taken away and given in the midst of things, one or all', async () => {
    await order(standin, 'grants', { resources: ['OpenHouse', 'Media', 'Lookup'] });
    expect((await get(standin, '/Lookup')).status).toBe(403);
    await order(standin, 'grants/OpenHouse', {}, 'DELETE');
    expect([(await get(standin, '/OpenHouse')).status, (await get(standin, '/Media')).status]).toEqual([200, 403]);
    expect(await order(standin, 'grants', {}, 'DELETE')).toEqual({ refused: {} });
    expect((await get(standin, '/Media')).status).toBe(200);
    await expect(order(standin, 'grants', { resources: ['Showing'] })).rejects.toThrow('no resource Showing');
    await expect(order(standin, 'grants', { resources: ['Media'], answer: 'shrug' })).rejects.toThrow('answer must be');
  });
});

describe('another system of the same account', () => {
  const asked = (path = '/Property?$top=1', token?: string) =>
    get(standin, path, token === undefined ? {} : { authorization: `Bearer ${token}` });
  const shown = ({ headers }: Reply, ...names: string[]) => names.map((name) => headers.get(name));
  const later = (advanceMs: number) => order(standin, 'clock', { advanceMs });

  it('leaves less of Trestle’s quotas than our own requests account for, for every token', async () => {
    await fresh(standin, { vendor: 'trestle' });
    const left = ['minute-quota-available', 'hour-quota-available'];
    expect(shown(await asked(), ...left)).toEqual(['179.0', '7199.0']);
    await order(standin, 'usage', { usedByOthers: 100 });
    expect(shown(await asked(), ...left)).toEqual(['78.0', '7098.0']);
    await order(standin, 'usage', { usedByOthers: 1_000, quota: 'hour' });
    expect(shown(await asked(), ...left)).toEqual(['77.0', '6097.0']);
    expect(shown(await asked('/Property', 'another-token'), ...left)).toEqual(['79.0', '6099.0']);
    expect(shown(await asked(), 'minute-quota-limit', 'hour-quota-limit')).toEqual(['180.0', '7200.0']);
    await later(60_000);
    expect(shown(await asked(), ...left)).toEqual(['179.0', '6095.0']);
  });

  it('brings a 429 once everything is used up, not before, until the window ends', async () => {
    await fresh(standin, { vendor: 'trestle' });
    await order(standin, 'usage', { usedByOthers: 7_198, quota: 'hour' });
    expect([(await asked()).status, (await asked()).status]).toEqual([200, 200]);
    const refused = await asked();
    expect([
      refused.status,
      ...shown(refused, 'hour-quota-available', 'minute-quota-available', 'retry-after'),
    ]).toEqual([429, '0.0', '178.0', '3600']);
    const [token] = (await look(standin, 'usage'))['tokens'] as unknown as { windows: object[] }[];
    expect(token!.windows[1]).toMatchObject({ name: 'hour', used: 2, byOthers: 7_198, peak: 2 });
    await later(3_600_000);
    expect([(await asked()).status, ...shown(await asked(), 'hour-quota-available')]).toEqual([200, '7198.0']);
  });

  it('takes of Bridge’s burst and application limits', async () => {
    await fresh(standin, { vendor: 'bridge' });
    await order(standin, 'usage', { usedByOthers: 333, quota: 'burst' });
    const left = ['burst-ratelimit-remaining', 'application-ratelimit-remaining'];
    expect(shown(await asked(), ...left)).toEqual(['0', '4999']);
    const refused = await asked();
    expect([refused.status, ...shown(refused, 'burst-ratelimit-reset', 'retry-after')]).toEqual([
      ...[429, '2026-11-02T12:01:00Z', '60'],
    ]);
    await expect(order(standin, 'usage', { usedByOthers: 1, quota: 'day' })).rejects.toThrow('burst, application');
  });

  it('takes of windows that slide, and what it took leaves them in its own time', async () => {
    const hour = { name: 'hour', unit: 'requests', limit: 4, windowMs: 3_600_000, kind: 'sliding' };
    await fresh(standin, { vendor: 'mlsgrid', quotas: [hour], refusedCounts: false });
    const feed = "/v2/Property?$filter=OriginatingSystemName eq 'gulfcoast'&$top=1";
    expect((await asked(feed)).status).toBe(200);
    await later(600_000);
    await order(standin, 'usage', { usedByOthers: 2 });
    await later(600_000);
    expect((await asked(feed)).status).toBe(200);
    const refused = await asked(feed);
    expect([refused.status, ...shown(refused, 'retry-after')]).toEqual([429, String(40 * 60)]);
    await later(40 * 60_000);
    expect([(await asked(feed)).status, (await asked(feed)).status]).toEqual([200, 429]);
    await later(10 * 60_000);
    expect([(await asked(feed)).status, (await asked(feed)).status, (await asked(feed)).status]).toEqual([
      ...[200, 200, 429],
    ]);
  });
});
