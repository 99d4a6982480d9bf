import type { Iso } from '../glossary.ts';
import { carrierWord, type CarrierWord } from '../consent/carrier-codes.ts';
import type { ContactPatch } from '../leads/contact.ts';
import { readContact, readSnapshot, readWorkflowContact } from './contact-patch.ts';
import type { EventKind, EventSource, LeadEvent, OperatorAct } from './event.ts';
import { readMessage } from './message-fact.ts';
import { readUnderstood, UNDERSTOOD } from './understood-event.ts';
import { readCrmEvent } from './read-crm-event.ts';
import { flatten, objectAt, own, textAt, type Json } from './payload.ts';

/** What the inbox row says of the event; placement was settled when it was stored. */
export interface LeadEventRow {
  readonly inboxId: string;
  readonly source: EventSource;
  readonly type: string;
  readonly kind: EventKind;
  readonly locationId: string;
  readonly contactId: string;
  readonly occurredAt: Iso | null;
  readonly receivedAt: Iso;
}

/**
 * One inbox row, read for its lead. Never throws: whatever cannot be read is absent, and the parts say so by being undefined.
 * @param json  the parsed body, by `readJsonObject`
 */
export function readLeadEvent(row: LeadEventRow, json: Json): LeadEvent {
  const body = row.source === 'marketplace' ? flatten(json) : json;
  const record = recordOf(row, json);
  const carrier = carrierOf(row, body);
  const understood = row.source === 'internal' && row.kind === UNDERSTOOD ? readUnderstood(json) : undefined;
  return {
    inboxId: row.inboxId,
    source: row.source,
    kind: row.kind,
    type: row.type,
    locationId: row.locationId,
    contactId: row.contactId,
    occurredAt: row.occurredAt ?? row.receivedAt,
    receivedAt: row.receivedAt,
    contact: contactOf(row, body),
    message: row.source === 'operator' ? undefined : readMessage(row.kind, body),
    ...(record === undefined ? {} : { record }),
    ...(carrier === null ? {} : { carrier }),
    ...(understood === undefined ? {} : { understood }),
    act: row.source === 'operator' ? readAct(row.type, body) : undefined,
  };
}

/** Only the vendor's own signed deliveries tell of records; what a workflow claims of one is looked up by nobody. */
function recordOf(row: LeadEventRow, json: Json): LeadEvent['record'] {
  if (row.source !== 'marketplace') return undefined;
  const time = { at: row.occurredAt ?? row.receivedAt, timed: row.occurredAt !== null };
  const read = readCrmEvent(row.type, json, time);
  // The envelope has settled whose it is.
  return read.family === 'record' ? { ...read.news, contactId: row.contactId } : undefined;
}

/** A block that was lifted since says nothing any more. */
function carrierOf(row: LeadEventRow, body: Json): CarrierWord | null {
  if (row.source !== 'marketplace' || row.kind !== 'contact.dnd') return null;
  const entry = objectAt(objectAt(body, 'dndSettings'), 'SMS');
  const status = own(entry, 'status');
  return entry === undefined || (status !== 'active' && status !== 'permanent') ? null : carrierWord(entry);
}

/** A patch without any field is none. */
function contactOf(row: LeadEventRow, body: Json): ContactPatch | undefined {
  const patch = patchOf(row, body);
  return patch !== undefined && Object.keys(patch).length > 0 ? patch : undefined;
}

function patchOf(row: LeadEventRow, body: Json): ContactPatch | undefined {
  if (row.kind === 'contact.snapshot')
    return readSnapshot(objectAt(body, 'snapshot') ?? objectAt(body, 'contact') ?? body);
  if (row.source === 'workflow') return readWorkflowContact(body);
  if (row.source !== 'marketplace') return undefined;
  switch (row.kind) {
    case 'contact.created':
      return { ...readContact(body), toldCreatedAt: row.occurredAt ?? row.receivedAt };
    case 'contact.updated':
    case 'contact.tagged':
    case 'contact.dnd':
      return readContact(body);
    default:
      return undefined;
  }
}

const actions = ['pause', 'resume', 'stop', 'takeOver', 'enrol'] as const;

/** What an operator did; the action also stands in the type (`operator.pause`). Unreadable acts do nothing. */
function readAct(type: string, body: Json): OperatorAct | undefined {
  const named = textAt(body, 'action') ?? type.replace(/^operator\./, '');
  const action = actions.find((candidate) => candidate === named);
  if (action === undefined) return undefined;
  const sequence = own(body, 'sequence');
  const by = own(body, 'by');
  const optOut = own(body, 'optOut');
  return {
    action,
    ...(typeof sequence === 'string' && sequence !== '' ? { sequence } : {}),
    ...(optOut === 'yes' || optOut === 'no' ? { optOut } : {}),
    ...(typeof by === 'string' && by !== '' ? { by } : {}),
  };
}
