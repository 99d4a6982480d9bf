import type { LeadStore } from '../../domain/ports/leads.ts';
import { type LeadRules, commitDecision } from './leads-commit.ts';
import { openCase, standing } from './leads-levels.ts';
import { list } from './leads-list.ts';
import * as read from './leads-read.ts';
import * as write from './leads-write.ts';
import { type Pool, stored } from './pool.ts';
import { timeline } from './timeline.ts';

/** Leads in Postgres; see `LeadStore` for what each function promises. */
export function createLeadStore(pool: Pool, rules: LeadRules): LeadStore {
  return {
    load: (ref) => stored(() => read.load(pool, ref)),
    talk: (ref, limit) => stored(() => read.talk(pool, ref, limit)),
    scoreFacts: (ref, asOf) => stored(() => read.scoreFacts(pool, ref, asOf)),
    enrolments: (ref) => stored(() => read.enrolments(pool, ref)),
    openCase: (ref, inboxId) => stored(() => openCase(pool, ref, inboxId)),
    standing: (ref, inboxId, asOf) => stored(() => standing(pool, ref, inboxId, asOf)),
    commitDecision: (record, verdictOf) => stored(() => commitDecision(pool, rules, record, verdictOf)),
    next: (ref) => stored(() => read.next(pool, ref)),
    plan: (ref) => stored(() => read.plan(pool, ref)),
    markApplied: (ref, version, entry) => stored(() => write.markApplied(pool, ref, version, entry)),
    refreshSnapshot: (ref, snapshot, at) => stored(() => write.refreshSnapshot(pool, rules, ref, snapshot, at)),
    act: (ref, actId, act, now) => stored(() => write.act(pool, ref, actId, act, now)),
    recordStep: (ref, enrolmentId, stepKey, outcome, now, end) =>
      stored(() =>
        write.recordStep(
          pool,
          ref,
          { enrolmentId, stepKey, outcome, ...(end === undefined ? {} : { ends: end }) },
          now,
        ),
      ),
    postpone: (ref, enrolmentId, notBefore) => stored(() => write.postpone(pool, ref, enrolmentId, notBefore)),
    endEnrolment: (ref, enrolmentId, reason) => stored(() => write.endEnrolment(pool, ref, enrolmentId, reason)),
    storeNext: (ref, next) => stored(() => write.storeNext(pool, ref, next)),
    timeline: (ref, limit, cursor) => stored(() => timeline(pool, ref, limit, cursor)),
    addTimeline: (ref, entry) => stored(() => write.addTimeline(pool, ref, entry)),
    list: (filter) => stored(() => list(pool, filter)),
    consent: (ref) => stored(() => read.consent(pool, ref)),
    underWay: () => read.underWay(pool),
  };
}
