import type { Channel, Iso, LeadRef, LeadState, Tier } from '../glossary.ts';
import type { ShownConsent } from '../consent/shown.ts';
import type { AskedUndo } from '../crm/actions.ts';
import type { Marks } from '../crm/marks.ts';
import type { RecordNews } from '../crm/records.ts';
import type { LeadAssignment } from '../crm/assignment.ts';
import type { TeamSituation } from '../crm/assignment-decision.ts';
import type { CrmPlan } from '../crm/plan.ts';
import type { Enrolment, SequenceDocument } from '../follow-up/sequence.ts';
import type { ContactPatch, ContactSnapshot } from '../leads/contact.ts';
import type { AssistSituation } from '../leads/assist.ts';
import type { Decision } from '../leads/decision.ts';
import type { Lead, TalkMessage, TimelineEntry } from '../leads/lead.ts';
import type { Location } from '../leads/settings.ts';
import type { ListingMatch } from '../market/listing.ts';
import type { Wishes } from '../market/wishes.ts';
import type { MessageFact, OperatorAct } from '../webhooks/event.ts';
import type { AssistWaits } from './drafts.ts';
import type { EnrolmentStore, FollowUpStanding } from './enrolments.ts';
import type { InboxRow } from './inbox.ts';
import type { OutboxState } from './outbox.ts';
import type { KeptScore } from './scores.ts';
import type { ScoreFacts } from '../scoring/score.ts';

/** A lead's next touch, as people read it. */
export interface NextTouch {
  readonly at: Iso;
  /** Plain words without personal data, e.g. `SMS 1 of 3, new-lead welcome`. */
  readonly what: string;
  /** The same with its time in the lead's zone: the timer's summary in the Temporal UI. */
  readonly sentence: string;
  readonly enrolmentId: string | null;
  readonly stepKey: string | null;
}

/** When the assistant is asked next, and what for, in plain words. */
export interface AssistNext {
  readonly at: Iso;
  readonly sentence: string;
}

/** What level 3 answers and what a repeat of it answers again. Goes into Temporal: ids and verdicts only. */
export interface DecideVerdict {
  readonly state: LeadState;
  readonly stage: string;
  readonly tier: Tier | null;
  readonly score: number | null;
  readonly sequence: string | null;
  readonly next: NextTouch | null;
  /** Null, or absent in a verdict of before there was an assistant: nothing waits for it. */
  readonly assist?: AssistNext | null;
  /** The CRM is not yet what the plan wants, or a task waits to be made. */
  readonly dirty: boolean;
  /** `gone`: contact deleted or location uninstalled; the workflow ends. */
  readonly ended: 'gone' | null;
  /** Last decision in one sentence, for the current details in the Temporal UI. */
  readonly summary: string;
}

/** What the next touch depends on of a side effect under way. */
export interface OpenSend {
  readonly state: OutboxState;
  readonly channel: Channel;
  readonly enrolmentId: string | null;
  readonly stepKey: string | null;
  readonly sendingAt: Iso | null;
  readonly checkAt: Iso | null;
}

/** What a lead looks for from now on, null for nothing; and the homes that were found for it, null where nobody could look. */
export interface KeptWishes {
  readonly wishes: Wishes | null;
  readonly matches: readonly ListingMatch[] | null;
}

export interface DecisionRecord {
  readonly ref: LeadRef;
  readonly inboxId: string;
  readonly decision: Decision;
  /** State that the decision started from: the store changes the state only if it still is this one (a pause may have come between). */
  readonly stateBefore: LeadState;
  /** Everything the score was made of, so that it can be explained later. */
  readonly facts: ScoreFacts;
  /** Nothing that happened to the lead, so that its last activity stays what it was. */
  readonly quiet?: boolean;
  /** What the score is kept with; absent where there is none. */
  readonly kept?: KeptScore;
  /** What the lead looks for, where this event changed it; absent: it stays. */
  readonly wishes?: KeptWishes;
  readonly patch: { readonly snapshot: ContactPatch; readonly at: Iso } | null;
  readonly message: MessageFact | null;
  /** News of a record of the CRM; stored with the decision, whatever came meanwhile. */
  readonly record?: RecordNews | null;
  /** Keyed hashes of the contact's addresses, for suppressions; absent where the address is unknown. */
  readonly personHashes: { readonly sms?: string; readonly email?: string };
  /** Consent as the contact shows it after this event: what the ledger lacks of it is added, and what is gone is told on the timeline. */
  readonly consents: readonly ShownConsent[];
  /** The contact bears a tag or source of a bought list. */
  readonly bought: boolean;
  readonly now: Iso;
}

/** An event, its lead and its location; each undefined where there is none. */
export interface Case {
  readonly row:
    | Pick<
        InboxRow,
        | 'source'
        | 'type'
        | 'kind'
        | 'locationId'
        | 'contactId'
        | 'occurredAt'
        | 'receivedAt'
        | 'reopenedAt'
        | 'verdict'
        | 'body'
      >
    | undefined;
  readonly lead: Lead | undefined;
  readonly location: Location | undefined;
}

/** What a decision starts from. */
export interface Standing extends Omit<FollowUpStanding, 'waiting'> {
  /** Stored for this inbox id, if level 3 has been through already. */
  readonly verdict: DecideVerdict | undefined;
  readonly facts: ScoreFacts;
  readonly enrolments: readonly Enrolment[];
  /** The version in force of each sequence. */
  readonly sequences: readonly SequenceDocument[];
  readonly team: Omit<TeamSituation, 'zone' | 'held'>;
  /** The person has asked, by a link or a complaint, for no more e-mails. */
  readonly unsubscribed: boolean;
  readonly assist: Omit<AssistSituation, 'present'>;
}

