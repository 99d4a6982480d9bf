import type { RecordNews } from '../crm/records.ts';
import { actionOf, type ReadOf } from './crm-event.ts';
import { factsFrom, flag, id, text, time } from './facts.ts';
import { idAt, type Json } from './payload.ts';

/** Real ones come without contact and text now and then: what is missing stays as it was known. Only `TaskComplete` says that it is done. */
export function readTask(body: Json, { type, at, timed }: ReadOf): RecordNews | undefined {
  const recordId = idAt(body, 'id');
  if (recordId === undefined) return undefined;
  const facts = factsFrom(body, [
    ['title', 'title', text],
    ['body', 'body', text],
    ['assignedTo', 'assignedTo', id],
    ['dueAt', 'dueDate', time],
    ['completed', 'completed', flag],
    ['createdAt', 'dateAdded', time],
  ]);
  return {
    ...{ kind: 'task', recordId, contactId: idAt(body, 'contactId'), action: actionOf(type), at, timed },
    facts: type === 'TaskComplete' ? { ...facts, completed: true } : facts,
  };
}
