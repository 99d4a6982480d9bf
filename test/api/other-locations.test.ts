import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routes } from '../../api/openapi.ts';
import { errors, type ErrorCode } from '../../domain/errors.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { sha256 } from '../../platform/secrets.ts';
import { type ApiWorld, CONTACT, LOCATION, marketplaceEvent, SECRET, startApiWorld } from '../support/api-world.ts';
import { stateOf } from '../support/location-state.ts';
import { sampleSequence as sequence } from '../support/sample-sequence.ts';
import { fillLocation } from '../support/wall-rows.ts';

/** The other location, and its lead: `fillLocation` names its rows so. */
const OTHER = 'other-location';
const THEIRS = `of-${OTHER}`;
const NAME = 'Ophelia';
const UNINSTALLED = 'gone-location';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
  await fillLocation(world.pool, OTHER);
  await world.pool.query('delete from lead_search');
  await world.pool.query(`update leads set snapshot = $2 where location_id = $1`, [
    OTHER,
    { firstName: NAME, tags: ['Theirs'], customFields: { side: 'sell' } },
  ]);
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, snapshot)
      values ($1, $2, now(), now(), now(), '{"firstName": "Dana"}')`,
    [LOCATION, CONTACT],
  );
  await world.deps.locations.add({
    locationId: UNINSTALLED,
    companyId: null,
    name: 'Gone',
    timezone: null,
    token: 'pit-gone',
    settings: defaultSettings,
    workflowSecretHash: sha256(randomUUID()),
  });
  await world.deps.locations.setStatus(UNINSTALLED, 'uninstalled');
});
afterAll(() => world.stop());

const get = (path: string): Promise<Response> => world.api('GET', path);
const post = (path: string, body?: unknown): Promise<Response> => world.api('POST', path, body);
/** Their lead, asked for under our location. */
const lead = `/api/leads/${LOCATION}/${THEIRS}`;
const unknown: Row = { asks: (path) => post(path, {}), answers: 'LEAD_UNKNOWN' };

interface Row {
  /** Names something of the other location under ours. */
  readonly asks: (path: string) => Promise<Response>;
  /** The error, or the whole body. */
  readonly answers: ErrorCode | Record<string, unknown>;
}

const nothing = { items: [], nextCursor: null };
const always = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };
/** Their send, asked for under our location. */
const theirSend = `/api/sends/${LOCATION}/${THEIRS}`;

/** Their draft, asked for under our location. */
const ourDrafts = `/api/assistant/drafts/${LOCATION}`;

/** Their market, asked for under our location. */
const ourMarket = async (): Promise<string> => `/api/market/${LOCATION}/${await idOf('market', 'market_feeds')}`;

/** Of the other location's row. */
async function idOf(column: string, table: string): Promise<string> {
  const { rows } = await world.pool.query<{ id: string }>(
    `select ${column} as id from ${table} where location_id = $1`,
    [OTHER],
  );
  return rows[0]!.id;
}

/** What every route answers; a route that takes no id of a location says why. A new route joins here. */
const table: Readonly<Record<string, Row | readonly Row[] | string>> = {
  'post /webhooks/ghl': {
    asks: (path) => signed(path, marketplaceEvent({ locationId: 'nobody', id: THEIRS })),
    answers: 'LOCATION_UNKNOWN',
  },
  'post /webhooks/ghl/workflow/{secret}': {
    asks: () => fetchWorkflow(`/${SECRET}`, {}, { locationId: OTHER, contact_id: THEIRS }),
    answers: 'LOCATION_UNKNOWN',
  },
  'post /webhooks/ghl/workflow': {
    asks: () => fetchWorkflow('', { 'x-webhook-secret': SECRET }, { locationId: OTHER, contact_id: THEIRS }),
    answers: 'LOCATION_UNKNOWN',
  },
  'post /webhooks/reso/{locationId}/{market}':
    'its token is of the deployment, not of a location: who has it pushes for every feed of the vendor',
  'get /api/market': { asks: (path) => get(`${path}?locationId=${LOCATION}`), answers: { items: [] } },
  'get /api/market/dead-letters': { asks: (path) => get(`${path}?locationId=${LOCATION}&show=all`), answers: nothing },
  'get /api/market/drift': { asks: (path) => get(`${path}?locationId=${LOCATION}&show=all`), answers: nothing },
  'post /api/market/{locationId}/{market}/drift/{driftId}/acknowledge': {
    asks: async () => post(`${await ourMarket()}/drift/${await idOf('drift_id', 'market_drift')}/acknowledge`),
    answers: 'DRIFT_UNKNOWN',
  },
  'get /api/market/listings/{locationId}/{listingKey}': {
    asks: async () => get(`/api/market/listings/${LOCATION}/${await idOf('listing_key', 'listings')}`),
    answers: 'LISTING_UNKNOWN',
  },
  'get /api/market/alerts': [
    { asks: (path) => get(`${path}?locationId=${LOCATION}&contactId=${THEIRS}`), answers: nothing },
    {
      asks: async (path) =>
        get(`${path}?locationId=${LOCATION}&listingKey=${await idOf('listing_key', 'market_alerts')}`),
      answers: nothing,
    },
  ],
  'post /api/market/{locationId}/{market}/backfill': {
    asks: async () => post(`${await ourMarket()}/backfill`, { since: '2026-01' }),
    answers: 'FEED_UNKNOWN',
  },
  'post /api/market/{locationId}/{market}/reconcile': {
    asks: async () => post(`${await ourMarket()}/reconcile`),
    answers: 'FEED_UNKNOWN',
  },
  'post /api/market/{locationId}/{market}/gone': {
    asks: async () => post(`${await ourMarket()}/gone`, { resource: 'Property', records: 100 }),
    answers: 'FEED_UNKNOWN',
  },
  'get /api/market/figures': 'figures of public files are of no location',
  'get /api/market/files': 'figures of public files are of no location',
  'get /api/assistant/cost': {
    asks: (path) => get(`${path}?locationId=${LOCATION}&days=400`),
    answers: {
      ...{ locationId: LOCATION, days: 400, rows: [] },
      total: {
        ...{ attempts: 0, answered: 0, open: 0, settled: 0, billed: 0, maybe: 0, counterfactual: 0, saving: null },
        ...{ replies: 0, perThousandReplies: null, misses: {} },
        hits: { global: null, location: null, conversation: null },
      },
    },
  },
  'get /api/webhooks': { asks: (path) => get(`${path}?locationId=${LOCATION}`), answers: nothing },
  'get /api/webhooks/{inboxId}': {
    asks: () => get(`/api/webhooks/${randomUUID()}`),
    answers: 'EVENT_UNKNOWN',
  },
  'post /api/webhooks/{inboxId}/replay': {
    asks: () => post(`/api/webhooks/${randomUUID()}/replay`, { apply: true }),
    answers: 'EVENT_UNKNOWN',
  },
  'get /api/webhooks/parked': { asks: (path) => get(`${path}?locationId=${LOCATION}`), answers: nothing },
  'get /api/webhooks/{inboxId}/diff': {
    asks: () => get(`/api/webhooks/${randomUUID()}/diff`),
    answers: 'EVENT_UNKNOWN',
  },
  'post /api/webhooks/{inboxId}/ignore': {
    asks: () => post(`/api/webhooks/${randomUUID()}/ignore`, { reason: 'none' }),
    answers: 'EVENT_UNKNOWN',
  },
  'get /api/webhooks/replays/preview': {
    asks: (path) => get(`${path}?locationId=${LOCATION}&${new URLSearchParams(always).toString()}`),
    answers: { events: 0, ...nothing },
  },
  'post /api/webhooks/replays': {
    asks: (path) => post(path, { locationId: LOCATION, ...always }),
    answers: 'REPLAY_EMPTY',
  },
  'get /api/webhooks/replays/{replayId}': {
    asks: () => get(`/api/webhooks/replays/${randomUUID()}`),
    answers: 'REPLAY_UNKNOWN',
  },
  'post /api/webhooks/replays/{replayId}/continue': {
    asks: () => post(`/api/webhooks/replays/${randomUUID()}/continue`),
    answers: 'REPLAY_UNKNOWN',
  },
  'post /webhooks/activity/{secret}': {
    asks: () => post(`/webhooks/activity/${THEIRS}`, { kind: 'page.view' }),
    answers: 'ACTIVITY_SECRET',
  },
  'get /api/locations/{locationId}/activity': {
    asks: () => get('/api/locations/nobody/activity'),
    answers: 'LOCATION_NOT_FOUND',
  },
  'post /api/locations/{locationId}/activity': {
    asks: () => post('/api/locations/nobody/activity', {}),
    answers: 'LOCATION_NOT_FOUND',
  },
  'get /api/leads/{locationId}/{contactId}/suppressions': {
    asks: () => get(`${lead}/suppressions`),
    answers: 'LEAD_UNKNOWN',
  },
  'get /u/{token}': 'a token says itself whose it is, and nobody else can make one: test/api/unsubscribe.test.ts',
  'post /u/{token}': 'the same',
  'get /api/leads/{locationId}/{contactId}/activity': { asks: () => get(`${lead}/activity`), answers: 'LEAD_UNKNOWN' },
  'post /api/leads/{locationId}/{contactId}/activity/{eventId}/outcome': {
    asks: async () => {
      const outcome = { label: 'toured', at: '2026-03-02T15:00:00Z' };
      return post(`${lead}/activity/${await idOf('event_id', 'analytics_events')}/outcome`, outcome);
    },
    answers: 'ACTIVITY_UNKNOWN',
  },
  'get /api/assistant/drafts': { asks: (path) => get(`${path}?locationId=${LOCATION}`), answers: nothing },
  'post /api/assistant/drafts/{locationId}/{draftId}/approve': {
    asks: async () => post(`${ourDrafts}/${await idOf('draft_id', 'reply_drafts')}/approve`, { text: 'Hello' }),
    answers: 'DRAFT_UNKNOWN',
  },
  'post /api/assistant/drafts/{locationId}/{draftId}/reject': {
    asks: async () => post(`${ourDrafts}/${await idOf('draft_id', 'reply_drafts')}/reject`),
    answers: 'DRAFT_UNKNOWN',
  },
  'post /api/assistant/ask/{locationId}/{contactId}': {
    asks: () => post(`/api/assistant/ask/${LOCATION}/${THEIRS}`, { text: 'Hello' }),
    answers: 'LEAD_UNKNOWN',
  },
  'get /api/sends': { asks: (path) => get(`${path}?locationId=${LOCATION}`), answers: nothing },
  'post /api/sends/{locationId}/{contactId}/{sendId}/sent': {
    asks: async () => post(`${theirSend}/${await idOf('send_id', 'outbox')}/sent`, { vendorId: 'msg' }),
    answers: 'SEND_UNKNOWN',
  },
  'post /api/sends/{locationId}/{contactId}/{sendId}/not-sent': {
    asks: async () => post(`${theirSend}/${await idOf('send_id', 'outbox')}/not-sent`, {}),
    answers: 'SEND_UNKNOWN',
  },
  'get /api/leads': [
    { asks: (path) => get(`${path}?locationId=${LOCATION}&q=${NAME}`), answers: nothing },
    { asks: (path) => get(`${path}?locationId=${LOCATION}&tag=theirs`), answers: nothing },
    { asks: (path) => get(`${path}?locationId=${LOCATION}&field=side%3Dsell`), answers: nothing },
    {
      asks: async (path) => {
        await another(OTHER);
        const page = (await (await get(`${path}?locationId=${OTHER}&limit=1`)).json()) as { nextCursor: string };
        return get(`${path}?locationId=${LOCATION}&limit=1&cursor=${page.nextCursor}`);
      },
      answers: 'BAD_CURSOR',
    },
  ],
  'get /api/leads/{locationId}/{contactId}': { asks: () => get(lead), answers: 'LEAD_UNKNOWN' },
  'get /api/leads/{locationId}/{contactId}/timeline': {
    asks: () => get(`${lead}/timeline`),
    answers: 'LEAD_UNKNOWN',
  },
  'get /api/leads/{locationId}/{contactId}/conversation': {
    asks: () => get(`${lead}/conversation`),
    answers: 'LEAD_UNKNOWN',
  },
  'get /api/leads/{locationId}/{contactId}/matches': { asks: () => get(`${lead}/matches`), answers: 'LEAD_UNKNOWN' },
  'get /api/leads/{locationId}/{contactId}/actions': { asks: () => get(`${lead}/actions`), answers: 'LEAD_UNKNOWN' },
  'post /api/leads/{locationId}/{contactId}/undo': {
    asks: (path) => post(path, { actionId: randomUUID() }),
    answers: 'LEAD_UNKNOWN',
  },
  'post /api/leads/{locationId}/{contactId}/pause': unknown,
  'post /api/leads/{locationId}/{contactId}/resume': unknown,
  'post /api/leads/{locationId}/{contactId}/stop': unknown,
  'post /api/leads/{locationId}/{contactId}/take-over': unknown,
  'post /api/leads/{locationId}/{contactId}/opt-out': {
    asks: (path) => post(path, { answer: 'yes' }),
    answers: 'LEAD_UNKNOWN',
  },
  'post /api/leads/{locationId}/{contactId}/enrol': {
    asks: async (path) => {
      await world.deps.sequences.publish(sequence);
      return post(path, { sequence: sequence.key });
    },
    answers: 'LEAD_UNKNOWN',
  },
  'post /api/leads/{locationId}/{contactId}/claim': {
    asks: (path) => post(path, { agentId: 'agent' }),
    answers: 'LEAD_UNKNOWN',
  },
  'post /api/leads/{locationId}/{contactId}/score': unknown,
  'post /api/score': {
    asks: (path) => post(path, { leads: [{ locationId: LOCATION, contactId: THEIRS }] }),
    answers: 'LEAD_UNKNOWN',
  },
  'get /api/leads/{locationId}/{contactId}/enrolments': {
    asks: () => get(`${lead}/enrolments`),
    answers: 'LEAD_UNKNOWN',
  },
  'post /api/leads/{locationId}/{contactId}/enrolments/{enrolmentId}/{act}': [
    { asks: () => post(`${lead}/enrolments/${randomUUID()}/pause`, {}), answers: 'LEAD_UNKNOWN' },
    {
      asks: async () => {
        await another(LOCATION);
        return post(`/api/leads/${LOCATION}/another/enrolments/${await idOf('enrolment_id', 'enrolments')}/stop`, {});
      },
      answers: 'ENROLMENT_UNKNOWN',
    },
  ],
  'post /api/leads/{locationId}/{contactId}/preview': {
    asks: (path) => post(path, { sequence: 'welcome' }),
    answers: 'LEAD_UNKNOWN',
  },
  'get /api/sequences': 'sequences are of no location',
  'get /api/sequences/{key}/versions': 'sequences are of no location',
  'get /api/sequences/{key}/diff': 'sequences are of no location',
  'get /api/sequences/{key}/draft': 'sequences are of no location',
  'put /api/sequences/{key}/draft': 'sequences are of no location',
  'post /api/sequences/{key}/publish': 'sequences are of no location',
  'post /api/sequences/{key}/roll-back': 'sequences are of no location',
  'get /api/sequences/{key}': 'sequences are of no location',
  'post /api/sequences': 'sequences are of no location',
  'get /api/locations': 'the operator’s look at all that are installed',
  'post /api/locations': 'it installs the location that it names',
  'get /api/leads/{locationId}/{contactId}/consent': { asks: () => get(`${lead}/consent`), answers: 'LEAD_UNKNOWN' },
  'post /api/leads/{locationId}/{contactId}/consent': {
    asks: () => post(`${lead}/consent`, { state: 'withdrawn', channels: ['sms'], reason: 'not ours' }),
    answers: 'LEAD_UNKNOWN',
  },
  'get /api/locations/{locationId}/consent/texts': {
    asks: () => get(`/api/locations/${LOCATION}/consent/texts`),
    answers: { items: [] },
  },
  'post /api/locations/{locationId}/consent/texts': {
    asks: () =>
      post('/api/locations/nobody/consent/texts', {
        ...{ version: 'web', words: 'I agree.', channels: ['sms'], written: true, seller: 'X', usedFrom: '2026-01-01' },
      }),
    answers: 'LOCATION_NOT_FOUND',
  },
  'post /api/locations/{locationId}/consent/import': {
    asks: () =>
      post(`/api/locations/${LOCATION}/consent/import`, {
        apply: true,
        rows: [{ line: 1, row: { what: 'withdrawn', contact: THEIRS, channels: 'sms', at: '2026-01-01' } }],
      }),
    answers: {
      rows: [{ line: 1, verdict: 'bad', why: 'contact: no such lead is known; give phone or email as well' }],
    },
  },
  'get /api/locations/{locationId}/consent/registry': {
    asks: () => get(`/api/locations/${LOCATION}/consent/registry`),
    answers: { items: [] },
  },
  'post /api/locations/{locationId}/consent/registry': {
    asks: () => post('/api/locations/nobody/consent/registry', { list: 'national', asOf: '2026-01-01' }),
    answers: 'LOCATION_NOT_FOUND',
  },
  'post /api/locations/{locationId}/consent/registry/{loadId}/numbers': {
    asks: async () =>
      post(`/api/locations/${LOCATION}/consent/registry/${await idOf('load_id', 'registry_loads')}/numbers`, {
        ...{ part: 1, numbers: ['8135550142'] },
      }),
    answers: 'REGISTRY_LOAD_UNKNOWN',
  },
  'post /api/locations/{locationId}/consent/registry/{loadId}/finish': {
    asks: async () =>
      post(`/api/locations/${LOCATION}/consent/registry/${await idOf('load_id', 'registry_loads')}/finish`, {
        ...{ areaCodes: ['813'], parts: 0 },
      }),
    answers: 'REGISTRY_LOAD_UNKNOWN',
  },
  'get /api/locations/{locationId}/settings': {
    asks: () => get('/api/locations/nobody/settings'),
    answers: 'LOCATION_NOT_FOUND',
  },
  'patch /api/locations/{locationId}/settings': {
    asks: () => world.api('PATCH', '/api/locations/nobody/settings', { changes: {} }),
    answers: 'LOCATION_NOT_FOUND',
  },
  'get /api/locations/{locationId}/history': [
    { asks: () => get('/api/locations/nobody/history'), answers: 'LOCATION_NOT_FOUND' },
    {
      asks: async () => {
        const page = (await (await get(`/api/locations/${OTHER}/history?limit=1`)).json()) as { nextCursor: string };
        return get(`/api/locations/${LOCATION}/history?limit=1&cursor=${page.nextCursor}`);
      },
      answers: 'BAD_CURSOR',
    },
  ],
  'get /api/locations/{locationId}/mapping': {
    asks: () => get('/api/locations/nobody/mapping'),
    answers: 'LOCATION_NOT_FOUND',
  },
  'get /api/locations/{locationId}/sending': {
    asks: () => get('/api/locations/nobody/sending'),
    answers: 'LOCATION_NOT_FOUND',
  },
  'post /api/locations/{locationId}/sending/resume': {
    asks: () => post('/api/locations/nobody/sending/resume', {}),
    answers: 'LOCATION_NOT_FOUND',
  },
  'post /api/pause': { asks: (path) => post(path, { locationId: 'nobody' }), answers: 'LOCATION_NOT_FOUND' },
  'post /api/resume': [
    { asks: (path) => post(path, { locationId: 'nobody' }), answers: 'LOCATION_NOT_FOUND' },
    { asks: (path) => post(path, { locationId: UNINSTALLED }), answers: 'LOCATION_UNINSTALLED' },
  ],
  'get /oauth/ghl/start': 'it takes no location: which one is chosen at the vendor, by its admin',
  'get /oauth/ghl/callback': 'it takes no location: the vendor says whose token a code buys',
  'get /livez': 'it takes nothing',
  'get /readyz': 'it takes nothing',
  'get /metrics': 'it takes nothing',
  'get /openapi.json': 'it takes nothing',
  'get /docs': 'it takes nothing',
};

function signed(path: string, event: object): Promise<Response> {
  const body = JSON.stringify(event);
  const headers = { 'content-type': 'application/json', 'x-ghl-signature': world.sign(body) };
  return fetch(world.url + path, { method: 'POST', headers, body });
}

function fetchWorkflow(end: string, headers: Record<string, string>, body: object): Promise<Response> {
  return fetch(`${world.url}/webhooks/ghl/workflow${end}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** A second lead of a location, so that its list has a second page. */
