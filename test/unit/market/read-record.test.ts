import { describe, expect, it } from '@jest/globals';
import { cancelsOpenHouse, openHouseChange, openHouseName } from '../../../domain/market/changes.ts';
import type { RawRecord } from '../../../domain/market/feed.ts';
import { type MarketRecord, type RecordResource, readRecord } from '../../../domain/market/read-record.ts';

const NOW = '2026-11-29T10:00:00.000Z';
const TIME = '2026-11-29T09:00:00Z';
const HOUSE: RawRecord = {
  ...{ OpenHouseKey: 'H1', ListingKey: 'A', ModificationTimestamp: TIME, OpenHouseStatus: 'Active' },
  ...{ OpenHouseStartTime: '2026-12-05T12:00:00-06:00', OpenHouseEndTime: '2026-12-05T14:00:00-06:00' },
};

describe('a record besides listings', () => {
  it('is an open house with its hours', () => {
    expect(readRecord('OpenHouse', HOUSE, NOW)).toEqual({
      kind: 'record',
      record: {
        ...{
          resource: 'OpenHouse',
          key: 'H1',
          listingKey: 'A',
          changedAt: '2026-11-29T09:00:00.000Z',
          status: 'active',
        },
        ...{ startsAt: '2026-12-05T18:00:00.000Z', endsAt: '2026-12-05T20:00:00.000Z' },
      },
      problems: [],
    });
  });

  it.each<[RecordResource, RawRecord, Partial<MarketRecord>]>([
    ['Office', { OfficeKey: 'O', OfficeStatus: 'Active' }, { key: 'O', status: 'active', listingKey: null }],
    ['Member', { MemberKey: 'M', MemberStatus: ['Inactive'] }, { key: 'M', status: 'inactive', listingKey: null }],
    ['Media', { MediaKey: 'P', ResourceName: 'Property', ResourceRecordKey: 'A' }, { key: 'P', listingKey: 'A' }],
    ['Media', { MediaKey: 'P', ResourceName: 'Member', ResourceRecordKey: 'M' }, { key: 'P', listingKey: null }],
  ])('is of %s', (resource, raw, expected) => {
    const reading = readRecord(resource, { ModificationTimestamp: TIME, ...raw }, NOW);
    expect(reading).toMatchObject({ kind: 'record', record: { resource, startsAt: null, ...expected }, problems: [] });
  });

  it.each<[RecordResource, RawRecord, string]>([
    ['Office', { ModificationTimestamp: TIME }, 'no-key'],
    ['Member', { MemberKey: 'M' }, 'no-timestamp'],
    ['Media', { MediaKey: 'P', ModificationTimestamp: '2099-01-01T00:00:00Z' }, 'future-timestamp'],
    ['OpenHouse', { ...HOUSE, ListingKey: null }, 'no-listing'],
  ])('of %s is dead where it lacks what it needs', (resource, raw, reason) => {
    expect(readRecord(resource, raw, NOW)).toMatchObject({ kind: 'dead', reason });
  });

  it.each([
    [{ MlgCanView: false }, 'removed'],
    [{ OpenHouseStatus: 'Deleted' }, 'removed'],
  ])('with %j is taken away', (change, kind) => {
    expect(readRecord('OpenHouse', { ...HOUSE, ...change }, NOW)).toMatchObject({ kind, key: 'H1' });
  });

  it.each([
    [{ OpenHouseStartTime: null }, { startsAt: null, endsAt: null }, 'missing'],
    [{ OpenHouseStartTime: '12:00' }, { startsAt: null, endsAt: null }, 'wrong-type'],
    [{ OpenHouseStartTime: '2099-12-05T12:00:00Z' }, { startsAt: null, endsAt: null }, 'out-of-bounds'],
    [{ OpenHouseEndTime: '2026-12-05T11:00:00-06:00' }, { endsAt: null }, 'out-of-bounds'],
    [{ OpenHouseStatus: 4 }, { status: 'unknown' }, 'unknown-code'],
    [{ OpenHouseType: 'Brunch' }, { status: 'not public' }, 'unknown-code'],
    [{ OpenHouseType: 2 }, { status: 'not public' }, 'unknown-code'],
    [{ OpenHouseType: ['Public', 'Broker'] }, { status: 'not public' }, 'wrong-type'],
    [{ AppointmentRequiredYN: 'call first' }, { status: 'by appointment' }, 'wrong-type'],
  ])('with %j has a problem', (change, expected, reason) => {
    const reading = readRecord('OpenHouse', { ...HOUSE, ...change }, NOW);
    expect(reading).toMatchObject({ kind: 'record', record: expected, problems: [{ reason }] });
  });
});

