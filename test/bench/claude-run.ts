import { breakpointsOf } from '../../domain/assistant/breakpoints.ts';
import { keepWarm } from '../../domain/assistant/keep-warm.ts';
import type { Prompt } from '../../domain/assistant/layers.ts';
import type { LayerTtls } from '../../domain/assistant/plan.ts';
import { billOf, counterfactualOf, priceOf } from '../../domain/assistant/prices.ts';
import type { ModelPort } from '../../domain/ports/model.ts';
import type { Metered } from './claude-meter.ts';
import { createLearning } from './claude-learning.ts';
import type { Prompts } from './claude-prompts.ts';
import { crowdsOf } from './claude-trace.ts';
import type { Trace } from './claude-trace.ts';
import type { Vendor } from './claude-world.ts';

/** One way to cache, against which others are held. */
export interface Way {
  readonly prompts: Prompts;
  /** Absent: what the planner chooses. */
  readonly ttls?: LayerTtls;
  readonly keepWarm: boolean;
  readonly singleFlight: boolean;
}

const MAX_TOKENS = 1_200;

/** Runs a trace through planner, breakpoints and adapter, and meters what the vendor says it used. No ledger: the ways that the product does not go. */
export async function runTrace(
  { vendor, model }: { readonly vendor: Vendor; readonly model: ModelPort },
  { trace, answer }: { readonly trace: Trace; readonly answer: string },
  way: Way,
): Promise<Metered[]> {
  const metered: Metered[] = [];
  const learning = createLearning();
  const warm = new Map<string, { touched: number; pings: number }>();

  for (const crowd of crowdsOf(trace)) {
    await pingUntil(crowd[0]!.at);
    vendor.clock(crowd[0]!.at);
    const asked = crowd.map((one) => ({ one, prompt: way.prompts[one.job](one.talk, one.turn, answer) }));
    const models = asked.map(({ prompt }) => prompt.model);
    const leads = asked.map((_, n) => way.singleFlight && models.indexOf(models[n]!) === n);
    for (const some of [asked.filter((_, n) => leads[n]), asked.filter((_, n) => !leads[n])]) {
      if (some.length > 1) await vendor.slow(true);
      await Promise.all(some.map(({ one, prompt }) => call(one.job, one.talk.id, one.at, prompt)));
      if (some.length > 1) await vendor.slow(false);
    }
  }
  return metered;

  async function call(job: Metered['job'], talk: string | null, at: number, prompt: Prompt): Promise<void> {
    const { rates, minimumPrefix } = priceOf(prompt.model, iso(at));
    const ttls = way.ttls ?? learning.ttls(prompt, talk, rates, minimumPrefix);
    const plan = talk === null ? { ...ttls, conversation: 'none' as const } : ttls;
    const marks = breakpointsOf(prompt, plan, minimumPrefix, learning.lastMarked(prompt, talk));
    const maxTokens = job === 'warm' ? 0 : MAX_TOKENS;
    const answer = await model.ask({ prompt, marks, maxTokens }, { withinMs: 30_000 });
    if (answer.kind !== 'answered') throw new Error(`The stand-in failed: ${answer.code}`);
    const { usage } = answer;
    const paid = billOf(usage, prompt.model, iso(at)).total;
    const counterfactual = job === 'warm' ? 0 : counterfactualOf(usage, prompt.model, iso(at)).total;
    const layers = learning.learn({ job, talk, at, prompt, marks, usage, minimumPrefix });
    metered.push({ answered: true, job, talk, at, model: prompt.model, usage, paid, counterfactual, layers });
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
      vendor.clock(next.at);
      await call('warm', null, next.at, way.prompts.warm(next.name));
    }
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
