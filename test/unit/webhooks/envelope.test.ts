import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventKeyOf, needsInstalledLocation, readEnvelope } from '../../../domain/webhooks/envelope.ts';
import type { EventKind } from '../../../domain/webhooks/event.ts';
import { isStale, tooFarAhead } from '../../../domain/webhooks/freshness.ts';

const folder = new URL('../../fixtures/ghl/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const load = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;

/** Type, kind, and where in the file the contact and the location stand; `-` for nowhere. */
type Row = readonly [type: string, kind: EventKind, contact: string, location: string];
const table: Readonly<Record<string, Row>> = {
  ...rows(['AppointmentCreate', 'AppointmentUpdate', 'AppointmentDelete'], 'appointment', 'appointment.contactId'),
  'AppointmentCreate.enveloped': ['AppointmentCreate', 'appointment', 'appointment.contactId', 'locationId'],
  ...untyped([
    'AssociationCreate',
    'AssociationUpdate',
    'AssociationDelete',
    'ObjectSchemaCreate',
    'ObjectSchemaUpdate',
  ]),
  ...untyped(['RecordCreate', 'RecordUpdate', 'RecordDelete', 'RelationCreate', 'RelationDelete']),
  ...rows(['CampaignStatusUpdate', 'ConversationUnreadUpdate'], 'other', 'contactId'),
  ...rows(['LCEmailStats'], 'other', '-'),
  ...rows(['ContactCreate'], 'contact.created', 'id'),
  'ContactCreate.enveloped': ['ContactCreate', 'contact.created', 'id', 'locationId'],
  'ContactCreate.sparse': ['ContactCreate', 'contact.created', 'id', 'locationId'],
  'ContactCreate.nested-data': ['ContactCreate', 'contact.created', 'data.id', 'locationId'],
  ...rows(['ContactUpdate'], 'contact.updated', 'id'),
  ...rows(['ContactDelete'], 'contact.deleted', 'id'),
  ...rows(['ContactTagUpdate'], 'contact.tagged', 'id'),
  'ContactTagUpdate.enveloped': ['ContactTagUpdate', 'contact.tagged', 'id', 'locationId'],
  ...rows(['ContactDndUpdate'], 'contact.dnd', 'id'),
  'INSTALL.agency': ['INSTALL', 'lifecycle', '-', '-'],
  'INSTALL.location': ['INSTALL', 'lifecycle', '-', 'locationId'],
  'INSTALL.location-whitelabel': ['INSTALL', 'lifecycle', '-', 'locationId'],
  'INSTALL.enveloped': ['INSTALL', 'lifecycle', '-', 'locationId'],
  'UNINSTALL.agency': ['UNINSTALL', 'lifecycle', '-', '-'],
  'UNINSTALL.location': ['UNINSTALL', 'lifecycle', '-', 'locationId'],
  PLAN_CHANGE: ['PLAN_CHANGE', 'lifecycle', '-', 'locationId'],
  LocationCreate: ['LocationCreate', 'lifecycle', '-', 'id'],
  LocationUpdate: ['LocationUpdate', 'lifecycle', '-', 'id'],
  'UserCreate.agency': ['UserCreate', 'lifecycle', '-', '-'],
  'UserCreate.location': ['UserCreate', 'lifecycle', '-', 'locationId'],
  ...variants('InboundMessage', 'message.inbound', [
    'call',
    'email',
    'sms',
    'voicemail',
    'custom-provider',
    'sms-stop',
    'sms.enveloped',
  ]),
  ...variants('OutboundMessage', 'message.outbound', ['call', 'email', 'sms', 'voicemail', 'sms.enveloped']),
  ...variants('ProviderOutboundMessage', 'message.outbound', ['email', 'sms']),
  ...rows(['NoteCreate', 'NoteUpdate', 'NoteDelete'], 'note', 'contactId'),
  ...rows(['TaskCreate', 'TaskComplete', 'TaskDelete'], 'task', 'contactId'),
  'TaskCreate.without-contactId': ['TaskCreate', 'task', '-', 'locationId'],
  ...rows(
    [
      'OpportunityCreate',
      'OpportunityUpdate',
      'OpportunityDelete',
      'OpportunityStageUpdate',
      'OpportunityStatusUpdate',
      'OpportunityMonetaryValueUpdate',
      'OpportunityAssignedToUpdate',
    ],
    'opportunity',
    'contactId',
  ),
  'OpportunityCreate.enveloped': ['OpportunityCreate', 'opportunity', 'contactId', 'locationId'],
  'OpportunityUpdate.twin-of-create': ['OpportunityUpdate', 'opportunity', 'contactId', 'locationId'],
  'workflow-webhook.contact-tag': ['lead.tagged', 'contact.tagged', 'contact_id', 'location.id'],
  'workflow-webhook.custom-body': ['lead.hot', 'workflow', 'contact_id', 'location_id'],
};

describe('the envelope of a delivery', () => {
  it('is known for every fixture: none is left out of the table', () => {
    expect(Object.keys(table).sort()).toEqual(files.map((name) => name.replace(/\.json$/, '')).sort());
  });

  it.each(files)('%s names its type, kind, contact, location and key', (file) => {
    const json = load(file);
    const [type, kind, contact, location] = table[file.replace(/\.json$/, '')] as Row;
    const envelope = readEnvelope(file.startsWith('workflow') ? 'workflow' : 'marketplace', json);
    expect(envelope).toMatchObject({ type, kind, contactId: at(json, contact), locationId: at(json, location) });
    const key = at(json, 'webhookId') ?? at(json, 'customData.idempotency_key') ?? at(json, 'idempotency_key');
    expect(envelope.eventKey).toBe(key);
    const time = at(json, 'timestamp') ?? at(json, 'sent_at');
    expect(envelope.timestamp && Date.parse(envelope.timestamp)).toBe(time && Date.parse(time));
  });

  it('asks for an installed location except for events about installations, locations and users', () => {
    expect(needsInstalledLocation({ kind: 'lifecycle' })).toBe(false);
    expect(needsInstalledLocation({ kind: 'contact.created' })).toBe(true);
    expect(needsInstalledLocation({ kind: 'unknown' })).toBe(true);
  });

  it('takes a type that nobody documented, and one named like an inherited property, for unknown', () => {
    for (const type of ['TeaPotBoiled', 'constructor', '__proto__', 'toString']) {
      expect(readEnvelope('marketplace', { type, locationId: 'L1' }).kind).toBe('unknown');
    }
    expect(readEnvelope('marketplace', { type: 'call Jane Roe, 555-0100', locationId: 'L1' }).type).toBe('unknown');
  });

  it('takes a send time without zone for UTC, one with an offset for what it says, and rubbish for none', () => {
    const read = (timestamp: unknown) => readEnvelope('marketplace', { type: 'X', timestamp }).timestamp;
    expect(read('2026-05-04T10:00:00')).toBe('2026-05-04T10:00:00.000Z');
    expect(read('2026-05-04T10:00:00-04:00')).toBe('2026-05-04T14:00:00.000Z');
    for (const bad of ['yesterday', '', null, 12, {}, '2026-13-45T00:00:00Z', '+275760-09-13T00:00:00.000Z']) {
      expect(read(bad)).toBeUndefined();
    }
  });

  it('drops ids that would lie in a workflow id, a path or a cache key', () => {
    for (const id of ['a:b', '../x', 'a b', 'x'.repeat(200), '', 7, null]) {
      const envelope = readEnvelope('marketplace', { type: 'ContactCreate', id, locationId: id });
      expect(envelope).toMatchObject({ contactId: undefined, locationId: undefined });
    }
  });

  it('reads a workflow body by the event it names, else by the reply it carries, else as workflow', () => {
    const body = { contact_id: 'C1', location: { id: 'L1' } };
    expect(readEnvelope('workflow', body).kind).toBe('workflow');
    expect(readEnvelope('workflow', { ...body, customData: { event: 'ContactTagUpdate' } }).kind).toBe(
      'contact.tagged',
    );
    expect(
      readEnvelope('workflow', { ...body, message: { type: 'SMS', body: 'stop', direction: 'inbound' } }).kind,
    ).toBe('message.inbound');
  });

  it('does not let a workflow body delete a contact or change an installation', () => {
    for (const event of ['ContactDelete', 'UNINSTALL', 'INSTALL', 'contact.deleted']) {
      expect(readEnvelope('workflow', { contact_id: 'C1', customData: { event } }).kind).toBe('workflow');
    }
  });

  it('never throws, whatever JSON comes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom('marketplace', 'workflow'),
        (json, source) => {
          const envelope = readEnvelope(source, json);
          expect(typeof envelope.type).toBe('string');
        },
      ),
    );
  });

  it('never throws when known fields hold anything', () => {
    const fields = [
      'type',
      'id',
      'data',
      'locationId',
      'contactId',
      'appointment',
      'timestamp',
      'customData',
      'location',
      'message',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()), (json) => {
        readEnvelope('marketplace', json);
        readEnvelope('workflow', json);
      }),
    );
  });
});

