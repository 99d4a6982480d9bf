import { present } from './context.ts';
import type { Json } from './context.ts';
import type { Row } from './store.ts';

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

/** Body of `TaskCreate`, `TaskComplete`, `TaskDelete`. */
export function taskEvent(task: Row): Json {
  const { id, locationId, assignedTo, body, contactId, title, dateAdded, dueDate } = task;
  return present({ id, locationId, assignedTo, body, contactId, title, dateAdded, dueDate });
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
