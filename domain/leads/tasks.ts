import type { Tier } from '../glossary.ts';
import type { SequenceDocument } from '../follow-up/sequence.ts';
import type { OutboxDraft } from '../ports/outbox.ts';
import { unsureInWords } from '../scoring/cold-start.ts';
import { speaksFor } from '../scoring/reasons.ts';
import type { Decision, Situation } from './decision.ts';
import type { Settled } from './endings.ts';

/** Tasks for the team that follow from this event. Their texts hold no word of the lead and no address. */
export function tasksFor(
  situation: Situation,
  settled: Settled,
  tier: Tier | null,
  missed: readonly SequenceDocument[],
): Decision['tasks'] {
  const { inboxId } = situation.event;
  if (settled.stage === 'gone') return [];
  const tasks: OutboxDraft[] = [];
  if (situation.reading?.optOut === 'ambiguous') tasks.push(draft(`optout-check:${inboxId}`, optOutCheck));
  if (situation.reading?.asksForHelp === true && !situation.stale) tasks.push(draft(`help:${inboxId}`, helpAsked));
  if (missed.length > 0) tasks.push(draft(`missed:${inboxId}`, missedLead));
  if (turnsHot(situation, settled, tier)) tasks.push(draft(`hot:${inboxId}`, hotLead(situation)));
  return tasks;
}

const optOutCheck: OutboxDraft['content'] = {
  title: 'Read the last message: does this lead want no more messages?',
  body:
    'The last message may be a wish to be left alone, but it is not plain enough to be sure. Nothing more is sent until you have ' +
    'looked. If the lead wants no more messages, say so (opt-out: yes) or switch on do-not-disturb; if not, resume the lead (opt-out: no).',
  dueInMinutes: 240,
};

const helpAsked: OutboxDraft['content'] = {
  title: 'Answer this lead: they asked for help',
  body:
    'The lead wrote only HELP or INFO. The phone company may have answered with its standard line; please tell them who you are, why they ' +
    'hear from you, and how they end it (STOP).',
  dueInMinutes: 240,
};

const missedLead: OutboxDraft['content'] = {
  title: 'Call this new lead: we heard of it late',
  body: 'This lead came in while its news could not reach us in time, so the welcome message was not sent. Please call, and excuse the wait.',
  dueInMinutes: 60,
  call: true,
};

/** Hot now and not before, or hot already when the tags first let us act; each such turn is worth one call, and a few words for the caller. */
export function turnsHot({ lead, stale }: Situation, { active, state, stage }: Settled, tier: Tier | null): boolean {
  if (tier !== 'hot' || stale || !active.yes || state !== 'active' || stage === 'opted-out') return false;
  return lead.tier !== 'hot' || lead.activatedAt === null;
}

function hotLead({ score, lead }: Situation): OutboxDraft['content'] {
  const reasons = score === null ? [] : speaksFor(score).slice(0, 3);
  const value = Math.round(score?.value ?? lead.score?.value ?? 0);
  const why = reasons.length > 0 ? ` What speaks for it: ${reasons.join('; ')}.` : '';
  const unsure = score?.unsure === undefined ? '' : ` ${unsureInWords(score.unsure)}`;
  return {
    title: 'Call this lead: it has just turned hot',
    body: `The lead's score is now ${value} of 100.${why}${unsure} Leads like this are best called within the hour.`,
    dueInMinutes: 60,
    call: true,
  };
}

function draft(onceKey: string, content: OutboxDraft['content']): OutboxDraft {
  return { onceKey, channel: 'call-task', purpose: 'task', enrolmentId: null, stepKey: null, content };
}
