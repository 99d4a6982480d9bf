import type { EventKind } from './event.ts';

/**
 * Every event type that GHL documents, and what it means to us. A type that is not here is `unknown`: stored, acknowledged, counted.
 * @see https://marketplace.gohighlevel.com/docs/webhook/WebhookIntegrationGuide
 */
const kinds: ReadonlyMap<string, EventKind> = new Map<string, EventKind>([
  ['ContactCreate', 'contact.created'],
  ['ContactUpdate', 'contact.updated'],
  ['ContactTagUpdate', 'contact.tagged'],
  ['ContactDndUpdate', 'contact.dnd'],
  ['ContactDelete', 'contact.deleted'],
  ['InboundMessage', 'message.inbound'],
  ['OutboundMessage', 'message.outbound'],
  ['ProviderOutboundMessage', 'message.outbound'],
  ...each('appointment', ['AppointmentCreate', 'AppointmentUpdate', 'AppointmentDelete']),
  ...each('opportunity', [
    'OpportunityCreate',
    'OpportunityUpdate',
    'OpportunityDelete',
    'OpportunityStageUpdate',
    'OpportunityStatusUpdate',
    'OpportunityMonetaryValueUpdate',
    'OpportunityAssignedToUpdate',
  ]),
  ...each('task', ['TaskCreate', 'TaskComplete', 'TaskDelete']),
  ...each('note', ['NoteCreate', 'NoteUpdate', 'NoteDelete']),
  ...each('lifecycle', [
    'INSTALL',
    'UNINSTALL',
    'PLAN_CHANGE',
    'LocationCreate',
    'LocationUpdate',
    'UserCreate',
    'UserUpdate',
    'UserDelete',
  ]),
  ...each('other', [
    'ConversationUnreadUpdate',
    'CampaignStatusUpdate',
    'LCEmailStats',
    'VoiceAiCallEnd',
    'RecordCreate',
    'RecordUpdate',
    'RecordDelete',
    'RelationCreate',
    'RelationDelete',
    'AssociationCreate',
    'AssociationUpdate',
    'AssociationDelete',
    'ObjectSchemaCreate',
    'ObjectSchemaUpdate',
  ]),
]);

/** Names that teams write into the `event` of a workflow webhook, besides the vendor's own types. */
const workflowNames: ReadonlyMap<string, EventKind> = new Map<string, EventKind>([
  ...each('contact.created', ['contact.created', 'lead.created', 'lead.new']),
  ...each('contact.updated', ['contact.updated', 'lead.updated']),
  ...each('contact.tagged', ['contact.tagged', 'lead.tagged']),
  ...each('contact.dnd', ['contact.dnd']),
  ...each('message.inbound', ['message.inbound', 'message.received', 'lead.replied']),
  ...each('message.outbound', ['message.outbound', 'message.sent']),
  ...each('appointment', ['appointment']),
  ...each('opportunity', ['opportunity']),
  ...each('task', ['task']),
  ...each('note', ['note']),
]);

export function kindOf(type: string): EventKind {
  return kinds.get(type) ?? 'unknown';
}

/** The kind that a workflow's event name stands for; undefined when it names nothing that we know. */
export function kindOfWorkflowEvent(name: string): EventKind | undefined {
  const kind = kinds.get(name) ?? workflowNames.get(name.toLowerCase());
  return kind === 'lifecycle' || kind === 'contact.deleted' ? undefined : kind;
}

function each(kind: EventKind, types: readonly string[]): [string, EventKind][] {
  return types.map((type) => [type, kind]);
}
