import type { Iso } from '../domain/glossary.ts';
import { isHumanMessage } from '../domain/leads/state-after.ts';
import type { Given } from '../domain/ports/scores.ts';
import type { ScoreFacts } from '../domain/scoring/score.ts';
import type { MessageFact } from '../domain/webhooks/event.ts';
import type { CaseFile, Findings } from './case-file.ts';
import type { Deps } from './deps.ts';

/** The score of a lead with what this event brought, which is not stored yet. */
export function scoreEvent(
  { scorer }: Pick<Deps, 'scorer'>,
  { ref, lead, event }: CaseFile,
  { qualification, snapshot, talk }: Findings,
  facts: ScoreFacts,
): Promise<Given> {
  const { message, occurredAt: at } = event;
  const told = message !== undefined && isStored(talk, message, at);
  return scorer.one(ref, facts, {
    createdAt: lead.createdAt,
    answers: qualification,
    ...(snapshot?.source ? { source: snapshot.source } : {}),
    ...(message === undefined || told
      ? {}
      : {
          message: {
            at,
            direction: message.direction,
            channel: message.channel,
            body: message.body,
            human: isHumanMessage(message),
          },
        }),
  });
}

/** What we sent ourselves is in the talk as soon as it went out, and its event comes after; a person's words are if the event is worked anew. */
function isStored(talk: Findings['talk'], { direction, body }: MessageFact, at: Iso): boolean {
  const apartMs = direction === 'outbound' ? 5 * 60_000 : 1;
  return talk.some(
    (one) =>
      one.direction === direction && one.body === body && Math.abs(Date.parse(one.at) - Date.parse(at)) < apartMs,
  );
}