/** The newest desired state of a contact in the CRM, and what is known of the contact. */
export interface StoredPlan {
  readonly plan: CrmPlan | null;
  readonly version: number;
  /** The version last applied. */
  readonly applied: number;
  readonly snapshot: ContactSnapshot | null;
  readonly snapshotAt: Iso | null;
  /** What of the contact in the CRM is our own doing. */
  readonly marks: Marks;
  /** What somebody asked to undo, oldest first. */
  readonly undos: readonly AskedUndo[];
}

export interface LeadRow {
  readonly locationId: string;
  readonly contactId: string;
  readonly name: string | null;
  readonly stage: string;
  readonly tier: Tier | null;
  readonly score: number | null;
  readonly confidence: number | null;
  readonly state: LeadState;
  readonly next: { readonly at: Iso; readonly what: string } | null;
  readonly lastActivityAt: Iso;
}

export interface StoredConsent {
  readonly state: 'granted' | 'withdrawn' | 'unknown';
  readonly since: Iso | null;
  /** What the state rests on, or rested on before it was withdrawn: `tag:<name>`, `opt-out` …; null while it is unknown. */
  readonly basis: string | null;
}

export interface LeadStore extends EnrolmentStore {
  /** The lead, or undefined when nothing was ever decided about it. */
  load(ref: LeadRef): Promise<Lead | undefined>;
  /** As `load`, without the plan, for people who look at it. */
  shown(ref: LeadRef): Promise<Lead | undefined>;
  /** Last messages, oldest first. */
  talk(ref: LeadRef, limit: number): Promise<readonly TalkMessage[]>;
  /** The same, for people who look at it. */
  conversation(ref: LeadRef, limit: number): Promise<readonly TalkMessage[]>;
  /** Facts for the score as of `asOf`; keys without evidence are absent. */
  scoreFacts(ref: LeadRef, asOf: Iso): Promise<ScoreFacts>;
  /** One read for level 0. */
  openCase(ref: LeadRef, inboxId: string): Promise<Case>;
  /** One read for level 3; facts as of `asOf`. */
  standing(ref: LeadRef, inboxId: string, asOf: Iso): Promise<Standing>;
  /**
   * One transaction keyed by inbox id: lead row, snapshot (only if newer), message, score with reasons and facts, enrolments begun and
   * ended, plan with the next version, outbox drafts, suppressions, timeline, inbox verdict `worked`. Cancels open sends of ended
   * enrolments. `verdict` is computed inside from the rows as they then are and stored; a repeat returns the stored one.
   * @param verdictOf  pure; told the enrolments after the change, whether the plan differs from what was applied, and the lead's state
   */
  commitDecision(
    record: DecisionRecord,
    verdictOf: (after: {
      enrolments: readonly Enrolment[];
      planChanged: boolean;
      /** Outbox rows of this lead that are not final, after the change. */
      openSends: readonly OpenSend[];
      /** What waits for the assistant, after the change. */
      assistWaits: AssistWaits;
      assignment: LeadAssignment | null;
      state: LeadState;
    }) => DecideVerdict,
  ): Promise<DecideVerdict>;
  /** Newest plan with its version and the version last applied. */
  plan(ref: LeadRef): Promise<StoredPlan | undefined>;
  markApplied(ref: LeadRef, version: number, entry: TimelineEntry | null): Promise<void>;
  /** Stores a fresh CRM read; true when it changed what we knew (then a `contact.snapshot` event must be worked). */
  refreshSnapshot(ref: LeadRef, snapshot: ContactSnapshot, at: Iso): Promise<boolean>;
  /** Effective at once, before any send: writes the state and a timeline entry; idempotent by `actId`. Answers the new state. */
  act(ref: LeadRef, actId: string, act: OperatorAct, now: Iso): Promise<LeadState>;
  storeNext(ref: LeadRef, next: NextTouch | null): Promise<void>;
  /** The next touch as last decided or stored; null when nothing is planned. */
  next(ref: LeadRef): Promise<NextTouch | null>;
  timeline(
    ref: LeadRef,
    limit: number,
    cursor?: string,
  ): Promise<{ items: readonly TimelineEntry[]; nextCursor: string | null }>;
  addTimeline(ref: LeadRef, entry: TimelineEntry): Promise<void>;
  list(filter: {
    locationId?: string;
    stage?: string;
    tier?: Tier;
    /** Words of the name, e-mail address or phone number, all of them. */
    q?: string;
    /** All of them are borne, however they are capitalised. */
    tags?: readonly string[];
    /** All of these custom fields have this value, as it prints. */
    fields?: readonly { readonly id: string; readonly value: string }[];
    sort?: 'score' | 'newest' | 'activity';
    limit: number;
    cursor?: string;
  }): Promise<{ items: readonly LeadRow[]; nextCursor: string | null }>;
  consent(ref: LeadRef): Promise<Readonly<Record<'sms' | 'email' | 'call', StoredConsent>>>;
  /** Leads with an active enrolment, an unapplied plan, an unsettled send or an instant to wait for: each must have an open workflow. In order of their ids. */
  underWay(after?: LeadRef): AsyncIterable<LeadRef>;
}
