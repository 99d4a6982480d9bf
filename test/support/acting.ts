import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import { createCrmActivities } from '../../activities/crm.ts';
import type { Deps } from '../../activities/deps.ts';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { optOutAtTheDoor } from '../../api/door-opt-out.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings, type SettingsChanges } from '../../domain/leads/settings.ts';
import type { ScoreFacts } from '../../domain/scoring/score.ts';
import { fallbackName, scoreByRules } from '../../domain/scoring/scorecard.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import { createCrmActionStore } from '../../integrations/postgres/crm-actions.ts';
import type { ApplyResult, TouchResult } from '../../workflows/activities.ts';
import { createTestDatabase } from './database.ts';
import { crmMaker, recordingLog } from './ghl-crm.ts';
import { type Answered, control, ledger, removeHome, startStandIn } from './ghl-standin.ts';
import { partsOf } from './parts.ts';
import { inboxEvent, newRef } from './records.ts';
import { sendsIn } from './sends.ts';
import { until } from './until.ts';

export const PIPELINE = 'pipe0000000000000001';
export const WORKFLOW = 'flow0000000000000001';
/** Stages of the pipeline, in their order. */
export const STAGES = ['stageNew', 'stageTalk', 'stageQuestions', 'stageReady', 'stageClosing'] as const;
const USER = 'user0000000000000001';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: Answered;
  readonly by?: string;
}

export type Acting = Awaited<ReturnType<typeof startActing>>;

/**
 * Levels, applier and touches of a lead with the real stores and the GHL stand-in, called as the workflow calls them. A process that
 * dies is a pause that throws: what it held in memory is gone, and whoever goes on has the database and the CRM.
 */
