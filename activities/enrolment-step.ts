import { idOf } from '../domain/crm/plan-for.ts';
import { isAppError } from '../domain/errors.ts';
import { draftOf } from '../domain/follow-up/draft.ts';
import type { TalkRecord } from '../domain/follow-up/facts.ts';
import { nextStep } from '../domain/follow-up/interpret.ts';
import { type Enrolment, isWrite, type MadeStep, type SequenceFacts } from '../domain/follow-up/sequence.ts';
import { stepWords } from '../domain/follow-up/step-words.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { isAppointmentOff } from '../domain/leads/endings.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { OutboxDraft, OutboxRow } from '../domain/ports/outbox.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { nonRetryableCodes } from './failures.ts';
import { newsTurn } from './news-step.ts';
import type { StepOf } from './sending.ts';
import { writeStep } from './step-writes.ts';

/** An error that nobody foresaw may be a moment's: so often it is tried again, this long after. */
const TRIES = 5;
const TRY_AGAIN_MS = 30_000;
/** How often in a row an enrolment's step has failed so, as this process has seen it. */
const stumbles = new Map<string, number>();

/** What the steps of a lead are taken with. */
export interface Walk {
  readonly location: Location | undefined;
  readonly facts: SequenceFacts;
  readonly talk: TalkRecord;
  /** The way to the gate of a step that must happen once. */
  readonly perform: (row: OutboxRow, of: StepOf) => Promise<string>;
}

/**
 * The step of an enrolment that is due, if one is; steps that are not taken are passed over by the way. A step that cannot be worked parks
 * its enrolment with the reason: the lead goes on with the others, and a person looks.
 */
export async function workEnrolment(
  deps: Deps,
  ref: LeadRef,
  enrolment: Enrolment,
  walk: Walk,
): Promise<string | null> {
  const { enrolmentId, document } = enrolment;
  try {
    const outcome = await work(deps, ref, enrolment, walk);
    stumbles.delete(enrolmentId);
    return outcome;
  } catch (error) {
    // What repeating may mend is repeated with the whole touch.
    if (isAppError(error) && !nonRetryableCodes.has(error.code)) throw error;
    const code = isAppError(error) ? error.code : 'INTERNAL';
    const times = (stumbles.get(enrolmentId) ?? 0) + 1;
    deps.log.error({ err: error, enrolmentId, times }, 'a step cannot be worked');
    if (!isAppError(error) && times < TRIES) {
      stumbles.set(enrolmentId, times);
      await deps.leads.postpone(ref, enrolmentId, later(deps.now(), TRY_AGAIN_MS));
      return `${document.key} stumbled`;
    }
    stumbles.delete(enrolmentId);
    await deps.leads.parkEnrolment(ref, enrolmentId, code, isoNow(deps));
    return `${document.key} parked (${code})`;
  }
}

async function work(deps: Deps, ref: LeadRef, enrolment: Enrolment, walk: Walk): Promise<string | null> {
  const { enrolmentId, document } = enrolment;
  // It may have been given up without an event of this lead that told.
  if (isAppointmentOff(enrolment, walk.talk)) {
    await deps.leads.endEnrolment(ref, enrolmentId, 'the appointment is off');
    return `${document.key} ended`;
  }
  let now = enrolment;
  for (;;) {
    const at = isoNow(deps);
    const next = nextStep(now, walk.facts, at);
    if (next.kind === 'end') {
      await deps.leads.endEnrolment(ref, enrolmentId, 'completed');
      return `${document.key} completed`;
    }
    if (next.kind === 'wait' || next.kind === 'paused') return null;
    if (next.kind === 'due') return take(deps, ref, now, { ...next, enrolment: now }, walk);
    if (!(await passOver(deps, ref, now, next, next.why))) return null;
    now = withDone(now, next.step.key, next.at);
  }
}

function withDone(enrolment: Enrolment, key: string, at: Iso): Enrolment {
  const done = { ...enrolment.done, [key]: { outcome: 'skipped', at } as const };
  return { ...enrolment, done, notBefore: null, sendNow: enrolment.sendNow === key ? null : enrolment.sendNow };
}

