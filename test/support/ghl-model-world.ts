import { randomUUID } from 'node:crypto';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import type { StagePositions } from './ghl-model.ts';
import type { Books, Call, Names } from './ghl-model-compare.ts';
import { teamFields } from './ghl-model-story.ts';
import { until } from './until.ts';

/** A running product seen from outside: its API, its database, and the stand-in that it talks to. */
export interface Running {
  readonly apiUrl: string;
  readonly ghlUrl: string;
  readonly apiToken: string;
  sql<T extends object>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** A team with its fields, pipelines and a workflow, in the stand-in and installed in the product. */
export interface Team {
  readonly running: Running;
  readonly locationId: string;
  readonly userId: string;
  readonly settings: LocationSettings;
  readonly stages: StagePositions;
  readonly pipelineId: string;
  readonly stageIds: readonly string[];
  readonly otherPipelineId: string;
  readonly otherStageIds: readonly string[];
  readonly workflowId: string;
  /** Key → id. */
  readonly fieldIds: Readonly<Record<string, string>>;
}

const id = (kind: string): string => `${kind}${randomUUID().replaceAll('-', '').slice(0, 17)}`;

/** Fields that the location has; `contact.timeline` is missing on purpose: what a rule writes there is left out. */
const numbers = ['contact.lead_score', 'contact.page_views', 'contact.property_matches'];
const texts = [
  'contact.lead_tier',
  'contact.budget',
  'contact.preferred_location',
  'contact.last_event',
  ...teamFields,
];

export async function furnishTeam(running: Running, changes: Partial<LocationSettings> = {}): Promise<Team> {
  const locationId = id('loc');
  const user = {
    id: id('usr'),
    name: 'Sample Agent',
    roles: { type: 'account', role: 'user', locationIds: [locationId] },
  };
  const fieldIds = Object.fromEntries([...numbers, ...texts].map((key) => [key, id('fld')]));
  const [pipelineId, otherPipelineId, workflowId] = [id('pip'), id('pip'), id('wfl')];
  const [stageIds, otherStageIds] = [6, 2].map((count) => Array.from({ length: count }, () => id('stg'))) as [
    string[],
    string[],
  ];
  const stagesOf = (ids: string[]) =>
    ids.map((stage, position) => ({ id: stage, name: `Stage ${position}`, position }));
  const seed = (name: string, body: object): Promise<unknown> => control(running, 'POST', name, body);
  await seed('locations', { id: locationId, name: 'Sample Realty', timezone: 'America/Chicago' });
  await seed('users', user);
  await seed(
    'customFields',
    Object.entries(fieldIds).map(([fieldKey, fieldId]) => ({
      ...{ id: fieldId, locationId, fieldKey, name: fieldKey, model: 'contact' },
      dataType: numbers.includes(fieldKey) ? 'NUMERICAL' : 'TEXT',
    })),
  );
  await seed('pipelines', [
    { id: pipelineId, locationId, name: 'Buyers', stages: stagesOf(stageIds) },
    { id: otherPipelineId, locationId, name: 'Rentals', stages: stagesOf(otherStageIds) },
  ]);
  await seed('workflows', { id: workflowId, locationId, name: 'Tell the agent', status: 'published', version: 1 });
  const [fresh, engaged, qualifying, qualified] = stageIds as [string, string, string, string];
  const chosen = {
    consentTags: { 'sms-consent': ['sms', 'email'] as const },
    workflows: { notifyAgent: workflowId },
    pipeline: { pipelineId, stages: { new: fresh, engaged, qualifying, qualified }, backwards: false },
    ...changes,
  };
  await api(running, 'POST', '/api/locations', {
    ...{ locationId, token: `pit-${locationId}`, name: 'Sample Realty', timezone: 'America/Chicago' },
  });
  await api(running, 'PATCH', `/api/locations/${locationId}/settings`, { changes: chosen });
  return {
    ...{
      running,
      locationId,
      userId: user.id,
      pipelineId,
      stageIds,
      otherPipelineId,
      otherStageIds,
      workflowId,
      fieldIds,
    },
    settings: { ...defaultSettings, ...chosen },
    stages: { new: 0, engaged: 1, qualifying: 2, qualified: 3 },
  };
}

export async function control<T>(
  running: Pick<Running, 'ghlUrl'>,
  method: string,
  route: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${running.ghlUrl}/_sandbox/${route}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the stand-in refused ${route}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function api<T>({ apiUrl, apiToken }: Running, method: string, path: string, body: object): Promise<T> {
  const response = await fetch(apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

export async function booksOf({ running, locationId }: Team): Promise<Books> {
  const [state, { calls }] = await Promise.all([
    control<Omit<Books, 'calls'>>(running, 'GET', 'state'),
    control<{ calls: Call[] }>(running, 'GET', 'ledger'),
  ]);
  return { ...state, calls: calls.filter((call) => call.locationId === locationId) };
}

export function namesOf(team: Team, contactIds: readonly string[]): Names {
  const { pipelineId, stageIds, otherStageIds, workflowId, fieldIds } = team;
  return {
    contactIds,
    fieldKeys: new Map(Object.entries(fieldIds).map(([key, fieldId]) => [fieldId, key])),
    ...{ pipelineId, workflowId },
    positions: new Map(
      [...stageIds.entries(), ...otherStageIds.entries()].map(([position, stage]) => [stage, position]),
    ),
  };
}

interface Waiting {
  /** Events that are not worked yet. */
  readonly open: number;
  /** Leads whose plan is ahead of what was applied. */
  readonly ahead: number;
  /** Sends that are to be made or whose outcome nobody has begun to find out, also a message whose gate is asked again within minutes. */
  readonly sends: number;
  /** Leads for whom something is due now. */
  readonly due: number;
}

export async function waitingOf({ running, locationId }: Pick<Team, 'running' | 'locationId'>): Promise<Waiting> {
  const [row] = await running.sql<Waiting>(
    `select (select count(*)::int from inbox where location_id = $1 and worked_at is null) as open,
      (select count(*)::int from leads where location_id = $1 and plan is not null and plan_version > plan_applied) as ahead,
      (select count(*)::int from outbox where location_id = $1
        and (state in ('sending', 'not-sent') or (state = 'claimed' and channel not in ('sms', 'email'))
          or (state = 'unknown' and check_at is null)))
        + (select count(*)::int from outbox o
            join enrolments e using (location_id, contact_id, enrolment_id) join leads l using (location_id, contact_id)
          where o.location_id = $1 and o.state = 'claimed' and e.status = 'active' and l.state = 'active'
            and coalesce(e.not_before, now()) < now() + interval '10 minutes') as sends,
      (select count(*)::int from leads where location_id = $1 and state = 'active' and next_at <= now()) as due`,
    [locationId],
  );
  return row!;
}

/**
 * Nothing of the location is under way any more, and not for a moment only: what one step leaves, the next may take up a moment later.
 * @throws after `limitMs`, with what is waited for
 */
export async function calm(team: Pick<Team, 'running' | 'locationId'>, limitMs: number): Promise<void> {
  let calmFor = 0;
  let left: Waiting | undefined;
  const isCalm = async (): Promise<boolean> => {
    left = await waitingOf(team);
    const { open, ahead, sends, due } = left;
    calmFor = open + ahead + sends + due === 0 ? calmFor + 1 : 0;
    return calmFor >= 25;
  };
  try {
    await until(isCalm, limitMs);
  } catch (error) {
    throw new Error(`not calm within ${limitMs} ms: ${JSON.stringify({ left, ...(await heldUp(team)) })}`, {
      cause: error,
    });
  }
}

/** Of what is waited for, what it waits for: no more than tells where to look. */
async function heldUp({ running, locationId }: Pick<Team, 'running' | 'locationId'>): Promise<object> {
  const [sends, leads] = await Promise.all([
    running.sql(
      `select o.channel, o.state, o.reason, o.checks, o.check_at, o.sending_at, e.not_before, o.contact_id
        from outbox o left join enrolments e using (location_id, contact_id, enrolment_id)
        where o.location_id = $1 and o.state in ('claimed', 'sending', 'not-sent', 'unknown') order by o.claimed_at limit 20`,
      [locationId],
    ),
    running.sql(
      `select contact_id, state, plan_version, plan_applied, next_at from leads
        where location_id = $1 and (plan is not null and plan_version > plan_applied or state = 'active' and next_at <= now()) limit 20`,
      [locationId],
    ),
  ]);
  return { sends, leads };
}

/** Sends whose outcome the product does not know, or that it has left to a human: rightly neither sent nor repeated. */
export async function unsettledSends({ running, locationId }: Team): Promise<{ contactId: string; state: string }[]> {
  return running.sql(
    `select contact_id as "contactId", state from outbox where location_id = $1 and state in ('unknown', 'parked')`,
    [locationId],
  );
}
