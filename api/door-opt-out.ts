import { readOptOut } from '../domain/consent/opt-out.ts';
import type { NewInboxEvent } from '../domain/ports/inbox.ts';
import type { LeadStore } from '../domain/ports/leads.ts';
import type { Envelope } from '../domain/webhooks/event.ts';
import { readMessage } from '../domain/webhooks/message-fact.ts';
import { flatten, objectAt, textAt, type Json } from '../domain/webhooks/payload.ts';

/**
 * A clear opt-out in an inbound text or e-mail, with the people it silences: it is stored together with the event, so that no send
 * can slip in between receipt and reading. It silences both channels: who says stop to one of them did not ask for the other.
 * @param stop  what `clearStop` found, where it was asked before
 * @returns undefined when the delivery is no such message
 */
export async function optOutAtTheDoor(
  deps: { readonly leads: Pick<LeadStore, 'load'>; readonly hashPerson: (address: string) => string },
  source: 'marketplace' | 'workflow',
  envelope: Envelope,
  json: Json,
  stop = clearStop(source, envelope, json),
): Promise<NewInboxEvent['optOut']> {
  if (stop === null) return undefined;
  const addresses = new Set(sendersOf(stop).flatMap(spellings));
  if (envelope.locationId !== undefined && envelope.contactId !== undefined) {
    const lead = await deps.leads.load({ locationId: envelope.locationId, contactId: envelope.contactId });
    for (const known of [lead?.snapshot?.phone, lead?.snapshot?.email]) {
      if (known) for (const spelling of spellings(known)) addresses.add(spelling);
    }
  }
  return { personHashes: [...addresses].map(deps.hashPerson), channels: ['sms', 'email'] };
}

/** What was delivered, if it is a message that clearly says stop; else null. The whole text is read, which takes a moment where it is long. */
export function clearStop(source: 'marketplace' | 'workflow', envelope: Envelope, json: Json): Json | null {
  const body = source === 'marketplace' ? flatten(json) : json;
  const message = readMessage(envelope.kind, body);
  return message?.direction === 'inbound' && readOptOut(message.body) === 'clear' ? body : null;
}

/** Where a message says it came from; custom providers send empty objects here. Workflow webhooks carry the contact's own fields. */
function sendersOf(json: Json): string[] {
  const places = [
    textAt(json, 'from'),
    textAt(objectAt(json, 'message'), 'from'),
    textAt(json, 'phone'),
    textAt(json, 'email'),
  ];
  return places.filter((place) => place !== undefined);
}

/** The address as it came, and as the CRM would spell it: the bare mailbox, or E.164 for a North American number. */
function spellings(address: string): string[] {
  const mailbox = /<([^<>\s]+@[^<>\s]+)>/.exec(address)?.[1];
  if (mailbox !== undefined) return [mailbox];
  if (address.includes('@')) return [address];
  const digits = address.replace(/\D/g, '');
  const e164 = digits.length === 10 ? `+1${digits}` : `+${digits}`;
  return digits.length < 10 ? [] : [...new Set([address, e164])];
}
