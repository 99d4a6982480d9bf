import type { CallResult } from '../domain/assistant/call.ts';
import type { Prompt } from '../domain/assistant/layers.ts';
import { modelFor } from '../domain/assistant/models.ts';
import { draftReplyTool } from '../domain/assistant/reply/draft.ts';
import { fixedReply } from '../domain/assistant/reply/fixed.ts';
import { judgeDraft } from '../domain/assistant/reply/judge.ts';
import { nextRung, type Outcome, type Rung, type Step } from '../domain/assistant/reply/ladder.ts';
import { type Asked, draftPrompt, mostTokensOf, rewritePrompt } from '../domain/assistant/reply/prompts.ts';
import { templateReply } from '../domain/assistant/reply/templates.ts';
import type { Reason } from '../domain/assistant/reply/verdict.ts';
import { answerByHand } from '../domain/assistant/reply-tasks.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { Question } from '../domain/leads/lead.ts';
import type { DraftTry, NewDraft, ReplyOwed } from '../domain/ports/drafts.ts';
import { gather, type ReplyCase } from './assist-gather.ts';
import { keep } from './assist-keep.ts';
import { type Deps, isoNow, later } from './deps.ts';

/** Both calls together: whoever wrote a text waits for an answer. */
const REPLY_MS = 45_000;

/** Words for a lead, or none, and how they were come by. */
export interface Reply extends Pick<
  NewDraft,
  'rung' | 'text' | 'proposed' | 'question' | 'facts' | 'gates' | 'callKeys' | 'cost' | 'why'
> {
  /** A person has to answer or act besides. */
  readonly person: boolean;
  /** A person is to look, since only something general could be said. */
  readonly task: boolean;
}

/**
 * The reply that is due: drafted, gated, stored, and put on its way or before a person. Every way out of it ends in words that passed the
 * gates, in a task for a person, or in a reason why nothing is owed.
 * @returns whether something was made that the lead has to see to
 */
export async function reply(deps: Deps, ref: LeadRef, owed: ReplyOwed): Promise<boolean> {
  const gathered = await gather(deps, ref, owed);
  if (gathered.kind === 'over') return deps.drafts.forgive(ref, owed.inboxId, [], isoNow(deps));
  if (gathered.kind !== 'found') {
    return deps.drafts.forgive(ref, owed.inboxId, [answerByHand(owed.inboxId, gathered.kind)], isoNow(deps));
  }
  const { found, mode } = gathered;
  const words = await wordsFor(deps, ref, { key: owed.inboxId }, found);
  deps.measure({ kind: 'assist', job: 'reply', outcome: words?.rung ?? 'nothing' });
  if (words === null) return deps.drafts.forgive(ref, owed.inboxId, [], isoNow(deps));
  return keep(deps, ref, owed, mode, words);
}

/** Which work it is: the same again is answered as before. `ask`: nobody's reply, somebody wants to see what would be drafted. */
interface Work {
  readonly key: string;
  readonly job?: 'ask';
}

/** Null: the assistant does not exist here. */
export async function wordsFor(deps: Deps, ref: LeadRef, work: Work, found: ReplyCase): Promise<Reply | null> {
  return fixedWords(found) ?? (await descend(deps, ref, work, found));
}

const unasked = { proposed: null, question: null, facts: [], callKeys: [], cost: 0 } as const;

/** Some questions have one answer for everybody, and no model is asked. */
function fixedWords({ topic, language, facts }: ReplyCase): Reply | null {
  if (topic === null || language === null) return null;
  const fixed = fixedReply(topic, language, facts);
  if (fixed === null) return null;
  const gates = [{ rung: 'fixed', outcome: 'ok', reasons: [] }] as const;
  const person = topic === 'human' || fixed.task;
  return { ...unasked, rung: 'fixed', text: fixed.text, gates, why: topic, person, task: false };
}

