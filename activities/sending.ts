import { draftOfReply } from '../domain/assistant/reply-tasks.ts';
import { defaultSettings, type Location } from '../domain/leads/settings.ts';
import type { GateVerdict } from '../domain/consent/facts.ts';
import { judge } from '../domain/consent/gate.ts';
import { isAppError } from '../domain/errors.ts';
import { openingJitterMs } from '../domain/consent/sending-health.ts';
import { taskInstead } from '../domain/follow-up/draft.ts';
import { done } from '../domain/crm/books.ts';
import { nextStep } from '../domain/follow-up/interpret.ts';
import { isPreview, maySeePreviews, PREVIEW_TAG } from '../domain/follow-up/preview.ts';
import type { Enrolment, SequenceStep, StepOutcome } from '../domain/follow-up/sequence.ts';
import type { Channel, Iso, LeadRef } from '../domain/glossary.ts';
import type { TimelineEntry } from '../domain/leads/lead.ts';
import type { SendOutcome } from '../domain/ports/crm.ts';
import type { OutboxDraft, OutboxRow, Settlement } from '../domain/ports/outbox.ts';
import { bringOpportunity } from './crm-opportunity.ts';
import { stillOpen } from './still-open.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { type Fresh, freshFacts } from './fresh-facts.ts';
import { bindDescribed, type NewsOfStep } from './news-step.ts';
import { hashes } from './person-hashes.ts';
import { contentOf, make } from './making.ts';
import { followReply, replyHeld, replyOver, withdrawTask } from './reply-send.ts';
import { keepUnsubscribed } from './unsubscribed.ts';

/** After a send of unknown outcome: read back so long after it was begun, then leave it to a human. */
export const READ_BACK_MS = [60_000, 300_000, 900_000] as const;
/** A gate held back by something that only a person or an event can change looks again by itself after this. */
const HOLD_MS = 6 * 3_600_000;
/** Why an addition to a workflow is left to a human, and what that human can do. */
export const WORKFLOW_UNKNOWN =
  "the CRM did not say whether the contact was added to its workflow: look at the contact's history there, and add it by hand if it is not in";

export interface StepOf {
  readonly enrolment: Enrolment;
  readonly step: SequenceStep;
  readonly dueAt: Iso;
  /** The news of homes that it tells; absent: none. */
  readonly news?: NewsOfStep;
}

/**
 * The one path of every side effect towards a lead: fresh reads, gate, one attempt, settlement.
 * `row` is claimed. Between the gate's commit and the vendor's answer the row says `sending`: a process that dies there leaves a send
 * of unknown outcome, which is read back and never repeated by itself.
 */
export async function perform(deps: Deps, ref: LeadRef, row: OutboxRow, of?: StepOf): Promise<string> {
  const fresh = await freshFacts(deps, ref, row);
  if (isPreview(row) && !maySeePreviews(fresh.snapshot?.tags)) {
    const reason = `a preview, and the contact does not bear the tag ${PREVIEW_TAG}`;
    return settle(deps, ref, row, { state: 'cancelled', reason }, of);
  }
  const over = await replyOver(deps, ref, row, fresh.location);
  if (over !== null) return settle(deps, ref, row, over, of);
  const event = of?.enrolment.event;
  const filled = await contentOf(deps, ref, row, { ...fresh, event, homes: of?.news?.homes });
  if ('instead' in filled) return settle(deps, ref, row, filled.instead, of);
  const by = of && { enrolmentId: of.enrolment.enrolmentId, step: of.step.key };
  const alerts = by && of.news && (await bindDescribed(deps, ref, by, of.news, filled.described));
  // A person is all of their addresses, whichever this send takes: the cap counts texts and e-mails together.
  const person = fresh.snapshot === null ? {} : hashes(deps, fresh.snapshot);
  const passed = await deps.outbox.pass(row.sendId, ref, {
    vendor: fresh.vendor,
    personHashes: [person.sms, person.email].filter((hash) => hash !== undefined),
    now: isoNow(deps),
    judge,
    content: filled.content,
    ...(alerts === undefined ? {} : { alerts }),
    ...(event === undefined ? {} : { eventAt: event?.at ?? null }),
  });
  if (passed === undefined) return 'somebody else has it';
  const { verdict, content } = passed;
  if (!verdict.open) return closed(deps, ref, row, verdict, fresh, of);
  // What somebody of the team has asked to see on their own phone goes there from a dry run as well, and nothing else does.
  if (deps.mode === 'dry-run' && !isPreview(row)) return settle(deps, ref, row, { state: 'recorded' }, of);
  await deps.pauses.at('send.before-vendor');
  const outcome = await make(deps, ref, row, content, fresh);
  await deps.pauses.at('send.after-vendor');
  await keepUnsubscribed(deps, ref, row, outcome, person.email);
  const settled = await settle(deps, ref, row, settlementOf(row, outcome, isoNow(deps)), of);
  await deps.pauses.at('send.after-settle');
  return settled;
}

