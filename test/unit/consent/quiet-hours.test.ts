import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textingWindow } from '../../../domain/consent/quiet-hours.ts';
import { stateRules } from '../../../domain/consent/state-rules.ts';
import { type UsState, usStates, usZones, zonesOfState } from '../../../domain/consent/us-states.ts';

const law = { from: '08:00', to: '21:00' };
/** Of a place that no state's law narrows: abroad for zones that a state shares with stricter ones. */
const at = (instant: string, timezone: string | null, quietHours = law) =>
  textingWindow(instant, { timezone, quietHours, ...(timezone === null ? {} : plainState(timezone)) });

/** Zones of the fifty states and DC beyond those that the product intersects: others of the same rules must be covered too. */
const americanZones = [
  ...usZones,
  ...['America/Indiana/Knox', 'America/Indiana/Marengo', 'America/Indiana/Petersburg', 'America/Indiana/Vevay'],
  ...['America/Indiana/Vincennes', 'America/Indiana/Winamac', 'America/Kentucky/Monticello', 'America/Sitka'],
  ...['America/North_Dakota/Beulah', 'America/North_Dakota/New_Salem', 'America/Yakutat', 'US/Eastern', 'US/Hawaii'],
];

/** A state with the federal hours alone that keeps the zone's clock. */
const places = new Map<string, { addressStates?: UsState[] }>();
function plainState(zone: string): { addressStates?: UsState[] } {
  const place = places.get(zone) ?? findPlainState(zone);
  places.set(zone, place);
  return place;
}
function findPlainState(zone: string): { addressStates?: UsState[] } {
  const state = plainStates.find((one) => zonesOfState(one).some((own) => sameClock(own, zone)));
  return state === undefined ? {} : { addressStates: [state] };
}
const strict = new Set(stateRules.map(({ state }) => state));
const plainStates = usStates.filter((state) => !strict.has(state) || state === 'VA');
function sameClock(a: string, b: string): boolean {
  return [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)].every((ms) => hourIn(ms, a) === hourIn(ms, b));
}
function hourIn(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(ms);
}

/** Wall clock by the platform's own calendar, not by the library under the rule. */
const clocks = new Map(
  americanZones.map((zone) => [
    zone,
    new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  ]),
);
function wallClock(instant: string | number, zone: string): string {
  return clocks
    .get(zone)!
    .format(new Date(instant))
    .replace(/[^\d:]/g, '');
}
const inside = (clock: string, hours = law): boolean => clock >= hours.from && clock < hours.to;

const instants = fc
  .integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2029, 0, 1) })
  .map((ms) => new Date(ms).toISOString());
const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
const clock = minutes.map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);

