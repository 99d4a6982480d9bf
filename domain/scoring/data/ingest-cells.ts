/** Largest number that float32, the type of models, can hold. */
const LARGEST = 3.4028234663852886e38;

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const groupedNumber = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;

/**
 * A number as people write it: `450000`, `$ 450,000`, `-3.5`, `1e6`, and `$ - 0`, the nought of accounting.
 * @returns undefined when the text is none, or larger than float32 can hold
 */
export function readNumber(text: string): number | undefined {
  if (plainNumber.test(text)) return finite(Number(text));
  const bare = text.replace(/[\s$]/g, '');
  if (groupedNumber.test(bare)) return finite(Number(bare.replaceAll(',', '')));
  return plainNumber.test(bare) && bare !== text ? finite(Number(bare)) : undefined;
}

function finite(value: number): number | undefined {
  return Math.abs(value) <= LARGEST ? value : undefined;
}

const clock = String.raw`(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/]?)(\d{2})\2(\d{2})${clock}`);
const yearLast = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})${clock}`);

/**
 * Days since 1970-01-01 in UTC, the time of day as a fraction, of `2026-11-28`, `20261128T000000`, `2026-11-28 19:58:54`, and where the
 * order of day and month is told also of `28-11-2026` and `28/11/2026`.
 * @returns undefined when the text is no date, or one that no calendar has
 */
export function readDate(text: string, order?: 'day-first' | 'month-first'): number | undefined {
  const first = yearFirst.exec(text);
  if (first !== null) return daysOf(first[1]!, first[3]!, first[4]!, first.slice(5));
  const last = order === undefined ? null : yearLast.exec(text);
  if (last === null) return undefined;
  const [day, month] = order === 'day-first' ? [last[1]!, last[2]!] : [last[2]!, last[1]!];
  return daysOf(last[3]!, month, day, last.slice(4));
}

function daysOf(year: string, month: string, day: string, rest: (string | undefined)[]): number | undefined {
  const [hour, minute, second] = rest.slice(0, 3).map((part) => Number(part ?? 0)) as [number, number, number];
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000;
  const made = new Date(days * 86_400_000);
  if (made.getUTCMonth() !== Number(month) - 1 || made.getUTCDate() !== Number(day)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return days + (hour * 60 + minute - minutesAhead(rest[3])) / 1440 + second / 86_400;
}

/** Minutes by which a zone such as `+02:00` is ahead of UTC. */
function minutesAhead(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** The cells of one line of CSV. For a line that was wrapped whole in quotes, whose text is a line once more. */
export function splitLine(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  while (cell.lastIndex <= line.length) {
    const found = cell.exec(line);
    if (found === null) return [];
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') break;
  }
  return cells;
}

/** Are the labels the same word? Case, outer blanks and the way a number is written (`1`, `1.0`) do not matter. */
export function sameLabel(one: string, other: string): boolean {
  const [a, b] = [one.trim().toLowerCase(), other.trim().toLowerCase()];
  if (a === b) return true;
  const number = readNumber(a);
  return number !== undefined && number === readNumber(b);
}
