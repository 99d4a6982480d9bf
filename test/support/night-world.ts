import { randomUUID } from 'node:crypto';
import type { NightDeps } from '../../activities/night.ts';
import { createNightActivities } from '../../activities/nightly.ts';
import { createDraftStore } from '../../integrations/postgres/drafts.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createNightStore } from '../../integrations/postgres/nights.ts';
import { look, order } from './claude-standin.ts';
import { type ModelWorld, quiet } from './model-world.ts';
import { leadRules } from './records.ts';

export const SUMMARY = 'The lead looks for a house and waits for a call.';

export type NightWorld = ReturnType<typeof nightWorld>;

/** Nights over the real ledger, stores and adapter, and the vendor's stand-in; whose schedules ended is told. */
export function nightWorld(world: ModelWorld) {
  const { db, ledger, locations, model, now, measured, standin } = world;
  const ended: string[] = [];
  const deps: NightDeps = {
    ...{ locations, ledger, model, now, log: quiet },
    leads: createLeadStore(db.tenants, leadRules),
    drafts: createDraftStore(db.tenants),
    inbox: createInboxStore(db.tenants),
    nights: createNightStore(db.tenants),
    schedule: { begin: () => Promise.resolve(), end: (id) => Promise.resolve(void ended.push(id)) },
    pauses: { at: () => Promise.resolve() },
    measure: (what) => void measured.push(what),
    sha256: (text) => text,
  };
  return {
    ...{ deps, ended },
    night: createNightActivities(deps),
    /** A lead who has written so many minutes ago; answers the message's inbox id. */
    async talks(locationId: string, { minutesAgo = 60, contactId = `con-${randomUUID().slice(0, 8)}` } = {}) {
      const inboxId = randomUUID();
      const at = new Date(now().getTime() - minutesAgo * 60_000).toISOString();
      await db.pool.query(
        `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, snapshot)
         values ($1, $2, $3, $3, $3, '{"tags": ["Hit List"]}') on conflict do nothing`,
        [locationId, contactId, at],
      );
      await db.pool.query(
        `insert into messages (location_id, contact_id, message_key, inbox_id, direction, channel, body, at)
         values ($1, $2, $3, $4, 'inbound', 'sms', 'I look for a house with a garden.', $5)`,
        [locationId, contactId, randomUUID(), inboxId, at],
      );
      return { locationId, contactId, inboxId };
    },
    says: (text = SUMMARY) => order(standin, 'script', { answers: [{ times: 1_000, text }] }),
    takes: (takesMs: number) => order(standin, 'batches', { takesMs }),
    fault: (what: object, path = '/v1/messages/batches') =>
      order(standin, 'faults', { match: { method: 'POST', path }, times: 1, ...what }),
    /** Calls of the vendor's routes of batches that made one. */
    async made(): Promise<number> {
      const { calls } = (await look(standin, 'ledger')) as unknown as {
        readonly calls: readonly { readonly method: string; readonly path: string }[];
      };
      return calls.filter(({ method, path }) => method === 'POST' && path === '/v1/messages/batches').length;
    },
    async rows(locationId: string) {
      const { rows } = await db.pool.query<{ state: string; failure: string | null; batch: boolean; attempt: number }>(
        'select state, failure, batch, attempt from model_calls where location_id = $1 order by at, call_key, attempt',
        [locationId],
      );
      return rows;
    },
    /** Summaries that wait for the lead's assistant, and leads that were told. */
    async wanted(locationId: string): Promise<{ readonly jobs: number; readonly told: number }> {
      const { rows } = await db.pool.query<{ jobs: number; told: number }>(
        `select (select count(*)::integer from assist_jobs where location_id = $1 and job = 'summary' and state = 'waiting') as jobs,
          (select count(*)::integer from inbox where location_id = $1 and type = 'lead.resume') as told`,
        [locationId],
      );
      return rows[0]!;
    },
  };
}