/** Down the ladder: a draft, a rewrite of what a gate blocked, approved words, a person. */
async function descend(deps: Deps, ref: LeadRef, work: Work, found: ReplyCase): Promise<Reply | null> {
  const deadline = later(deps.now(), REPLY_MS);
  const tries: DraftTry[] = [];
  const callKeys: string[] = [];
  let cost = 0;
  let task = false;
  let step: Step = firstStep(found);
  let reasons: readonly Reason[] = [];
  for (;;) {
    const { rung } = step;
    task ||= step.task;
    const sum = { gates: tries, callKeys, cost, task };
    if (rung === 'nothing') return null;
    if (rung === 'human') {
      const why = tries.at(-1)?.outcome ?? 'language';
      return { ...unasked, ...sum, rung: 'human', text: null, why, person: false };
    }
    if (rung === 'template') {
      const approved = found.language === null ? null : templateReply(found.understood, found.language, found.facts);
      tries.push({ rung, outcome: approved === null ? 'no-template' : 'ok', reasons: [] });
      if (approved !== null) {
        const question = questionOf(approved.key);
        return { ...unasked, ...sum, rung, text: approved.text, question, why: approved.key, person: approved.task };
      }
      step = nextRung(rung, { kind: 'no-template' });
      continue;
    }
    const asked = await ask(deps, ref, work, { found, rung, reasons, deadline });
    if (asked.result === null) step = nextRung(rung, { kind: 'deadline' });
    else {
      callKeys.push(asked.key);
      cost += asked.result.cost;
      const judged = judge(asked.result, found);
      tries.push({ rung, outcome: judged.outcome, reasons: judged.reasons });
      if ('reply' in judged) return { ...judged.reply, ...sum, cost, rung, why: null };
      reasons = judged.reasons;
      step = nextRung(rung, judged.next);
    }
    if (step.operator) tellOperator(deps, ref, tries);
  }
}

/** A language of which nobody here can tell whether its words may go out is a person's. */
function firstStep({ language }: ReplyCase): Step {
  return language === null
    ? { rung: 'human', task: true, operator: false }
    : { rung: 'draft', task: false, operator: false };
}

interface Asking {
  readonly found: ReplyCase;
  readonly rung: Extract<Rung, 'draft' | 'rewrite'>;
  readonly reasons: readonly Reason[];
  readonly deadline: string;
}

async function ask(
  deps: Deps,
  ref: LeadRef,
  { key: of, job }: Work,
  { found, rung, reasons, deadline }: Asking,
): Promise<{ readonly key: string; readonly result: CallResult | null }> {
  const key = `${rung}:${of}`;
  if (Date.parse(isoNow(deps)) >= Date.parse(deadline)) return { key, result: null };
  const { facts, stage, returning } = found;
  const result = await deps.assistant.call({
    ...ref,
    job: job ?? rung,
    callKey: key,
    prompt: rung === 'draft' ? draftOf(found) : rewritePrompt(askedOf(found, rung), facts, stage, returning, reasons),
    maxTokens: mostTokensOf[rung],
    deadline,
  });
  await deps.pauses.at('assist.after-call');
  return { key, result };
}

/** The prompt that a reply is first drafted by. */
export function draftOf(found: ReplyCase): Prompt {
  return draftPrompt(askedOf(found, 'draft'), found.facts, found.stage, found.returning);
}

function askedOf({ talk: { location, talk, before } }: ReplyCase, rung: 'draft' | 'rewrite'): Asked {
  return { model: modelFor(rung), location, talk, before };
}

type Judged =
  | {
      readonly outcome: 'ok';
      readonly reasons: readonly Reason[];
      readonly reply: Pick<Reply, 'text' | 'proposed' | 'question' | 'facts' | 'person'>;
    }
  | { readonly outcome: string; readonly reasons: readonly Reason[]; readonly next: Outcome };

function judge(result: CallResult, { facts }: ReplyCase): Judged {
  if (result.kind === 'none') {
    return { outcome: result.why, reasons: [], next: { kind: 'none', why: result.why } };
  }
  const proposed = result.tool?.name === draftReplyTool.tool.name ? result.tool.input : null;
  const verdict = judgeDraft(proposed, facts);
  if (!verdict.ok) {
    return { outcome: verdict.gate, reasons: verdict.reasons, next: { kind: 'blocked', gate: verdict.gate } };
  }
  const { text, question, human: person, listings } = verdict;
  const restsOn = facts.listings
    .filter(({ listingKey }) => listings.includes(listingKey))
    .map(({ listingKey, changedAt }) => ({ id: `listing:${listingKey}`, asOf: changedAt }));
  return {
    outcome: 'ok',
    reasons: [],
    reply: { text, proposed, question: question === 'none' ? null : question, facts: restsOn, person },
  };
}

/** Approved words that ask something are named after it. */
function questionOf(key: string): Question | null {
  return key.startsWith('ask-') ? (key.slice('ask-'.length) as Question) : null;
}

/** What happened to this lead will happen to the next one. */
function tellOperator(deps: Deps, { locationId }: LeadRef, tries: readonly DraftTry[]): void {
  const why = tries.at(-1)?.outcome;
  deps.log.error(
    { locationId, why },
    'the assistant cannot be asked; people and approved words answer until that is mended',
  );
}
