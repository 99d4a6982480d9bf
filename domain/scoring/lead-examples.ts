import type { Iso } from '../glossary.ts';
import type { DatasetSchema } from './data/dataset-schema.ts';
import { leadFeaturesAt, tracedLead } from './features/lead-features.ts';
import type { Deal } from './features/lead-history.ts';
import { signatureOf } from './features/registry.ts';
import { scorecardFeatures } from './features/scorecard-features.ts';
import { leadColumns, matureAfterDays } from './lead-model.ts';
import { pastScore } from './past-score.ts';
import type { ScoreTrace } from './score.ts';
import { logOddsOf } from './scorecard.ts';
import { isStanding } from './standing-features.ts';
import type { RawColumn, Table } from './data/table.ts';
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
  /** Of them: read again from their history, because nothing of use was stored with a score in the day before. */
  readonly reread: number;
  /** Leads whose time is not over: as of the instant that was drawn they are neither won nor lost yet. */
  readonly censored: number;
  /** Leads whose deal was closed before that instant. */
  readonly closed: number;
  /** Leads whose history is too long to be read. */
  readonly unusable: number;
}

/** A lead to learn from, as far as it is needed to choose the instant as of which it is an example. */
export interface LeadCase {
  readonly contactId: string;
  readonly createdAt: Iso;
  /** Undefined: its deal is open, or it has none. */
  readonly outcome: LeadOutcome | undefined;
}

/** As of when a lead is an example, with the snapshot that was taken by then; null: it is to be read again from its history. */
export type Choice<Moment> = { readonly asOf: Iso; readonly stored: Moment | null } | 'censored' | 'closed';

const DAY_MS = 86_400_000;
/** Ages in days at which leads are looked at, one of them each. By the first, an hour, a lead that came in has been scored. */
export const ages = [1 / 24, 1, 3, 7, 14, 30, 60, 90, 150] as const;
/** A snapshot tells of a day at the most: while a score stays the same none is stored, and an older one would give a lead the age that it had then. */
const freshMs = DAY_MS;

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
 * As of when a lead is an example, if it is one. The instant comes before anything that is known of the lead's end: its age is drawn from a
 * fixed list by its id alone, and what is stored after it is not looked at. Were it drawn from the lead's snapshots before the deal closed, a
 * quick win would have few to choose from and a lead that never closes hundreds, and young leads would be won far too often. Only where its
 * time is over by now is a lead an example, won or not: quick wins would come in before the slow losses of the same week. A lead
 * whose deal was closed by then is none at that age. At the capture stage it is the first snapshot of the first day.
 * @param moments  its snapshots of use, oldest first
 */
export function chooseMoment<Moment extends { readonly asOf: Iso }>(
  { contactId, createdAt, outcome }: LeadCase,
  moments: readonly Moment[],
  { now, stage }: { readonly now: Iso; readonly stage: Stage },
): Choice<Moment> {
  const [from, to] = stage === 'capture' ? firstDay(createdAt) : dayBefore(drawnInstant({ contactId, createdAt }));
  const fresh = moments.filter(({ asOf }) => Date.parse(asOf) > from && Date.parse(asOf) <= to);
  const stored = (stage === 'capture' ? fresh[0] : fresh.at(-1)) ?? null;
  const at = stage === 'capture' && stored !== null ? Date.parse(stored.asOf) : to;
  if (at > Date.parse(matureUntil(now))) return 'censored';
  if (outcome !== undefined && Date.parse(outcome.at) <= at) return 'closed';
  return { asOf: new Date(at).toISOString(), stored };
}

/** The instant as of which a lead is looked at after its capture, whatever became of it. */
export function drawnInstant({ contactId, createdAt }: Pick<LeadCase, 'contactId' | 'createdAt'>): Iso {
  const age = ages[chance(contactId, ages.length)]!;
  return new Date(Date.parse(createdAt) + age * DAY_MS).toISOString();
}

/** A capture-stage snapshot is taken within a day of the lead's coming in, be it by a clock that goes before the CRM's. */
function firstDay(createdAt: Iso): readonly [number, number] {
  return [-Infinity, Date.parse(createdAt) + DAY_MS];
}

function dayBefore(at: Iso): readonly [number, number] {
  return [Date.parse(at) - freshMs, Date.parse(at)];
}

/** Examples as they are gathered, a few hundred bytes each however many there are. */
export interface Examples {
  add(
    snapshot: LeadSnapshot,
    about: { readonly outcome: LeadOutcome | undefined; readonly asOf: Iso; readonly reread: boolean },
  ): void;
  /**
   * All of them, the oldest first, whatever the order in which they came. While one of them was read again, what it cannot tell (`isStanding`)
   * is unknown of all: else to be unknown would mean to have been quiet, or to have come early.
   */
  table(personOf: (contactId: string) => string): Table;
}

/**
 * A team's own leads as rows to learn from: one row a lead, as it was known at one instant, and whether it was won within the time from then.
 * @throws RangeError by `add` for a snapshot that does not teach (`teaches`)
 */
export function gatherExamples(stage: Stage): Examples {
  const set = stageSet(stage);
  const width = set.features.length;
  const rows: Row[] = [];
  let cells = new Float32Array(1_024 * width);
  return {
    add(snapshot, { outcome, asOf, reread }) {
      const begin = rows.length * width;
      if (begin === cells.length) cells = doubled(cells);
      const lead = tracedLead(snapshot, set.features);
      cells.set(packed(Object.values(lead), set), begin);
      const at = Date.parse(asOf);
      const rules = { told: rulesOf(snapshot), untold: rulesOf(withoutStanding(snapshot)) };
      rows.push({ contactId: snapshot.contactId, at, won: isWon(outcome, at), reread, rules, begin });
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
  readonly reread: boolean;
  /** The log-odds that the rules gave, for the trial against them; `untold`: without what a lead that is read again cannot tell. */
  readonly rules: Readonly<Record<'told' | 'untold', number>>;
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

function withoutStanding(snapshot: LeadSnapshot): LeadSnapshot {
  const { features, values } = snapshot;
  return { ...snapshot, values: values.map((value, i) => (isStanding(features[i]!) ? null : value)) };
}

function isWon(outcome: LeadOutcome | undefined, from: number): boolean {
  return outcome?.status === 'won' && Date.parse(outcome.at) <= from + matureAfterDays * DAY_MS;
}

/** A number below `count` that looks like chance and is the same whenever it is asked for (FNV-1a). */
function chance(text: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % count;
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
  const untold = rows.some(({ reread }) => reread);
  const columns = features.map((name, i) => {
    const known = untold && isStanding(name) ? () => Number.NaN : ({ begin }: Row): number => cells[begin + i]!;
    return [name, columnOf(rows, known, levels[i] ?? null)] as const;
  });
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
      [leadColumns.rules]: numbers(({ rules }) => (untold ? rules.untold : rules.told)),
    },
  };
}

function columnOf(rows: readonly Row[], cell: (row: Row) => number, levels: readonly string[] | null): RawColumn {
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
