import { created, newId, ok, own } from './context.ts';
import type { Context, Operations } from './context.ts';
import { contactEvent } from './events.ts';
import type { Row, Store } from './store.ts';

/**
 * Tags of a contact. A tag is one per location whatever its case; the location keeps the spelling it saw first, and every
 * contact shows that one. (That GHL folds case is believed; whether it then shows lower case is not settled by any source.)
 */
export const tagOperations: Operations = {
  'POST /contacts/{contactId}/tags': (context) => {
    const contact = own(context, 'contacts', context.params['contactId'], 'Contact');
    const added = canonicalTags(context.store, context.locationId, context.body['tags'] as string[]);
    const tags = union(tagsOf(contact), added);
    replaceTags(context, contact, tags);
    return created({ tags });
  },
  'DELETE /contacts/{contactId}/tags': (context) => {
    const contact = own(context, 'contacts', context.params['contactId'], 'Contact');
    const gone = new Set((context.body['tags'] as string[]).map(fold));
    const tags = tagsOf(contact).filter((tag) => !gone.has(fold(tag)));
    replaceTags(context, contact, tags);
    return ok({ tags });
  },
};

export function tagsOf(contact: Row): string[] {
  return Array.isArray(contact['tags']) ? (contact['tags'] as string[]) : [];
}

/** The location's spelling of each tag, without repetitions; tags it does not know yet are entered in its list. */
export function canonicalTags(store: Store, locationId: string, tags: readonly string[]): string[] {
  const known = new Map(store.of('tags', locationId).map((row) => [fold(String(row['name'])), String(row['name'])]));
  const spelled: string[] = [];
  for (const tag of tags) {
    const key = fold(tag);
    if (key === '') continue;
    if (!known.has(key)) {
      known.set(key, tag.trim());
      store.put('tags', { id: newId(), name: tag.trim(), locationId });
    }
    spelled.push(known.get(key) ?? tag);
  }
  return union([], spelled);
}

export function sameTags(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag, index) => tag === other[index]);
}

export function fold(tag: string): string {
  return tag.trim().toLowerCase();
}

function union(tags: readonly string[], more: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const tag of [...tags, ...more]) if (!seen.has(fold(tag))) seen.set(fold(tag), tag);
  return [...seen.values()];
}

/** A call that changes nothing fires nothing. */
function replaceTags(context: Context, contact: Row, tags: string[]): void {
  if (sameTags(tagsOf(contact), tags)) return;
  const changed = { ...contact, tags, dateUpdated: context.now };
  context.store.put('contacts', changed);
  context.emit('ContactTagUpdate', contactEvent(changed));
}
