import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { NOON, TOKEN, fresh, get, look, order, startReso } from '../support/reso-stand-in.ts';
import type { Answered, Reply } from '../support/reso-stand-in.ts';

let standin: ResoStandin;

beforeAll(async () => {
  standin = await startReso();
});
afterAll(() => standin.close());

const statuses = async (path: string, times: number): Promise<number[]> => {
  const all: number[] = [];
  for (let n = 0; n < times; n += 1) all.push((await get(standin, path)).status);
  return all;
};
const later = (advanceMs: number): Promise<Answered> => order(standin, 'clock', { advanceMs });
const shown = ({ headers }: Reply, ...names: string[]) => names.map((name) => headers.get(name));
const usage = async () =>
  (
    (await look(standin, 'usage'))['tokens'] as unknown as {
      requests: number;
      refused: number;
      windows: { name: string; used: number; peak: number }[];
    }[]
  )[0]!;

describe('mlsgrid', () => {
  beforeEach(() => fresh(standin, { vendor: 'mlsgrid' }));
  const FEED = "/v2/Property?$filter=OriginatingSystemName eq 'gulfcoast'&$top=1";

  it('two requests a second; what is refused counts, so that who goes on stays out', async () => {
    expect(await statuses(FEED, 3)).toEqual([200, 200, 429]);
    await later(999);
    const refused = await get(standin, FEED);
    expect([refused.status, ...shown(refused, 'retry-after')]).toEqual([429, '1']);
    expect(await statuses(FEED, 1)).toEqual([429]);
    // The two that were served have left the window, the two that were refused have not.
    await later(1);
    expect(await statuses(FEED, 1)).toEqual([429]);
    await later(1_000);
    expect(await statuses(FEED, 2)).toEqual([200, 200]);
    expect((await usage()).windows.find(({ name }) => name === 'second')!.peak).toBe(5);
  });

  it('40,000 requests a day, and when the next one fits', async () => {
    await order(standin, 'profile', {
      quotas: [{ name: 'day', unit: 'requests', limit: 3, windowMs: 86_400_000, kind: 'sliding' }],
      refusedCounts: false,
    });
    expect(await statuses(FEED, 1)).toEqual([200]);
    await later(3_600_000);
    expect(await statuses(FEED, 3)).toEqual([200, 200, 429]);
    expect(shown(await get(standin, FEED), 'retry-after')).toEqual([String(23 * 3_600)]);
    await later(23 * 3_600_000);
    expect(await statuses(FEED, 2)).toEqual([200, 429]);
  });

  it('bytes an hour: the request that is over is the one after', async () => {
    const { text } = await get(standin, FEED);
    const limit = Buffer.byteLength(text) * 2 - 1;
    await order(standin, 'profile', {
      quotas: [{ name: 'bytes', unit: 'bytes', limit, windowMs: 3_600_000, kind: 'sliding' }],
    });
    expect(await statuses(FEED, 3)).toEqual([200, 200, 429]);
    await later(3_600_000);
    expect(await statuses(FEED, 1)).toEqual([200]);
  });

  it('states its own limits', async () => {
    const { profile } = (await look(standin, 'state')) as unknown as {
      profile: { quotas: { name: string; limit: number }[] };
    };
    expect(profile.quotas.map(({ name, limit }) => [name, limit])).toEqual([
      ['second', 2],
      ['hour', 7_200],
      ['day', 40_000],
      ['bytes', 4_000_000_000],
    ]);
  });
});

describe('trestle', () => {
  beforeEach(() => fresh(standin, { vendor: 'trestle' }));

  it('tells its quotas in floats with every answer, even where nobody is let in', async () => {
    const names = [
      'minute-quota-limit',
      'minute-quota-available',
      'hour-quota-limit',
      'hour-quota-available',
      'hour-quota-resettime',
      'quotatype',
    ];
    const hourEnds = String(NOON + 3_600_000);
    await get(standin, '/Property');
    expect(shown(await get(standin, '/Property'), ...names)).toEqual([
      '180.0',
      '178.0',
      '7200.0',
      '7198.0',
      hourEnds,
      'OAuth',
    ]);
    const stranger = await get(standin, '/Property', { authorization: '' });
    expect([stranger.status, ...shown(stranger, 'minute-quota-limit', 'quotatype')]).toEqual([401, '180.0', 'Api']);
  });

  it('180 a minute, and the next minute is a new one', async () => {
    const all = await statuses('/Property?$top=1', 182);
    expect([all.filter((status) => status === 200).length, all.slice(-2)]).toEqual([180, [429, 429]]);
    await later(60_000);
    expect(await statuses('/Property?$top=1', 1)).toEqual([200]);
    const { requests, refused } = await usage();
    expect([requests, refused]).toEqual([183, 2]);
  });
});

