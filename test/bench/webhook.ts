import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Control, commit, machine, type PromiseCheck, type Report, type Target } from './report.ts';
import { type Summary, summarise } from './summary.ts';
import { CONTACTS, LOCATIONS } from './webhook-people.ts';
import { createRunner, type Outcome, type Runner } from './webhook-run.ts';
import { openWorld, type WorldOptions } from './webhook-world.ts';

/** The figures that the product is held to, as 95th percentiles in milliseconds. */
const goals = [
  { rate: 20, ack_ms: 10, decide_ms: 60, decide_ms_new: 200, apply_ms: 200 },
  { rate: 50, ack_ms: 25, decide_ms: 150, decide_ms_new: 400, apply_ms: 400 },
] as const;

const HELD_BELOW_MS = 500;
const STEPS_UP = [60, 75, 90, 110, 130, 160, 200] as const;
const STEPS_DOWN = [40, 30] as const;
const WARM_UP_SECONDS = 5;
/** Slow enough that even a product made slow on purpose is not overrun: else a control would show the backlog, not itself. */
const CONTROL_RATE = 5;
const CONTROL_SECONDS = 20;

interface Options {
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

/**
 * From a signed webhook to its effect in the CRM, everything on this machine. Each figure is the time from the moment an event was due:
 * `ack_ms` to the 202, `decide_ms` to the commit of level 3, `apply_ms` to the last call that brings the CRM to the plan.
 */
export async function webhookBench({ quick, say }: Options): Promise<Report> {
  const seconds = quick ? 10 : 60;
  const outcomes: Outcome[] = [];
  const calm: Outcome[] = [];
  const { held, settings } = await withRunner({ say }, async (run, settings) => {
    for (const { rate } of goals) outcomes.push(await told(run, rate, seconds, say));
    calm.push(await told(run, CONTROL_RATE, CONTROL_SECONDS, say, `normal@${CONTROL_RATE}`));
    const held = await highestHeld(run, outcomes, seconds, say);
    return { held, settings };
  });
  const controls = await runControls(summarise(decided(calm[0]!, false)).p50, say);
  const all = [...outcomes, ...calm, ...controls.outcomes];
  const metrics = Object.fromEntries(outcomes.flatMap(metricsOf));
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'webhook.json');
  writeFileSync(raw, JSON.stringify(all));
  const checks: PromiseCheck[] = all.map(({ promise }) => promise);
  return {
    bench: 'webhook',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: { ...configOf(seconds), ...settings },
    metrics: { ...metrics, ...(held === undefined ? {} : { held_events_per_second: held }) },
    targets: targetsOf(metrics),
    control: controls.control,
    parts: Object.fromEntries(all.map(({ load, parts }) => [load.name, parts])),
    promises: { kept: checks.every(({ kept }) => kept), checks },
    raw,
  };
}