type Due = Extract<ReturnType<typeof nextStep>, { kind: 'due' }> & { readonly enrolment: Enrolment };

/** @returns false where somebody was faster, or its send is under way */
function passOver(
  deps: Deps,
  ref: LeadRef,
  { enrolmentId, document }: Enrolment,
  { step, at }: Pick<Due, 'step' | 'at'>,
  why: string,
): Promise<boolean> {
  return deps.leads.skipStep(ref, enrolmentId, step.key, at, {
    at: isoNow(deps),
    kind: 'decision',
    summary: `Passed over ${stepWords(document, step)}: ${why}.`,
    refs: { enrolmentId, step: step.key },
  });
}

async function take(deps: Deps, ref: LeadRef, enrolment: Enrolment, due: Due, walk: Walk): Promise<string | null> {
  const { step } = due;
  if (isWrite(step)) {
    const written = await writeStep(deps, ref, { enrolment, step }, walk);
    if (written.kind === 'wait') return null;
    if (written.kind === 'none') {
      return (await passOver(deps, ref, enrolment, due, written.why)) ? `${step.key} skipped` : null;
    }
    await deps.leads.recordStep(ref, enrolment.enrolmentId, step.key, written.outcome, isoNow(deps));
    return `${step.key} ${written.outcome}`;
  }
  const draft = madeDraft(enrolment, step, walk.location);
  if (draft === null) {
    const why = 'the settings of the location name no such workflow';
    return (await passOver(deps, ref, enrolment, due, why)) ? `${step.key} skipped` : null;
  }
  const row = await deps.outbox.claim(ref, draft, isoNow(deps));
  await deps.pauses.at('send.after-claim');
  if (row.state === 'claimed') {
    const fromItsDocument = { ...row, content: wordsAgain(draft, row) };
    const of = { enrolment, step, dueAt: due.at };
    return isNews(enrolment, step)
      ? tellNews(deps, ref, fromItsDocument, due, walk)
      : walk.perform(fromItsDocument, of);
  }
  if (row.state === 'sending' || row.state === 'unknown' || row.state === 'not-sent') return null;
  // Settled before its step was: the process died in between.
  const outcome = row.state === 'cancelled' ? 'skipped' : row.state;
  await deps.leads.recordStep(ref, enrolment.enrolmentId, step.key, outcome, isoNow(deps));
  return `${step.key} ${outcome}`;
}

/** Does it tell of homes? */
function isNews({ document }: Enrolment, { channel }: MadeStep): boolean {
  return document.trigger.on === 'listing' && (channel === 'sms' || channel === 'email');
}

/** News is bound to its send before the send is made, and follows it to its end. */
async function tellNews(deps: Deps, ref: LeadRef, row: OutboxRow, due: Due, walk: Walk): Promise<string | null> {
  const { enrolment, step } = due;
  const turn = await newsTurn(deps, ref, enrolment, step, walk.location);
  if (turn.kind === 'wait') {
    await deps.leads.postpone(ref, enrolment.enrolmentId, turn.at);
    return null;
  }
  if (turn.kind === 'none') {
    return (await passOver(deps, ref, enrolment, due, turn.why)) ? `${step.key} skipped` : null;
  }
  await deps.alerts.bind(ref, { enrolmentId: enrolment.enrolmentId, step: step.key }, turn.news.alerts);
  await deps.pauses.at('news.after-bind');
  return walk.perform(row, { enrolment, step, dueAt: due.at, news: turn.news });
}

/** Words of an attempt that came to nothing stand in the row, and may name a time that holds no more: they are made again. */
function wordsAgain({ content }: OutboxDraft, { content: { target } }: OutboxRow): OutboxRow['content'] {
  return target === undefined ? content : { ...content, target };
}

/** A workflow goes by the location's own id of it. */
function madeDraft(enrolment: Enrolment, step: MadeStep, location: Location | undefined): OutboxDraft | null {
  const draft = draftOf(enrolment, step);
  if (step.channel !== 'ghl-workflow') return draft;
  const target = location === undefined ? undefined : idOf(location.settings, step.workflow);
  return target === undefined ? null : { ...draft, content: { ...draft.content, target } };
}
