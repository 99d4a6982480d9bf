import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areaCodes, placeOfPhone } from '../../../domain/consent/area-codes.ts';
import { isHoliday } from '../../../domain/consent/holidays.ts';
import { capOfStates, statesOf, textingWindow } from '../../../domain/consent/quiet-hours.ts';
import { stateRule, stateRules } from '../../../domain/consent/state-rules.ts';
import { stateNamed, usStates, zonesOfState } from '../../../domain/consent/us-states.ts';
import { placesOf, whereaboutsOf } from '../../../domain/consent/whereabouts.ts';
import { stateOfZip } from '../../../domain/consent/zip-codes.ts';

type Contact = Parameters<typeof whereaboutsOf>[0];
const at = '2026-06-10T17:00:00.000Z';
const places = (contact: Contact) =>
  placesOf(whereaboutsOf(contact), 2026).map(({ state, zone }) => `${state} ${zone}`);
const [eastern, central, mountain] = ['America/New_York', 'America/Chicago', 'America/Denver'];

describe('what a contact tells of its place', () => {
  it.each([
    ['FL', 'FL'],
    [' fl. ', 'FL'],
    ['Florida', 'FL'],
    ['new  york', 'NY'],
    ['US-TX', 'TX'],
    ['D.C.', 'DC'],
    ['West Virginia', 'WV'],
    ['Ontario', undefined],
    ['XX', undefined],
    ['constructor', undefined],
    ['', undefined],
    [null, undefined],
  ])('is the state %j, as people write it', (written, state) => {
    expect(stateNamed(written)).toBe(state);
  });

  it.each([
    ['33606', 'FL'],
    ['33606-1234', 'FL'],
    ['02903', 'RI'],
    ['10001', 'NY'],
    ['06390', 'CT'],
    ['88510', 'TX'],
    ['20001', 'DC'],
    ['20101', 'VA'],
    ['00601', undefined],
    ['96910', undefined],
    ['3360', undefined],
    ['K1A 0B1', undefined],
    [null, undefined],
  ])('is the ZIP code %j', (postalCode, state) => {
    expect(stateOfZip(postalCode)).toBe(state);
  });

  it.each([
    ['+18135550142', 'FL'],
    ['(212) 555-0142', 'NY'],
    ['1-401-555-0142', 'RI'],
    ['+17875550142', null],
  ])('is the area code of %s', (phone, state) => {
    expect(placeOfPhone(phone)).toMatchObject({ kind: 'known', state });
  });

  it.each([
    ['+18005550142', 'unknown'],
    ['+14165550142', 'unknown'],
    ['5550142', 'unknown'],
    ['+442079460142', 'abroad'],
  ])('is not more than the number %s says', (phone, kind) => {
    expect(placeOfPhone(phone)).toEqual({ kind });
    expect(placeOfPhone('')).toBeUndefined();
  });

  it('holds nothing of the number or the address', () => {
    const where = whereaboutsOf({ phone: '+18135550142', postalCode: '33606', state: 'FL', timezone: eastern });
    expect(JSON.stringify(where)).not.toMatch(/813|555|33606/);
  });
});

describe('area codes', () => {
  it('each stand once, in a zone of their state', () => {
    expect(new Set(areaCodes).size).toBe(areaCodes.length);
    for (const code of areaCodes) {
      const place = placeOfPhone(`+1${code}5550142`);
      if (place?.kind !== 'known') throw new Error(`${code} is not known`);
      if (place.state !== null) expect(zonesOfState(place.state)).toEqual(expect.arrayContaining([...place.zones]));
    }
  });

  it('cover every state and DC', () => {
    const covered = new Set(areaCodes.map((code) => (placeOfPhone(`${code}5550142`) as { state?: string }).state));
    expect(usStates.filter((state) => !covered.has(state))).toEqual([]);
  });
});

