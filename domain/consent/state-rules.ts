import type { Day } from './holidays.ts';
import type { UsState } from './us-states.ts';

/** Wall-clock hours of one day, HH:MM, from inclusive, to exclusive; null: nothing goes out on it. */
export type DayHours = { readonly from: string; readonly to: string } | null;

/** What a state's law adds to the federal one. */
export interface StateRule {
  readonly state: UsState;
  /** In force since this day, until a later row of the same state is. */
  readonly validFrom: string;
  /** Monday to Sunday. */
  readonly week: readonly [DayHours, DayHours, DayHours, DayHours, DayHours, DayHours, DayHours];
  readonly holidays: 'as other days' | 'closed';
  /** Solicitations that a person may get in any 24 hours; null: the law names no number. */
  readonly capPer24h: number | null;
  readonly source: string;
  /** `primary`: the words of the law itself. `secondary`: what summaries for callers say of it. */
  readonly confidence: 'primary' | 'secondary';
}

const weekOf = (weekdays: DayHours, saturday: DayHours = weekdays, sunday: DayHours = weekdays): StateRule['week'] => [
  weekdays,
  weekdays,
  weekdays,
  weekdays,
  weekdays,
  saturday,
  sunday,
];

const hours = (from: string, to: string): DayHours => ({ from, to });
const [eightToEight, nineToNine, nineToEight] = [
  hours('08:00', '20:00'),
  hours('09:00', '21:00'),
  hours('09:00', '20:00'),
];
const eightToNine = hours('08:00', '21:00');

const plain = { holidays: 'as other days', capPer24h: null, confidence: 'secondary' } as const;
const holidaysClosed = { ...plain, holidays: 'closed' } as const;

/**
 * States whose law is stricter than the federal one, or is worth a row of its own. A state without a row has the federal hours. Where
 * summaries differ the stricter one is kept. Not legal advice: `docs/consent.md` says who answers for these rows.
 */
export const stateRules: readonly StateRule[] = [
  {
    state: 'AL',
    validFrom: '2000-01-01',
    week: weekOf(eightToEight, eightToEight, null),
    ...holidaysClosed,
    source: 'Ala. PSC telephone solicitation rules; holidays Ala. Code 1-3-8',
  },
  {
    state: 'CT',
    validFrom: '2023-10-01',
    week: weekOf(nineToEight),
    ...plain,
    source: 'Conn. Gen. Stat. 42-288a, P.A. 23-98',
  },
  {
    state: 'FL',
    validFrom: '2021-07-01',
    week: weekOf(eightToEight),
    ...plain,
    capPer24h: 3,
    confidence: 'primary',
    source: 'Fla. Stat. 501.616(6)',
  },
  { state: 'KY', validFrom: '2000-01-01', week: weekOf(hours('10:00', '21:00')), ...plain, source: 'KRS 367.46955' },
  {
    state: 'LA',
    validFrom: '2009-01-01',
    week: weekOf(eightToEight, eightToEight, null),
    ...holidaysClosed,
    source: 'La. PSC General Order R-29617 (V)(A)(2); La. R.S. 45:811',
  },
  { state: 'MA', validFrom: '2003-01-01', week: weekOf(eightToEight), ...plain, source: 'M.G.L. c. 159C, s. 3' },
  {
    state: 'MD',
    validFrom: '2024-01-01',
    week: weekOf(eightToEight),
    ...plain,
    capPer24h: 3,
    source: 'Md. Stop the Spam Calls Act of 2023',
  },
  { state: 'MI', validFrom: '2000-01-01', week: weekOf(nineToNine), ...plain, source: 'MCL 445.111 ff.' },
  { state: 'MN', validFrom: '2000-01-01', week: weekOf(nineToNine), ...plain, source: 'Minn. Stat. 325E.30' },
  {
    state: 'MS',
    validFrom: '2003-07-01',
    week: weekOf(eightToEight, eightToEight, null),
    ...holidaysClosed,
    source: 'Miss. Code 77-3-723; holidays Miss. Code 3-3-7',
  },
  {
    state: 'NJ',
    validFrom: '2004-01-01',
    week: weekOf(eightToEight),
    ...plain,
    source: 'summaries of N.J.S.A. 56:8-128',
  },
  { state: 'NM', validFrom: '2003-01-01', week: weekOf(nineToNine), ...plain, source: 'N.M. Stat. 57-12-22' },
  { state: 'NV', validFrom: '2000-01-01', week: weekOf(nineToEight), ...plain, source: 'NRS 228.500 ff., 599B' },
  {
    state: 'OK',
    validFrom: '2022-11-01',
    week: weekOf(eightToEight),
    ...plain,
    capPer24h: 3,
    confidence: 'primary',
    source: 'Okla. Stat. tit. 15, 775C.4',
  },
  {
    state: 'PA',
    validFrom: '2020-01-01',
    week: weekOf(eightToNine, eightToNine, hours('13:30', '21:00')),
    ...holidaysClosed,
    source: '73 P.S. 2245; legal holidays Act 80 of 2019',
  },
  {
    state: 'RI',
    validFrom: '1999-01-01',
    week: weekOf(hours('09:00', '18:00'), hours('10:00', '17:00'), null),
    ...holidaysClosed,
    confidence: 'primary',
    source: 'R.I. Gen. Laws 5-61-2, 5-61-3.6',
  },
  {
    state: 'SD',
    validFrom: '1991-07-01',
    week: weekOf(nineToNine, nineToNine, null),
    ...plain,
    source: 'SDCL 37-30-28',
  },
  {
    state: 'TX',
    validFrom: '2025-09-01',
    week: weekOf(nineToNine, nineToNine, hours('12:00', '21:00')),
    ...plain,
    source: 'Tex. Bus. & Com. Code 301.051; texts since SB 140',
  },
  {
    state: 'UT',
    validFrom: '2002-05-06',
    week: weekOf(eightToNine, eightToNine, null),
    ...holidaysClosed,
    source: 'Utah Code 13-25a-103(3)',
  },
  {
    state: 'VA',
    validFrom: '2026-01-01',
    week: weekOf(eightToNine),
    ...plain,
    source: 'Va. Code 59.1-511 ff., SB 1339',
  },
  {
    state: 'WA',
    validFrom: '2022-06-09',
    week: weekOf(eightToEight),
    ...plain,
    confidence: 'primary',
    source: 'RCW 80.36.390, 19.158',
  },
  { state: 'WY', validFrom: '2000-01-01', week: weekOf(eightToEight), ...plain, source: 'Wyo. Stat. 40-12-302' },
];

/** Newest first. */
const byState = Object.fromEntries(
  stateRules.map(({ state }) => [
    state,
    stateRules.filter((rule) => rule.state === state).sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1)),
  ]),
) as Readonly<Partial<Record<UsState, readonly StateRule[]>>>;

/** The row that is in force on a day; undefined: the federal rule alone. */
export function stateRule(state: UsState, { year, month, day }: Day): StateRule | undefined {
  const on = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return byState[state]?.find(({ validFrom }) => validFrom <= on);
}
