import type { Iso } from '../glossary.ts';
import { sendMarginMs } from './facts.ts';
import { type Day, isHoliday, weekday } from './holidays.ts';
import { type StateRule, stateRule } from './state-rules.ts';
import { type Place, placesOf, type Whereabouts } from './whereabouts.ts';
import { clockOf, dayIn, millisOf, offsetAt } from './zone-clock.ts';

/** What the hours depend on. */
export interface WindowFacts extends Whereabouts {
  /** The team's own sending hours in the person's zone, HH:MM; they narrow the law's and never widen them. */
  readonly quietHours: { readonly from: string; readonly to: string };
}

export type WindowVerdict =
  | { readonly open: true; readonly closesAt: Iso }
  /** `opensAt` is absent when time alone never opens it. */
  | { readonly open: false; readonly reason: string; readonly opensAt?: Iso };

/** No solicitation before 8 a.m. or after 9 p.m. local time at the called party's location: 47 CFR 64.1200(c)(1). */
export const federal = { from: '08:00', to: '21:00' } as const;

/** Longest time to look ahead. The longest run of closed days is a weekend with the holidays before and after it. */
const DAYS_AHEAD = 10;
const DAY_MS = 86_400_000;

/**
 * When may this person next be sent a solicitation, by text or by e-mail? Hours are those that are open in every place that the person may
 * be in at once: the federal ones, narrowed by each of the states' and by the team's, each by the clock of its place. The law's hours bind
 * calls and texts; e-mail keeps to the same ones, which is stricter than needed and leaves one rule to explain. A call task is work for a
 * human and is not asked about.
 * @param at     instant the send is due
 * @param facts  signs of the person's place, each possibly unknown, and the team's hours
 * @returns      open until `closesAt`, or closed with the reason and the exact instant it opens; an unreadable instant, unreadable team
 *               hours or a number abroad without a zone close it for good, since nothing safe can be said of them
 * @see 47 CFR 64.1200(c)(1); `state-rules.ts` for the states
 */
export function textingWindow(at: Iso, facts: WindowFacts): WindowVerdict {
  const asked = millisOf(at);
  if (Number.isNaN(asked)) return { open: false, reason: 'the instant asked about cannot be read' };
  const team = lawful(facts.quietHours);
  if (team === undefined) return { open: false, reason: "the team's hours cannot be read or lie outside the law's" };
  const places = bindingPlaces(placesOf(facts, yearOf(asked)), asked);
  if (places.length === 0) return { open: false, reason: 'the number is abroad, and the zone there is not known' };
  return firstOpen(asked, places, team);
}

/** The window as a send finds it: one that closes before the message may have left is closed already. */
export function sendingWindow(at: Iso, facts: WindowFacts): WindowVerdict {
  const window = textingWindow(at, facts);
  if (!window.open || Date.parse(window.closesAt) - millisOf(at) > sendMarginMs) return window;
  const after = textingWindow(window.closesAt, facts);
  const opensAt = after.open ? window.closesAt : after.opensAt;
  return {
    open: false,
    reason: 'the sending hours end within a minute',
    ...(opensAt === undefined ? {} : { opensAt }),
  };
}

/** A day of each time of the year: zones with and without summer time stand nearer to each other in the one than in the other. */
const SEASONS = ['2026-01-15T00:00:00.000Z', '2026-07-15T00:00:00.000Z'] as const;

/** When these hours never come for somebody whose zone is not known, since they never meet in all zones. */
export function neverForUnknownZone(
  quietHours: WindowFacts['quietHours'],
): 'all year' | 'part of the year' | undefined {
  const closed = SEASONS.filter((day) => {
    const window = textingWindow(day, { timezone: null, quietHours });
    return !window.open && window.opensAt === undefined;
  });
  if (closed.length === 0) return undefined;
  return closed.length === SEASONS.length ? 'all year' : 'part of the year';
}

/** The least that any of the states allows in 24 hours; null: none of them names a number. */
export function capOfStates(at: Iso, where: Whereabouts): number | null {
  const asked = millisOf(at);
  if (Number.isNaN(asked)) return null;
  const caps = placesOf(where, yearOf(asked)).flatMap(
    ({ state, zone }) => (state === null ? undefined : stateRule(state, dayIn(zone, asked)))?.capPer24h ?? [],
  );
  return caps.length === 0 ? null : Math.min(...caps);
}

