import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Route } from '../../api/contract/route.ts';
import { routes } from '../../api/openapi.ts';
import { isAppError } from '../../domain/errors.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import {
  type ApiWorld,
  CONTACT,
  LOCATION,
  marketplaceEvent,
  SECRET,
  SITE_SECRET,
  startApiWorld,
} from '../support/api-world.ts';
import { shapeOf, stateOf } from '../support/location-state.ts';
import { PUSH_TOKEN } from '../support/market-side.ts';
import { replaced, type Sample, samplesOf } from '../support/sample-requests.ts';
import { sampleSequence as sequence } from '../support/sample-sequence.ts';
import { sampleSettings } from '../support/sample-settings.ts';
import { fillLocation } from '../support/wall-rows.ts';

/** What attackers and accidents put where a string is expected. */
const corpus: readonly string[] = [
  `'`,
  `''; drop table leads; --`,
  `' or '1'='1`,
  `" or ""="`,
  `\\'; select pg_sleep(10); --`,
  `' union select access from credentials --`,
  `other' or location_id <> '`,
  `$1`,
  `$$; drop table leads; $$`,
  `*/ drop table leads /*`,
  `E'\\x00'`,
  `%`,
  `_%\\`,
  `{"$ne":null}`,
  `[]`,
  `null`,
  `__proto__`,
  `a\0b`,
  `\uD800`,
  `x\uDFFFy`,
  `ｕｎｉｏｎ＇`,
  `İ\u0301\u202E👩‍👩‍👧`,
  `../../etc/passwd`,
  `1e999`,
  `9`.repeat(400),
  `x`.repeat(4000),
  `% `.repeat(90),
  ``,
];

/** A location that nobody asks about: nothing of it may be shown or changed. */
const OTHER = 'other-location';
const MARKER = 'Ophelia-of-the-other-location';

let world: ApiWorld;
let known: Record<string, unknown>;
let before: Record<string, string>;
let shape: string;

beforeAll(async () => {
  const often = { burst: 1_000_000, perSecond: 1 };
  world = await startApiWorld({ activityLimits: { ofAddress: often, ofSite: often } });
  await fillLocation(world.pool, OTHER);
  await world.pool.query(`insert into market_feeds (location_id, market, provider) values ($1, 'plain', 'reso')`, [
    LOCATION,
  ]);
  await world.pool.query(`update leads set snapshot = $2 where location_id = $1`, [OTHER, { firstName: MARKER }]);
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, snapshot)
      values ($1, $2, now(), now(), now(), '{"firstName": "Dana"}')`,
    [LOCATION, CONTACT],
  );
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at)
      select $1, 'c' || g, now(), now(), now() from generate_series(1, 3) as g on conflict do nothing`,
    [LOCATION],
  );
  const { eventId } = (await (await world.post(marketplaceEvent())).json()) as { eventId: string };
  await world.deps.sequences.publish(sequence);
  await world.inbox.settle(eventId, 'worked', null);
  const replay = await world.deps.inboxTools.begin({ locationId: LOCATION }, 'nobody');
  known = {
    replayId: replay.replayId,
    sendId: randomUUID(),
    draftId: randomUUID(),
    eventId: randomUUID(),
    'origins[]': 'https://www.example.com',
    locationId: LOCATION,
    contactId: CONTACT,
    inboxId: eventId,
    actionId: eventId,
    enrolmentId: eventId,
    act: 'pause',
    answer: 'no',
    key: sequence.key,
    sequence: sequence.key,
    version: 1,
    // Cursors have a test of their own below.
    cursor: undefined,
    field: ['plain=plain'],
    'consentTags[]': 'sms',
    loadId: randomUUID(),
    'numbers[]': '8135550142',
    'areaCodes[]': '813',
    from: '08:00',
    to: '20:00',
    timezone: 'America/New_York',
    workflowSecret: SECRET,
  };
  before = await stateOf(world.pool, OTHER);
  shape = await shapeOf(world.pool);
});
afterAll(() => world.stop());

