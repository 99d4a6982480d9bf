import type { Control, Table, Target } from './report.ts';
import { plain, range } from '../../domain/scoring/card/words.ts';
import { proxyAlarm } from '../../domain/scoring/judge/proxy-test.ts';
import type { AuditFigures } from './scoring-audit.ts';
import type { MemoryFigures } from './scoring-memory.ts';
import type { bars, FoldFigure, QualityControl, QualityFigures } from './scoring-quality.ts';
import type { ServingFigures, SingleFigures } from './scoring-serving.ts';
import type { SetName } from './scoring-sets.ts';
import type { StoredFigures } from './scoring-stored.ts';
import type { TrainingFigures } from './scoring-train.ts';
import { hundredths, type Summary } from './summary.ts';

/** All that a run has measured. */
export interface Measured {
  readonly training: TrainingFigures;
  readonly serving: ServingFigures;
  /** The same of other models, which have no bar. */
  readonly servingBeside: readonly (ServingFigures & { readonly name: string })[];
  readonly singles: SingleFigures;
  readonly agreement: readonly {
    readonly name: string;
    readonly unit: 'probability' | 'log-price';
    readonly n: number;
    readonly apart: number;
    readonly rows: number;
    readonly chunks: readonly { readonly chunk: number; readonly differ: number }[];
  }[];
  readonly quality: QualityFigures;
  readonly stored: StoredFigures;
  /** Undefined: the machine does not tell it, or the time was up. */
  readonly memory: MemoryFigures | undefined;
  readonly controls: readonly QualityControl[];
  readonly audit: AuditFigures;
}

/** Every figure that was measured and has a bar. */
export function targetsOf({ training, serving, singles, agreement, quality, stored, memory }: Measured): Target[] {
  const { timesLoop, timesSessionPerLead, rowsPerCoreSecond } = serving;
  const { warm, fifthChanged, allChanged, cold } = stored.stored;
  return [
    ...quality.figures.flatMap(({ metric, value, min, max }) => [
      ...(min === undefined ? [] : [atLeast(metric, value, min)]),
      ...(max === undefined ? [] : [atMost(metric, value, max)]),
    ]),
    atMost('train_s@36k-x-40.p50', training.seconds.p50, 10),
    ...agreement.map(({ unit, apart }) => atMost(`served_apart@${unit}`, apart, unit === 'probability' ? 1e-6 : 5e-6)),
    ...(agreement[0]?.chunks ?? []).map(({ chunk }) =>
      atMost(`rows_that_differ@${chunk}`, differing(agreement, chunk), 0),
    ),
    atLeast('times_as_fast@loop', timesLoop, 4),
    atLeast('times_as_fast@session-per-lead', timesSessionPerLead, 100),
    ...(rowsPerCoreSecond === null ? [] : [atLeast('rows_per_core_s', rowsPerCoreSecond, 100_000)]),
    atLeast('leads_per_s@warm.p50', warm.p50, 25_000),
    atLeast('leads_per_s@fifth-changed', fifthChanged, 8_000),
    atLeast('leads_per_s@all-changed', allChanged, 4_000),
    atLeast('leads_per_s@cold', cold, 3_000),
    atMost('one_lead_ms@in-process.p99', singles.idle.p99, 5),
    ...(stored.asked.failed > 0 ? [] : [atMost('one_lead_ms@api-50.p95', stored.asked.p95, 25)]),
    atMost('loop_delay_ms@100k.p99', singles.loopDelay.p99, 20),
    atMost('shap_ms.p95', training.shap.p95, 10),
    atMost('shap_apart', training.apart, 1e-6),
    ...(memory === undefined ? [] : [atMost(`memory_mib@${sizeName(memory.rows)}`, memory.peakMiB, 1_024)]),
  ];
}

function differing(agreement: Measured['agreement'], chunk: number): number {
  return agreement.reduce((sum, { chunks }) => sum + chunks.find((one) => one.chunk === chunk)!.differ, 0);
}

function atMost(metric: string, value: number, max: number): Target {
  return { metric, max, value: shown(value), pass: value <= max };
}

function atLeast(metric: string, value: number, min: number): Target {
  return { metric, min, value: shown(value), pass: value >= min };
}

/** Four digits: what is small keeps its size. */
function shown(value: number): number {
  return Number(value.toPrecision(4));
}

function sizeName(rows: number): string {
  return rows >= 1_000_000 ? `${rows / 1_000_000}M` : `${rows / 1_000}k`;
}

export function samplesOf({ training, serving, singles, stored }: Measured): Record<string, Summary> {
  const { failed: _, ...asked } = stored.asked;
  return {
    'train_s@36k-x-40': training.seconds,
    'train_processor_s@36k-x-40': training.processorSeconds,
    shap_ms: training.shap,
    'ten_thousand_leads_ms@batch': serving.batch,
    'ten_thousand_leads_ms@loop': serving.loop,
    'one_lead_ms@own-session': serving.sessionPerLead,
    'one_lead_ms@in-process': singles.idle,
    'one_lead_ms@beside-100k': singles.besideMany,
    'loop_delay_ms@100k': rounded(singles.loopDelay),
    'loop_delay_ms@100k-in-thread': rounded(singles.loopDelayInThread),
    'leads_per_s@warm': stored.stored.warm,
    'one_lead_ms@api-50': asked,
  };
}

function rounded(summary: Summary): Summary {
  const { n, p50, p90, p95, p99, max } = summary;
  const two = hundredths;
  return { n, p50: two(p50), p90: two(p90), p95: two(p95), p99: two(p99), max: two(max) };
}

