import { AppError } from '../../domain/errors.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { createInstallStore } from '../../integrations/postgres/installs.ts';
import { createRelay, type Relay, type RelayDeps } from '../../workers/relay.ts';
import type { ApiWorld } from './api-world.ts';

/** The product's relay behind a test's door; whom it tells what is recorded. */
export function leadRelay(world: ApiWorld): {
  readonly relay: Relay;
  /** Refreshers that were told, and which version was refused. */
  readonly told: [TokenHolder, number | null][];
  readonly delivered: { readonly locationId: string; readonly contactId: string; readonly kind: string }[];
  /** Temporal takes nothing while it is away. */
  away(yes: boolean): void;
} {
  const told: [TokenHolder, number | null][] = [];
  const delivered: { locationId: string; contactId: string; kind: string }[] = [];
  let isAway = false;
  const answer = (note: () => unknown): Promise<void> => {
    if (isAway) return Promise.reject(new AppError('TEMPORAL_UNAVAILABLE', 'away in this test'));
    note();
    return Promise.resolve();
  };
  const deps: RelayDeps = {
    ...world.deps,
    inbox: world.inbox,
    credentials: world.credentials,
    installs: createInstallStore(world.tenants),
    records: createCrmRecordStore(world.tenants),
    crm: { contactOfTask: () => Promise.reject(new AppError('CRM_FORBIDDEN', 'no task is found in this test')) },
    mailbox: { deliver: (ref, { kind }) => answer(() => delivered.push({ ...ref, kind })) },
    refresher: { tell: (holder, refused) => answer(() => told.push([holder, refused])) },
    cache: world.cache,
  };
  return {
    relay: createRelay(deps, { bootId: 'test', everyMs: 20 }),
    told,
    delivered,
    away: (yes) => void (isAway = yes),
  };
}
