import type { LeadRef } from '../../domain/glossary.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import { actOnEnrolment } from './enrolment-acts.ts';
import * as enrolments from './enrolments.ts';
import { followUp, wordsFor } from './follow-up-facts.ts';
import { type LeadRules, commitDecision } from './leads-commit.ts';
import { openCase, standing } from './leads-levels.ts';
import { list } from './leads-list.ts';
import * as read from './leads-read.ts';
import * as write from './leads-write.ts';
import { stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { timeline } from './timeline.ts';

/** Leads in Postgres; see `LeadStore` for what each function promises. */
export function createLeadStore(tenants: Tenants, rules: LeadRules): LeadStore {
  const at = (ref: LeadRef) => tenants.at(ref.locationId);
  return {
    load: (ref) => stored(() => read.load(at(ref), ref)),
    shown: (ref) => stored(() => read.shown(at(ref), ref)),
    talk: (ref, limit) => stored(() => read.talk(at(ref), ref, limit)),
    conversation: (ref, limit) => stored(() => read.talk(at(ref), ref, limit)),
    scoreFacts: (ref, asOf) => stored(() => read.scoreFacts(at(ref), ref, asOf)),
    enrolments: (ref) => stored(() => enrolments.enrolments(at(ref), ref)),
    allEnrolments: (ref, limit) => stored(() => enrolments.allEnrolments(at(ref), ref, limit)),
    followUp: (ref) => stored(() => followUp(at(ref), ref)),
    wordsFor: (ref, about) => stored(() => wordsFor(at(ref), ref, about)),
    skipStep: (ref, enrolmentId, stepKey, asOf, told) =>
      stored(() => enrolments.skipStep(at(ref), ref, { enrolmentId, stepKey, at: asOf }, told)),
    parkEnrolment: (ref, enrolmentId, code, now) =>
      stored(() => enrolments.parkEnrolment(at(ref), ref, enrolmentId, code, now)),
    actOnEnrolment: (ref, act, now) => stored(() => actOnEnrolment(at(ref), ref, act, now)),
    openCase: (ref, inboxId) => stored(() => openCase(at(ref), ref, inboxId)),
    standing: (ref, inboxId, asOf) => stored(() => standing(at(ref), ref, inboxId, asOf)),
    commitDecision: (record, verdictOf) => stored(() => commitDecision(at(record.ref), rules, record, verdictOf)),
    next: (ref) => stored(() => read.next(at(ref), ref)),
    plan: (ref) => stored(() => read.plan(at(ref), ref)),
    markApplied: (ref, version, entry) => stored(() => write.markApplied(at(ref), ref, version, entry)),
    refreshSnapshot: (ref, snapshot, asOf) => stored(() => write.refreshSnapshot(at(ref), rules, ref, snapshot, asOf)),
    act: (ref, actId, act, now) => stored(() => write.act(at(ref), ref, actId, act, now)),
    recordStep: (ref, enrolmentId, stepKey, outcome, now, end) =>
      stored(() =>
        enrolments.recordStep(
          at(ref),
          ref,
          { enrolmentId, stepKey, outcome, ...(end === undefined ? {} : { ends: end }) },
          now,
        ),
      ),
    postpone: (ref, enrolmentId, notBefore) => stored(() => enrolments.postpone(at(ref), ref, enrolmentId, notBefore)),
    endEnrolment: (ref, enrolmentId, reason) =>
      stored(() => enrolments.endEnrolment(at(ref), ref, enrolmentId, reason)),
    storeNext: (ref, next) => stored(() => write.storeNext(at(ref), ref, next)),
    timeline: (ref, limit, cursor) => stored(() => timeline(at(ref), ref, limit, cursor)),
    addTimeline: (ref, entry) => stored(() => write.addTimeline(at(ref), ref, entry)),
    list: (filter) => stored(() => list(tenants, filter)),
    consent: (ref) => stored(() => read.consent(at(ref), ref)),
    underWay: (after) => read.underWay(tenants.house, after),
  };
}
