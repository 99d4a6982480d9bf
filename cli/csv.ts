import { Failure } from './failure.ts';

/** A record of a CSV file, and the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Characters of a cell: more is no text that somebody wrote, but a quote that was not closed. */
const LONGEST = 64 * 1024;

/**
 * Records of a CSV text that comes in pieces (RFC 4180; line ends of any system, a byte-order mark is passed over). Blank lines are none.
 * A quote that is never closed ends with the text, and what it swallowed is one cell: its record is as long as the mistake, up to the
 * longest cell there may be.
 * @throws Failure naming the line on which a cell begins that is longer
 */
export async function* csvRecords(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let [line, begun, cellBegun, cell, quoted, afterQuote, afterCr] = [1, 1, 1, '', false, false, false];
  let [cells, first]: [string[], boolean] = [[], true];
  const record = (): CsvRecord | undefined => {
    const whole = { line: begun, cells: [...cells, cell] };
    [cells, cell, afterQuote] = [[], '', false];
    return whole.cells.some((one) => one.trim() !== '') ? whole : undefined;
  };
  for await (const chunk of chunks) {
    for (const char of first ? chunk.replace(/^\uFEFF/, '') : chunk) {
      const lineEnd = char === '\n' || char === '\r';
      if (lineEnd && !(char === '\n' && afterCr)) line += 1;
      if (quoted && !afterQuote) {
        if (char === '"') afterQuote = true;
        else cell += char;
      } else if (char === '"' && afterQuote) {
        [cell, afterQuote] = [`${cell}"`, false];
      } else if (char === '"' && cell === '') {
        quoted = true;
      } else if (char === ',' || lineEnd) {
        [quoted, afterQuote] = [false, false];
        if (char === ',') {
          cells.push(cell);
          [cell, cellBegun] = ['', line];
        } else {
          const whole = record();
          [begun, cellBegun] = [line, line];
          if (whole !== undefined) yield whole;
        }
      } else {
        cell += char;
      }
      if (cell.length > LONGEST) throw tooLong(cellBegun);
      afterCr = char === '\r';
    }
    first = false;
  }
  const last = record();
  if (last !== undefined) yield last;
}

function tooLong(line: number): Failure {
  const message = `The cell that begins on line ${line} is longer than ${LONGEST} characters: a quote may not be closed.`;
  return new Failure(message, { code: 'DATA_UNREADABLE', ways: [`Mend the quotes from line ${line} on.`] });
}
