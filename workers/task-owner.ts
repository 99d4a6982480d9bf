import type { RecordNews } from '../domain/crm/records.ts';
import { isAppError } from '../domain/errors.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { Dispatchable } from '../domain/ports/inbox.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';

export interface TaskOwnerDeps {
  readonly crm: Pick<Crm, 'contactOfTask'>;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly log: Log;
}

/** What a search does not show by then it will not show: its index lags behind by seconds. */
const SHOWN_WITHIN_MS = 5 * 60_000;
/** So long after the event came a CRM that does not answer is asked again, each time that the event is handed out. */
const ASKED_FOR_MS = 24 * 3_600_000;
/** No answer for now; every other error says no for good. */
const passing: ReadonlySet<string> = new Set(['CRM_UNAVAILABLE', 'CRM_RATE_LIMITED', 'CRM_DAILY_SPENT', 'CRM_AUTH']);

/**
 * Whose task it is that an event leaves out and that nobody here knows: the CRM is asked. `wait`: not known yet, and worth another try
 * when the event is handed out again; a location that stands still is not asked at all until it goes on. Undefined: nobody's.
 */
export async function taskOwner(
  { crm, locations, log }: TaskOwnerDeps,
  row: Dispatchable,
  { kind, action, recordId, facts }: RecordNews,
  now: number,
): Promise<{ readonly contactId: string } | { readonly wait: true } | undefined> {
  if (kind !== 'task' || action === 'deleted' || row.locationId === null) return undefined;
  const location = await locations.get(row.locationId);
  if (location === undefined || location.status === 'uninstalled') return undefined;
  if (location.status === 'paused' || location.parked !== null) return LATER;
  const title = facts['title'];
  const age = now - Date.parse(row.receivedAt);
  try {
    const task = { taskId: recordId, ...(typeof title === 'string' ? { title } : {}) };
    const contactId = await crm.contactOfTask(row.locationId, task);
    if (contactId !== undefined) return { contactId };
    return age < SHOWN_WITHIN_MS ? LATER : undefined;
  } catch (error) {
    log.warn({ err: error, inboxId: row.inboxId }, 'the CRM does not say whose a task is');
    if (!isAppError(error)) throw error;
    if (error.code === 'CRM_LOCATION_INACTIVE') return LATER;
    return passing.has(error.code) && age < ASKED_FOR_MS ? LATER : undefined;
  }
}

const LATER = { wait: true } as const;
