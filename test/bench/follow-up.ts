import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type GateCheck, gateChecks } from '../../domain/consent/facts.ts';
import { readOptOut } from '../../domain/consent/opt-out.ts';
import { wrongs, type Wrong } from '../support/follow-up-judge.ts';
import { corpusMessages, optOutFigures, type OptOutFigures, wilson } from '../support/opt-out-corpus.ts';
import { add, type MonthsFigures } from './follow-up-pure.ts';
import { type CrowdSize, openAtOnce } from './follow-up-crowd.ts';
import { liveOnStack, type StackFigures } from './follow-up-stack.ts';
import { type Control, commit, loadAverage, machine, type Report, type Target } from './report.ts';
import { hundredths, type Summary, summarise } from './summary.ts';

interface Options {
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

interface Size {
  readonly months: number;
  readonly outageMonths: number;
  /** At most so many months are lived with one check of the gate left out. */
  readonly controlMonths: number;
  readonly stackMonths: number;
  /** Leads that share one time. */
  readonly sideBySide: number;
  readonly crowd: CrowdSize;
}
const full: Size = {
  months: 100_000,
  outageMonths: 4_000,
  controlMonths: 5_000,
  stackMonths: 500,
  sideBySide: 25,
  crowd: { large: 1_900, small: 100, minutesAhead: 20 },
};
const short: Size = {
  months: 4_000,
  outageMonths: 500,
  controlMonths: 2_000,
  stackMonths: 20,
  sideBySide: 10,
  crowd: { large: 150, small: 40, minutesAhead: 5 },
};
/** Processes that live months side by side. */
const SIDE_BY_SIDE = 2;

/** What the law and the promises ask: no wrong message, no lost step, every opt-out heard and hardly a false one. */
export async function followUpBench({ quick, say }: Options): Promise<Report> {
  const size = quick ? short : full;
  const optOuts = optOutFigures(corpusMessages('frozen'), readOptOut);
  say(`months: ${size.months}, with every check of the gate`);
  const months = await livedApart({ from: 1, months: size.months }, [], (n) => say(`months: ${n} of ${size.months}`));
  say('outage: six hours in every month');
  const outage = await livedApart({ from: 1_000_001, months: size.outageMonths }, ['--outages'], () => undefined);
  const without = await withoutEach(size, say);
  const stack = await liveOnStack({ months: size.stackMonths, sideBySide: size.sideBySide }, 7, say);
  const crowd = await openAtOnce(size.crowd, say);
  const controls = controlsOf(months, without, optOuts);
  const metrics = {
    crowd_text_ms: summarise([...crowd.large, ...crowd.small]),
    'crowd_text_ms@small-locations': summarise(crowd.small),
  };
  const targets = targetsOf({ months, outage, stack, optOuts }, metrics);
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'follow-up.json');
  writeFileSync(raw, JSON.stringify({ months, outage, without, stack, crowd, optOuts }));
  return {
    bench: 'follow-up',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: {
      ...size,
      months: `${size.months} lead-months of 30 days on interpreter, contest and gate, one seed each; judged from ledger, place, consent and opt-outs alone`,
      loadAverage: loadAverage(),
    },
    metrics,
    targets,
    control: controls,
    tables: [
      {
        title: 'wrong messages, by kind, with every check and without each',
        head: ['gate', 'months', 'messages', ...wrongs],
        rows: [
          ['every check', months.months, months.messages, ...wrongs.map((kind) => months.wrong[kind] ?? 0)],
          ...without.map(([check, figures]) => [
            ...[`without ${check}`, figures.months, figures.messages],
            ...wrongs.map((kind) => figures.wrong[kind] ?? 0),
          ]),
        ],
      },
    ],
    parts: {
      months: { messages: months.messages, calls: months.calls, gateAsked: months.asked, outcomes: months.outcomes },
      outage: { stepsDueMeanwhile: outage.late },
      stack: { months: stack.months, messages: stack.messages, asleep: stack.sleeping.length },
      examples: months.examples.slice(0, 5).map(({ seed, wrong, why }) => ({ seed, wrong, why })),
      optOuts: optOutWords(optOuts),
    },
    promises: { kept: targets.every(({ pass }) => pass), checks: [] },
    raw,
  };
}

/** Processes beside each other, each with seeds of its own. @param told how many months are done so far */
async function livedApart(
  { from, months }: { readonly from: number; readonly months: number },
  more: readonly string[],
  told: (months: number) => void,
): Promise<MonthsFigures> {
  const each = Math.ceil(months / SIDE_BY_SIDE);
  let done = 0;
  const parts = await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, (_, n) =>
      child(
        [...['--from', from + n * each], ...['--to', Math.min(from + months, from + (n + 1) * each)], ...more],
        (part) => {
          done += part.months;
          if (done % 5_000 < part.months) told(done);
        },
      ),
    ),
  );
  return sum(parts.flat());
}

