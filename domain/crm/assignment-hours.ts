import { DateTime } from 'luxon';
import { usZones } from '../consent/us-states.ts';
import { knownZone } from '../consent/zone-clock.ts';
import type { Iso } from '../glossary.ts';
import { type LocationSettings, weekdays } from '../leads/settings.ts';

/** When a team works. */
export interface TeamTime extends Pick<LocationSettings, 'teamHours' | 'holidays'> {
  /** IANA zone of the office; null when unknown. */
  readonly zone: string | null;
}

/** Longest time to walk ahead: nobody who works once a year is waited for. */
const DAYS_AHEAD = 370;

/**
 * The instant at which so many minutes of the team's working time have passed. Minutes are those of the clock on the wall only where a
 * day begins and ends; in between they are real ones, so a night in which clocks change counts as long as it is.
 *
 * A zone that is not known gives the latest of the answers of all US zones: whichever it is, the agent has had at least that time, and
 * nobody loses a lead for hours in which the office was closed.
 * @returns null when the team never works, or not so much in a year
 */
export function afterTeamMinutes(from: Iso, minutes: number, team: TeamTime): Iso | null {
  const zone = knownZone(team.zone);
  const answers = (zone === undefined ? usZones : [zone]).map((one) => inZone(from, minutes, one, team));
  if (answers.some((answer) => answer === null)) return null;
  return new Date(Math.max(...answers.map(Number))).toISOString();
}

function inZone(from: Iso, minutes: number, zone: string, { teamHours, holidays }: TeamTime): number | null {
  const start = DateTime.fromISO(from, { zone });
  if (!start.isValid) return null;
  let left = minutes * 60_000;
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const day = start.startOf('day').plus({ days: ahead });
    const hours = teamHours[weekdays[day.weekday - 1] ?? 'mon'];
    if (hours === undefined || holidays.includes(day.toISODate())) continue;
    const opens = Math.max(at(day, hours.from), start.toMillis());
    const worked = at(day, hours.to) - opens;
    if (worked <= 0) continue;
    if (worked >= left) return opens + left;
    left -= worked;
  }
  return null;
}

function at(day: DateTime<true>, clock: string): number {
  const [hour, minute] = clock.split(':').map(Number);
  return day.set({ hour: hour ?? Number.NaN, minute: minute ?? Number.NaN }).toMillis();
}