/** Everything that is wrong or slow on purpose. */
export function controlsOf({ serving, singles, controls, audit }: Measured): Record<string, Control> {
  const perLead = (ms: number): number => hundredths((ms / 10_000) * 1_000);
  const slow = (what: string, value: number): Control => {
    const normal = perLead(serving.batch.p50);
    return { what, metric: 'microseconds a lead', normal, value, worse: value > normal };
  };
  const [away, inThread] = [singles.loopDelay.p99, singles.loopDelayInThread.p99].map(hundredths) as [number, number];
  return {
    ...Object.fromEntries(
      [...controls, ...audit.controls].map(({ what, metric, normal, value, held }, i) => [
        `quality${i + 1}`,
        { what, metric, normal: shown(normal), value: shown(value), worse: held },
      ]),
    ),
    loop: slow('a bare loop of session.run', perLead(serving.loop.p50)),
    sessionPerLead: slow('a session for each lead', hundredths(serving.sessionPerLead.p50 * 1_000)),
    inThread: {
      what: '100,000 leads scored in the thread that answers',
      metric: 'loop_delay_ms.p99',
      normal: away,
      value: inThread,
      worse: inThread > away,
    },
  };
}

export function partsOf({ agreement, quality, stored, memory, training }: Measured): Record<string, unknown> {
  const { leads, cold, fifthChanged, allChanged } = stored.stored;
  const rate = Math.round;
  return {
    ...Object.fromEntries(quality.claims.map((claim, i) => [`selective ${i + 1}`, claim])),
    agreement,
    stored: { leads, cold: rate(cold), fifthChanged: rate(fifthChanged), allChanged: rate(allChanged) },
    asked: { failed: stored.asked.failed, n: stored.asked.n },
    memory: memory ?? 'not measured',
    explained: training.explained,
  };
}

/** Mean of the folds with their spread. */
export function figuresTable(figures: readonly FoldFigure[]): Table {
  return {
    title: 'quality: mean of the folds, or all rows of a later time',
    head: ['figure', 'n', 'mean', 'spread', 'folds'],
    rows: figures.map(({ metric, n, value, spread, folds }) => [
      metric,
      n,
      value.toFixed(4),
      folds.length > 1 ? spread.toFixed(4) : '–',
      folds.length > 1 ? folds.map((fold) => fold.toFixed(3)).join(' ') : '–',
    ]),
  };
}

/** What the features that are allowed tell of people, and what the columns that are not would have won. */
export function auditTables({ proxies, ladder }: AuditFigures): Table[] {
  const told: Table = {
    title: `proxy test: how well the allowed features tell a barred column (alarm above AUC ${proxyAlarm})`,
    head: ['set', 'barred column', 'told best', 'n', 'AUC', '95 % interval', 'verdict'],
    rows: proxies.map(({ set, column, levels: [best], auc, verdict }) => [
      set,
      column,
      best?.level ?? '–',
      best?.n ?? '–',
      auc === null ? '–' : plain(auc),
      range(best?.interval ?? null),
      verdict,
    ]),
  };
  if (ladder === undefined) return [told];
  const steps: Table = {
    title: 'control: X-Education, had columns that are known too late been allowed',
    head: ['step', 'columns added', 'n', 'AUC', '95 % interval'],
    rows: ladder.map(({ step, added, n, auc, interval }) => [
      step,
      added.length === 0 ? 'what is known at capture' : added.join(', '),
      n,
      plain(auc),
      range(interval),
    ]),
  };
  return [told, steps];
}

/** The model of the bars, and others beside it. */
export function servingTable({ serving, servingBeside }: Measured): Table {
  const ms = (samples: Summary): string => samples.p50.toFixed(1);
  return {
    title: '10,000 leads, medians: what the model is decides as well',
    head: ['model', 'batch ms', 'loop ms', 'times the loop', 'times own sessions', 'rows/s/core'],
    rows: [{ name: 'the trained 300 × 31 × 40, which has the bars', ...serving }, ...servingBeside].map((one) => [
      one.name,
      ms(one.batch),
      ms(one.loop),
      one.timesLoop.toFixed(2),
      Math.round(one.timesSessionPerLead),
      one.rowsPerCoreSecond === null ? '–' : Math.round(one.rowsPerCoreSecond),
    ]),
  };
}

/** What has a bar and was not measured in this run; it counts as neither met nor missed. */
export function missingTable({ quality, stored, memory, serving, audit }: Measured, asked: typeof bars): Table[] {
  const sets = quality.absent.flatMap((name: SetName) =>
    Object.entries(asked[name]).map(([metric, { min, max }]) => {
      const bar = [min === undefined ? '' : `≥ ${min}`, max === undefined ? '' : `≤ ${max}`].filter(Boolean).join(', ');
      return [`${metric}@${name}`, bar, 'the set is not there: --data FOLDER, without --quick'];
    }),
  );
  const others = [
    ...(quality.absent.includes('olist-funnel')
      ? [['control: level means that leave out only the row', 'AUC worse', 'olist-funnel is not there']]
      : []),
    ...(audit.ladder === undefined
      ? [['control: columns known too late, step by step', 'AUC rises', 'x-education-leads is not there']]
      : []),
    ...(memory?.rows === 2_000_000 ? [] : [['memory_mib@2M', '≤ 1024', 'not at this size, or not in its time']]),
    ...(serving.rowsPerCoreSecond === null ? [['rows_per_core_s', '≥ 100000', 'no processor times here']] : []),
    ...(stored.asked.failed > 0 ? [['one_lead_ms@api-50.p95', '≤ 25', `${stored.asked.failed} requests failed`]] : []),
  ];
  const rows = [...sets, ...others];
  return rows.length === 0 ? [] : [{ title: 'not measured', head: ['figure', 'bar', 'why'], rows }];
}
