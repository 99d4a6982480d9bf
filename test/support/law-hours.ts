import { everyZone, placeOfAreaCode, zonesOfState } from './law-places.ts';

/**
 * When the law lets a person be texted, as the judge of follow-up reads it: federal hours, the stricter ones of states, days without any,
 * and what follows when it is not known where the person is. Written apart from the product's rules and on the platform's own calendar.
 */

/** What is known of where a person is. */
export interface Whereabouts {
  readonly zone: string | null;
  /** Of the address. */
  readonly state: string | null;
  readonly areaCode: string | null;
}

export interface Hours {
  /** HH:MM, inclusive. */
  readonly from: string;
  /** HH:MM, exclusive. */
  readonly to: string;
}

export const federalHours: Hours = { from: '08:00', to: '21:00' };

interface StateHours {
  readonly weekday?: Hours;
  readonly saturday?: Hours | 'none';
  readonly sunday?: Hours | 'none';
  readonly holidays?: 'none';
}

const daily = (from: string, to: string): StateHours => {
  const hours = { from, to };
  return { weekday: hours, saturday: hours, sunday: hours };
};

/** Only what is stricter than the federal hours. Pennsylvania's weekend is limited, but no source at hand says to which hours. */
const stateHours: Readonly<Record<string, StateHours>> = {
  AL: { ...daily('08:00', '20:00'), sunday: 'none', holidays: 'none' },
  CT: daily('09:00', '20:00'),
  FL: daily('08:00', '20:00'),
  KY: daily('10:00', '21:00'),
  LA: { ...daily('08:00', '20:00'), sunday: 'none', holidays: 'none' },
  MA: daily('08:00', '20:00'),
  MD: daily('08:00', '20:00'),
  MI: daily('09:00', '21:00'),
  MN: daily('09:00', '21:00'),
  MS: { ...daily('08:00', '20:00'), sunday: 'none' },
  NJ: daily('08:00', '20:00'),
  NM: daily('09:00', '21:00'),
  NV: daily('09:00', '20:00'),
  OK: daily('08:00', '20:00'),
  RI: {
    weekday: { from: '09:00', to: '18:00' },
    saturday: { from: '10:00', to: '17:00' },
    sunday: { from: '10:00', to: '17:00' },
  },
  TX: { ...daily('09:00', '21:00'), sunday: { from: '12:00', to: '21:00' } },
  WA: daily('08:00', '20:00'),
};

/**
 * May a person be texted at that instant? Federal and team hours bind in every zone that the person may be in, a state's by the clocks that the
 * state keeps.
 * @param team  the location's own hours, in the person's zone
 * @returns what forbids it, or undefined
 */
export function forbiddenHour(at: string, where: Whereabouts, team: Hours): string | undefined {
  const states = statesOf(where);
  for (const zone of zonesOf(at, where)) {
    const local = localTime(at, zone);
    for (const [name, hours] of [
      ['federal', federalHours],
      ['team', team],
    ] as const) {
      if (!inside(local.clock, hours)) return `${name} hours, ${local.clock} in ${zone}`;
    }
    for (const state of states) {
      const rule = stateHours[state];
      if (rule === undefined || !clocksOf(at, zonesIn(at, state, where)).has(local.clock)) continue;
      if (rule.holidays === 'none' && isHoliday(local.date)) return `holiday in ${state}, ${local.date}`;
      const hours = { Sat: rule.saturday, Sun: rule.sunday }[local.day] ?? rule.weekday!;
      if (hours === 'none') return `no ${local.day} in ${state}`;
      if (!inside(local.clock, hours)) return `hours of ${state}, ${local.clock} ${local.day} in ${zone}`;
    }
  }
  return undefined;
}

const inside = (clock: string, hours: Hours): boolean => clock >= hours.from && clock < hours.to;

function statesOf({ state, areaCode }: Whereabouts): readonly string[] {
  const byNumber = areaCode === null ? undefined : placeOfAreaCode(areaCode)?.state;
  return [...new Set([state, byNumber])].filter((one) => one !== null && one !== undefined);
}

/** Where in that state the person may be: a number that is of it narrows it, and so does a zone that the state has. */
function zonesIn(at: string, state: string, { areaCode, zone }: Whereabouts): readonly string[] {
  const byNumber = areaCode === null ? undefined : placeOfAreaCode(areaCode);
  const zones = byNumber?.state === state ? byNumber.zones : zonesOfState[state]!;
  return zone !== null && clocksOf(at, zones).has(localTime(at, zone).clock) ? [zone] : zones;
}

/**
 * Zones in whose hours a text must lie. Contact's zone, address and number are three signs; those that agree are narrowed to what they have in
 * common, those that do not are all kept; without any, it is every zone of the fifty states.
 */
function zonesOf(at: string, { zone, state, areaCode }: Whereabouts): readonly string[] {
  const signs = [
    zone === null ? undefined : [zone],
    state === null ? undefined : zonesOfState[state],
    areaCode === null ? undefined : placeOfAreaCode(areaCode)?.zones,
  ].filter((sign) => sign !== undefined);
  const [first, ...others] = signs;
  if (first === undefined) return everyZone;
  return others.reduce<readonly string[]>((known, sign) => {
    const clocks = clocksOf(at, sign);
    const common = known.filter((one) => clocks.has(localTime(at, one).clock));
    return common.length > 0 ? common : [...known, ...sign];
  }, first);
}

/** Zones that show the same time agree. */
function clocksOf(at: string, zones: readonly string[]): ReadonlySet<string> {
  return new Set(zones.map((zone) => localTime(at, zone).clock));
}

interface LocalTime {
  /** HH:MM. */
  readonly clock: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly day: string;
}

const calendars = new Map<string, Intl.DateTimeFormat>();

function localTime(at: string, zone: string): LocalTime {
  let calendar = calendars.get(zone);
  if (calendar === undefined) {
    calendar = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      ...{ weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    });
    calendars.set(zone, calendar);
  }
  const parts = new Map(calendar.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    clock: `${part('hour')}:${part('minute')}`,
    date: `${part('year')}-${part('month')}-${part('day')}`,
    day: part('weekday'),
  };
}

/** The eleven federal holidays on their own dates. */
function isHoliday(date: string): boolean {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const fixed = ['1-1', '6-19', '7-4', '11-11', '12-25'];
  if (fixed.includes(`${month}-${day}`)) return true;
  const nth = Math.ceil(day / 7);
  const monday = weekday === 1;
  return (
    (monday && nth === 3 && (month === 1 || month === 2)) ||
    (monday && month === 5 && day + 7 > 31) ||
    (monday && nth === 1 && month === 9) ||
    (monday && nth === 2 && month === 10) ||
    (weekday === 4 && nth === 4 && month === 11)
  );
}