function settlementOf({ channel }: OutboxRow, outcome: SendOutcome, now: Iso): Settlement {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', vendorId: outcome.vendorId };
    case 'refused':
      return { state: 'refused', reason: outcome.reason };
    case 'not-sent':
      return { state: 'not-sent', reason: outcome.reason, checkAt: later(now, outcome.retryAfterMs) };
    case 'unknown':
      // The CRM tells nobody which of its workflows a contact is in: there is nothing to look for.
      if (channel === 'ghl-workflow') return { state: 'parked', reason: WORKFLOW_UNKNOWN };
      return { state: 'unknown', reason: outcome.reason, checkAt: later(now, READ_BACK_MS[0]) };
  }
}

/** A closed gate: waits, ends the step, or lets a call task take its place. Why is on the timeline and in the audit row. */
async function closed(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  verdict: GateVerdict,
  { location }: Fresh,
  of?: StepOf,
): Promise<string> {
  const now = isoNow(deps);
  const why = `gate closed by ${verdict.closedBy ?? 'an unknown fact'}`;
  if (verdict.pause !== undefined) tellPause(deps, ref, row, verdict.pause);
  if (draftOfReply(row) !== null) {
    const again = later(verdict.opensAt ?? later(now, HOLD_MS), jitter(ref, verdict, location));
    const { settlement, then } = await replyHeld(deps, ref, row, verdict, again);
    const told = entry(deps, row, 'wait', `${name(row)}: ${why}; ${then}`, { opensAt: again });
    await deps.outbox.settle(row.sendId, ref, settlement, now, told);
    return why;
  }
  if (verdict.then === 'wait' || verdict.then === 'hold') {
    const again = later(verdict.opensAt ?? later(now, HOLD_MS), jitter(ref, verdict, location));
    const told = entry(deps, row, 'wait', `${name(row)}: ${why}; asked again later`, { opensAt: again });
    if (of === undefined) {
      await deps.outbox.settle(row.sendId, ref, { state: 'not-sent', reason: why, checkAt: again }, now, told);
    } else {
      await deps.leads.postpone(ref, of.enrolment.enrolmentId, again);
      await deps.leads.addTimeline(ref, told);
    }
    return why;
  }
  if (of !== undefined && verdict.ends !== undefined) {
    await deps.leads.endEnrolment(ref, of.enrolment.enrolmentId, verdict.ends);
    await tell(
      deps,
      ref,
      row,
      'send',
      `${name(row)} does not go out, and its sequence ends: ${elsewhere[verdict.ends]}`,
      {},
    );
    return why;
  }
  const instead = verdict.then === 'task' && of !== undefined ? taskInstead(of.enrolment, of.step) : null;
  if (instead !== null) await deps.outbox.claim(ref, instead, now);
  if (verdict.doNotCall) await deps.outbox.claim(ref, doNotCall, now);
  const told = `${name(row)} does not go out: ${why}${instead === null ? '' : '; a call task instead'}`;
  await deps.outbox.settle(row.sendId, ref, { state: 'cancelled', reason: why }, now, entry(deps, row, 'send', told));
  if (of !== undefined) await finishStep(deps, ref, of, instead === null ? 'refused' : 'task');
  return why;
}

const elsewhere = {
  reply: 'the person wrote to us by another contact',
  booking: 'another contact of the person has an appointment',
} as const;

/** Many wait for the same hour to open, and each goes out at an instant of its own soon after it. */
function jitter({ contactId }: LeadRef, { then, unread, checks }: GateVerdict, location: Location | undefined): number {
  const forHours = checks.some(({ check, pass }) => check === 'quiet-hours' && !pass);
  if (then !== 'wait' || unread || !forHours) return 0;
  return openingJitterMs(contactId, (location?.settings ?? defaultSettings).openingJitterSeconds);
}

/** An operator is told: here, by the doctor and with the location, until somebody lifts it. */
function tellPause(deps: Deps, { locationId }: LeadRef, { channel }: OutboxRow, why: string): void {
  deps.log.error({ locationId, channel, why }, 'the sending of a location has paused by itself; a person lifts it');
  deps.measure({ kind: 'sending-paused', channel });
}

