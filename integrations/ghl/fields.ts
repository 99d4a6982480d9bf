import { AppError, isAppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Cache } from '../../domain/ports/cache.ts';
import type { Crm } from '../../domain/ports/crm.ts';
import { expectObject } from './answers.ts';
import { ask, readAnswer } from './ask.ts';
import type { GhlClient } from './client.ts';
import { updateContact, wholeContact } from './contacts.ts';
import { sameWords } from './mail-body.ts';
import { customFieldItem, customFieldsAnswer, fieldItem, itemsOf, updatedAnswer } from './schemas.ts';

/** After this the fields are read anew; what is remembered answers meanwhile, and as long as the CRM does not. */
const FRESH_MS = 5 * 60_000;
const KEPT_MS = 7 * 24 * 3_600_000;

interface Remembered {
  readonly ids: Readonly<Record<string, string>>;
  readonly readAt: number;
}

type Wanted = Parameters<Crm['setFields']>[1];

/** The location's fields of contacts, as it has them now. */
export async function readFields(client: GhlClient, locationId: string) {
  const input = { path: { locationId }, query: { model: 'contact' } } as const;
  const { customFields } = await ask(client, 'get-custom-fields', customFieldsAnswer, locationId, input);
  return itemsOf(customFieldItem, customFields);
}

/**
 * Which field is which hardly ever changes, and facts of the score rest on it: an outage of the CRM must not make a lead colder, so what
 * was read once answers until it is read again.
 */
export async function fieldIds(
  client: GhlClient,
  cache: Cache,
  locationId: string,
  { remembered = false }: Parameters<Crm['fieldIds']>[1] = {},
): Promise<Readonly<Record<string, string>>> {
  const known = await cache.get<Remembered>(cacheKey(locationId));
  if (known === undefined && remembered)
    throw new AppError('CRM_UNAVAILABLE', 'the fields of the location are not remembered; it was not asked');
  if (known === undefined) return readFieldIds(client, cache, locationId);
  // Nobody waits for it, and a failure leaves what is remembered.
  if (!remembered && Date.now() - known.readAt > FRESH_MS) {
    await cache.set(cacheKey(locationId), { ...known, readAt: Date.now() }, KEPT_MS);
    readFieldIds(client, cache, locationId).catch(() => undefined);
  }
  return known.ids;
}

async function readFieldIds(client: GhlClient, cache: Cache, locationId: string): Promise<Remembered['ids']> {
  const ids = Object.fromEntries((await readFields(client, locationId)).map((field) => [field.fieldKey, field.id]));
  await cache.set(cacheKey(locationId), { ids, readAt: Date.now() } satisfies Remembered, KEPT_MS);
  return ids;
}

/**
 * Values go as strings, the one form that the vendor's document takes for every kind of field. The vendor may say yes and keep nothing
 * (a field that is gone, a key that this version does not hear, a value that does not fit), so each is looked for afterwards: in the answer where
 * that shows the fields, else by a read.
 */
export async function setFields(client: GhlClient, cache: Cache, ref: LeadRef, fields: Wanted): Promise<void> {
  if (fields.length === 0) return;
  const customFields = fields.map(({ id, value }) => ({ id, field_value: String(value) }));
  try {
    const answer = expectObject('update-contact', await updateContact(client, ref, { customFields }));
    const { contact } = readAnswer('update-contact', updatedAnswer, answer.json);
    if (contact?.customFields != null && allTaken(contact.customFields, fields)) return;
  } catch (error) {
    // The vendor may also refuse the whole call for a field that it does not know.
    const refused = isAppError(error) && (error.code === 'CRM_BAD_REQUEST' || error.code === 'CRM_NOT_FOUND');
    if (refused) await blameMissing(client, cache, ref, fields);
    throw error;
  }
  const after = await wholeContact(client, ref);
  if (after === 'gone') throw new AppError('CRM_NOT_FOUND', 'update-contact: the contact does not exist any more');
  if (allTaken(after.contact.customFields ?? [], fields)) return;
  await blameMissing(client, cache, ref, fields);
  throw new AppError('CRM_FIELD_NOT_TAKEN', 'update-contact: a value that was written cannot be read back');
}

/** @throws CRM_FIELD_UNKNOWN if a field is not in the location any more; what was remembered of its fields is forgotten then */
async function blameMissing(client: GhlClient, cache: Cache, ref: LeadRef, fields: Wanted): Promise<void> {
  const present = new Set((await readFields(client, ref.locationId)).map(({ id }) => id));
  const missing = fields.filter(({ id }) => !present.has(id));
  if (missing.length === 0) return;
  await cache.delete(cacheKey(ref.locationId));
  const ids = missing.map(({ id }) => id).join(', ');
  throw new AppError('CRM_FIELD_UNKNOWN', `update-contact: the location has no field ${ids}`);
}

function allTaken(shown: readonly unknown[], fields: Wanted): boolean {
  const values = new Map(itemsOf(fieldItem, shown).map(({ id, value }) => [id, value]));
  return fields.every(({ id, value }) => taken(values.get(id), value));
}

/**
 * The vendor shows a value as the field's type has it: a number for a text that was one, a list for a choice, an instant for a day. An
 * empty value is taken when nothing is shown.
 */
function taken(shown: unknown, wanted: string | number): boolean {
  const text = String(wanted).trim();
  if (shown === undefined || shown === null || shown === '') return text === '';
  if (Array.isArray(shown)) return takenAsList(shown, text);
  if (typeof shown === 'boolean') return taken(String(shown), wanted);
  if (typeof shown !== 'string' && typeof shown !== 'number') return false;
  if (sameWords(String(shown).toLowerCase(), text.toLowerCase())) return true;
  if (text !== '' && Number(text) === Number(shown)) return true;
  const instant = typeof shown === 'string' && /^\d{12,14}$/.test(shown) ? Number(shown) : shown;
  return /^\d{4}-\d\d-\d\d/.test(text) && new Date(instant).getTime() === Date.parse(text);
}

/** Just these choices, in any order: one that was there before must be gone. */
function takenAsList(shown: readonly unknown[], text: string): boolean {
  if (shown.length <= 1) return taken(shown[0], text);
  const wanted = text.split(',').map((one) => one.trim());
  const left = wanted.filter((one) => !shown.some((it) => taken(it, one)));
  return left.length === 0 && shown.every((it) => wanted.some((one) => taken(it, one)));
}

function cacheKey(locationId: string): string {
  return `${locationId}:ghl:contact-field-ids`;
}
