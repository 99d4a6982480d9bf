import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expressPath } from '../../api/mount.ts';
import { routes } from '../../api/openapi.ts';
import { errors, type ErrorCode } from '../../domain/errors.ts';
import { CONTACT, LOCATION, marketplaceEvent, startApiWorld, type ApiWorld } from '../support/api-world.ts';
import { readiness } from '../support/readiness.ts';
import { sampleSequence } from '../support/sample-sequence.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query('truncate inbox, leads, acts, timeline, sequences cascade');
  world.committed.length = 0;
  world.acts.length = 0;
  world.workflow.away = false;
});

const LEAD = `/api/leads/${LOCATION}/${CONTACT}`;

/** A lead as a first decision leaves it behind. */
async function leadExists(over: { contactId?: string; score?: number } = {}): Promise<void> {
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, stage, tier, score, confidence, snapshot,
       snapshot_at, next_at, next)
     values ($1, $2, now(), now(), now(), 'new', 'warm', $3, 0.6, '{"firstName":"Dana","lastName":"Whitfield"}', now(),
       '2026-03-03T14:00:00Z', '{"at":"2026-03-03T14:00:00.000Z","what":"SMS 1 of 3","enrolmentId":null,"stepKey":null}')`,
    [LOCATION, over.contactId ?? CONTACT, over.score ?? 61],
  );
}

async function answered(answer: Response, status: number): Promise<Record<string, unknown>> {
  const body = (await answer.json()) as Record<string, unknown>;
  expect({ status: answer.status, body }).toMatchObject({ status });
  return body;
}

async function refused(answer: Response, code: ErrorCode): Promise<Record<string, unknown>> {
  const body = await answered(answer, errors[code].status);
  expect(body).toMatchObject({ code, status: errors[code].status, title: errors[code].title });
  return body;
}

describe('the operator token', () => {
  it.each(routes.filter((route) => route.auth === 'bearer').map((route) => [route.method, route.path] as const))(
    'is needed for %s %s, before anything else is looked at',
    async (method, path) => {
      const url = world.url + path.replace(/\{\w+\}/g, 'x');
      for (const authorization of ['', 'Bearer', 'Bearer wrong', 'Basic dG9rZW4=', `Bearer ${'x'.repeat(10_000)}`]) {
        const answer = await fetch(url, {
          method: method.toUpperCase(),
          headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
          ...(method === 'post' ? { body: '{' } : {}),
        });
        await refused(answer, 'UNAUTHORIZED');
      }
    },
  );

  it('is needed for addresses that do not exist, too', async () => {
    await refused(await fetch(`${world.url}/api/nowhere`), 'UNAUTHORIZED');
    await refused(await world.api('GET', '/api/nowhere'), 'NOT_FOUND');
  });
});

describe('the description', () => {
  it('names exactly the routes that answer', async () => {
    const spec = (await (await fetch(`${world.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(spec.openapi).toBe('3.1.0');
    for (const { method, path } of routes) expect(spec.paths[path]).toHaveProperty(method);
    const described = Object.entries(spec.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    for (const { method, path } of routes.filter((route) => route.auth === 'bearer')) {
      const answer = await world.api(
        method.toUpperCase(),
        expressPath(path).replace(/:\w+/g, 'x'),
        method === 'post' ? {} : undefined,
      );
      expect(((await answer.json()) as { code?: string }).code).not.toBe('NOT_FOUND');
    }
  });

  it('can be read as a page without any script, and explains every error', async () => {
    const answer = await fetch(`${world.url}/docs`);
    const page = await answer.text();
    expect(page).not.toContain('<script');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const code of Object.keys(errors)) expect(page).toContain(`id="${code}"`);
  });
});

