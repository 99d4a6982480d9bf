import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import { estimatedTokens, fingerprintsOf, type Prompt } from '../../domain/assistant/layers.ts';
import { readingsOf, type Earlier, type EarlierCall, type LayerReading } from '../../domain/assistant/misses.ts';
import { planOf, type LayerTtls } from '../../domain/assistant/plan.ts';
import type { Rates } from '../../domain/assistant/price-rows.ts';
import type { Usage } from '../../domain/assistant/prices.ts';
import { addGaps, chanceGaps, gapsOf, type Gaps } from '../../domain/assistant/ttl.ts';
import type { Metered } from './claude-meter.ts';

interface Learnt {
  readonly job: Metered['job'];
  readonly talk: string | null;
  readonly at: number;
  readonly prompt: Prompt;
  readonly marks: readonly Breakpoint[];
  readonly usage: Usage;
  readonly minimumPrefix: number | null;
}

/** What is taken for known before anything was seen: calls of a location ten minutes apart, answers of a lead half an hour. */
const PRIOR = 20;
const before = { shared: timesOf(chanceGaps(10), PRIOR), talk: timesOf(chanceGaps(30), PRIOR) };
const OUTPUT = 110;

/** What a ledger tells the planner, kept in memory: how calls of one model have followed one another, of all and within talks. */
export function createLearning() {
  const shared = new Map<string, { last: number; gaps: Gaps }>();
  const talks = new Map<string, { last: number; call: EarlierCall }>();
  const tails = new Map<string, Gaps>();
  const calls = new Map<string, EarlierCall>();

  return {
    ttls(prompt: Prompt, job: Metered['job'], rates: Rates, minimumPrefix: number | null): LayerTtls {
      const gaps = addGaps(before.shared, shared.get(prompt.model)?.gaps ?? timesOf(before.shared, 0));
      const tail = addGaps(before.talk, tails.get(prompt.model) ?? timesOf(before.talk, 0));
      const fresh = prompt.conversation.slice(-2);
      const traffic = {
        tokens: {
          global: estimatedTokens(prompt.global.blocks),
          location: estimatedTokens(prompt.location.blocks),
          conversation: estimatedTokens(prompt.conversation.slice(0, -2)),
        },
        fresh: estimatedTokens(fresh),
        volatile: estimatedTokens(prompt.volatile),
        output: OUTPUT,
        opening: 1 / 6,
        gaps: { global: gaps, location: gaps, conversation: tail },
      };
      return planOf(traffic, rates, minimumPrefix).ttls;
    },
    lastMarked: (talk: string | null, model: string): number | undefined =>
      talk === null ? undefined : talks.get(`${model} ${talk}`)?.call.prints.blocks,
    learn({ job, talk, at, prompt, marks, usage, minimumPrefix }: Learnt): readonly LayerReading[] {
      const { model } = prompt;
      const key = `${model} ${talk ?? ''}`;
      const all = calls.get(model);
      const mine = talk === null ? undefined : talks.get(key)?.call;
      const earlier: Earlier = {
        ...(all === undefined ? {} : { global: all, location: all }),
        ...(mine === undefined ? {} : { conversation: mine }),
      };
      const readings = readingsOf({ at, prompt, marks, usage, minimumPrefix }, earlier);
      const call = { at, prints: fingerprintsOf(prompt), marks };
      calls.set(model, call);
      const so = shared.get(model);
      // A ping is no call that anybody has to be planned for; what follows it finds the entry alive.
      if (so === undefined || job === 'warm')
        shared.set(model, { last: at, gaps: so?.gaps ?? timesOf(before.shared, 0) });
      else shared.set(model, { last: at, gaps: addGaps(so.gaps, gapsOf([so.last, at], 'none')) });
      if (talk !== null) {
        const last = talks.get(key)?.last;
        if (last !== undefined)
          tails.set(model, addGaps(tails.get(model) ?? timesOf(before.talk, 0), gapsOf([last, at], 'none')));
        talks.set(key, { last: at, call });
      }
      return readings;
    },
  };
}

function timesOf({ calls, over5m, over1h }: Gaps, times: number): Gaps {
  return { calls: calls * times, over5m: over5m * times, over1h: over1h * times };
}
