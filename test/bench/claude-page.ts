import type { Measured } from './claude-report.ts';
import { type Cell, controlsTable, table, writePart } from './page.ts';
import type { Report, Table, Target } from './report.ts';

/** What a run of the bench `claude` has measured, as docs/benchmarks.md shows it. */
function pageOf(report: Report, { invoices, traces }: Measured): string {
  const { before, after } = report.config['loadAverage'] as { before: number; after: number };
  const { global, location } = report.config['tokens'] as { global: number; location: number };
  const { read, draft } = report.config['models'] as { read: string; draft: string };
  const { cores, node } = report.machine;
  return [
    `${report.at.slice(0, 10)}, commit ${report.commit}, ${cores} processors, Node ${node.slice(1)}; load ${before} before, ${after} after, which changes none of the figures. ` +
      `Replies by \`${draft}\`, readings by \`${read}\`; shared layers of ${global} and ${location} tokens as the stand-in counts them.`,
    table(['Figure', 'Bar', 'Measured'], report.targets.map(figureRow)),
    ...(report.tables ?? []).flatMap(({ title, head, rows }: Table) => [`${title}:`, table(head, rows)]),
    'Controls:',
    controlsTable(report),
    'The ledger and the invoice, dollars; "after" is once the usage report was read:',
    table(
      ['Leads a day', 'Requests', 'Invoice', 'Billed', 'Maybe', 'Billed after', 'Maybe after'],
      Object.entries(invoices).map(([name, { requests, invoice, billed, maybe, billedAfter, maybeAfter }]) => [
        ...[name, requests],
        ...[invoice, billed, maybe, billedAfter, maybeAfter].map((nano) => (nano / 1e9).toFixed(9)),
      ]),
    ),
    'Prices, dollars per million tokens:',
    table(
      ['Model', 'From', 'Input', 'Five minutes', 'An hour', 'Read', 'Output'],
      (report.config['prices'] as readonly Readonly<Record<string, Cell>>[]).map((row) =>
        ['model', 'from', 'input', 'write5m', 'write1h', 'read', 'output'].map((of) => row[of]!),
      ),
    ),
    'Traces, by seed; the same bytes where the hash is the same:',
    table(
      ['Trace', 'Seed', 'Leads a day', 'Days', 'SHA-256'],
      Object.entries(traces).map(([name, { trace }]) => [
        ...[name, trace.seed, trace.leadsPerDay, trace.days],
        `\`${trace.hash.slice(0, 16)}…\``,
      ]),
    ),
  ].join('\n\n');
}

function figureRow({ metric, min, max, value, pass }: Target): Cell[] {
  const bar = min === undefined ? `≤ ${max!}` : `≥ ${min}`;
  return [`\`${metric}\``, bar, pass ? value : `**${value}: missed**`];
}

// Run as a program, with the file that a run names at its end: node --import tsx test/bench/claude-page.ts FILE
writePart('claude', pageOf);
