import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { fresh, get, order, startReso } from '../support/reso-stand-in.ts';

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
