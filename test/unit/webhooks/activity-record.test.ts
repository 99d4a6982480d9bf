import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { activityFromRecord } from '../../../domain/webhooks/activity-record.ts';
import type { ActivityObject } from '../../../domain/leads/settings.ts';

const at = { locationId: 'here', receivedAt: '2026-03-02T15:00:00.000Z' };
const hashing = {
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  hashPerson: (text: string) => `hash of ${text}`,
};
const visits: Readonly<Record<string, ActivityObject>> = {
  'custom_objects.visits': { kind: 'property.view', contact: 'visitor', listing: 'home' },
};
const record = (properties: Record<string, string>, over: object = {}) => ({
  id: '4d00536befdd9c60cc267080',
  locationId: 'here',
  timestamp: '2026-03-02T14:59:00.000Z',
  properties: Object.entries(properties).map(([key, valueString]) => ({ key, valueString })),
  ...over,
});
const read = (json: object, objects = visits) =>
  activityFromRecord(objects, json as Record<string, unknown>, at, hashing);

describe('a record of a custom object', () => {
  it('is behaviour of the contact that it names by id', () => {
    expect(read(record({ visitor: 'uW7kHs2PqXn4TzLb9cVe', home: 'A1', price: '450000', street: 'Elm' }))).toMatchObject(
      {
        kind: 'property.view',
        at: '2026-03-02T14:59:00.000Z',
        late: false,
        person: { contactId: 'uW7kHs2PqXn4TzLb9cVe', hashes: [] },
        detail: { listing: 'A1', price: 450000, record: '4d00536befdd9c60cc267080' },
      },
    );
  });

  it('is told by the hash of an address, never by the address', () => {
    const byEmail = read(record({ visitor: 'Ann@Example.com', home: 'A1' }));
    expect(byEmail?.person).toMatchObject({ contactId: null, hashes: ['hash of ann@example.com'] });
    const byPhone = read(record({ visitor: '(813) 555-0142', home: 'A1' }));
    expect(byPhone?.person).toMatchObject({ contactId: null, hashes: ['hash of +18135550142'] });
  });

  it('is found by its schema’s key, by the properties it has, and with the object’s key in front of them', () => {
    const named = record({ visitor: 'c1' }, { objectKey: 'custom_objects.visits' });
    expect(read(named)?.detail).toEqual({ record: '4d00536befdd9c60cc267080' });
    expect(
      read(record({ 'custom_objects.visits.visitor': 'c1', 'custom_objects.visits.home': 'A2' }))?.detail,
    ).toMatchObject({
      listing: 'A2',
    });
    expect(read({ data: record({ visitor: 'c1', home: 'A1' }) })).toBeDefined();
  });

  it('is none of another object, without a mapping, of two mappings at once, or of nobody', () => {
    expect(read(record({ visitor: 'c1', home: 'A1' }, { objectKey: 'custom_objects.pets' }))).toBeUndefined();
    expect(read(record({ visitor: 'c1', home: 'A1' }), {})).toBeUndefined();
    const twins = { ...visits, other: { kind: 'property.save', contact: 'visitor' } };
    expect(read(record({ visitor: 'c1', home: 'A1' }), twins)).toBeUndefined();
    expect(read(record({ street: 'Elm' }))).toBeUndefined();
    expect(read(record({ visitor: 'somebody else', home: 'A1' }))).toBeUndefined();
    expect(read(record({ visitor: 'c1', home: 'A1' }), { x: { kind: 'mystery', contact: 'visitor' } })).toBeUndefined();
  });

  it('is once for each state: the same at the same time, another one at another', () => {
    const id = (timestamp: string) => read(record({ visitor: 'c1', home: 'A1' }, { timestamp }))?.eventId;
    expect(id('2026-03-02T14:59:00.000Z')).toBe(id('2026-03-02T14:59:00.000Z'));
    expect(id('2026-03-02T14:59:00.000Z')).not.toBe(id('2026-03-02T14:59:01.000Z'));
  });
});
