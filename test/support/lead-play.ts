import { randomBytes, randomInt } from 'node:crypto';
import proto from '@temporalio/proto';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ActInput, LeadAction, LeadView } from '../../workflows/contract.ts';
import { leadWorkflowId } from '../../workflows/contract.ts';
import { control, ledger } from './ghl-standin.ts';
import type { LeadEnv } from './lead-env.ts';
import { until } from './until.ts';

export const NEW_YORK = 'America/New_York';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** What a contact looks like in the CRM; `timezone` null: unknown. */
export interface Person {
  readonly phone?: string;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly timezone?: string | null;
  readonly tags?: readonly string[];
  readonly dndSettings?: object;
}

/** What reached the CRM for a contact, by its ledger; whatever GHL did not do (faults) counts as tried and not as done. */
export interface Effects {
  readonly sms: number;
  readonly email: number;
  readonly tasks: number;
  readonly triedSends: number;
}

/** Area codes of New York, a state without hours of its own: where the leads of these tests live. */
const areas = ['212', '315', '332', '347', '516', '518', '585', '607', '631', '646', '680', '716', '718', '845', '914'];
let phones = randomInt(0, areas.length * 10_000);

/** Nobody else's in this process. */
export function freshPhone(): string {
  phones = (phones + 1) % (areas.length * 10_000);
  return `+1${areas[Math.floor(phones / 10_000)]}555${String(phones % 10_000).padStart(4, '0')}`;
}

