import { created, newId, ok, own, text } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { blankContact, e164, writeContact } from './contact-fields.ts';
import { contactEvent, dndEvent } from './events.ts';
import { badRequest } from './refusal.ts';
import type { Row } from './store.ts';
import { sameTags, tagsOf } from './tags.ts';

/** Contacts: read, create, update, upsert, delete, and the look-up by phone or e-mail. */
export const contactOperations: Operations = {
  'GET /contacts/{contactId}': (context) =>
    ok({ contact: own(context, 'contacts', context.params['contactId'], 'Contact') }),

  'POST /contacts/': (context) => {
    refuseDuplicate(context, context.body, undefined);
    return created({ contact: create(context, context.body) });
  },

  'PUT /contacts/{contactId}': (context) => {
    const before = own(context, 'contacts', context.params['contactId'], 'Contact');
    refuseDuplicate(context, context.body, before.id);
    return ok({ succeded: true, contact: update(context, before, context.body) });
  },

  // One that matches by e-mail wins over one that matches by phone, and only it is updated. A gender is taken for a new
  // contact and dropped without a word for a known one.
  'POST /contacts/upsert': (context) => {
    const { createNewIfDuplicateAllowed, gender, ...body } = context.body;
    if (!text(body['email']) && !text(body['phone']))
      throw badRequest('Pass at least one of number, email query parameter');
    const twin = twinOf(context, body, undefined)?.contact;
    if (twin === undefined || (createNewIfDuplicateAllowed === true && allowsDuplicates(context))) {
      return ok({ new: true, contact: create(context, context.body) });
    }
    const other = twinOf(context, { phone: body['phone'] }, twin.id);
    // The number belongs to somebody else: GHL keeps it there and says nothing.
    const { phone: _taken, ...rest } = body;
    return ok({ new: false, contact: update(context, twin, other && !allowsDuplicates(context) ? rest : body) });
  },

  'DELETE /contacts/{contactId}': (context) => {
    const contact = own(context, 'contacts', context.params['contactId'], 'Contact');
    context.store.remove('contacts', contact.id);
    context.store.put('deletedContacts', { id: contact.id, locationId: context.locationId, deletedAt: context.now });
    context.emit('ContactDelete', contactEvent(contact));
    return ok({ succeded: true });
  },

  'GET /contacts/search/duplicate': (context) => {
    const { number, email } = context.query;
    if (!text(number) && !text(email)) throw badRequest('Pass at least one of number, email query parameter');
    return ok({ contact: twinOf(context, { email, phone: number }, undefined)?.contact ?? null });
  },
};

/** Without what the API takes but does not show. */
function create(context: Context, { locationId: _known, createNewIfDuplicateAllowed: _asked, ...body }: Json): Row {
  const location = context.store.get('locations', context.locationId);
  const blank = blankContact(newId(), context.locationId, location?.['country'], context.now);
  const contact = { ...writeContact(context, blank, body), ...(text(body['gender']) && { gender: body['gender'] }) };
  context.store.put('contacts', contact);
  context.emit('ContactCreate', contactEvent(contact));
  return contact;
}

function update(context: Context, before: Row, { locationId: _known, ...body }: Json): Row {
  const after = writeContact(context, before, body);
  const tagged = !sameTags(tagsOf(before), tagsOf(after));
  const silenced = differs(before, after, (name) => name === 'dnd' || name.endsWith('ndSettings'));
  const edited = differs(before, after, (name) => !/^(tags|dnd|.*ndSettings|dateUpdated)$/.test(name));
  context.store.put('contacts', after);
  // One action fires an event per kind of change, each with the whole contact.
  if (edited) context.emit('ContactUpdate', contactEvent(after));
  if (tagged) context.emit('ContactTagUpdate', contactEvent(after));
  if (silenced) context.emit('ContactDndUpdate', dndEvent(after));
  return after;
}

function differs(before: Row, after: Row, counts: (name: string) => boolean): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some((name) => counts(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function allowsDuplicates(context: Context): boolean {
  const settings = context.store.get('locations', context.locationId)?.['settings'] as Json | undefined;
  return settings?.['allowDuplicateContact'] === true;
}

function refuseDuplicate(context: Context, body: Json, except: string | undefined): void {
  const twin = allowsDuplicates(context) ? undefined : twinOf(context, body, except);
  if (twin === undefined) return;
  throw badRequest('This location does not allow duplicated contacts.', {
    contactId: twin.contact.id,
    contactName: text(twin.contact['name']) ?? '',
    matchingField: twin.by,
  });
}

function twinOf(context: Context, body: Json, except: string | undefined): { contact: Row; by: string } | undefined {
  const email = text(body['email'])?.trim().toLowerCase();
  const phone = e164(body['phone']);
  if (email === undefined && phone === undefined) return undefined;
  const others = context.store.of('contacts', context.locationId).filter((contact) => contact.id !== except);
  const byEmail = email && others.find((contact) => contact['email'] === email);
  if (byEmail) return { contact: byEmail, by: 'email' };
  const byPhone = phone && others.find((contact) => contact['phone'] === phone);
  return byPhone ? { contact: byPhone, by: 'phone' } : undefined;
}
