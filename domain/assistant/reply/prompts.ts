import type { Question, Stage, TalkMessage } from '../../leads/lead.ts';
import type { Job } from '../call.ts';
import { promptOf, type Prompt } from '../layers.ts';
import type { OfferedSlot } from '../reading/context.ts';
import { conversationBlocks } from './conversation.ts';
import type { LocationFacts, ReplyFacts } from './facts.ts';
import { globalLayer } from './global.ts';
import { locationLayer } from './location.ts';
import { knownFields, slotInWords } from './placeholders.ts';
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

/** To be answered with `record_facts`. The offered times are those that stand in the talk. */
export function readPrompt(
  asked: Asked,
  context: { readonly asked: Question | null; readonly offered: readonly OfferedSlot[] },
): Prompt {
  const slots = context.offered.map(({ key, text }) => `${key} (${text})`);
  return promptFor(asked, ['job read', `ask ${context.asked ?? 'null'}`, ...listed('slots', slots)]);
}

/** To be answered with `draft_reply`. */
export function draftPrompt(asked: Asked, facts: ReplyFacts, stage: Stage, returning: boolean): Prompt {
  return promptFor(asked, ['job draft', ...callOf(facts, stage, returning)]);
}

/** A blocked draft once more: the same prompt, and why it was blocked in our own words. The blocked words are not shown again. */
export function rewritePrompt(
  asked: Asked,
  facts: ReplyFacts,
  stage: Stage,
  returning: boolean,
  reasons: readonly Reason[],
): Prompt {
  const because = `because ${reasons.map(({ what }) => what).join(' ')}`;
  return promptFor(asked, ['job rewrite', ...callOf(facts, stage, returning), because]);
}

/** To be answered in words, for the agent: see `judgeSummary`. */
export function summaryPrompt(asked: Asked): Prompt {
  return promptFor(asked, ['job summary']);
}

/** A ping that keeps the layers of a location warm; nothing is answered, and no lead is in it. */
export function warmPrompt(model: string, location: LocationFacts): Prompt {
  return promptFor({ model, location, talk: [] }, ['job warm']);
}

const MOST_LISTINGS = 3;

/** What holds for this call only. It is paid in full each time, so it is brief; values stay out, placeholders name them. */
function callOf(facts: ReplyFacts, stage: Stage, returning: boolean): readonly string[] {
  const slots = facts.slots.flatMap((slot) => {
    const words = slotInWords(slot, facts, 'en');
    return words === undefined ? [] : [`${slot.key} (${words})`];
  });
  const listings = facts.listings
    .filter(({ listingKey }) => /^[\w-]{1,40}$/.test(listingKey))
    .slice(0, MOST_LISTINGS)
    .map((listing) => [listing.listingKey, ...knownFields(listing, facts)].join(' '));
  return [
    `ask ${facts.question ?? 'null'}`,
    `stage ${stage}`,
    ...(returning ? ['return true'] : []),
    ...listed('slots', slots),
    ...listed('listings', listings),
  ];
}

function listed(what: string, items: readonly string[]): readonly string[] {
  return [items.length === 0 ? `no ${what}` : `${what} ${items.join(', ')}`];
}

function promptFor({ model, location, talk, before }: Asked, call: readonly string[]): Prompt {
  return promptOf({
    model,
    settings: { effort: 'low' },
    global: globalLayer(),
    location: locationLayer(location),
    conversation: conversationBlocks(talk, before),
    volatile: [{ text: call.join('; ') }],
  });
}
