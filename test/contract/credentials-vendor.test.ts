import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { createOAuth } from '../../integrations/ghl/oauth.ts';
import { ledger } from '../support/ghl-standin.ts';
import { startTokenWorld, type TokenWorld } from '../support/token-world.ts';
import { until } from '../support/until.ts';

/** Tokens against the vendor's stand-in, whose refresh tokens are used up by the first answer and live for 30 seconds more. */

let world: TokenWorld;
beforeAll(async () => {
  world = await startTokenWorld();
});
afterAll(() => world.close());

async function installed(): Promise<TokenHolder & { kind: 'location' }> {
  const { locationId } = await world.location();
  await world.installByClick(locationId);
  return { kind: 'location', id: locationId };
}

const newest = (holder: TokenHolder) => world.credentials.newest(holder);
const parkedReason = async (id: string) => (await world.locations.get(id))?.parked?.reason ?? null;
const renew = (holder: TokenHolder, version: number, activities = world.activities()) =>
  world.run(() => activities.renewToken({ ...holder, version }));
const fault = (path: string, how: object) => world.vendor('faults', { match: { path }, times: 1, ...how });

describe('a code', () => {
  it('buys a pair that the vendor takes, for the location that was chosen', async () => {
    const holder = await installed();
    expect(await world.taken(holder.id, (await newest(holder))?.token)).toBe(true);
    const standing = await world.run(() => world.activities().tokenStanding(holder));
    expect(standing).toMatchObject({ state: 'held', version: 1 });
    // Four fifths of a day, less the moment since.
    const { renewInMs } = standing as { renewInMs: number };
    expect(renewInMs).toBeGreaterThan(0.79 * 86_399_000);
    expect(renewInMs).toBeLessThanOrEqual(0.8 * 86_399_000);
  });

  it('is refused when nobody gave it, and a client that is not ours is told from that', async () => {
    const redirect = 'http://127.0.0.1:9/oauth/ghl/callback';
    expect(await world.oauth.exchangeCode('made-up', redirect)).toEqual({ kind: 'refused' });
    const stranger = createOAuth({
      ...{ baseUrl: world.standIn.url, marketplaceUrl: world.standIn.url, appId: 'x', log: world.log },
      client: { id: 'client-of-the-test', secret: 'wrong' },
    });
    await expect(stranger.exchangeCode('made-up', redirect)).rejects.toMatchObject({ code: 'OAUTH_CLIENT' });
    await expect(stranger.refresh({ kind: 'location', id: 'x' }, 'rt')).rejects.toMatchObject({ code: 'OAUTH_CLIENT' });
    await stranger.close();
  });
});

