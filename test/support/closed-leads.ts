import { leadFeaturesAt, traceFeatures } from '../../domain/scoring/features/lead-features.ts';
import { type FeatureValue, plainName } from '../../domain/scoring/features/registry.ts';
import {
  chooseMoment,
  drawnInstant,
  gatherExamples,
  type LeadOutcome,
  type LeadSnapshot,
  teaches,
} from '../../domain/scoring/lead-examples.ts';
import type { Table } from '../../domain/scoring/data/table.ts';
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
  return { contactId, asOf, features: traceFeatures, values: storedValues(values) };
}

/** What became of a made-up lead. */
export type ClosedLead = LeadOutcome & { readonly contactId: string };

/**
 * Examples from snapshots alone, as the store's are made: at capture a lead came in as many days before its first snapshot as that says, at
 * contact so long before that it is looked at as of then; and nothing can be read again. Each lead is a person of its own, unless `people` says otherwise.
 */
export function examplesOf(
  snapshots: readonly LeadSnapshot[],
  outcomes: readonly ClosedLead[],
  {
    people = {},
    ...asked
  }: Parameters<typeof chooseMoment>[2] & { readonly people?: Readonly<Record<string, string>> },
): { readonly table: Table; readonly left: Readonly<Record<string, 'censored' | 'closed' | 'reread'>> } {
  const examples = gatherExamples(asked.stage);
  const left: Record<string, 'censored' | 'closed' | 'reread'> = {};
  const ofLead = new Map<string, LeadSnapshot[]>();
  for (const snapshot of snapshots.toSorted((a, b) => Date.parse(a.asOf) - Date.parse(b.asOf))) {
    ofLead.set(snapshot.contactId, [...(ofLead.get(snapshot.contactId) ?? []), snapshot]);
  }
  for (const [contactId, taken] of ofLead) {
    const outcome = outcomes.find((one) => one.contactId === contactId);
    const lead = { contactId, createdAt: cameIn(taken[0]!, asked.stage), outcome };
    const choice = chooseMoment(
      lead,
      taken.filter((one) => teaches(one, asked.stage)),
      asked,
    );
    if (typeof choice === 'string') left[contactId] = choice;
    else if (choice.stored === null) left[contactId] = 'reread';
    else examples.add(choice.stored, { outcome, asOf: choice.asOf, reread: false });
  }
  return { table: examples.table((contactId) => people[contactId] ?? contactId), left };
}

function cameIn(
  { contactId, asOf, features, values }: LeadSnapshot,
  stage: Parameters<typeof chooseMoment>[2]['stage'],
): string {
  const days = values[features.findIndex((feature) => plainName(feature) === 'daysKnown')];
  const drawn = Date.parse(drawnInstant({ contactId, createdAt: new Date(0).toISOString() }));
  return new Date(Date.parse(asOf) - (stage === 'contact' ? drawn : Number(days ?? 0) * DAY_MS)).toISOString();
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
): { readonly snapshots: readonly LeadSnapshot[]; readonly outcomes: readonly ClosedLead[]; readonly last: string } {
  const random = createRandom(seed);
  const snapshots: LeadSnapshot[] = [];
  const outcomes: ClosedLead[] = [];
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
    // Of the rules alone, and chance.
    values['engagement'] = random.next();
    snapshots.push(snapshotOf(contactId, new Date(at).toISOString(), values));
    const won = random.next() < 1 / (1 + Math.exp(-logOdds));
    const closed = new Date(at + (1 + random.below(80)) * DAY_MS).toISOString();
    outcomes.push({ contactId, status: won ? 'won' : 'lost', at: closed });
  }
  return { snapshots, outcomes, last: new Date(at).toISOString() };
}
