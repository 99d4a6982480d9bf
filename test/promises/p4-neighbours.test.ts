import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { type Brokerage, type Contact, installBrokerage, phoneAbroad } from '../support/brokerage.ts';
import { type Everything, everythingOf, workflowOf } from '../support/everything.ts';
import { fetchAnew, type Response } from '../support/fetch-anew.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

/**
 * P4, triggering: whatever comes in for one location, or in its name, the neighbour's rows, leads, workflows and calls stay as they were.
 */

const LIMIT_MS = 180_000;

let product: Product;
let noisy: Brokerage;
let neighbour: Brokerage;
/** Theirs: leads under way, welcomed, with steps to come. */
let theirs: Contact[];
/** One of the noisy location's own, by which it is seen that its events come through. */
let ours: Contact;
let owner: pg.Pool;
let temporal: Connection;

beforeAll(async () => {
  product = await startProduct('p4-neighbours');
  noisy = await installBrokerage(product);
  neighbour = await installBrokerage(product);
  owner = new pg.Pool({ connectionString: product.line().databaseUrl, max: 2 });
  temporal = await Connection.connect({ address: product.line().temporalAddress });
  theirs = await some(neighbour, 3);
  [ours] = (await some(noisy, 1)) as [Contact];
  for (const contact of theirs) await neighbour.deliver(neighbour.contactEvent('ContactCreate', contact));
  await noisy.deliver(noisy.contactEvent('ContactCreate', ours));
  for (const contact of theirs) await until(async () => (await neighbour.texts(contact)).length === 1, LIMIT_MS);
  await until(async () => (await noisy.texts(ours)).length === 1, LIMIT_MS);
});

afterAll(async () => {
  await temporal?.close();
  await owner?.end();
  await product?.stop();
});