/** What a test does with leads, in the words of the business. */
export function playWith(env: LeadEnv) {
  const known: LeadRef[] = [];
  const handle = (ref: LeadRef) => env.client.workflow.getHandle(leadWorkflowId(ref.locationId, ref.contactId));

  /** A contact in the CRM that we have not heard of yet: activated, with written consent, in New York. */
  async function contact(person: Person = {}): Promise<LeadRef & { readonly body: Record<string, unknown> }> {
    const contactId = `con${randomBytes(8).toString('hex')}`;
    const { timezone, ...rest } = {
      ...{ firstName: 'Robin', lastName: 'Sample', phone: freshPhone(), email: `${contactId}@example.com` },
      ...{ timezone: NEW_YORK, tags: ['Hit List', 'sms-consent'] },
      ...person,
    };
    const body = { id: contactId, ...rest, country: 'US', dateAdded: env.time.now().toISOString(), dnd: false };
    const seeded = {
      ...body,
      locationId: env.locationId,
      ...(timezone === null ? {} : { timezone }),
      customFields: [],
    };
    const answer = await control(env.standIn, 'contacts', seeded);
    if (answer.status >= 300) throw new Error(`the stand-in did not take the contact: ${JSON.stringify(answer.body)}`);
    const ref = { locationId: env.locationId, contactId };
    known.push(ref);
    return { ...ref, body };
  }

  const applierWaits = (ref: LeadRef) => env.applierWaits(leadWorkflowId(ref.locationId, ref.contactId));

  async function view(ref: LeadRef): Promise<LeadView> {
    return handle(ref).query<LeadView>('state');
  }

  /** All that came in for the lead is worked, nothing is under way, and what is next, also of the applier, lies ahead. */
  async function settled(ref: LeadRef, withinMs = 60_000): Promise<LeadView> {
    let last: LeadView | undefined;
    await until(async () => {
      const { rowCount } = await env.pool.query(
        'select from inbox where location_id = $1 and contact_id = $2 and worked_at is null',
        [ref.locationId, ref.contactId],
      );
      if (rowCount !== 0) {
        await env.sweep();
        return false;
      }
      const seen = await view(ref);
      last = seen;
      if (seen.mailbox > 0 || seen.waitingFor === 'the message step under way') return false;
      await env.time.look();
      if (seen.applying && !applierWaits(ref)) return false;
      const { assistAt = null, assisting = false } = seen;
      if (assisting || (assistAt !== null && Date.parse(assistAt) <= env.time.now().getTime())) return false;
      return seen.nextAt === null || Date.parse(seen.nextAt) > env.time.now().getTime();
    }, withinMs).catch((error: unknown) => {
      throw new Error(`the lead does not settle: ${JSON.stringify(last)}`, { cause: error });
    });
    await until(() => idle(ref), withinMs);
    return last!;
  }

  /** This event of whichever lead is worked; its lead may have more to do. */
  async function worked(inboxId: string): Promise<void> {
    const found = async () =>
      env.pool.query('select from inbox where inbox_id = $1 and worked_at is not null', [inboxId]);
    await until(async () => (await found()).rowCount === 1);
  }

  /** The CRM has been brought to the plan: the server would wait for ever for an applier that the end of its lead cancels. */
  async function applied(ref: LeadRef): Promise<void> {
    await until(async () => !(await view(ref)).applying);
  }

  /** Nothing of the workflow is at a worker: one that is ended amid a task would hold the server's time for ever. */
  async function idle(ref: LeadRef): Promise<boolean> {
    const names = proto.temporal.api.enums.v1.EventType;
    const events = (await handle(ref).fetchHistory()).events ?? [];
    const count = (task: string, ...words: readonly string[]) => {
      const types = words.map((word) => names[`EVENT_TYPE_${task}_TASK_${word}` as keyof typeof names]);
      return events.filter(({ eventType }) => types.some((type) => type === eventType)).length;
    };
    const open = (task: string) =>
      count(task, 'SCHEDULED') - count(task, 'COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED');
    return open('WORKFLOW') === 0 && open('ACTIVITY') === (applierWaits(ref) ? 1 : 0);
  }

  async function end(ref: LeadRef): Promise<void> {
    const { status } = await handle(ref).describe();
    if (status.name !== 'RUNNING') return;
    await until(() => idle(ref));
    await handle(ref).terminate('the test is over');
  }

  /** The vendor reports the contact as new. */
  async function created(ref: LeadRef & { readonly body: object }, sentAt?: Date): Promise<string> {
    return env.deliver('ContactCreate', { ...ref.body }, sentAt);
  }

  async function message(type: 'InboundMessage' | 'OutboundMessage', ref: LeadRef, fields: object): Promise<string> {
    return env.deliver(type, {
      ...{ contactId: ref.contactId, conversationId: 'conversation00000001', attachments: [] },
      ...{ messageType: 'SMS', messageTypeId: 2, messageTypeString: 'TYPE_SMS', contentType: 'text/plain' },
      ...{ messageId: randomBytes(10).toString('hex'), dateAdded: env.time.now().toISOString(), ...fields },
    });
  }

  return {
    contact,
    created,
    view,
    settled,
    worked,
    applied,
    handle,
    /** A new contact, told of and worked: its first step is done, or waits for its hour. */
    async newLead(person: Person = {}) {
      const ref = await contact(person);
      await created(ref);
      await settled(ref);
      return ref;
    },
    says: (ref: LeadRef, body: string) =>
      message('InboundMessage', ref, { body, direction: 'inbound', status: 'delivered' }),
    /** Someone of the team writes to the lead by hand. */
    humanWrites: (ref: LeadRef, body: string) =>
      message('OutboundMessage', ref, { body, direction: 'outbound', source: 'app', userId: 'user0000000000000001' }),
    /** The contact's tags change in the CRM, and it says so. */
    async tags(ref: LeadRef & { readonly body: object }, tags: readonly string[]): Promise<void> {
      await control(env.standIn, 'contacts', { ...ref.body, locationId: ref.locationId, timezone: NEW_YORK, tags });
      await env.deliver('ContactTagUpdate', { ...ref.body, tags });
    },
    act: (ref: LeadRef, action: LeadAction, input: ActInput = {}) =>
      handle(ref).executeUpdate<{ state: string }, [ActInput]>(action, { args: [input] }),
    /** How many calls the CRM has had of us about a contact. */
    async calls(ref: LeadRef): Promise<number> {
      const { calls } = (await ledger(env.standIn)) as unknown as { calls: readonly Call[] };
      const about = ({ path, contactId, body }: Call) =>
        path.startsWith(`/contacts/${ref.contactId}`) || (contactId ?? body?.contactId) === ref.contactId;
      return calls.filter(about).length;
    },
    async effects(ref: LeadRef): Promise<Effects> {
      const { calls } = (await ledger(env.standIn)) as unknown as { calls: readonly Call[] };
      const about = (call: Call) => call.contactId ?? call.body?.contactId;
      const mine = calls.filter((call) => call.method === 'POST' && about(call) === ref.contactId);
      const sends = mine.filter((call) => call.path === '/conversations/messages');
      const done = (type: string) =>
        sends.filter(({ status, body }) => status < 300 && status > 0 && body?.type === type);
      const tasks = mine.filter((call) => call.path.endsWith('/tasks') && call.status < 300 && call.status > 0);
      return { sms: done('SMS').length, email: done('Email').length, tasks: tasks.length, triedSends: sends.length };
    },
    /** Rows of the outbox as `channel step state`, oldest first. */
    async outbox(ref: LeadRef): Promise<string[]> {
      const { rows } = await env.pool.query<{ line: string }>(
        `select concat_ws(' ', channel, step_key, state) as line from outbox
         where location_id = $1 and contact_id = $2 order by claimed_at, once_key`,
        [ref.locationId, ref.contactId],
      );
      return rows.map(({ line }) => line);
    },
    /** How its enrolments stand: `active`, or why they ended. */
    async enrolments(ref: LeadRef): Promise<string[]> {
      const { rows } = await env.pool.query<{ line: string }>(
        `select coalesce(ended_reason, status) as line from enrolments
         where location_id = $1 and contact_id = $2 order by enrolled_at`,
        [ref.locationId, ref.contactId],
      );
      return rows.map(({ line }) => line);
    },
    fault: (fault: object) =>
      control(env.standIn, 'faults', { match: { method: 'POST', path: '/conversations/messages' }, ...fault }),
    /** Leads of a test that is over must not act in the time of the next. */
    async endAll(): Promise<void> {
      await control(env.standIn, 'faults', undefined, 'DELETE');
      for (const ref of known.splice(0)) await end(ref).catch(ignoreUnknown);
    },
  };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contactId?: string;
  readonly body?: { readonly type?: string; readonly contactId?: string } | null;
}

/** A contact that no event ever told of has no workflow. */
function ignoreUnknown(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'WorkflowNotFoundError') throw error;
}
