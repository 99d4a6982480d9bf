import { breakpointsOf } from '../../domain/assistant/breakpoints.ts';
import { keepWarm } from '../../domain/assistant/keep-warm.ts';
import type { Prompt } from '../../domain/assistant/layers.ts';
import type { LayerTtls } from '../../domain/assistant/plan.ts';
import { billOf, counterfactualOf, priceOf } from '../../domain/assistant/prices.ts';
import type { ModelPort } from '../../domain/ports/model.ts';
import type { Metered } from './claude-meter.ts';
import { createLearning } from './claude-learning.ts';
import type { Prompts, Said } from './claude-prompts.ts';
import type { ClaudeWorld } from './claude-world.ts';
import type { Talk, Trace } from './claude-trace.ts';

/** One way to cache, against which others are held. */
export interface Way {
  readonly name: string;
  readonly prompts: Prompts;
  /** Absent: what the planner chooses. */
  readonly ttls?: LayerTtls;
  readonly keepWarm: boolean;
  readonly singleFlight: boolean;
}

interface Asking {
  readonly at: number;
  readonly job: 'read' | 'draft';
  readonly talk: Talk;
  readonly turn: number;
}

/** A lead that writes on is waited for. */
const DEBOUNCE_MS = 20_000;
/** Until the first byte of an answer; who comes within it finds nothing written yet. */
const FIRST_BYTE_MS = 1_500;
const MAX_TOKENS = 1_200;

/** Runs a trace through planner, breakpoints and adapter, and meters what the vendor says it used. */
export async function runTrace(world: ClaudeWorld, model: ModelPort, trace: Trace, way: Way): Promise<Metered[]> {
  const metered: Metered[] = [];
  const learning = createLearning();
  const warm = new Map<string, { touched: number; pings: number }>();

  for (const crowd of crowdsOf(askings(trace))) {
    await pingUntil(crowd[0]!.at);
    await world.clock(crowd[0]!.at);
    const asked = crowd.map((one) => ({ one, prompt: promptFor(way.prompts, one, world.answer) }));
    const models = new Set<string>();
    const [first, rest] = [[] as typeof asked, [] as typeof asked];
    for (const each of asked) {
      if (way.singleFlight && !models.has(each.prompt.model)) first.push(each);
      else rest.push(each);
      models.add(each.prompt.model);
    }
    for (const some of [first, rest]) {
      if (some.length > 1) await world.slow(true);
      await Promise.all(some.map(({ one, prompt }) => call(one.job, one.talk.id, one.at, prompt)));
      if (some.length > 1) await world.slow(false);
    }
  }
  return metered;

  async function call(job: Metered['job'], talk: string | null, at: number, prompt: Prompt): Promise<void> {
    const { rates, minimumPrefix } = priceOf(prompt.model, iso(at));
    const ttls = way.ttls ?? learning.ttls(prompt, job, rates, minimumPrefix);
    const plan = talk === null ? { ...ttls, conversation: 'none' as const } : ttls;
    const marks = breakpointsOf(prompt, plan, minimumPrefix, learning.lastMarked(talk, prompt.model));
    const maxTokens = job === 'warm' ? 0 : MAX_TOKENS;
    const answer = await model.ask({ prompt, marks, maxTokens }, { withinMs: 30_000 });
    if (answer.kind !== 'answered') throw new Error(`The stand-in failed: ${answer.code}`);
    const { usage } = answer;
    const paid = billOf(usage, prompt.model, iso(at)).total;
    const counterfactual = job === 'warm' ? 0 : counterfactualOf(usage, prompt.model, iso(at)).total;
    const layers = learning.learn({ job, talk, at, prompt, marks, usage, minimumPrefix });
    metered.push({ job, talk, at, model: prompt.model, usage, paid, counterfactual, layers });
    const pings = job === 'warm' ? (warm.get(prompt.model)?.pings ?? 0) + 1 : 0;
    if (marks.some(({ layer, ttl }) => layer !== 'conversation' && ttl === '1h')) {
      warm.set(prompt.model, { touched: at, pings });
    }
  }

  /** What schedules do while nobody writes: pings of all models in the order in which they are due. */
  async function pingUntil(at: number): Promise<void> {
    if (!way.keepWarm) return;
    for (;;) {
      const due = [...warm].flatMap(([name, warmth]) => {
        const { rates } = priceOf(name, iso(warmth.touched));
        const verdict = keepWarm({ ...warmth, next: 'unknown' }, warmth.touched, '1h', rates);
        return verdict.kind === 'ping' && verdict.at < at ? [{ name, at: verdict.at }] : [];
      });
      const next = due.reduce<(typeof due)[number] | undefined>(
        (first, one) => (first === undefined || one.at < first.at ? one : first),
        undefined,
      );
      if (next === undefined) return;
      await world.clock(next.at);
      await call('warm', null, next.at, way.prompts.warm(next.name));
    }
  }
}

function askings({ talks }: Trace): Asking[] {
  return talks
    .flatMap((talk) =>
      talk.turns.flatMap(({ at }, turn): Asking[] => [
        { at, job: 'read', talk, turn },
        { at: at + DEBOUNCE_MS, job: 'draft', talk, turn },
      ]),
    )
    .sort((a, b) => a.at - b.at);
}

/** Calls that begin before the first of them has its first byte run side by side. */
function crowdsOf(all: readonly Asking[]): Asking[][] {
  const crowds: Asking[][] = [];
  for (const one of all) {
    const last = crowds.at(-1);
    if (last !== undefined && one.at - last[0]!.at < FIRST_BYTE_MS) last.push(one);
    else crowds.push([one]);
  }
  return crowds;
}

function promptFor(prompts: Prompts, { job, talk, turn }: Asking, answer: string): Prompt {
  const said: Said = talk.turns
    .slice(0, turn + 1)
    .flatMap(({ text }, at) => [
      { role: 'user' as const, text },
      ...(at < turn ? [{ role: 'assistant' as const, text: answer }] : []),
    ]);
  return prompts[job](said);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