async function withRunner<T>(
  options: WorldOptions,
  work: (run: Runner, settings: Record<string, unknown>) => Promise<T>,
): Promise<T> {
  options.say('starting servers and product');
  const world = await openWorld(options);
  try {
    const { rows } = await world.db.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings
       where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'server_version', 'track_commit_timestamp')`,
    );
    options.say(`making ${CONTACTS} leads run`);
    const run = await createRunner(world, 6_000);
    return await work(run, { postgres: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])) });
  } finally {
    await world.close();
  }
}

async function told(run: Runner, rate: number, seconds: number, say: Options['say'], name = `@${rate}`) {
  const outcome = await run({ name, rate, warmUpSeconds: WARM_UP_SECONDS, seconds });
  const { p50, p95 } = summarise(decided(outcome, false));
  say(
    `${name}: decide p50 ${p50} ms, p95 ${p95} ms; load average ${outcome.loadAverage}; ` +
      `cores ${JSON.stringify(outcome.parts['coreShares'])}`,
  );
  return outcome;
}

/** Steps up, or down where the aim was missed already, until the rate is no longer, or again, held. */
async function highestHeld(run: Runner, outcomes: Outcome[], seconds: number, say: Options['say']) {
  const rateHeld = (outcome: Outcome): boolean =>
    outcome.promise.refused === 0 && summarise(decided(outcome, false)).p95 < HELD_BELOW_MS;
  let best = outcomes.filter(rateHeld).at(-1);
  const up = best?.load.rate === goals.at(-1)!.rate;
  for (const rate of up ? STEPS_UP : STEPS_DOWN) {
    const outcome = await told(run, rate, seconds, say);
    outcomes.push(outcome);
    if (rateHeld(outcome)) best = outcome;
    if (rateHeld(outcome) !== up) break;
  }
  return best === undefined ? undefined : constant(best.load.rate, decided(best, false).length);
}

/** A single figure in the shape of all the others. */
function constant(value: number, n: number): Summary {
  return { n, p50: value, p90: value, p95: value, p99: value, max: value };
}

async function runControls(
  normal: number,
  say: Options['say'],
): Promise<{ readonly control: Record<string, Control>; readonly outcomes: Outcome[] }> {
  const metric = `decide_ms@${CONTROL_RATE}.p50`;
  const controls = [
    { key: 'slow_tasks_parallel', what: '20 ms put into each task', knobs: 'taskDelayMs=20' },
    {
      key: 'slow_tasks_serial',
      what: '20 ms put into each task, tasks one after another',
      knobs: 'taskDelayMs=20,serialLevels=true',
    },
    { key: 'default_poll_rate', what: 'Temporal polls at its own default of 20/s', defaultPollRate: true },
  ];
  const control: Record<string, Control> = {};
  const outcomes: Outcome[] = [];
  for (const { key, what, ...options } of controls) {
    const outcome = await withRunner({ say, ...options }, (run) =>
      told(run, CONTROL_RATE, CONTROL_SECONDS, say, `${key}@${CONTROL_RATE}`),
    );
    outcomes.push(outcome);
    const value = summarise(decided(outcome, false)).p50;
    // Serial must be worse than parallel, not only than normal.
    const than = key === 'slow_tasks_serial' ? control['slow_tasks_parallel']!.value : normal;
    control[key] = { what, metric, normal: than, value, worse: value > than };
  }
  return { control, outcomes };
}

/** Decision times of new leads, or of running ones. */
function decided({ samples }: Outcome, fresh: boolean): number[] {
  return samples.flatMap(({ kind, decideMs }) => (decideMs === null || (kind === 'new') !== fresh ? [] : decideMs));
}

function metricsOf(outcome: Outcome): [string, Summary][] {
  const { samples, load } = outcome;
  return [
    [`ack_ms@${load.rate}`, summarise(samples.map(({ ackMs }) => ackMs))],
    [`decide_ms@${load.rate}`, summarise(decided(outcome, false))],
    [`decide_ms_new@${load.rate}`, summarise(decided(outcome, true))],
    [`apply_ms@${load.rate}`, summarise(samples.flatMap(({ applyMs }) => applyMs ?? []))],
  ];
}

function targetsOf(metrics: Readonly<Record<string, Summary>>): Target[] {
  return goals.flatMap(({ rate, ...limits }) =>
    Object.entries(limits).map(([name, max]) => {
      const value = metrics[`${name}@${rate}`]!.p95;
      return { metric: `${name}@${rate}.p95`, max, value, pass: value <= max };
    }),
  );
}

function configOf(seconds: number): Record<string, unknown> {
  return {
    load: `open loop, evenly spaced, ${seconds} s each after ${WARM_UP_SECONDS} s of warm-up that are not counted`,
    events: 'nine of ten for running leads, a message and a changed source by turns; every tenth a new contact',
    contacts: CONTACTS,
    locations: LOCATIONS,
    vendor: 'stand-in, latency 0, limits off, its echoes of our writes off',
    temporal: 'dev server, SQLite file with WAL; polls at 2000/s, one partition',
    clocks:
      'due and ack in µs; commit time of Postgres in µs, before its flush; ledger of the stand-in in ms, on arrival',
    heldBelowMs: HELD_BELOW_MS,
  };
}
