import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Crm, Urgency } from '../../domain/ports/crm.ts';
import { expectObject } from './answers.ts';
import { ask, readAnswer } from './ask.ts';
import type { GhlClient } from './client.ts';
import type { CallInput } from './operations.ts';
import { saysContactGone, type Answer } from './reply.ts';
import { anyAnswer, contactAnswer, locationAnswer, type GhlContact } from './schemas.ts';
import { knownAt, snapshotOf } from './snapshot.ts';

export async function readContact(client: GhlClient, ref: LeadRef, how?: Urgency): ReturnType<Crm['contact']> {
  const found = await wholeContact(client, ref, how);
  return found === 'gone' ? 'gone' : { snapshot: snapshotOf(found.contact), at: knownAt(found.answer, found.contact) };
}

/** The contact as the vendor tells it. */
export async function wholeContact(
  client: GhlClient,
  ref: LeadRef,
  how?: Urgency,
): Promise<{ readonly contact: GhlContact; readonly answer: Answer } | 'gone'> {
  const reply = await client.call('get-contact', ref.locationId, { path: { contactId: ref.contactId } }, how);
  if (saysContactGone(reply)) return 'gone';
  const answer = expectObject('get-contact', reply);
  const { contact } = readAnswer('get-contact', contactAnswer, answer.json);
  // Another contact or another tenant's must never pass for this one, whatever a cache or a proxy answered.
  if (contact.id !== ref.contactId) throw new AppError('CRM_UNAVAILABLE', 'get-contact: answered another contact');
  if ((contact.locationId ?? ref.locationId) !== ref.locationId) {
    throw new AppError('CRM_FORBIDDEN', 'get-contact: the contact belongs to another location');
  }
  return { contact, answer };
}

export async function changeTags(
  client: GhlClient,
  operation: 'add-tags' | 'remove-tags',
  ref: LeadRef,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;
  const input = { path: { contactId: ref.contactId }, body: { tags: [...tags] } };
  await ask(client, operation, anyAnswer, ref.locationId, input);
}

/** An update of a contact, without the one field that would overwrite what others have set. */
type Change = Omit<CallInput<'update-contact'>['body'], 'tags'> & { readonly tags?: never };

export async function updateContact(client: GhlClient, ref: LeadRef, body: Change, how?: Urgency) {
  return client.call('update-contact', ref.locationId, { path: { contactId: ref.contactId }, body }, how);
}

export async function assign(client: GhlClient, ref: LeadRef, userId: string | null): Promise<void> {
  expectObject('update-contact', await updateContact(client, ref, { assignedTo: userId }));
}

const vendorChannel = { sms: 'SMS', email: 'Email', call: 'Call' } as const;
type VendorDnd = NonNullable<Change['dndSettings']>;

/**
 * Read first, so that what is not named stays as it is whether the vendor merges the settings or replaces them; a channel that blocks
 * for good (by the carrier's word or the person's) is not ours to lift and keeps that mark. Then read back: a block that was not kept must not pass for one.
 */
export async function setDnd(client: GhlClient, ref: LeadRef, channels: Parameters<Crm['setDnd']>[1]): Promise<void> {
  const urgent = { urgent: true };
  const before = await dndOf(client, ref, urgent);
  const wanted = Object.entries(channels)
    .map(([channel, state]) => [vendorChannel[channel as keyof typeof vendorChannel], state === 'on'] as const)
    .filter(([channel, on]) => on || before[channel]?.status !== 'permanent');
  if (wanted.every(([channel, on]) => blocks(before[channel]) === on)) return;
  const kept = Object.entries(before).filter(([, entry]) => blocks(entry));
  const dndSettings = Object.fromEntries([
    ...kept,
    ...wanted
      .filter(([channel, on]) => blocks(before[channel]) !== on)
      .map(([channel, on]) => [channel, { status: on ? 'active' : 'inactive' }]),
  ]) as VendorDnd;
  expectObject('update-contact', await updateContact(client, ref, { dndSettings }, urgent));
  const after = await dndOf(client, ref, urgent);
  const lost = [...kept.map(([channel]) => [channel, true] as const), ...wanted].filter(
    ([channel, on]) => blocks(after[channel]) !== (new Map<string, boolean>(wanted).get(channel) ?? on),
  );
  if (lost.length > 0) {
    throw new AppError(
      'CRM_UNAVAILABLE',
      `update-contact: do-not-disturb of ${lost.map(([it]) => it).join(', ')} was not kept`,
    );
  }
}

type DndEntries = Readonly<Record<string, DndEntry>>;
type DndEntry = { readonly status?: string | undefined } | null | undefined;

async function dndOf(client: GhlClient, ref: LeadRef, how: Urgency): Promise<DndEntries> {
  const found = await wholeContact(client, ref, how);
  if (found === 'gone') throw new AppError('CRM_NOT_FOUND', 'get-contact: the contact does not exist');
  const { dndSettings } = found.contact;
  if (dndSettings === 'unreadable') throw new AppError('CRM_UNAVAILABLE', 'get-contact: unreadable do-not-disturb');
  return dndSettings ?? {};
}

function blocks(entry: DndEntry): boolean {
  return entry?.status === 'active' || entry?.status === 'permanent';
}

export async function readLocation(client: GhlClient, locationId: string): ReturnType<Crm['location']> {
  const { location } = await ask(client, 'get-location', locationAnswer, locationId, { path: { locationId } });
  return {
    name: location.name ?? '',
    timezone: location.timezone ?? null,
    companyId: location.companyId ?? null,
  };
}
