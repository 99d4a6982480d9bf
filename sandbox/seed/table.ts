/** What a cell of a row may hold. Instants are ISO 8601 texts, JSON is written out. */
export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

/** Rows of one table, made as they are asked for; in the order in which they came to be. */
export interface SeedTable {
  readonly name: string;
  readonly columns: readonly string[];
  rows(): Iterable<Row>;
}

const DAY = 86_400_000;
const days = new Map<number, string>();
const two = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** An instant as `toISOString` writes it, for tens of millions of them: days are written once. */
export function iso(at: number): string {
  const day = Math.floor(at / DAY);
  let date = days.get(day);
  if (date === undefined) {
    date = new Date(day * DAY).toISOString().slice(0, 11);
    days.set(day, date);
  }
  const ms = Math.floor(at - day * DAY);
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const part = ms % 1000;
  const thousandths = part < 10 ? `00${part}` : part < 100 ? `0${part}` : part;
  return `${date}${two[Math.floor(minutes / 60)]!}:${two[minutes % 60]!}:${two[seconds % 60]!}.${thousandths}Z`;
}