describe('the key of a delivery without one', () => {
  const hash = (text: string) => `h(${text})`;
  const body = { contact_id: 'C1', location: { id: 'L1' }, workflow: { id: 'W1' }, tags: 'a' };
  const keyAt = (at: string, json: Record<string, unknown> = body) =>
    eventKeyOf('workflow', readEnvelope('workflow', json), json, at, hash);

  it('is the same for the same workflow body within two minutes, and another one later', () => {
    expect(keyAt('2026-05-04T10:00:05.000Z')).toBe(keyAt('2026-05-04T10:01:55.000Z'));
    expect(keyAt('2026-05-04T10:00:05.000Z')).not.toBe(keyAt('2026-05-04T10:02:05.000Z'));
  });

  it('differs between tenants, contacts, workflows and bodies', () => {
    const at = '2026-05-04T10:00:00.000Z';
    const others = [
      { ...body, location: { id: 'L2' } },
      { ...body, contact_id: 'C2' },
      { ...body, workflow: { id: 'W2' } },
      { ...body, tags: 'b' },
    ];
    expect(new Set([body, ...others].map((json) => keyAt(at, json))).size).toBe(5);
  });

  it('is the vendor key where there is one, and the body alone for the marketplace', () => {
    const at = '2026-05-04T10:00:00.000Z';
    const read = (json: Record<string, unknown>) =>
      eventKeyOf('marketplace', readEnvelope('marketplace', json), json, at, hash);
    expect(read({ type: 'X', webhookId: 'w-1' })).toBe('w-1');
    expect(read({ type: 'X', a: 1, b: 2 })).toBe(read({ b: 2, a: 1, type: 'X', timestamp: '2026-05-04T10:00:00Z' }));
  });
});

