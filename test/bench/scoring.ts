import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowsThatDiffer, servedAgainstTrained } from '../../cli/model-agreement.ts';
import { bundledSets, trialModel } from '../../cli/trial-models.ts';
import { createLogger } from '../../platform/logger.ts';
import { openScoring } from '../../platform/scoring.ts';
import { commit, loadAverage, machine, type Report } from './report.ts';
import { auditFigures } from './scoring-audit.ts';
import { measureMemory } from './scoring-memory.ts';
import { bars, qualityControls, qualityFigures } from './scoring-quality.ts';
import {
  auditTables,
  controlsOf,
  figuresTable,
  type Measured,
  missingTable,
  partsOf,
  samplesOf,
  servingTable,
  targetsOf,
} from './scoring-report.ts';
import { measureServing, measureSingles, randomServed } from './scoring-serving.ts';
import { measureStored } from './scoring-stored.ts';
import { measureTraining } from './scoring-train.ts';

interface Options {
  readonly quick: boolean;
  /** Folder of the public sets that do not come with the project. */
  readonly data: string | undefined;
  readonly say: (line: string) => void;
}

interface Size {
  readonly trainings: number;
  /** Rows of a bundled set that are asked for in each size of chunk; undefined: every row. */
  readonly chunkedRows: number | undefined;
  readonly memoryRows: number;
  readonly memoryMinutes: number;
  readonly leads: number;
  readonly askedSeconds: number;
}
const full: Size = {
  trainings: 5,
  chunkedRows: undefined,
  memoryRows: 2_000_000,
  memoryMinutes: 20,
  leads: 100_000,
  askedSeconds: 60,
};
const short: Size = {
  trainings: 1,
  chunkedRows: 2_000,
  memoryRows: 200_000,
  memoryMinutes: 5,
  leads: 20_000,
  askedSeconds: 10,
};

/** How good the models are, how exactly and how quickly they are served, and what must come out badly. */
export async function scoringBench({ quick, data, say }: Options): Promise<Report> {
  const size = quick ? short : full;
  const folder = quick ? undefined : data;
  const loadBefore = loadAverage();
  const { figures: training, served } = measureTraining(size.trainings, say);
  say('serving: 10,000 leads three ways');
  const serving = await measureServing(served, quick);
  say('serving: the same of a model of real contacts, and of random trees');
  const servingBeside = [
    {
      name: "300 × 31 × 23 of the bank's contacts",
      ...(await measureServing(await trialModel('uci-bank-marketing'), quick)),
    },
    { name: 'the worst case: 300 × 31 × 40, trees and rows random', ...(await measureServing(randomServed(), quick)) },
  ];
  say('serving: one lead, alone and beside 100,000');
  const singles = await measureSingles(served, quick);
  const agreement = await agreementFigures(size.chunkedRows, say);
  const quality = await qualityFigures(folder, say);
  const stored = await measureStored({ leads: size.leads, seconds: size.askedSeconds }, say);
  say(`model score: ${size.memoryRows} rows`);
  const memory = await measureMemory(size.memoryRows, size.memoryMinutes * 60_000);
  const controls = await qualityControls(folder, say);
  const audit = await auditFigures(folder, say);
  const measured: Measured = {
    training,
    serving,
    servingBeside,
    singles,
    agreement,
    quality,
    stored,
    memory,
    controls,
    audit,
  };
  const targets = targetsOf(measured);
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'scoring.json');
  writeFileSync(raw, JSON.stringify(measured));
  return {
    bench: 'scoring',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: {
      ...size,
      data: folder === undefined ? 'only the sets that come with the project' : 'a folder of public sets',
      loadAverage: { before: loadBefore, after: loadAverage() },
    },
    metrics: samplesOf(measured),
    targets,
    control: controlsOf(measured),
    parts: partsOf(measured),
    tables: [
      figuresTable(quality.figures),
      servingTable(measured),
      ...auditTables(audit),
      ...missingTable(measured, bars),
    ],
    promises: { kept: true, checks: [] },
    raw,
  };
}

/** By set: what is served against the trainer, over every row; and rows with another bit when asked for so many at a time. */
async function agreementFigures(most: number | undefined, say: (line: string) => void): Promise<Measured['agreement']> {
  const scoring = openScoring(createLogger({ level: 'fatal' }));
  try {
    const figures: Measured['agreement'][number][] = [];
    for (const name of bundledSets) {
      say(`${name}: served against trained, and in chunks`);
      const model = await trialModel(name);
      const scorer = await scoring.open(model.bytes, model.expected);
      const whole = await scorer.score(model.matrix, model.rows);
      const rows = Math.min(model.rows, most ?? model.rows);
      const chunks: { chunk: number; differ: number }[] = [];
      for (const chunk of [1, 40, 64, 512]) {
        chunks.push({ chunk, differ: await rowsThatDiffer(model, scorer, { whole, chunk, rows }) });
      }
      const unit = model.calibrator === null ? ('log-price' as const) : ('probability' as const);
      figures.push({ name, unit, n: model.rows, apart: servedAgainstTrained(model, whole), rows, chunks });
      await scorer.close();
    }
    return figures;
  } finally {
    await scoring.close();
  }
}
