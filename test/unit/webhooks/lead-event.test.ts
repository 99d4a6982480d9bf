import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readEnvelope } from '../../../domain/webhooks/envelope.ts';
import type { EventKind, EventSource, LeadEvent } from '../../../domain/webhooks/event.ts';
import { readLeadEvent } from '../../../domain/webhooks/lead-event.ts';

const folder = new URL('../../fixtures/ghl/', import.meta.url);
const receivedAt = '2026-05-13T02:00:00.000Z';

describe('a contact event', () => {
  it('carries only the fields that were sent, and when a creation was told', () => {
    expect(event('ContactCreate.sparse').contact).toEqual({
      phone: '+17045550118',
      country: 'US',
      tags: [],
      dateAdded: expect.stringMatching(/^2026-05/),
      toldCreatedAt: '2026-05-12T19:51:52.418Z',
    });
    expect(event('ContactTagUpdate.enveloped').contact).not.toHaveProperty('toldCreatedAt');
  });

  it('carries custom fields by id, whatever their type', () => {
    const { contact } = event('ContactCreate.enveloped');
    expect(Object.values(contact?.customFields ?? {})).toEqual(['within 60 days', 372000, ['Porch', 'Workshop']]);
    expect(contact).toMatchObject({ firstName: 'Marcus', dnd: false, source: 'Open house sign-in' });
  });

  it('does not take an empty list of custom fields for knowledge that there are none', () => {
    expect(event('ContactTagUpdate.enveloped').contact).not.toHaveProperty('customFields');
  });

  it('reads active and permanent as blocked, inactive as open, and is silent on channels that were not sent', () => {
    expect(event('ContactDndUpdate').contact).toMatchObject({
      dnd: false,
      dndChannels: { sms: 'on', email: 'off', call: 'on' },
    });
    const odd = read('marketplace', 'contact.dnd', { dndSettings: { SMS: { status: 'paused' }, Email: null } });
    expect(odd.contact?.dndChannels).toEqual({ sms: 'unknown' });
  });

  it('tells null and empty from absent', () => {
    const { contact } = read('marketplace', 'contact.updated', { phone: null, email: '', tags: null, dnd: null });
    expect(contact).toEqual({ phone: null, email: null, tags: [], dnd: null });
    expect(read('marketplace', 'contact.updated', { id: 'C1' }).contact).toBeUndefined();
  });

  it('reads fields nested under data', () => {
    expect(event('ContactCreate.nested-data').contact).toMatchObject({ firstName: 'Marcus', tags: expect.any(Array) });
  });

  it('of a deletion carries no contact: what is gone is not updated', () => {
    expect(event('ContactDelete')).toMatchObject({ kind: 'contact.deleted', contact: undefined });
  });

  it('from a workflow reads tags from their comma-separated string and fields from their snake_case names', () => {
    expect(event('workflow-webhook.contact-tag').contact).toMatchObject({
      firstName: 'Marcus',
      timezone: 'America/New_York',
      source: 'Open house sign-in',
      tags: ['buyer-lead', 'Needs Qualifying', 'open-house'],
    });
    expect(event('workflow-webhook.custom-body').contact).toBeUndefined();
  });

  it('from a workflow never takes the opportunity that started it for the contact', () => {
    const body = {
      contact_id: 'C1',
      id: 'O1',
      source: 'deal source',
      status: 'open',
      opportunity_name: 'x',
      email: 'a@example.com',
    };
    expect(read('workflow', 'workflow', body).contact).toEqual({ email: 'a@example.com' });
  });

  it('of our own snapshot carries it whole', () => {
    const snapshot = { phone: null, tags: ['a'], customFields: { f1: 2 }, dndChannels: { sms: 'on' }, dnd: false };
    expect(read('internal', 'contact.snapshot', { snapshot }).contact).toEqual(snapshot);
    expect(read('internal', 'contact.snapshot', {}).contact).toBeUndefined();
  });
});