describe('freshness', () => {
  it('is lost 15 minutes after the event; more than 5 minutes ahead is too far', () => {
    const now = '2026-05-04T12:00:00.000Z';
    expect(isStale('2026-05-04T11:45:00.000Z', now)).toBe(false);
    expect(isStale('2026-05-04T11:44:59.999Z', now)).toBe(true);
    expect(tooFarAhead('2026-05-04T12:05:00.000Z', now)).toBe(false);
    expect(tooFarAhead('2026-05-04T12:05:00.001Z', now)).toBe(true);
  });
});

function rows(types: readonly string[], kind: EventKind, contact: string): Record<string, Row> {
  return Object.fromEntries(types.map((type): [string, Row] => [type, [type, kind, contact, 'locationId']]));
}

/** Record, relation, association and schema events come without `type`. */
function untyped(names: readonly string[]): Record<string, Row> {
  return Object.fromEntries(names.map((name): [string, Row] => [name, ['unknown', 'unknown', '-', 'locationId']]));
}

function variants(type: string, kind: EventKind, names: readonly string[]): Record<string, Row> {
  return Object.fromEntries(
    names.map((name): [string, Row] => [`${type}.${name}`, [type, kind, 'contactId', 'locationId']]),
  );
}

function at(json: Record<string, unknown>, path: string): string | undefined {
  let value: unknown = json;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value as string | undefined;
}
