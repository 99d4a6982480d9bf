import type { Breakpoint } from '../assistant/breakpoints.ts';
import type { BudgetVerdict } from '../assistant/budgets.ts';
import type { Job } from '../assistant/call.ts';
import type { CachedLayer, Fingerprints } from '../assistant/layers.ts';
import type { Entry, Failure, News } from '../assistant/ledger.ts';
import type { BudgetLimits } from '../assistant/limits.ts';
import type { Earlier, LayerReading } from '../assistant/misses.ts';
import type { Bill, Usage } from '../assistant/prices.ts';
import type { Gaps } from '../assistant/ttl.ts';
import type { Iso } from '../glossary.ts';

/** One way to make a call: by which model, and what it costs at most, nano-dollars. */
export interface Offer {
  readonly model: string;
  readonly most: number;
  readonly prints: Fingerprints;
  readonly marks: readonly Breakpoint[];
}

/** An attempt that is about to be made. */
export interface Intent {
  readonly locationId: string;
  readonly contactId: string | null;
  readonly job: Job;
  readonly callKey: string;
  readonly batch: boolean;
  readonly at: Iso;
  /** By then whoever makes it has given it up, if he lives. */
  readonly until: Iso;
}

export interface AttemptRef {
  readonly locationId: string;
  readonly callKey: string;
  readonly attempt: number;
}

export type Reserved =
  | {
      readonly kind: 'sent';
      readonly attempt: number;
      readonly offer: Offer;
      readonly verdict: BudgetVerdict;
    }
  | { readonly kind: 'refused'; readonly verdict: BudgetVerdict };

/** What an attempt came to, beside its news. */
export interface Told {
  readonly how?: Failure;
  readonly usage?: Usage;
  readonly bill?: Bill;
  /** Nano-dollars that the same answer had cost without caching. */
  readonly counterfactual?: number;
  readonly readings?: readonly LayerReading[];
  readonly requestId: string | null;
  readonly firstByteMs?: number;
  readonly ms?: number;
}

/** What was answered, for a repeat of the same work. */
export interface KeptAnswer {
  readonly text: string;
  readonly tool: { readonly name: string; readonly input: unknown } | null;
  readonly stop: 'end' | 'cut';
  readonly model: string;
}

/** What the ledger knows before a call. */
export interface Before {
  readonly answer: KeptAnswer | null;
  /** Nano-dollars that earlier attempts of the same work cost at most. */
  readonly cost: number;
  /** The last call of the same model within a day, or else of another. */
  readonly earlier: Earlier;
}

/** How calls of a model followed one another in the last days. Counts. */
export interface CountedTraffic {
  readonly gaps: Readonly<Record<CachedLayer, Gaps>>;
  /** Calls for a lead, and how many of them opened a talk. */
  readonly talks: { readonly calls: number; readonly opening: number };
  /** Of answers, thinking included; null: there was none. */
  readonly meanOutput: number | null;
}

/** One day, model and job of the report of what calls cost. Nano-dollars. */
export interface CostRow {
  /** In UTC, as the vendor's invoice. */
  readonly day: string;
  readonly model: string;
  readonly job: Job;
  readonly batch: boolean;
  readonly attempts: number;
  readonly answered: number;
  /** Attempts under way. */
  readonly open: number;
  /** Attempts whose doubt the vendor's report ended. */
  readonly settled: number;
  readonly tokens: Usage;
  readonly billed: number;
  readonly maybe: number;
  readonly counterfactual: number;
  /** Of the answers whose prompt had the layer: how many found it in the cache. */
  readonly layers: Readonly<Record<CachedLayer, { readonly calls: number; readonly read: number }>>;
  /** How often which reason kept a layer from being read. */
  readonly misses: Readonly<Record<string, number>>;
}

/** Attempts of all locations that the vendor reports together. */
export interface LedgerGroup {
  readonly day: string;
  readonly model: string;
  readonly batch: boolean;
}

export interface ModelLedger {
  before(
    call: Pick<Intent, 'locationId' | 'contactId' | 'callKey'> & { readonly model: string; readonly now: Iso },
  ): Promise<Before>;
  /**
   * Weighs an attempt against the budgets with these locked, and writes it down as sent: once this has answered `sent`, and not before, the
   * first byte may go out. One commit for both, since nothing lies between a reservation and its call: whoever dies there leaves an attempt
   * that may have been billed, which is true of what the ledger knows.
   * @param cheaper  taken where a budget's soft limit is reached and the hard one still allows it
   */
  reserve(intent: Intent, limits: BudgetLimits, wanted: Offer, cheaper?: Offer): Promise<Reserved>;
  /**
   * What an attempt came to, however late. @throws AppError LEDGER_STEP for news that contradicts what is known
   * @param answer  kept for a repeat, unless its lead is deleted
   */
  settle(ref: AttemptRef, sent: Entry, news: News, told: Told, answer?: KeptAnswer): Promise<Entry>;
  traffic(locationId: string, model: string, now: Iso): Promise<CountedTraffic>;
  /** Per day, model and job; of all locations where none is named. */
  cost(since: Iso, locationId?: string): Promise<readonly CostRow[]>;
}

/** Who writes a prefix into the vendor's cache, among all workers; a lease, so that whoever dies holds nobody up. */
export interface ModelFlights {
  /** How many of the prefixes are ours to write, until we land or the lease is over, and how many others write; the rest is written already. */
  take(
    prints: readonly string[],
    owner: string,
    lease: { readonly from: Iso; readonly until: Iso },
  ): Promise<{ readonly ours: number; readonly theirs: number }>;
  /** What was written is there until then; null: nothing was. */
  land(owner: string, written: Readonly<Record<string, Iso | null>>): Promise<void>;
}

/** What keeps the ledger true from time to time; for all locations. */
export interface ModelLedgerUpkeep {
  /** Attempts of workers that are gone may have been billed. Answers how many there were. */
  sweep(now: Iso): Promise<number>;
  /** Answers from before an instant and of those who were deleted, and leases that nobody holds any more. Answers how many answers went. */
  forgetAnswers(before: Iso): Promise<number>;
  /** Days, models and ways of billing with attempts within these days. */
  groups(fromDay: string, toDay: string): Promise<readonly LedgerGroup[]>;
  /** Holds a group against what the vendor reports, and ends its doubt where both agree. */
  reconcile(group: LedgerGroup, invoice: number): Promise<Reconciliation>;
}

export type Reconciliation =
  | { readonly kind: 'agrees'; readonly settled: number }
  | { readonly kind: 'open'; readonly open: number }
  | { readonly kind: 'below' | 'above'; readonly by: number };
