import type { Tier } from '../glossary.ts';
import { sameTag } from '../leads/activation.ts';
import type { LocationSettings } from '../leads/settings.ts';
import type { CrmPlan } from './plan.ts';

const tiers: readonly Tier[] = ['hot', 'warm', 'cold'];

/**
 * The state that we want in the CRM: one tier tag, the other two gone, score and tier in their fields.
 * @param score  0–100; written as a whole number, so that a change behind the decimal point costs no call
 */
export function planFor(tier: Tier, score: number, settings: LocationSettings): CrmPlan {
  const wanted = settings.tierTags[tier];
  const others = tiers.filter((other) => other !== tier).map((other) => settings.tierTags[other]);
  return {
    addTags: [wanted],
    // A location may give two tiers the same tag; what we add is never taken away again.
    removeTags: others.filter((tag) => sameTag(tag) !== sameTag(wanted)),
    fields: { [settings.customFields.score]: Math.round(score), [settings.customFields.tier]: tier },
    tier,
  };
}
