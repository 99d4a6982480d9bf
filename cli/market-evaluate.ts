import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { replayCases, type ReplayCases } from '../domain/market/replay-cases.ts';
import { type Judged, judgeRankers, rule } from '../domain/market/replay-harness.ts';
import { Failure, usage } from './failure.ts';
import { type Io, table } from './output.ts';

export interface Evaluated extends Judged, Pick<ReplayCases, 'left' | 'lines'> {
  readonly rule: string;
}

/** @throws Failure that names the line on which a log cannot be trusted, and why */
export async function evaluateLog(io: Pick<Io, 'cwd'>, file: string): Promise<Evaluated> {
  const read = await replayCases(linesOf(io, file));
  if ('why' in read) {
    throw new Failure(`${basename(file)}, line ${read.line}: ${read.why}.`, {
      code: 'DATA_UNREADABLE',
      ways: ['Write the log anew from what was known at each instant (docs/market.md).'],
    });
  }
  const { cases, left, lines } = read;
  return { rule, lines, left, ...judgeRankers(cases) };
}

async function* linesOf(io: Pick<Io, 'cwd'>, file: string): AsyncGenerator {
  const bytes = createReadStream(resolve(io.cwd, file), 'utf8');
  try {
    for await (const line of createInterface({ input: bytes, crlfDelay: Infinity }))
      if (line.trim() !== '') yield parsed(line);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!/^E[A-Z]+$/.test(code)) throw cause;
    throw usage(`--log: ${file} cannot be read (${code}).`, ['Name a file that is there and may be read.']);
  } finally {
    bytes.destroy();
  }
}

/** What is no JSON is no line of the log, which is said with its number. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}

export function evaluatedText({ rule: said, leads, lists, left, rankers, gains }: Evaluated): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const rows = Object.entries(rankers).map(([name, figures]) => ({ name, ...figures }));
  type Row = (typeof rows)[number];
  const column = (title: string, of: (row: Row) => number) => ({
    title,
    of: (row: Row) => of(row).toFixed(4),
    right: true,
  });
  const missing = `${left.noWishes} without wishes, ${left.nothingRelevant} with nothing that the lead turned to, ${left.cutShort} cut short by the log’s end`;
  return [
    `${leads} leads, ${lists} lists judged; left out: ${missing}\n\n`,
    table(rows, [
      { title: 'RANKER', of: ({ name }) => name },
      ...[
        column('NDCG@10', (row) => row.ndcg10),
        column('RECALL@20', (row) => row.recall20),
        column('HIT@10', (row) => row.hit10),
      ],
      ...[
        column('MRR', (row) => row.mrr),
        column('DIVERSITY', (row) => row.diversity),
        column('COVERAGE', (row) => row.coverage),
      ],
      column('NEW', (row) => row.fresh),
    ]),
    '\n',
    ...gains.map(({ ranker, over, gain, interval, verdict }) => {
      const between = interval === null ? 'no interval' : `95 %: ${percent(interval.low)} to ${percent(interval.high)}`;
      return `${ranker} over ${over}: ${gain === null ? 'no figure' : percent(gain)} (${between}, n = ${leads}): ${verdict}\n`;
    }),
    `\nRule: ${said}\n`,
  ].join('');
}
