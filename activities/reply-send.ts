import { answerByHand, draftOfReply, isAnswerUntil, waitsForOpening } from '../domain/assistant/reply-tasks.ts';
import type { GateVerdict } from '../domain/consent/facts.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { DraftRow } from '../domain/ports/drafts.ts';
import type { OutboxRow, Settlement } from '../domain/ports/outbox.ts';
import { type Deps, isoNow } from './deps.ts';
import { recordAct } from './record-act.ts';

/** An opening is waited for over a Sunday and a holiday; after that nobody is answered any more. */
const LATEST_MS = 3 * 24 * 3_600_000;

/**
 * A reply waits for hours, for the vendor, for a pause to be lifted. What it waits with may have changed: the lead wrote something newer while
 * it was on its way, the location lets nothing go out by itself any more, or a home that it speaks of may not be told of any more.
 * @returns what becomes of it then; null: it may be asked about
 */
export async function replyOver(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  location: Location | undefined,
): Promise<Extract<Settlement, { readonly state: 'cancelled' }> | null> {
  const draftId = draftOfReply(row);
  if (draftId === null) return null;
  const now = isoNow(deps);
  const draft = await deps.drafts.get(ref, draftId, now);
  const over = (reason: string) => ({ state: 'cancelled', reason }) as const;
  if (draft === undefined) return over('its draft is gone');
  if (draft.state === 'superseded') return over('something came between');
  const handed = async (task: 'held' | 'home', why: string) => {
    await deps.outbox.claim(ref, answerByHand(`held:${draftId}`, task), now);
    await deps.drafts.followSend(ref, draftId, 'blocked', why);
    return over(why);
  };
  if (draft.decidedBy === 'assistant' && location?.settings.modes.replies !== 'auto') {
    return handed('held', 'replies do not go out by themselves any more');
  }
  if (Date.parse(now) - Date.parse(draft.createdAt) > LATEST_MS) return handed('held', 'it waited for too long');
  if (draft.facts.length > 0 && !(await deps.drafts.mayTellHomes(ref, draftId))) {
    return handed('home', 'it speaks of a home that may not be told of any more');
  }
  return null;
}

/** What becomes of a reply whose gate is closed. */
export interface ReplyHeld {
  readonly settlement: Extract<Settlement, { readonly state: 'not-sent' | 'cancelled' }>;
  /** In plain words, for the timeline. */
  readonly then: string;
}

/**
 * Whoever wrote to us waits: a reply that is not let out in time is a person's, at once and not when its hour comes. An answer that would only
 * go out when it is one no more is asked about again as a message of ours, for which there must be consent.
 * @param again  when time alone may open the gate
 */
export async function replyHeld(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  verdict: GateVerdict,
  again: Iso,
): Promise<ReplyHeld> {
  const draftId = draftOfReply(row) ?? '';
  const now = isoNow(deps);
  const why = `gate closed by ${verdict.closedBy ?? 'an unknown fact'}`;
  const draft = await deps.drafts.get(ref, draftId, now);
  if (draft === undefined || verdict.then === 'end' || verdict.then === 'task') {
    if (verdict.closedBy !== 'contact') await deps.outbox.claim(ref, answerByHand(`gate:${draftId}`, 'gate'), now);
    await deps.drafts.followSend(ref, draftId, 'blocked', why);
    return { settlement: { state: 'cancelled', reason: why }, then: 'a person has the task to answer' };
  }
  const asked = { settlement: { state: 'not-sent', reason: why, checkAt: again } as const, then: 'asked again later' };
  if (Date.parse(again) <= Date.parse(isAnswerUntil(draft.createdAt))) return asked;
  if (verdict.then === 'hold' || verdict.unread === true) {
    await deps.outbox.claim(ref, answerByHand(`held:${draftId}`, 'gate'), now);
    return { ...asked, then: 'asked again later, and a person has the task to answer' };
  }
  if (row.purpose !== 'answer') {
    await deps.outbox.claim(ref, waitsForOpening(draftId), now);
    return { ...asked, then: 'it waits for when we may write, and a person is told' };
  }
  await deps.outbox.solicit(row.sendId, ref);
  return {
    settlement: { state: 'not-sent', reason: why, checkAt: now },
    then: 'no answer any more by then, so it is asked about as a message of ours',
  };
}

/** What the CRM made of a reply becomes known of its draft; what it did not send is a person's. */
export async function followReply(deps: Deps, ref: LeadRef, row: OutboxRow, settlement: Settlement): Promise<void> {
  const draftId = draftOfReply(row);
  if (draftId === null) return;
  const now = isoNow(deps);
  if (settlement.state === 'sent' || settlement.state === 'recorded') {
    const draft = await deps.drafts.get(ref, draftId, now);
    await deps.drafts.followSend(ref, draftId, 'sent', draft?.why ?? null);
    // Who asked for a person was told that one comes: from now on a person works the lead, until somebody says otherwise.
    if (draft !== undefined && asksForPerson(draft)) {
      await recordAct(deps, { ...ref, actId: `person:${draftId}`, action: 'takeOver', by: 'assistant' });
    }
  }
  if (settlement.state === 'refused' || settlement.state === 'parked') {
    const why = settlement.state === 'parked' ? 'unsure' : 'vendor';
    await deps.outbox.claim(ref, answerByHand(`vendor:${draftId}`, why), now);
    await deps.drafts.followSend(ref, draftId, 'blocked', settlement.reason);
  }
}

/** A reply that was found while it was given up needs nobody to answer: the task that was made is not done. */
export async function withdrawTask(deps: Deps, ref: LeadRef, row: OutboxRow): Promise<void> {
  const draftId = draftOfReply(row);
  if (draftId === null || (await deps.outbox.get(row.sendId, ref))?.state !== 'sent') return;
  const now = isoNow(deps);
  const task = await deps.outbox.claim(ref, answerByHand(`vendor:${draftId}`, 'unsure'), now);
  if (task.state !== 'claimed') return;
  await deps.outbox.settle(task.sendId, ref, { state: 'cancelled', reason: 'the reply did arrive' }, now);
}

function asksForPerson({ rung, why }: DraftRow): boolean {
  return rung === 'fixed' && why === 'human';
}
