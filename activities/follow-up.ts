import type { GhlActivities, TouchResult } from '../workflows/activities.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { SENDING_LIMIT_MS } from '../domain/follow-up/plan.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { OutboxRow } from '../domain/ports/outbox.ts';
import { lookAfterAssignment } from './assignment.ts';
import { type Deps, isoNow, later, refOf } from './deps.ts';
import { type Walk, workEnrolment } from './enrolment-step.ts';
import { lookAtTime } from './own-looks.ts';
import { followUpFacts, plan } from './plan.ts';
import { readBack } from './read-back.ts';
import { holdForNews, recallLost, settleRecalled } from './recall.ts';
import { type StepOf, perform } from './sending.ts';

/** How many side effects one call works through; the rest follows in the next. */
const AT_MOST = 5;
const PARKED_MS = 15 * 60_000;

/** Touches, on the `ghl` queue: whatever of a lead is due now, one side effect after another. */
export function createFollowUpActivities(deps: Deps): Pick<GhlActivities, 'touch'> {
  return { touch: (input) => touch(deps, refOf(input)) };
}

/**
 * Settles what was begun, makes what waits, and takes the due step of each enrolment through the gate.
 * Safe to call at any time and any number of times: the outbox knows how far each side effect came.
 */
async function touch(deps: Deps, ref: LeadRef): Promise<TouchResult> {
  const lead = await deps.leads.load(ref);
  if (lead === undefined) return { outcome: 'no such lead', next: null };
  const location = await deps.locations.get(ref.locationId);
  if (location !== undefined && location.parked !== null) return held(deps, ref);
  if (await recallLost(deps, ref)) {
    await holdForNews(deps, ref);
    return { outcome: 'read back after a restore; the news is worked first', next: await plan(deps, ref) };
  }
  const outcomes: string[] = [];
  const active = new Set((await deps.leads.enrolments(ref)).map(({ enrolmentId }) => enrolmentId));
  for (const row of await deps.outbox.open(ref)) {
    if (outcomes.length >= AT_MOST) break;
    // The step of an enrolment leads to its row; one whose enrolment ended between claim and gate is met here only.
    const ofStep = row.enrolmentId !== null && active.has(row.enrolmentId);
    const outcome = await workOpen(deps, ref, row, ofStep);
    if (outcome !== null) outcomes.push(outcome);
  }
  if (lead.state === 'active' && lead.deletedAt === null) {
    const walk = await walkOf(deps, ref, lead, location);
    for (const enrolment of await deps.leads.enrolments(ref)) {
      if (outcomes.length >= AT_MOST) break;
      const outcome = await workEnrolment(deps, ref, enrolment, walk);
      if (outcome !== null) outcomes.push(outcome);
    }
  }
  const looked = await lookAfterAssignment(deps, ref);
  if (looked !== null) outcomes.push(looked);
  outcomes.push(...(await lookAtTime(deps, ref)));
  return { outcome: outcomes.join(', ') || 'nothing was due', next: await plan(deps, ref) };
}

async function walkOf(deps: Deps, ref: LeadRef, lead: Lead, location: Location | undefined): Promise<Walk> {
  const standing = await deps.leads.followUp(ref);
  const { facts } = followUpFacts(lead, location, [], standing, isoNow(deps));
  return { location, facts, talk: standing.talk, perform: (row, of) => perhapsPerform(deps, ref, row, of) };
}

/** Nothing is asked of a CRM that does not take our token. Its un-parking wakes the lead; until then it looks once in a while. */
async function held(deps: Deps, ref: LeadRef): Promise<TouchResult> {
  const next = await plan(deps, ref);
  const at = later(deps.now(), PARKED_MS);
  const soon = next !== null && Date.parse(next.at) < Date.parse(at);
  return {
    outcome: 'the location is parked',
    next: soon ? { ...next, at, sentence: `Held, since the CRM does not take our token: ${next.what}` } : next,
  };
}

/** An open row that no enrolment's step leads to: one cut short, one of unknown outcome, a task of a decision. */
async function workOpen(deps: Deps, ref: LeadRef, row: OutboxRow, ofStep: boolean): Promise<string | null> {
  const now = isoNow(deps);
  if (row.state === 'sending') {
    const cutShort = row.sendingAt !== null && Date.parse(now) - Date.parse(row.sendingAt) >= SENDING_LIMIT_MS;
    if (!cutShort) return null;
    await deps.outbox.settle(
      row.sendId,
      ref,
      { state: 'unknown', reason: 'cut short while sending', checkAt: later(row.sendingAt, SENDING_LIMIT_MS) },
      now,
    );
    const again = await deps.outbox.get(row.sendId, ref);
    return again === undefined ? null : readBack(deps, ref, again);
  }
  if (row.state === 'unknown') return isDue(row.checkAt, now) ? readBack(deps, ref, row) : null;
  if (ofStep) return null;
  if (row.state === 'claimed') return perhapsPerform(deps, ref, row);
  if (row.state === 'not-sent' && isDue(row.checkAt, now)) {
    return perhapsPerform(deps, ref, await deps.outbox.claim(ref, row, now));
  }
  return null;
}

/** What a restore made us forget is not done again. */
async function perhapsPerform(deps: Deps, ref: LeadRef, row: OutboxRow, of?: StepOf): Promise<string> {
  return (await settleRecalled(deps, ref, row, of)) ?? perform(deps, ref, row, of);
}

function isDue(at: Iso | null, now: Iso): boolean {
  return at === null || Date.parse(at) <= Date.parse(now);
}
