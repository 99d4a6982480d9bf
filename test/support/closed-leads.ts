import { leadFeaturesAt, traceFeatures } from '../../domain/scoring/features/lead-features.ts';
import type { FeatureValue } from '../../domain/scoring/features/registry.ts';
import type { LeadOutcome, LeadSnapshot } from '../../domain/scoring/lead-model.ts';
import { createRandom } from '../../domain/scoring/trainer/random.ts';

const DAY_MS = 86_400_000;
const names = leadFeaturesAt('contact').map(({ name }) => name);

/** What is stored with a score of which only these values are known. */
export function storedValues(values: Readonly<Record<string, FeatureValue>>): readonly FeatureValue[] {
  return traceFeatures.map((feature) => values[feature.replace(/@\d+$/, '')] ?? null);
}

/** A snapshot of one lead. */
export function snapshotOf(
  contactId: string,
  asOf: string,
  values: Readonly<Record<string, FeatureValue>>,
): LeadSnapshot {
  return { contactId, person: contactId, asOf, features: traceFeatures, values: storedValues(values), rules: 0 };
}

/**
 * Leads of a made-up team, one a few hours, scored once each. Who views homes and wants to move soon is won more often; `signal` 0: nobody
 * is. Half of the budgets are unknown. Numbers of a test, and no measurement of anything.
 */
export function madeUpLeads(
  count: number,
  {
    seed,
    signal,
    first = '2024-01-01T00:00:00.000Z',
  }: { readonly seed: number; readonly signal: number; readonly first?: string },
): { readonly snapshots: readonly LeadSnapshot[]; readonly outcomes: readonly LeadOutcome[]; readonly last: string } {
  const random = createRandom(seed);
  const snapshots: LeadSnapshot[] = [];
  const outcomes: LeadOutcome[] = [];
  let at = Date.parse(first);
  for (let i = 0; i < count; i += 1) {
    at += DAY_MS / 4;
    const values: Record<string, FeatureValue> = Object.fromEntries(names.map((name) => [name, null]));
    values['daysKnown'] = 0.1;
    const viewed = random.below(20);
    values['homesViewed'] = viewed;
    values['searches'] = random.below(5);
    const budget = random.next() < 0.5 ? null : 200_000 + 50_000 * random.below(10);
    values['budget'] = budget;
    values['moveTimeline'] = [null, 'immediate', 'soon', 'exploring'][random.below(4)] ?? null;
    const soon = values['moveTimeline'] === 'immediate' ? 1.5 : values['moveTimeline'] === 'exploring' ? -1 : 0;
    const rich = budget === null ? 0 : (budget - 425_000) / 150_000;
    const logOdds = -1.2 + signal * ((viewed - 10) / 5 + soon + rich);
    const contactId = `lead-${i}`;
    const rules = random.next() - 0.5;
    snapshots.push({ ...snapshotOf(contactId, new Date(at).toISOString(), values), rules });
    const won = random.next() < 1 / (1 + Math.exp(-logOdds));
    const closed = new Date(at + (1 + random.below(80)) * DAY_MS).toISOString();
    outcomes.push({ contactId, status: won ? 'won' : 'lost', at: closed });
  }
  return { snapshots, outcomes, last: new Date(at).toISOString() };
}
