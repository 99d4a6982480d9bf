import type { LayerTtls } from '../../domain/assistant/plan.ts';
import { agrees, type Invoices } from './claude-ledger.ts';
import type { Figures } from './claude-meter.ts';
import { changed, type Prompts, withText } from './claude-prompts.ts';
import type { Way } from './claude-run.ts';
import type { Trace } from './claude-trace.ts';
import type { Spoken } from './claude-world.ts';
import type { Control, Table, Target } from './report.ts';
import { hundredths } from './summary.ts';

export interface Measured {
  /** Through the product's own path, ledger and all, but for `300`. */
  readonly traces: Readonly<Record<string, { readonly trace: TraceTold; readonly figures: Figures }>>;
  readonly invoices: Readonly<Record<string, Invoices>>;
  /** Other ways to cache, each beside the product's on the same trace. */
  readonly ways: readonly Compared[];
}

export type TraceTold = Omit<Trace, 'talks'> & { readonly spoken: Spoken };

/** A way to cache on a trace, and what came of it. */
export interface Compared {
  readonly trace: string;
  readonly what: string;
  readonly figures: Figures;
}

const SAVING = 70;
const DOLLARS = 3;
const FILLER_TOKENS = 5_000;
const CLASSES = ['input', 'read', 'write5m', 'write1h', 'output'] as const;
const PRODUCT = 'as the product does it';
const COLD = 'no keep-warm';
const CROWDED = 'no keep-warm, no single flight';

const kept = (shared: '5m' | '1h' | 'none', conversation: '5m' | '1h' | 'none'): LayerTtls => ({
  ...{ global: shared, location: shared, conversation },
});

/** What is tried on each trace: one thing at a time is taken from the product's way, or put in its place. */
export function waysOf(trace: string, prompts: Prompts): readonly { what: string; way: Partial<Way> }[] {
  const asIs = { what: PRODUCT, way: {} };
  const cold = { what: COLD, way: { keepWarm: false } };
  // Where all is kept warm nothing is ever cold, and there is no flight to be single.
  if (trace === 'bursty') return [asIs, cold, { what: CROWDED, way: { keepWarm: false, singleFlight: false } }];
  const five = { what: 'five minutes for all, no keep-warm', way: { ttls: kept('5m', '5m'), keepWarm: false } };
  if (trace === '10') return [asIs, cold, five];
  return [
    ...[asIs, cold, five],
    { what: 'an hour for what is shared, the talk not kept', way: { ttls: kept('1h', 'none') } },
    { what: 'an hour for what is shared, the talk five minutes', way: { ttls: kept('1h', '5m') } },
    { what: 'an hour for all', way: { ttls: kept('1h', '1h') } },
    { what: 'nothing kept', way: { ttls: kept('none', 'none'), keepWarm: false } },
    { what: 'a clock in the system prompt', way: { prompts: changed(prompts, withClock) } },
    { what: `${FILLER_TOKENS} tokens of filler`, way: { prompts: changed(prompts, withFiller) } },
  ];
}

const withClock: Parameters<typeof changed>[1] = (prompt, at) => ({
  ...prompt,
  global: withText(prompt.global, `It is ${new Date(at).toISOString()}.`),
});

const withFiller: Parameters<typeof changed>[1] = (prompt) => ({
  ...prompt,
  global: withText(prompt.global, 'The weather is of no matter to us. '.repeat((FILLER_TOKENS * 2.5) / 35)),
});

/** The bars. Dollars are for 1,000 replies, with all that was read, pinged and tried again for them. */
export function targetsOf({ traces, invoices }: Measured): Target[] {
  const of = (name: string): Figures => traces[name]!.figures;
  const least = (metric: string, value: number): Target => ({ metric, min: SAVING, value, pass: value >= SAVING });
  const most = (name: string): Target => {
    const value = hundredths(of(name).perThousand);
    return { metric: `dollars_per_1000_replies@${name}`, max: DOLLARS, value, pass: value <= DOLLARS };
  };
  const low = (name: string): Target => least(`saved_percent_low95@${name}`, percent(of(name).interval?.low ?? NaN));
  const saved = (name: string): Target => least(`saved_percent@${name}`, percent(of(name).saving));
  const apart = Object.values(invoices).filter((one) => !agrees(one)).length;
  return [
    ...[low('50'), most('50'), low('300'), most('300'), saved('10'), saved('50-thinking')],
    { metric: 'ledgers_that_differ_from_the_invoice', max: 0, value: apart, pass: apart === 0 },
  ];
}