describe('a location triggers nothing at its neighbour', () => {
  /** What is tried, and the status that it is answered with. */
  const attempts: readonly {
    readonly what: string;
    readonly answers: number;
    readonly tries: () => Promise<Response>;
  }[] = [
    ...['ContactUpdate', 'ContactDelete', 'UNINSTALL', 'INSTALL'].map((type) => ({
      what: `a validly signed ${type} of somebody else’s app`,
      answers: 403,
      tries: () => noisy.post({ ...neighbour.contactEvent(type, theirs[0]!), appId: 'anotherApp0000000001' }),
    })),
    {
      what: 'a signed event that names no app',
      answers: 403,
      tries: () => noisy.post({ ...neighbour.messageEvent(theirs[0]!, 'STOP'), appId: undefined }),
    },
    {
      what: 'a signed event of an unknown location about the neighbour’s contact',
      answers: 403,
      tries: () => noisy.post({ ...neighbour.messageEvent(theirs[0]!, 'STOP'), locationId: 'unknownLocation00001' }),
    },
    {
      what: 'an event of the neighbour’s without a signature',
      answers: 401,
      tries: () => send('/webhooks/ghl', neighbour.messageEvent(theirs[0]!, 'STOP')),
    },
    {
      what: 'an event of the neighbour’s under the signature of another body',
      answers: 401,
      tries: () =>
        send('/webhooks/ghl', neighbour.messageEvent(theirs[0]!, 'STOP'), { 'x-ghl-signature': 'A'.repeat(86) + '==' }),
    },
    ...['ContactUpdate', 'ContactTagUpdate', 'ContactDndUpdate', 'ContactDelete'].map((type) => ({
      what: `our ${type} with the id of the neighbour’s contact`,
      answers: 202,
      tries: () =>
        noisy.post({
          ...{ ...noisy.envelope(type), id: theirs[0]!.id, tags: ['Hit List', 'AI-Off'], dnd: true },
          ...{ phone: theirs[0]!.phone, email: theirs[0]!.email, dndSettings: { SMS: { status: 'permanent' } } },
        }),
    })),
    {
      what: 'our STOP with the id of the neighbour’s contact',
      answers: 202,
      tries: () => noisy.post({ ...noisy.messageEvent(theirs[0]!, 'STOP'), from: theirs[0]!.phone }),
    },
    {
      what: 'our colleague’s message to the neighbour’s contact',
      answers: 202,
      tries: () =>
        noisy.post({
          ...{ ...noisy.envelope('OutboundMessage'), contactId: theirs[0]!.id, direction: 'outbound', body: 'Hello' },
          ...{ messageType: 'SMS', messageId: randomUUID(), source: 'app', userId: noisy.userId, status: 'sent' },
        }),
    },
    ...['OpportunityStatusUpdate', 'TaskCreate', 'NoteCreate', 'AppointmentCreate'].map((type) => ({
      what: `our ${type} that names the neighbour’s contact`,
      answers: 202,
      tries: () =>
        noisy.post({
          ...{ ...noisy.envelope(type), id: randomUUID(), contactId: theirs[0]!.id, status: 'won', title: 'Call' },
          ...{ body: 'Call', appointment: { id: randomUUID(), contactId: theirs[0]!.id, appointmentStatus: 'new' } },
        }),
    })),
    {
      what: 'our event that names the neighbour in every place but the one that counts',
      answers: 202,
      tries: () =>
        noisy.post({
          ...{ ...noisy.messageEvent(ours, 'Is it near a park?'), location: { id: neighbour.locationId } },
          ...{ location_id: neighbour.locationId, data: neighbour.messageEvent(theirs[0]!, 'STOP') },
        }),
    },
    {
      what: 'an agency’s UNINSTALL of a company that the neighbour does not belong to',
      answers: 202,
      tries: () =>
        noisy.post({ ...noisy.envelope('UNINSTALL'), locationId: undefined, companyId: 'aCompany000000000001' }),
    },
    {
      what: 'our workflow secret with the neighbour’s location',
      answers: 403,
      tries: async () =>
        send(`/webhooks/ghl/workflow/${await secretOf(noisy)}`, {
          ...{ contact_id: theirs[0]!.id, location: { id: neighbour.locationId } },
          customData: { event: 'lead.replied', message: 'STOP' },
        }),
    },
    {
      what: 'our workflow secret with the neighbour’s contact',
      answers: 202,
      tries: async () =>
        send(
          '/webhooks/ghl/workflow',
          { contact_id: theirs[0]!.id, tags: 'AI-Off', message: { body: 'STOP', type: 'SMS', direction: 'inbound' } },
          { 'x-webhook-secret': await secretOf(noisy) },
        ),
    },
    {
      what: 'a workflow secret that nobody has',
      answers: 404,
      tries: () => send(`/webhooks/ghl/workflow/${randomUUID()}`, { contact_id: theirs[0]!.id }),
    },
    ...['pause', 'resume', 'stop', 'take-over', 'score'].map((act) => ({
      what: `the act ${act} on the neighbour’s lead under our location`,
      answers: 404,
      // Of this one our location never heard.
      tries: () => operator('POST', `/api/leads/${noisy.locationId}/${theirs[2]!.id}/${act}`, {}),
    })),
    {
      what: 'behaviour on our site, told of the neighbour’s contact by id and by address',
      answers: 202,
      tries: async () =>
        send(`/webhooks/activity/${await siteSecretOf(noisy)}`, {
          ...{ consent: true, contactId: theirs[0]!.id, email: theirs[0]!.email, phone: theirs[0]!.phone },
          ...{ locationId: neighbour.locationId, events: [{ id: randomUUID(), kind: 'property.view' }] },
        }),
    },
    {
      what: 'behaviour with a secret that no site has',
      answers: 404,
      tries: () => send(`/webhooks/activity/${randomUUID()}`, { consent: true, kind: 'property.view' }),
    },
    {
      what: 'the way back of an install that nobody began here',
      answers: 400,
      tries: () => fetchAnew(`${product.line().urls.api}/oauth/ghl/callback?code=stolen&state=${randomUUID()}`),
    },
    {
      what: 'changing our settings',
      answers: 200,
      tries: () =>
        operator('PATCH', `/api/locations/${noisy.locationId}/settings`, { changes: { stopTags: ['AI-Off'] } }),
    },
    {
      what: 'pausing our location',
      answers: 200,
      tries: async () => {
        const paused = await operator('POST', '/api/pause', { locationId: noisy.locationId });
        await operator('POST', '/api/resume', { locationId: noisy.locationId });
        return paused;
      },
    },
  ];

  it.each(attempts)('by $what ($answers)', async ({ tries, answers }) => {
    const before = await everything();
    expect((await tries()).status).toBe(answers);
    await comesThrough();
    expect(await everything()).toEqual(before);
  });

  it('by what the same person tells it: an opt-out here silences nobody there', async () => {
    const person = { phone: phoneAbroad(88_188), email: 'same-person@example.com' };
    const [here, there] = [await noisy.contact(person), await neighbour.contact(person)];
    await noisy.deliver(noisy.contactEvent('ContactCreate', here));
    await noisy.deliver(noisy.messageEvent(here, 'STOP'));
    await until(async () => (await stageOf(noisy, here)) === 'opted-out', LIMIT_MS);
    await neighbour.deliver(neighbour.contactEvent('ContactCreate', there));
    await until(async () => (await neighbour.texts(there)).length === 1, LIMIT_MS);
    expect(await stageOf(neighbour, there)).toBe('new');
    theirs.push(there);
  });

  it('by using up a key: two locations may give their own events the same one', async () => {
    const event = { event: 'lead.updated', idempotency_key: 'welcome-1' };
    const first = await send(`/webhooks/ghl/workflow/${await secretOf(noisy)}`, {
      contact_id: ours.id,
      customData: event,
    });
    const second = await send(`/webhooks/ghl/workflow/${await secretOf(neighbour)}`, {
      contact_id: theirs[1]!.id,
      customData: event,
    });
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(await second.json()).toMatchObject({ duplicate: false });
  });

  it('by leaving: its uninstall ends its own leads and no others', async () => {
    const leaving = await installBrokerage(product);
    const [lead] = (await some(leaving, 1)) as [Contact];
    await leaving.deliver(leaving.contactEvent('ContactCreate', lead));
    await until(async () => (await leaving.texts(lead)).length === 1, LIMIT_MS);
    const before = await everything();
    await leaving.deliver(leaving.envelope('UNINSTALL'));
    await until(async () => (await workflowOf(leaving, lead, temporal)).status === 'COMPLETED', LIMIT_MS);
    await until(async () => (await leaving.post(leaving.contactEvent('ContactUpdate', lead))).status === 403, LIMIT_MS);
    expect(await everything()).toEqual(before);
  });
});

