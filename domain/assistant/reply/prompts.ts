import type { Question, Stage, TalkMessage } from '../../leads/lead.ts';
import type { Job } from '../call.ts';
import { promptOf, type Prompt } from '../layers.ts';
import { conversationBlocks } from './conversation.ts';
import type { LocationFacts, ReplyFacts } from './facts.ts';
import { globalLayer } from './global.ts';
import { locationLayer } from './location.ts';
import type { Reason } from './verdict.ts';

/** Most tokens of an answer, thinking included. */
export const mostTokensOf: Readonly<Record<Exclude<Job, 'warm' | 'ask'>, number>> = {
  read: 1_200,
  draft: 1_200,
  rewrite: 1_200,
  summary: 1_200,
};

/** What every prompt of a lead is made from. */
export interface Asked {
  readonly model: string;
  readonly location: LocationFacts;
  /** Oldest first, the message that is read or answered last. */
  readonly talk: readonly TalkMessage[];
  /** Messages of the talk that come before these and were not loaded; absent: none. */
  readonly before?: number;
}

/** To be answered with `record_facts`. */
export function readPrompt(
  asked: Asked,
  context: {
    readonly asked: Question | null;
    readonly offered: readonly { readonly key: string; readonly text: string }[];
  },
): Prompt {
  return promptFor(asked, { job: 'read', ...context });
}

/** To be answered with `draft_reply`. */
export function draftPrompt(asked: Asked, facts: ReplyFacts, stage: Stage, returning: boolean): Prompt {
  return promptFor(asked, { job: 'draft', ask: facts.question, stage, returning });
}

/** A blocked draft once more: the same prompt, and why it was blocked in our own words. The blocked words are not shown again. */
export function rewritePrompt(
  asked: Asked,
  facts: ReplyFacts,
  stage: Stage,
  returning: boolean,
  reasons: readonly Reason[],
): Prompt {
  return promptFor(asked, {
    job: 'rewrite',
    ask: facts.question,
    stage,
    returning,
    because: reasons.map(({ what }) => what),
  });
}

/** To be answered in words, for the agent: see `judgeSummary`. */
export function summaryPrompt(asked: Asked): Prompt {
  return promptFor(asked, { job: 'summary' });
}

/** A ping of what all calls of a location share: nobody answers it. */
export function warmPrompt(model: string, location: LocationFacts): Prompt {
  const nothing: TalkMessage = { direction: 'inbound', channel: 'sms', body: '.', at: '', human: false };
  return promptFor({ model, location, talk: [nothing] }, { job: 'none' });
}

function promptFor({ model, location, talk, before }: Asked, volatile: Readonly<Record<string, unknown>>): Prompt {
  return promptOf({
    model,
    settings: { effort: 'low' },
    global: globalLayer(),
    location: locationLayer(location),
    conversation: conversationBlocks(talk, before),
    volatile: [{ text: JSON.stringify(volatile) }],
  });
}
