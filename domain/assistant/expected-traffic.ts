import type { CountedTraffic } from '../ports/model-ledger.ts';
import type { EarlierCall } from './misses.ts';
import { estimatedTokens, type Prompt } from './layers.ts';
import type { Traffic } from './plan.ts';
import { addGaps, chanceGaps, type Gaps } from './ttl.ts';

/** Until there are counts, calls are expected like this; so many of them weigh as much as what is expected. */
const EXPECTED_CALLS = 20;
/** Of a talk: it is read and drafted within seconds, and the lead answers after minutes or hours. */
const expected: Traffic['gaps'] = {
  global: times(EXPECTED_CALLS, chanceGaps(8)),
  location: times(EXPECTED_CALLS, chanceGaps(20)),
  conversation: { calls: EXPECTED_CALLS, over5m: 0.3 * EXPECTED_CALLS, over1h: 0.2 * EXPECTED_CALLS },
};
const EXPECTED_OPENING = 0.2;
const EXPECTED_OUTPUT = 200;

/**
 * What a call and those after it will be like: its own sizes, and the gaps that were counted, with some that are expected mixed in, so that
 * the first calls of a day do not turn the plan over.
 * @param before  the last call of the talk
 */
export function expectedTraffic(prompt: Prompt, counted: CountedTraffic, before: EarlierCall | undefined): Traffic {
  const known = Math.min(before?.prints.blocks ?? 0, prompt.conversation.length);
  const { talks, gaps, meanOutput } = counted;
  return {
    tokens: {
      global: estimatedTokens(prompt.global.blocks),
      location: estimatedTokens(prompt.location.blocks),
      conversation: estimatedTokens(prompt.conversation.slice(0, known)),
    },
    fresh: estimatedTokens(prompt.conversation.slice(known)),
    volatile: estimatedTokens(prompt.volatile),
    output: meanOutput ?? EXPECTED_OUTPUT,
    opening: (talks.opening + EXPECTED_OPENING * EXPECTED_CALLS) / (talks.calls + EXPECTED_CALLS),
    gaps: {
      global: addGaps(expected.global, gaps.global),
      location: addGaps(expected.location, gaps.location),
      conversation: addGaps(expected.conversation, gaps.conversation),
    },
  };
}

function times(many: number, { calls, over5m, over1h }: Gaps): Gaps {
  return { calls: calls * many, over5m: over5m * many, over1h: over1h * many };
}
