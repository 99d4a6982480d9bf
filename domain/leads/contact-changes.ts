import { canonical } from '../webhooks/payload.ts';
import type { ContactSnapshot } from './contact.ts';

/**
 * What differs between two snapshots of a contact. `field` is the name of the fact, `customFields.<id>` or `dndChannels.<channel>`.
 * `before` is absent where nothing was known.
 */
export type ContactChange =
  | { readonly field: 'tags'; readonly added: readonly string[]; readonly removed: readonly string[] }
  | {
      readonly field:
        | Exclude<keyof ContactSnapshot, 'tags' | 'knownAt' | 'toldCreatedAt'>
        | `customFields.${string}`
        | `dndChannels.${string}`;
      readonly before?: unknown;
      readonly after: unknown;
    };

/** The changes from one snapshot to the next, in the order of their names. Tags are compared without case, as the CRM does. */
export function contactChanges(
  before: ContactSnapshot | null,
  after: ContactSnapshot | null,
): readonly ContactChange[] {
  const old = facts(before);
  const changes: ContactChange[] = [];
  for (const [field, value] of facts(after)) {
    const known = old.get(field);
    if (old.has(field) && canonical(known) === canonical(value)) continue;
    changes.push({ field, ...(old.has(field) ? { before: known } : {}), after: value } as ContactChange);
  }
  const tags = tagChange(before?.tags, after?.tags);
  return (tags === null ? changes : [...changes, tags]).toSorted((a, b) => (a.field < b.field ? -1 : 1));
}

/** `SMS do-not-disturb`, `2 custom fields`: what changed, in words without any value. */
export function changesInWords(changes: readonly ContactChange[]): string {
  const said = new Map<string, number>();
  const tags: string[] = [];
  for (const change of changes) {
    if (change.field === 'tags') {
      if (change.added.length > 0) tags.push(`${counted(change.added.length, 'tag')} added`);
      if (change.removed.length > 0) tags.push(`${counted(change.removed.length, 'tag')} removed`);
    } else {
      const word = wordOf(change.field);
      said.set(word, (said.get(word) ?? 0) + 1);
    }
  }
  const fields = [...said].map(([word, times]) => (word === 'custom field' ? counted(times, word) : word));
  return [...fields, ...tags].join(', ');
}

const words: Readonly<Record<string, string>> = {
  firstName: 'first name',
  lastName: 'last name',
  email: 'e-mail address',
  phone: 'phone number',
  timezone: 'time zone',
  postalCode: 'postal code',
  assignedTo: 'assignment',
  dnd: 'do-not-disturb',
  dateAdded: 'date of creation',
};

function wordOf(field: string): string {
  if (field.startsWith('customFields.')) return 'custom field';
  if (field.startsWith('dndChannels.')) return 'do-not-disturb';
  return words[field] ?? field;
}

function counted(times: number, word: string): string {
  return times === 1 ? `one ${word}` : `${times} ${word}s`;
}

function tagChange(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): Extract<ContactChange, { field: 'tags' }> | null {
  if (after === undefined) return null;
  const added = without(after, before ?? []);
  const removed = without(before ?? [], after);
  return added.length + removed.length === 0 ? null : { field: 'tags', added, removed };
}

function without(tags: readonly string[], others: readonly string[]): string[] {
  const worn = new Set(others.map((tag) => tag.trim().toLowerCase()));
  return tags.filter((tag) => !worn.has(tag.trim().toLowerCase()));
}

function facts(snapshot: ContactSnapshot | null): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [key, value] of Object.entries(snapshot ?? {})) {
    if (key === 'knownAt' || key === 'toldCreatedAt' || key === 'tags' || value === undefined) continue;
    const isGroup = (key === 'customFields' || key === 'dndChannels') && typeof value === 'object' && value !== null;
    if (!isGroup) flat.set(key, value);
    else
      for (const [name, inner] of Object.entries(value as Record<string, unknown>)) flat.set(`${key}.${name}`, inner);
  }
  return flat;
}
