import type { Settled } from '../leads/endings.ts';
import type { Situation } from '../leads/decision.ts';
import type { OutboxDraft } from '../ports/outbox.ts';
import { answersNote } from './note.ts';
import { idOf } from './plan-for.ts';
import type { CrmPlan } from './plan.ts';
import { evaluateRules, type RuleFacts } from './rules.ts';

/**
 * What is to be made once in the CRM because of this event: a note with the answers when the lead becomes qualified, an addition to
 * a GHL workflow when a rule begins to hold, an opportunity when the plan begins to name the pipeline. Whether a rule holds already is told by
 * the facts before the event under the rules as they are now, so that new rules start nothing for leads of old.
 * @param before  null where we were not allowed to act before
 */
export function draftsFor(
  situation: Situation,
  settled: Settled,
  plan: CrmPlan | null,
  facts: { readonly before: RuleFacts | null; readonly now: RuleFacts },
): readonly OutboxDraft[] {
  if (plan === null) return [];
  const { event, lead, qualification, stale } = situation;
  const drafts: OutboxDraft[] = [];
  if (settled.stage === 'qualified' && (lead.stage !== 'qualified' || facts.before === null)) {
    drafts.push(draft('note', `note:qualified:${event.inboxId}`, { body: answersNote(qualification) }));
  }
  // A workflow may write to the lead: old news starts none, and none starts while a person works the lead.
  if (!stale && settled.state === 'active' && settled.stage !== 'opted-out') {
    drafts.push(...workflowDrafts(situation, plan, facts));
  }
  if (plan.opportunity !== null && plan.opportunity.pipelineId !== lead.plan?.opportunity?.pipelineId) {
    const { pipelineId, stageId } = plan.opportunity;
    const key = `opportunity:${pipelineId}:${event.inboxId}`;
    drafts.push(draft('opportunity', key, { body: '', target: pipelineId, stage: stageId }));
  }
  return drafts;
}

function workflowDrafts(
  { settings, event }: Situation,
  plan: CrmPlan,
  { before, now }: { readonly before: RuleFacts | null; readonly now: RuleFacts },
): OutboxDraft[] {
  const held = before === null ? [] : evaluateRules(settings.rules, before).workflows;
  const heldBefore = new Set(held.map(({ rule, workflow }) => `${rule}:${workflow}`));
  return evaluateRules(settings.rules, now).workflows.flatMap(({ rule, workflow }) => {
    const workflowId = idOf(settings, workflow);
    if (workflowId === undefined || heldBefore.has(`${rule}:${workflow}`) || !plan.workflows.includes(workflowId)) {
      return [];
    }
    return [draft('ghl-workflow', `workflow:${rule}:${workflow}:${event.inboxId}`, { body: '', target: workflowId })];
  });
}

function draft(
  channel: 'note' | 'opportunity' | 'ghl-workflow',
  onceKey: string,
  content: OutboxDraft['content'],
): OutboxDraft {
  return { onceKey, channel, purpose: 'task', enrolmentId: null, stepKey: null, content };
}