/** Routes whose body no schema describes, since it is the vendor's or judged by the domain. */
const bodies: Readonly<Record<string, () => object>> = {
  '/webhooks/ghl': () => marketplaceEvent(),
  '/webhooks/ghl/workflow': () => ({ contact_id: CONTACT, nonce: randomUUID(), customData: { note: 'plain' } }),
  '/webhooks/ghl/workflow/{secret}': () => ({ contact_id: CONTACT, nonce: randomUUID(), note: 'plain' }),
  '/webhooks/activity/{secret}': () => posted(),
  '/webhooks/reso/{locationId}/{market}': () => ({
    ...{ EntityEventSequence: 7, ResourceName: 'Property', ResourceRecordKey: 'plain' },
  }),
  '/api/market/{locationId}/{market}/backfill': () => ({ since: '2026-03' }),
  '/api/sequences': () => sequence,
  '/api/sequences/{key}/draft': () => sequence,
  // Choices are judged one by one; the sample has a string wherever one may stand.
  '/api/locations': () => ({
    ...{ locationId: LOCATION, token: 'plain', name: 'plain', timezone: 'America/New_York', companyId: 'plain' },
    ...{
      workflowSecret: SECRET,
      settings: { activationTags: ['plain'], agentVoice: { signature: 'plain', tone: 'warm' } },
    },
  }),
  '/api/locations/{locationId}/consent/texts': () => ({
    ...{ version: 'plain', words: 'plain', channels: ['sms'], written: false, seller: 'plain', usedFrom: '2026-03-02' },
  }),
  '/api/locations/{locationId}/settings': () => ({ changes: sampleSettings }),
  '/api/locations/{locationId}/sending/resume': () => ({ channel: 'sms' }),
};

/** A post of a page: every string of it, consented to and not. */
const posted = () => ({
  ...{ consent: true, visitor: 'plain', contactId: CONTACT, email: 'ann@example.com', phone: '+18135550142' },
  events: [
    {
      id: randomUUID(),
      kind: 'search.run',
      at: new Date().toISOString(),
      detail: { words: 'plain', cities: ['plain'] },
    },
    { id: randomUUID(), kind: 'plain', consent: false, detail: { listing: 'plain', path: '/plain' } },
  ],
});

function samples(route: Route): Sample[] {
  // Of a range of events these are instants, of hours of the day they are not.
  const span = { from: '2026-03-02T15:00:00.000Z', to: '2026-03-02T16:00:00.000Z' };
  const versions = { from: 1, to: 1 };
  const here = route.path.startsWith('/api/webhooks') ? span : route.path.startsWith('/api/sequences') ? versions : {};
  const made = samplesOf(route, { ...known, ...here });
  const body = route.method !== 'get' ? bodies[route.path] : undefined;
  const params = route.path.includes('{secret}') ? { secret: secretOf(route) } : undefined;
  // What is asked of all locations changes all of them.
  const ofOne = made.filter((sample) => !JSON.stringify(sample.body ?? '').includes('"all":true'));
  // One body stands for all choices between shapes.
  return ofOne.slice(0, body === undefined ? ofOne.length : 1).map((sample) => ({
    ...sample,
    ...(body === undefined ? {} : { body: body() }),
    ...(params === undefined ? {} : { params }),
  }));
}

const secretOf = (route: Route): string => (route.path.includes('activity') ? SITE_SECRET : SECRET);

/** As a caller without manners would write it: halves of surrogate pairs as bytes that are no UTF-8. */
const encoded = (text: string): string =>
  [...text].map((one) => (/\p{Surrogate}/u.test(one) ? '%ED%A0%80' : encodeURIComponent(one))).join('');

async function send(route: Route, { params, query, body }: Sample): Promise<Response> {
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => encoded(String(params[name])));
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => `${encoded(name)}=${encoded(String(one))}`),
  );
  const bytes = body === undefined ? undefined : JSON.stringify(body);
  return fetch(`${world.url}${path}?${given.join('&')}`, {
    method: route.method.toUpperCase(),
    headers: {
      authorization: `Bearer ${route.path.startsWith('/webhooks/reso') ? PUSH_TOKEN : 'token-of-the-test-operator'}`,
      'content-type': 'application/json',
      ...(route.auth === 'signature' ? { 'x-ghl-signature': world.sign(bytes ?? '') } : {}),
      ...(route.auth === 'secret' ? { 'x-webhook-secret': SECRET } : {}),
    },
    ...(bytes === undefined ? {} : { body: bytes }),
  });
}

/** Refused in our own words or answered, never failed; 429 at the door would be a failure that asks to come again. */
async function harmless(answer: Response, what: unknown): Promise<void> {
  const text = await answer.text();
  const { status } = answer;
  const code = status < 400 ? null : (JSON.parse(text) as { code?: unknown }).code;
  const shown = text.includes(MARKER);
  expect({ what, status, code, fine: status < 429, shown }).toEqual({
    what,
    status,
    code: status < 400 ? null : expect.any(String),
    fine: true,
    shown: false,
  });
}

