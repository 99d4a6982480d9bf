import { IANAZone } from 'luxon';
import type { Iso } from '../glossary.ts';

/** A zone that a person lives in: region/city. Bare offsets and abbreviations (`EST`, `Etc/GMT+5`, `UTC`) know no summer time. */
export function knownZone(zone: string | null): string | undefined {
  const name = zone?.trim() ?? '';
  return name.includes('/') && !/^etc\//i.test(name) && IANAZone.create(name).isValid ? name : undefined;
}

const QUARTER = 900_000;
/** Asking the calendar is slow, and many are asked about at once. Clocks change on a quarter of an hour everywhere. */
const remembered = new Map<string, number>();
const MOST = 100_000;

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, millis: number): number {
  const quarter = Math.floor(millis / QUARTER);
  const key = `${zone} ${quarter}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= MOST) remembered.clear();
  const offset = IANAZone.create(zone).offset(quarter * QUARTER) * 60_000;
  remembered.set(key, offset);
  return offset;
}

const clocks = new Map<string, string>();

/** Two zones with one clock in a year: the same offsets in winter and in summer. */
export function clockOf(zone: string, year: number): string {
  const key = `${zone} ${year}`;
  const known = clocks.get(key);
  if (known !== undefined) return known;
  const clock = `${offsetAt(zone, Date.UTC(year, 0, 1, 12))} ${offsetAt(zone, Date.UTC(year, 6, 1, 12))}`;
  if (clocks.size >= MOST) clocks.clear();
  clocks.set(key, clock);
  return clock;
}

/** NaN for what is no instant; `Date.parse` alone reads much that is none. */
export function millisOf(at: Iso): number {
  return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/.test(at) ? Date.parse(at) : Number.NaN;
}

/** The date on the zone's calendar. */
export function dayIn(
  zone: string,
  millis: number,
): { readonly year: number; readonly month: number; readonly day: number } {
  const local = new Date(millis + offsetAt(zone, millis));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}
