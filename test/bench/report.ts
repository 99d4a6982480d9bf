import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Summary } from './summary.ts';

/** What a bench prints with `--json`; one document. */
export interface Report {
  readonly bench: string;
  readonly at: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly config: Readonly<Record<string, unknown>>;
  /** `@` names the load, size or set. */
  readonly metrics: Readonly<Record<string, Summary>>;
  readonly targets: readonly Target[];
  /** Each slow or broken on purpose; `worse` tells whether the bench saw it. */
  readonly control: Readonly<Record<string, Control>>;
  /** What the figures are made of. */
  readonly parts: Readonly<Record<string, unknown>>;
  /** The same for people, who compare line by line. */
  readonly tables?: readonly Table[];
  readonly promises: { readonly kept: boolean; readonly checks: readonly PromiseCheck[] };
  /** File with every sample. */
  readonly raw: string;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memGiB: number;
  readonly node: string;
}

export interface Target {
  readonly metric: string;
  /** One of the two. */
  readonly max?: number;
  readonly min?: number;
  readonly value: number;
  readonly pass: boolean;
}

export interface Control {
  readonly what: string;
  readonly metric: string;
  readonly normal: number;
  readonly value: number;
  readonly worse: boolean;
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface PromiseCheck {
  readonly run: string;
  readonly acknowledged: number;
  readonly workedOnce: number;
  /** Found to say nothing new: the applier had read the same change in the CRM before its webhook was worked. */
  readonly echoes: number;
  readonly parked: number;
  /** Not answered 2xx, so that the vendor comes again; no promise was given. */
  readonly refused: number;
  readonly kept: boolean;
}

export function machine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

/** Of the sources that were measured; `+changes` when they differ from it, `unknown` outside a checkout. */
export function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+changes'}`;
  } catch {
    return 'unknown';
  }
}

/** How busy the machine was over the last minute, ours and others' work together. */
export function loadAverage(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** The same report for people. */
export function print(report: Report): string {
  const { cpu, cores, memGiB, node } = report.machine;
  const wide = (names: readonly string[], least: number): number =>
    Math.max(least, ...names.map((name) => name.length + 2));
  const named = wide(Object.keys(report.metrics), 20);
  const metrics = Object.entries(report.metrics).map(([name, { n, p50, p90, p95, p99, max }]) =>
    row(name.padEnd(named), ...[n, p50, p90, p95, p99, max].map((value) => String(value).padStart(9))),
  );
  const aimed = wide(
    report.targets.map(({ metric }) => metric),
    24,
  );
  const targets = report.targets.map(({ metric, value, max, min, pass }) =>
    row(
      metric.padEnd(aimed),
      String(value).padStart(9),
      (max === undefined ? `≥ ${min}` : `≤ ${max}`).padStart(12),
      pass ? '  met' : '  MISSED',
    ),
  );
  const controls = Object.values(report.control).map(({ what, metric, normal, value, worse }) =>
    row(`${what}: ${metric} ${normal} → ${value}`, worse ? '  worse, as it must' : '  NOT WORSE: the bench is blind'),
  );
  const promises = report.promises.checks.map((check) =>
    row(
      `${check.run}: ${check.acknowledged} acknowledged, ${check.workedOnce} worked exactly once, ${check.echoes} echoes,`,
      ` ${check.parked} parked, ${check.refused} refused`,
      check.kept ? '' : '  BROKEN',
    ),
  );
  return [
    `${report.bench} · ${report.at} · ${report.commit} · ${cores} × ${cpu}, ${memGiB} GiB, Node ${node}\n\n`,
    row('metric'.padEnd(named), ...['n', 'p50', 'p90', 'p95', 'p99', 'max'].map((head) => head.padStart(9))),
    ...[
      ...metrics,
      '\n',
      ...targets,
      '\n',
      ...(report.tables ?? []).flatMap(table),
      ...controls,
      '\n',
      ...promises,
      '\n',
    ],
    ...Object.entries(report.parts).map(([name, part]) => row(`${name}: ${JSON.stringify(part)}`)),
    ...Object.entries(report.config).map(([name, value]) => row(`${name}: ${JSON.stringify(value)}`)),
    `raw samples: ${report.raw}\n`,
  ].join('');
}

/** First column to the left, the others, which hold figures or short words, to the right. */
function table({ title, head, rows }: Table): string[] {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, at) => Math.max(...lines.map((cells) => (cells[at] ?? '').length)) + 2);
  const print = (cells: readonly string[]): string =>
    row(...cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))));
  return [`${title}\n`, ...lines.map(print), '\n'];
}

function row(...cells: string[]): string {
  return `${cells.join('').trimEnd()}\n`;
}
