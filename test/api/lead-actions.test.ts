import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewCrmAction } from '../../domain/crm/actions.ts';
import { fieldMark, tagMark } from '../../domain/crm/marks.ts';
import type { ContactSnapshot } from '../../domain/leads/contact.ts';
import { type ApiWorld, LOCATION, startApiWorld } from '../support/api-world.ts';
import { decision, inboxEvent, NOW, record, verdictOf } from '../support/records.ts';

let world: ApiWorld;
let ref: { locationId: string; contactId: string };
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  ref = { locationId: LOCATION, contactId: `c-${randomUUID().slice(0, 8)}` };
  const { inboxId } = await world.inbox.accept(inboxEvent(ref));
  await world.deps.leads.commitDecision(record(ref, inboxId, { decision: decision() }), verdictOf);
});

interface Told {
  readonly actionId: string;
  readonly kind: string;
  readonly undo: { readonly state: string; readonly reason: string | null };
}

const path = () => `/api/leads/${ref.locationId}/${ref.contactId}`;

async function ask(
  method: string,
  route: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await world.api(method, `${path()}${route}`, body);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function did(change: Partial<NewCrmAction> = {}, snapshot: ContactSnapshot = {}): Promise<string> {
  const action = {
    kind: 'tag.add',
    target: 'VIP',
    before: null,
    after: 'VIP',
    planVersion: 3,
    at: NOW,
    ...change,
  } as const;
  await world.deps.actions.record(ref, {
    actions: [action],
    marks: {
      ...(action.kind === 'tag.add' ? { [tagMark(action.target)]: { state: 'ours', at: NOW } } : {}),
      ...(action.kind === 'field.set' ? { [fieldMark(action.target)]: { state: 'ours', at: NOW, id: 'f1' } } : {}),
    },
    drop: [],
  });
  await world.deps.leads.refreshSnapshot(ref, snapshot, NOW);
  const { items } = (await ask('GET', '/actions')).body as unknown as { items: Told[] };
  return items.find(({ kind }) => kind === action.kind)?.actionId ?? '';
}

describe('the actions of a lead', () => {
  it('are listed newest first, each with its undo or with why it has none', async () => {
    await did();
    await did({ kind: 'dnd.on', target: 'sms', before: 'off', after: 'on', at: '2026-03-02T16:00:00.000Z' });
    expect((await ask('GET', '/actions')).body).toMatchObject({
      items: [
        {
          kind: 'dnd.on',
          did: 'switched do-not-disturb on',
          undo: { state: 'none', does: null, reason: expect.stringContaining('START') },
        },
        {
          kind: 'tag.add',
          target: 'VIP',
          before: null,
          after: 'VIP',
          planVersion: 3,
          undo: { state: 'possible', reason: null },
        },
      ],
      nextCursor: null,
    });
    const { body } = await ask('GET', '/actions?limit=1');
    const rest = await ask('GET', `/actions?limit=1&cursor=${String(body['nextCursor'])}`);
    expect(rest.body).toMatchObject({ items: [{ kind: 'tag.add' }], nextCursor: null });
    expect(await ask('GET', '/actions?cursor=x')).toMatchObject({ status: 400, body: { code: 'BAD_CURSOR' } });
  });

  it('are none of a lead that nobody knows', async () => {
    ref = { ...ref, contactId: 'nobody' };
    expect(await ask('GET', '/actions')).toMatchObject({ status: 404, body: { code: 'LEAD_UNKNOWN' } });
    expect(await ask('POST', '/undo', { actionId: randomUUID() })).toMatchObject({ status: 404 });
  });
});

describe('an undo', () => {
  it('is asked for once: an event for the workflow, and a new version of the plan that makes it due', async () => {
    const actionId = await did({}, { tags: ['vip'] });
    const before = (await world.deps.leads.plan(ref))?.version ?? 0;
    const asked = await ask('POST', '/undo', { actionId });
    expect(asked).toMatchObject({ status: 202, body: { action: { actionId, undo: { state: 'asked' } } } });
    expect(await ask('POST', '/undo', { actionId })).toMatchObject({
      status: 202,
      body: { eventId: asked.body['eventId'] },
    });
    expect(world.committed.filter(({ contactId }) => contactId === ref.contactId)).toMatchObject([
      { type: 'operator.undo', kind: 'operator', locationId: LOCATION },
    ]);
    const stored = await world.deps.leads.plan(ref);
    expect(stored).toMatchObject({ version: before + 1, undos: [{ by: 'operator', action: { actionId } }] });
    await world.deps.actions.settleUndo(ref, actionId, { state: 'done', reason: null }, NOW);
    expect(await ask('POST', '/undo', { actionId })).toMatchObject({ status: 409, body: { code: 'UNDO_DONE' } });
  });

  it('of what has none is refused with what helps instead', async () => {
    const actionId = await did({ kind: 'message.send', target: 'm1' });
    expect(await ask('POST', '/undo', { actionId })).toMatchObject({
      ...{ status: 409, body: { code: 'UNDO_NONE', detail: expect.stringContaining('called back') } },
    });
  });

  it('of what somebody has changed since is refused, and says so', async () => {
    const snapshot = { customFields: { f1: '470000' } };
    const actionId = await did(
      { kind: 'field.set', target: 'contact.budget', before: '400000', after: '450000' },
      snapshot,
    );
    expect(await ask('POST', '/undo', { actionId })).toMatchObject({
      ...{ status: 409, body: { code: 'UNDO_CHANGED', detail: 'the field shows another value now' } },
    });
  });

  it('of another lead’s action, of none, or of nonsense is refused', async () => {
    const actionId = await did();
    expect(await ask('POST', '/undo', { actionId: randomUUID() })).toMatchObject({
      status: 404,
      body: { code: 'ACTION_UNKNOWN' },
    });
    expect(await ask('POST', '/undo', { actionId: "'; drop" })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    });
    const stranger = await world.api('POST', `/api/leads/other/${ref.contactId}/undo`, { actionId });
    expect(stranger.status).toBe(404);
  });
});
