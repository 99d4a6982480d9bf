import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import type { Deps } from '../../activities/deps.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { CrmRecordStore } from '../../domain/ports/crm-records.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import type { Worked } from '../../workflows/activities.ts';
import { type TestDatabase, createTestDatabase } from './database.ts';
import { crmMaker, recordingLog } from './ghl-crm.ts';
import { partsOf } from './parts.ts';
import { inboxEvent, installLocation, newRef } from './records.ts';
import { type Sends, sendsIn } from './sends.ts';

/** Events of a test's own location and lead, through the real inbox and levels; a test file has one of these worlds. */
const log = recordingLog();
const { crmAt: at, closeAll } = crmMaker(log);
export const crmAt = at;
export let db: TestDatabase;
export let sends: Sends;
export let records: CrmRecordStore;
export let ref: LeadRef;
let clock: number;

export async function openEvents(): Promise<void> {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  records = createCrmRecordStore(db.tenants);
}

export async function closeEvents(): Promise<void> {
  await closeAll();
  await db.drop();
}

/** A location and a lead that no other test knows. */
export async function beginEvents(): Promise<void> {
  ref = newRef();
  clock = Date.now() - 60_000;
  await installLocation(sends.locations, ref.locationId);
}

/** From here on the events are of another lead. */
export function turnTo(another: LeadRef): void {
  ref = another;
}

/** No CRM answers here: whatever an event brings about must come from the event and the store. */
function depsOf(echoGuard = true): Deps {
  const bench = { taskDelayMs: 0, serial: false, echoGuard };
  return partsOf(db.tenants, sends, { log, records, bench, crm: crmAt('http://127.0.0.1:9') });
}

/** A second later by the vendor's clock each time. */
export function stamp(): string {
  clock += 1_000;
  return new Date(clock).toISOString();
}

export async function accept(
  type: string,
  fields: object,
  to: Partial<LeadRef> = ref,
): Promise<{ inboxId: string; contactId: string | null }> {
  const body = { type, ...to, timestamp: stamp(), ...fields };
  const { kind, contactId = null } = readEnvelope('marketplace', body);
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, {
      ...{ type, kind, contactId, locationId: to.locationId ?? null, occurredAt: body.timestamp },
      body: Buffer.from(JSON.stringify(body)),
    }),
  );
  return { inboxId, contactId };
}

interface Outcome {
  readonly decided: boolean;
  readonly verdict: string | undefined;
  readonly reason: string | null | undefined;
}

/** One event through inbox and levels. */
export async function work(type: string, fields: object, { echoGuard = true } = {}): Promise<Outcome> {
  const { inboxId } = await accept(type, fields);
  const deps = depsOf(echoGuard);
  const { decided }: Worked = await new MockActivityEnvironment().run(
    createLeadActivities(deps, createAtOnce(deps)).work,
    { ...ref, inboxId, kind: type, at: stamp(), thenAct: false },
  );
  const row = await sends.inbox.load(inboxId);
  return { decided, verdict: row?.verdict, reason: row?.reason };
}

export const worked: Outcome = { decided: true, verdict: 'worked', reason: null };
export const twin: Outcome = { decided: false, verdict: 'ignored', reason: 'twin: nothing new' };
export const nothingNew: Outcome = { decided: false, verdict: 'ignored', reason: 'echo: nothing new' };
export const echo: Outcome = { decided: false, verdict: 'ignored', reason: 'echo: our own write' };

export const opportunity = (change: object = {}) => ({
  ...{
    id: 'O1',
    pipelineId: 'P',
    pipelineStageId: 'S1',
    status: 'open',
    name: 'River home',
    monetaryValue: 5,
    assignedTo: null,
  },
  ...change,
});

export async function told(): Promise<string[]> {
  const { items } = await sends.leads.timeline(ref, 50);
  return items
    .filter(({ kind }) => kind === 'event')
    .map(({ summary }) => summary)
    .toReversed();
}
