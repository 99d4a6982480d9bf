import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { type Brokerage, type Contact, installBrokerage } from '../support/brokerage.ts';
import { stateOf } from '../support/location-state.ts';
import { type Product, startProduct } from '../support/product.ts';
import { serversOf } from '../support/servers.ts';
import { until } from '../support/until.ts';

/**
 * P4, triggering and slowing: whatever comes in for one location, the neighbour's rows, leads, workflows and calls stay as they were; and
 * however much comes in, or however badly one location's CRM answers, the neighbour's events are worked and applied meanwhile.
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
}, 300_000);

afterAll(async () => {
  await temporal?.close();
  await owner?.end();
  await product?.stop();
}, 60_000);

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
      what: 'pausing our location',
      answers: 200,
      tries: async () => {
        const paused = await operator('POST', '/api/pause', { locationId: noisy.locationId });
        await operator('POST', '/api/resume', { locationId: noisy.locationId });
        return paused;
      },
    },
  ];

  it.each(attempts)(
    'by $what ($answers)',
    async ({ tries, answers }) => {
      const before = await everythingOf(neighbour, theirs);
      expect((await tries()).status).toBe(answers);
      await comesThrough();
      expect(await everythingOf(neighbour, theirs)).toEqual(before);
    },
    120_000,
  );

  it('by what the same person tells it: an opt-out here silences nobody there', async () => {
    const person = { phone: '+12025550188', email: 'same-person@example.com' };
    const [here, there] = [await noisy.contact(person), await neighbour.contact(person)];
    await noisy.deliver(noisy.contactEvent('ContactCreate', here));
    await noisy.deliver(noisy.messageEvent(here, 'STOP'));
    await until(async () => (await stageOf(noisy, here)) === 'opted-out', LIMIT_MS);
    await neighbour.deliver(neighbour.contactEvent('ContactCreate', there));
    await until(async () => (await neighbour.texts(there)).length === 1, LIMIT_MS);
    expect(await stageOf(neighbour, there)).toBe('new');
    theirs.push(there);
  }, 200_000);

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
    const before = await everythingOf(neighbour, theirs);
    await leaving.deliver(leaving.envelope('UNINSTALL'));
    await until(async () => (await workflowOf(leaving, lead)).status === 'COMPLETED', LIMIT_MS);
    await until(async () => (await leaving.post(leaving.contactEvent('ContactUpdate', lead))).status === 403, LIMIT_MS);
    expect(await everythingOf(neighbour, theirs)).toEqual(before);
  }, 200_000);
});

describe('a location does not slow its neighbour', () => {
  it('with hundreds of events that came first: the neighbour’s are worked while part of the flood waits', async () => {
    const flooding = await some(noisy, 40);
    const few = await some(neighbour, 10);
    const { temporal: server } = serversOf(product);
    // While it is away both locations' events pile up, so that what is worked first is the product's choice and not the clock's.
    await server.stop();
    await atOnce(16, flooding.flatMap(storyOf(noisy, 9)), (event) => noisy.deliver(event));
    await atOnce(1, few.flatMap(storyOf(neighbour, 1)), (event) => neighbour.deliver(event));
    await server.start();
    for (const team of [noisy, neighbour]) await until(async () => (await waiting(team)).open === 0, LIMIT_MS);
    const [{ earlier } = { earlier: Number.NaN }] = await product.sql<{ earlier: number }>(
      `select count(*)::int as earlier from inbox where location_id = $1 and contact_id = any($2) and worked_at <
        (select max(worked_at) from inbox where location_id = $3 and contact_id = any($4))`,
      [noisy.locationId, flooding.map(({ id }) => id), neighbour.locationId, few.map(({ id }) => id)],
    );
    // One line for all would have had the whole flood worked by then.
    expect(earlier).toBeLessThan(flooding.length * 10 * 0.75);
    for (const contact of few) await expectAppliedOnce(contact);
  }, 600_000);

  it('with a CRM that refuses it all but one call in twenty seconds', async () => {
    const flooding = await some(noisy, 40);
    const few = await some(neighbour, 10);
    await noisy.vendor('POST', 'limits', { locationId: noisy.locationId, max: 1, intervalMs: 20_000 });
    await atOnce(16, flooding.flatMap(storyOf(noisy, 4)), (event) => noisy.deliver(event));
    await atOnce(16, few.flatMap(storyOf(neighbour, 1)), (event) => neighbour.deliver(event));
    await neighbour.settled(LIMIT_MS);
    // One call in twenty seconds does not even read a tenth of the contacts meanwhile.
    expect((await waiting(noisy)).ahead).toBeGreaterThan(flooding.length / 2);
    for (const contact of few) await expectAppliedOnce(contact);
    expect((await neighbour.ledger()).filter(({ status }) => status === 429)).toEqual([]);
    await noisy.vendor('POST', 'limits', { locationId: noisy.locationId, max: 1_000, intervalMs: 10_000 });
    await noisy.settled(LIMIT_MS);
    expect((await noisy.inbox()).filter(({ verdict }) => !['worked', 'ignored'].includes(verdict))).toEqual([]);
  }, 600_000);

  it('with a CRM that hangs for more of its contacts than there are places to wait in', async () => {
    const hanging = await some(noisy, 120);
    const few = await some(neighbour, 8);
    for (const { id } of hanging) await noisy.fault('GET', `/contacts/${id}`, { hang: true, times: 1_000 });
    await atOnce(16, hanging, (contact) => noisy.deliver(noisy.contactEvent('ContactCreate', contact)));
    // All places that the noisy location can get, it has by now.
    await until(async () => (await hungCalls(hanging)) >= 4, LIMIT_MS);
    await until(async () => (await waiting(noisy)).open === 0, LIMIT_MS);
    const before = await hungCalls(hanging);
    for (const contact of few) await neighbour.deliver(neighbour.contactEvent('ContactCreate', contact));
    for (const contact of few) await until(async () => (await neighbour.texts(contact)).length === 1, LIMIT_MS);
    await neighbour.settled(LIMIT_MS);
    // Calls count the time here: had the neighbour stood in one line with the hanging leads, each of them had had a turn first.
    expect((await hungCalls(hanging)) - before).toBeLessThan(hanging.length);
    expect((await waiting(noisy)).ahead).toBe(hanging.length);
    await noisy.noFaults();
    await noisy.settled(LIMIT_MS);
    for (const contact of hanging) expect(await noisy.effects(contact)).toContain('tag +Cold-Lead');
  }, 600_000);
});

/** A contact comes in and then writes so many times. */
function storyOf(team: Brokerage, messages: number): (contact: Contact) => Record<string, unknown>[] {
  return (contact) => [
    team.contactEvent('ContactCreate', contact),
    ...Array.from({ length: messages }, (_none, turn) => team.messageEvent(contact, `Is number ${turn} near a park?`)),
  ];
}

