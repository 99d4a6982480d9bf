import type { RecordNews } from '../crm/records.ts';
import { actionOf, type ReadOf } from './crm-event.ts';
import { factsFrom, text, time } from './facts.ts';
import { idAt, type Json } from './payload.ts';

/** The vendor names no author: whether a person wrote it follows from what we wrote ourselves. */
export function readNote(body: Json, { type, at, timed }: ReadOf): RecordNews | undefined {
  const recordId = idAt(body, 'id');
  if (recordId === undefined) return undefined;
  const facts = factsFrom(body, [
    ['body', 'body', text],
    ['createdAt', 'dateAdded', time],
  ]);
  return { kind: 'note', recordId, contactId: idAt(body, 'contactId'), action: actionOf(type), facts, at, timed };
}
