import type { Iso } from '../glossary.ts';
import { type DatasetSchema, readDatasetSchema } from './dataset-schema.ts';
import { leadFeatures, leadFeaturesAt, tracedLead } from './features/lead-features.ts';
import { admit, type Feature, type FeatureValue, type Refusal, signatureOf } from './features/registry.ts';
import type { SeenLead } from './features/lead-history.ts';
import type { LeadModel } from './model-score.ts';
import type { ScoreTrace } from './score.ts';
import type { RawColumn, Table } from './table.ts';
import { featuresOf } from './trainer/encoder.ts';

/** The stage at which a model of leads decides. */
type Stage = DatasetSchema['decisionStage'];

/** A lead as it was when it was scored. */
export interface LeadSnapshot extends Pick<ScoreTrace, 'asOf' | 'features' | 'values'> {
  readonly contactId: string;
  /** Contacts of one person share it: they stay on one side of every split. */
  readonly person: string;
  /** The log-odds that the rules gave, for the trial against them. */
  readonly rules: number;
}

/** What became of a lead; `at`: when it was told. A lead without an entry is open. */
export interface LeadOutcome {
  readonly contactId: string;
  readonly status: 'won' | 'lost' | 'abandoned';
  readonly at: Iso;
}

/** What became of the snapshots that went in. */
export interface ExampleCounts {
  /** Leads that can be learned from, and those of them that were won in time. */
  readonly leads: number;
  readonly won: number;
  /** Leads whose time is not over: they are neither won nor lost yet. */
  readonly censored: number;
  /** Leads of which no snapshot is of use: closed before it, taken too late for this stage, or of features that meant something else. */
  readonly unusable: number;
}

/**
 * Days after which a lead that was not won counts as not won. Sales come late: a month would call a third of the buyers lost, three months a
 * sixth; longer, and a team waits that much longer for its first model.
 */
export const matureAfterDays = 90;

/** A capture-stage snapshot is taken within a day of the lead's coming in. */
const captureDays = 1;
const DAY_MS = 86_400_000;

/** The columns of a table of leads, besides the features. `rules` is for the trial and no feature. */
export const leadColumns = { label: 'won', id: 'lead', group: 'person', time: 'day', rules: 'rulesLogOdds' } as const;

/** What a table of leads means to the trainer. Its features bear their versions, so that a model knows what it learned from. */
export function leadSchema(stage: Stage): DatasetSchema {
  return readDatasetSchema({
    task: 'classify',
    ...{
      label: leadColumns.label,
      positive: '1',
      id: leadColumns.id,
      group: leadColumns.group,
      time: leadColumns.time,
    },
    decisionStage: stage,
    features: leadFeaturesAt(stage).map((feature) => ({
      name: signatureOf([feature])[0]!,
      type: feature.type,
      knownAt: feature.knownAt,
    })),
  });
}

/**
 * A team's own leads as rows to learn from: one row a lead, as it was known when it was scored, and whether it was won within the time.
 * Only leads whose time is over are rows. A win inside of a time that still runs would be one too early: quick wins would come in before the
 * slow losses of the same week, and the share of wins would be too high. At the capture stage a lead's first snapshot is taken, at contact
 * one by chance that its id decides, so that a lead which is scored often counts no more than another.
 */
export function leadExamples(
  snapshots: readonly LeadSnapshot[],
  outcomes: readonly LeadOutcome[],
  { now, stage }: { readonly now: Iso; readonly stage: Stage },
): { readonly table: Table; readonly counts: ExampleCounts } {
  const features = leadFeaturesAt(stage);
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.contactId, outcome]));
  const until = Date.parse(now) - matureAfterDays * DAY_MS;
  const rows: Row[] = [];
  let [censored, unusable] = [0, 0];
  for (const [contactId, taken] of byLead(snapshots)) {
    const outcome = outcomeOf.get(contactId);
    const usable = taken.flatMap((snapshot) => usableAt(snapshot, outcome, { features, stage }) ?? []);
    const mature = usable.filter(({ at }) => at <= until);
    const chosen = mature[stage === 'capture' ? 0 : chance(contactId, mature.length)];
    if (chosen !== undefined) rows.push({ ...chosen, won: isWon(outcome, chosen.at) });
    else if (usable.length > 0) censored += 1;
    else unusable += 1;
  }
  rows.sort((a, b) => a.at - b.at || (a.snapshot.contactId < b.snapshot.contactId ? -1 : 1));
  const won = rows.filter((row) => row.won).length;
  return { table: tableOf(rows, features), counts: { leads: rows.length, won, censored, unusable } };
}

