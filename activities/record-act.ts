import type { LeadActivities, RecordActInput } from '../workflows/activities.ts';
import { type Deps, isoNow, refOf } from './deps.ts';

/** An act that came by no door, a person's straight to the workflow or our own: into the inbox like any event, and effective at once. */
export async function recordAct(deps: Deps, input: RecordActInput): ReturnType<LeadActivities['recordAct']> {
  const ref = refOf(input);
  const { action, sequence, by } = input;
  const act = { action, ...(sequence === undefined ? {} : { sequence }), ...(by === undefined ? {} : { by }) };
  const now = isoNow(deps);
  const body = JSON.stringify(act);
  const accepted = await deps.inbox.accept({
    source: 'operator',
    eventKey: input.actId,
    bodyHash: deps.sha256(body),
    type: `operator.${action}`,
    kind: 'operator',
    ...ref,
    occurredAt: now,
    body: new TextEncoder().encode(body),
    headers: {},
  });
  const state = await deps.leads.act(ref, accepted.inboxId, act, now);
  return { inboxId: accepted.inboxId, kind: `operator.${action}`, at: now, state };
}
