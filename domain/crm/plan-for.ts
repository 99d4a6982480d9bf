import type { Tier } from '../glossary.ts';
import { sameTag } from '../leads/activation.ts';
import type { Stage } from '../leads/lead.ts';
import type { LocationSettings } from '../leads/settings.ts';
import type { CrmPlan } from './plan.ts';
import { evaluateRules, type RuleFacts } from './rules.ts';

const tiers: readonly Tier[] = ['hot', 'warm', 'cold'];

/** What the plan of a lead is made from. */
export interface PlanSituation {
  readonly tier: Tier | null;
  /** 0–100; null as long as there is none. */
  readonly score: number | null;
  readonly stage: Stage;
  readonly facts: RuleFacts;
  /** The person wants no more e-mails. */
  readonly unsubscribed: boolean;
}

/**
 * The state that we want in the CRM: one tier tag, the other two gone, score and tier in their fields, what the rules ask for, the stage
 * in the team's pipeline. Somebody who opted out is in no workflow of ours, and do-not-disturb tells everybody else of the team.
 */
export function planFor(
  { tier, score, stage, facts, unsubscribed }: PlanSituation,
  settings: LocationSettings,
): CrmPlan {
  const { tags, fields, workflows } = evaluateRules(settings.rules, facts);
  const own = ownFields(tier, score, settings);
  const wanted = unique([...(tier === null ? [] : [settings.tierTags[tier]]), ...tags]);
  const borne = new Set(wanted.map(sameTag));
  const others = tier === null ? [] : tiers.filter((other) => other !== tier).map((other) => settings.tierTags[other]);
  return {
    addTags: wanted,
    // A location may give two tiers the same tag; what we add is never taken away again.
    removeTags: others.filter((tag) => !borne.has(sameTag(tag))),
    fields: { ...fields, ...own },
    ownFields: Object.keys(own),
    tier,
    opportunity: opportunityFor(stage, settings),
    workflows: stage === 'opted-out' ? [] : unique(workflows.flatMap(({ workflow }) => idOf(settings, workflow) ?? [])),
    dnd: stage === 'opted-out' ? ['sms', 'email'] : unsubscribed ? ['email'] : [],
  };
}

/** The score is written as a whole number, so that a change behind the decimal point costs no call. */
function ownFields(tier: Tier | null, score: number | null, { customFields }: LocationSettings): CrmPlan['fields'] {
  return {
    ...(score === null ? {} : { [customFields.score]: Math.round(score) }),
    ...(tier === null ? {} : { [customFields.tier]: tier }),
  };
}

function opportunityFor(stage: Stage, { pipeline }: LocationSettings): CrmPlan['opportunity'] {
  const stageId = pipeline?.stages[stage];
  if (pipeline === null || stageId === undefined) return null;
  return { pipelineId: pipeline.pipelineId, stageId, backwards: pipeline.backwards };
}

/** The id of a workflow that rules name; undefined where the location has named none. */
export function idOf({ workflows }: LocationSettings, name: string): string | undefined {
  return Object.hasOwn(workflows, name) ? workflows[name] : undefined;
}

function unique(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => !seen.has(sameTag(value)) && seen.add(sameTag(value)));
}
