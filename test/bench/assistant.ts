import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assistantFairHousing } from './assistant-fair-housing.ts';
import { assistantFaults } from './assistant-faults.ts';
import { assistantInjection } from './assistant-injection.ts';
import { assistantOwnCost } from './assistant-own-cost.ts';
import type { AssistantPart } from './assistant-part.ts';
import { assistantReading } from './assistant-reading.ts';
import { assistantSwaps } from './assistant-swaps.ts';
import { commit, loadAverage, machine, type Report } from './report.ts';

interface Options {
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

const parts: Readonly<Record<string, (options: Options) => AssistantPart | Promise<AssistantPart>>> = {
  'messages read by rules alone': assistantReading,
  'the gate of fair housing': assistantFairHousing,
  'the same wish from two people': assistantSwaps,
  'injected orders, the model hostile': assistantInjection,
  'what a call costs besides the vendor': assistantOwnCost,
  'the vendor of the model ill or gone': assistantFaults,
};

/** What the assistant reads, what it lets out, and what it costs besides the vendor; each part with what must come out badly. */
export async function assistantBench({ quick, say }: Options): Promise<Report> {
  const loadBefore = loadAverage();
  const measured: AssistantPart[] = [];
  for (const [what, measure] of Object.entries(parts)) {
    say(what);
    measured.push(await measure({ quick, say }));
  }
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'assistant.json');
  writeFileSync(raw, JSON.stringify(measured));
  return {
    bench: 'assistant',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: { quick, loadAverage: { before: loadBefore, after: loadAverage() } },
    metrics: joined(measured.map(({ metrics }) => metrics)),
    targets: measured.flatMap(({ targets }) => targets),
    control: joined(measured.map(({ control }) => control)),
    parts: joined(measured.map((part) => part.parts)),
    tables: measured.flatMap(({ tables }) => tables),
    promises: { kept: true, checks: [] },
    raw,
  };
}

/** @throws for a name that two parts have: one figure would hide the other */
function joined<T>(records: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> {
  const names = records.flatMap((record) => Object.keys(record));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`Two parts of the bench measured ${twice}.`);
  return Object.assign({}, ...records) as Readonly<Record<string, T>>;
}
