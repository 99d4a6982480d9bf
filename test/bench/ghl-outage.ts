import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '../support/ghl-model-compare.ts';
import { calm, control, furnishTeam, type Team, waitingOf } from '../support/ghl-model-world.ts';
import type { GhlWorld } from './ghl-world.ts';

const EVENTS_OF_A_LEAD = 5;
const WARM_MS = 15_000;
/** Of the neighbour, new leads per second. */
const RATE = 1;
const LIMIT_MS = 1_200_000;

export interface OutageFigures {
  /** Milliseconds from an event at the door to the last write that it leads to, at the location whose CRM is up. */
  readonly normal: readonly number[];
  readonly during: readonly number[];
  /** Leads of the neighbour that were brought to their plan before the other location was back. */
  readonly appliedMeanwhile: number;
  /** Events of the location that was cut off which are not worked, and leads whose plan is not in the CRM, once it is back. */
  readonly notApplied: number;
  readonly writtenTwice: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

interface Lead {
  readonly id: string;
  readonly firstName: string;
  readonly email: string;
  readonly tags: readonly string[];
  readonly source: string;
}

/**
 * The CRM of one location is gone for a while: half of its calls hang, half are answered 503. Meanwhile its events come in as before, and
 * so do those of a neighbour, whose times are compared with the same load while both are up.
 */
export async function measureOutage(
  world: Pick<GhlWorld, 'running' | 'line'>,
  { outageMs, events, normalMs }: { readonly outageMs: number; readonly events: number; readonly normalMs: number },
  say: (line: string) => void,
): Promise<OutageFigures> {
  const { running } = world;
  const [down, other] = [
    await furnishTeam(running, { pipeline: null }),
    await furnishTeam(running, { pipeline: null }),
  ];
  for (const { locationId } of [down, other]) {
    await control(running, 'POST', 'limits', { locationId, max: 2_000, intervalMs: 10_000 });
  }
  const door = doorOf(world);
  const perSecond = (events * 1_000) / outageMs;
  say(`outage: ${normalMs / 1_000} s with both locations up`);
  const leadsFor = (ms: number): Promise<Lead[]> =>
    seeded(down, Math.ceil((perSecond * ms) / 1_000 / EVENTS_OF_A_LEAD));
  await bothAt(door, { down, downLeads: await leadsFor(WARM_MS), other, perSecond, forMs: WARM_MS });
  await Promise.all([calm(down, LIMIT_MS), calm(other, LIMIT_MS)]);
  const normal = await bothAt(door, { down, downLeads: await leadsFor(normalMs), other, perSecond, forMs: normalMs });
  await Promise.all([calm(down, LIMIT_MS), calm(other, LIMIT_MS)]);
  say(`outage: ${outageMs / 1_000} s with one location cut off`);
  const cut = await seeded(down, Math.ceil(events / EVENTS_OF_A_LEAD));
  await cutOff(down, cut);
  const during = await bothAt(door, { down, downLeads: cut, other, perSecond, forMs: outageMs });
  const backlog = await waitingOf(down);
  await calm(other, LIMIT_MS);
  const callsDuring = await ledgerOf(running);
  await control(running, 'DELETE', 'faults');
  const backAt = Date.now();
  await calm(down, LIMIT_MS);
  const calls = await ledgerOf(running);
  const written = cut.map(({ id }) => writesOf(calls, id));
  const [open] = await running.sql<{ open: number }>(
    `select count(*)::int as open from inbox where location_id = $1 and verdict not in ('worked', 'ignored')`,
    [down.locationId],
  );
  const times = (leads: readonly Sent[]): number[] => leads.flatMap((sent) => appliedAfter(calls, sent));
  return {
    normal: times(normal),
    during: times(during),
    appliedMeanwhile: during.filter((sent) => appliedAfter(callsDuring, sent).length > 0).length,
    notApplied: open!.open + written.filter(({ tags, fields }) => tags === 0 || fields === 0).length,
    writtenTwice: written.filter(({ repeated }) => repeated).length,
    parts: {
      ...{ outageSeconds: outageMs / 1_000, events: cut.length * EVENTS_OF_A_LEAD, leads: cut.length, perSecond },
      ...{ neighbourPerSecond: RATE, backlogAtTheEnd: backlog, callsThatFailed: failedCalls(callsDuring, cut) },
      secondsUntilAllApplied: (Date.now() - backAt) / 1_000,
    },
  };
}

interface Sent {
  readonly id: string;
  readonly at: number;
}

/** Both locations get events evenly spaced, whatever became of the earlier ones; answers the neighbour's. */
async function bothAt(
  door: Door,
  {
    down,
    downLeads,
    other,
    perSecond,
    forMs,
  }: {
    readonly down: Team;
    readonly downLeads: readonly Lead[];
    readonly other: Team;
    readonly perSecond: number;
    readonly forMs: number;
  },
): Promise<Sent[]> {
  const story = downLeads.flatMap((lead) => [
    created(lead),
    ...Array.from({ length: EVENTS_OF_A_LEAD - 1 }, (_none, at) => wrote(lead, `Is number ${at} near a park?`)),
  ]);
  const leads = await seeded(other, Math.floor((RATE * forMs) / 1_000));
  const sent: Sent[] = [];
  const shots = [
    ...story.map((event, at) => ({ at: (at * 1_000) / perSecond, shoot: () => door(down, event) })),
    ...leads.map((lead, at) => ({
      at: (at * 1_000) / RATE,
      shoot: () => {
        sent.push({ id: lead.id, at: Date.now() });
        return door(other, created(lead));
      },
    })),
  ].toSorted((a, b) => a.at - b.at);
  const began = Date.now();
  const under: Promise<void>[] = [];
  for (const { at, shoot } of shots) {
    const left = began + at - Date.now();
    if (left > 0) await pause(left);
    under.push(shoot());
  }
  await Promise.all(under);
  return sent;
}

type Door = (team: Team, event: Record<string, unknown>) => Promise<void>;

/** Posts an event as the vendor would: signed, and again until it is taken. */
function doorOf({ running, line }: Pick<GhlWorld, 'running' | 'line'>): Door {
  const key = createPrivateKey(readFileSync(line.webhookKey!));
  return async ({ locationId }, event) => {
    const { appId } = line;
    const envelope = {
      locationId,
      appId,
      versionId: appId,
      webhookId: randomUUID(),
      timestamp: new Date().toISOString(),
    };
    const body = Buffer.from(JSON.stringify({ ...event, ...envelope }));
    const headers = { 'content-type': 'application/json', 'x-ghl-signature': sign(null, body, key).toString('base64') };
    for (;;) {
      const { ok, status } = await fetch(`${running.apiUrl}/webhooks/ghl`, { method: 'POST', headers, body });
      if (ok) return;
      if (status !== 429) throw new Error(`the door answered ${status}`);
      await pause(500);
    }
  };
}

let people = 0;

async function seeded(team: Team, count: number): Promise<Lead[]> {
  const leads = Array.from({ length: count }, (): Lead => {
    people += 1;
    const id = `out${randomUUID().replaceAll('-', '').slice(0, 17)}`;
    return { id, firstName: `Sample${people}`, email: `${id}@example.com`, tags: ['Hit List'], source: 'referral' };
  });
  const { locationId, running } = team;
  await control(
    running,
    'POST',
    'contacts',
    leads.map((lead) => ({ ...lead, locationId })),
  );
  return leads;
}

function created(lead: Lead): Record<string, unknown> {
  return { type: 'ContactCreate', ...lead };
}

function wrote(lead: Lead, body: string): Record<string, unknown> {
  return {
    ...{ type: 'InboundMessage', contactId: lead.id, conversationId: `con${lead.id}`, messageId: randomUUID() },
    ...{ direction: 'inbound', messageType: 'SMS', status: 'delivered', body, dateAdded: new Date().toISOString() },
  };
}

/** Everything that is asked about these leads and about their location fails until the faults are taken away. */
async function cutOff({ running, locationId }: Team, leads: readonly Lead[]): Promise<void> {
  const fault = (path: string, how: object): Promise<unknown> =>
    control(running, 'POST', 'faults', { match: { path }, times: 1_000_000, ...how });
  await fault(`/locations/${locationId}/*`, { status: 503 });
  for (const [at, { id }] of leads.entries()) {
    const how = at % 2 === 0 ? { hang: true } : { status: 503 };
    await fault(`/contacts/${id}`, how);
    await fault(`/contacts/${id}/*`, how);
  }
}

async function ledgerOf(running: Team['running']): Promise<Call[]> {
  return (await control<{ calls: Call[] }>(running, 'GET', 'ledger')).calls;
}

type Timed = Call & { readonly at: string };

function isWrite(call: Call, contactId: string): boolean {
  if (call.by !== undefined || call.status < 200 || call.status >= 300) return false;
  return (
    call.path === `/contacts/${contactId}/tags` || (call.method === 'PUT' && call.path === `/contacts/${contactId}`)
  );
}

function appliedAfter(calls: readonly Call[], { id, at }: Sent): number[] {
  const last = calls.filter((call) => isWrite(call, id)).at(-1) as Timed | undefined;
  return last === undefined ? [] : [Date.parse(last.at) - at];
}

function writesOf(calls: readonly Call[], id: string): { tags: number; fields: number; repeated: boolean } {
  const writes = calls.filter((call) => isWrite(call, id));
  const contents = writes.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`);
  return {
    tags: writes.filter(({ path, method }) => path.endsWith('/tags') && method === 'POST').length,
    fields: writes.filter(({ method }) => method === 'PUT').length,
    repeated: contents.some((content, at) => content === contents[at - 1]),
  };
}

function failedCalls(calls: readonly Call[], leads: readonly Lead[]): number {
  const ids = new Set(leads.map(({ id }) => id));
  return calls.filter(({ path, fault }) => fault === true && ids.has(path.split('/')[2] ?? '')).length;
}