/** In the place of a task to call somebody whom nobody may call. */
const doNotCall: OutboxDraft = {
  ...{ onceKey: 'do-not-call', channel: 'note', purpose: 'task', enrolmentId: null, stepKey: null },
  content: {
    body:
      'Do not call this lead to sell: its number is on a Do-Not-Call registry, or it asked not to be called, and neither written consent ' +
      'nor past business allows it. So no call task was made.',
  },
};

/**
 * What follows from a settlement and is found nowhere else comes before it and may be done twice: a row that is settled is not looked at
 * again, and one that is not yet is read back and comes here once more.
 */
export async function settle(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  settlement: Settlement,
  of?: StepOf,
): Promise<string> {
  await followReply(deps, ref, row, settlement);
  const reason = 'reason' in settlement ? ` (${settlement.reason})` : '';
  const told = entry(deps, row, 'send', `${name(row)}: ${settlement.state}${reason}`, {
    ...('vendorId' in settlement ? { vendorId: settlement.vendorId } : {}),
  });
  try {
    await deps.outbox.settle(row.sendId, ref, settlement, isoNow(deps), told);
  } catch (error) {
    if (settlement.state === 'parked' && isAppError(error) && error.code === 'SEND_STATE') {
      await withdrawTask(deps, ref, row);
    }
    throw error;
  }
  deps.measure({ kind: 'send', channel: row.channel, state: settlement.state });
  if (settlement.state === 'sent' || settlement.state === 'parked') await followPlan(deps, ref, row);
  const outcome = outcomeOf(settlement);
  if (outcome !== null) {
    if (of !== undefined) await finishStep(deps, ref, of, outcome);
    else if (row.enrolmentId !== null && row.stepKey !== null) {
      await deps.leads.recordStep(ref, row.enrolmentId, row.stepKey, outcome, isoNow(deps));
    }
  }
  return settlement.state;
}

/** The plan may have changed while the call was under way, and its applier found nothing to move or to leave yet. */
async function followPlan(deps: Deps, ref: LeadRef, { channel, content, enrolmentId }: OutboxRow): Promise<void> {
  // What a step of a sequence asked for is not the plan's.
  if ((channel !== 'opportunity' && channel !== 'ghl-workflow') || enrolmentId !== null) return;
  try {
    const stored = await deps.leads.plan(ref);
    if (stored === undefined || stored.plan === null) return;
    const { plan, version, marks } = stored;
    await stillOpen(deps, ref);
    if (channel === 'opportunity') {
      await bringOpportunity(deps, ref, { plan, version, marks, stillOurs: () => stillOpen(deps, ref) });
    } else if (content.target !== undefined && !plan.workflows.includes(content.target)) {
      const workflowId = content.target;
      await deps.crm.removeFromWorkflow(ref, workflowId);
      await deps.actions.record(ref, done([{ kind: 'leave-workflow', workflowId }], isoNow(deps), version));
    }
  } catch (error) {
    deps.log.warn({ err: error }, 'what was just made does not follow the plan yet; the next plan does it');
  }
}

function outcomeOf({ state }: Settlement): StepOutcome | null {
  if (state === 'sent' || state === 'recorded' || state === 'refused' || state === 'parked') return state;
  return state === 'cancelled' ? 'skipped' : null;
}

/** A step is done, now unless told since when; the last one ends its enrolment. */
export async function finishStep(
  deps: Deps,
  ref: LeadRef,
  { enrolment, step }: StepOf,
  outcome: StepOutcome,
  at: Iso = isoNow(deps),
): Promise<void> {
  const after = { ...enrolment, notBefore: null, done: { ...enrolment.done, [step.key]: { outcome, at } } };
  const end = nextStep(after, {}, at).kind === 'end' ? 'completed' : undefined;
  await deps.leads.recordStep(ref, enrolment.enrolmentId, step.key, outcome, at, end);
}

const names: Readonly<Record<Channel, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  'call-task': 'Task',
  note: 'Note',
  opportunity: 'Opportunity',
  'ghl-workflow': 'GHL workflow',
};

export function name(row: OutboxRow): string {
  const what = names[row.channel];
  return row.stepKey === null ? what : `${what} ${row.stepKey}`;
}

export async function tell(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  kind: 'send' | 'wait',
  summary: string,
  refs: Record<string, string>,
): Promise<void> {
  await deps.leads.addTimeline(ref, entry(deps, row, kind, summary, refs));
}

function entry(
  deps: Deps,
  { sendId }: OutboxRow,
  kind: 'send' | 'wait',
  summary: string,
  refs: Record<string, string> = {},
): TimelineEntry {
  return { at: isoNow(deps), kind, summary, refs: { sendId, ...refs } };
}
