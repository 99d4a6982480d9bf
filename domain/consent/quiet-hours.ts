import { DateTime, IANAZone } from 'luxon';
import type { Iso } from '../glossary.ts';

/** What the hours depend on. */
interface WindowFacts {
  /** IANA zone of the contact; null when unknown. An unreadable one counts as unknown. */
  readonly timezone: string | null;
  /** The team's own sending hours in the contact's zone, HH:MM; they narrow the law's and never widen them. */
  readonly quietHours: { readonly from: string; readonly to: string };
}

type WindowVerdict =
  | { readonly open: true; readonly closesAt: Iso }
  /** `opensAt` is absent when time alone never opens it. */
  | { readonly open: false; readonly reason: string; readonly opensAt?: Iso };

/** No solicitation before 8 a.m. or after 9 p.m. local time at the called party's location: 47 CFR 64.1200(c)(1). */
export const federal = { from: '08:00', to: '21:00' } as const;

/**
 * The zones of the fifty states and DC, one for each set of rules in force. Whoever's zone we do not know lives in one of them, so the
 * hours that are safe are those open in all.
 */
export const usZones: readonly string[] = [
  ...['America/New_York', 'America/Detroit', 'America/Indiana/Indianapolis', 'America/Kentucky/Louisville'],
  ...['America/Chicago', 'America/Menominee', 'America/Indiana/Tell_City', 'America/North_Dakota/Center'],
  ...['America/Denver', 'America/Boise', 'America/Phoenix', 'America/Los_Angeles'],
  ...['America/Anchorage', 'America/Juneau', 'America/Metlakatla', 'America/Nome', 'America/Adak', 'Pacific/Honolulu'],
];

/**
 * When may this contact next be sent a solicitation, by text or by e-mail? The law's hours bind calls and texts; e-mail keeps to the same
 * ones, which is stricter than needed and leaves one rule to explain. A call task is work for a human and is not asked about.
 * @param at     instant the send is due
 * @param facts  zone, possibly unknown, and the team's hours
 * @returns      open until `closesAt`, or closed with the reason and the exact instant it opens; an unreadable instant or unreadable
 *               team hours close it for good, since nothing safe can be said of them
 * @see 47 CFR 64.1200(c)(1)
 */
export function textingWindow(at: Iso, facts: WindowFacts): WindowVerdict {
  const asked = DateTime.fromISO(at, { zone: 'utc' });
  if (!asked.isValid) return { open: false, reason: 'the instant asked about cannot be read' };
  const hours = lawful(facts.quietHours);
  if (hours === undefined) return { open: false, reason: "the team's hours cannot be read or lie outside the law's" };
  const zone = knownZone(facts.timezone);
  const zones = zone === undefined ? usZones : [zone];
  const whose = zone === undefined ? 'in every US zone, the zone being unknown' : "in the contact's zone";

  // Local dates differ from the UTC date by at most one day, and a window of tomorrow may be the first that is not over.
  for (let day = -1; day <= 3; day += 1) {
    const window = windowOf(asked.plus({ days: day }), zones, hours);
    if (window === undefined || asked.toMillis() >= window.to) continue;
    if (asked.toMillis() >= window.from) return { open: true, closesAt: iso(window.to) };
    return { open: false, reason: `outside ${hours.from}–${hours.to} ${whose}`, opensAt: iso(window.from) };
  }
  return { open: false, reason: `no hour of the day lies inside ${hours.from}–${hours.to} ${whose}` };
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

/** A zone that a person lives in: region/city. Bare offsets and abbreviations (`EST`, `Etc/GMT+5`, `UTC`) know no summer time. */
export function knownZone(zone: string | null): string | undefined {
  const name = zone?.trim() ?? '';
  return name.includes('/') && !/^etc\//i.test(name) && IANAZone.create(name).isValid ? name : undefined;
}

/** The date's hours as instants, open in all zones at once; undefined when they do not meet on that date. */
function windowOf(
  date: DateTime,
  zones: readonly string[],
  hours: { from: string; to: string },
): { from: number; to: number } | undefined {
  const from = Math.max(...zones.map((zone) => localInstant(date, zone, hours.from)));
  const to = Math.min(...zones.map((zone) => localInstant(date, zone, hours.to)));
  return from < to ? { from, to } : undefined;
}

/** Wall-clock time on a calendar date in a zone; switch nights are behind us by 08:00, so each such time exists exactly once. */
function localInstant(date: DateTime, zone: string, time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  const { year, month, day } = date;
  return DateTime.fromObject({ year, month, day, hour: hour ?? NaN, minute: minute ?? NaN }, { zone }).toMillis();
}

/** The law's hours narrowed by the team's. HH:MM of equal length compare as text. */
function lawful(team: { from: string; to: string }): { from: string; to: string } | undefined {
  const clock = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
  if (!clock.test(team.from) || !(clock.test(team.to) || team.to === '24:00')) return undefined;
  const from = team.from > federal.from ? team.from : federal.from;
  const to = team.to < federal.to ? team.to : federal.to;
  return from < to ? { from, to } : undefined;
}

function iso(millis: number): Iso {
  return DateTime.fromMillis(millis, { zone: 'utc' }).toISO() as Iso;
}
