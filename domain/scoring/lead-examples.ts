import type { Iso } from '../glossary.ts';
import type { DatasetSchema } from './dataset-schema.ts';
import { leadFeaturesAt, tracedLead } from './features/lead-features.ts';
import type { Deal } from './features/lead-history.ts';
import { signatureOf } from './features/registry.ts';
import { scorecardFeatures } from './features/scorecard-features.ts';
import { leadColumns, matureAfterDays } from './lead-model.ts';
import { pastScore } from './past-score.ts';
import type { ScoreTrace } from './score.ts';
import { logOddsOf } from './scorecard.ts';
import type { RawColumn, Table } from './table.ts';
import { type FeatureSet, packed, traceSet, unpacked } from './vector.ts';

type Stage = DatasetSchema['decisionStage'];

/** A lead as it was when it was scored. */
export interface LeadSnapshot extends Pick<ScoreTrace, 'asOf' | 'features' | 'values'> {
  readonly contactId: string;
}

/** What became of a lead; `at`: when it was told. */
export interface LeadOutcome {
  readonly status: 'won' | 'lost' | 'abandoned';
  readonly at: Iso;
}

/** What became of the leads that were looked at. */
export interface ExampleCounts {
  /** Leads that can be learned from, and those of them that were won in time. */
  readonly leads: number;
  readonly won: number;
  /** Of them: read again from their history, because nothing of use was stored with a score. */
  readonly reread: number;
  /** Leads whose time is not over: they are neither won nor lost yet. */
  readonly censored: number;
  /** Leads of which nothing is known from before their deal was closed. */
  readonly unusable: number;
}

/** A lead to learn from, as far as it is needed to choose the instant as of which it is an example. */
export interface LeadCase {
  readonly contactId: string;
  readonly createdAt: Iso;
  /** Undefined: its deal is open, or it has none. */
  readonly outcome: LeadOutcome | undefined;
}

/** `reread`: as of then it is to be read again from its history. */
export type Choice<Moment> = { readonly stored: Moment } | { readonly reread: Iso } | 'censored' | 'unusable';

const DAY_MS = 86_400_000;
/** A capture-stage snapshot is taken within a day of the lead's coming in. */
const captureMs = DAY_MS;

/**
 * How a lead's deals ended, as one outcome: won when the first one was won; closed otherwise only if none is open any more, and then when the
 * last one was. Undefined: open, or there was none.
 */
export function outcomeOf(deals: readonly Deal[]): LeadOutcome | undefined {
  const closed = deals.filter(isClosed).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const won = closed.find(({ status }) => status === 'won');
  return won ?? (closed.length < deals.length ? undefined : closed.at(-1));
}

function isClosed(deal: Deal): deal is LeadOutcome {
  return deal.status === 'won' || deal.status === 'lost' || deal.status === 'abandoned';
}

/** May values of this set be learned from: have all features the meaning that they have today? */
export function teaches({ features }: Pick<FeatureSet, 'features'>, stage: Stage): boolean {
  const known = new Set(features);
  return [...signatureOf(leadFeaturesAt(stage)), ...signatureOf(scorecardFeatures)].every((name) => known.has(name));
}

/** The last instant as of which a lead's time is over. */
export function matureUntil(now: Iso): Iso {
  return new Date(Date.parse(now) - matureAfterDays * DAY_MS).toISOString();
}

/**
 * As of when a lead is an example: one for each lead, and only where its time is over. A win inside of a time that still runs would be one
 * too early: quick wins would come in before the slow losses of the same week, and the share of wins would be too high. Nor is anything
 * learned from what was known once the deal was closed, for it knows how it ended. At the capture stage a lead's first snapshot is taken, at
 * contact one by chance that its id decides, so that a lead which is scored often counts no more than another. A lead without any is
 * read again as of a day after it came in.
 * @param moments  its snapshots of use, oldest first
 */
export function chooseMoment<Moment extends { readonly asOf: Iso }>(
  { contactId, createdAt, outcome }: LeadCase,
  moments: readonly Moment[],
  { now, stage }: { readonly now: Iso; readonly stage: Stage },
): Choice<Moment> {
  const until = Date.parse(matureUntil(now));
  const closed = outcome === undefined ? Infinity : Date.parse(outcome.at);
  const dayAfter = Date.parse(createdAt) + captureMs;
  const usable = moments.filter(({ asOf }) => {
    const at = Date.parse(asOf);
    return at < closed && (stage !== 'capture' || at <= dayAfter);
  });
  const mature = usable.filter(({ asOf }) => Date.parse(asOf) <= until);
  const chosen = mature[stage === 'capture' ? 0 : chance(contactId, mature.length)];
  if (chosen !== undefined) return { stored: chosen };
  if (dayAfter > until) return 'censored';
  if (dayAfter < closed) return { reread: new Date(dayAfter).toISOString() };
  return usable.length > 0 ? 'censored' : 'unusable';
}