describe('sending hours in a known zone', () => {
  it.each([
    ['an ordinary morning, a second early', 'America/Chicago', '2026-06-10T12:59:59Z', '2026-06-10T13:00:00.000Z'],
    ['an evening, at nine sharp', 'America/Chicago', '2026-06-11T02:00:00Z', '2026-06-11T13:00:00.000Z'],
    ['the night before clocks go forward', 'America/New_York', '2026-03-08T04:00:00Z', '2026-03-08T12:00:00.000Z'],
    ['the hour that clocks skip', 'America/New_York', '2026-03-08T07:30:00Z', '2026-03-08T12:00:00.000Z'],
    ['the night before clocks go back', 'America/New_York', '2026-11-01T03:00:00Z', '2026-11-01T13:00:00.000Z'],
    ['the hour that comes twice', 'America/New_York', '2026-11-01T06:30:00Z', '2026-11-01T13:00:00.000Z'],
    ['forward in the west', 'America/Los_Angeles', '2026-03-08T08:00:00Z', '2026-03-08T15:00:00.000Z'],
    ['back in the west', 'America/Los_Angeles', '2026-11-01T08:00:00Z', '2026-11-01T16:00:00.000Z'],
    ['forward on the Aleutians', 'America/Adak', '2026-03-08T11:00:00Z', '2026-03-08T17:00:00.000Z'],
    ['a zone without summer time', 'America/Phoenix', '2026-03-08T08:00:00Z', '2026-03-08T15:00:00.000Z'],
    ['Hawaii', 'Pacific/Honolulu', '2026-11-01T08:00:00Z', '2026-11-01T18:00:00.000Z'],
    ['a zone far ahead of UTC', 'Pacific/Auckland', '2026-06-10T10:00:00Z', '2026-06-10T20:00:00.000Z'],
  ])('opens at eight sharp: %s', (_, zone, asked, opensAt) => {
    expect(at(asked, zone)).toMatchObject({ open: false, opensAt });
    expect(at(opensAt, zone)).toMatchObject({ open: true });
  });

  it('closes at nine and says so while open', () => {
    expect(at('2026-06-11T01:59:59Z', 'America/Chicago')).toEqual({ open: true, closesAt: '2026-06-11T02:00:00.000Z' });
  });

  it('is never open at an hour that the law or the team forbids', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...americanZones), clock, clock, (instant, zone, from, to) => {
        const verdict = at(instant, zone, { from, to });
        const local = wallClock(instant, zone);
        expect(verdict.open).toBe(inside(local) && from < to && inside(local, { from, to }));
      }),
      { numRuns: 2_000 },
    );
  });

  it('names the very first open instant', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom<string | null>(...americanZones, null), (instant, zone) => {
        const verdict = at(instant, zone);
        if (verdict.open) return;
        const opens = Date.parse(verdict.opensAt!);
        expect(opens).toBeGreaterThan(Date.parse(instant));
        expect(opens - Date.parse(instant)).toBeLessThan((zone === null ? 5 : 1.1) * 24 * 3_600_000);
        expect(at(verdict.opensAt!, zone).open).toBe(true);
        for (let ms = Date.parse(instant); ms < opens; ms += 20 * 60_000) {
          expect(at(new Date(ms).toISOString(), zone).open).toBe(false);
        }
        expect(at(new Date(opens - 1).toISOString(), zone).open).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe('sending hours where nothing is known', () => {
  // On weekdays Honolulu or Adak opens them, Rhode Island closes them; at the weekend Saturday is short and Sunday closed.
  it.each([
    ['a summer day', '2026-07-01T12:00:00Z', '2026-07-01T18:00:00.000Z', '2026-07-01T22:00:00.000Z'],
    ['a winter day', '2026-01-15T12:00:00Z', '2026-01-15T18:00:00.000Z', '2026-01-15T23:00:00.000Z'],
    ['a Saturday in winter', '2026-01-17T12:00:00Z', '2026-01-17T18:00:00.000Z', '2026-01-17T22:00:00.000Z'],
    ['Sunday, Dr. King’s day after it', '2026-01-18T12:00:00Z', '2026-01-20T18:00:00.000Z', '2026-01-20T23:00:00.000Z'],
    ['the night of the spring switch', '2026-03-07T23:00:00Z', '2026-03-09T18:00:00.000Z', '2026-03-09T22:00:00.000Z'],
    [
      'the night of the autumn switch, elections after it',
      '2026-10-31T22:00:00Z',
      '2026-11-04T18:00:00.000Z',
      '2026-11-04T23:00:00.000Z',
    ],
    ['Independence Day on a Saturday', '2026-07-03T12:00:00Z', '2026-07-06T18:00:00.000Z', '2026-07-06T22:00:00.000Z'],
  ])('are those legal in all fifty states and DC: %s', (_, asked, opensAt, closesAt) => {
    expect(at(asked, null)).toMatchObject({ open: false, opensAt });
    expect(at(opensAt, null)).toEqual({ open: true, closesAt });
    expect(at(closesAt, null)).toMatchObject({ open: false });
  });

  it('are never open while an American clock is outside the federal hours', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        if (at(instant, null).open) {
          expect(americanZones.filter((zone) => !inside(wallClock(instant, zone)))).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['', '  ', 'EST', 'UTC', 'Etc/GMT+5', '+05:00', 'America/Nowhere', 'local', 'Central Time (US)', '../x'])(
    'takes %j for unknown: it is no zone that a person lives in',
    (zone) => {
      for (const instant of [
        '2026-07-01T12:00:00Z',
        '2026-07-01T17:59:00Z',
        '2026-07-01T18:00:00Z',
        '2026-07-02T01:30:00Z',
      ]) {
        expect(textingWindow(instant, { timezone: zone, quietHours: law })).toEqual(at(instant, null));
      }
    },
  );
});

describe("the team's hours", () => {
  it('narrow the law and never widen it', () => {
    const team = { from: '10:30', to: '17:00' };
    expect(at('2026-06-10T14:00:00Z', 'America/Chicago', team)).toMatchObject({
      open: false,
      opensAt: '2026-06-10T15:30:00.000Z',
    });
    expect(at('2026-06-10T22:00:00Z', 'America/Chicago', team)).toMatchObject({
      open: false,
      opensAt: '2026-06-11T15:30:00.000Z',
    });
    expect(at('2026-06-11T03:00:00Z', 'America/Chicago', { from: '00:00', to: '24:00' })).toMatchObject({
      open: false,
    });
  });

  it.each([
    ['beginning after their end', { from: '18:00', to: '09:00' }],
    ['empty', { from: '09:00', to: '09:00' }],
    ['outside the law', { from: '22:00', to: '23:00' }],
    ['unreadable', { from: '9am', to: '5pm' }],
    ['impossible', { from: '09:00', to: '25:00' }],
  ])('that are %s never open', (_, team) => {
    const verdict = at('2026-06-10T18:00:00Z', 'America/Chicago', team);
    expect(verdict.open).toBe(false);
    expect(verdict).not.toHaveProperty('opensAt');
  });

  it('that no hour shares across all zones never open while the zone is unknown', () => {
    const verdict = at('2026-06-10T18:00:00Z', null, { from: '08:00', to: '12:00' });
    expect(verdict.open).toBe(false);
    expect(verdict).not.toHaveProperty('opensAt');
  });

  it('stay closed for an instant that cannot be read', () => {
    expect(at('yesterday', 'America/Chicago')).toMatchObject({ open: false });
  });
});