export async function startActing() {
  const db = await createTestDatabase();
  const standIn = await startStandIn();
  const sends = sendsIn(db.tenants);
  const log = recordingLog();
  const { crmAt, closeAll } = crmMaker(log);
  const world = {
    ...{ ref: newRef(), score: 40, ahead: 0, dies: undefined as string | undefined },
    mode: 'sandbox' as Deps['mode'],
    /** What somebody else does right before the first call of a plan. */
    meanwhile: undefined as (() => Promise<unknown>) | undefined,
  };
  const actions = createCrmActionStore(db.tenants);

  const deps = (): Deps =>
    partsOf(db.tenants, sends, {
      ...{ log, actions, now, mode: world.mode },
      crm: crmAt(standIn.url, { tokens: sends.tokens, timeoutMs: 20_000 }),
      model: {
        ...{ name: fallbackName, healthy: false, close: () => Promise.resolve() },
        score: (facts) => Promise.resolve(facts.map(scored)),
      },
      pauses: {
        at: async (point) => {
          if (point === 'apply.before-call') await world.meanwhile?.();
          if (point !== world.dies) return;
          world.dies = undefined;
          throw new Error(`killed at ${point}`);
        },
      },
      personHash,
    });

  function now(): Date {
    return new Date(Date.now() + world.ahead * 60_000);
  }

  /** As high as the test wants it. */
  function scored(facts: ScoreFacts) {
    const tier = world.score >= 70 ? ('hot' as const) : world.score >= 50 ? ('warm' as const) : ('cold' as const);
    return { ...scoreByRules(facts), value: world.score, tier };
  }

  /** A location and a contact that no other test knows. */
  async function begin(changes: SettingsChanges = {}, contact: object = {}): Promise<LeadRef> {
    const ref = newRef();
    const { locationId, contactId } = ref;
    Object.assign(world, { ref, score: 40, ahead: 0, dies: undefined, meanwhile: undefined, mode: 'sandbox' });
    await control(standIn, 'faults', undefined, 'DELETE');
    await control(standIn, 'index', { lagMs: 0 });
    const token = `pit-${locationId}`;
    await control(standIn, 'locations', { id: locationId, name: 'Example Realty', _token: token });
    await control(standIn, 'limits', { locationId, disabled: true });
    await control(
      standIn,
      'customFields',
      ['lead_score:NUMERICAL', 'lead_tier:TEXT', 'budget:MONETORY', 'preferred_location:TEXT', 'timeline:TEXT'].map(
        (field) => {
          const [key, dataType] = field.split(':') as [string, string];
          return { id: fieldId(key), locationId, name: key, fieldKey: `contact.${key}`, dataType, model: 'contact' };
        },
      ),
    );
    await control(standIn, 'pipelines', {
      ...{ id: PIPELINE, locationId, name: 'Buyers' },
      stages: STAGES.map((stage, position) => ({ id: `${stage}-${locationId}`, name: stage, position })),
    });
    await control(standIn, 'workflows', { id: WORKFLOW, locationId, name: 'Notify the agent', status: 'published' });
    await control(standIn, 'users', { id: USER, locationId, name: 'Agent', email: 'agent@example.com' });
    await control(standIn, 'contacts', {
      ...{ id: contactId, locationId, firstName: 'Robin', phone: '+12125550142', email: 'robin@example.com' },
      ...{ tags: ['Hit List'], customFields: [], ...contact },
    });
    await sends.locations.add({
      ...{ locationId, companyId: null, name: 'Example Realty', timezone: 'America/New_York', token },
      settings: defaultSettings,
      changes,
      workflowSecretHash: randomUUID(),
    });
    return ref;
  }

  /** One event through the door's rule of opt-outs, the inbox and levels 0 to 3. */
  async function happens(type: string, fields: object): Promise<void> {
    const { ref } = world;
    const body = { type, ...ref, id: ref.contactId, timestamp: now().toISOString(), ...fields };
    const envelope = readEnvelope('marketplace', body);
    const optOut = await optOutAtTheDoor({ leads: sends.leads, hashPerson: personHash }, 'marketplace', envelope, body);
    const { inboxId } = await sends.inbox.accept(
      inboxEvent(ref, {
        ...{ type, kind: envelope.kind, occurredAt: body.timestamp, body: Buffer.from(JSON.stringify(body)) },
        ...(optOut === undefined ? {} : { optOut }),
      }),
    );
    await work(inboxId, envelope.kind);
  }

  async function work(inboxId: string, kind: string): Promise<void> {
    await db.pool.query('update inbox set received_at = $2 where inbox_id = $1', [inboxId, now()]);
    const mine = deps();
    const { work: run } = createLeadActivities(mine, createAtOnce(mine));
    const at = now().toISOString();
    await new MockActivityEnvironment().run(run, { ...world.ref, inboxId, kind, at, thenAct: false });
  }

  const says = (words: string) =>
    happens('InboundMessage', {
      ...{
        messageType: 'SMS',
        direction: 'inbound',
        body: words,
        messageId: randomUUID(),
        contactId: world.ref.contactId,
      },
      dateAdded: now().toISOString(),
    });

  const apply = (): Promise<ApplyResult> => {
    const mine = deps();
    return new MockActivityEnvironment().run(createCrmActivities(mine, createAtOnce(mine)).applyPlan, world.ref);
  };

  /** Events that the applier found, worked; then the applier again, until there is nothing more. */
  async function settle(): Promise<void> {
    for (let { event } = await apply(); event !== null; { event } = await apply())
      await work(event.inboxId, event.kind);
  }

  const touch = (minutes = world.ahead): Promise<TouchResult> => {
    world.ahead = minutes;
    return new MockActivityEnvironment().run(createFollowUpActivities(deps()).touch, world.ref);
  };

  /** Dies at the pause point; everything before it has happened. */
  async function killed(point: string, run: () => Promise<unknown>): Promise<void> {
    world.dies = point;
    await run().catch(() => undefined);
    if (world.dies !== undefined) throw new Error(`nobody came by ${point}`);
  }

  const state = async (): Promise<Answered> => (await control(standIn, 'state', undefined, 'GET')).body;

  async function contact(): Promise<Answered> {
    const { contacts } = await state();
    const found = (contacts as unknown as Answered[]).find(({ id }) => (id as unknown) === world.ref.contactId);
    if (found === undefined) throw new Error('the contact is not in the CRM');
    return found;
  }

  return {
    ...{
      db,
      standIn,
      sends,
      actions,
      world,
      log,
      begin,
      happens,
      work,
      says,
      apply,
      settle,
      touch,
      killed,
      state,
      contact,
    },
    /** Somebody of the team does this in GHL. */
    person: (method: string, path: string, body?: object) =>
      control(standIn, 'act', { userId: USER, locationId: world.ref.locationId, method, path, body }),
    faults: (fault: object) => control(standIn, 'faults', fault),
    /** A call has met each fault: one that is to be delayed is under way. */
    met: () =>
      until(async () => {
        const { body } = await control(standIn, 'faults', undefined, 'GET');
        return (body['faults'] as unknown as unknown[]).length === 0;
      }),
    tags: async () => ((await contact())['tags'] as unknown as string[]).map((tag) => tag.toLowerCase()).sort(),
    field: async (key: string): Promise<unknown> => {
      const fields = (await contact())['customFields'] as unknown as { id: string; value: unknown }[];
      return fields.find(({ id }) => id === fieldId(key))?.value;
    },
    fieldId,
    stage: (stage: (typeof STAGES)[number]) => `${stage}-${world.ref.locationId}`,
    /** Stages as the settings want them for a lead's stage. */
    pipeline: (locationId: string, backwards = false) => ({
      ...{ pipelineId: PIPELINE, backwards },
      stages: Object.fromEntries(
        (['new', 'engaged', 'qualifying', 'qualified'] as const).map((stage, at) => [
          stage,
          `${STAGES[at]}-${locationId}`,
        ]),
      ),
    }),
    settings: async (changes: SettingsChanges) => {
      const { locationId } = world.ref;
      await db.pool.query('update locations set settings = settings || $2 where location_id = $1', [
        locationId,
        changes,
      ]);
    },
    /** Calls about this lead, by us unless told. */
    calls: async (match: (call: Call) => boolean = () => true): Promise<Call[]> => {
      const { calls } = (await ledger(standIn)) as unknown as {
        calls: (Call & { contactId?: string; locationId?: string })[];
      };
      return calls.filter((call) => call.locationId === world.ref.locationId && call.by === undefined && match(call));
    },
    told: async () => (await sends.leads.timeline(world.ref, 100)).items.map(({ summary }) => summary),
    did: async () =>
      (await actions.list(world.ref, 100)).items.map(({ kind, target, before, after }) => ({
        kind,
        target,
        before,
        after,
      })),
    end: async () => {
      await closeAll();
      await standIn.end('SIGTERM');
      removeHome(standIn);
      await db.drop();
    },
  };

  function fieldId(key: string): string {
    return `${key}-${world.ref.locationId}`;
  }
}

function personHash(address: string): string {
  return `hash of ${address}`;
}