describe('a message event', () => {
  const table: readonly [string, NonNullable<LeadEvent['message']>['channel'], 'inbound' | 'outbound', string][] = [
    ['InboundMessage.sms', 'sms', 'inbound', 'Is the corner unit taken?'],
    ['InboundMessage.sms-stop', 'sms', 'inbound', 'STOP!'],
    ['InboundMessage.sms.enveloped', 'sms', 'inbound', 'Would Thursday after work suit for a look?'],
    ['InboundMessage.custom-provider', 'sms', 'inbound', 'Does the bungalow on Thistle Row still take offers?'],
    ['InboundMessage.email', 'email', 'inbound', 'Thanks, the second home fits us.\nCould we see it?'],
    ['InboundMessage.call', 'call', 'inbound', ''],
    ['InboundMessage.voicemail', 'voicemail', 'inbound', ''],
    ['OutboundMessage.sms', 'sms', 'outbound', 'Is the corner unit taken?'],
    ['OutboundMessage.email', 'email', 'outbound', 'Thanks, the second home fits us.\nCould we see it?'],
    ['OutboundMessage.call', 'call', 'outbound', ''],
    ['OutboundMessage.voicemail', 'voicemail', 'outbound', ''],
    ['ProviderOutboundMessage.sms', 'sms', 'outbound', 'The keys are at the desk.'],
    ['ProviderOutboundMessage.email', 'email', 'outbound', 'The floor plan that you asked for.'],
  ];

  it.each(table)('%s is %s, %s', (file, channel, direction, body) => {
    expect(event(file).message).toMatchObject({ channel, direction, body });
  });

  it('has the message id, else the mail id, else none', () => {
    expect(event('InboundMessage.email').message?.messageId).toBe('qwMXP4T71KLOPE');
    expect(event('InboundMessage.sms').message?.messageId).toBeUndefined();
  });

  it('prefers the plain text that came with a mail', () => {
    const body = { messageType: 'Email', body: '<p>styled</p>', plainText: 'plain' };
    expect(read('marketplace', 'message.inbound', body).message?.body).toBe('plain');
  });

  it.each([
    ['SMS', 'm1'],
    ['Email', 'e1'],
  ])('that is %s and bears both ids is known by %s', (messageType, id) => {
    const body = { messageType, messageId: 'm1', emailMessageId: 'e1', body: 'x' };
    expect(read('marketplace', 'message.outbound', body).message?.messageId).toBe(id);
  });

  it('goes by the event type where the body contradicts it', () => {
    const { message } = read('marketplace', 'message.outbound', {
      messageType: 'SMS',
      direction: 'inbound',
      body: 'x',
    });
    expect(message?.direction).toBe('outbound');
  });

  it.each([
    [{ messageType: 'InternalComment' }, 'internal-comment'],
    [{ messageType: 'Live Chat' }, 'chat'],
    [{ messageType: 'FB' }, 'chat'],
    [{ messageType: 'IG' }, 'chat'],
    [{ messageType: 'GMB' }, 'chat'],
    [{ messageType: 'WhatsApp' }, 'chat'],
    [{ messageTypeString: 'TYPE_RCS' }, 'chat'],
    [{ messageType: 'Custom' }, 'other'],
    [{ messageType: 'Custom', emailMessageId: 'e1' }, 'email'],
    [{ messageTypeId: 2 }, 'sms'],
    [{ messageType: 'CALL', callStatus: 'voicemail' }, 'voicemail'],
    [{}, 'other'],
  ])('%j is of channel %s', (body, channel) => {
    expect(read('marketplace', 'message.inbound', body).message?.channel).toBe(channel);
  });

  it('comes out of the reply that a workflow hands over', () => {
    const body = { contact_id: 'C1', message: { type: 2, body: 'stop', direction: 'inbound' } };
    expect(read('workflow', 'message.inbound', body).message).toMatchObject({ channel: 'sms', body: 'stop' });
  });
});

describe('an operator event', () => {
  it('carries the act, its sequence and who asked', () => {
    expect(read('operator', 'operator', { action: 'enrol', sequence: 'new-lead-welcome', by: 'op-1' }).act).toEqual({
      action: 'enrol',
      sequence: 'new-lead-welcome',
      by: 'op-1',
    });
  });

  it('reads the action from the type where the body has none, and does nothing when neither names one', () => {
    expect(read('operator', 'operator', {}, 'operator.takeOver').act).toEqual({ action: 'takeOver' });
    expect(read('operator', 'operator', { action: 'sell' }).act).toBeUndefined();
  });

  it('never comes through the webhook doors', () => {
    expect(read('marketplace', 'unknown', { action: 'stop' }, 'operator.stop').act).toBeUndefined();
    expect(read('workflow', 'workflow', { action: 'stop' }, 'operator.stop').act).toBeUndefined();
  });
});

describe('any event', () => {
  it('happened when the vendor says, else when it was received', () => {
    expect(read('marketplace', 'other', {}).occurredAt).toBe(receivedAt);
    expect(event('InboundMessage.sms-stop').occurredAt).toBe('2026-05-13T01:29:40.733Z');
  });

  it('of every fixture is read without error', () => {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      expect(event(file.replace(/\.json$/, '')).inboxId).toBe('i-1');
    }
  });

  it('never throws, whatever its known fields hold', () => {
    const fields = [
      'messageType',
      'body',
      'message',
      'tags',
      'customFields',
      'dndSettings',
      'dnd',
      'phone',
      'data',
      'snapshot',
      'action',
      'html',
      'messageTypeId',
      'status',
      'dateAdded',
    ];
    const kinds: EventKind[] = [
      'contact.updated',
      'contact.snapshot',
      'message.inbound',
      'message.outbound',
      'workflow',
      'operator',
      'unknown',
    ];
    const sources: EventSource[] = ['marketplace', 'workflow', 'operator', 'internal'];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()),
        fc.constantFrom(...kinds),
        fc.constantFrom(...sources),
        (json, kind, source) => {
          const found = read(source, kind, json);
          expect(JSON.parse(JSON.stringify(found)).inboxId).toBe('i-1');
        },
      ),
    );
  });
});

function event(file: string): LeadEvent {
  const json = JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8')) as Record<string, unknown>;
  const source = file.startsWith('workflow') ? 'workflow' : 'marketplace';
  const { type, kind, timestamp } = readEnvelope(source, json);
  return readLeadEvent({ ...row(source, kind, type), occurredAt: timestamp ?? null }, json);
}

function read(source: EventSource, kind: EventKind, json: Record<string, unknown>, type = 'T'): LeadEvent {
  return readLeadEvent(row(source, kind, type), json);
}

function row(source: EventSource, kind: EventKind, type: string) {
  return { inboxId: 'i-1', source, type, kind, locationId: 'L1', contactId: 'C1', occurredAt: null, receivedAt };
}
