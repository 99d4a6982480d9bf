import { randomBytes, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import type { SequenceDocument, SequenceStep } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { createPool } from '../../integrations/postgres/pool.ts';
import { type Tenants, createTenants } from '../../integrations/postgres/tenants.ts';
import { announce } from '../../platform/restored.ts';
import type { TouchResult } from '../../workflows/activities.ts';
import { phoneAbroad, zoneAt } from './brokerage.ts';
import { createTestDatabase, dropDatabase, emptyDatabase, PATIENT } from './database.ts';
import { crmMaker, recordingLog } from './ghl-crm.ts';
import { type RunningStandIn, control, ledger } from './ghl-standin.ts';
import { partsOf } from './parts.ts';
import { newRef, sequence } from './records.ts';
import { type Sends, sendsIn } from './sends.ts';
import { testSealing } from './tokens.ts';
import { sharedServices } from './world.ts';

/** A lead, its contact in the stand-in, and a database that can be put back to an earlier state while the stand-in goes on. */
export type Restoring = Awaited<ReturnType<typeof createRestoring>>;

export async function createRestoring(standIn: RunningStandIn) {
  const { databaseUrl } = await sharedServices();
  const template = await createTestDatabase();
  const log = recordingLog();
  const { crmAt, closeAll } = crmMaker(log);
  // The same after every restore, as the key in the home folder is.
  const sealing = testSealing();
  const made: string[] = [];
  let now: Date | undefined;
  let url = await copyOf(template.url);
  let open = connect(url);

  async function copyOf(source: string): Promise<string> {
    const copy = await emptyDatabase(databaseUrl, new URL(source).pathname.slice(1));
    made.push(copy);
    return copy;
  }

  /** The product's own login, as in `createTestDatabase`. */
  function connect(at: string): { tenants: Tenants; sends: Sends; owner: ReturnType<typeof createPool> } {
    const app = new URL(template.appUrl);
    app.pathname = new URL(at).pathname;
    const tenants = createTenants(app.toString(), { max: 5, applicationName: 'test', ...PATIENT });
    return {
      tenants,
      sends: sendsIn(tenants, sealing),
      owner: createPool(at, { max: 2, applicationName: 'test', ...PATIENT }),
    };
  }

  async function disconnect(): Promise<void> {
    await Promise.all([open.tenants.close(), open.owner.end()]);
  }

  return {
    sends: () => open.sends,
    sql: async <T extends object>(text: string, values: readonly unknown[] = []) =>
      (await open.owner.query<T>(text, [...values])).rows,
    /** A database in which nothing ever happened. */
    async startAfresh(): Promise<void> {
      await disconnect();
      url = await copyOf(template.url);
      open = connect(url);
    },
    /** What the database holds now, to be brought back later. */
    async backup(): Promise<{ readonly url: string; readonly at: string }> {
      await disconnect();
      const at = new Date().toISOString();
      const copy = await copyOf(url);
      open = connect(url);
      return { url: copy, at };
    },
    /** The older state takes the place of the database. */
    async restore(backup: { readonly url: string }): Promise<void> {
      await disconnect();
      url = await copyOf(backup.url);
      open = connect(url);
    },
    announce: (backupAt: string | null, home = standIn.home) => announce(url, home, backupAt),
    /** A lead whose contact exists in the stand-in since long ago. */
    async lead(over: object = {}): Promise<LeadRef> {
      const ref = newRef(`loc${randomBytes(6).toString('hex')}`);
      const { locationId, contactId } = ref;
      const token = `pit-${locationId}`;
      await control(standIn, 'locations', { id: locationId, name: 'Example Realty', _token: token });
      await open.sends.locations.add({
        ...{ locationId, companyId: null, name: 'Example Realty', timezone: null, token },
        settings: {
          ...defaultSettings,
          capPer24h: 20,
          consentTags: { 'sms-consent': ['sms', 'email'] },
          postalAddress: '400 Bay Street, Suite 210, Tampa, FL 33602',
        },
        workflowSecretHash: randomUUID(),
      });
      await control(standIn, 'contacts', {
        ...{ id: contactId, locationId, phone: phoneAbroad(142), email: 'robin@example.com', firstName: 'Robin' },
        ...{ tags: ['Hit List', 'sms-consent'], timezone: zoneAt(13), dateAdded: '2026-01-05T10:00:00.000Z', ...over },
      });
      return ref;
    },
    /** So many minutes from now, for touches that follow; undefined goes back to the clock. */
    at(minutes: number | undefined): void {
      now = minutes === undefined ? undefined : new Date(Date.now() + minutes * 60_000);
    },
    /** What is due now, once. */
    touch(ref: LeadRef): Promise<TouchResult> {
      const { tenants, sends } = open;
      const crm = crmAt(standIn.url, { tokens: sends.tokens });
      const { touch } = createFollowUpActivities(partsOf(tenants, sends, { log, crm, now: () => now ?? new Date() }));
      return new MockActivityEnvironment().run(touch, ref);
    },
    /** What the contact and the team got from us, in order: `SMS`, `Email`, `task`. */
    async got(ref: LeadRef): Promise<string[]> {
      const { calls } = (await ledger(standIn)) as unknown as { calls: Call[] };
      return calls.flatMap(({ path, method, status, body }) => {
        if (method !== 'POST' || status >= 300) return [];
        if (path === `/contacts/${ref.contactId}/tasks`) return ['task'];
        return path === '/conversations/messages' && body?.contactId === ref.contactId ? [body.type ?? ''] : [];
      });
    },
    /** How often the contact's talk was read. */
    async reads(ref: LeadRef): Promise<number> {
      const { calls } = (await ledger(standIn)) as unknown as { calls: Call[] };
      return calls.filter(({ path, query }) => path === '/conversations/search' && query?.contactId === ref.contactId)
        .length;
    },
    async close(): Promise<void> {
      await disconnect();
      await closeAll();
      // At once: each waits for a checkpoint, and those that wait together share it.
      await Promise.all([...made.map((each) => dropDatabase(databaseUrl, each)), template.drop()]);
    },
  };
}

interface Call {
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly query?: { readonly contactId?: string };
  readonly body?: { readonly type?: string; readonly contactId?: string };
}

/** Steps of these channels, all due at once and one after another. */
export function stepsOf(...channels: ('sms' | 'email' | 'call-task')[]): SequenceDocument {
  const steps = channels.map((channel, i): SequenceStep => {
    const body = `Hello {{contact.firstName|there}}, this is word ${i} of {{location.name}}. Reply STOP to opt out.`;
    const step = { key: `step-${i}`, offset: 'PT0S', anchor: 'previous', body } as const;
    if (channel === 'email') return { ...step, channel, subject: 'Hello' };
    return channel === 'call-task'
      ? { ...step, channel, title: `Call {{contact.firstName}} now` }
      : { ...step, channel };
  });
  return { ...sequence('short'), exits: ['reply', 'opt-out', 'takeover'], steps };
}
