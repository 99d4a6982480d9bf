import type { RecordNews } from '../crm/records.ts';
import type { ReadOf } from './crm-event.ts';
import { count, factsFrom, flag, id, time, word } from './facts.ts';
import { idAt, type Json } from './payload.ts';

/** A conversation's place in the team's inbox; `deleted` is the conversation's, not the contact's. */
export function readConversation(body: Json, { at, timed }: ReadOf): RecordNews | undefined {
  const recordId = idAt(body, 'id');
  if (recordId === undefined) return undefined;
  const facts = factsFrom(body, [
    ['unread', 'unreadCount', count],
    ['inbox', 'inbox', flag],
    ['starred', 'starred', flag],
    ['deleted', 'deleted', flag],
  ]);
  return { kind: 'conversation', recordId, contactId: idAt(body, 'contactId'), action: 'changed', facts, at, timed };
}

/** Campaigns of the old kind. What the person replied comes as a message of its own and is not kept twice. */
export function readCampaign(body: Json, { at, timed }: ReadOf): RecordNews | undefined {
  const recordId = idAt(body, 'id');
  if (recordId === undefined) return undefined;
  const facts = factsFrom(body, [
    ['status', 'status', word],
    ['templateId', 'templateId', id],
    ['createdAt', 'dateAdded', time],
  ]);
  return { kind: 'campaign', recordId, contactId: idAt(body, 'contactId'), action: 'changed', facts, at, timed };
}
