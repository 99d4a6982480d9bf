import type { Json } from '../domain/webhooks/payload.ts';
import { idAt, objectAt, own, textAt } from '../domain/webhooks/payload.ts';
import { kindOf } from '../domain/webhooks/kinds.ts';

/** Which of GHL's two webhook systems a payload belongs to: workflow actions have no `type` and name the contact in snake case. */
export function systemOf(payload: Json): 'marketplace' | 'workflow' {
  if (textAt(payload, 'type') !== undefined) return 'marketplace';
  return own(payload, 'contact_id') !== undefined || own(payload, 'customData') !== undefined
    ? 'workflow'
    : 'marketplace';
}

/** What completes a bare sample. */
export interface Completion {
  readonly appId: string;
  /** Goes in where the sample names no location, or one that is not installed. */
  readonly locationId: string | undefined;
  readonly installed: ReadonlySet<string>;
  /** Replaces the contact, where given. */
  readonly contactId?: string | undefined;
  readonly now: Date;
  readonly newId: () => string;
}

/**
 * A documented sample as GHL would really deliver it now: our app, an installed location, a fresh id and send time.
 * News about installations, locations and users keep the location they name: it is what they are about.
 */
export function completeMarketplace(payload: Json, completion: Completion): Json {
  const completed: Record<string, unknown> = { ...payload, appId: completion.appId };
  const isLifecycle = kindOf(textAt(payload, 'type') ?? '') === 'lifecycle';
  if (!isLifecycle) completed['locationId'] = locationFor(textAt(payload, 'locationId'), completion);
  if (completion.contactId !== undefined) putContact(completed, completion.contactId);
  completed['versionId'] ??= completion.appId;
  completed['timestamp'] = completion.now.toISOString();
  completed['webhookId'] = completion.newId();
  return completed;
}

/**
 * The same for workflow actions. They carry neither id nor send time; what stands in for them, the team's own idempotency key, is made
 * fresh. The location is the one that the secret belongs to.
 */
export function completeWorkflow(payload: Json, completion: Completion): Json {
  const completed: Record<string, unknown> = { ...payload };
  const location = objectAt(payload, 'location');
  if (completion.locationId !== undefined) {
    if (location !== undefined) completed['location'] = { ...location, id: completion.locationId };
    if (location === undefined || own(payload, 'location_id') !== undefined) {
      completed['location_id'] = completion.locationId;
    }
  }
  if (completion.contactId !== undefined) completed['contact_id'] = completion.contactId;
  const custom = objectAt(payload, 'customData');
  if (custom === undefined) completed['idempotency_key'] = completion.newId();
  else completed['customData'] = { ...custom, idempotency_key: completion.newId() };
  for (const name of ['timestamp', 'sent_at']) {
    if (own(payload, name) !== undefined) completed[name] = completion.now.toISOString();
  }
  return completed;
}

function locationFor(named: string | undefined, { installed, locationId }: Completion): string | undefined {
  return named !== undefined && (installed.has(named) || locationId === undefined) ? named : locationId;
}

/** The contact has no one place: `id` in Contact*, inside of appointments, `contactId` elsewhere. */
function putContact(payload: Record<string, unknown>, contactId: string): void {
  const appointment = objectAt(payload, 'appointment');
  if (textAt(payload, 'type')?.startsWith('Contact') === true) payload['id'] = contactId;
  else if (appointment !== undefined && idAt(appointment, 'contactId') !== undefined) {
    payload['appointment'] = { ...appointment, contactId };
  } else payload['contactId'] = contactId;
}