/** What a model looks at and must not, by name; empty: it may speak. To be asked before a model file is let in. */
export function refusedIn({ encoder }: Pick<LeadModel, 'encoder'>, stage: Stage): readonly Refusal[] {
  return admit(leadFeatures, [...new Set(encoder.columns.flatMap(featuresOf))], stage).refused;
}

/** Leads as a model is asked about them, by `name@version`. */
function leadTable(features: readonly Feature<SeenLead>[], leads: readonly Lead[]): Table {
  const columns = features.map((feature) => {
    const [name] = signatureOf([feature]) as [string];
    return [
      name,
      columnOf(
        feature.type,
        leads.map((lead) => lead[name] ?? null),
      ),
    ] as const;
  });
  return { rows: leads.length, columns: Object.fromEntries(columns) };
}

type Lead = Readonly<Record<string, FeatureValue>>;

interface Usable {
  readonly snapshot: LeadSnapshot;
  readonly at: number;
  readonly lead: Lead;
}

interface Row extends Usable {
  readonly won: boolean;
}

/** By lead, oldest first. */
function byLead(snapshots: readonly LeadSnapshot[]): ReadonlyMap<string, readonly LeadSnapshot[]> {
  const leads = new Map<string, LeadSnapshot[]>();
  for (const snapshot of snapshots.toSorted((a, b) => Date.parse(a.asOf) - Date.parse(b.asOf))) {
    const known = leads.get(snapshot.contactId);
    if (known === undefined) leads.set(snapshot.contactId, [snapshot]);
    else known.push(snapshot);
  }
  return leads;
}

function usableAt(
  snapshot: LeadSnapshot,
  outcome: LeadOutcome | undefined,
  { features, stage }: { readonly features: readonly Feature<SeenLead>[]; readonly stage: Stage },
): Usable | undefined {
  const at = Date.parse(snapshot.asOf);
  // What was known once the deal was closed knows how it ended.
  if (outcome !== undefined && Date.parse(outcome.at) <= at) return undefined;
  const known = new Set(snapshot.features);
  if (!signatureOf(features).every((feature) => known.has(feature))) return undefined;
  const lead = tracedLead(snapshot, [...signatureOf(features), ageSignature]);
  const age = lead[ageSignature];
  if (stage === 'capture' && !(typeof age === 'number' && age <= captureDays)) return undefined;
  return { snapshot, at, lead };
}

const ageSignature = signatureOf(leadFeatures.filter(({ name }) => name === 'daysKnown'))[0]!;

function isWon(outcome: LeadOutcome | undefined, from: number): boolean {
  return outcome?.status === 'won' && Date.parse(outcome.at) <= from + matureAfterDays * DAY_MS;
}

/** A number below `count` that looks like chance and is the same whenever it is asked for (FNV-1a). */
function chance(text: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return count === 0 ? 0 : (hash >>> 0) % count;
}

function tableOf(rows: readonly Row[], features: readonly Feature<SeenLead>[]): Table {
  const { columns } = leadTable(
    features,
    rows.map(({ lead }) => lead),
  );
  return {
    rows: rows.length,
    columns: {
      ...columns,
      [leadColumns.label]: { kind: 'number', values: Float64Array.from(rows, ({ won }) => (won ? 1 : 0)) },
      [leadColumns.id]: { kind: 'category', values: rows.map(({ snapshot }) => snapshot.contactId) },
      [leadColumns.group]: { kind: 'category', values: rows.map(({ snapshot }) => snapshot.person) },
      [leadColumns.time]: { kind: 'number', values: Float64Array.from(rows, ({ at }) => at / DAY_MS) },
      [leadColumns.rules]: { kind: 'number', values: Float64Array.from(rows, ({ snapshot }) => snapshot.rules) },
    },
  };
}

function columnOf(type: 'number' | 'category', values: readonly FeatureValue[]): RawColumn {
  if (type === 'category')
    return { kind: 'category', values: values.map((value) => (typeof value === 'string' ? value : null)) };
  return {
    kind: 'number',
    values: Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN)),
  };
}
