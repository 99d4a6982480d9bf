import type { EventRef } from '../workflows/contract.ts';
import { modelFor } from '../domain/assistant/models.ts';
import { recordFactsTool } from '../domain/assistant/reading/record-facts.ts';
import { understoodFrom } from '../domain/assistant/reading/understood-from.ts';
import { mostTokensOf, readPrompt } from '../domain/assistant/reply/prompts.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { TalkMessage } from '../domain/leads/lead.ts';
import type { AssistJob } from '../domain/ports/drafts.ts';
import type { EventKind, LeadEvent } from '../domain/webhooks/event.ts';
import { readLeadEvent } from '../domain/webhooks/lead-event.ts';
import { readJsonObject } from '../domain/webhooks/payload.ts';
import { UNDERSTOOD, understoodEvent } from '../domain/webhooks/understood-event.ts';
import { type Talk, talkOf } from './assist-talk.ts';
import { type Deps, isoNow, later } from './deps.ts';

/** A reading that takes longer helps nobody: the reply does not wait for it. */
const READ_MS = 15_000;

/**
 * One message is read by a model. What it says, checked word by word, comes back to the lead as an event; where that comes to nothing the
 * rules' reading stands alone, and the job says why.
 */
export async function readOne(deps: Deps, ref: LeadRef, job: AssistJob): Promise<EventRef | null> {
  const event = await messageOf(deps, ref, job.inboxId);
  const body = event?.message?.body;
  const absent = async (why: string, cost: number): Promise<null> => {
    await deps.drafts.settleJob(ref, job, { state: 'absent', why, cost }, [], isoNow(deps));
    deps.measure({ kind: 'assist', job: 'read', outcome: why });
    return null;
  };
  const [location, lead] = await Promise.all([deps.locations.get(ref.locationId), deps.leads.load(ref)]);
  if (event === null || body === undefined || location === undefined || lead === undefined) {
    return absent('no-message', 0);
  }
  if (lead.deletedAt !== null || lead.stage === 'opted-out') return absent('gone', 0);
  const talk = await talkOf(deps, ref, location);
  const read = await deps.assistant.call({
    ...ref,
    job: 'read',
    callKey: `read:${job.inboxId}`,
    prompt: promptFor(talk, event, body),
    maxTokens: mostTokensOf.read,
    deadline: later(deps.now(), READ_MS),
  });
  if (read.kind === 'none') return absent(read.why, read.cost);
  const { asked } = talk.talked;
  const input = read.tool?.name === recordFactsTool.tool.name ? read.tool.input : undefined;
  const taken = understoodFrom(input, body, asked === null ? {} : { asked });
  if (taken.kind === 'unusable') return absent(taken.why, read.cost);
  const { understood, dropped } = taken;
  const told = await tell(deps, ref, event, { of: job.inboxId, understood });
  await deps.pauses.at('assist.before-settle');
  await deps.drafts.settleJob(
    ref,
    job,
    { state: 'done', model: read.model, cost: read.cost, result: understood, dropped },
    [],
    isoNow(deps),
  );
  deps.measure({ kind: 'assist', job: 'read', outcome: 'done' });
  return told;
}

/** The talk up to this message, which is the last word: what came after it is read for itself. */
function promptFor({ location, talk, before, talked }: Talk, event: LeadEvent, body: string) {
  const at = event.message?.at ?? event.occurredAt;
  const upTo = talk.filter((one) => Date.parse(one.at) <= Date.parse(at));
  const last = upTo.at(-1);
  const isThere = last?.direction === 'inbound' && last.body === body;
  const message: TalkMessage = {
    ...{ direction: 'inbound', channel: event.message?.channel ?? 'sms', body, at, human: false },
  };
  return readPrompt(
    { model: modelFor('read'), location, talk: isThere ? upTo : [...upTo, message], before },
    { asked: talked.asked, offered: [] },
  );
}

/** The event of the inbox as its lead reads it; null where it is none of this lead's. */
export async function messageOf(deps: Deps, ref: LeadRef, inboxId: string): Promise<LeadEvent | null> {
  const row = await deps.inbox.load(inboxId);
  if (row === undefined || row.locationId !== ref.locationId || row.contactId !== ref.contactId) return null;
  const read = readJsonObject(new TextDecoder().decode(row.body));
  return read.ok ? readLeadEvent({ ...row, kind: row.kind as EventKind, ...ref }, read.json) : null;
}

async function tell(
  deps: Deps,
  ref: LeadRef,
  { occurredAt }: LeadEvent,
  fact: Parameters<typeof understoodEvent>[1],
): Promise<EventRef> {
  const accepted = await deps.inbox.accept(understoodEvent(ref, fact, occurredAt, deps.sha256));
  if (accepted.kind === 'conflict') {
    // The same message was read otherwise by a process that died: that reading has been told, and stands.
    deps.log.warn({ inboxId: accepted.inboxId }, 'a message was read twice; the first reading stands');
  }
  return { inboxId: accepted.inboxId, kind: UNDERSTOOD, at: isoNow(deps) };
}
