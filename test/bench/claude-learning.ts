import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import { expectedTraffic } from '../../domain/assistant/expected-traffic.ts';
import { changedSince, fingerprintsOf, type Prompt } from '../../domain/assistant/layers.ts';
import { readingsOf, type Earlier, type EarlierCall, type LayerReading } from '../../domain/assistant/misses.ts';
import { planOf, type LayerTtls } from '../../domain/assistant/plan.ts';
import type { Rates } from '../../domain/assistant/price-rows.ts';
import type { Usage } from '../../domain/assistant/prices.ts';
import { addGaps, gapsOf, noGaps, type Gaps } from '../../domain/assistant/ttl.ts';
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

/** Of one model. */
interface Known {
  last: EarlierCall | undefined;
  readonly talks: Map<string, EarlierCall>;
  shared: Gaps;
  tails: Gaps;
  calls: number;
  output: number;
}

/** What a ledger tells the planner, kept in memory: how calls of each model have followed one another, of all and within talks. */
export function createLearning() {
  const models = new Map<string, Known>();
  const known = (model: string): Known => {
    const one = models.get(model) ?? {
      ...{ last: undefined, talks: new Map<string, EarlierCall>(), shared: noGaps, tails: noGaps, calls: 0, output: 0 },
    };
    models.set(model, one);
    return one;
  };

  return {
    ttls(prompt: Prompt, talk: string | null, rates: Rates, minimumPrefix: number | null): LayerTtls {
      const { shared, tails, talks, calls, output } = known(prompt.model);
      const counted = {
        gaps: { global: shared, location: shared, conversation: tails },
        talks: { calls, opening: talks.size },
        meanOutput: calls === 0 ? null : output / calls,
      };
      return planOf(expectedTraffic(prompt, counted, talks.get(talk ?? '')), rates, minimumPrefix).ttls;
    },
    /** Blocks of the talk up to its last breakpoint, where the talk only went on from there. */
    lastMarked(prompt: Prompt, talk: string | null): number | undefined {
      const before = known(prompt.model).talks.get(talk ?? '');
      if (before === undefined || changedSince(before.prints, prompt) !== undefined) return undefined;
      const mark = before.marks.findLast(({ layer }) => layer === 'conversation');
      return mark && mark.block + 1;
    },
    learn({ job, talk, at, prompt, marks, usage, minimumPrefix }: Learnt): readonly LayerReading[] {
      const of = known(prompt.model);
      const before = talk === null ? undefined : of.talks.get(talk);
      const earlier: Earlier = {
        ...(of.last && { global: of.last, location: of.last }),
        ...(before && { conversation: before }),
      };
      const readings = readingsOf({ at, prompt, marks, usage, minimumPrefix }, earlier);
      const call = { at, prints: fingerprintsOf(prompt), marks };
      // A ping is no call that is planned for; what follows it finds the entry alive.
      if (job !== 'warm') {
        if (of.last) of.shared = addGaps(of.shared, gapsOf([of.last.at, at], 'none'));
        if (before) of.tails = addGaps(of.tails, gapsOf([before.at, at], 'none'));
        of.calls += 1;
        of.output += usage.output;
      }
      of.last = call;
      if (talk !== null) of.talks.set(talk, call);
      return readings;
    },
  };
}
