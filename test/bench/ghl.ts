import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientSamples, measureClient } from './ghl-client.ts';
import { LOOP, writesAfterOneEvent } from './ghl-echo.ts';
import { measureOutage, type OutageFigures } from './ghl-outage.ts';
import { measureStory, type StoryFigures } from './ghl-story.ts';
import { measureTokens, type TokenFigures } from './ghl-tokens.ts';
import { openGhlWorld } from './ghl-world.ts';
import { commit, loadAverage, machine, type Report, type Target } from './report.ts';
import { hundredths, type Summary, summarise } from './summary.ts';

interface Options {
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

/** A new story each time; the report names its seed, and `CHAOS_SEED` repeats it. */
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const full = {
  story: { people: 100, happenings: 1_000 },
  outage: { outageMs: 600_000, events: 500, normalMs: 120_000 },
};
const short = { story: { people: 20, happenings: 150 }, outage: { outageMs: 30_000, events: 150, normalMs: 30_000 } };

interface Figures {
  readonly client: ClientSamples;
  readonly tokens: TokenFigures;
  readonly story: StoryFigures;
  readonly outage: OutageFigures;
  readonly writes: { readonly guarded: number; readonly unguarded: number };
}

/** What the integration is held to: the same state as a calm day's, nothing of others lost, one refresh, an outage that stays where it is. */
export async function ghlBench({ quick, say }: Options): Promise<Report> {
  const size = quick ? short : full;
  const figures = await measured(size, quick, say);
  const metrics = metricsOf(figures);
  const targets = targetsOf(figures, metrics);
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'ghl.json');
  writeFileSync(raw, JSON.stringify(figures));
  const { guarded, unguarded } = figures.writes;
  return {
    bench: 'ghl',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: {
      ...size,
      story: `${size.story.happenings} happenings for ${size.story.people} contacts; a tenth of their webhooks twice, all shuffled; 5 % of calls fail`,
      vendor: 'stand-in; latency 0, limits raised, search index 1 s late in the story',
      loadAverage: loadAverage(),
    },
    metrics,
    targets,
    control: {
      echoGuardOff: {
        what: `echo guard off, a rule that writes the time of the last event; ${LOOP} writes are a loop`,
        ...{ metric: 'writes after one event', normal: guarded, value: unguarded },
        // None at all would mean that nothing was looked at.
        worse: unguarded >= LOOP && guarded > 0 && guarded < LOOP,
      },
    },
    parts: {
      story: figures.story.parts,
      differences: figures.story.found.slice(0, 20),
      leftToHumans: figures.story.leftToHumans,
      tokens: figures.tokens.parts,
      outage: { ...figures.outage.parts, writtenTwice: figures.outage.writtenTwice },
    },
    promises: { kept: targets.filter(({ metric }) => !metric.includes('p95')).every(({ pass }) => pass), checks: [] },
    raw,
  };
}

async function measured(size: typeof full, quick: boolean, say: Options['say']): Promise<Figures> {
  const world = await openGhlWorld(say);
  let guarded: number;
  let rest: Omit<Figures, 'writes'>;
  try {
    say('client: its own cost per call');
    const client = await measureClient(world.line.redisUrl, quick ? 1_000 : 5_000);
    say('tokens: one dies in a burst of eight processes');
    const tokens = await measureTokens(world);
    guarded = await writesAfterOneEvent(world.running);
    const outage = await measureOutage(world, size.outage, say);
    const story = await measureStory(world.running, size.story, seed, (line) => say(`story: ${line}`));
    rest = { client, tokens, outage, story };
  } finally {
    await world.close();
  }
  say('control: the same with the echo guard off');
  const blind = await openGhlWorld(say, 'echoGuard=false');
  try {
    return { ...rest, writes: { guarded, unguarded: await writesAfterOneEvent(blind.running) } };
  } finally {
    await blind.close();
  }
}

function metricsOf({ client, outage }: Figures): Record<string, Summary> {
  return {
    client_own_ms: summarise(client.own),
    'client_own_ms@without-redis': summarise(client.ownWithoutRedis),
    client_call_ms: summarise(client.call),
    bare_call_ms: summarise(client.bare),
    'apply_ms@both-up': summarise(outage.normal),
    'apply_ms@other-down': summarise(outage.during),
  };
}

function targetsOf({ story, tokens, outage }: Figures, metrics: Readonly<Record<string, Summary>>): Target[] {
  const most = (metric: string, max: number, value: number): Target => ({ metric, max, value, pass: value <= max });
  const ratio = hundredths(metrics['apply_ms@other-down']!.p95 / metrics['apply_ms@both-up']!.p95);
  return [
    most('story.state_differences', 0, story.differences),
    most('story.effects_lost_or_doubled', 0, story.effectsWrong),
    most('story.others_overwritten_or_lost', 0, story.othersLost),
    { metric: 'tokens.refreshes', max: 1, value: tokens.refreshes, pass: tokens.refreshes === 1 },
    most('tokens.calls_lost', 0, tokens.lost),
    most('outage.not_applied_after', 0, outage.notApplied),
    most('outage.neighbour_p95_ratio', 2, ratio),
    most('client_own_ms.p95', 1, metrics['client_own_ms']!.p95),
  ];
}
