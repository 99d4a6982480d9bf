import type { Decision, Situation } from './decision.ts';

export interface ConsentNews extends Pick<Decision, 'suppress' | 'release' | 'doubt'> {
  /** Is the lead opted out after this event? */
  readonly optedOut: boolean;
  /** Why an opt-in lifted nothing, in plain words; null where it lifted something, or where there was none. */
  readonly unheeded: string | null;
}

/**
 * What a message says about being written to. An opt-out counts whenever it was sent; an opt-in only if nothing newer came from the
 * lead, since the newer message may be the opt-out.
 *
 * The two are not mirror images, and that is meant (docs/decisions/0013-start-opens-its-own-channel.md). An opt-out closes both
 * channels: whoever revokes by any reasonable means need not find the right one, 47 CFR 64.1200(a)(10). An opt-in opens only the one
 * that it came by: the word START consents to texts to that number, and says nothing of e-mail, where 15 USC 7704(a)(4) asks for an
 * affirmative consent of its own.
 *
 * A message that may be an opt-out closes both channels as well, apart from opt-outs, until a person of the team has answered whether it
 * is one: by saying so, or by resuming the lead, which says that it is none.
 */
export function consentNews({ lead, event, reading }: Situation): ConsentNews {
  const before = { optedOut: lead.stage === 'opted-out', suppress: [], release: [], doubt: null, unheeded: null };
  const answer = event.act?.action === 'resume' ? (event.act.optOut ?? 'no') : undefined;
  if (reading?.optOut === 'clear' || answer === 'yes') {
    return { ...before, optedOut: true, suppress: ['sms', 'email'], doubt: { settled: ['sms', 'email'] } };
  }
  if (answer === 'no') return { ...before, doubt: { settled: ['sms', 'email'] } };
  if (reading?.optOut === 'ambiguous' && !isAnswered(lead, event.occurredAt)) {
    return { ...before, doubt: { raised: ['sms', 'email'] } };
  }
  if (reading?.optOut !== 'opt-in') return before;
  const newest = lead.lastInboundAt === null || Date.parse(event.occurredAt) >= Date.parse(lead.lastInboundAt);
  if (!newest) return { ...before, unheeded: 'a newer message is known' };
  const channel = event.message?.channel;
  if (channel !== 'sms' && channel !== 'email') return { ...before, unheeded: 'it came neither by SMS nor by e-mail' };
  return { ...before, optedOut: false, release: [channel], doubt: { settled: [channel] } };
}

/** Has a person resumed the lead since the message was written? It came late, and they knew of it or judged without it. */
function isAnswered({ state, stateSince, createdAt }: Situation['lead'], writtenAt: string): boolean {
  return state === 'active' && stateSince !== createdAt && Date.parse(stateSince) > Date.parse(writtenAt);
}