/** Examples as they are gathered, a few hundred bytes each however many there are. */
export interface Examples {
  add(snapshot: LeadSnapshot, outcome: LeadOutcome | undefined): void;
  /** All of them, the oldest first, whatever the order in which they came. */
  table(personOf: (contactId: string) => string): Table;
}

/**
 * A team's own leads as rows to learn from: one row a lead, as it was known when it was scored, and whether it was won within the time.
 * @throws RangeError by `add` for a snapshot that does not teach (`teaches`)
 */
export function gatherExamples(stage: Stage): Examples {
  const set = stageSet(stage);
  const width = set.features.length;
  const rows: Row[] = [];
  let cells = new Float32Array(1_024 * width);
  return {
    add(snapshot, outcome) {
      const begin = rows.length * width;
      if (begin === cells.length) cells = doubled(cells);
      const lead = tracedLead(snapshot, set.features);
      cells.set(packed(Object.values(lead), set), begin);
      const at = Date.parse(snapshot.asOf);
      rows.push({ contactId: snapshot.contactId, at, won: isWon(outcome, at), rules: rulesOf(snapshot), begin });
    },
    table(personOf) {
      const inOrder = rows.toSorted((a, b) => a.at - b.at || (a.contactId < b.contactId ? -1 : 1));
      return tableOf(inOrder, cells, set, personOf);
    },
  };
}

interface Row {
  readonly contactId: string;
  readonly at: number;
  readonly won: boolean;
  /** The log-odds that the rules gave, for the trial against them. */
  readonly rules: number;
  /** Where its values begin. */
  readonly begin: number;
}

/** Columns of a stage's features, with the words that their numbers stand for. */
function stageSet(stage: Stage): FeatureSet {
  const features = signatureOf(leadFeaturesAt(stage));
  return { features, levels: features.map((name) => traceSet.levels[traceSet.features.indexOf(name)] ?? null) };
}

function rulesOf({ asOf, features, values }: LeadSnapshot): number {
  return logOddsOf(pastScore({ model: 'rules', modelHash: null, asOf, features, values }, null));
}

function isWon(outcome: LeadOutcome | undefined, from: number): boolean {
  return outcome?.status === 'won' && Date.parse(outcome.at) <= from + matureAfterDays * DAY_MS;
}

/** A number below `count` that looks like chance and is the same whenever it is asked for (FNV-1a). */
function chance(text: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return count === 0 ? 0 : (hash >>> 0) % count;
}

function doubled(cells: Float32Array): Float32Array<ArrayBuffer> {
  const twice = new Float32Array(2 * cells.length);
  twice.set(cells);
  return twice;
}

function tableOf(
  rows: readonly Row[],
  cells: Float32Array,
  { features, levels }: FeatureSet,
  personOf: (contactId: string) => string,
): Table {
  const columns = features.map((name, i) => [name, columnOf(rows, cells, i, levels[i] ?? null)] as const);
  const numbers = (of: (row: Row) => number): RawColumn => ({ kind: 'number', values: Float64Array.from(rows, of) });
  const words = (of: (row: Row) => string): RawColumn => ({ kind: 'category', values: rows.map(of) });
  return {
    rows: rows.length,
    columns: {
      ...Object.fromEntries(columns),
      [leadColumns.label]: numbers(({ won }) => (won ? 1 : 0)),
      [leadColumns.id]: words(({ contactId }) => contactId),
      [leadColumns.group]: words(({ contactId }) => personOf(contactId)),
      [leadColumns.time]: numbers(({ at }) => at / DAY_MS),
      [leadColumns.rules]: numbers(({ rules }) => rules),
    },
  };
}

function columnOf(
  rows: readonly Row[],
  cells: Float32Array,
  column: number,
  levels: readonly string[] | null,
): RawColumn {
  const cell = ({ begin }: Row): number => cells[begin + column]!;
  if (levels !== null) return { kind: 'category', values: rows.map((row) => levels[cell(row)] ?? null) };
  // One NaN for all: the bits of the column are hashed.
  return {
    kind: 'number',
    values: Float64Array.from(rows, (row) => (Number.isNaN(cell(row)) ? Number.NaN : cell(row))),
  };
}

/** A stored vector as a snapshot. @throws RangeError when the numbers cannot be of this set */
export function snapshotFrom(contactId: string, asOf: Iso, vector: Float32Array, set: FeatureSet): LeadSnapshot {
  return { contactId, asOf, features: set.features, values: unpacked(vector, set) };
}