const taking = routes.filter((route) => route.auth !== 'none');

describe('hostile strings', () => {
  it.each(taking.map((route) => ({ name: `${route.method} ${route.path}`, route })))(
    'are refused or taken as they are by every string of $name',
    async ({ name, route }) => {
      for (const sample of samples(route)) {
        // The sample itself is understood, else its copies would all be refused for another reason.
        const plain = (await (await send(route, sample)).json()) as { code?: string };
        expect({ name, sample, code: plain.code ?? 'none' }).not.toMatchObject({
          code: expect.stringMatching(/^(BAD_|BODY_|NOT_FOUND|INTERNAL)/),
        });
        for (const text of corpus) {
          const { params, query, body } = sample;
          const copies = [
            ...replaced(params, text)
              .filter(({ place }) => !place.endsWith('(name)'))
              .map((one) => ({ ...one, part: 'params' })),
            ...replaced(query, text).map((one) => ({ ...one, part: 'query' })),
            ...replaced(body, text).map((one) => ({ ...one, part: 'body' })),
          ];
          await Promise.all(
            copies.map(async ({ place, part, value }) => {
              const what = { name, place: part + place, text: text.slice(0, 40) };
              await harmless(await send(route, { params, query, body, [part]: value }), what);
            }),
          );
        }
      }
      expect(await stateOf(world.pool, OTHER)).toEqual(before);
      expect(await shapeOf(world.pool)).toBe(shape);
    },
  );

  it('forged into a cursor of the right query find nothing of another location', async () => {
    for (const path of [
      `/api/leads?locationId=${LOCATION}`,
      `/api/leads?locationId=${LOCATION}&sort=score`,
      `/api/leads?locationId=${LOCATION}&q=c`,
      `/api/webhooks?locationId=${LOCATION}`,
      `/api/leads/${LOCATION}/${CONTACT}/timeline?`,
    ]) {
      const page = (await (await world.api('GET', `${path}&limit=1`)).json()) as { nextCursor: string | null };
      const parts =
        page.nextCursor === null ? [] : (JSON.parse(Buffer.from(page.nextCursor, 'base64url').toString()) as unknown[]);
      for (const text of corpus) {
        const forged = [text, ...parts.map((_part, at) => JSON.stringify(parts.with(at, text)))];
        for (const word of forged) {
          const cursor = Buffer.from(word).toString('base64url') || 'x';
          await harmless(await world.api('GET', `${path}&cursor=${cursor}`), { path, word });
          await harmless(await world.api('GET', `${path}&cursor=${encoded(text)}`), { path, text });
        }
      }
    }
    expect(await stateOf(world.pool, OTHER)).toEqual(before);
  });
});

describe('a query of the wrong shape', () => {
  const code = async (query: string): Promise<unknown> => {
    const answer = await world.api('GET', `/api/leads?locationId=${LOCATION}&${query}`);
    return { status: answer.status, code: ((await answer.json()) as { code?: unknown }).code };
  };

  it.each([
    'sort=name',
    'sort=',
    'sort=score&sort=score',
    'tier=5',
    'limit=0',
    'limit=201',
    'limit=1.5',
    'limit=many',
    'stage=new&stage=gone',
    'q=a&q=b',
    'tag=',
    'field=side',
    'field=%3Dsell',
    `field=side%3D${'x'.repeat(400)}`,
    Array.from({ length: 11 }, (_none, at) => `tag=t${at}`).join('&'),
    Array.from({ length: 6 }, (_none, at) => `field=f${at}%3Dv`).join('&'),
  ])('is refused by its own code: %s', async (query) => {
    expect(await code(query)).toEqual({ status: 400, code: 'BAD_QUERY' });
  });

  it('is refused, too, when its cursor is of another query or none', async () => {
    const first = await world.api('GET', `/api/leads?locationId=${LOCATION}&limit=1`);
    const { nextCursor } = (await first.json()) as { nextCursor: string };
    expect(await code(`cursor=${nextCursor}`)).toEqual({ status: 200, code: undefined });
    const others = ['sort=score', 'stage=new', 'tier=hot', 'q=dana', 'tag=vip', 'field=side%3Dsell'];
    for (const path of [`locationId=${OTHER}`, ...others.map((other) => `locationId=${LOCATION}&${other}`)]) {
      const answer = await world.api('GET', `/api/leads?${path}&cursor=${nextCursor}`);
      expect([path, await answer.json()]).toMatchObject([path, { status: 400, code: 'BAD_CURSOR' }]);
    }
    expect(await code('cursor=nonsense')).toEqual({ status: 400, code: 'BAD_CURSOR' });
  });
});

