import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Cache } from '../../domain/ports/cache.ts';
import type { Crm } from '../../domain/ports/crm.ts';
import { expectObject, outcomeOf, saysContactGone } from './answers.ts';
import { createClient, type ClientOptions, type GhlClient } from './client.ts';
import { htmlOf } from './mail-body.ts';
import { readAnswer } from './read-answer.ts';
import { findMessage, findTask, readTasks } from './read-back.ts';
import { messagesSince } from './recall.ts';
import { contactAnswer, customFieldItem, customFieldsAnswer, itemsOf, locationAnswer } from './schemas.ts';
import { knownAt, snapshotOf } from './snapshot.ts';

const FIELDS_TTL_MS = 5 * 60_000;

export interface GhlCrmOptions extends ClientOptions {
  readonly cache: Cache;
}

/** The CRM port over GHL's REST API v2. `close` ends its connections. */
export function createGhlCrm(options: GhlCrmOptions): Crm & { close(): Promise<void> } {
  const client = createClient(options);
  return {
    contact: (ref) => readContact(client, ref),
    addTags: (ref, tags) => changeTags(client, 'add-tags', ref, tags),
    removeTags: (ref, tags) => changeTags(client, 'remove-tags', ref, tags),
    setFields: (ref, fields) => setFields(client, ref, fields),
    fieldIds: (locationId) => fieldIds(client, options.cache, locationId),
    send: (ref, message) => send(client, ref, message),
    createTask: (ref, task) => createTask(client, ref, task),
    findMessage: (ref, wanted) => findMessage(client, ref, wanted),
    findTask: (ref, wanted) => findTask(client, ref, wanted),
    messagesSince: (ref, since) => messagesSince(client, ref, since),
    tasks: (ref) => readTasks(client, ref),
    location: (locationId) => readLocation(client, locationId),
    close: () => client.close(),
  };
}

async function readContact(client: GhlClient, ref: LeadRef): ReturnType<Crm['contact']> {
  const reply = await client.call('get-contact', ref.locationId, { path: { contactId: ref.contactId } });
  if (saysContactGone(reply)) return 'gone';
  const answer = expectObject('get-contact', reply);
  const { contact } = readAnswer('get-contact', contactAnswer, answer.json);
  // Another contact or another tenant's must never pass for this one, whatever a cache or a proxy answered.
  if (contact.id !== ref.contactId) throw new AppError('CRM_UNAVAILABLE', 'get-contact: answered another contact');
  if ((contact.locationId ?? ref.locationId) !== ref.locationId) {
    throw new AppError('CRM_FORBIDDEN', 'get-contact: the contact belongs to another location');
  }
  return { snapshot: snapshotOf(contact), at: knownAt(answer, contact) };
}

async function changeTags(
  client: GhlClient,
  operation: 'add-tags' | 'remove-tags',
  ref: LeadRef,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;
  const input = { path: { contactId: ref.contactId }, body: { tags: [...tags] } };
  expectObject(operation, await client.call(operation, ref.locationId, input));
}

/** Values go as strings, the one form that the vendor's document takes for every kind of field. */
async function setFields(client: GhlClient, ref: LeadRef, fields: Parameters<Crm['setFields']>[1]): Promise<void> {
  if (fields.length === 0) return;
  const customFields = fields.map(({ id, value }) => ({ id, field_value: String(value) }));
  const input = { path: { contactId: ref.contactId }, body: { customFields } };
  expectObject('update-contact', await client.call('update-contact', ref.locationId, input));
}

async function fieldIds(
  client: GhlClient,
  cache: Cache,
  locationId: string,
): Promise<Readonly<Record<string, string>>> {
  const key = `${locationId}:ghl:contact-fields`;
  const cached = await cache.get<Readonly<Record<string, string>>>(key);
  if (cached !== undefined) return cached;
  const reply = await client.call('get-custom-fields', locationId, {
    path: { locationId },
    query: { model: 'contact' },
  });
  const answer = expectObject('get-custom-fields', reply);
  const { customFields } = readAnswer('get-custom-fields', customFieldsAnswer, answer.json);
  const ids = Object.fromEntries(itemsOf(customFieldItem, customFields).map((field) => [field.fieldKey, field.id]));
  await cache.set(key, ids, FIELDS_TTL_MS);
  return ids;
}

/** The document marks `status` and `subType` as required; that is a fault of the document, and real calls leave them out. */
async function send(client: GhlClient, ref: LeadRef, message: Parameters<Crm['send']>[1]): ReturnType<Crm['send']> {
  const body =
    message.channel === 'sms'
      ? { type: 'SMS', contactId: ref.contactId, message: message.body }
      : {
          type: 'Email',
          contactId: ref.contactId,
          subject: message.subject ?? '',
          html: htmlOf(message.body),
          message: message.body,
        };
  const reply = await client.call('send-a-new-message', ref.locationId, { body });
  return outcomeOf(reply, (json) => text(json['messageId']) ?? text(json['emailMessageId']));
}

async function createTask(
  client: GhlClient,
  ref: LeadRef,
  task: Parameters<Crm['createTask']>[1],
): ReturnType<Crm['createTask']> {
  const body = {
    title: task.title,
    body: task.body,
    dueDate: new Date(task.dueAt).toISOString(),
    completed: false,
    ...(task.assignedTo === null ? {} : { assignedTo: task.assignedTo }),
  };
  const reply = await client.call('create-task', ref.locationId, { path: { contactId: ref.contactId }, body });
  return outcomeOf(reply, (json) => {
    const created = json['task'];
    return typeof created === 'object' && created !== null && 'id' in created ? text(created.id) : undefined;
  });
}

async function readLocation(client: GhlClient, locationId: string): ReturnType<Crm['location']> {
  const reply = await client.call('get-location', locationId, { path: { locationId } });
  const { location } = readAnswer('get-location', locationAnswer, expectObject('get-location', reply).json);
  return {
    name: location.name ?? '',
    timezone: location.timezone ?? null,
    companyId: location.companyId ?? null,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
