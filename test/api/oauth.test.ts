import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { APP_ID, marketplaceEvent, OAUTH_CLIENT, startApiWorld, type ApiWorld } from '../support/api-world.ts';
import { control, removeHome, type RunningStandIn, startStandIn } from '../support/ghl-standin.ts';

/** Installing by a click, over HTTP on both sides: our API and the vendor's stand-in. */

let world: ApiWorld;
let standIn: RunningStandIn;
beforeAll(async () => {
  standIn = await startStandIn();
  world = await startApiWorld({ vendorUrl: standIn.url });
  await control(standIn, 'app', {
    ...{ appId: APP_ID, clientId: OAUTH_CLIENT.id, clientSecret: OAUTH_CLIENT.secret },
    redirectUris: [`${world.url}/oauth/ghl/callback`],
  });
});
afterAll(async () => {
  await world.stop();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

async function vendorLocation(companyId = `com${randomBytes(8).toString('hex')}`) {
  const locationId = `loc${randomBytes(8).toString('hex')}`;
  await control(standIn, 'locations', {
    id: locationId,
    companyId,
    name: 'Example Realty',
    timezone: 'America/New_York',
  });
  return { locationId, companyId };
}

interface Begun {
  readonly cookie: string;
  readonly setCookie: string;
  readonly chosen: URL;
}

/** A browser at our start: its cookie, and where it is sent. */
async function begin(query = ''): Promise<Begun> {
  const answer = await fetch(`${world.url}/oauth/ghl/start${query}`, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  const setCookie = answer.headers.get('set-cookie') ?? '';
  return { setCookie, cookie: setCookie.split(';')[0] ?? '', chosen: new URL(answer.headers.get('location') ?? '') };
}

/** … which chooses at the vendor, and is sent back: the address it is sent to. */
async function choose({ chosen }: Begun, id: string): Promise<URL> {
  chosen.searchParams.set('_approve', id);
  const answer = await fetch(chosen, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
}

async function arrive(url: URL | string, cookie?: string): Promise<{ status: number; html: string; headers: Headers }> {
  const answer = await fetch(url, { redirect: 'manual', ...(cookie === undefined ? {} : { headers: { cookie } }) });
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}

const token = (id: string) => world.credentials.newest({ kind: 'location', id });

describe('an install by a click', () => {
  it('goes to the marketplace with a state, comes back with a code, and leaves an installed location', async () => {
    const { locationId, companyId } = await vendorLocation();
    const begun = await begin();
    expect(begun.chosen.pathname).toBe('/v2/oauth/chooselocation');
    expect(begun.chosen.searchParams.get('redirect_uri')).toBe(`${world.url}/oauth/ghl/callback`);
    expect(begun.chosen.searchParams.get('scope')?.split(' ')).toContain('contacts.write');
    expect(begun.chosen.searchParams.get('scope')).not.toContain('oauth.write');
    expect(begun.setCookie).toMatch(/; Path=\/oauth\/ghl; Max-Age=600; HttpOnly; SameSite=Lax$/);
    const page = await arrive(await choose(begun, locationId), begun.cookie);
    expect(page.status).toBe(200);
    expect(page.html).toContain(`<code>${locationId}</code> is connected`);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.html).not.toContain('<script');
    expect(page.headers.get('set-cookie')).toContain('Max-Age=0');
    const bought = await token(locationId);
    const asked = await fetch(`${standIn.url}/locations/${locationId}`, {
      headers: { authorization: `Bearer ${bought?.token}`, version: '2021-07-28' },
    });
    expect(asked.status).toBe(200);
    const { items } = (await (await world.api('GET', '/api/locations')).json()) as { items: Record<string, unknown>[] };
    const listed = items.find((item) => item['locationId'] === locationId);
    expect(listed).toMatchObject({
      ...{ companyId, status: 'active', parked: null },
      credential: { kind: 'oauth', version: 1, refusedAt: null, expiresAt: expect.any(String) },
    });
    expect(world.committed).toContainEqual(
      expect.objectContaining({ type: 'credential.installed', locationId, contactId: null }),
    );
    expect((await world.post(marketplaceEvent({ locationId, id: 'first' }))).status).toBe(202);
    const said = world.logged() + JSON.stringify(listed);
    expect(said).not.toContain(bought?.token ?? 'none');
    expect(said).not.toContain(OAUTH_CLIENT.secret);
    expect(said).not.toContain(begun.chosen.searchParams.get('state') ?? 'none');
  });

  it('of an agency keeps its token apart, and its locations are here and wait', async () => {
    const { locationId, companyId } = await vendorLocation();
    const begun = await begin('?for=agency');
    expect(begun.chosen.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['oauth.readonly', 'oauth.write']),
    );
    const page = await arrive(await choose(begun, companyId), begun.cookie);
    expect(page.html).toContain(`Agency <code>${companyId}</code> is connected`);
    expect(await world.credentials.newest({ kind: 'company', id: companyId })).toMatchObject({ version: 1 });
    expect(await world.deps.locations.get(locationId)).toMatchObject({
      companyId,
      parked: { reason: 'awaiting-token' },
    });
    const list = (await (await world.api('GET', '/api/locations')).json()) as { companies: unknown[] };
    expect(list.companies).toContainEqual({ companyId, credential: expect.objectContaining({ kind: 'oauth' }) });
    expect((await world.post(marketplaceEvent({ locationId, id: 'waits' }))).status).toBe(202);
  });

  it('of a location that is here already replaces its credential and nothing else', async () => {
    const { locationId } = await vendorLocation();
    await world.api('POST', '/api/locations', { locationId, token: 'pit-by-hand', name: 'By Hand' });
    const before = await world.deps.locations.get(locationId);
    const begun = await begin();
    expect((await arrive(await choose(begun, locationId), begun.cookie)).status).toBe(200);
    expect(await world.deps.locations.get(locationId)).toEqual({ ...before, companyId: expect.any(String) });
    expect(await world.credentials.standing({ kind: 'location', id: locationId })).toMatchObject({
      kind: 'oauth',
      version: 2,
    });
  });

  it('outlives a database that is away for a moment after the code was spent', async () => {
    const { locationId } = await vendorLocation();
    const begun = await begin();
    const back = await choose(begun, locationId);
    const real = world.deps.pauses.at;
    Object.assign(world.deps.pauses, {
      at: async (point: string) => {
        if (point !== 'oauth.before-store') return;
        world.proxy.cut();
        setTimeout(() => world.proxy.restore(), 700);
      },
    });
    try {
      expect((await arrive(back, begun.cookie)).status).toBe(200);
    } finally {
      Object.assign(world.deps.pauses, { at: real });
    }
    expect(await token(locationId)).toBeDefined();
  });
});

describe('an answer that was not asked for', () => {
  const installedNothing = async (locationId: string): Promise<void> => {
    expect(await token(locationId)).toBeUndefined();
    expect(await world.deps.locations.get(locationId)).toBeUndefined();
  };

  it('is not taken a second time', async () => {
    const { locationId } = await vendorLocation();
    const begun = await begin();
    const back = await choose(begun, locationId);
    expect((await arrive(back, begun.cookie)).status).toBe(200);
    const again = await arrive(back, begun.cookie);
    expect([again.status, again.html.includes('OAUTH_STATE')]).toEqual([400, true]);
    expect((await token(locationId))?.version).toBe(1);
  });

  it('is not taken from another browser, with a cookie or without, and its own may still end it', async () => {
    const { locationId } = await vendorLocation();
    const [mine, others] = [await begin(), await begin()];
    const back = await choose(mine, locationId);
    for (const cookie of [undefined, others.cookie, 'leadwright_install=', 'leadwright_install=made-up']) {
      const page = await arrive(back, cookie);
      expect([page.status, page.html.includes('OAUTH_STATE')]).toEqual([400, true]);
    }
    await installedNothing(locationId);
    expect((await arrive(back, mine.cookie)).status).toBe(200);
  });

  it('is not taken after ten minutes', async () => {
    const { locationId } = await vendorLocation();
    const begun = await begin();
    const back = await choose(begun, locationId);
    await world.pool.query(`update oauth_states set expires_at = now() - interval '1 second'`);
    expect((await arrive(back, begun.cookie)).html).toContain('OAUTH_STATE');
    await installedNothing(locationId);
  });

  it('is not taken without a state: a person may begin here instead', async () => {
    const { locationId } = await vendorLocation();
    const begun = await begin();
    const back = await choose(begun, locationId);
    back.searchParams.delete('state');
    const page = await arrive(back, begun.cookie);
    expect(page.status).toBe(400);
    expect(page.html).toContain('href="/oauth/ghl/start"');
    await installedNothing(locationId);
  });

  it('that says no is told as such; what it says is not repeated', async () => {
    const begun = await begin();
    const state = begun.chosen.searchParams.get('state') ?? '';
    const no = await arrive(
      `${world.url}/oauth/ghl/callback?error=${encodeURIComponent('<b onclick=x>denied</b>')}&state=${state}`,
      begun.cookie,
    );
    expect([no.status, no.html.includes('OAUTH_DENIED')]).toEqual([403, true]);
    expect(no.html).not.toContain('onclick');
  });

  it('with a code that is of no worth, or without one, is a page that says so', async () => {
    for (const [code, status, name] of [
      ['made-up"><script>', 400, 'OAUTH_CODE'],
      ['', 400, 'BAD_QUERY'],
    ] as const) {
      const begun = await begin();
      const url = new URL(`${world.url}/oauth/ghl/callback`);
      url.searchParams.set('state', begun.chosen.searchParams.get('state') ?? '');
      url.searchParams.set('code', code);
      const page = await arrive(url, begun.cookie);
      expect([page.status, page.html.includes(name)]).toEqual([status, true]);
      expect(page.html).not.toContain('<script');
    }
  });

  it('of a vendor that does not answer is a page that may be tried again from the start', async () => {
    const { locationId } = await vendorLocation();
    const begun = await begin();
    const back = await choose(begun, locationId);
    await control(standIn, 'faults', {
      match: { path: '/oauth/token' },
      times: 1,
      status: 503,
      body: { message: 'down' },
    });
    const page = await arrive(back, begun.cookie);
    expect([page.status, page.html.includes('CRM_UNAVAILABLE')]).toEqual([503, true]);
    await installedNothing(locationId);
  });
});

describe('where no client is configured', () => {
  it('a page says what is missing', async () => {
    const { noOAuth } = await import('../../platform/oauth.ts');
    const real = world.deps.oauth;
    Object.assign(world.deps, { oauth: noOAuth() });
    try {
      const page = await arrive(`${world.url}/oauth/ghl/start`);
      expect([page.status, page.html.includes('OAUTH_NOT_SET_UP')]).toEqual([503, true]);
    } finally {
      Object.assign(world.deps, { oauth: real });
    }
  });
});
