import { styleText } from 'node:util';

/** Where a command reads its surroundings and writes its answer; tests give their own. */
export interface Io {
  /** The answer. With `--json` exactly one document goes here. */
  readonly out: (text: string) => void;
  /** Progress, warnings and errors. */
  readonly err: (text: string) => void;
  readonly terminal: boolean;
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colour where a person looks on; plain text for files, pipes and `NO_COLOR` (https://no-color.org). */
export function paint(io: Pick<Io, 'colour'>, colour: Colour, text: string): string {
  return io.colour ? styleText(colour, text, { validateStream: false }) : text;
}

export function wantsColour(env: Io['env'], terminal: boolean): boolean {
  return terminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

export function printJson(io: Pick<Io, 'out'>, document: unknown): void {
  io.out(`${JSON.stringify(document)}\n`);
}

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null | undefined;
  readonly right?: boolean;
}

/** Columns as wide as their widest cell, two blanks apart; an unknown value is a dash, since an empty cell looks like a mistake. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => shown(column.of(row))));
  const titles = columns.map((column) => column.title);
  const widths = titles.map((title, i) => Math.max(width(title), ...cells.map((line) => width(line[i]!))));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (columns[i]!.right ? pad(text, widths[i]!) + text : text + pad(text, widths[i]!)))
      .join('  ')
      .trimEnd();
  return [titles, ...cells].map((texts) => `${line(texts)}\n`).join('');
}

function shown(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '-';
  return printable(String(value));
}

/** What came from outside must not move the cursor or recolour the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** Code points, so that a name with an emoji does not shift its row by more than it must. */
function width(text: string): number {
  return [...text].length;
}

function pad(text: string, to: number): string {
  return ' '.repeat(Math.max(0, to - width(text)));
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly note?: string;
}

/** Half the width of a chart, in characters. */
const HALF = 12;

/**
 * Signed bars around one middle line, all on the same scale, with their figures: what pulls left and what pulls right.
 * A value that is not zero is never drawn as nothing.
 */
export function signedBars(bars: readonly Bar[]): string {
  const longest = Math.max(0, ...bars.map(({ value }) => Math.abs(value)));
  const labels = Math.max(0, ...bars.map(({ label }) => width(label)));
  return bars
    .map(({ label, value, note }) => {
      const length = longest === 0 || value === 0 ? 0 : Math.max(1, Math.round((Math.abs(value) / longest) * HALF));
      const block = '█'.repeat(length);
      const left = value < 0 ? block.padStart(HALF) : ' '.repeat(HALF);
      const right = value > 0 ? block.padEnd(HALF) : ' '.repeat(HALF);
      const figure = `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
      return `  ${printable(label)}${pad(label, labels)}  ${left}│${right}  ${figure}${note ? `  ${note}` : ''}\n`;
    })
    .join('');
}
