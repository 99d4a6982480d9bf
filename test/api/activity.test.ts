import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiWorld, CONTACT, LOCATION, SITE_SECRET, startApiWorld } from '../support/api-world.ts';

const BURST = 40;
let world: ApiWorld;
let at: number;

beforeAll(async () => {
  world = await startApiWorld({
    activityLimits: { ofAddress: { burst: 10_000, perSecond: 1 }, ofSite: { burst: 10_000, perSecond: 1 } },
  });
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, email_hash)
      values ($1, $2, now(), now(), now(), $3)`,
    [LOCATION, CONTACT, world.deps.hashPerson('ann@example.com')],
  );
});
afterAll(() => world.stop());
beforeEach(async () => {
  at = Date.now();
  await world.pool.query('truncate analytics_events, activity_counts, activity_visitors, activity_hints');
});

const url = (secret = SITE_SECRET): string => `${world.url}/webhooks/activity/${secret}`;

function post(body: unknown, headers: Record<string, string> = {}, to = url()): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(to, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text });
}

const view = (over: object = {}) => ({
  id: randomUUID(),
  kind: 'property.view',
  at: new Date(at).toISOString(),
  ...over,
});
const posted = (...events: unknown[]) => ({ consent: true, contactId: CONTACT, events });

async function refused(answer: Response, status: number, code: string): Promise<void> {
  expect(await answer.json()).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  const { rows } = await world.pool.query('select from analytics_events union all select from activity_counts');
  expect(rows).toEqual([]);
}

const ofLead = async (
  query = '',
): Promise<{ kind: string; detail: object; late: boolean; eventId: string; outcome: unknown }[]> =>
  ((await (await world.api('GET', `/api/leads/${LOCATION}/${CONTACT}/activity${query}`)).json()) as { items: [] })
    .items;

describe('a post of behaviour', () => {
  it('is answered 202 once it is stored, and read with the lead', async () => {
    const answer = await post(
      posted(view({ detail: { listing: 'A1', seconds: 12 } }), view({ kind: 'property.save' })),
    );
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ status: 'accepted', stored: 2, duplicates: 0, counted: 0, refused: [] });
    expect((await ofLead()).map(({ kind, detail }) => ({ kind, detail }))).toEqual(
      expect.arrayContaining([
        { kind: 'property.view', detail: { listing: 'A1', seconds: 12 } },
        { kind: 'property.save', detail: {} },
      ]),
    );
  });

  it('may come as a beacon, which calls itself text/plain', async () => {
    const beacon = await post(posted(view()), { 'content-type': 'text/plain;charset=UTF-8' });
    expect(beacon.status).toBe(202);
    expect(await ofLead()).toHaveLength(1);
  });

  it('tells the same event once, one after the other and at the same time', async () => {
    const one = posted(view({ id: 'once' }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(one)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect(await (await post(one)).json()).toMatchObject({ stored: 0, duplicates: 1 });
    expect(await ofLead()).toHaveLength(1);
  });

  it('of an unknown kind is stored and counted', async () => {
    expect((await post(posted(view({ kind: 'property.print' })))).status).toBe(202);
    expect(await ofLead()).toMatchObject([{ kind: 'unknown', detail: { kind: 'property.print' } }]);
    expect(await (await fetch(`${world.url}/metrics`)).text()).toMatch(
      /leadwright_activity_events_total\{kind="unknown",outcome="stored"\} 1/,
    );
  });

  it('without consent leaves nothing but numbers, in the database, the log and the metrics', async () => {
    const events = [view({ detail: { listing: 'SECRET1' } }), view()];
    const answer = await post({ visitor: 'visitor-7', email: 'quiet@example.com', phone: '+18135550177', events });
    expect(await answer.json()).toMatchObject({ stored: 0, counted: 2 });
    const { rows } = await world.pool.query('select kind, events from activity_counts');
    expect(rows).toEqual([{ kind: 'property.view', events: 2 }]);
    const state = await world.pool
      .query(`select (select count(*) from analytics_events) + (select count(*) from activity_visitors)
      + (select count(*) from activity_hints) as n`);
    expect(state.rows).toEqual([{ n: 0 }]);
    const seen = world.logged() + (await (await fetch(`${world.url}/metrics`)).text());
    expect(seen).not.toMatch(/visitor-7|quiet@example|8135550177|SECRET1/);
  });

  it('finds its lead by the hash of an address, which is kept nowhere in clear', async () => {
    await post({
      consent: true,
      visitor: 'v9',
      events: [view({ kind: 'search.run', detail: { words: 'by the sea' } })],
    });
    expect(await ofLead()).toEqual([]);
    await post({ consent: true, visitor: 'v9', email: 'Ann@example.com', events: [view({ kind: 'form.submitted' })] });
    expect((await ofLead()).map(({ kind }) => kind).toSorted()).toEqual(['form.submitted', 'search.run']);
    const { rows } = await world.pool.query<{ row: string }>(`select t::text as row from analytics_events t
      union all select t::text from activity_visitors t union all select t::text from activity_hints t`);
    expect(JSON.stringify(rows)).not.toMatch(/ann@example|v9/i);
    expect(world.logged()).not.toContain('ann@example');
  });

  it('keeps what is old and says so, and what it can of what it cannot keep whole', async () => {
    const hour = new Date(at - 3_600_000).toISOString();
    const ahead = new Date(at + 400_000).toISOString();
    const answer = await post(posted(view({ at: hour }), view({ at: ahead }), 'no event'));
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({
      stored: 1,
      refused: [
        { index: 1, why: 'future' },
        { index: 2, why: 'malformed' },
      ],
    });
    expect(await ofLead()).toMatchObject([{ late: true }]);
  });
});

describe('what is no such post', () => {
  it.each([
    [
      'all of it in the future',
      () => posted(view({ at: new Date(at + 400_000).toISOString() })),
      400,
      'EVENT_FROM_FUTURE',
    ],
    ['none of it an event', () => posted({ nothing: 1 }), 400, 'ACTIVITY_MALFORMED'],
    ['no list', () => ({ consent: true }), 400, 'ACTIVITY_MALFORMED'],
    ['101 events', () => posted(...Array.from({ length: 101 }, () => view())), 400, 'ACTIVITY_MALFORMED'],
    ['no JSON', () => '{"consent":', 400, 'BODY_MALFORMED'],
    ['a list', () => [view()], 400, 'BODY_MALFORMED'],
    ['too large', () => posted(view({ detail: { words: 'x'.repeat(66_000) } })), 413, 'BODY_TOO_LARGE'],
  ])('is refused: %s', async (_what, body, status, code) => refused(await post(body()), status, code));

  it('is refused in another form', async () => {
    await refused(await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'CONTENT_TYPE');
  });

  it('takes a hundred events in sixty-four KiB', async () => {
    const answer = await post(posted(...Array.from({ length: 100 }, () => view())));
    expect(await answer.json()).toMatchObject({ stored: 100 });
  });
});

describe('the secret', () => {
  it('that is wrong is answered 404 and alike, whatever else is wrong', async () => {
    const answers = await Promise.all([
      post(posted(view()), {}, url('wrong')),
      post('{"no json', {}, url(`${SITE_SECRET}x`)),
      post(posted(view()), { 'content-type': 'text/html' }, url(SITE_SECRET.slice(0, -1))),
      post(posted(view()), { origin: 'https://other.example.com' }, url('wrong')),
    ]);
    const bodies = await Promise.all(
      answers.map(async (answer) => ({ ...((await answer.json()) as object), requestId: '' })),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(bodies[0]).toMatchObject({ code: 'ACTIVITY_SECRET' });
    expect(answers.some((answer) => answer.headers.has('access-control-allow-origin'))).toBe(false);
    expect((await fetch(url('wrong'), { method: 'OPTIONS' })).status).toBe(404);
  });

  it('opens nothing else, and no other secret opens this', async () => {
    const answer = await post({ contact_id: CONTACT }, {}, `${world.url}/webhooks/ghl/workflow/${SITE_SECRET}`);
    expect(answer.status).toBe(404);
    expect((await post(posted(view()), {}, url('workflow-secret-of-the-location'))).status).toBe(404);
    const asToken = await fetch(`${world.url}/api/leads`, { headers: { authorization: `Bearer ${SITE_SECRET}` } });
    expect(asToken.status).toBe(401);
  });

  it('is made once, shown once, kept as a hash alone, and rotated at once', async () => {
    const path = `/api/locations/${LOCATION}/activity`;
    const first = (await (await world.api('POST', path, { newSecret: true })).json()) as {
      secret: string;
      path: string;
    };
    expect(first).toMatchObject({ secretKept: false, path: `/webhooks/activity/${first.secret}` });
    expect((await post(posted(view()), {}, world.url + first.path)).status).toBe(202);
    expect((await post(posted(view()))).status).toBe(404);
    const shown = (await (await world.api('GET', path)).json()) as object;
    expect(shown).toEqual({ site: { origins: [], madeAt: expect.any(String) } });
    const kept = (await (await world.api('POST', path, { origins: ['https://www.example.com'] })).json()) as object;
    expect(kept).toEqual({
      site: { origins: ['https://www.example.com'], madeAt: expect.any(String) },
      secretKept: true,
    });
    const { rows } = await world.pool.query<{ row: string }>('select t::text as row from activity_sites t');
    expect(JSON.stringify(rows)).not.toContain(first.secret);
    expect(world.logged()).not.toContain(first.secret);
    await world.deps.activity.setSite(LOCATION, {
      secretHash: (await import('../../platform/secrets.ts')).sha256(SITE_SECRET),
      keepSecret: false,
      origins: [],
    });
  });

  it('of a location that has gone is nobody’s', async () => {
    await world.deps.locations.setStatus(LOCATION, 'uninstalled');
    world.deps.lookup.forget();
    expect((await post(posted(view()))).status).toBe(404);
    await world.pool.query(`update locations set status = 'active' where location_id = $1`, [LOCATION]);
    world.deps.lookup.forget();
    expect((await post(posted(view()))).status).toBe(202);
  });

  it('needs an installed location to be made', async () => {
    expect((await world.api('POST', '/api/locations/nobody/activity', {})).status).toBe(404);
    expect((await world.api('GET', '/api/locations/nobody/activity')).status).toBe(404);
  });
});

describe('a page of another origin', () => {
  it('asks first and is let in, its answer readable, a refusal too', async () => {
    const origin = 'https://www.example.com';
    const asked = await fetch(url(), {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
      vary: 'Origin',
    });
    expect(asked.headers.has('access-control-allow-credentials')).toBe(false);
    for (const body of [posted(view()), '{"no json']) {
      expect((await post(body, { origin })).headers.get('access-control-allow-origin')).toBe(origin);
    }
  });

  it('is refused where the location lists others', async () => {
    const path = `/api/locations/${LOCATION}/activity`;
    await world.api('POST', path, { origins: ['https://www.example.com'] });
    expect((await post(posted(view()), { origin: 'https://www.example.com' })).status).toBe(202);
    expect(await (await post(posted(view()), { origin: 'https://evil.example.com' })).json()).toMatchObject({
      status: 403,
      code: 'ACTIVITY_ORIGIN',
    });
    expect((await world.api('POST', path, { origins: ['not an origin'] })).status).toBe(400);
    await world.api('POST', path, { origins: [] });
    expect((await post(posted(view()), { origin: 'https://evil.example.com' })).status).toBe(202);
  });
});

describe('an outcome', () => {
  it('is written once, and read with its event', async () => {
    await post(posted(view()));
    const [event] = await ofLead();
    const path = `/api/leads/${LOCATION}/${CONTACT}/activity/${event!.eventId}/outcome`;
    const outcome = { label: 'toured', value: 2, at: '2026-03-02T15:00:00.000Z' };
    expect(await (await world.api('POST', path, outcome)).json()).toEqual(outcome);
    expect((await world.api('POST', path, outcome)).status).toBe(200);
    expect(await (await world.api('POST', path, { ...outcome, value: 3 })).json()).toMatchObject({
      code: 'OUTCOME_SET',
    });
    expect(await ofLead()).toMatchObject([{ outcome }]);
    const none = path.replace(event!.eventId, randomUUID());
    expect(await (await world.api('POST', none, outcome)).json()).toMatchObject({ code: 'ACTIVITY_UNKNOWN' });
  });
});

describe('while the database is away', () => {
  it('the page is asked to come again, and nothing was taken', async () => {
    world.proxy.cut();
    const answer = await post(posted(view()));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ code: 'CANNOT_STORE' });
    world.proxy.restore();
    expect(await ofLead()).toEqual([]);
  });
});

describe('too many posts', () => {
  it('are told to wait, by address and by site, before anything is stored; others go on', async () => {
    const limited = await startApiWorld({
      activityLimits: { ofAddress: { burst: BURST, perSecond: 0.01 }, ofSite: { burst: 10, perSecond: 0.01 } },
    });
    try {
      const to = `${limited.url}/webhooks/activity/`;
      const send = (secret: string) => post(posted(view()), {}, to + secret);
      const statuses: number[] = [];
      for (let n = 0; n < 15; n += 1) statuses.push((await send(SITE_SECRET)).status);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 202), ...Array.from({ length: 5 }, () => 429)]);
      const guesses: number[] = [];
      for (let n = 0; n < BURST; n += 1) guesses.push((await send('wrong')).status);
      expect(guesses.filter((status) => status === 404)).toHaveLength(BURST - 15);
      const late = await send('wrong');
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await late.json()).toMatchObject({ code: 'ACTIVITY_RATE' });
      const { rows } = await limited.pool.query<{ n: number }>('select count(*)::int as n from analytics_events');
      expect(rows).toEqual([{ n: 10 }]);
      expect((await limited.api('GET', `/api/locations/${LOCATION}/activity`)).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});
