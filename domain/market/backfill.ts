import { AppError } from '../errors.ts';
import type { Iso } from '../glossary.ts';

/** One month of changes: `changedFrom` belongs to it, `changedBefore` does not. */
export interface Month {
  /** `2026-11`, UTC. */
  readonly month: string;
  readonly changedFrom: Iso;
  readonly changedBefore: Iso;
}

/** The bounds of a month, `2026-11`. Errors: BAD_VALUE for what is none. */
export function monthOf(month: string): Month {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined || number === undefined) throw new AppError('BAD_VALUE', 'expected a month, like 2026-11');
  return {
    month,
    changedFrom: `${month}-01T00:00:00.000Z`,
    changedBefore: new Date(Date.UTC(Number(year), Number(number), 1)).toISOString(),
  };
}

/**
 * The months that are still to be filled, the newest first, as what is newest is looked for most. The running month is one of them.
 * Months side by side leave nothing out and have nothing twice.
 * @param from    the oldest, `2024-01`; one that is to come yields none
 * @param filled  months that are done
 */
export function monthsToFill(from: string, now: Iso, filled: readonly string[]): readonly Month[] {
  const oldest = monthOf(from).month;
  const done = new Set(filled);
  const months: Month[] = [];
  for (let month = now.slice(0, 7); month >= oldest; month = before(month)) {
    if (!done.has(month)) months.push(monthOf(month));
  }
  return months;
}

function before(month: string): string {
  return new Date(Date.parse(monthOf(month).changedFrom) - 1).toISOString().slice(0, 7);
}
