import type { CrmFacts } from '../scoring/crm-facts.ts';
import type { ScoreFacts } from '../scoring/score.ts';
import type { LeadEvent } from '../webhooks/event.ts';
import type { ContactSnapshot } from './contact.ts';
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
  const hours = inbound === undefined ? undefined : answerHours(talk, event.occurredAt);
  return {
    ...news.crm,
    ...stored,
    ...(typeof budget === 'number' ? { budget } : {}),
    ...(typeof timeline === 'string' ? { timeline } : {}),
    ...(inbound ? { messages: [...(stored.messages ?? []), inbound] } : {}),
    ...(hours === undefined ? {} : { responseHours: [...(stored.responseHours ?? []), hours] }),
    ...(snapshot?.source ? { source: snapshot.source } : {}),
  };
}

/** Hours from our last unanswered message to this answer; undefined when there was none. */
function answerHours(talk: readonly TalkMessage[], answeredAt: string): number | undefined {
  const before = talk.filter((message) => Date.parse(message.at) <= Date.parse(answeredAt));
  const last = before.at(-1);
  if (last === undefined || last.direction !== 'outbound') return undefined;
  return (Date.parse(answeredAt) - Date.parse(last.at)) / 3_600_000;
}
