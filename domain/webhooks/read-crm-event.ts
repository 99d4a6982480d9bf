import type { CrmEvent, EventTime, ReadOf } from './crm-event.ts';
import { readContact } from './contact-patch.ts';
import { kindOf } from './kinds.ts';
import { readMessage } from './message-fact.ts';
import { flatten, type Json } from './payload.ts';
import { readAppointment } from './read-appointment.ts';
import { readCampaign, readConversation } from './read-conversation.ts';
import { readAssociation, readCustomRecord, readRelation, readSchema, shapeOf } from './read-custom-object.ts';
import { readEmailStat } from './read-email-stat.ts';
import { readLifecycle } from './read-lifecycle.ts';
import { readNote } from './read-note.ts';
import { readOpportunity } from './read-opportunity.ts';
import { readTask } from './read-task.ts';
import { readUser } from './read-user.ts';
import type { RecordNews } from '../crm/records.ts';

/**
 * Reads one marketplace delivery. Never throws.
 * @param type  as the envelope says; `unknown` for one that came without, which is then known by its shape
 */
export function readCrmEvent(type: string, json: Json, time: EventTime): CrmEvent {
  const body = flatten(json);
  const read = readers[type === 'unknown' ? (shapeOf(body) ?? type) : type];
  if (read === undefined) return { family: 'unknown' };
  return read(body, { type, ...time }) ?? { family: 'unusable', why: `a ${type} without the ids it needs` };
}

type Read = (body: Json, of: ReadOf) => CrmEvent | undefined;

function ofContact(action: Extract<CrmEvent, { family: 'contact' }>['action']): Read {
  return (body) => ({ family: 'contact', action, patch: action === 'deleted' ? {} : readContact(body) });
}

const ofMessage: Read = (body, { type }) => {
  const message = readMessage(kindOf(type), body);
  return message === undefined ? undefined : { family: 'message', message };
};

function asRecord(read: (body: Json, of: ReadOf) => RecordNews | undefined): Read {
  return (body, of) => {
    const news = read(body, of);
    return news === undefined ? undefined : { family: 'record', news };
  };
}

function each(types: readonly string[], read: Read): readonly (readonly [string, Read])[] {
  return types.map((type) => [type, read] as const);
}

const readers: Readonly<Record<string, Read | undefined>> = Object.assign(
  Object.create(null) as Record<string, Read>,
  Object.fromEntries([
    ['ContactCreate', ofContact('created')],
    ['ContactUpdate', ofContact('updated')],
    ['ContactTagUpdate', ofContact('tagged')],
    ['ContactDndUpdate', ofContact('dnd')],
    ['ContactDelete', ofContact('deleted')],
    ...each(['InboundMessage', 'OutboundMessage', 'ProviderOutboundMessage'], ofMessage),
    ...each(
      [
        ...['OpportunityCreate', 'OpportunityUpdate', 'OpportunityDelete', 'OpportunityStageUpdate'],
        ...['OpportunityStatusUpdate', 'OpportunityMonetaryValueUpdate', 'OpportunityAssignedToUpdate'],
      ],
      asRecord(readOpportunity),
    ),
    ...each(['AppointmentCreate', 'AppointmentUpdate', 'AppointmentDelete'], asRecord(readAppointment)),
    ...each(['TaskCreate', 'TaskComplete', 'TaskDelete'], asRecord(readTask)),
    ...each(['NoteCreate', 'NoteUpdate', 'NoteDelete'], asRecord(readNote)),
    ...each(['UserCreate', 'UserUpdate', 'UserDelete'], readUser),
    ...each(['INSTALL', 'UNINSTALL', 'PLAN_CHANGE', 'LocationCreate', 'LocationUpdate'], readLifecycle),
    ['LCEmailStats', readEmailStat],
    ...each(['RecordCreate', 'RecordUpdate', 'RecordDelete'], asRecord(readCustomRecord)),
    // There is no update of a relation; what came without its type is taken for one.
    ...each(['RelationCreate', 'RelationUpdate', 'RelationDelete'], asRecord(readRelation)),
    ...each(['AssociationCreate', 'AssociationUpdate', 'AssociationDelete'], asRecord(readAssociation)),
    ...each(['ObjectSchemaCreate', 'ObjectSchemaUpdate'], asRecord(readSchema)),
    ['CampaignStatusUpdate', asRecord(readCampaign)],
    ['ConversationUnreadUpdate', asRecord(readConversation)],
  ]),
);
