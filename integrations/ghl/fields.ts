import type { Cache, Key } from '../../domain/cache/cache.ts';
import { AppError, isAppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { WHOLE_LOCATION } from '../../domain/ports/cache-tags.ts';
import type { Crm } from '../../domain/ports/crm.ts';
import { expectObject } from './answers.ts';
import { ask, readAnswer } from './ask.ts';
import type { GhlClient } from './client.ts';
import { updateContact, wholeContact } from './contacts.ts';
import { sameWords } from './mail-body.ts';
import { customFieldItem, customFieldsAnswer, fieldItem, itemsOf, updatedAnswer } from './schemas.ts';

/** After this the fields are read anew; what is remembered answers meanwhile, and as long as the CRM does not. */
const FRESH_MS = 5 * 60_000;
const KIND = { kind: 'field-ids' };
const MOST_LOCATIONS = 5_000;

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

export interface FieldBook {
  ids: Crm['fieldIds'];
  /** A field is not there any more: the next question is asked of the CRM. */
  forget(locationId: string): Promise<void>;
}

/**
 * Which field is which hardly ever changes, and facts of the score rest on it: neither an outage of the CRM nor one of the cache may make a
 * lead colder, so what was read once answers until it is read again.
 */
export function createFieldBook(client: GhlClient, cache: Cache): FieldBook {
  const here = new Map<string, Remembered>();

  async function read(locationId: string): Promise<Remembered> {
    const ids = Object.fromEntries((await readFields(client, locationId)).map((field) => [field.fieldKey, field.id]));
    return keep(locationId, { ids, readAt: Date.now() });
  }

  async function keep(locationId: string, remembered: Remembered): Promise<Remembered> {
    remember(locationId, remembered);
    await cache.set(keyOf(locationId), remembered, { ...KIND, tags: [WHOLE_LOCATION] });
    return remembered;
  }

  function remember(locationId: string, remembered: Remembered): void {
    here.delete(locationId);
    here.set(locationId, remembered);
    const [oldest] = here.keys();
    if (here.size > MOST_LOCATIONS && oldest !== undefined) here.delete(oldest);
  }

  async function known(locationId: string): Promise<Remembered | undefined> {
    const mine = here.get(locationId);
    if (mine !== undefined && Date.now() - mine.readAt <= FRESH_MS) return mine;
    const shared = await cache.get<Remembered>(keyOf(locationId), KIND);
    if (shared == null || (mine !== undefined && mine.readAt > shared.readAt)) return mine;
    remember(locationId, shared);
    return shared;
  }

  return {
    async ids(locationId, { remembered = false } = {}) {
      const found = await known(locationId);
      if (found === undefined && remembered)
        throw new AppError('CRM_UNAVAILABLE', 'the fields of the location are not remembered; it was not asked');
      if (found === undefined) return (await read(locationId)).ids;
      if (!remembered && Date.now() - found.readAt > FRESH_MS) {
        // Nobody waits for it, and a failure leaves what is remembered.
        await keep(locationId, { ...found, readAt: Date.now() });
        read(locationId).catch(() => undefined);
      }
      return found.ids;
    },
    async forget(locationId) {
      here.delete(locationId);
      await cache.delete(keyOf(locationId), KIND);
    },
  };
}

/**
 * Values go as strings, the one form that the vendor's document takes for every kind of field. The vendor may say yes and keep nothing
 * (a field that is gone, a key that this version does not hear, a value that does not fit), so each is looked for afterwards: in the answer where
 * that shows the fields, else by a read.
 */
export async function setFields(client: GhlClient, book: FieldBook, ref: LeadRef, fields: Wanted): Promise<void> {
  if (fields.length === 0) return;
  const customFields = fields.map(({ id, value }) => ({ id, field_value: String(value) }));
  try {
    const answer = expectObject('update-contact', await updateContact(client, ref, { customFields }));
    const { contact } = readAnswer('update-contact', updatedAnswer, answer.json);
    if (contact?.customFields != null && allTaken(contact.customFields, fields)) return;
  } catch (error) {
    // The vendor may also refuse the whole call for a field that it does not know.
    const refused = isAppError(error) && (error.code === 'CRM_BAD_REQUEST' || error.code === 'CRM_NOT_FOUND');
    if (refused) await blameMissing(client, book, ref, fields);
    throw error;
  }
  const after = await wholeContact(client, ref);
  if (after === 'gone') throw new AppError('CRM_NOT_FOUND', 'update-contact: the contact does not exist any more');
  if (allTaken(after.contact.customFields ?? [], fields)) return;
  await blameMissing(client, book, ref, fields);
  throw new AppError('CRM_FIELD_NOT_TAKEN', 'update-contact: a value that was written cannot be read back');
}

/** @throws CRM_FIELD_UNKNOWN if a field is not in the location any more; what was remembered of its fields is forgotten then */
async function blameMissing(client: GhlClient, book: FieldBook, ref: LeadRef, fields: Wanted): Promise<void> {
  const present = new Set((await readFields(client, ref.locationId)).map(({ id }) => id));
  const missing = fields.filter(({ id }) => !present.has(id));
  if (missing.length === 0) return;
  await book.forget(ref.locationId);
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

function keyOf(locationId: string): Key {
  return { location: locationId, id: 'contact' };
}
