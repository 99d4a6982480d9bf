import type { RecordNews } from '../crm/records.ts';
import { actionOf, type ReadOf } from './crm-event.ts';
import { factsFrom, id, ids, text, time, word } from './facts.ts';
import { idAt, isoAt, objectAt, type Json } from './payload.ts';

/**
 * An appointment lies one level deeper. Its own `dateUpdated` is the better clock: the envelope's is that of a sending, and one that
 * failed is sent again later.
 */
export function readAppointment(body: Json, { type, ...sent }: ReadOf): RecordNews | undefined {
  const appointment = objectAt(body, 'appointment');
  const recordId = idAt(appointment, 'id');
  if (appointment === undefined || recordId === undefined) return undefined;
  const facts = factsFrom(appointment, [
    ['calendarId', 'calendarId', id],
    ['groupId', 'groupId', id],
    // One of the two spellings is the vendor's API, the other its webhook.
    ['status', 'appoinmentStatus', word],
    ['status', 'appointmentStatus', word],
    ['assignedTo', 'assignedUserId', id],
    ['users', 'users', ids],
    ['title', 'title', text],
    ['address', 'address', text],
    ['notes', 'notes', text],
    ['source', 'source', word],
    ['startsAt', 'startTime', time],
    ['endsAt', 'endTime', time],
    ['createdAt', 'dateAdded', time],
  ]);
  const updated = isoAt(appointment, 'dateUpdated');
  // A time that lies ahead of the delivery cannot be when it was changed; it would shut out all that comes after.
  const isUsable = updated !== undefined && Date.parse(updated) <= Date.parse(sent.at);
  const clock = isUsable ? { at: new Date(updated).toISOString(), timed: true } : sent;
  const contactId = idAt(appointment, 'contactId') ?? idAt(body, 'contactId');
  return { kind: 'appointment', recordId, contactId, action: actionOf(type), facts, ...clock };
}