describe('a renewal', () => {
  it('stores the new pair and answers when the next one is due; the token before it is of no worth', async () => {
    const holder = await installed();
    const before = await newest(holder);
    expect(await renew(holder, 1)).toEqual({ state: 'held', version: 2, renewInMs: Math.round(0.8 * 86_399_000) });
    const after = await newest(holder);
    expect(after?.version).toBe(2);
    expect(await world.taken(holder.id, after?.token)).toBe(true);
    expect(after?.token).not.toBe(before?.token);
    expect(await world.events(holder)).toEqual(['installed 1', 'refreshed 2']);
  });

  it('whose answer is lost on the way is made good with the same refresh token', async () => {
    const holder = await installed();
    await fault('/oauth/token', { dropAfterHandling: true });
    await expect(renew(holder, 1)).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    expect((await newest(holder))?.version).toBe(1);
    expect(await renew(holder, 1)).toMatchObject({ state: 'held', version: 2 });
    expect(await world.taken(holder.id, (await newest(holder))?.token)).toBe(true);
    expect(await renew(holder, 2)).toMatchObject({ state: 'held', version: 3 });
  });

  it('by a process that dies between answer and store is made good by the next', async () => {
    const holder = await installed();
    const dies = world.activities({ pauses: { at: () => Promise.reject(new Error('killed')) } });
    await expect(renew(holder, 1, dies)).rejects.toBeDefined();
    expect(await world.events(holder)).toEqual(['installed 1']);
    expect(await renew(holder, 1)).toMatchObject({ state: 'held', version: 2 });
    expect(await world.taken(holder.id, (await newest(holder))?.token)).toBe(true);
  });

  it('by a process that is killed with the new pair in hand is made good by another, within seconds', async () => {
    const holder = await installed();
    const file = fileURLToPath(new URL('../support/renew-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify(world.forChild(holder.id))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString().trim()).toBe('granted');
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect((await newest(holder))?.version).toBe(1);
    // Postgres has to notice that nobody holds the row any more.
    await until(async () => (await renew(holder, 1).catch(() => undefined))?.state === 'held');
    expect(await world.events(holder)).toEqual(['installed 1', 'refreshed 2']);
    expect(await world.taken(holder.id, (await newest(holder))?.token)).toBe(true);
  });

  it('that comes too late after a lost answer parks the location, and says so once, without a token', async () => {
    const holder = await installed();
    await fault('/oauth/token', { dropAfterHandling: true });
    await expect(renew(holder, 1)).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    await world.standIn.moveClock(31_000);
    try {
      expect(await renew(holder, 1)).toEqual({ state: 'parked', version: 1, hope: false, againInMs: null });
    } finally {
      await world.standIn.moveClock(0);
    }
    expect(await parkedReason(holder.id)).toBe('token-refused');
    expect(await world.events(holder)).toEqual(['installed 1', 'revoked 1']);
    const told = world.log.lines.filter((line) => line.includes(holder.id) && line.includes('refuses our token'));
    expect(told).toHaveLength(1);
  });

  it('by two processes at once refreshes once', async () => {
    const holder = await installed();
    const before = await world.refreshes();
    const both = await Promise.all([renew(holder, 1), renew(holder, 1)]);
    expect(both).toEqual([expect.objectContaining({ version: 2 }), expect.objectContaining({ version: 2 })]);
    expect((await world.refreshes()) - before).toBe(1);
  });

  it.each([
    ['an outage', { status: 503, body: { message: 'down' } }, 'CRM_UNAVAILABLE'],
    ['a page of HTML', { status: 400, headers: { 'content-type': 'text/html' }, body: '<html>' }, 'CRM_UNAVAILABLE'],
    ['a rate limit', { status: 429, body: { message: 'slow down' } }, 'CRM_RATE_LIMITED'],
    ['our own client refused', { status: 401, body: { message: 'Invalid client credentials' } }, 'OAUTH_CLIENT'],
    ['a route that moved', { status: 404, body: { message: 'Cannot POST /oauth/token' } }, 'CRM_UNAVAILABLE'],
    ['an answer without a token', { status: 200, body: { ok: true } }, 'CRM_UNAVAILABLE'],
    ['half a pair', { status: 200, body: { access_token: 'at-half', expires_in: 86399 } }, 'CRM_UNAVAILABLE'],
    [
      'somebody else’s pair',
      { status: 200, body: { access_token: 'a', refresh_token: 'r', locationId: 'other' } },
      'CRM_UNAVAILABLE',
    ],
  ])('says nothing against the token where it meets %s', async (_what, how, code) => {
    const holder = await installed();
    await fault('/oauth/token', how);
    await expect(renew(holder, 1)).rejects.toMatchObject({ type: code });
    expect(await parkedReason(holder.id)).toBeNull();
    expect(await renew(holder, 1)).toMatchObject({ state: 'held', version: 2 });
  });

  it.each([0, -5, 1e300, true, 'soon', []])('keeps a pair whose life nobody can mean: %p', async (life) => {
    const holder = await installed();
    const body = { access_token: 'at-odd', refresh_token: 'rt-odd', expires_in: life, approvedLocations: 'all' };
    await fault('/oauth/token', { status: 200, body: { ...body, installToFutureLocations: 'no' } });
    expect(await renew(holder, 1)).toEqual({ state: 'held', version: 2, renewInMs: null });
    expect((await newest(holder))?.token).toBe('at-odd');
  });

  it('of an agency does not wait for those of locations, which may wait for it', async () => {
    const company = await world.installByClick((await world.location()).companyId);
    const holders = [];
    for (let n = 0; n < 5; n += 1) holders.push(await installed());
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let waiting = 0;
    const at = () => {
      waiting += 1;
      return waiting <= 4 ? held : Promise.resolve();
    };
    const activities = world.activities({ pauses: { at } });
    const all = holders.map((holder) => renew(holder, 1, activities));
    await until(() => Promise.resolve(waiting === 4));
    const agencys = renew(company, 1, activities);
    await until(async () => (await newest(company))?.version === 2).finally(goOn);
    expect(await agencys).toMatchObject({ state: 'held', version: 2 });
    for (const one of await Promise.all(all)) expect(one).toMatchObject({ state: 'held', version: 2 });
  });

  it('of a revoked pair parks the location; an install by a person takes it back', async () => {
    const holder = await installed();
    await world.vendor('oauth', { locationId: holder.id, do: 'revoke' });
    expect(await renew(holder, 1)).toMatchObject({ state: 'parked', againInMs: null });
    expect(await newest(holder)).toBeUndefined();
    await world.installByClick(holder.id);
    expect(await parkedReason(holder.id)).toBeNull();
    expect((await newest(holder))?.version).toBe(2);
  });

  it('of a suspended sub-account parks it as such, and is tried again by itself', async () => {
    const holder = await installed();
    await world.vendor('oauth', { locationId: holder.id, do: 'suspend' });
    expect(await renew(holder, 1)).toMatchObject({ state: 'parked', againInMs: 3_600_000 });
    expect(await parkedReason(holder.id)).toBe('location-inactive');
    await world.vendor('oauth', { locationId: holder.id, do: 'activate' });
    expect(await renew(holder, 1)).toMatchObject({ state: 'held', version: 2 });
    expect(await parkedReason(holder.id)).toBeNull();
    const { items } = await world.inbox.list({ locationId: holder.id, limit: 5 });
    expect(items.map(({ type, verdict }) => [type, verdict])).toEqual([['credential.installed', 'received']]);
  });

  it('goes by the time that its token lives, not by a clock that is wrong by days', async () => {
    const holder = await installed();
    const ahead = world.activities({ now: () => new Date(Date.now() + 3 * 86_400_000) });
    expect(await world.run(() => ahead.tokenStanding(holder))).toMatchObject({ state: 'held', version: 1 });
    // By that clock it is long due: one renewal, after which the workflow sleeps by its own time.
    expect(await renew(holder, 1, ahead)).toEqual({
      state: 'held',
      version: 2,
      renewInMs: Math.round(0.8 * 86_399_000),
    });
  });
});

describe('an agency', () => {
  it('gets tokens for its locations, page by page, and one that fails keeps no other', async () => {
    const { companyId, locationId: first } = await world.location();
    const others = [await world.location(companyId), await world.location(companyId)];
    const company = await world.installByClick(companyId);
    const told: string[] = [];
    const refresher = {
      tell: async ({ id }: TokenHolder) => (id === first ? Promise.reject(new Error('away')) : void told.push(id)),
    };
    await expect(world.run(() => world.activities({}, refresher).followInstall(company))).rejects.toMatchObject({
      type: 'STORE_AWAY',
    });
    const rest = others.map(({ locationId }) => locationId).sort();
    expect(told.sort()).toEqual(rest);
    for (const id of [first, ...rest]) expect(await parkedReason(id)).toBe('awaiting-token');
    const [one = ''] = rest;
    const holder = { kind: 'location', id: one } as const;
    expect(await world.run(() => world.activities().tokenStanding(holder))).toMatchObject({
      state: 'parked',
      hope: true,
    });
    expect(await renew(holder, 0)).toMatchObject({ state: 'held', version: 1 });
    expect(await world.taken(one, (await newest(holder))?.token)).toBe(true);
    expect(await world.events(holder)).toEqual(['exchanged 1']);
    expect(await parkedReason(one)).toBeNull();
    await world.run(() => world.activities().followInstall(holder));
    expect((await world.locations.get(one))?.name).toBe(`Realty ${one.slice(-1)}`);
  });

  it('heals a location whose own pair was lost', async () => {
    const { companyId, locationId } = await world.location();
    await world.installByClick(companyId);
    await world.expectLocation(locationId, companyId);
    const holder = { kind: 'location', id: locationId } as const;
    await renew(holder, 0);
    await world.vendor('oauth', { locationId, do: 'revoke' });
    expect(await renew(holder, 1)).toMatchObject({ state: 'held', version: 2 });
    expect(await world.events(holder)).toEqual(['exchanged 1', 'exchanged 2']);
    expect(await world.taken(locationId, (await newest(holder))?.token)).toBe(true);
  });

  it('without the permission to give tokens keeps its own, which a newer one would not mend', async () => {
    const { companyId, locationId } = await world.location();
    const company = await world.installByClick(companyId);
    await world.expectLocation(locationId, companyId);
    const holder = { kind: 'location', id: locationId } as const;
    const told: TokenHolder[] = [];
    const activities = world.activities({}, { tell: async (whose) => void told.push(whose) });
    const message = 'The token is not authorized for this scope.';
    await fault('/oauth/locationToken', { status: 401, body: { statusCode: 401, message } });
    expect(await renew(holder, 0, activities)).toMatchObject({ state: 'parked', version: 0 });
    expect(told).toEqual([]);
    expect((await newest(company))?.version).toBe(1);
  });

  it('gives no token for a location that was uninstalled meanwhile', async () => {
    const { companyId, locationId } = await world.location();
    await world.installByClick(companyId);
    await world.expectLocation(locationId, companyId);
    await world.locations.setStatus(locationId, 'uninstalled');
    const holder = { kind: 'location', id: locationId } as const;
    expect(await renew(holder, 0)).toEqual({ state: 'gone' });
    expect(await world.events(holder)).toEqual([]);
  });

  it('gives no token for a location of another agency', async () => {
    const [mine, theirs] = [await world.location(), await world.location()];
    await world.installByClick(mine.companyId);
    await world.expectLocation(theirs.locationId, mine.companyId);
    const holder = { kind: 'location', id: theirs.locationId } as const;
    expect(await renew(holder, 0)).toMatchObject({ state: 'parked', version: 0 });
    expect(await newest(holder)).toBeUndefined();
    expect(await parkedReason(theirs.locationId)).toBe('awaiting-token');
  });
});

describe('what is said and kept of tokens', () => {
  it('is never a token: not in a log line, not in what an activity answers', async () => {
    const secrets = ((await ledger(world.standIn)).calls as unknown as { body: unknown; response?: unknown }[])
      .flatMap(({ body }) => Object.values(body ?? {}))
      .filter((value): value is string => typeof value === 'string' && /^rt-|^secret-/.test(value));
    expect(secrets.length).toBeGreaterThan(5);
    const said = world.log.lines.join('\n');
    for (const secret of secrets) expect(said).not.toContain(secret);
    expect(said).not.toMatch(/\b(at|rt)-[A-Za-z0-9]{20,}/);
  });
});
