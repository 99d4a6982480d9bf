import type { Deps } from '../activities/deps.ts';
import { diffEvent, type KnownDiff, previewReplay, type ReplayPreview } from '../activities/replay.ts';
import { mergeSnapshot } from '../domain/leads/merge-snapshot.ts';
import { isHumanMessage } from '../domain/leads/state-after.ts';
import type { Log } from '../domain/ports/log.ts';
import { createCredentialStore } from '../integrations/postgres/credentials.ts';
import { createCrmRecordStore } from '../integrations/postgres/crm-records.ts';
import { createInboxStore } from '../integrations/postgres/inbox.ts';
import { createInboxTools } from '../integrations/postgres/inbox-tools.ts';
import { createInstallStore } from '../integrations/postgres/installs.ts';
import { createLeadStore } from '../integrations/postgres/leads.ts';
import { createLocationStore } from '../integrations/postgres/locations.ts';
import { createOutboxStore } from '../integrations/postgres/outbox.ts';
import { withSetting } from '../integrations/postgres/pool.ts';
import type { Sealing } from '../integrations/postgres/sealing.ts';
import { createTenants } from '../integrations/postgres/tenants.ts';

export interface Preview {
  replay(inboxId: string): Promise<ReplayPreview>;
  diff(inboxId: string): Promise<KnownDiff>;
  close(): Promise<void>;
}

/** The levels over stores that cannot write: what is looked at stays as it is. */
export function createPreview(deps: Deps, sealing: Sealing, databaseUrl: string): Preview {
  const { stores, close } = readingStores(sealing, databaseUrl, deps.log);
  const reading = { ...deps, ...stores };
  return {
    replay: (inboxId) => previewReplay(reading, stores.inboxTools, inboxId),
    diff: (inboxId) => diffEvent(reading, inboxId),
    close,
  };
}

/** Stores over connections on which the database refuses every write. */
export function readingStores(sealing: Sealing, databaseUrl: string, log: Log) {
  const tenants = createTenants(withSetting(databaseUrl, 'default_transaction_read_only=on'), {
    max: 2,
    applicationName: 'leadwright preview',
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke; it is replaced'),
  });
  const stores = {
    inbox: createInboxStore(tenants),
    inboxTools: createInboxTools(tenants),
    leads: createLeadStore(tenants, { mergeSnapshot, isHumanMessage }),
    outbox: createOutboxStore(tenants),
    records: createCrmRecordStore(tenants),
    locations: createLocationStore(tenants, sealing),
    installs: createInstallStore(tenants),
    credentials: createCredentialStore(tenants, sealing),
  };
  return { stores, close: () => tenants.close() };
}
