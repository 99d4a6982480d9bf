import type { Tier } from '../glossary.ts';
import type { Stage } from '../leads/lead.ts';
import type { Features } from './features.ts';
import type { Score } from './score.ts';

/** Something worth doing for a lead, in an agent's words. */
export interface Recommendation {
  readonly does: string;
  /** Null: there is no hurry. */
  readonly withinHours: number | null;
  /** The feature that it follows from; null: the tier alone, or that too little is known. */
  readonly because: string | null;
}

/** What is known of the lead where a tier's advice depends on it. */
export interface AdvisedLead {
  readonly tier: Tier;
  readonly stage: Stage;
  /** Which side of a sale, by the lead's own words; null: not said. */
  readonly side: 'buy' | 'sell' | null;
  readonly features: Features;
  /** As its score says. */
  readonly unsure: Score['unsure'];
}

/** More than five are read by nobody. */
const most = 5;

/**
 * What to do, most urgent first. An advice that needs a fact is given only where the fact is known; nothing is advised for a lead that is
 * gone or has asked to be left alone. Whether a message may go out is the gate's to judge, whatever is advised here.
 */
export function recommendationsFor(lead: AdvisedLead): readonly Recommendation[] {
  if (lead.stage === 'gone' || lead.stage === 'opted-out') return [];
  return [...question(lead), ...byTier[lead.tier](lead)].slice(0, most);
}

/** First of all where the score cannot tell: the answer may change everything below it. */
function question({ unsure }: AdvisedLead): Recommendation[] {
  const ask = unsure?.ask ?? null;
  return ask === null ? [] : [{ does: `Ask: ${ask}`, withinHours: null, because: null }];
}

const byTier: Readonly<Record<Tier, (lead: AdvisedLead) => readonly Recommendation[]>> = { hot, warm, cold };

function hot({ side, features }: AdvisedLead): readonly Recommendation[] {
  return [
    { does: 'Call', withinHours: 1, because: null },
    { does: meeting(side), withinHours: 48, because: null },
    ...when(features.budgetMatch, (match) => match > 0.8, 'Talk about financing', null, 'budgetMatch'),
  ];
}

function warm({ side, features }: AdvisedLead): readonly Recommendation[] {
  return [
    { does: 'Call or write', withinHours: 24, because: null },
    ...when(features.engagement, (share) => share < 0.5, 'Write something else than so far', null, 'engagement'),
    ...(side === 'sell' ? [] : fewMatches(features)),
  ];
}

function cold({ side, features }: AdvisedLead): readonly Recommendation[] {
  return [
    { does: 'Leave it to the follow-up sequences', withinHours: null, because: null },
    ...when(features.responseTime, (speed) => speed === 0, 'Try another channel', null, 'responseTime'),
    ...(side === 'sell' ? [] : fewMatches(features)),
  ];
}

function meeting(side: AdvisedLead['side']): string {
  if (side === null) return 'Offer an appointment';
  return side === 'buy' ? 'Offer a viewing' : 'Offer to come and see the home';
}

/** Fewer than three of ten. */
function fewMatches({ propertyMatches }: Features): Recommendation[] {
  return when(propertyMatches, (share) => share < 0.3, 'Look for more listings that match', 168, 'propertyMatches');
}

function when(
  value: number | null,
  holds: (value: number) => boolean,
  does: string,
  withinHours: number | null,
  because: string,
): Recommendation[] {
  return value !== null && holds(value) ? [{ does, withinHours, because }] : [];
}