describe('spark and bridge', () => {
  it('spark: a 429 with code 1550 and no header about it', async () => {
    await fresh(standin, {
      vendor: 'spark',
      quotas: [{ name: 'second', unit: 'requests', limit: 1, windowMs: 1_000, kind: 'sliding' }],
    });
    await get(standin, '/Property');
    const refused = await get(standin, '/Property');
    expect([refused.status, refused.body['error']?.['code']]).toEqual([429, '1550']);
    expect([...refused.headers.keys()].filter((name) => /retry|limit|quota/.test(name))).toEqual([]);
  });

  it('bridge: burst and application limits with every answer', async () => {
    await fresh(standin, { vendor: 'bridge' });
    expect(
      shown(
        await get(standin, '/Property'),
        'burst-ratelimit-remaining',
        'application-ratelimit-remaining',
        'application-ratelimit-reset',
      ),
    ).toEqual(['333', '4999', '2026-11-02T13:00:00Z']);
  });
});

describe('tokens', () => {
  beforeEach(() => fresh(standin));

  const issue = (form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${standin.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form), headers });
  const CLIENT = { client_id: 'reso-sandbox', client_secret: 'reso-sandbox-secret' };
  const granted = async (): Promise<Record<string, string>> => {
    const answer = await issue({ grant_type: 'client_credentials', ...CLIENT });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return { authorization: `Bearer ${token}` };
  };

  it('a client’s id and secret are worth a token for an hour', async () => {
    const answer = await issue({ grant_type: 'client_credentials', ...CLIENT });
    expect(await answer.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3_600 });
    const bearer = await granted();
    expect((await get(standin, '/Property', bearer)).status).toBe(200);
    await later(3_599_999);
    expect((await get(standin, '/Property', bearer)).status).toBe(200);
    await later(1);
    const expired = await get(standin, '/Property', bearer);
    expect([expired.status, ...shown(expired, 'www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  it('id and secret may come as basic authentication; wrong ones, and other grants, are refused', async () => {
    await order(standin, 'clients', { id: 'own', secret: 'of ours' });
    const basic = `Basic ${Buffer.from('own:of%20ours').toString('base64')}`;
    expect((await issue({ grant_type: 'client_credentials' }, { authorization: basic })).status).toBe(200);
    const wrong = await issue({ grant_type: 'client_credentials', ...CLIENT, client_secret: 'guess' });
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { error: 'invalid_client' }]);
    expect((await issue({ grant_type: 'password', ...CLIENT })).status).toBe(400);
  });

  it('a static token is served; one that is revoked, suspended or was never issued is not', async () => {
    expect((await get(standin, '/Property', { authorization: '' })).status).toBe(401);
    expect((await get(standin, '/Property', { authorization: 'Bearer reso-at-made-up' })).status).toBe(401);
    expect((await get(standin, '/Property')).status).toBe(200);
    await order(standin, 'tokens', { token: TOKEN, suspendedMs: 60_000 });
    const suspended = await get(standin, '/Property');
    expect([suspended.status, ...shown(suspended, 'retry-after')]).toEqual([403, '60']);
    expect(suspended.body['error']).toMatchObject({ code: 'TokenSuspended' });
    await later(60_000);
    expect((await get(standin, '/Property')).status).toBe(200);
    await order(standin, 'tokens', { token: TOKEN, state: 'revoked' });
    expect((await get(standin, '/Property')).status).toBe(401);
  });

  it('every token that was issued can expire at once', async () => {
    const bearer = await granted();
    await order(standin, 'oauth', { expireAll: true });
    expect((await get(standin, '/Property', bearer)).status).toBe(401);
    expect((await get(standin, '/Property', await granted())).status).toBe(200);
  });
});