/** The states whose rules count, for whoever explains a verdict. */
export function statesOf(at: Iso, where: Whereabouts): readonly string[] {
  const asked = millisOf(at);
  const places = Number.isNaN(asked) ? [] : placesOf(where, yearOf(asked));
  return [...new Set(places.flatMap(({ state }) => state ?? []))];
}

/** Many states have the federal rule alone: those of one clock are one place. */
function bindingPlaces(places: readonly Place[], asked: number): readonly Place[] {
  const binding = new Map<string, Place>();
  const [first, last] = [dayIn('UTC', asked), dayIn('UTC', asked + (DAYS_AHEAD + 1) * DAY_MS)];
  for (const { state, zone } of places) {
    const own = state !== null && (stateRule(state, first) ?? stateRule(state, last));
    const key = `${own ? state : ''} ${clockOf(zone, first.year)}`;
    if (!binding.has(key)) binding.set(key, { state: own ? state : null, zone });
  }
  return [...binding.values()];
}

interface Hours {
  readonly from: string;
  readonly to: string;
}

/** Goes from the asked instant to the next at which some place opens, until it stands in an instant that is open in all of them. */
function firstOpen(asked: number, places: readonly Place[], team: Hours): WindowVerdict {
  let now = asked;
  let reason: string | undefined;
  for (;;) {
    const latest = places
      .map((place) => ({ place, window: nextWindow(now, asked, place, team) }))
      .reduce((a, b) => ((b.window?.from ?? Infinity) > (a.window?.from ?? Infinity) ? b : a));
    if (latest.window === undefined) return { open: false, reason: reason ?? closedBy(latest.place, places, team) };
    if (latest.window.from > now) {
      reason ??= closedBy(latest.place, places, team);
      now = latest.window.from;
      continue;
    }
    if (now !== asked) return { open: false, reason: reason ?? '', opensAt: iso(now) };
    const closes = places.map((place) => nextWindow(now, asked, place, team)?.to ?? now);
    return { open: true, closesAt: iso(Math.min(...closes)) };
  }
}

function closedBy({ state, zone }: Place, places: readonly Place[], team: Hours): string {
  if (places.length > 5) return `outside the hours open in every US state and zone, where the person is being unknown`;
  const others = places.length === 1 ? '' : `, one of ${places.length} places that the person may be in`;
  return state === null
    ? `outside ${team.from}–${team.to} in ${zone}${others}`
    : `outside the hours of ${state} in ${zone}${others}`;
}

/** The first window of a place that is not over at this instant. */
function nextWindow(now: number, asked: number, place: Place, team: Hours): { from: number; to: number } | undefined {
  const { zone } = place;
  const local = new Date(now + offsetAt(zone, now));
  for (let ahead = 0; now + (ahead - 1) * DAY_MS <= asked + DAYS_AHEAD * DAY_MS; ahead += 1) {
    const date = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + ahead));
    const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    const hours = hoursOn(day, place, team);
    if (hours === null) continue;
    const window = { from: localInstant(day, zone, hours.from), to: localInstant(day, zone, hours.to) };
    if (window.from < window.to && now < window.to) return window;
  }
  return undefined;
}

/** Of the federal hours, the state's and the team's the narrowest; null: the day is closed. */
function hoursOn(day: Day, { state }: Place, team: Hours): Hours | null {
  const rule: StateRule | undefined = state === null ? undefined : stateRule(state, day);
  if (state === null || rule === undefined) return team;
  if (rule.holidays === 'closed' && isHoliday(day, state)) return null;
  const own = rule.week[weekday(day) - 1] ?? null;
  return own === null ? null : narrowed(own, team);
}

/** HH:MM of equal length compare as text. */
function narrowed(a: Hours, b: Hours): Hours | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from < to ? { from, to } : null;
}

/** Wall-clock time on a calendar date in a zone; switch nights are behind us by 08:00, so each such time exists exactly once. */
function localInstant({ year, month, day }: Day, zone: string, time: string): number {
  const wall = Date.UTC(year, month - 1, day, Number(time.slice(0, 2)), Number(time.slice(3)));
  return wall - offsetAt(zone, wall - offsetAt(zone, wall));
}

/** The law's hours narrowed by the team's. */
function lawful(team: Hours): Hours | undefined {
  const clock = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
  if (!clock.test(team.from) || !(clock.test(team.to) || team.to === '24:00')) return undefined;
  return narrowed(team, federal) ?? undefined;
}

function yearOf(millis: number): number {
  return new Date(millis).getUTCFullYear();
}

function iso(millis: number): Iso {
  return new Date(millis).toISOString();
}
