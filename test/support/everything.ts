import { Client, type Connection } from '@temporalio/client';
import type { Pool } from '../../integrations/postgres/pool.ts';
import type { Brokerage, Contact } from './brokerage.ts';
import { stateOf } from './location-state.ts';
import { until } from './until.ts';

const SETTLES_WITHIN_MS = 180_000;

export interface Everything {
  readonly rows: Record<string, string>;
  readonly workflows: readonly object[];
  readonly calls: readonly unknown[];
}

/** All that is stored of a location, its leads' workflows, and each call that was made for it, once nothing of it is under way. */
export async function everythingOf(
  team: Brokerage,
  contacts: readonly Contact[],
  { owner, temporal }: { readonly owner: Pick<Pool, 'query'>; readonly temporal: Connection },
): Promise<Everything> {
  let last = '';
  let now: Everything | undefined;
  await until(async () => {
    await team.settled(SETTLES_WITHIN_MS);
    const looked = await Promise.all(contacts.map((contact) => lookAt(team, contact, temporal)));
    // A workflow whose worker is late looks as one that waits, but for this.
    const atWork = looked.some(({ raw }) => raw.pendingWorkflowTask || raw.pendingActivities?.length);
    now = {
      rows: await stateOf(owner, team.locationId),
      workflows: looked.map(({ workflow }) => workflow),
      calls: (await team.ledger()).map(({ n, method, path, status }) => `${n} ${method} ${path} ${status}`),
    };
    const still = !atWork && (await open(team)) === 0 && JSON.stringify(now) === last;
    last = JSON.stringify(now);
    return still;
  }, SETTLES_WITHIN_MS);
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

export async function workflowOf(
  team: Brokerage,
  contact: Contact,
  temporal: Connection,
): Promise<{ runId: string; historyLength: number; status: string }> {
  return (await lookAt(team, contact, temporal)).workflow;
}

async function lookAt(team: Brokerage, contact: Contact, temporal: Connection) {
  const handle = new Client({ connection: temporal }).workflow.getHandle(`lead:${team.locationId}:${contact.id}`);
  const { runId, historyLength, status, raw } = await handle.describe();
  return { raw, workflow: { runId, historyLength, status: status.name } };
}