async function expectAppliedOnce(contact: Contact): Promise<void> {
  await neighbour.settled(LIMIT_MS);
  const effects = (await neighbour.effects(contact)).filter((effect) => /^(tag|fields)/.test(effect));
  expect(effects).toContain('tag +Cold-Lead');
  expect(effects).toEqual([...new Set(effects)]);
}

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

/** Works through a list, so many at a time. */
async function atOnce<T>(width: number, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

function send(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${product.line().urls.api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function operator(method: string, path: string, body: object): Promise<Response> {
  return fetch(`${product.line().urls.api}${path}`, {
    method,
    headers: { authorization: `Bearer ${product.line().apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

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

/** An event of the noisy location's own goes all the way, and so has whatever came before it. */
async function comesThrough(): Promise<void> {
  const eventId = await noisy.deliver(noisy.messageEvent(ours, 'How old is the roof?'));
  await until(async () => (await noisy.verdictOf(eventId))?.verdict === 'worked', LIMIT_MS);
  await noisy.settled(LIMIT_MS);
}

interface Everything {
  readonly rows: Record<string, string>;
  readonly workflows: readonly object[];
  readonly calls: readonly unknown[];
}

/** All that is stored of a location, its leads' workflows, and each call that was made for it, once nothing of it is under way. */
async function everythingOf(team: Brokerage, contacts: readonly Contact[]): Promise<Everything> {
  let last = '';
  let now: Everything | undefined;
  await until(async () => {
    await team.settled(LIMIT_MS);
    now = {
      rows: await stateOf(owner, team.locationId),
      workflows: await Promise.all(contacts.map((contact) => workflowOf(team, contact))),
      calls: (await team.ledger()).map(({ n, method, path, status }) => `${n} ${method} ${path} ${status}`),
    };
    const still = (await open(team)) === 0 && JSON.stringify(now) === last;
    last = JSON.stringify(now);
    return still;
  }, LIMIT_MS);
  return now!;
}

/** Webhooks of a location that the vendor has not delivered yet. */
async function open(team: Brokerage): Promise<number> {
  const { deliveries } = await team.vendor<{ deliveries: { status: string; body: { locationId?: string } }[] }>(
    'GET',
    'webhooks',
  );
  const here = deliveries.filter(({ body }) => body.locationId === team.locationId);
  return here.filter(({ status }) => status === 'pending' || status === 'retrying').length;
}

async function workflowOf(team: Brokerage, contact: Contact) {
  const handle = new Client({ connection: temporal }).workflow.getHandle(`lead:${team.locationId}:${contact.id}`);
  const { runId, historyLength, status } = await handle.describe();
  return { runId, historyLength, status: status.name };
}

/** Events not worked, and leads whose plan is not applied. */
async function waiting({ locationId }: Brokerage): Promise<{ open: number; ahead: number }> {
  const [row] = await product.sql<{ open: number; ahead: number }>(
    `select (select count(*)::int from inbox where location_id = $1 and worked_at is null) as open,
      (select count(*)::int from leads where location_id = $1 and plan is not null and plan_version > plan_applied) as ahead`,
    [locationId],
  );
  return row!;
}

/** Calls that the vendor never answered carry no location: they are told by their contact. */
async function hungCalls(contacts: readonly Contact[]): Promise<number> {
  const { calls } = await noisy.vendor<{ calls: { path: string; status: number }[] }>('GET', 'ledger');
  const paths = new Set(contacts.map(({ id }) => `/contacts/${id}`));
  return calls.filter(({ path, status }) => status === 0 && paths.has(path)).length;
}