export function controlsOf({ ways }: Measured): Record<string, Control> {
  const of = (trace: string, what: string): Figures =>
    ways.find((one) => one.trace === trace && one.what === what)!.figures;
  const saving = (trace: string, what: string, named: string, beside = PRODUCT): Control => {
    const [normal, value] = [of(trace, beside), of(trace, what)].map((one) => percent(one.saving)) as [number, number];
    return { what: named, metric: `saved_percent@${trace}`, normal, value, worse: value < normal };
  };
  const filled = of('50', `${FILLER_TOKENS} tokens of filler`);
  const asIs = of('50', PRODUCT);
  return {
    clock: saving('50', 'a clock in the system prompt', 'a clock in the system prompt'),
    fiveMinutes: saving(
      '10',
      'five minutes for all, no keep-warm',
      'entries that live for five minutes, 10 leads a day',
    ),
    unguarded: saving('bursty', CROWDED, 'no single flight, leads in bursts and nothing kept warm', COLD),
    filler: {
      what: `${FILLER_TOKENS} tokens of filler, which save ${percent(filled.saving)} % instead of ${percent(asIs.saving)}`,
      metric: 'dollars_per_1000_replies@50',
      normal: hundredths(asIs.perThousand),
      value: hundredths(filled.perThousand),
      worse: filled.saving > asIs.saving && filled.perThousand > DOLLARS,
    },
  };
}

export function tablesOf({ traces, ways }: Measured): Table[] {
  return [
    {
      title: 'Saved of the bill, per cent, and dollars for 1,000 replies',
      head: ['leads a day', 'replies', 'saved', '95 %', '$', 'draft', 'read', 'pings', 'no caching $'],
      rows: Object.entries(traces).map(([name, { figures }]) => [name, ...figureCells(figures)]),
    },
    {
      title: 'Tokens, per cent of all, and how often a layer was read from the cache',
      head: ['leads a day', 'input', 'read', '5 m', '1 h', 'output', 'draft: g', 'l', 'c', 'read: g', 'l', 'c'],
      rows: Object.entries(traces).map(([name, { figures }]) => [name, ...mixCells(figures)]),
    },
    {
      title: 'Other ways, one thing changed at a time',
      head: ['leads a day: way', 'replies', 'saved', '95 %', '$', 'draft', 'read', 'pings', 'no caching $'],
      rows: ways.map(({ trace, what, figures }) => [`${trace}: ${what}`, ...figureCells(figures)]),
    },
  ];
}

function figureCells({ replies, saving, interval, perThousand, byJob, uncachedPerThousand }: Figures) {
  const between = interval === null ? '–' : `${percent(interval.low)}–${percent(interval.high)}`;
  const dollars = [perThousand, byJob.draft, byJob.read, byJob.warm, uncachedPerThousand].map((one) => one.toFixed(2));
  return [replies, percent(saving).toFixed(1), between, ...dollars];
}

function mixCells({ tokens, hits }: Figures): string[] {
  const all = CLASSES.reduce((sum, of) => sum + tokens[of], 0);
  const mix = CLASSES.map((of) => percent(tokens[of] / all));
  const layers = ['draft', 'read'].flatMap((job) =>
    ['global', 'location', 'conversation'].map((layer) => percent(hits[`${job} ${layer}`] ?? NaN)),
  );
  return [...mix, ...layers].map((one) => one.toFixed(1));
}

function percent(share: number): number {
  return hundredths(100 * share);
}