describe('every answer', () => {
  it('carries security headers and a request id: the caller’s if it is harmless, else one of ours', async () => {
    const own = await fetch(`${world.url}/livez`, { headers: { 'x-request-id': 'my-request-0001' } });
    expect(own.headers.get('x-request-id')).toBe('my-request-0001');
    const bad = await fetch(`${world.url}/nowhere`, { headers: { 'x-request-id': '<script>alert(1)</script>' } });
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const problem = await refused(bad, 'NOT_FOUND');
    expect(problem['requestId']).toBe(bad.headers.get('x-request-id'));
    expect(Object.fromEntries(own.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(own.headers.get('x-powered-by')).toBeNull();
  });
});

describe('health', () => {
  it('is live, ready with ages, and measured', async () => {
    expect(await answered(await fetch(`${world.url}/livez`), 200)).toEqual({ status: 'ok' });
    expect(await readiness(`${world.url}/readyz`)).toMatchObject({
      status: 'ready',
      parts: { postgres: { state: 'ok', required: true, lastOkAgeMs: expect.any(Number) } },
    });
    await world.post(marketplaceEvent());
    const text = await (await fetch(`${world.url}/metrics`)).text();
    expect(text).toMatch(/leadwright_door_seconds_count\{door="marketplace",status="202"\} [1-9]/);
    for (const leak of [LOCATION, CONTACT]) expect(text).not.toContain(leak);
  });
});

describe('leads', () => {
  it('are listed page by page and filtered', async () => {
    for (let n = 0; n < 5; n += 1) await leadExists({ contactId: `contact${n}`, score: 50 + n });
    const first = await answered(await world.api('GET', '/api/leads?sort=score&limit=3'), 200);
    expect((first['items'] as { score: number }[]).map((row) => row.score)).toEqual([54, 53, 52]);
    const rest = await answered(
      await world.api('GET', `/api/leads?sort=score&limit=3&cursor=${String(first['nextCursor'])}`),
      200,
    );
    expect((rest['items'] as { score: number }[]).map((row) => row.score)).toEqual([51, 50]);
    expect(rest['nextCursor']).toBeNull();
    expect((await answered(await world.api('GET', '/api/leads?tier=hot'), 200))['items']).toEqual([]);
  });

  it('refuse a filter they do not know how to read, by name and without the value', async () => {
    const problem = await refused(await world.api('GET', '/api/leads?tier=MARKER&limit=0'), 'BAD_QUERY');
    expect((problem['problems'] as { path: string }[]).map(({ path }) => path).sort()).toEqual(['limit', 'tier']);
    expect(JSON.stringify(problem)).not.toContain('MARKER');
    await refused(await world.api('GET', '/api/leads?cursor=nonsense'), 'BAD_CURSOR');
    await refused(await world.api('GET', '/api/leads/a%20b/c'), 'BAD_QUERY');
    await refused(await world.api('GET', '/api/leads/%ff/c'), 'BAD_QUERY');
  });

  it('are shown with consent, next touch and links, in the shape of the contract', async () => {
    await leadExists();
    const lead = await answered(await world.api('GET', LEAD), 200);
    expect(lead).toEqual({
      locationId: LOCATION,
      contactId: CONTACT,
      stage: 'new',
      tier: 'warm',
      score: null,
      consent: { sms: { state: 'unknown' }, email: { state: 'unknown' }, call: { state: 'unknown' } },
      next: { at: '2026-03-03T14:00:00.000Z', what: 'SMS 1 of 3' },
      state: 'active',
      tags: null,
      parked: [],
      links: {
        temporal: `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(`lead:${LOCATION}:${CONTACT}`)}`,
        ghl: `https://app.example.com/v2/location/${LOCATION}/contacts/detail/${CONTACT}`,
      },
    });
  });

  it('that are unknown are 404 on every route', async () => {
    for (const path of ['', '/timeline']) await refused(await world.api('GET', LEAD + path), 'LEAD_UNKNOWN');
    for (const act of ['pause', 'resume', 'stop', 'take-over', 'score']) {
      await refused(await world.api('POST', `${LEAD}/${act}`, {}), 'LEAD_UNKNOWN');
    }
    expect(await world.rows()).toEqual([]);
  });
});

describe('an act on a lead', () => {
  it('is in force in the store, in the inbox and told to the workflow when it is answered', async () => {
    await leadExists();
    const body = await answered(await world.api('POST', `${LEAD}/pause`), 200);
    expect(body).toEqual({ state: 'paused', delivery: 'delivered', eventId: expect.any(String) });
    expect((await world.deps.leads.load({ locationId: LOCATION, contactId: CONTACT }))?.state).toBe('paused');
    expect(await world.rows()).toEqual([expect.objectContaining({ type: 'operator.pause', verdict: 'dispatched' })]);
    expect(world.acts).toEqual([{ action: 'pause', inboxId: body['eventId'] }]);
    const timeline = await answered(await world.api('GET', `${LEAD}/timeline`), 200);
    expect(timeline['items']).toEqual([expect.objectContaining({ kind: 'action' })]);
  });

  it('is answered 202 while Temporal is away: in force at once, and left in the inbox for the sweep', async () => {
    await leadExists();
    world.workflow.away = true;
    const body = await answered(await world.api('POST', `${LEAD}/take-over`), 202);
    expect(body).toMatchObject({ state: 'taken-over', delivery: 'pending' });
    expect((await world.deps.leads.load({ locationId: LOCATION, contactId: CONTACT }))?.state).toBe('taken-over');
    expect(await world.rows()).toEqual([expect.objectContaining({ type: 'operator.takeOver', verdict: 'received' })]);
  });

  it('asked again under the same request id happens once', async () => {
    await leadExists();
    const again = (): Promise<Response> =>
      fetch(`${world.url}${LEAD}/stop`, {
        method: 'POST',
        headers: { authorization: 'Bearer token-of-the-test-operator', 'x-request-id': 'stop-request-1' },
      });
    const first = await answered(await again(), 200);
    expect((await answered(await again(), 200))['eventId']).toBe(first['eventId']);
    expect(await world.rows()).toHaveLength(1);
  });

  it('enrols in published sequences only', async () => {
    await leadExists();
    await refused(await world.api('POST', `${LEAD}/enrol`, { sequence: 'nowhere' }), 'SEQUENCE_UNKNOWN');
    await refused(await world.api('POST', `${LEAD}/enrol`, {}), 'BAD_REQUEST');
    await world.deps.sequences.publish(sampleSequence);
    await answered(await world.api('POST', `${LEAD}/enrol`, { sequence: 'welcome' }), 200);
    expect(world.acts).toEqual([expect.objectContaining({ action: 'enrol' })]);
    const list = await answered(await world.api('GET', '/api/sequences'), 200);
    expect(list['items']).toEqual([expect.objectContaining({ key: 'welcome', version: 1, steps: 1 })]);
    expect(await answered(await world.api('GET', '/api/sequences/welcome'), 200)).toMatchObject({
      key: 'welcome',
      exits: ['reply'],
    });
    await refused(await world.api('GET', '/api/sequences/nowhere'), 'SEQUENCE_UNKNOWN');
  });

  it('scores from what is stored, and has the workflow decide anew', async () => {
    await leadExists();
    const body = await answered(await world.api('POST', `${LEAD}/score`), 200);
    expect(body).toMatchObject({ state: 'active', score: { value: expect.any(Number), model: expect.any(String) } });
    expect(world.committed).toEqual([expect.objectContaining({ type: 'lead.rescore', contactId: CONTACT })]);
  });
});

describe('scores on request', () => {
  it('are given in the order asked, by facts or by lead, with reasons that add up for who asks for them', async () => {
    await leadExists();
    const leads = [
      {
        id: 'a',
        emailsSent: 10,
        emailOpens: 8,
        emailClicks: 4,
        budget: 500_000,
        timeline: 'immediately',
        source: 'referral',
      },
      { id: 'b' },
      { id: 'c', locationId: LOCATION, contactId: CONTACT },
    ];
    const body = await answered(await world.api('POST', '/api/score', { leads, reasons: true }), 200);
    const scores = body['scores'] as {
      id: string;
      value: number;
      baseline: number;
      confidence: number;
      reasons: { contribution: number }[];
    }[];
    expect(scores.map((score) => score.id)).toEqual(['a', 'b', 'c']);
    for (const { value, baseline, reasons } of scores) {
      const logOdds = reasons.reduce((sum, reason) => sum + reason.contribution, baseline);
      expect(value).toBeCloseTo(100 / (1 + Math.exp(-logOdds)), 1);
    }
    expect(scores[0]?.confidence).toBeGreaterThan(scores[1]?.confidence ?? 1);
    const bare = await answered(await world.api('POST', '/api/score', { leads }), 200);
    expect(JSON.stringify(bare)).not.toContain('contribution');
  });

  it('refuse more than a thousand leads, none, and facts that they do not know', async () => {
    await refused(
      await world.api('POST', '/api/score', { leads: Array.from({ length: 1001 }, () => ({})) }),
      'BAD_REQUEST',
    );
    await refused(await world.api('POST', '/api/score', { leads: [] }), 'BAD_REQUEST');
    await refused(await world.api('POST', '/api/score', { leads: [{ zipCode: '33602' }] }), 'BAD_REQUEST');
    await refused(
      await world.api('POST', '/api/score', { leads: [{ locationId: LOCATION, contactId: 'nobody' }] }),
      'LEAD_UNKNOWN',
    );
  });
});

describe('the inbox', () => {
  it('lists and shows events, body as it came', async () => {
    const event = marketplaceEvent();
    await world.post(event);
    const list = await answered(await world.api('GET', `/api/webhooks?locationId=${LOCATION}&verdict=received`), 200);
    const [item] = list['items'] as { inboxId: string }[];
    expect(item).toMatchObject({ type: 'ContactCreate', eventKey: event['webhookId'], verdict: 'received' });
    expect(item).not.toHaveProperty('body');
    expect(await answered(await world.api('GET', `/api/webhooks/${item?.inboxId}`), 200)).toMatchObject({
      body: event,
    });
    await refused(await world.api('GET', `/api/webhooks/${randomUUID()}`), 'EVENT_UNKNOWN');
    await refused(await world.api('GET', '/api/webhooks/nonsense'), 'BAD_QUERY');
  });

  it('replays what has its verdict, and only when told to apply', async () => {
    const { eventId } = (await (await world.post(marketplaceEvent())).json()) as { eventId: string };
    const replay = (body?: object): Promise<Response> => world.api('POST', `/api/webhooks/${eventId}/replay`, body);
    expect(await answered(await replay({ apply: true }), 200)).toMatchObject({
      applied: false,
      wouldReopen: false,
      verdict: 'received',
    });
    await world.inbox.settle(eventId, 'parked', 'poison');
    world.committed.length = 0;
    expect(await answered(await replay(), 200)).toMatchObject({ applied: false, wouldReopen: true, verdict: 'parked' });
    expect(world.committed).toEqual([]);
    expect(await answered(await replay({ apply: true }), 200)).toMatchObject({ applied: true, verdict: 'received' });
    expect(world.committed).toEqual([expect.objectContaining({ inboxId: eventId })]);
  });
});

describe('locations', () => {
  it('are installed by hand; the secret opens their door at once, and no answer or log holds the token', async () => {
    const body = await answered(
      await world.api('POST', '/api/locations', { locationId: 'second', token: 'pit-MARKER' }),
      201,
    );
    expect(body).toMatchObject({
      location: { locationId: 'second', name: 'Bayline Realty', timezone: 'America/New_York', status: 'active' },
      workflowPath: `/webhooks/ghl/workflow/${String(body['workflowSecret'])}`,
    });
    const answer = await fetch(world.url + String(body['workflowPath']), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ contact_id: CONTACT }),
    });
    expect(answer.status).toBe(202);
    expect((await world.post(marketplaceEvent({ locationId: 'second' }))).status).toBe(202);
    const list = await answered(await world.api('GET', '/api/locations'), 200);
    expect((list['items'] as { locationId: string }[]).map((item) => item.locationId).sort()).toEqual(
      [LOCATION, 'second'].sort(),
    );
    expect(JSON.stringify([list, body]) + world.logged()).not.toContain('MARKER');
    expect((await world.credentials.newest({ kind: 'location', id: 'second' }))?.token).toBe('pit-MARKER');
  });

  it('refuse settings that are none, naming the problem', async () => {
    const bad = {
      locationId: 'third',
      token: 't',
      settings: { quietHours: { from: '8', to: '25:00' }, unknownThing: 1 },
    };
    const problem = await refused(await world.api('POST', '/api/locations', bad), 'BAD_REQUEST');
    expect(JSON.stringify(problem['problems'])).toContain('quietHours');
    expect(await world.deps.locations.get('third')).toBeUndefined();
  });

  it('are paused and resumed alone or all at once, and resuming never installs again what was taken away', async () => {
    const status = async (): Promise<string | undefined> => (await world.deps.locations.get(LOCATION))?.status;
    await answered(await world.api('POST', '/api/pause', { locationId: LOCATION }), 200);
    expect(await status()).toBe('paused');
    // What was paused alone is resumed alone.
    await answered(await world.api('POST', '/api/resume', { all: true }), 200);
    expect(await status()).toBe('paused');
    await answered(await world.api('POST', '/api/resume', { locationId: LOCATION }), 200);
    expect(await status()).toBe('active');
    expect(world.woken.splice(0)).toEqual(['all', LOCATION]);
    expect(await answered(await world.api('POST', '/api/pause', { all: true }), 200)).toMatchObject({
      ...{ status: 'paused', allPaused: true },
    });
    expect(await status()).toBe('paused');
    const added = await world.api('POST', '/api/locations', { locationId: 'meanwhile', token: 'pit-meanwhile' });
    expect(await answered(added, 201)).toMatchObject({ location: { status: 'paused', pausedBy: ['all'] } });
    expect(await answered(await world.api('POST', '/api/resume', { locationId: LOCATION }), 200)).toEqual({
      ...{ status: 'active', locations: 1, allPaused: true },
    });
    expect([await status(), world.woken]).toEqual(['paused', []]);
    expect(await answered(await world.api('GET', '/api/locations'), 200)).toMatchObject({
      allPaused: { by: 'operator', since: expect.any(String) },
    });
    await world.deps.locations.setStatus(LOCATION, 'uninstalled');
    await refused(await world.api('POST', '/api/resume', { locationId: LOCATION }), 'LOCATION_UNINSTALLED');
    await answered(await world.api('POST', '/api/resume', { all: true }), 200);
    expect(await status()).toBe('uninstalled');
    await world.pool.query(`update locations set status = 'active' where location_id = $1`, [LOCATION]);
    await refused(await world.api('POST', '/api/pause', { locationId: 'nobody' }), 'LOCATION_NOT_FOUND');
    for (const body of [{}, { all: false }, { all: true, locationId: LOCATION }]) {
      await refused(await world.api('POST', '/api/pause', body), 'BAD_REQUEST');
    }
  });
});

describe('a body for the API', () => {
  it('that is broken, too large or compressed is refused', async () => {
    const send = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${world.url}/api/score`, {
        method: 'POST',
        headers: { authorization: 'Bearer token-of-the-test-operator', 'content-type': 'application/json', ...headers },
        body,
      });
    await refused(await send('{'), 'BODY_MALFORMED');
    await refused(await send(`{"leads":"${'x'.repeat(1_100_000)}"}`), 'BODY_TOO_LARGE');
    await refused(await send('{}', { 'content-encoding': 'gzip' }), 'CONTENT_TYPE');
    await refused(await send('{}', { 'content-type': 'text/plain' }), 'BAD_REQUEST');
  });
});

describe('the API while the database is away', () => {
  it('answers 503 with Retry-After, says nothing of the inside, and recovers', async () => {
    world.proxy.cut();
    const answer = await world.api('GET', '/api/leads');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const problem = await refused(answer, 'STORE_AWAY');
    expect(JSON.stringify(problem)).not.toMatch(/ECONN|127\.0\.0\.1|postgres:/);
    world.proxy.restore();
    let status = 0;
    while (status !== 200) status = (await world.api('GET', '/api/leads')).status;
  });
});
