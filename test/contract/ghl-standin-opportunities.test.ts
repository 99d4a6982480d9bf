import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import { client, control, ledger, removeHome, startStandIn } from '../support/ghl-standin.ts';
import type { Answered, RunningStandIn } from '../support/ghl-standin.ts';
import { startReceiver } from '../support/webhook-receiver.ts';
import type { Receiver } from '../support/webhook-receiver.ts';

let standIn: RunningStandIn;
let receiver: Receiver;
const { locationId, pipelineId, contactIds } = brokerage;
const [casey = '', robin = ''] = contactIds;
const send = client(() => standIn, brokerage.token);
let aheadMs = 0;

async function later(ms: number): Promise<void> {
  aheadMs += ms;
  await standIn.moveClock(aheadMs);
}

beforeAll(async () => {
  standIn = await startStandIn(undefined, { movableClock: true });
  receiver = await startReceiver();
});

beforeEach(async () => {
  await control(standIn, 'app', { webhookUrl: null });
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
  Object.assign(receiver, { statuses: [202], received: [] });
});

afterAll(async () => {
  receiver.close();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

async function create(contactId: string, more: object = {}): Promise<string> {
  const body = { pipelineId, locationId, name: 'Buys', status: 'open', contactId, ...more };
  const answer = await send('POST /opportunities/', { body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return String(answer.body['opportunity']?.['id']);
}

async function search(query: Record<string, string> = {}): Promise<Answered> {
  return (await send('GET /opportunities/search', { query: { location_id: locationId, ...query } })).body;
}

const idsOf = (page: Answered): string[] => page['opportunities']?.map((one) => (one as { id: string }).id) ?? [];

async function stages(): Promise<string[]> {
  const { pipelines } = (await send('GET /opportunities/pipelines', { query: { locationId } })).body;
  return pipelines?.[0]?.['stages']?.map((stage) => (stage as { id: string }).id) ?? [];
}

describe('opportunities', () => {
  it('come newest first, and page by cursor without gaps even when the row of the cursor is deleted', async () => {
    const made: string[] = [];
    for (const contactId of contactIds.slice(0, 7)) {
      made.unshift(await create(contactId));
      await later(10);
    }
    const first = await search({ limit: '3' });
    expect(idsOf(first)).toEqual(made.slice(0, 3));
    expect(first['meta']).toMatchObject({ total: 7, nextPage: 2, startAfterId: made[2] });
    await send('DELETE /opportunities/{id}', { params: { id: String(made[2]) } });
    const { startAfter, startAfterId } = first['meta'] as unknown as { startAfter: number; startAfterId: string };
    const cursor = { limit: '3', startAfter: String(startAfter), startAfterId };
    const second = await search(cursor);
    expect(idsOf(second)).toEqual(made.slice(3, 6));
    const end = second['meta'] as unknown as { startAfter: number; startAfterId: string };
    const third = await search({ limit: '3', startAfter: String(end.startAfter), startAfterId: end.startAfterId });
    expect([idsOf(third), third['meta']?.['nextPage']]).toEqual([made.slice(6), undefined]);
    expect(idsOf(await search({ order: 'added_asc' }))).toEqual(made.filter((id) => id !== startAfterId).reverse());
    expect(idsOf(await search({ contact_id: casey }))).toEqual([made[6]]);
  });

  it('fire several events for one action, all with the resulting state', async () => {
    await control(standIn, 'app', { webhookUrl: receiver.url });
    const [, contacted = ''] = await stages();
    const fired = async (count: number, act: () => Promise<unknown>): Promise<string[]> => {
      receiver.received = [];
      await act();
      await receiver.until(({ length }) => length === count);
      return receiver.types().map((type) => type.replace('Opportunity', ''));
    };
    let id = '';
    expect(await fired(2, async () => (id = await create(casey)))).toEqual(['Create', 'Update']);
    const ids = receiver.received.map(({ event }) => event['webhookId']);
    expect(new Set(ids).size).toBe(2);
    const put = async (body: object): Promise<unknown> => send('PUT /opportunities/{id}', { params: { id }, body });
    expect(await fired(2, () => put({ pipelineStageId: contacted }))).toEqual(['StageUpdate', 'Update']);
    expect(receiver.received[0]?.event).toMatchObject({ id, pipelineStageId: contacted, contactId: casey, pipelineId });
    expect(await fired(2, () => put({ monetaryValue: 9_000 }))).toEqual(['MonetaryValueUpdate', 'Update']);
    expect(await fired(2, () => put({ assignedTo: brokerage.userIds[0] }))).toEqual(['AssignedToUpdate', 'Update']);
    const status = { params: { id }, body: { status: 'won' } };
    expect(await fired(2, () => send('PUT /opportunities/{id}/status', status))).toEqual(['StatusUpdate', 'Update']);
    expect(await fired(2, () => send('DELETE /opportunities/{id}', { params: { id } }))).toEqual(['Delete', 'Update']);
  });

  it('remember when status and stage changed, merge custom fields, and keep to the stages of their pipeline', async () => {
    const id = await create(casey, { customFields: [{ id: 'f1', field_value: 'a' }] });
    const [, contacted = ''] = await stages();
    const read = async (): Promise<Answered> =>
      (await send('GET /opportunities/{id}', { params: { id } })).body['opportunity'] as Answered;
    const before = await read();
    await later(1_000);
    const body = { pipelineStageId: contacted, customFields: [{ id: 'f2', field_value: 7 }] };
    await send('PUT /opportunities/{id}', { params: { id }, body });
    const after = await read();
    expect(after['lastStatusChangeAt']).toBe(before['lastStatusChangeAt']);
    expect(after['lastStageChangeAt']).not.toBe(before['lastStageChangeAt']);
    expect(after['customFields']).toEqual([
      { id: 'f1', fieldValue: 'a' },
      { id: 'f2', fieldValue: 7 },
    ]);
    const stranger = { pipelineId: brokerage.sellersPipelineId };
    expect((await send('PUT /opportunities/{id}', { params: { id }, body: stranger })).body['message']).toBe(
      'Pipeline stage not found',
    );
  });
});

describe('the search index', () => {
  const found = async (filter: object): Promise<unknown> => {
    const body = { locationId, pageLimit: 100, filters: [filter] };
    return (await send('POST /contacts/search', { body })).body['total'];
  };
  const inTroy = { field: 'city', operator: 'eq', value: 'Troy' };

  it('learns of a write late, while a read by id and the look-up by phone know it at once', async () => {
    await control(standIn, 'index', { lagMs: 100_000 });
    const body = { locationId, phone: '+12125550190', city: 'Troy' };
    const contactId = String((await send('POST /contacts/', { body })).body['contact']?.['id']);
    const id = await create(robin);
    expect([await found(inTroy), idsOf(await search())]).toEqual([0, []]);
    expect((await send('GET /contacts/{contactId}', { params: { contactId } })).status).toBe(200);
    const duplicate = { query: { locationId, number: '+12125550190' } };
    expect((await send('GET /contacts/search/duplicate', duplicate)).body['contact']?.['id']).toBe(contactId);
    expect((await send('GET /opportunities/{id}', { params: { id } })).status).toBe(200);
    await later(60_000);
    await send('PUT /contacts/{contactId}', { params: { contactId }, body: { city: 'Utica' } });
    await send('DELETE /opportunities/{id}', { params: { id } });
    await later(50_000);
    expect([await found(inTroy), idsOf(await search())]).toEqual([1, [id]]);
    await later(60_000);
    expect([await found(inTroy), idsOf(await search())]).toEqual([0, []]);
    expect(await found({ ...inTroy, value: 'Utica' })).toBe(1);
  });

  it('lags over a kill, and is complete when the lag is set anew', async () => {
    await control(standIn, 'index', { lagMs: 600_000 });
    await send('PUT /contacts/{contactId}', { params: { contactId: casey }, body: { city: 'Troy' } });
    const { home } = standIn;
    await standIn.end('SIGKILL');
    standIn = await startStandIn(home, { movableClock: true });
    await standIn.moveClock(aheadMs);
    expect(await found(inTroy)).toBe(0);
    expect((await ledger(standIn))['calls']).toHaveLength(2);
    await control(standIn, 'index', { lagMs: 0 });
    expect(await found(inTroy)).toBe(1);
    expect((await control(standIn, 'index', { lagMs: -1 })).status).toBe(400);
  });
});
