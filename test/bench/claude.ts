import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { estimatedTokens } from '../../domain/assistant/layers.ts';
import { modelFor } from '../../domain/assistant/models.ts';
import { agrees, type Ledgered, pricesOn, runLedger } from './claude-ledger.ts';
import { type Figures, figuresOf } from './claude-meter.ts';
import { productPrompts } from './claude-prompts.ts';
import {
  type Compared,
  controlsOf,
  type Measured,
  tablesOf,
  targetsOf,
  type TraceTold,
  waysOf,
} from './claude-report.ts';
import { runTrace, type Way } from './claude-run.ts';
import { type Trace, traceOf, type TraceShape } from './claude-trace.ts';
import { answerOf, openClaude, type Spoken } from './claude-world.ts';
import { commit, loadAverage, machine, type Report } from './report.ts';

interface Size {
  readonly days: Readonly<Record<'10' | '50' | '300' | 'thinking' | 'bursty' | 'faults' | 'ways', number>>;
}

const full: Size = { days: { '10': 7, '50': 3, '300': 2, thinking: 3, bursty: 3, faults: 1, ways: 3 } };
const short: Size = { days: { '10': 3, '50': 1, '300': 1, thinking: 1, bursty: 1, faults: 1, ways: 1 } };

const PLAIN: Spoken = { visible: 110, thinking: 0 };
const THINKING: Spoken = { visible: 110, thinking: 300 };
const SEED = 2026;

/** What caching saves of the bill of the product's own prompts, held against the vendor's stand-in and its invoice, and what each part of it does. */
export async function claudeBench({ quick, say }: { quick: boolean; say: (line: string) => void }): Promise<Report> {
  const { days } = quick ? short : full;
  const loadBefore = loadAverage();
  const shape = (name: string, leadsPerDay: number, of: keyof Size['days'], bursty = false): TraceShape => ({
    ...{ name, leadsPerDay, bursty },
    seed: SEED + leadsPerDay,
    days: days[of],
  });
  const traces: Record<string, { trace: TraceTold; figures: Figures }> = {};
  const invoices: Record<string, Ledgered['invoice']> = {};

  async function throughLedger(name: string, of: TraceShape, spoken: Spoken, faults = false): Promise<void> {
    say(`${name}: ${of.leadsPerDay} leads a day for ${of.days} days, through the ledger`);
    const trace = traceOf(of);
    const { calls, invoice } = await runLedger({ trace, spoken, faults });
    traces[name] = { trace: told(trace, spoken), figures: figuresOf(calls) };
    invoices[name] = invoice;
  }
  async function onTheWay(of: TraceShape, spoken: Spoken, way: Way): Promise<Figures> {
    const world = await openClaude(spoken);
    try {
      return figuresOf(await runTrace(world, { trace: traceOf(of), answer: answerOf(spoken) }, way));
    } finally {
      await world.close();
    }
  }

  await throughLedger('10', shape('ten', 10, '10'), PLAIN);
  await throughLedger('50', shape('fifty', 50, '50'), PLAIN);
  await throughLedger('50-thinking', shape('fifty', 50, 'thinking'), THINKING);
  await throughLedger('50-bursty', shape('bursty', 50, 'bursty', true), PLAIN);
  await throughLedger('50-faults', shape('faulty', 50, 'faults'), PLAIN, true);
  const most = shape('three-hundred', 300, '300');
  say(`300: 300 leads a day for ${most.days} days`);
  const product: Way = { prompts: productPrompts, keepWarm: true, singleFlight: true };
  traces['300'] = { trace: told(traceOf(most), PLAIN), figures: await onTheWay(most, PLAIN, product) };

  const ways: Compared[] = [];
  const shapes = {
    10: shape('ten', 10, '10'),
    50: shape('fifty', 50, 'ways'),
    bursty: shape('bursty', 50, 'ways', true),
  } as const;
  for (const [name, of] of Object.entries(shapes)) {
    for (const { what, way } of waysOf(name, productPrompts)) {
      say(`${name}: ${what}`);
      ways.push({ trace: name, what, figures: await onTheWay(of, PLAIN, { ...product, ...way }) });
    }
  }

  const measured: Measured = { traces, invoices, ways };
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'claude.json');
  const report: Report = {
    bench: 'claude',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: {
      models: { read: modelFor('read'), draft: modelFor('draft') },
      prices: [modelFor('read'), modelFor('draft')].map((model) => pricesOn(model, '2026-11-09')),
      tokens: sizes(),
      traces: Object.fromEntries(Object.entries(traces).map(([name, { trace }]) => [name, trace])),
      loadAverage: { before: loadBefore, after: loadAverage() },
    },
    metrics: {},
    targets: targetsOf(measured),
    control: controlsOf(measured),
    parts: { invoices },
    tables: tablesOf(measured),
    promises: { kept: Object.values(invoices).every(agrees), checks: [] },
    raw,
  };
  writeFileSync(raw, JSON.stringify({ report, measured }));
  return report;
}

function told({ name, seed, leadsPerDay, days, hash }: Trace, spoken: Spoken): TraceTold {
  return { name, seed, leadsPerDay, days, hash, spoken };
}

/** Of the shared layers, by the rule of thumb that the stand-in counts by. */
function sizes(): object {
  const { global, location } = productPrompts.warm(modelFor('draft'));
  return { global: estimatedTokens(global.blocks), location: estimatedTokens(location.blocks) };
}
