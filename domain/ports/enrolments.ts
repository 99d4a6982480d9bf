import type { Begun, TalkRecord } from '../follow-up/facts.ts';
import type { Enrolment, EnrolmentEvent, SequenceDocument, SequenceNeed, StepOutcome } from '../follow-up/sequence.ts';
import type { Iso, LeadRef } from '../glossary.ts';
import type { TimelineEntry } from '../leads/lead.ts';
import type { News } from '../market/alerts.ts';

/** What people do with one enrolment. `skip` and `send-now` are about its next step. */
export const enrolmentActs = ['pause', 'resume', 'skip', 'send-now', 'stop'] as const;
export type EnrolmentAct = (typeof enrolmentActs)[number];

/** What became of an act: done now or before, or why not. */
export type ActedOn =
  | { readonly kind: 'done'; readonly enrolment: EnrolmentRow }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'over' }
  /** Nothing of a paused enrolment goes out: it is resumed first. */
  | { readonly kind: 'paused' }
  /** The step is on its way, or its outcome is not known: it can be neither skipped nor sent once more. */
  | { readonly kind: 'under-way' }
  /** Another step is the next one by now, or there is none. */
  | { readonly kind: 'not-next' };

/** An enrolment as people see it. */
export interface EnrolmentRow {
  readonly enrolmentId: string;
  readonly sequence: string;
  readonly version: number;
  readonly title: string;
  readonly status: 'active' | 'ended';
  readonly endedReason: string | null;
  readonly enrolledAt: Iso;
  readonly endedAt: Iso | null;
  readonly event: EnrolmentEvent | null;
  readonly pausedAt: Iso | null;
  /** The code of what could not be worked; a person resumes it once that is mended. */
  readonly parkedReason: string | null;
  readonly sendNow: string | null;
  readonly notBefore: Iso | null;
  readonly steps: readonly {
    readonly key: string;
    readonly channel: string;
    readonly outcome: StepOutcome | null;
    readonly at: Iso | null;
  }[];
}

/** What the next question about a lead's follow-up depends on, besides lead, enrolments and sends. */
export interface FollowUpStanding {
  /** When each sequence last began for this lead, by key. */
  readonly began: Begun;
  /** Those in force that wait for silence, or for news of homes. */
  readonly waiting: readonly SequenceDocument[];
  readonly talk: TalkRecord;
  readonly available: readonly SequenceNeed[];
  /** News of homes that waits to be told and is on its way with no send. */
  readonly news: readonly News[];
}

export interface EnrolmentStore {
  /** Active ones. */
  enrolments(ref: LeadRef): Promise<readonly Enrolment[]>;
  /** The newest so many, active ones first. */
  allEnrolments(ref: LeadRef, limit: number): Promise<readonly EnrolmentRow[]>;
  followUp(ref: LeadRef): Promise<FollowUpStanding>;
  /** For merge fields: the agent's name, and when the appointment is that the enrolment is about; null where it is not known. */
  wordsFor(
    ref: LeadRef,
    about: { readonly agentId: string | null; readonly enrolmentId: string | null },
  ): Promise<{ readonly agentName: string | null; readonly appointmentAt: Iso | null }>;
  /** Sets a step's outcome; ends the enrolment when `end` is given. */
  recordStep(
    ref: LeadRef,
    enrolmentId: string,
    stepKey: string,
    outcome: StepOutcome,
    now: Iso,
    end?: string,
  ): Promise<void>;
  /**
   * Under the lead's lock: a step that is not taken is done as `skipped` since `at`, its claimed send is cancelled, the timeline says why,
   * all of it once. False: the step is done, the enrolment over, or its send under way.
   */
  skipStep(ref: LeadRef, enrolmentId: string, stepKey: string, at: Iso, told: TimelineEntry): Promise<boolean>;
  /** The gate said when to ask again. */
  postpone(ref: LeadRef, enrolmentId: string, notBefore: Iso | null): Promise<void>;
  /** A step that cannot be worked: the enrolment waits for a person, and the timeline says why. */
  parkEnrolment(ref: LeadRef, enrolmentId: string, code: string, now: Iso): Promise<void>;
  endEnrolment(ref: LeadRef, enrolmentId: string, reason: string): Promise<void>;
  /**
   * A person's act on one enrolment, in force at once: under the lead's lock, which every gate takes. Once by `actId`, kept among the acts
   * and told on the timeline.
   * @param stepKey  which step is meant to be the next one; null: whichever is
   */
  actOnEnrolment(
    ref: LeadRef,
    act: {
      readonly actId: string;
      readonly act: EnrolmentAct;
      readonly enrolmentId: string;
      readonly stepKey: string | null;
      readonly by: string;
    },
    now: Iso,
  ): Promise<ActedOn>;
}
