/** What a column of a row may be given; JSON and instants are written out as text. */
export type Cell = string | number | boolean | null;

/**
 * A row in the text format of COPY: columns between tabs, a line's end after the last. A text that holds one of these, or the
 * backslash that hides them, is escaped, so that `\N` and the end mark `\.` of a text are not taken for null and the end.
 * @throws TypeError for a number that is none: it would be stored as such in one column and be refused in the next
 * @see https://www.postgresql.org/docs/current/sql-copy.html, "Text Format"
 */
export function copyLine(row: readonly Cell[]): string {
  let line = '';
  for (let i = 0; i < row.length; i += 1) line += i === 0 ? cellText(row[i]!) : `\t${cellText(row[i]!)}`;
  return `${line}\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'string') return SPECIAL.test(cell) ? cell.replace(SPECIALS, escaped) : cell;
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  if (!Number.isFinite(cell)) throw new TypeError('a number to be copied is not finite');
  return String(cell);
}

const SPECIAL = /[\\\n\r\t]/;
const SPECIALS = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  return ESCAPES[character]!;
}
