import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import {
  app,
  approve,
  client,
  control,
  grantForm,
  install,
  ledger,
  registerApp,
  removeHome,
  startStandIn,
} from '../support/ghl-standin.ts';
import type { Reply, RunningStandIn } from '../support/ghl-standin.ts';
import { startReceiver } from '../support/webhook-receiver.ts';
import type { Receiver } from '../support/webhook-receiver.ts';

let standIn: RunningStandIn;
let receiver: Receiver;
const { locationId, companyId } = brokerage;
const params = { contactId: String(brokerage.contactIds[0]) };
const other = 'OtherLocation0000001';
const send = client(() => standIn, brokerage.token);
const NO_ACCESS = 'The token does not have access to this location.';
let aheadMs = 0;

async function later(ms: number): Promise<void> {
  aheadMs += ms;
  await standIn.moveClock(aheadMs);
}

const exchange = async (form: Record<string, string>): Promise<Reply> =>
  send('POST /oauth/token', { token: null, body: form });
const refresh = async (token: string): Promise<Reply> =>
  exchange(grantForm('', { grant_type: 'refresh_token', refresh_token: token }));
const read = async (token: unknown): Promise<Reply> =>
  send('GET /contacts/{contactId}', { params, token: String(token) });

beforeAll(async () => {
  standIn = await startStandIn(undefined, { movableClock: true });
  receiver = await startReceiver();
});

beforeEach(async () => {
  Object.assign(receiver, { statuses: [202], received: [] });
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
  await control(standIn, 'locations', { id: other, name: 'Harborline North', companyId });
  await registerApp(standIn, { webhookUrl: receiver.url, appId: null, installFires: 'before-exchange' });
});

afterAll(async () => {
  receiver.close();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

describe('the marketplace’s page', () => {
  const query = { response_type: 'code', client_id: app.clientId, redirect_uri: app.redirectUri, state: 's&1' };
  const page = async (change: object, path = 'v2/oauth/chooselocation'): Promise<Response> =>
    fetch(`${standIn.url}/${path}?${new URLSearchParams({ ...query, ...change }).toString()}`, { redirect: 'manual' });

  it('lists locations and agencies, each a link that brings the app its code and its state', async () => {
    const html = await (await page({}, 'oauth/chooselocation')).text();
    for (const name of ['Harborline Realty', 'Harborline North', 'Harborline']) expect(html).toContain(`>${name}</a>`);
    const href = /href="([^"]+)">Harborline North/.exec(html)?.[1]?.replaceAll('&#38;', '&') ?? '';
    const response = await fetch(`${standIn.url}${href}`, { redirect: 'manual' });
    const back = new URL(String(response.headers.get('location')));
    expect([response.status, `${back.origin}${back.pathname}`]).toEqual([302, app.redirectUri]);
    expect(back.searchParams.get('state')).toBe('s&1');
    expect((await exchange(grantForm(String(back.searchParams.get('code'))))).body).toMatchObject({
      locationId: other,
    });
  });

  it.each([{ client_id: 'nobody' }, { redirect_uri: 'http://127.0.0.1/elsewhere' }, { _approve: 'nowhere' }])(
    'refuses %j, and sends the browser nowhere',
    async (change) => {
      const response = await page({ _approve: locationId, ...change });
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    },
  );
});

