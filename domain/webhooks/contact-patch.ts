import type { ContactPatch, Dnd, FieldValue } from '../leads/contact.ts';
import { isObject, isoAt, objectAt, own, type Json } from './payload.ts';

type Mutable = { -readonly [K in keyof ContactPatch]: ContactPatch[K] };
type TextField =
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'phone'
  | 'timezone'
  | 'state'
  | 'country'
  | 'postalCode'
  | 'source'
  | 'assignedTo';

const marketplaceNames: readonly (readonly [TextField, string])[] = [
  ['firstName', 'firstName'],
  ['lastName', 'lastName'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['timezone', 'timezone'],
  ['state', 'state'],
  ['country', 'country'],
  ['postalCode', 'postalCode'],
  ['source', 'source'],
  ['assignedTo', 'assignedTo'],
];

/** Workflow bodies are snake_case; `source` and `status` at their root belong to the opportunity, so only `contact_source` counts. */
const workflowNames: readonly (readonly [TextField, string])[] = [
  ['firstName', 'first_name'],
  ['lastName', 'last_name'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['timezone', 'timezone'],
  ['state', 'state'],
  ['country', 'country'],
  ['postalCode', 'postal_code'],
  ['source', 'contact_source'],
];

/** Contact* bodies. Absent is not empty: a key that was not sent is not in the patch; an empty or null one is null. */
export function readContact(json: Json): ContactPatch {
  const patch = texts(json, marketplaceNames);
  const tags = own(json, 'tags');
  if (tags === null) patch.tags = [];
  else if (Array.isArray(tags)) patch.tags = tagList(tags);
  const fields = readCustomFields(own(json, 'customFields'));
  if (fields !== undefined) patch.customFields = fields;
  const dnd = own(json, 'dnd');
  if (typeof dnd === 'boolean' || dnd === null) patch.dnd = dnd;
  const channels = readDnd(objectAt(json, 'dndSettings'));
  if (channels !== undefined) patch.dndChannels = channels;
  const added = isoAt(json, 'dateAdded');
  if (added !== undefined) patch.dateAdded = added;
  return patch;
}

/** Workflow-action bodies: tags as one comma-separated string, custom fields by display name, which names no field id and is left out. */
export function readWorkflowContact(json: Json): ContactPatch {
  const patch = texts(json, workflowNames);
  const tags = own(json, 'tags');
  if (typeof tags === 'string') patch.tags = tagList(tags.split(','));
  else if (Array.isArray(tags)) patch.tags = tagList(tags);
  const added = isoAt(json, 'date_created');
  if (added !== undefined) patch.dateAdded = added;
  return patch;
}

/** Our own stored form of a contact, as `contact.snapshot` carries it. */
export function readSnapshot(json: Json): ContactPatch {
  const patch: Mutable = { ...readContact(json) };
  const fields = objectAt(json, 'customFields');
  if (fields !== undefined) patch.customFields = fields as Readonly<Record<string, FieldValue>>;
  const channels = objectAt(json, 'dndChannels');
  const known = channelsOf((channel) => dndWord(own(channels, channel)));
  if (channels !== undefined) patch.dndChannels = known;
  return patch;
}

function texts(json: Json, names: readonly (readonly [TextField, string])[]): Mutable {
  const patch: Mutable = {};
  for (const [ours, theirs] of names) {
    const value = own(json, theirs);
    if (value === null) patch[ours] = null;
    else if (typeof value === 'string') patch[ours] = value.trim() === '' ? null : value.trim();
  }
  return patch;
}

function tagList(tags: readonly unknown[]): string[] {
  const names = tags.filter((tag) => typeof tag === 'string').map((tag) => tag.trim());
  return [...new Set(names.filter((tag) => tag !== ''))];
}

/**
 * By field id. An empty list tells nothing: deliveries about tags carry it for contacts that have fields.
 * Writers differ on the value's key, so all three spellings are read.
 */
function readCustomFields(list: unknown): Readonly<Record<string, FieldValue>> | undefined {
  if (!Array.isArray(list)) return undefined;
  const entries: [string, FieldValue][] = [];
  for (const item of list) {
    if (!isObject(item) || typeof item['id'] !== 'string' || item['id'] === '') continue;
    const key = ['value', 'fieldValue', 'field_value'].find((name) => Object.hasOwn(item, name));
    if (key !== undefined) entries.push([item['id'], item[key] as FieldValue]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** `active` and `permanent` block; a channel that is not listed stays as we knew it. */
function readDnd(settings: Json | undefined): ContactPatch['dndChannels'] {
  if (settings === undefined) return undefined;
  const names = { sms: 'SMS', email: 'Email', call: 'Call' } as const;
  return channelsOf((channel) => {
    const entry = own(settings, names[channel]);
    if (entry === undefined || entry === null) return undefined;
    const status = isObject(entry) ? own(entry, 'status') : undefined;
    if (status === 'active' || status === 'permanent') return 'on';
    return status === 'inactive' ? 'off' : 'unknown';
  });
}

function channelsOf(
  read: (channel: 'sms' | 'email' | 'call') => Dnd | undefined,
): Partial<Record<'sms' | 'email' | 'call', Dnd>> {
  const channels: Partial<Record<'sms' | 'email' | 'call', Dnd>> = {};
  for (const channel of ['sms', 'email', 'call'] as const) {
    const dnd = read(channel);
    if (dnd !== undefined) channels[channel] = dnd;
  }
  return channels;
}

function dndWord(value: unknown): Dnd | undefined {
  return value === 'on' || value === 'off' || value === 'unknown' ? value : undefined;
}