async function child(
  args: readonly (string | number)[],
  told: (part: MonthsFigures) => void,
): Promise<MonthsFigures[]> {
  const file = fileURLToPath(new URL('../support/follow-up-months-child.ts', import.meta.url));
  const running = spawn(process.execPath, ['--import', 'tsx', file, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts: MonthsFigures[] = [];
  const ended = new Promise<number | null>((resolve) => running.once('close', resolve));
  for await (const line of createInterface({ input: running.stdout })) {
    const part = JSON.parse(line) as MonthsFigures;
    parts.push(part);
    told(part);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`expected the process that lives months to end with 0, got ${code}`);
  return parts;
}

function sum(parts: readonly MonthsFigures[]): MonthsFigures {
  const [outcomes, late, wrong]: Record<string, number>[] = [{}, {}, {}];
  for (const part of parts) {
    add(outcomes!, part.outcomes);
    add(late!, part.late);
    add(wrong!, part.wrong);
  }
  const total = (of: (part: MonthsFigures) => number): number => parts.reduce((all, part) => all + of(part), 0);
  return {
    ...{ months: total((part) => part.months), messages: total((part) => part.messages) },
    ...{ calls: total((part) => part.calls), asked: total((part) => part.asked) },
    telling: total((part) => part.telling),
    ...{ outcomes: outcomes!, late: late!, wrong: wrong! },
    ...{ examples: parts.flatMap((part) => part.examples), seconds: total((part) => part.seconds) },
  };
}

type Without = readonly (readonly [GateCheck, MonthsFigures])[];

async function withoutEach({ controlMonths }: Size, say: Options['say']): Promise<Without> {
  const left = [...gateChecks];
  const done: [GateCheck, MonthsFigures][] = [];
  const work = async (): Promise<void> => {
    for (let check = left.shift(); check !== undefined; check = left.shift()) {
      // As soon as a batch has shown it, the rest need not be lived.
      const args = ['--from', 2_000_001, '--to', 2_000_001 + controlMonths, '--without', check, '--until', 20];
      const figures = sum(await child(args, () => undefined));
      done.push([check, figures]);
      say(`control: without ${check}, ${figures.telling} wrong in ${figures.months} months`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return done.toSorted(([a], [b]) => gateChecks.indexOf(a) - gateChecks.indexOf(b));
}

interface Figures {
  readonly months: MonthsFigures;
  readonly outage: MonthsFigures;
  readonly stack: StackFigures;
  readonly optOuts: OptOutFigures;
}

function targetsOf({ months, outage, stack, optOuts }: Figures, metrics: Readonly<Record<string, Summary>>): Target[] {
  const most = (metric: string, max: number, value: number): Target => ({ metric, max, value, pass: value <= max });
  const recall = optOuts.heard / optOuts.optOuts;
  return [
    ...wrongs.map((kind: Wrong) => most(`months.wrong.${kind}`, 0, months.wrong[kind] ?? 0)),
    most('outage.wrong', 0, outage.telling),
    most('outage.steps_lost', 0, outage.late.lost ?? 0),
    most('stack.wrong', 0, stack.wrong.length),
    most('stack.unaccounted', 0, stack.unaccounted),
    most('history_bytes@ten-steps', 30_000, stack.bytesPerTenSteps),
    most('asleep.timers', 1, Math.max(0, ...stack.sleeping.map(({ timers }) => timers))),
    most('asleep.activities', 0, Math.max(0, ...stack.sleeping.map(({ activities }) => activities))),
    most('crowd_text_ms.max', 120_000, metrics['crowd_text_ms']!.max),
    most('crowd_text_ms@small-locations.p95', 45_000, metrics['crowd_text_ms@small-locations']!.p95),
    { metric: 'opt_out.recall', min: 0.99, value: Math.floor(recall * 10_000) / 10_000, pass: recall >= 0.99 },
    most('opt_out.false_share', 0.003, Math.ceil((optOuts.false.length / optOuts.ordinary) * 100_000) / 100_000),
    ...Object.entries(optOuts.never).map(([word, found]) =>
      most(`opt_out.false@${word.replaceAll(' ', '-')}`, 0, found.false),
    ),
  ];
}

function controlsOf(months: MonthsFigures, without: Without, optOuts: OptOutFigures): Record<string, Control> {
  const deaf = optOutFigures(corpusMessages('frozen'), (text) => (/^\s*stop\s*$/iu.test(text) ? 'clear' : 'none'));
  const share = (figures: OptOutFigures): number => hundredths(1 - figures.heard / figures.optOuts);
  return {
    ...Object.fromEntries(
      without.map(([check, figures]) => {
        const value = figures.telling;
        const what = `the gate without its check ${check}, ${figures.months} months`;
        return [
          check,
          { what, metric: 'wrong messages', normal: months.telling, value, worse: value > months.telling },
        ];
      }),
    ),
    deaf: {
      what: 'a rule that hears the bare keyword alone',
      ...{ metric: 'share of opt-outs not heard', normal: share(optOuts), value: share(deaf) },
      worse: share(deaf) > share(optOuts),
    },
  };
}

function optOutWords(figures: OptOutFigures) {
  const interval = (hits: number, n: number): string =>
    `${hits} of ${n}, 95 % interval ${wilson(hits, n)
      .map((end) => `${hundredths(end * 100)} %`)
      .join(' to ')}`;
  return {
    heard: interval(figures.heard, figures.optOuts),
    takenForAmbiguous: figures.heardHalf.length,
    falseOnes: interval(figures.false.length, figures.ordinary),
    ordinaryTakenForAmbiguous: figures.falseHalf.length,
    ambiguousReadAs: figures.ambiguous,
  };
}
