import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createLeadActs, createLeadMailbox } from '../../integrations/temporal/mailbox.ts';
import { leadWorkflowId, type LeadView } from '../../workflows/contract.ts';
import type { LeadActivities } from '../../workflows/activities.ts';
import { clientOf, freshRef, leadWorkers, quietRuntime, quietVerdict } from '../support/lead-worker.ts';
import { sharedServices } from '../support/world.ts';

type Event = Parameters<LeadActivities['work']>[0];

const decided: Event[] = [];
const acts: string[] = [];
let applied = 0;
let stop: () => Promise<void>;
let connection: Connection;
let native: NativeConnection;
let namespace: string;

/** Every tenth event takes a moment, every seventh leaves its plan to the applier, an event of kind `end` ends the lead. */
const leads = {
  work: async (event: Event) => {
    const number = Number(event.inboxId.split('-')[1]);
    if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
    decided.push(event);
    const ended = event.kind === 'end' ? ('gone' as const) : null;
    return { verdict: { ...quietVerdict, dirty: number % 7 === 0, ended }, decided: true, acted: false, event: null };
  },
  park: async () => undefined,
  plan: async () => null,
  recordAct: async (input: { actId: string; action: string }) => {
    acts.push(input.action);
    return {
      inboxId: 'act-0',
      kind: `operator.${input.action}`,
      at: new Date(0).toISOString(),
      state: 'paused' as const,
    };
  },
};
const ghl = {
  applyPlan: async () => {
    applied += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { applied: applied, event: null };
  },
};

beforeAll(async () => {
  quietRuntime();
  const services = await sharedServices();
  namespace = services.namespace;
  connection = await Connection.connect({ address: services.temporalAddress });
  native = await NativeConnection.connect({ address: services.temporalAddress });
  ({ stop } = await leadWorkers({ connection: native, namespace, leads, ghl }));
});

afterAll(async () => {
  await stop();
  await native.close();
  await connection.close();
});

describe('the mailbox of a lead', () => {
  it('works every signal once and in order, across continue-as-new and while the applier comes and goes', async () => {
    const client = clientOf(connection, namespace);
    const mailbox = createLeadMailbox(client, { timeoutMs: 60_000 });
    const ref = freshRef();
    const total = 620;
    for (let start = 0; start < total; start += 20) {
      // Waves with pauses of random length, so that signals meet every point of the loop: idle, working, continuing as new.
      for (let index = start; index < start + 20; index += 1) {
        await mailbox.deliver(ref, {
          inboxId: `event-${index}`,
          kind: 'contact.updated',
          at: new Date().toISOString(),
        });
      }
      await new Promise((resolve) => setTimeout(resolve, (start * 7919) % 40));
    }
    const handle = client.workflow.getHandle(leadWorkflowId(ref.locationId, ref.contactId));
    await until(
      () => new Set(decided.filter((one) => one.contactId === ref.contactId).map((one) => one.inboxId)).size >= total,
    );
    const seen = decided
      .filter((one) => one.contactId === ref.contactId)
      .map((one) => Number(one.inboxId.split('-')[1]));
    // A local activity may repeat when its workflow task did; what counts is that none is missing and none overtakes.
    const firsts = [...new Set(seen)];
    expect(firsts).toHaveLength(total);
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    const view = await handle.query<LeadView>('state');
    expect(view.worked).toBeLessThanOrEqual(501);
    expect(applied).toBeGreaterThan(0);
    await handle.terminate();
  });

  it('loses no signal that meets the end of a run: the lead starts again for it', async () => {
    const client = clientOf(connection, namespace);
    const mailbox = createLeadMailbox(client, { timeoutMs: 60_000 });
    const ref = freshRef();
    const total = 150;
    for (let index = 0; index < total; index += 1) {
      const kind = index % 3 === 0 ? 'end' : 'contact.updated';
      await mailbox.deliver(ref, { inboxId: `event-${index}`, kind, at: new Date().toISOString() });
    }
    await until(
      () => new Set(decided.filter((one) => one.contactId === ref.contactId).map((one) => one.inboxId)).size >= total,
    );
    expect(new Set(decided.filter((one) => one.contactId === ref.contactId).map((one) => one.inboxId)).size).toBe(
      total,
    );
  });

  it('answers an act at once, also when it starts the workflow, and writes it down in its turn', async () => {
    const client = clientOf(connection, namespace);
    const ref = freshRef();
    const answer = await createLeadActs(client, { timeoutMs: 60_000 }).act(ref, 'pause', { inboxId: 'event-1' });
    expect(answer).toEqual({ state: 'paused' });
    const handle = client.workflow.getHandle(leadWorkflowId(ref.locationId, ref.contactId));
    const direct = await handle.executeUpdate<{ state: string }, [object]>('takeOver', { args: [{}] });
    expect(direct).toEqual({ state: 'taken-over' });
    await until(() => acts.includes('takeOver'));
    await handle.terminate();
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
