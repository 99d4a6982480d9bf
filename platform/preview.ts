import type { Deps } from '../activities/deps.ts';
import { diffEvent, type KnownDiff, previewReplay, type ReplayPreview } from '../activities/replay.ts';
import { mergeSnapshot } from '../domain/leads/merge-snapshot.ts';
import { isHumanMessage } from '../domain/leads/state-after.ts';
import { createCrmRecordStore } from '../integrations/postgres/crm-records.ts';
import { createInboxStore } from '../integrations/postgres/inbox.ts';
import { createInboxTools } from '../integrations/postgres/inbox-tools.ts';
import { createLeadStore } from '../integrations/postgres/leads.ts';
import { createOutboxStore } from '../integrations/postgres/outbox.ts';
import { withSetting } from '../integrations/postgres/pool.ts';
import { createTenants } from '../integrations/postgres/tenants.ts';

export interface Preview {
  replay(inboxId: string): Promise<ReplayPreview>;
  diff(inboxId: string): Promise<KnownDiff>;
  close(): Promise<void>;
}

/** The levels over connections on which the database refuses every write: what is looked at stays as it is. */
export function createPreview(deps: Deps, databaseUrl: string): Preview {
  const tenants = createTenants(withSetting(databaseUrl, 'default_transaction_read_only=on'), {
    max: 2,
    applicationName: 'leadwright preview',
    onIdleError: (error) => deps.log.warn({ err: error }, 'an idle database connection broke; it is replaced'),
  });
  const reading: Deps = {
    ...deps,
    inbox: createInboxStore(tenants),
    leads: createLeadStore(tenants, { mergeSnapshot, isHumanMessage }),
    outbox: createOutboxStore(tenants),
    records: createCrmRecordStore(tenants),
  };
  const tools = createInboxTools(tenants);
  return {
    replay: (inboxId) => previewReplay(reading, tools, inboxId),
    diff: (inboxId) => diffEvent(reading, inboxId),
    close: () => tenants.close(),
  };
}
