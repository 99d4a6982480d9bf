import { present, text } from './context.ts';
import type { Context, Json } from './context.ts';
import { badRequest, unprocessable } from './refusal.ts';
import type { Row } from './store.ts';
import { canonicalTags } from './tags.ts';

/** Fields copied as they come; null or empty text clears them. */
const PLAIN = [
  'address1 city state country postalCode website timezone source dateOfBirth companyName assignedTo type keyword ssn',
]
  .join(' ')
  .split(' ');

/**
 * The contact after a create, update or upsert with this body.
 * `tags` replaces all tags, `customFields` and the DND settings are merged; everything is checked before anything is written.
 */
export function writeContact(context: Context, before: Row, body: Json): Row {
  const fields = customFieldsAfter(context, before, body['customFields']);
  const phone = 'phone' in body ? e164(body['phone']) : before['phone'];
  const email = 'email' in body ? text(body['email'])?.trim().toLowerCase() : before['email'];
  const plain = Object.fromEntries(PLAIN.filter((name) => name in body).map((name) => [name, body[name]]));
  const { firstName, lastName, name } = names(before, body);
  return {
    ...present({
      ...before,
      ...plain,
      ...{ firstName, lastName, name, email, phone },
      emailLowerCase: email,
      firstNameLowerCase: firstName?.toLowerCase(),
      lastNameLowerCase: lastName?.toLowerCase(),
      fullNameLowerCase: name?.toLowerCase(),
      dnd: body['dnd'] ?? before['dnd'],
      dndSettings: merged(before['dndSettings'], body['dndSettings']),
      inboundDndSettings: merged(before['inboundDndSettings'], body['inboundDndSettings']),
      customFields: fields,
      tags: Array.isArray(body['tags'])
        ? canonicalTags(context.store, context.locationId, body['tags'] as string[])
        : before['tags'],
      dateUpdated: context.now,
    }),
    id: before.id,
  };
}

/** A contact without anything yet. Country defaults to the location's, as GHL does. */
export function blankContact(id: string, locationId: string, country: unknown, now: string): Row {
  return { id, locationId, type: 'lead', tags: [], customFields: [], dnd: false, country, dateAdded: now };
}

/**
 * A phone number as GHL stores it: E.164, numbers without a country code taken as North American.
 * Anything else is refused; the vendor's text for it is not documented.
 */
export function e164(phone: unknown): string | undefined {
  const raw = text(phone)?.trim();
  if (raw === undefined) return undefined;
  const digits = raw.replace(/[\s().-]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(digits)) return digits;
  if (/^1?\d{10}$/.test(digits)) return `+1${digits.slice(-10)}`;
  throw badRequest('Invalid phone number');
}

function names(before: Row, body: Json): Record<'firstName' | 'lastName' | 'name', string | undefined> {
  const given = text(body['name'])?.trim().split(/\s+/);
  const first = 'firstName' in body ? text(body['firstName']) : (given?.[0] ?? text(before['firstName']));
  const last = 'lastName' in body ? text(body['lastName']) : (given?.slice(1).join(' ') ?? text(before['lastName']));
  return { firstName: first, lastName: text(last), name: text([first, last].filter(Boolean).join(' ')) };
}

function merged(before: unknown, change: unknown): unknown {
  return change === undefined ? before : { ...(before as Json | undefined), ...(change as Json) };
}

/**
 * Written as `{id | key, field_value}`, read as `{id, value}`. An unknown field is refused, so that a wrong id shows at once;
 * the vendor's own answer to it is not documented.
 */
function customFieldsAfter(context: Context, before: Row, change: unknown): Json[] {
  const values = new Map(
    (before['customFields'] as { id: string; value: unknown }[]).map((field) => [field.id, field.value]),
  );
  for (const [index, write] of ((change ?? []) as Json[]).entries()) {
    const field = fieldOf(context, write);
    const value = typed(field, write['field_value'] ?? write['fieldValue'], index);
    if (value === undefined) values.delete(field.id);
    else values.set(field.id, value);
  }
  return [...values].map(([id, value]) => ({ id, value }));
}

function fieldOf(context: Context, write: Json): Row {
  const id = text(write['id']);
  // Keys are written with or without the model's prefix: `lead_score`, `contact.lead_score`.
  const key = text(write['key'])?.replace(/^contact\./, '');
  const field = context.store
    .of('customFields', context.locationId)
    .find((row) => (id === undefined ? row['fieldKey'] === `contact.${key}` : row.id === id));
  if (field === undefined) throw badRequest(`Custom field ${id ?? key} not found`);
  return field;
}

function typed(field: Row, value: unknown, index: number): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  if (field['dataType'] !== 'NUMERICAL' && field['dataType'] !== 'MONETORY') return value;
  const number = typeof value === 'number' ? value : Number(value);
  if (Number.isFinite(number)) return number;
  throw unprocessable([`customFields.${index}.field_value must be a number`]);
}
