import type { Iso } from '../glossary.ts';
import { planNext, type PlanFacts } from '../follow-up/plan.ts';
import type { AssistWaits } from '../ports/drafts.ts';
import type { DecideVerdict } from '../ports/leads.ts';
import { assistNext } from './assist.ts';
import type { Lead } from './lead.ts';

/** Where a lead stands, as its workflow needs it: ids, verdicts and plain words; nothing personal. */
export function verdictOf(
  lead: Pick<Lead, 'stage' | 'tier' | 'score' | 'deletedAt'>,
  facts: PlanFacts & {
    readonly assistWaits?: AssistWaits;
    readonly dirty: boolean;
    readonly installed: boolean;
    readonly summary: string;
  },
  now: Iso,
): DecideVerdict {
  const gone = lead.deletedAt !== null || lead.stage === 'gone' || !facts.installed;
  const newest = [...facts.enrolments].sort((a, b) => b.document.priority - a.document.priority)[0];
  return {
    state: facts.state,
    stage: lead.stage,
    tier: lead.tier,
    score: lead.score === null ? null : Math.round(lead.score.value),
    sequence: newest?.document.key ?? null,
    next: gone ? null : planNext(facts, now),
    ...(facts.assistWaits === undefined ? {} : { assist: gone ? null : assistNext(facts.assistWaits, facts.zone) }),
    dirty: !gone && facts.dirty,
    ended: gone ? 'gone' : null,
    summary: facts.summary,
  };
}