/** Undefined while nothing is known of the lead. */
async function stageOf({ locationId }: Brokerage, contact: Contact): Promise<string | undefined> {
  const [row] = await product.sql<{ stage: string }>(
    'select stage from leads where location_id = $1 and contact_id = $2',
    [locationId, contact.id],
  );
  return row?.stage;
}

function some(team: Brokerage, count: number): Promise<Contact[]> {
  return Promise.all(Array.from({ length: count }, () => team.contact()));
}

function send(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetchAnew(`${product.line().urls.api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function operator(method: string, path: string, body: object): Promise<Response> {
  return fetchAnew(`${product.line().urls.api}${path}`, {
    method,
    headers: { authorization: `Bearer ${product.line().apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const everything = (): Promise<Everything> => everythingOf(neighbour, theirs, { owner, temporal });

const secrets = new Map<string, string>();

/** The secret of a location's workflow webhooks, which is shown only when it is made. */
async function secretOf({ locationId }: Brokerage): Promise<string> {
  const known = secrets.get(locationId);
  if (known !== undefined) return known;
  const { workflowSecret } = await product.api<{ workflowSecret: string }>('POST', '/api/locations', {
    ...{ locationId, token: `pit-${locationId}`, newWorkflowSecret: true },
  });
  secrets.set(locationId, workflowSecret);
  return workflowSecret;
}

/** Where the pages of a location's site post to. */
async function siteSecretOf({ locationId }: Brokerage): Promise<string> {
  const { secret } = await product.api<{ secret: string }>('POST', `/api/locations/${locationId}/activity`, {});
  return secret;
}

/** An event of the noisy location's own goes all the way, and so has whatever came before it. */
async function comesThrough(): Promise<void> {
  const eventId = await noisy.deliver(noisy.messageEvent(ours, 'How old is the roof?'));
  await until(async () => (await noisy.verdictOf(eventId))?.verdict === 'worked', LIMIT_MS);
  await noisy.settled(LIMIT_MS);
}