describe('tokens', () => {
  it('come for a code once, for the right client and redirect, and within a minute', async () => {
    const code = String((await approve(standIn, locationId)).get('code'));
    const wrong = [{ client_secret: 'guess' }, { client_id: 'guess' }, { redirect_uri: 'http://127.0.0.1/x' }];
    const refusals = [];
    for (const change of wrong) refusals.push((await exchange(grantForm(code, change))).status);
    expect(refusals).toEqual([401, 401, 400]);
    const tokens = await exchange(grantForm(code));
    expect(tokens.body).toMatchObject({ token_type: 'Bearer', expires_in: 86_399, userType: 'Location', locationId });
    expect((await read(tokens.body['access_token'])).status).toBe(200);
    expect((await exchange(grantForm(code))).body).toMatchObject({ statusCode: 400 });
    const late = String((await approve(standIn, locationId)).get('code'));
    await later(61_000);
    expect((await exchange(grantForm(late))).status).toBe(400);
    expect((await exchange(grantForm('made-up'))).status).toBe(400);
    expect((await exchange(grantForm('', { grant_type: 'client_credentials' }))).status).toBe(400);
    expect((await exchange({ client_id: 'x' })).status).toBe(422);
  });

  it('rotate: the same refresh gets the same pair for thirty seconds, then the old one is dead', async () => {
    const first = await install(standIn, locationId);
    const second = (await refresh(first.refresh_token)).body;
    expect(second['refresh_token']).not.toBe(first.refresh_token);
    await later(25_000);
    const { traceId: _one, ...again } = (await refresh(first.refresh_token)).body;
    const { traceId: _other, ...once } = second;
    expect(again).toEqual(once);
    await later(6_000);
    const dead = await refresh(first.refresh_token);
    expect([dead.status, dead.body['message']]).toEqual([400, 'Invalid grant: refresh token has been used already']);
    const { home } = standIn;
    await standIn.end('SIGKILL');
    standIn = await startStandIn(home, { movableClock: true });
    await standIn.moveClock(aheadMs);
    expect((await refresh(first.refresh_token)).status).toBe(400);
    expect((await read(second['access_token'])).status).toBe(200);
    expect((await refresh(String(second['refresh_token']))).status).toBe(200);
  });

  it('expire, are ended and revoked on demand, each for its own install alone', async () => {
    await control(standIn, 'oauth', { locationId, accessTtlSeconds: 60 });
    const [mine, theirs] = [await install(standIn, locationId), await install(standIn, other)];
    expect([mine.expires_in, theirs.expires_in]).toEqual([60, 86_399]);
    await later(61_000);
    const expired = await read(mine.access_token);
    expect([expired.status, expired.body['message']]).toEqual([401, 'Invalid token: access token is expired']);
    const fresh = (await refresh(mine.refresh_token)).body as unknown as typeof mine;
    expect((await read(fresh.access_token)).status).toBe(200);
    await control(standIn, 'oauth', { locationId, do: 'expire-access' });
    expect((await read(fresh.access_token)).body['message']).toMatch(/expired/);
    await control(standIn, 'oauth', { locationId, do: 'kill-access' });
    expect((await read(fresh.access_token)).body['message']).toMatch(/invalid/);
    const last = (await refresh(fresh.refresh_token)).body;
    await control(standIn, 'oauth', { locationId, do: 'revoke' });
    expect((await read(last['access_token'])).status).toBe(401);
    expect((await refresh(String(last['refresh_token']))).status).toBe(400);
    const elsewhere = { params: { locationId: other }, token: theirs.access_token };
    expect((await send('GET /locations/{locationId}', elsewhere)).status).toBe(200);
    expect((await read(brokerage.token)).status).toBe(200);
    expect((await control(standIn, 'oauth', { locationId, do: 'forget' })).status).toBe(400);
  });

  it('of a suspended location say that it is not active, until it is again', async () => {
    const tokens = await install(standIn, locationId);
    await control(standIn, 'oauth', { locationId, do: 'suspend' });
    const refusals = [await read(tokens.access_token), await refresh(tokens.refresh_token)];
    expect(refusals.map(({ status, body }) => [status, body['message']])).toEqual([
      [401, 'Location is not active'],
      [400, 'Location is not active'],
    ]);
    await control(standIn, 'oauth', { locationId, do: 'activate' });
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('do what their scopes allow, and nothing else', async () => {
    const tokens = await install(standIn, locationId, { scope: 'contacts.readonly users.readonly' });
    expect(tokens['scope']).toBe('contacts.readonly users.readonly');
    expect((await read(tokens.access_token)).status).toBe(200);
    const write = { params, token: tokens.access_token, body: { tags: ['x'] } };
    const refusal = await send('POST /contacts/{contactId}/tags', write);
    expect(refusal.body).toMatchObject({ statusCode: 401, message: 'The token is not authorized for this scope.' });
  });
});

describe('levels', () => {
  it('keep a company’s token to company routes, and a location’s to its own', async () => {
    const [company, location] = [await install(standIn, companyId), await install(standIn, other)];
    expect(company).toMatchObject({ userType: 'Company', companyId, isBulkInstallation: true });
    expect(company['locationId']).toBeUndefined();
    expect((await read(company.access_token)).body).toMatchObject({ statusCode: 401, message: NO_ACCESS });
    expect((await read(location.access_token)).body).toMatchObject({ statusCode: 403, message: NO_ACCESS });
    const query = { companyId, appId: '5a4db0c50000000000000001' };
    const list = async (token: string): Promise<Reply> => send('GET /oauth/installedLocations', { token, query });
    expect((await list(company.access_token)).body['count']).toBe(2);
    expect((await list(location.access_token)).status).toBe(403);
    const body = { companyId, locationId };
    expect((await send('POST /oauth/locationToken', { token: location.access_token, body })).status).toBe(403);
    const pit = await send('GET /marketplace/app/{appId}/installations', { params: { appId: 'x' } });
    expect([pit.status, pit.body['message']]).toEqual([403, NO_ACCESS]);
    const users = { token: company.access_token, query: { companyId } };
    expect((await send('GET /users/search', users)).body['count']).toBe(4);
    const swapped = await send('POST /oauth/locationToken', { token: company.access_token, body });
    expect((await read(swapped.body['access_token'])).status).toBe(200);
    expect((await refresh(String(swapped.body['refresh_token']))).body).toMatchObject({ locationId });
    await control(standIn, 'locations', { id: 'Foreign', companyId: 'c2' });
    const foreign = { companyId, locationId: 'Foreign' };
    expect((await send('POST /oauth/locationToken', { token: company.access_token, body: foreign })).status).toBe(403);
  });

  it('of a bulk install give one company’s token, whatever the exchange asks for, and only chosen locations', async () => {
    const company = await install(standIn, companyId, { _locations: other });
    expect(company).toMatchObject({ isBulkInstallation: true, approvedLocations: [other], approveAllLocations: false });
    const body = { companyId, locationId };
    const refusal = await send('POST /oauth/locationToken', { token: company.access_token, body });
    expect([refusal.status, refusal.body['message']]).toEqual([400, 'The app is not installed in this location']);
  });

  it('let an agency’s static token read, and keep it from what only an app may', async () => {
    await control(standIn, 'companies', { id: companyId, name: 'Harborline', _token: 'pit-agency' });
    const query = { companyId, appId: '5a4db0c50000000000000001' };
    expect((await send('GET /users/search', { token: 'pit-agency', query: { companyId } })).status).toBe(200);
    expect((await send('GET /oauth/installedLocations', { token: 'pit-agency', query })).status).toBe(401);
  });
});

describe('install and uninstall', () => {
  it('tell the app before the browser comes back with the code, or after the exchange', async () => {
    const code = String((await approve(standIn, locationId)).get('code'));
    expect(receiver.received.map(({ event }) => event)).toMatchObject([
      { type: 'INSTALL', installType: 'Location', locationId, companyId, companyName: 'Harborline' },
    ]);
    await exchange(grantForm(code));
    await registerApp(standIn, { installFires: 'after-exchange' });
    receiver.received = [];
    const late = String((await approve(standIn, locationId)).get('code'));
    expect(receiver.received).toEqual([]);
    await exchange(grantForm(late));
    await receiver.until(({ length }) => length === 1);
    expect(receiver.types()).toEqual(['INSTALL']);
  });

  it('of a company tell of it and of each of its locations', async () => {
    const company = await install(standIn, companyId);
    const told = receiver.received.map(({ event }) => [event['type'], event['locationId'], event['installType']]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['INSTALL', undefined, 'Company'],
        ['INSTALL', locationId, 'Location'],
        ['INSTALL', other, 'Location'],
      ]),
    );
    receiver.received = [];
    expect((await control(standIn, 'uninstall', { companyId })).body['uninstalled']).toHaveLength(3);
    await receiver.until(({ length }) => length === 3);
    expect(receiver.types()).toEqual(['UNINSTALL', 'UNINSTALL', 'UNINSTALL']);
    expect((await refresh(company.refresh_token)).status).toBe(400);
  });

  it('of one location end its tokens at once, and leave the others', async () => {
    const [mine, theirs] = [await install(standIn, locationId), await install(standIn, other)];
    receiver.received = [];
    await control(standIn, 'uninstall', { locationId });
    await receiver.until(({ length }) => length === 1);
    expect(receiver.received[0]?.event).toMatchObject({ type: 'UNINSTALL', locationId });
    expect((await read(mine.access_token)).status).toBe(401);
    expect((await refresh(mine.refresh_token)).status).toBe(400);
    expect((await refresh(theirs.refresh_token)).status).toBe(200);
    expect((await control(standIn, 'uninstall', { locationId })).status).toBe(400);
  });

  it('without anybody’s doing tells of the install without a user, and counts as no call', async () => {
    await control(standIn, 'install', { locationId });
    await receiver.until(({ length }) => length === 1);
    expect(receiver.received[0]?.event).toMatchObject({ type: 'INSTALL', locationId, companyId });
    expect(receiver.received[0]?.event['userId']).toBeUndefined();
    expect((await ledger(standIn))['calls']).toEqual([]);
  });
});
