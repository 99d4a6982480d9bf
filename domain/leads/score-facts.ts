import type { CrmFacts } from '../scoring/crm-facts.ts';
import type { Score, ScoreFacts } from '../scoring/score.ts';
import type { LeadEvent, MessageFact } from '../webhooks/event.ts';
import type { Iso } from '../glossary.ts';
import type { ContactSnapshot } from './contact.ts';
import type { Absence } from './decision.ts';
import type { Qualification, TalkMessage } from './lead.ts';

/** Facts for the score with what this event brought, which is not stored yet. What is unknown stays absent. */
export function factsWithEvent(
  stored: ScoreFacts,
  news: {
    readonly event: LeadEvent;
    readonly qualification: Qualification;
    readonly snapshot: ContactSnapshot | null;
    readonly talk: readonly TalkMessage[];
    /** What the team's custom fields say; the lead's own words count more. */
    readonly crm: CrmFacts;
  },
): ScoreFacts {
  const { event, qualification, snapshot, talk } = news;
  const budget = qualification.budget?.value;
  const timeline = qualification.timeline?.value;
  const inbound = event.kind === 'message.inbound' && event.message !== undefined ? event.message.body : undefined;
  const hours = answerHours(stored.responseHours ?? [], talk, event);
  return {
    ...news.crm,
    ...stored,
    ...(typeof budget === 'number' ? { budget } : {}),
    ...(typeof timeline === 'string' ? { timeline } : {}),
    ...(inbound ? { messages: [...(stored.messages ?? []), inbound] } : {}),
    ...(hours.length === 0 ? {} : { responseHours: hours }),
    ...(snapshot?.source ? { source: snapshot.source } : {}),
  };
}

/**
 * Hours to each answer with this event's message in its place, which need not be the last: news of ours may come after the answer to it,
 * and a message of the contact between two others. Only the newest part of the talk is at hand; what lies before it stays as it is stored.
 */
function answerHours(stored: readonly number[], talk: readonly TalkMessage[], event: LeadEvent): readonly number[] {
  const { message, kind, occurredAt: at } = event;
  if (message === undefined || (kind !== 'message.inbound' && kind !== 'message.outbound')) return stored;
  if (message.channel === 'internal-comment' || isThere(talk, message, at)) return stored;
  const said = talk.filter(({ channel }) => channel !== 'internal-comment');
  const before = said.filter((one) => Date.parse(one.at) <= Date.parse(at));
  const withIt = [...before, { direction: message.direction, at }, ...said.slice(before.length)];
  return [...stored.slice(0, Math.max(0, stored.length - answers(said).length)), ...answers(withIt)];
}

/** What we sent ourselves is in the talk as soon as it went out, and its webhook comes after. */
function isThere(talk: readonly TalkMessage[], { direction, body }: MessageFact, at: Iso): boolean {
  if (direction !== 'outbound') return false;
  const near = ({ at: then }: TalkMessage): boolean => Math.abs(Date.parse(then) - Date.parse(at)) < SAME_SEND_MS;
  return talk.some((one) => one.direction === 'outbound' && one.body === body && near(one));
}

const SAME_SEND_MS = 5 * 60_000;

/** A second message of the contact in a row is no answer. */
function answers(talk: readonly Pick<TalkMessage, 'direction' | 'at'>[]): number[] {
  return talk.flatMap(({ direction, at }, index) => {
    const before = talk[index - 1];
    if (direction !== 'inbound' || before?.direction !== 'outbound') return [];
    return [(Date.parse(at) - Date.parse(before.at)) / 3_600_000];
  });
}

/**
 * The score that this event leaves standing; null: the one before it. Without the facts that the team keeps in the CRM a lead may only look
 * colder than it is: an outage must not take a hot lead's tier away, to find it hot once more when it is over.
 */
export function scoreThatStands(score: Score | null, last: Score | null, absent: readonly Absence[]): Score | null {
  const blind = absent.some(({ what }) => what === 'crm-fields');
  return blind && score !== null && last !== null && score.value < last.value ? null : score;
}
