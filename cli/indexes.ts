import { readConfig } from '../platform/config.ts';
import { type IndexLine, type IndexReport, databaseIndexes, examineIndexes } from '../platform/indexes.ts';
import { withHome } from './client.ts';
import type { RoleOptions } from './commands/processes.ts';
import { withDatabase } from './database.ts';
import type { Registry } from './main.ts';
import { type Column, type Io, paint, printJson, printable, table } from './output.ts';

/** Lists the indexes of this installation's database, and with `analyze` examines them. It only reads: what mends is printed. */
export async function indexes(
  { io, exitWith }: Registry,
  options: RoleOptions & { readonly analyze?: true },
): Promise<void> {
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  if (options.analyze !== true) {
    const items = await withDatabase(io, config, databaseIndexes);
    if (options.json) printJson(io, { indexes: items });
    else io.out(table(items, COLUMNS));
    return;
  }
  const report = await withDatabase(io, config, examineIndexes);
  if (options.json) printJson(io, report);
  else io.out(reportText(io, report));
  if (!report.ok) exitWith(1);
}

const COLUMNS: readonly Column<IndexLine>[] = [
  { title: 'TABLE', of: (line) => line.table },
  { title: 'INDEX', of: (line) => line.index },
  { title: 'SIZE', of: (line) => sizeText(line.bytes), right: true },
  { title: 'SCANS', of: (line) => line.scans, right: true },
  { title: 'LAST SCAN', of: (line) => line.lastScan },
  { title: 'STATE', of: (line) => line.state },
];

const REPORT_COLUMNS: readonly Column<IndexReport['indexes'][number]>[] = [
  ...COLUMNS,
  {
    title: 'AIR',
    of: ({ bloat }) =>
      bloat === null
        ? 'not measured'
        : `${Math.round(bloat.share * 100)} %${bloat.how === 'estimated' ? ' (est.)' : ''}`,
  },
];

/** The table of all indexes, then each finding with its statements, what is wrong last: there the reader's eye is. */
export function reportText(io: Pick<Io, 'colour'>, report: IndexReport): string {
  const wrong = report.findings.filter(({ verdict }) => verdict === 'wrong');
  const unknown = report.findings.filter(({ verdict }) => verdict === 'unknown');
  const { bloatShare, bloatBytes, unusedDays } = report.limits;
  return [
    table(report.indexes, REPORT_COLUMNS),
    `\ndatabase ${printable(report.database)}; uses counted since ${report.since ?? 'an unknown time'}\n`,
    `limits: unused after ${unusedDays} days, bloated from ${bloatShare * 100} % and ${sizeText(bloatBytes)} of air\n`,
    report.statementsKnown
      ? ''
      : 'pg_stat_statements is not in use here: statements behind missing indexes are unknown\n',
    ...unknown.map((finding) => findingText(io, finding)),
    ...wrong.map((finding) => findingText(io, finding)),
    wrong.length === 0
      ? `\n${paint(io, 'green', 'clean')}: ${report.indexes.length} indexes, nothing wrong\n`
      : `\n${paint(io, 'red', 'wrong')}: ${wrong.length} found, in ${report.indexes.length} indexes and their tables; nothing was changed\n`,
  ].join('');
}

function findingText(io: Pick<Io, 'colour'>, finding: IndexReport['findings'][number]): string {
  const head = finding.verdict === 'wrong' ? paint(io, 'red', finding.kind) : paint(io, 'yellow', `${finding.kind}?`);
  const behind = (finding.statements ?? []).map((text) => `    behind it: ${printable(text)}\n`);
  const mend = finding.mend.map((statement) => `    ${printable(statement)};\n`);
  const text = `${head}  ${finding.index ?? finding.table}: ${printable(finding.why)}\n${[...behind, ...mend].join('')}`;
  // What asks for nothing takes one line.
  return behind.length + mend.length === 0 ? text : `\n${text}`;
}

function sizeText(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  if (bytes >= 1024 ** 2) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${Math.ceil(bytes / 1024)} KiB`;
}
