import type { Iso } from '../../domain/glossary.ts';
import type { ContactSnapshot, Dnd, FieldValue } from '../../domain/leads/contact.ts';
import type { Answer } from './reply.ts';
import { fieldItem, itemsOf, type GhlContact } from './schemas.ts';
import { askedAt } from './vendor-time.ts';

/**
 * A read by id is the vendor's whole record, and it leaves out what is not set: so an absent text is null, absent tags are none, and
 * absent do-not-disturb marks are not set. A mark that is there and cannot be read is unknown, which closes the gate.
 */
export function snapshotOf(contact: GhlContact): ContactSnapshot {
  const dnd = contact.dnd === 'unreadable' ? undefined : (contact.dnd ?? false);
  return {
    firstName: orNull(contact.firstName),
    lastName: orNull(contact.lastName),
    email: orNull(contact.email),
    phone: orNull(contact.phone),
    timezone: orNull(contact.timezone),
    state: orNull(contact.state),
    country: orNull(contact.country),
    postalCode: orNull(contact.postalCode),
    source: orNull(contact.source),
    assignedTo: orNull(contact.assignedTo),
    tags: (contact.tags ?? []).filter((tag) => typeof tag === 'string'),
    customFields: customFieldsOf(contact.customFields ?? []),
    ...(dnd === undefined ? {} : { dnd }),
    dndChannels: {
      sms: channelDnd(contact, 'SMS'),
      email: channelDnd(contact, 'Email'),
      call: channelDnd(contact, 'Call'),
    },
    dateAdded: isoOrNull(contact.dateAdded),
  };
}

/**
 * Since when this is known: the read's own time, not the last change's, for webhooks bear their send time and a read that follows one
 * must count as newer.
 */
export function knownAt(answer: Answer, contact: Pick<GhlContact, 'dateUpdated'>): Iso {
  const read = askedAt(answer);
  const updated = Date.parse(iso(contact.dateUpdated) ?? '');
  return new Date(updated > read ? updated : read).toISOString();
}

export function isoOrNull(value: string | null | undefined): Iso | null {
  return iso(value) ?? null;
}

function iso(value: string | null | undefined): Iso | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? new Date(time).toISOString() : undefined;
}

function customFieldsOf(list: readonly unknown[]): Record<string, FieldValue> {
  return Object.fromEntries(itemsOf(fieldItem, list).map((item) => [item.id, (item.value ?? null) as FieldValue]));
}

/** `active` and `permanent` block. */
function channelDnd(contact: GhlContact, channel: 'SMS' | 'Email' | 'Call'): Dnd {
  const settings = contact.dndSettings;
  if (settings === 'unreadable') return 'unknown';
  const entry = settings?.[channel];
  if (entry === undefined || entry === null) return 'off';
  if (entry.status === 'active' || entry.status === 'permanent') return 'on';
  return entry.status === 'inactive' ? 'off' : 'unknown';
}

function orNull(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value.trim();
}
