import type { Json } from './context.ts';
import { contactEvent } from './events.ts';
import type { Event } from './events.ts';
import { lagged } from './search-index.ts';
import type { Row, Store } from './store.ts';
import { canonicalTags, tagsOf } from './tags.ts';

/**
 * Two contacts become one: what the kept one lacks it takes from the other, tags are joined, and everything that hung on the other
 * moves over. Returns the events, or what is wrong.
 */
export function merge(plain: Store, keepId: string, goneId: string, now: string): Event[] | string {
  const store = lagged(plain, now);
  const [keep, gone] = [store.get('contacts', keepId), store.get('contacts', goneId)];
  if (keep === undefined || gone === undefined || keepId === goneId) return 'keep and gone must name two contacts';
  if (keep['locationId'] !== gone['locationId']) return 'both contacts must be of one location';
  const locationId = String(keep['locationId']);
  const tags = canonicalTags(store, locationId, [...tagsOf(keep), ...tagsOf(gone)]);
  const fields = new Map([...fieldsOf(gone), ...fieldsOf(keep)].map((field): [unknown, Json] => [field['id'], field]));
  const merged: Row = { ...gone, ...keep, tags, customFields: [...fields.values()], dateUpdated: now };
  store.put('contacts', merged);
  moveConversation(store, keepId, goneId);
  for (const table of ['tasks', 'notes', 'enrolments', 'unsubscriptions'] as const)
    for (const row of store.of(table, goneId)) store.put(table, { ...row, contactId: keepId });
  for (const row of store.of('opportunities', locationId))
    if (row['contactId'] === goneId) store.put('opportunities', { ...row, contactId: keepId, updatedAt: now });
  store.remove('contacts', goneId);
  store.put('deletedContacts', { id: goneId, locationId, deletedAt: now });
  return [
    ['ContactUpdate', contactEvent(merged)],
    ['ContactDelete', contactEvent(gone)],
  ];
}

/** Its messages join the kept contact's conversation; where that has none, the conversation itself changes hands. */
function moveConversation(store: Store, keepId: string, goneId: string): void {
  const kept = store.of('conversations', keepId)[0];
  for (const conversation of store.of('conversations', goneId)) {
    const conversationId = kept?.id ?? conversation.id;
    for (const message of store.of('messages', conversation.id))
      store.put('messages', { ...message, contactId: keepId, conversationId });
    if (kept) store.remove('conversations', conversation.id);
    else store.put('conversations', { ...conversation, contactId: keepId });
  }
}

function fieldsOf(contact: Row): Json[] {
  return (contact['customFields'] ?? []) as Json[];
}
