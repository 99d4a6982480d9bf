import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Completion, completeMarketplace, completeWorkflow, systemOf } from '../../../cli/envelope.ts';
import { eventKeyOf, needsInstalledLocation, readEnvelope } from '../../../domain/webhooks/envelope.ts';
import type { Json } from '../../../domain/webhooks/payload.ts';

const APP = '5a4db0c50000000000000001';
const SEEDED = 'SeededBrokerage00001';
const now = new Date('2026-11-22T12:00:00.000Z');

let made = 0;
const completion: Completion = {
  appId: APP,
  locationId: SEEDED,
  installed: new Set([SEEDED, 'SecondLocation000001']),
  now,
  newId: () => `fresh-${(made += 1)}`,
};

const folder = new URL('../../fixtures/ghl/', import.meta.url);
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Json] as const);

describe('completing a sample', () => {
  it('has samples to complete', () => expect(fixtures.length).toBeGreaterThan(50));

  it.each(fixtures)('%s can be taken by the door afterwards', (_name, sample) => {
    const system = systemOf(sample);
    const completed = (system === 'workflow' ? completeWorkflow : completeMarketplace)(sample, completion);
    const envelope = readEnvelope(system, completed);
    const before = readEnvelope(system, sample);
    expect(envelope.type).toBe(before.type);
    expect(envelope.contactId).toBe(before.contactId);
    expect(envelope.eventKey).toMatch(/^fresh-/);
    if (system === 'marketplace') {
      expect(envelope.appId).toBe(APP);
      expect(envelope.timestamp).toBe(now.toISOString());
    }
    if (needsInstalledLocation(envelope)) expect(envelope.locationId).toBe(SEEDED);
    else expect(envelope.locationId).toBe(before.locationId);
  });

  it('gives each completion an id of its own', () => {
    const sample = { type: 'ContactCreate', id: 'con-1', webhookId: 'stale', timestamp: '2021-01-01T00:00:00.000Z' };
    const keys = [1, 2].map(() => readEnvelope('marketplace', completeMarketplace(sample, completion)).eventKey);
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys).not.toContain('stale');
  });

  it('keeps a location that is installed, and names the seeded one instead of a stranger', () => {
    const of = (locationId?: string) =>
      completeMarketplace({ type: 'ContactUpdate', id: 'con-1', ...(locationId && { locationId }) }, completion)[
        'locationId'
      ];
    expect(of('SecondLocation000001')).toBe('SecondLocation000001');
    expect(of('Stranger000000000001')).toBe(SEEDED);
    expect(of()).toBe(SEEDED);
  });

  it('never turns news of an uninstallation on the seeded brokerage', () => {
    for (const sample of [
      { type: 'UNINSTALL', companyId: 'Agency' },
      { type: 'UNINSTALL', locationId: 'Other' },
    ]) {
      expect(completeMarketplace(sample, completion)['locationId']).toBe('locationId' in sample ? 'Other' : undefined);
    }
  });

  it('puts a given contact where the type has it', () => {
    const given = { ...completion, contactId: 'con-9' };
    const contactOf = (sample: Json) => readEnvelope('marketplace', completeMarketplace(sample, given)).contactId;
    expect(contactOf({ type: 'ContactTagUpdate', id: 'con-1' })).toBe('con-9');
    expect(contactOf({ type: 'InboundMessage', contactId: 'con-1' })).toBe('con-9');
    expect(contactOf({ type: 'AppointmentCreate', appointment: { id: 'a', contactId: 'con-1' } })).toBe('con-9');
    const workflow = completeWorkflow({ contact_id: 'con-1', location: { id: 'x' } }, given);
    expect(readEnvelope('workflow', workflow).contactId).toBe('con-9');
  });

  it('leaves the payload itself as it was', () => {
    const sample = { type: 'ContactUpdate', id: 'con-1', tags: ['a'], customFields: [{ id: 'f', value: 1 }] };
    expect(completeMarketplace(sample, completion)).toMatchObject(sample);
    expect(sample).not.toHaveProperty('webhookId');
  });

  it('makes a workflow payload a new event each time', () => {
    const sample = { contact_id: 'con-1', customData: { event: 'lead.tagged', idempotency_key: 'stale' } };
    const keyOf = () => {
      const json = completeWorkflow(sample, completion);
      return eventKeyOf('workflow', readEnvelope('workflow', json), json, now.toISOString(), (text) => text);
    };
    expect(keyOf()).not.toBe(keyOf());
  });
});