describe('the places that a person may be in', () => {
  it.each<[string, Contact, string[]]>([
    ['one state of one zone', { state: 'NY' }, [`NY ${eastern}`]],
    ['a state of two zones', { state: 'FL' }, [`FL ${eastern}`, `FL ${central}`]],
    ['a state of two zones, whose zone is known', { state: 'FL', timezone: central }, [`FL ${central}`]],
    ['a zone by another name', { state: 'FL', timezone: 'US/Eastern' }, [`FL ${eastern}`]],
    ['a number of the same state', { state: 'FL', phone: '+18135550142' }, [`FL ${eastern}`]],
    [
      'a number of another state: both',
      { state: 'FL', phone: '+12145550142' },
      [`FL ${eastern}`, `FL ${central}`, `TX ${central}`],
    ],
    [
      'a number of another state, the zone of both',
      { state: 'FL', phone: '+12145550142', timezone: central },
      [`FL ${central}`, `TX ${central}`],
    ],
    [
      'a number of another state, the zone of the address',
      { state: 'NY', phone: '+12145550142', timezone: eastern },
      [`NY ${eastern}`, `TX ${central}`],
    ],
    ['a state and a ZIP code of another', { state: 'NY', postalCode: '07302' }, [`NY ${eastern}`, `NJ ${eastern}`]],
    ['a number abroad and its zone', { phone: '+442079460142', timezone: 'Europe/London' }, ['null Europe/London']],
    ['a number abroad without a zone', { phone: '+442079460142' }, []],
    ['an unknown code beside an address', { phone: '+18005550142', state: 'CO' }, [`CO ${mountain}`]],
  ])('%s', (_, contact, expected) => {
    expect(places(contact).toSorted()).toEqual(expected.toSorted());
  });

  it('are all of a zone’s states where the zone alone is known, and all of all where nothing is', () => {
    expect(statesOf(at, whereaboutsOf({ timezone: 'America/Phoenix' }))).toEqual(['AZ']);
    expect(statesOf(at, whereaboutsOf({ timezone: central }))).toEqual(
      expect.arrayContaining(['AL', 'TX', 'FL', 'IL']),
    );
    expect(statesOf(at, whereaboutsOf({ timezone: central }))).not.toContain('NY');
    for (const contact of [{}, { phone: '+18005550142' }, { timezone: 'EST' }]) {
      expect(statesOf(at, whereaboutsOf(contact))).toHaveLength(51);
    }
  });

  it('never lose the state of the address or of the number, whatever the other signs say', () => {
    const sign = fc.record({
      state: fc.constantFrom(...usStates, null),
      phone: fc.constantFrom(...areaCodes.map((code) => `+1${code}5550142`), null),
      timezone: fc.constantFrom('America/New_York', 'America/Denver', 'Pacific/Honolulu', 'Europe/London', null),
    });
    fc.assert(
      fc.property(sign, (contact) => {
        const states = statesOf(at, whereaboutsOf(contact));
        const phone = placeOfPhone(contact.phone);
        if (contact.state !== null) expect(states).toContain(contact.state);
        if (phone?.kind === 'known' && phone.state !== null) expect(states).toContain(phone.state);
      }),
    );
  });

  it('are all open while the window is, each by its own state and clock', () => {
    const known = fc.record({
      state: fc.constantFrom('FL', 'TX', 'RI', 'UT', 'NY', null),
      phone: fc.constantFrom('+18505550142', '+14015550142', '+12085550142', '+18015550142', null),
      timezone: fc.constantFrom(eastern, central, mountain, null),
    });
    const quietHours = { from: '08:00', to: '21:00' };
    const instants = fc
      .integer({ min: Date.UTC(2026, 5, 1), max: Date.UTC(2027, 0, 15) })
      .map((ms) => new Date(ms).toISOString());
    fc.assert(
      fc.property(known, instants, (contact, instant) => {
        const where = whereaboutsOf(contact);
        const each = placesOf(where, 2026).map(({ state, zone }) =>
          textingWindow(instant, { timezone: zone, addressStates: state === null ? [] : [state], quietHours }),
        );
        expect(textingWindow(instant, { ...where, quietHours }).open).toBe(each.every(({ open }) => open));
      }),
      { numRuns: 300 },
    );
  });
});

describe('state rules', () => {
  it('bind from their day on', () => {
    expect(stateRule('TX', { year: 2025, month: 8, day: 31 })).toBeUndefined();
    expect(stateRule('TX', { year: 2025, month: 9, day: 1 })).toMatchObject({ state: 'TX' });
  });

  it('say where they come from, and lie inside the federal hours', () => {
    for (const { state, week, source, validFrom } of stateRules) {
      expect(source.length).toBeGreaterThan(8);
      expect(validFrom).toMatch(/^\d{4}-\d\d-\d\d$/);
      for (const hours of week) {
        if (hours !== null) expect([state, hours.from >= '08:00', hours.to <= '21:00']).toEqual([state, true, true]);
      }
    }
  });

  it('cap at the least that any of the states allows', () => {
    expect(capOfStates(at, whereaboutsOf({ state: 'FL' }))).toBe(3);
    expect(capOfStates(at, whereaboutsOf({ state: 'NY', phone: '+14055550142' }))).toBe(3);
    expect(capOfStates(at, whereaboutsOf({ state: 'NY' }))).toBeNull();
    expect(capOfStates(at, whereaboutsOf({}))).toBe(3);
  });
});

describe('public holidays', () => {
  const day = (text: string) => {
    const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
    return { year, month, day: date };
  };

  it.each([
    ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-07-03', '2026-07-04'],
    ...['2026-09-07', '2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25', '2027-12-31', '2027-07-05'],
    ...['2021-12-31', '2022-01-01', '2023-01-02', '2027-12-24'],
  ])('%s is one everywhere, kept on a weekday', (text) => {
    expect(isHoliday(day(text), 'AL')).toBe(true);
  });

  it.each(['2026-01-02', '2026-11-27', '2026-12-24', '2020-06-19', '2026-05-18', '2026-07-06'])(
    '%s is none',
    (text) => {
      expect(isHoliday(day(text), 'UT')).toBe(false);
    },
  );

  it.each([
    ['2026-02-17', 'LA', 'NY'],
    ['2026-04-03', 'LA', 'AL'],
    ['2025-04-18', 'PA', 'UT'],
    ['2026-11-03', 'LA', 'UT'],
    ['2026-07-24', 'UT', 'PA'],
    ['2026-04-27', 'MS', 'LA'],
    ['2026-08-10', 'RI', 'MS'],
  ] as const)('%s is one in %s and not in %s', (text, here, elsewhere) => {
    expect(isHoliday(day(text), here)).toBe(true);
    expect(isHoliday(day(text), elsewhere)).toBe(false);
  });
});
