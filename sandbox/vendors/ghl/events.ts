import { present } from './context.ts';
import type { Json } from './context.ts';
import type { Row } from './store.ts';

/** What happened, and the body of its event without the envelope. */
export type Event = readonly [type: string, body: Json];

/** The fields that GHL's contact events carry; the contact is `id` there, and nothing says what changed. */
const CONTACT_FIELDS = [
  'id locationId address1 city state country postalCode companyName source dateAdded dateOfBirth dnd email name firstName',
  'lastName phone tags website assignedTo customFields',
]
  .join(' ')
  .split(' ');

/** Body of `ContactCreate`, `ContactUpdate`, `ContactDelete`, `ContactTagUpdate`. */
export function contactEvent(contact: Row): Json {
  return present({
    ...Object.fromEntries(CONTACT_FIELDS.map((field) => [field, contact[field]])),
    // Documented, and never populated by the vendor.
    attachments: [],
  });
}

/** Body of `ContactDndUpdate`: the contact, and its settings per channel. */
export function dndEvent(contact: Row): Json {
  return present({
    ...contactEvent(contact),
    dndSettings: contact['dndSettings'],
    inboundDndSettings: contact['inboundDndSettings'],
  });
}

/** Body of `TaskCreate`, `TaskComplete`, `TaskDelete`. A sparse one lacks contact and body, as real ones were seen to. */
export function taskEvent(task: Row, sparse = false): Json {
  const { id, locationId, assignedTo, body, contactId, title, dateAdded, dueDate } = task;
  return present({ id, locationId, assignedTo, title, dateAdded, dueDate, ...(!sparse && { body, contactId }) });
}

/** Body of `NoteCreate`, `NoteUpdate`, `NoteDelete`: a fixed list without the author. */
export function noteEvent(note: Row): Json {
  const { id, locationId, body, contactId, dateAdded } = note;
  return present({ id, locationId, body, contactId, dateAdded });
}

/** Body of every `Opportunity*` event. */
export function opportunityEvent(opportunity: Row): Json {
  const { id, locationId, assignedTo, contactId, monetaryValue, name, pipelineId, pipelineStageId, source, status } =
    opportunity;
  return present({
    ...{ id, locationId, assignedTo, contactId, monetaryValue, name, pipelineId, pipelineStageId, source, status },
    dateAdded: opportunity['createdAt'],
  });
}

/** Body of `InboundMessage` and `OutboundMessage`. E-mails carry `emailMessageId` and `threadId` instead of `messageId`. */
export function messageEvent(message: Row, status: string): Json {
  const { locationId, contactId, conversationId, dateAdded, direction, body, contentType, from, to, source, userId } =
    message;
  const email = message['messageType'] === 'TYPE_EMAIL';
  const { subject, emailMessageId, threadId } = message;
  return present({
    ...{
      locationId,
      contactId,
      conversationId,
      dateAdded,
      direction,
      body,
      contentType,
      from,
      to,
      source,
      userId,
      status,
    },
    attachments: message['attachments'] ?? [],
    messageType: email ? 'Email' : 'SMS',
    messageTypeId: message['type'],
    messageTypeString: message['messageType'],
    ...(email ? { subject, emailMessageId, threadId } : { messageId: message.id }),
  });
}

/** Events whose documented bodies have no `type`, and that come with a time of their own. */
export const UNTYPED = /^(Record|Relation|Association|ObjectSchema)/;

/** Body of `RecordCreate`, `RecordUpdate`, `RecordDelete`: values as texts, whatever they are. */
export function recordEvent(record: Row, now: string): Json {
  const { id, locationId, owner, followers } = record;
  const properties = Object.entries(record['properties'] as Json).map(([key, value]) => ({
    key,
    valueString: typeof value === 'string' ? value : JSON.stringify(value),
  }));
  return { id, locationId, timestamp: now, owners: owner, followers, properties };
}

/** Body of `LCEmailStats`: what became of an e-mail, nested under `webhookPayload`. */
export function emailStatsEvent(message: Row, companyId: unknown, what: EmailOutcome, now: string): Json {
  const { locationId, emailMessageId, from, to } = message;
  const recipient = String(to);
  const [, domain = ''] = recipient.split('@');
  const tags = [`loc_${String(locationId)}`, `com_${String(companyId)}`, 'et_other'];
  const answer = { 'attempt-no': 1, code: what.code, message: what.code < 400 ? 'OK' : 'Rejected', description: '' };
  return {
    ...{ locationId, companyId },
    webhookPayload: {
      ...{ event: what.event, id: emailMessageId, timestamp: Math.floor(Date.parse(now) / 1000) },
      message: { attachments: [], headers: { 'message-id': emailMessageId, from, to: recipient }, size: 1725 },
      ...{ 'log-level': what.code < 400 ? 'info' : 'error', recipient, 'recipient-domain': domain },
      ...{ tags, campaigns: [], 'delivery-status': answer },
    },
  };
}

export interface EmailOutcome {
  readonly event: string;
  /** SMTP's. */
  readonly code: number;
}
