import type { FollowedFileShown } from '../domain/market/followed-files.ts';
import type { ReadFile, StoredFigure } from '../domain/ports/market-figures.ts';
import { type Io, paint, printable, table } from './output.ts';

/** How each file stands that is fetched, and what was read. */
export function filesText(
  io: Pick<Io, 'colour'>,
  { followed, items }: { readonly followed: readonly FollowedFileShown[]; readonly items: readonly ReadFile[] },
): string {
  const fetched =
    followed.length === 0
      ? 'no file is fetched by itself; MARKET_FIGURES names those that are: docs/market.md\n'
      : followed.map((file) => followedText(io, file)).join('');
  if (items.length === 0) return `${fetched}\nnone was read yet\n`;
  const read = table(items, [
    { title: 'READ', of: ({ readAt }) => readAt },
    { title: 'SOURCE', of: ({ source }) => source },
    { title: 'AS OF', of: ({ asOf }) => asOf },
    { title: 'ROWS', of: ({ rows, atRow }) => (atRow === null ? String(rows) : `${rows}, broken off`), right: true },
    { title: 'CHANGED', of: ({ changed }) => String(changed), right: true },
    { title: 'NOT TAKEN', of: ({ dead }) => String(dead), right: true },
    { title: 'FILE', of: ({ file }) => printable(file) },
  ]);
  return `${fetched}\n${read}`;
}

function followedText(io: Pick<Io, 'colour'>, { source, file, askedAt, failing, read }: FollowedFileShown): string {
  const had = read === null ? 'none was read yet' : `the last one is as of ${read.asOf}, read ${read.at}`;
  const standing =
    failing === null
      ? paint(io, askedAt === null ? 'yellow' : 'green', askedAt === null ? 'not asked for yet' : `asked ${askedAt}`)
      : paint(io, 'red', `fails since ${failing.since}: ${failing.code} (docs/errors.md)`);
  const why = failing === null ? '' : `  ${printable(failing.says)}\n`;
  return `${source}  ${printable(file)}\n  ${standing}\n${why}  ${had}\n`;
}

export function figuresText(items: readonly StoredFigure[], credit: string): string {
  if (items.length === 0) return 'no such figures; read a file first: leadwright market files\n';
  const columns = table(items, [
    { title: 'PERIOD', of: ({ period }) => period },
    { title: 'SERIES', of: ({ series }) => series },
    { title: 'REGION', of: ({ regionName, regionType }) => `${regionName} (${regionType})` },
    { title: 'VALUE', of: ({ value }) => value, right: true },
    { title: 'UNIT', of: ({ unit }) => unit },
    { title: 'AS OF', of: ({ asOf }) => asOf },
    { title: 'FILE', of: ({ fileHash }) => fileHash.slice(0, 12) },
  ]);
  return `${columns}\nsource, to be named wherever they are shown: ${credit}\n`;
}