async function another(locationId: string): Promise<void> {
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at)
      values ($1, 'another', now(), now(), now()) on conflict do nothing`,
    [locationId],
  );
}

describe('what belongs to another location', () => {
  it('is asked for on every route there is', () => {
    expect(Object.keys(table).sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  const rows = Object.entries(table).flatMap(([route, row]) =>
    typeof row === 'string' ? [] : [row].flat().map((one, at) => ({ route, at, one })),
  );
  it.each(rows)('is not there under ours: $route ($at)', async ({ route, one }) => {
    await another(OTHER);
    const before = await stateOf(world.pool, OTHER);
    const path = route.slice(route.indexOf('/')).replace('{locationId}', LOCATION).replace('{contactId}', THEIRS);
    const answer = await one.asks(path);
    const body = (await answer.json()) as Record<string, unknown>;
    const wanted =
      typeof one.answers === 'string' ? { status: errors[one.answers].status, code: one.answers } : one.answers;
    expect(body).toMatchObject(wanted);
    expect(JSON.stringify(body)).not.toContain(NAME);
    expect(await stateOf(world.pool, OTHER)).toEqual(before);
    const { rows: events } = await world.pool.query('select from inbox where contact_id = $1', [THEIRS]);
    expect(events).toEqual([]);
  });

  it('is there under its own, so that the table asks for something', async () => {
    expect((await get(`/api/leads/${OTHER}/${THEIRS}`)).status).toBe(200);
    const found = (await (
      await get(`/api/leads?locationId=${OTHER}&q=${NAME}&tag=theirs&field=side%3Dsell`)
    ).json()) as {
      items: unknown[];
    };
    expect(found.items).toHaveLength(1);
  });
});
