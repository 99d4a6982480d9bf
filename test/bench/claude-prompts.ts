import type { Prompt, StableLayer } from '../../domain/assistant/layers.ts';
import { modelFor } from '../../domain/assistant/models.ts';
import { locationFactsOf, type ReplyFacts } from '../../domain/assistant/reply/facts.ts';
import { draftPrompt, readPrompt, warmPrompt } from '../../domain/assistant/reply/prompts.ts';
import { nextQuestion } from '../../domain/assistant/reply/question.ts';
import { questions, type Question, type TalkMessage } from '../../domain/leads/lead.ts';
import { brokerage } from './claude-brokerage.ts';
import { ANSWERED_AFTER_MS, type Talk } from './claude-trace.ts';

/** The prompts of a location as the product makes them. */
export interface Prompts {
  read(talk: Talk, turn: number, answer: string): Prompt;
  draft(talk: Talk, turn: number, answer: string): Prompt;
  warm(model: string): Prompt;
}

const location = locationFactsOf(brokerage);

export const productPrompts: Prompts = {
  read: (talk, turn, answer) =>
    readPrompt(
      { model: modelFor('read'), location, talk: saidBy(talk, turn, answer) },
      { asked: openQuestion(turn - 1), offered: offersTimes(turn - 1) ? shownSlots(talk, turn - 1) : [] },
    ),
  draft: (talk, turn, answer) =>
    draftPrompt(
      { model: modelFor('draft'), location, talk: saidBy(talk, turn, answer) },
      factsFor(talk, turn),
      turn === 0 ? 'engaged' : 'qualifying',
      false,
    ),
  warm: (model) => warmPrompt(model, location),
};

/** The same prompts with another layer in the place of one, whatever guards would say. */
export function changed(prompts: Prompts, change: (prompt: Prompt, at: number) => Prompt): Prompts {
  return {
    read: (talk, turn, answer) => change(prompts.read(talk, turn, answer), talk.turns[turn]!.at),
    draft: (talk, turn, answer) => change(prompts.draft(talk, turn, answer), talk.turns[turn]!.at),
    warm: (model) => change(prompts.warm(model), 0),
  };
}

/** A layer with one more block of text before its own. */
export function withText(layer: StableLayer, text: string): StableLayer {
  const block = JSON.stringify({ text });
  const tools = layer.blocks.filter((one) => one.startsWith('{"tool"'));
  return { blocks: [...tools, block, ...layer.blocks.slice(tools.length)], print: `${layer.print} ${text}` };
}

function saidBy(talk: Talk, turn: number, answer: string): TalkMessage[] {
  const message = (direction: 'inbound' | 'outbound', body: string, at: number): TalkMessage => ({
    ...{ direction, body, channel: 'sms', human: false },
    at: new Date(at).toISOString(),
  });
  return talk.turns
    .slice(0, turn + 1)
    .flatMap(({ at, text }, n) => [
      message('inbound', text, at),
      ...(n < turn ? [message('outbound', answer, at + ANSWERED_AFTER_MS)] : []),
    ]);
}

/** With each turn one more of the questions is answered. */
function openQuestion(turn: number): Question | null {
  const answered = { value: 'yes', at: '2026-11-01T00:00:00.000Z', from: 'x' } as const;
  return nextQuestion(Object.fromEntries(questions.slice(0, Math.max(0, turn)).map((one) => [one, answered])));
}

/** Talks begin about one home, and come to times for a visit after some turns. */
function factsFor(talk: Talk, turn: number): ReplyFacts {
  const at = talk.turns[turn]!.at;
  return {
    ...{ location, channel: 'sms', state: 'active', optedOut: false, agentName: 'Alex', firstReply: turn === 0 },
    lead: { firstName: 'Sam', timezone: 'America/New_York' },
    listings: turn < 2 ? [home] : [],
    slots: offersTimes(turn) ? slotsAfter(at) : [],
    question: openQuestion(turn),
    message: talk.turns[turn]!.text,
    firstText: turn === 0,
    now: new Date(at).toISOString(),
  };
}

const offersTimes = (turn: number): boolean => turn >= 4 && turn < 6;

const home: ReplyFacts['listings'][number] = {
  ...{ listingKey: 'A10421877', status: 'active', propertyType: 'residential', price: '449000', city: 'Tampa' },
  ...{ bedrooms: 3, bathrooms: 2, livingSqft: 1_840, changedAt: '2026-11-08T15:00:00.000Z', office: null },
};

function slotsAfter(at: number): ReplyFacts['slots'] {
  return [1, 2, 3].map((n) => ({ key: String(n), at: new Date(at + n * 86_400_000).toISOString() }));
}

function shownSlots(talk: Talk, turn: number): { key: string; text: string }[] {
  return slotsAfter(talk.turns[turn]!.at).map(({ key, at }) => ({ key, text: at.slice(0, 16) }));
}
