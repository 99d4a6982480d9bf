/**
 * When people of each state may be texted on ordinary days, on days on which the clocks change and on holidays: written out by hand from the
 * state table in docs/consent.md's sources, in local time. Whatever decides about hours is held against it.
 */

/** Local hours `from` to `to`, HH:MM; `none`: not at all; `unsaid`: the sources differ or give no hours. */
type Expected = readonly [from: string, to: string] | 'none' | 'unsaid';

interface StateDays {
  readonly state: string;
  /** Some area code that lies in the zone. */
  readonly areaCode: string;
  readonly zone: string;
  readonly weekday: Expected;
  readonly saturday: Expected;
  readonly sunday: Expected;
  readonly holiday: Expected;
}

const row = (
  state: string,
  areaCode: string,
  zone: string,
  ...[weekday, saturday, sunday, holiday]: Expected[]
): StateDays => ({
  ...{ state, areaCode, zone },
  ...{ weekday: weekday!, saturday: saturday ?? weekday!, sunday: sunday ?? weekday!, holiday: holiday ?? 'unsaid' },
});

const eastern = 'America/New_York';
const central = 'America/Chicago';
const mountain = 'America/Denver';
const pacific = 'America/Los_Angeles';

/** `holiday` is said where the state forbids it, and for states of which no source says that their holidays differ from other days. */
export const stateDays: readonly StateDays[] = [
  row('FL', '305', eastern, ['08:00', '20:00']),
  row('OK', '405', central, ['08:00', '20:00']),
  row('MD', '301', eastern, ['08:00', '20:00']),
  row('WA', '206', pacific, ['08:00', '20:00']),
  row('TX', '512', central, ['09:00', '21:00'], ['09:00', '21:00'], ['12:00', '21:00']),
  row('CT', '203', eastern, ['09:00', '20:00']),
  row('VA', '703', eastern, ['08:00', '21:00']),
  row('AL', '205', central, ['08:00', '20:00'], ['08:00', '20:00'], 'none', 'none'),
  row('LA', '504', central, ['08:00', '20:00'], ['08:00', '20:00'], 'none', 'none'),
  row('MS', '601', central, ['08:00', '20:00'], ['08:00', '20:00'], 'none'),
  row('MA', '617', eastern, ['08:00', '20:00']),
  row('NJ', '201', eastern, ['08:00', '20:00']),
  row('RI', '401', eastern, ['09:00', '18:00'], ['10:00', '17:00'], 'unsaid'),
  row('NV', '702', pacific, ['09:00', '20:00']),
  row('KY', '502', eastern, ['10:00', '21:00']),
  row('MI', '313', eastern, ['09:00', '21:00']),
  row('MN', '612', central, ['09:00', '21:00']),
  row('NM', '505', mountain, ['09:00', '21:00']),
  row('PA', '215', eastern, ['08:00', '21:00'], 'unsaid', 'unsaid'),
  row('NY', '212', eastern, ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00']),
  row('CA', '213', pacific, ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00']),
  row('CO', '303', mountain, ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00']),
  row('AZ', '602', 'America/Phoenix', ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00']),
  row('HI', '808', 'Pacific/Honolulu', ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00'], ['08:00', '21:00']),
];

type Kind = 'weekday' | 'saturday' | 'sunday' | 'holiday';

/** `summer`: daylight saving holds from its early morning on, where the zone has it. */
const days: readonly { readonly date: string; readonly what: string; readonly kind: Kind; readonly summer: boolean }[] =
  [
    { date: '2026-02-04', what: 'a Wednesday in winter', kind: 'weekday', summer: false },
    { date: '2026-08-13', what: 'a Thursday in summer', kind: 'weekday', summer: true },
    { date: '2026-08-15', what: 'a Saturday', kind: 'saturday', summer: true },
    { date: '2026-08-16', what: 'a Sunday', kind: 'sunday', summer: true },
    { date: '2026-03-07', what: 'the day before the clocks go forward', kind: 'saturday', summer: false },
    { date: '2026-03-08', what: 'the day on which the clocks go forward', kind: 'sunday', summer: true },
    { date: '2026-03-09', what: 'the day after the clocks went forward', kind: 'weekday', summer: true },
    { date: '2026-10-31', what: 'the day before the clocks go back', kind: 'saturday', summer: true },
    { date: '2026-11-01', what: 'the day on which the clocks go back', kind: 'sunday', summer: false },
    { date: '2026-11-04', what: 'a Wednesday after the clocks went back', kind: 'weekday', summer: false },
    { date: '2026-09-07', what: 'Labor Day', kind: 'holiday', summer: true },
    { date: '2026-11-26', what: 'Thanksgiving', kind: 'holiday', summer: false },
    { date: '2026-12-25', what: 'Christmas', kind: 'holiday', summer: false },
    { date: '2027-01-01', what: 'New Year', kind: 'holiday', summer: false },
  ];

/** Hours behind UTC in winter and in summer. */
const behind: Readonly<Record<string, readonly [winter: number, summer: number]>> = {
  [eastern]: [5, 4],
  [central]: [6, 5],
  [mountain]: [7, 6],
  [pacific]: [8, 7],
  'America/Phoenix': [7, 7],
  'Pacific/Honolulu': [10, 10],
};

export interface HourCase {
  readonly state: string;
  readonly areaCode: string;
  readonly zone: string;
  readonly what: string;
  /** Instants at which a text may go out, and at which it may not. */
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

/** One case for each state and day: the minutes on both sides of both ends, and the deep of the night. */
export const hourCases: readonly HourCase[] = stateDays.flatMap(({ state, areaCode, zone, ...expected }) =>
  days.map(({ date, what, kind, summer }) => {
    const at = (clock: string, minutes = 0): string =>
      new Date(
        Date.parse(`${date}T${clock}:00Z`) + (behind[zone]![summer ? 1 : 0] * 60 + minutes) * 60_000,
      ).toISOString();
    const night = [at('03:30'), at('07:59'), at('21:00'), at('23:59')];
    const hours = expected[kind];
    if (hours === 'unsaid') return { state, areaCode, zone, what, open: [], closed: night };
    if (hours === 'none') {
      return { state, areaCode, zone, what, open: [], closed: [...night, at('08:00'), at('12:00'), at('19:59')] };
    }
    const [from, to] = hours;
    return {
      ...{ state, areaCode, zone, what },
      open: [at(from), at(from, 1), at('14:00'), at(to, -1)],
      closed: [...night, at(from, -1), at(to), at(to, 1)],
    };
  }),
);
