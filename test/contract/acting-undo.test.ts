import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CrmAction } from '../../domain/crm/actions.ts';
import { type Acting, startActing } from '../support/acting.ts';
import { inboxEvent } from '../support/records.ts';

let acting: Acting;
beforeAll(async () => {
  acting = await startActing();
});
afterAll(() => acting.end());

async function opportunities(): Promise<unknown[]> {
  const all = (await acting.state())['opportunities'] as unknown as Record<string, unknown>[];
  return all.filter(({ contactId }) => contactId === acting.world.ref.contactId);
}

describe('an undo', () => {
  beforeEach(async () => {
    const { locationId } = await acting.begin();
    await acting.settings({ pipeline: acting.pipeline(locationId) });
  });

  async function find(kind: string, target?: RegExp): Promise<CrmAction> {
    const { items } = await acting.actions.list(acting.world.ref, 100);
    const found = items.find((action) => action.kind === kind && (target === undefined || target.test(action.target)));
    if (found === undefined) throw new Error(`no ${kind} among ${items.map((action) => action.kind).join()}`);
    return found;
  }

  /** As the API asks for it, and as the workflow then works it. */
  async function undo({ actionId }: CrmAction): Promise<CrmAction['undo']> {
    await acting.actions.askUndo(acting.world.ref, actionId, 'operator', new Date().toISOString());
    const { inboxId } = await acting.sends.inbox.accept(
      inboxEvent(acting.world.ref, {
        ...{ source: 'operator', type: 'operator.undo', kind: 'operator', eventKey: randomUUID() },
        body: Buffer.from('{"action":"undo"}'),
        occurredAt: new Date().toISOString(),
      }),
    );
    await acting.work(inboxId, 'operator.undo');
    await acting.settle();
    return (await acting.actions.get(acting.world.ref, actionId))?.undo ?? null;
  }

  async function worked(): Promise<void> {
    await acting.says('Hello, I am looking in Austin, my budget is $450,000');
    await acting.settle();
    await acting.touch();
  }

  it('of a tag takes it away, and the plan does not put it back at once', async () => {
    await worked();
    expect(await undo(await find('tag.add', /austin/i))).toMatchObject({ state: 'done' });
    expect(await acting.tags()).not.toContain('location-austin');
    acting.world.score = 60;
    await acting.says('A garden would be nice');
    await acting.settle();
    expect(await acting.tags()).not.toContain('location-austin');
    expect(await acting.told()).toContain('Undone: what added a tag');
  });

  it('of a tag that we took away and a person has set since leaves it', async () => {
    await worked();
    const added = await find('tag.add', /cold-lead/i);
    acting.world.score = 60;
    await acting.says('A garden would be nice');
    await acting.settle();
    await acting.person('POST', `/contacts/${acting.world.ref.contactId}/tags`, { tags: ['cold-lead'] });
    await acting.settings({ tierTags: { hot: 'Hot-Lead', warm: 'Warm-Lead', cold: 'Chilly-Lead' } });
    expect(await undo(added)).toMatchObject({ state: 'refused', reason: expect.stringContaining('changed since') });
    expect(await acting.tags()).toContain('cold-lead');
  });

  it('of a removed tag puts it back, and it stays', async () => {
    await worked();
    acting.world.score = 60;
    await acting.says('A garden would be nice');
    await acting.settle();
    expect(await undo(await find('tag.remove', /cold-lead/i))).toMatchObject({ state: 'done' });
    expect(await acting.tags()).toEqual(expect.arrayContaining(['cold-lead', 'warm-lead']));
  });

  it('of a field puts back what was there, and leaves what somebody wrote since', async () => {
    await worked();
    const set = await find('field.set', /budget/);
    expect(await undo(set)).toMatchObject({ state: 'done' });
    expect((await acting.field('budget')) ?? null).toBe(null);
    const location = await find('field.set', /location/);
    await acting.person('PUT', `/contacts/${acting.world.ref.contactId}`, {
      customFields: [{ id: acting.fieldId('preferred_location'), field_value: 'Round Rock' }],
    });
    expect(await undo(location)).toMatchObject({ state: 'refused', reason: expect.stringContaining('changed since') });
    expect(await acting.field('preferred_location')).toBe('Round Rock');
  });

  it('of a move puts the opportunity back; of its making deletes it, unless somebody has moved it', async () => {
    await acting.happens('ContactTagUpdate', { tags: ['Hit List'] });
    await acting.settle();
    await acting.touch();
    await worked();
    expect(await undo(await find('opportunity.move'))).toMatchObject({ state: 'done' });
    expect(await opportunities()).toMatchObject([{ pipelineStageId: acting.stage('stageNew') }]);
    expect(await undo(await find('opportunity.create'))).toMatchObject({ state: 'done' });
    expect(await opportunities()).toEqual([]);
    await acting.says('A garden would be nice');
    await acting.settle();
    await acting.touch();
    expect(await opportunities()).toEqual([]);
  });

  it('is done once, whoever dies over it, and is an action with its reference', async () => {
    await worked();
    const action = await find('tag.add', /austin/i);
    await acting.actions.askUndo(acting.world.ref, action.actionId, 'operator', new Date().toISOString());
    await acting.killed('apply.after-call', acting.apply);
    await acting.settle();
    await acting.settle();
    const { items } = await acting.actions.list(acting.world.ref, 100);
    expect(items.filter(({ undoes }) => undoes === action.actionId)).toMatchObject([{ kind: 'tag.remove' }]);
    expect((await acting.actions.get(acting.world.ref, action.actionId))?.undo).toMatchObject({ state: 'done' });
  });

  it('of what the CRM alone can take back, or nobody, is refused with its reason', async () => {
    await worked();
    await acting.says('STOP');
    await acting.settle();
    expect(await undo(await find('dnd.on'))).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('START'),
    });
  });
});
