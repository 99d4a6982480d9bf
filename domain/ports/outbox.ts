import type { Channel, Iso, LeadRef, Purpose } from '../glossary.ts';
import type { GateFacts, GateVerdict, VendorFacts } from '../consent/facts.ts';
import type { TimelineEntry } from '../leads/lead.ts';
import type { ToldAlert } from './market-alerts.ts';

/**
 * claimed → sending → sent | recorded | refused | unknown → (read-back) sent | parked.
 * `not-sent` (no byte reached the vendor, or it said no for now) may be claimed again. `cancelled`: no longer wanted.
 */
export type OutboxState =
  'claimed' | 'sending' | 'sent' | 'recorded' | 'refused' | 'not-sent' | 'unknown' | 'parked' | 'cancelled';

/** What is to happen once. `onceKey` is unique per lead for ever. */
export interface OutboxDraft {
  /** e.g. `enrolment:<id>:<step>`, `hot:<inboxId>`, `note:qualified:<inboxId>`. */
  readonly onceKey: string;
  readonly channel: Channel;
  readonly purpose: Purpose | 'task';
  readonly enrolmentId: string | null;
  readonly stepKey: string | null;
  /** What goes to the vendor, without addresses: those are read fresh. */
  readonly content: {
    readonly body: string;
    readonly subject?: string;
    readonly title?: string;
    readonly dueInMinutes?: number;
    /** What it is about in the CRM: the pipeline of an opportunity, the workflow that a contact is added to, the agent of a task (empty: nobody's; absent: whose the lead is). */
    readonly target?: string;
    /** The stage in which an opportunity is made. */
    readonly stage?: string;
    /** The task asks somebody to call the lead, so the Do-Not-Call registries are asked. */
    readonly call?: true;
  };
}

export interface OutboxRow extends OutboxDraft, LeadRef {
  readonly sendId: string;
  readonly state: OutboxState;
  readonly reason: string | null;
  readonly vendorId: string | null;
  readonly claimedAt: Iso;
  readonly sendingAt: Iso | null;
  /** When an unknown one is read back next, or a not-sent one may be tried again. */
  readonly checkAt: Iso | null;
  /** Read-backs done, of three. */
  readonly checks: number;
}

export type Settlement =
  | { readonly state: 'sent'; readonly vendorId: string }
  | { readonly state: 'recorded' }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'not-sent'; readonly reason: string; readonly checkAt: Iso }
  | { readonly state: 'unknown'; readonly reason: string; readonly checkAt: Iso }
  | { readonly state: 'parked'; readonly reason: string }
  | { readonly state: 'cancelled'; readonly reason: string };

export interface GatePassage {
  /** What was read fresh from the CRM. */
  readonly vendor: VendorFacts;
  /** Keyed hashes of all addresses of the person this send would reach; [] closes the gate. */
  readonly personHashes: readonly string[];
  readonly now: Iso;
  readonly judge: (facts: GateFacts) => GateVerdict;
  /** When that was to be which the enrolment is about, as the step was taken and its words were made; absent: for no step. */
  readonly eventAt?: Iso | null;
  /** The news of homes that the words tell, by these versions of their listings; absent: they tell none. */
  readonly alerts?: readonly ToldAlert[];
  /** The words with their merge fields filled. */
  readonly content: OutboxDraft['content'];
}

export interface GatePassed {
  readonly verdict: GateVerdict;
  /** The words as they go out, with what the law wants of a first text: kept with the row, so that a read-back looks for exactly them. */
  readonly content: OutboxDraft['content'];
}

export interface OutboxStore {
  /** Inserts, or answers the row that already holds the key. A `not-sent` row whose time has come is `claimed` again. */
  claim(ref: LeadRef, draft: OutboxDraft, now: Iso): Promise<OutboxRow>;
  /**
   * One transaction: locks the person(s), reads what our own store knows (suppression, counts, consent, state, unworked inbound, wanted,
   * how the location's sending does), completes the words, asks `judge`, stores inputs and verdict in `gate_verdicts`, and moves
   * claimed → sending if open. A row that is not `claimed` answers undefined: somebody else has it.
   */
  pass(sendId: string, ref: LeadRef, asked: GatePassage): Promise<GatePassed | undefined>;
  /** An answer that has not left is none any more: from now on it is judged as a message of ours. */
  solicit(sendId: string, ref: LeadRef): Promise<void>;
  /**
   * With the news of homes that a send was to tell: sent, it is told; refused or cancelled, it is dropped.
   * @param told  for the lead's timeline, with the settlement and as often as it
   */
  settle(sendId: string, ref: LeadRef, settlement: Settlement, now: Iso, told?: TimelineEntry): Promise<void>;
  /** Rows of this lead that are not final, oldest first. */
  open(ref: LeadRef): Promise<readonly OutboxRow[]>;
  /** If its contact is deleted, now: what was not begun is cancelled. */
  cancelOpen(ref: LeadRef, now: Iso): Promise<void>;
  get(sendId: string, ref: LeadRef): Promise<OutboxRow | undefined>;
  parked(ref: LeadRef): Promise<readonly OutboxRow[]>;
}
