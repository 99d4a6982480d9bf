import type { ActivityStore } from '../domain/ports/activity.ts';
import type { Dispatchable, InboxStore } from '../domain/ports/inbox.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import { activityFromRecord } from '../domain/webhooks/activity-record.ts';
import { readJsonObject } from '../domain/webhooks/payload.ts';
import type { Metrics } from '../platform/metrics.ts';
import { sha256 } from '../platform/secrets.ts';

export interface RecordActivityDeps {
  readonly inbox: Pick<InboxStore, 'load'>;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly activity: Pick<ActivityStore, 'record'>;
  readonly hashPerson: (address: string) => string;
  readonly metrics: Pick<Metrics, 'activity'>;
}

const TYPES: ReadonlySet<string> = new Set(['RecordCreate', 'RecordUpdate']);

/**
 * A record of a custom object that the location counts as behaviour, beside what else is made of it: once for each state of the record,
 * however often its event is worked.
 * @returns whether it was news
 */
export async function recordIsActivity(deps: RecordActivityDeps, row: Dispatchable): Promise<boolean> {
  const { locationId } = row;
  if (locationId === null || !TYPES.has(row.type)) return false;
  const location = await deps.locations.get(locationId);
  const objects = location?.settings.activityObjects ?? {};
  if (location === undefined || location.status === 'uninstalled' || Object.keys(objects).length === 0) return false;
  const stored = await deps.inbox.load(row.inboxId);
  const read = stored === undefined ? undefined : readJsonObject(Buffer.from(stored.body).toString('utf8'));
  if (stored === undefined || read?.ok !== true) return false;
  const { receivedAt } = stored;
  const hashing = { sha256, hashPerson: deps.hashPerson };
  const event = activityFromRecord(objects, read.json, { locationId, receivedAt }, hashing);
  if (event === undefined) return false;
  const { visitor, hashes, contactId } = event.person;
  const people = visitor !== null && (hashes.length > 0 || contactId !== null) ? [event.person] : [];
  const fresh = await deps.activity.record(locationId, { events: [event], people, counts: {} }, receivedAt);
  deps.metrics.activity(event.kind, fresh.size > 0 ? 'stored' : 'again', 1);
  return fresh.size > 0;
}
