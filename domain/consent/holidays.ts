import type { UsState } from './us-states.ts';

/** `nth` counts from the month's beginning, -1 is its last. Monday is 1, Sunday 7. */
type Holiday =
  | { readonly month: number; readonly day: number; readonly since?: number }
  | { readonly month: number; readonly nth: number; readonly weekday: number }
  | { readonly afterEaster: number }
  /** The Tuesday after the first Monday of November. */
  | { readonly election: 'every year' | 'even years' };

/** @see 5 U.S.C. 6103(a) */
const federal: readonly Holiday[] = [
  { month: 1, day: 1 },
  { month: 1, nth: 3, weekday: 1 },
  { month: 2, nth: 3, weekday: 1 },
  { month: 5, nth: -1, weekday: 1 },
  { month: 6, day: 19, since: 2021 },
  { month: 7, day: 4 },
  { month: 9, nth: 1, weekday: 1 },
  { month: 10, nth: 2, weekday: 1 },
  { month: 11, day: 11 },
  { month: 11, nth: 4, weekday: 4 },
  { month: 12, day: 25 },
];

/** Legal holidays of states that close on holidays, beside the federal ones. Days that a governor proclaims are not among them. */
const ofState: Readonly<Partial<Record<UsState, readonly Holiday[]>>> = {
  AL: [{ afterEaster: -47 }, { month: 4, nth: 4, weekday: 1 }, { month: 6, nth: 1, weekday: 1 }],
  LA: [
    { month: 1, day: 8 },
    { month: 1, day: 19 },
    { afterEaster: -47 },
    { afterEaster: -2 },
    { month: 6, day: 3 },
    { month: 8, day: 30 },
    { month: 11, day: 1 },
    { election: 'even years' },
  ],
  MS: [{ month: 4, nth: -1, weekday: 1 }],
  PA: [{ afterEaster: -2 }, { month: 6, day: 14 }, { election: 'every year' }],
  RI: [{ month: 5, day: 4 }, { month: 8, nth: 2, weekday: 1 }, { election: 'even years' }],
  UT: [{ month: 7, day: 24 }],
};

/** A day of the calendar, wherever that is. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/**
 * Is this a public holiday in the state? A date that falls on a Saturday or Sunday is one on that day and on the Friday or Monday on
 * which it is kept.
 */
export function isHoliday(date: Day, state: UsState): boolean {
  return [...federal, ...(ofState[state] ?? [])].some((holiday) => falls(holiday, date));
}

function falls(holiday: Holiday, date: Day): boolean {
  if ('afterEaster' in holiday) return numbered(date) === easter(date.year) + holiday.afterEaster;
  if ('election' in holiday) {
    if (holiday.election === 'even years' && date.year % 2 !== 0) return false;
    return date.month === 11 && numbered(date) === nthOf({ month: 11, nth: 1, weekday: 1 }, date.year) + 1;
  }
  if ('nth' in holiday) return date.month === holiday.month && numbered(date) === nthOf(holiday, date.year);
  // New Year's Day of the next year may be kept on the last day of this one.
  return [date.year, date.year + 1].some((year) => {
    if (year < (holiday.since ?? 0)) return false;
    const day = numbered({ ...holiday, year });
    const kept = { 6: day - 1, 7: day + 1 }[weekdayOf(day)] ?? day;
    return numbered(date) === day || numbered(date) === kept;
  });
}

function nthOf({ month, nth, weekday }: { month: number; nth: number; weekday: number }, year: number): number {
  if (nth < 0) {
    const last = numbered({ year, month: month + 1, day: 1 }) - 1;
    return last - ((weekdayOf(last) - weekday + 7) % 7);
  }
  const first = numbered({ year, month, day: 1 });
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1);
}

/** Days since 1 January 1970, so that days can be counted with. */
function numbered({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** Monday 1 to Sunday 7. */
export function weekday(date: Day): number {
  return weekdayOf(numbered(date));
}

function weekdayOf(day: number): number {
  return ((day + 3) % 7) + 1;
}

/** Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876 as given by Meeus, Astronomical Algorithms, chapter 8. */
function easter(year: number): number {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const [d, e] = [Math.floor(b / 4), b % 4];
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const [i, k] = [Math.floor(c / 4), c % 4];
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return numbered({ year, month: Math.floor(n / 31), day: (n % 31) + 1 });
}
