import type { Iso, LeadState, Tier } from '../glossary.ts';
import type { DecidedAssignment, TeamSituation } from '../crm/assignment-decision.ts';
import type { CrmPlan } from '../crm/plan.ts';
import type { RecordChange } from '../crm/records.ts';
import type { Begun, TalkRecord } from '../follow-up/facts.ts';
import type {
  Enrolment,
  EnrolmentEvent,
  SequenceDocument,
  SequenceFacts,
  SequenceNeed,
  SequenceTrigger,
} from '../follow-up/sequence.ts';
import type { LeadEvent } from '../webhooks/event.ts';
import type { OutboxDraft } from '../ports/outbox.ts';
import type { Dropped, News } from '../market/alerts.ts';
import type { Score } from '../scoring/score.ts';
import type { Activation } from './activation.ts';
import type { AssistDecision, AssistSituation } from './assist.ts';
import type { ContactSnapshot } from './contact.ts';
import type { Lead, Qualification, Stage, TimelineEntry } from './lead.ts';
import type { Reading } from './reading.ts';
import type { LocationSettings } from './settings.ts';

/** Something that a level could do without and had to, with a code of why; free of personal data. */
export interface Absence {
  readonly what: 'crm-snapshot' | 'crm-fields' | 'score' | 'listing-matches';
  readonly why: string;
}

/** Why a sequence began: what happened, and the facts that its audience was measured by. */
export interface Because {
  readonly on: SequenceTrigger['on'];
  readonly facts: SequenceFacts;
}

/** Everything that level 3 decides from; all of it is stored or comes with the event. */
export interface Situation {
  readonly now: Iso;
  readonly event: LeadEvent;
  /** Received more than 15 minutes after it happened: state only, no message. */
  readonly stale: boolean;
  /** The lead before this event. */
  readonly lead: Lead;
  /** The snapshot after this event's patch. */
  readonly snapshot: ContactSnapshot | null;
  /** What this event changed of an opportunity, an appointment, a task or a note; absent for other events. */
  readonly recordChange?: RecordChange | null;
  /** Present for inbound messages. */
  readonly reading: Reading | null;
  /** Qualification after this event. */
  readonly qualification: Qualification;
  /** Null when scoring failed; its absence is then recorded, never papered over. */
  readonly score: Score | null;
  /** What this decision has to do without. */
  readonly absent: readonly Absence[];
  readonly settings: LocationSettings;
  /** Active enrolments. */
  readonly enrolments: readonly Enrolment[];
  /** When each sequence last began for this lead. */
  readonly began: Begun;
  /** The talk and the business with this lead before this event. */
  readonly talk: TalkRecord;
  /** Systems that the location has and sequences may need. */
  readonly available: readonly SequenceNeed[];
  /** The version in force of each sequence. */
  readonly sequences: readonly SequenceDocument[];
  /** News of homes that waits to be told; absent: none. */
  readonly news?: readonly News[];
  readonly team: TeamSituation;
  /** The person has asked, by a link or a complaint, for no more e-mails. */
  readonly unsubscribed: boolean;
  /** Absent: there is no assistant. */
  readonly assistant?: AssistSituation;
}

/** What level 3 stores in one transaction. Pure data; applying it twice is the repository's business. */
export interface Decision {
  readonly stage: Stage;
  readonly tier: Tier | null;
  readonly state: LeadState;
  /** May we act on this contact in the CRM? With the reason in plain words when not. */
  readonly active: Activation;
  /** Since when the contact is deleted in the CRM; null: it is not. */
  readonly deletedAt: Iso | null;
  readonly qualification: Qualification;
  readonly score: Score | null;
  /** Wanted state in the CRM; null while we may not act. */
  readonly plan: CrmPlan | null;
  /** What changes of to whom the lead is given; null: nothing. */
  readonly assignment: DecidedAssignment | null;
  readonly enrol: readonly {
    readonly document: SequenceDocument;
    readonly event: EnrolmentEvent | null;
    /** Trigger and facts, for whoever asks why. */
    readonly because: Because;
    /** Nothing goes out before then; absent: whenever it is due. */
    readonly notBefore?: Iso;
  }[];
  /** Enrolments whose event has another time. */
  readonly move: readonly { readonly enrolmentId: string; readonly at: Iso }[];
  readonly end: readonly { readonly enrolmentId: string; readonly reason: string }[];
  /** News of homes that the lead is not told any more; absent: none. */
  readonly drop?: readonly Dropped[];
  /** The facts that sequences look at, as they are after this event. */
  readonly followUp: { readonly facts: SequenceFacts; readonly talk: TalkRecord };
  /** Side effects of class `create` that follow from this event, each with its once-only key. */
  readonly tasks: readonly OutboxDraft[];
  /** Channels on which the person is suppressed or released by this event. */
  readonly suppress: readonly ('sms' | 'email')[];
  readonly release: readonly ('sms' | 'email')[];
  /** Channels that a possible opt-out closes until a person has looked, or that are no longer in doubt; null: nothing of the kind. */
  readonly doubt:
    { readonly raised: readonly ('sms' | 'email')[] } | { readonly settled: readonly ('sms' | 'email')[] } | null;
  /** What the person did with the link in an e-mail; the suppression is in the event's own transaction, the ledger has it from here. */
  readonly link: 'withdrawn' | 'granted' | null;
  /** What the assistant is to do; absent or null: there is none. */
  readonly assist?: AssistDecision | null;
  /** A carrier says for good that the number takes no texts. */
  readonly unreachable: boolean;
  /** What it was made without, so that it can be explained later. */
  readonly absent: readonly Absence[];
  readonly timeline: readonly TimelineEntry[];
}
