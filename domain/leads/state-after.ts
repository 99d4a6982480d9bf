import type { Iso, LeadState } from '../glossary.ts';
import type { LeadEvent, MessageFact } from '../webhooks/event.ts';
import type { Lead } from './lead.ts';
import type { Reading } from './reading.ts';
import { stateAfterAct } from './state-after-act.ts';

/**
 * The lead's state after an event: a person's act, a colleague who writes to the lead, or an opt-out that only a human can judge.
 * What a person set later than the event stays: an act takes effect at once, long before its event is worked.
 */
export function stateAfterEvent(lead: Lead, event: LeadEvent, reading: Reading | null): LeadState {
  if (event.kind === 'operator') return afterAct(lead, event);
  if (wasSetSince(lead, event.occurredAt)) return lead.state;
  // A pause stands until a person lifts it: a takeover may end by itself, and would lift it with its end.
  if (isHumanTouch(event)) return lead.state === 'active' ? 'taken-over' : lead.state;
  // The gate closes until somebody has read the message and resumes.
  if (reading?.optOut === 'ambiguous' && lead.state === 'active') return 'paused';
  return lead.state;
}

/** Did a person of the team write to the lead by hand? Notes among colleagues and our own calls do not count. */
export function isHumanTouch(event: LeadEvent): boolean {
  return event.kind === 'message.outbound' && event.message !== undefined && isHumanMessage(event.message);
}

/** Written by hand in the CRM's app, as opposed to our own calls, workflows and bulk sends. */
export function isHumanMessage(message: MessageFact): boolean {
  return (
    message.direction === 'outbound' &&
    message.origin === 'app' &&
    message.userId !== undefined &&
    message.channel !== 'internal-comment'
  );
}

function afterAct({ state, stateSince }: Lead, { act, occurredAt }: LeadEvent): LeadState {
  const later = Date.parse(occurredAt) - Date.parse(stateSince);
  if (act === undefined || later < 0) return state;
  const asked = stateAfterAct(act.action, state);
  // Of one instant nobody can tell which was last: what lets less go out holds.
  return later > 0 || severity.indexOf(asked) > severity.indexOf(state) ? asked : state;
}

/** From what lets the most go out to what lets nothing go out. A takeover may end by itself, a pause does not. */
const severity: readonly LeadState[] = ['active', 'taken-over', 'paused', 'stopped'];

/** A lead that nobody touched has had its state since it was created; that is no one's decision. */
function wasSetSince(lead: Lead, at: Iso): boolean {
  return lead.stateSince !== lead.createdAt && Date.parse(lead.stateSince) > Date.parse(at);
}
