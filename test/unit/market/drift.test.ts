import { describe, expect, it } from '@jest/globals';
import { driftBetween, frozenFields } from '../../../domain/market/drift.ts';
import type { FeedMetadata } from '../../../domain/ports/market-feed.ts';

const shape = (
  Property: Readonly<Record<string, string>>,
  lookups: FeedMetadata['lookups'] = {},
  more: FeedMetadata['resources'] = {},
): FeedMetadata => ({ hash: 'h', resources: { Property, ...more }, lookups });

const change = (field: string, before: string, after: string) =>
  driftBetween(shape({ [field]: before }), shape({ [field]: after }));

describe('drift', () => {
  it('is none between equal shapes', () => {
    const one = shape({ ListPrice: 'Edm.Decimal' }, { StandardStatus: ['Active'] });
    expect(driftBetween(one, structuredClone(one))).toEqual([]);
  });

  it('of an added field freezes nothing', () => {
    expect(driftBetween(shape({}), shape({ SmartHomeYN: 'Edm.Boolean' }))).toEqual([
      {
        ...{ resource: 'Property', field: 'SmartHomeYN', kind: 'added' },
        ...{ before: null, after: 'Edm.Boolean', frozen: false },
      },
    ]);
  });

  it('of a field that is gone freezes it if it is read', () => {
    const drift = driftBetween(shape({ ListPrice: 'Edm.Decimal', StoriesTotal: 'Edm.Int32' }), shape({}));
    expect(drift).toMatchObject([
      { field: 'ListPrice', kind: 'removed', before: 'Edm.Decimal', after: null, frozen: true },
      { field: 'StoriesTotal', kind: 'removed', frozen: false },
    ]);
  });

  it.each([
    ['ListPrice', 'Edm.Decimal', 'Edm.String'],
    ['BedroomsTotal', 'Edm.Int64', 'Edm.Int32'],
    ['BedroomsTotal', 'Edm.Decimal', 'Edm.Int32'],
    ['BedroomsTotal', 'Edm.Int32', 'Edm.Boolean'],
    ['InternetEntireListingDisplayYN', 'Edm.Boolean', 'Edm.String'],
    ['StandardStatus', 'Edm.String', 'Edm.Int32'],
    ['StandardStatus', 'Edm.String', 'Collection(Edm.String)'],
    ['CloseDate', 'Edm.Date', 'Edm.DateTimeOffset'],
  ])('of the type of %s from %s to %s freezes it', (field, before, after) => {
    expect(change(field, before, after)).toMatchObject([{ field, kind: 'type', before, after, frozen: true }]);
  });

  it.each([
    ['BedroomsTotal', 'Edm.Int32', 'Edm.Int64'],
    ['BedroomsTotal', 'Edm.Int16', 'Edm.Decimal'],
    ['ListPrice', 'Edm.Decimal(14,2)', 'Edm.Decimal(18,4)'],
    ['Latitude', 'Edm.Decimal', 'Edm.Double'],
    ['Latitude', 'Edm.Double', 'Edm.Decimal'],
    ['StandardStatus', 'org.reso.metadata.enums.StandardStatus', 'Edm.String'],
    ['StandardStatus', 'Edm.String', 'org.reso.metadata.enums.StandardStatus'],
  ])('of the type of %s from %s to %s is told and harmless', (field, before, after) => {
    expect(change(field, before, after)).toMatchObject([{ field, kind: 'type', before, after, frozen: false }]);
  });

  it.each(['ListingKey', 'ModificationTimestamp', 'MlgCanView', 'StoriesTotal'])('never freezes %s', (field) => {
    expect(change(field, 'Edm.String', 'Edm.Int32')).toMatchObject([{ kind: 'type', frozen: false }]);
  });

  it('never freezes a field of another resource, though it has the name of one that is read', () => {
    const office = (type: string) => shape({}, {}, { Office: { City: type } });
    expect(driftBetween(office('Edm.String'), office('Edm.Int32'))).toMatchObject([
      { resource: 'Office', frozen: false },
    ]);
  });

  it('of a whole resource is one finding', () => {
    const media = { Media: { MediaKey: 'Edm.String', Order: 'Edm.Int32' } };
    expect(driftBetween(shape({}, {}, media), shape({}))).toMatchObject([
      { resource: 'Media', field: '*', kind: 'removed', frozen: false },
    ]);
    expect(driftBetween(shape({}), shape({}, {}, media))).toMatchObject([
      { resource: 'Media', field: '*', kind: 'added' },
    ]);
  });

  it('of look-ups is told value by value', () => {
    const before = shape({}, { StandardStatus: ['Active', 'Pending'], Gone: ['A'] });
    const after = shape({}, { StandardStatus: ['Active', 'Teaser'] });
    expect(driftBetween(before, after)).toMatchObject([
      { resource: 'Lookup', field: 'Gone', kind: 'lookup-removed', before: 'A', after: null },
      { resource: 'Lookup', field: 'StandardStatus', kind: 'lookup-added', before: null, after: 'Teaser' },
      { resource: 'Lookup', field: 'StandardStatus', kind: 'lookup-removed', before: 'Pending', after: null },
    ]);
  });
});

describe('frozen fields', () => {
  it('are those of the resource that open drift freezes', () => {
    const open = [
      { resource: 'Property', field: 'ListPrice', frozen: true },
      { resource: 'Property', field: 'City', frozen: false },
      { resource: 'Office', field: 'OfficeName', frozen: true },
    ];
    expect(frozenFields(open, 'Property')).toEqual(new Set(['ListPrice']));
    expect(frozenFields([], 'Property').size).toBe(0);
  });
});
