import type { RuleFact } from '../crm/rule.ts';
import type { Iso, Purpose, Tier } from '../glossary.ts';
import type { Stage } from '../leads/lead.ts';
import type { ChangeKind } from '../market/listing.ts';

/** What branches and audiences look at: facts of the lead, and of its talk with us. */
export type SequenceFact = RuleFact | TalkFact;

export const talkFacts = [
  /** Hours since the lead was last heard from by message or behaviour; since we know it where that never was. */
  'silentHours',
  /** `yes` or `no`: written consent for the channel. */
  'consentSms',
  'consentEmail',
  /** `yes` where an e-mail of ours was opened, a link in one clicked, or the lead ever wrote. */
  'emailOpened',
  'emailClicked',
  'everReplied',
  /** `upcoming`, `past` or `none`. */
  'appointment',
  /** Of the newest opportunity: `open`, `won`, `lost` or `abandoned`. */
  'opportunity',
] as const;
export type TalkFact = (typeof talkFacts)[number];

export type SequenceFacts = Readonly<Partial<Record<SequenceFact, string | number>>>;

/** Every condition that is named must hold. A fact that is not known fits no condition but `known: false`. */
export interface SequenceTest {
  readonly fact: SequenceFact;
  readonly known?: boolean;
  readonly equals?: string | number;
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly below?: number;
}

interface StepTiming {
  readonly key: string;
  /** ISO 8601 duration (PT30M, P1D) from its anchor. */
  readonly offset: string;
  /** `event`: the instant that the enrolment is about, such as an appointment's beginning. */
  readonly anchor: 'enrolment' | 'previous' | 'event';
  /** On which side of an event; a step before one lapses when the event begins. */
  readonly side?: 'before' | 'after';
  /** All of them, looked at when the step falls due: else the step is skipped and the next one is looked at. */
  readonly when?: readonly SequenceTest[];
  /** A step that could not go out for so long after it was due is skipped; absent: it goes out however late. */
  readonly lapsesAfter?: string;
}

/** Used instead where the channel's written consent is missing. */
interface WithoutConsent {
  readonly channel: 'call-task';
  readonly title: string;
  readonly body: string;
}

/** One step. Merge fields read {{contact.firstName}}. */
export type SequenceStep = StepTiming &
  (
    | { readonly channel: 'sms'; readonly body: string; readonly withoutConsent?: WithoutConsent }
    | {
        readonly channel: 'email';
        readonly subject: string;
        readonly body: string;
        readonly withoutConsent?: WithoutConsent;
      }
    | { readonly channel: 'call-task' | 'agent-notice'; readonly title: string; readonly body: string }
    /** Name of one of the settings' `workflows`. */
    | { readonly channel: 'ghl-workflow'; readonly workflow: string }
    | { readonly channel: 'tag'; readonly add?: readonly string[]; readonly remove?: readonly string[] }
    /** By field key, e.g. `contact.next_step`; the value may have merge fields. */
    | { readonly channel: 'field'; readonly field: string; readonly value: string }
    /** One of the pipeline's stages in the settings; only ever forward unless the settings say otherwise. */
    | { readonly channel: 'stage'; readonly stage: Stage }
  );

/** Steps that only write to the CRM what may be written any number of times: no outbox, no gate. */
export type WriteStep = Extract<SequenceStep, { channel: 'tag' | 'field' | 'stage' }>;
/** Steps that must happen once, by way of the outbox and its gate. */
export type MadeStep = Exclude<SequenceStep, WriteStep>;

export function isWrite(step: SequenceStep): step is WriteStep {
  return step.channel === 'tag' || step.channel === 'field' || step.channel === 'stage';
}

/** What makes an enrolment begin; an operator may enrol in every sequence. */
export type SequenceTrigger =
  | { readonly on: 'lead.activated' }
  | { readonly on: 'operator' }
  /** Nothing was heard from the lead for so long, ISO 8601. */
  | { readonly on: 'silence'; readonly after: string }
  | { readonly on: 'tier'; readonly becomes: Tier }
  | { readonly on: 'appointment.booked' }
  /** News of homes that the lead asked for, of one of these kinds. An open house has a time of its own, and stands alone. */
  | { readonly on: 'listing'; readonly change: readonly ChangeKind[] };

export type SequenceExit = 'reply' | 'opt-out' | 'stop-tag' | 'takeover' | 'booking' | 'qualified' | 'closed';

/** Systems that a document may depend on; one whose needs are not met cannot start. */
export const sequenceNeeds = ['listings', 'valuations', 'appointments'] as const;
export type SequenceNeed = (typeof sequenceNeeds)[number];

/** Those of different tracks go on beside each other. */
export const sequenceTracks = ['talk', 'appointment', 'market'] as const;
export type SequenceTrack = (typeof sequenceTracks)[number];

export interface SequenceDocument {
  readonly key: string;
  readonly version: number;
  readonly title: string;
  readonly purpose: Purpose;
  /** Of the sequences of one track the strongest runs: it ends a weaker one, and keeps one from beginning. */
  readonly priority: number;
  readonly track: SequenceTrack;
  readonly trigger: SequenceTrigger;
  /** It begins by itself only in locations that have turned it on. */
  readonly optIn?: true;
  /** All of them must hold for a trigger to enrol. */
  readonly audience: readonly SequenceTest[];
  /** A trigger does not enrol again before so long after this sequence began; null: once in a lead's life. */
  readonly coolDown: string | null;
  readonly needs: readonly SequenceNeed[];
  /** What ends it at once. */
  readonly exits: readonly SequenceExit[];
  readonly steps: readonly SequenceStep[];
}

/**
 * How a step ended. `task`: a call task took the place of a message. `done`: written to the CRM. `skipped`: its branch was not taken, it
 * lapsed or a person skipped it.
 */
export type StepOutcome = 'sent' | 'recorded' | 'refused' | 'parked' | 'task' | 'done' | 'skipped';

export const eventKinds = ['appointment', 'open-house'] as const;

/** What an enrolment is about, where its trigger was about something. */
export interface EnrolmentEvent {
  readonly kind: (typeof eventKinds)[number];
  readonly id: string;
  /** When it begins; a move of it moves the steps that are not done. */
  readonly at: Iso;
}

export interface Enrolment {
  readonly enrolmentId: string;
  readonly document: SequenceDocument;
  readonly enrolledAt: Iso;
  readonly done: Readonly<Record<string, { readonly outcome: StepOutcome; readonly at: Iso }>>;
  /** A closed gate said when to ask again. */
  readonly notBefore: Iso | null;
  readonly event: EnrolmentEvent | null;
  /** A person paused just this enrolment. */
  readonly pausedAt: Iso | null;
  /** A person asked that this step goes out now: its offset does not hold, the gate does. */
  readonly sendNow: string | null;
}

/**
 * What the interpreter answers: nothing is due before `at`, this step is due, this step is not to be taken (and why), or the document is
 * through. `paused` waits for a person.
 */
export type NextStep =
  | { readonly kind: 'wait'; readonly step: SequenceStep; readonly at: Iso }
  | { readonly kind: 'due'; readonly step: SequenceStep; readonly at: Iso }
  | { readonly kind: 'skip'; readonly step: SequenceStep; readonly at: Iso; readonly why: string }
  | { readonly kind: 'paused' }
  | { readonly kind: 'end' };