describe('hostile strings past the routes', () => {
  /** Every function of a store that a route calls, with the string in each of its places. */
  const calls: Readonly<Record<string, (text: string) => Promise<unknown>[]>> = {
    'leads.list': (text) =>
      [
        { locationId: text },
        { stage: text },
        { tier: text as 'hot' },
        { q: text },
        { tags: [text] },
        { fields: [{ id: text, value: text }] },
        { sort: text as 'score' },
        { cursor: text },
      ].map((filter) => world.deps.leads.list({ locationId: LOCATION, limit: 5, ...filter })),
    'leads by ref': (text) =>
      [
        { locationId: LOCATION, contactId: text },
        { locationId: text, contactId: CONTACT },
      ].flatMap((ref) => [
        world.deps.leads.load(ref),
        world.deps.leads.next(ref),
        world.deps.leads.consent(ref),
        world.deps.leads.timeline(ref, 5),
        world.deps.leads.shown(ref),
        world.deps.leads.conversation(ref, 5),
        world.deps.listings.matched(ref, 5),
        world.deps.scores.given(ref, '2026-03-02T15:00:00.000Z'),
        world.deps.leads.scoreFacts(ref, '2026-03-02T15:00:00.000Z'),
        world.deps.outbox.parked(ref),
      ]),
    'leads.timeline': (text) => [world.deps.leads.timeline({ locationId: LOCATION, contactId: CONTACT }, 5, text)],
    'scores.given': (text) => [world.deps.scores.given({ locationId: LOCATION, contactId: CONTACT }, text)],
    'leads.scoreFacts': (text) => [world.deps.leads.scoreFacts({ locationId: LOCATION, contactId: CONTACT }, text)],
    inbox: (text) => [
      world.inbox.load(text),
      world.inbox.reopen(text),
      world.inbox.list({ locationId: text, limit: 5 }),
      world.inbox.list({ locationId: LOCATION, type: text, limit: 5 }),
      world.inbox.list({ locationId: LOCATION, verdict: text as 'worked', limit: 5 }),
      world.inbox.list({ locationId: LOCATION, cursor: text, limit: 5 }),
    ],
    suppressions: (text) => [
      world.deps.suppressions.ofLead({ locationId: LOCATION, contactId: text }),
      world.deps.suppressions.ofLead({ locationId: text, contactId: CONTACT }),
      world.deps.suppressions.holding(LOCATION, text, 'email'),
      world.deps.suppressions.bearers(text, text),
    ],
    sequences: (text) => [world.deps.sequences.get(text)],
    settings: (text) => [
      world.deps.settings.get(text),
      world.deps.settings.history(text, { limit: 5 }),
      world.deps.settings.history(LOCATION, { limit: 5, cursor: text }),
      world.deps.settings.change(text, { changes: {}, by: text }, () => undefined),
      world.deps.settings.change(LOCATION, { changes: { holidays: [text] }, by: text }, () => undefined),
    ],
    assignments: (text) => [
      world.deps.assignments.get({ locationId: LOCATION, contactId: text }),
      world.deps.assignments.claim({ locationId: LOCATION, contactId: text }, text, (row) => row),
    ],
    locations: (text) => [
      world.deps.locations.get(text),
      world.deps.locations.byWorkflowSecretHash(text),
      world.credentials.newest({ kind: 'location', id: text }),
      world.deps.locations.setStatus(text, 'active'),
      world.deps.locations.add({
        locationId: `of-${corpus.indexOf(text)}`,
        companyId: text,
        name: text,
        timezone: text,
        token: text,
        settings: defaultSettings,
        workflowSecretHash: randomUUID(),
      }),
    ],
  };

  it.each(Object.keys(calls))('find nothing of another location and change nothing of it: %s', async (name) => {
    for (const text of corpus) {
      for (const call of calls[name]!(text)) {
        const answer = await call.catch((error: unknown) => {
          expect({ name, text, ours: isAppError(error) && error.code }).toMatchObject({
            ours: expect.stringMatching(/^(BAD_|.*_UNKNOWN$|.*_NOT_FOUND$|CLAIM_)/),
          });
          return null;
        });
        expect(JSON.stringify(answer) ?? '').not.toContain(MARKER);
      }
    }
    expect(await stateOf(world.pool, OTHER)).toEqual(before);
    expect(await shapeOf(world.pool)).toBe(shape);
  });
});