describe('an open house to which leads may come', () => {
  const statusOf = (change: RawRecord) => {
    const reading = readRecord('OpenHouse', { ...HOUSE, ...change }, NOW);
    if (reading.kind !== 'record') throw new Error(`expected a record, got ${reading.kind}`);
    expect(reading.problems).toEqual([]);
    return reading.record.status;
  };

  it.each<[RawRecord]>([
    [{}],
    [{ OpenHouseType: null, AppointmentRequiredYN: null }],
    [{ OpenHouseType: ' ', AppointmentRequiredYN: false }],
    [{ OpenHouseType: 'Public' }],
    [{ OpenHouseType: ['PUBLIC'], AppointmentRequiredYN: 'No' }],
    [{ OpenHouseType: "org.reso.metadata.enums.OpenHouseType'Public'" }],
  ])('is one with %j', (change) => {
    expect(statusOf(change)).toBe('active');
  });

  it.each<[RawRecord, string]>([
    [{ OpenHouseType: 'Broker' }, 'not public'],
    [{ OpenHouseType: ['office'] }, 'not public'],
    [{ OpenHouseType: 'LivestreamPublic' }, 'not public'],
    [{ OpenHouseType: 'Livestream Broker' }, 'not public'],
    [{ OpenHouseType: "org.reso.metadata.enums.OpenHouseType'Private'" }, 'not public'],
    [{ OpenHouseType: 'Broker', OpenHouseStatus: null }, 'not public'],
    [{ AppointmentRequiredYN: true }, 'by appointment'],
    [{ OpenHouseType: 'Public', AppointmentRequiredYN: 'Y' }, 'by appointment'],
    [{ OpenHouseType: 'Broker', OpenHouseStatus: 'Canceled' }, 'canceled'],
  ])('is none with %j', (change, status) => {
    expect(statusOf(change)).toBe(status);
  });
});

describe('an open house', () => {
  const context = { market: 'bay', now: NOW };
  const [SATURDAY, SUNDAY, PAST] = ['2026-12-05T18:00:00.000Z', '2026-12-06T18:00:00.000Z', '2026-11-28T18:00:00.000Z'];
  const house = (startsAt: string | null, changedAt: string, status = 'active'): MarketRecord => ({
    ...{ resource: 'OpenHouse', key: 'H:1', listingKey: 'A', changedAt, startsAt, endsAt: null, status },
  });
  const told = (before: Parameters<typeof openHouseChange>[0], after: MarketRecord | null) =>
    openHouseChange(before, after, context);

  it('that is new has one name, whichever version brings it', () => {
    const change = `${openHouseName('H:1')}${SATURDAY}`;
    expect(change).toBe(`open-house:H%3A1:${SATURDAY}`);
    expect(told(null, house(SATURDAY, 't1'))).toMatchObject({
      kind: 'open-house',
      startsAt: SATURDAY,
      at: 't1',
      change,
    });
    expect(told(null, house(SATURDAY, 't2'))?.change).toBe(change);
  });

  it('that is moved, and moved back, is told each time by another name', () => {
    const moved = told(house(SATURDAY, 't1'), house(SUNDAY, 't2'));
    const back = told(house(SUNDAY, 't2'), house(SATURDAY, 't3'));
    expect(moved).toMatchObject({ startsAt: SUNDAY, change: `open-house:H%3A1:${SUNDAY}:t2` });
    expect(back).toMatchObject({ startsAt: SATURDAY, change: `open-house:H%3A1:${SATURDAY}:t3` });
  });

  it('that is cancelled, gone, or moved to a time that has been, takes its alerts away', () => {
    const before = house(SATURDAY, 't1');
    const changes = [
      told(before, house(SATURDAY, 't2', 'canceled')),
      told(before, null),
      told(before, house(PAST, 't2')),
    ];
    for (const change of changes) {
      expect(change).toMatchObject({ kind: 'open-house', startsAt: null });
      expect(change && cancelsOpenHouse(change)).toBe(true);
      expect(change?.change.startsWith(`${openHouseName('H:1')}${SATURDAY}:cancelled:`)).toBe(true);
    }
    const again = told(house(SATURDAY, 't2', 'canceled'), house(SATURDAY, 't3'));
    expect(again).toMatchObject({ startsAt: SATURDAY, change: `open-house:H%3A1:${SATURDAY}:t3` });
  });

  it.each(['not public', 'by appointment', 'unknown'])(
    'that is %s is never told, and what was told of it is taken back',
    (status) => {
      expect(told(null, house(SATURDAY, 't1', status))).toBeNull();
      expect(told(house(SATURDAY, 't1', status), house(SUNDAY, 't2', status))).toBeNull();
      expect(told(house(SATURDAY, 't1', status), null)).toBeNull();
      const taken = told(house(SATURDAY, 't1'), house(SATURDAY, 't2', status));
      expect(taken && cancelsOpenHouse(taken)).toBe(true);
      expect(taken?.change).toBe(`${openHouseName('H:1')}${SATURDAY}:cancelled:t2`);
      expect(told(house(SATURDAY, 't1', status), house(SATURDAY, 't2'))).toMatchObject({ startsAt: SATURDAY });
    },
  );

  it('of which nothing changed that matters, that is over, or that never was announced, is no news', () => {
    expect(told(house(SATURDAY, 't1'), house(SATURDAY, 't2'))).toBeNull();
    expect(told(null, house(PAST, 't1'))).toBeNull();
    expect(told(house(PAST, 't1'), house(PAST, 't2', 'ended'))).toBeNull();
    expect(told(house(PAST, 't1'), null)).toBeNull();
    expect(told(null, house(SATURDAY, 't1', 'canceled'))).toBeNull();
    expect(told(null, { ...house(SATURDAY, 't1'), listingKey: null })).toBeNull();
    expect(told({ ...house(SATURDAY, 't1'), removedAt: 't2' }, null)).toBeNull();
  });

  it('that comes back after it was gone is told again', () => {
    expect(told({ ...house(SATURDAY, 't1'), removedAt: 't2' }, house(SATURDAY, 't3'))).toMatchObject({
      startsAt: SATURDAY,
    });
  });
});
