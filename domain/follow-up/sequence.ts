import type { StepChannel, Iso, Purpose } from '../glossary.ts';

/** One step. `offset` is an ISO 8601 duration (PT30M, P1D, PT5S) from its anchor. */
export interface SequenceStep {
  readonly key: string;
  readonly channel: StepChannel;
  readonly offset: string;
  readonly anchor: 'enrolment' | 'previous';
  /** sms: the text · email: the text body · call-task: the task's body. Merge fields as {{contact.firstName}}. */
  readonly body: string;
  readonly subject?: string;
  readonly title?: string;
  /** Used instead where the channel's written consent is missing. */
  readonly withoutConsent?: { readonly channel: 'call-task'; readonly title: string; readonly body: string };
}

export interface SequenceDocument {
  readonly key: string;
  readonly version: number;
  readonly title: string;
  readonly purpose: Purpose;
  readonly priority: number;
  readonly trigger: { readonly on: 'lead.activated' | 'operator' };
  /** What ends it at once. */
  readonly exits: readonly ('reply' | 'opt-out' | 'stop-tag' | 'takeover')[];
  readonly steps: readonly SequenceStep[];
}

/** How a step ended. `task`: a call task took the place of a message. */
export type StepOutcome = 'sent' | 'recorded' | 'refused' | 'parked' | 'task' | 'skipped';

export interface Enrolment {
  readonly enrolmentId: string;
  readonly document: SequenceDocument;
  readonly enrolledAt: Iso;
  readonly done: Readonly<Record<string, { readonly outcome: StepOutcome; readonly at: Iso }>>;
  /** A closed gate said when to ask again. */
  readonly notBefore: Iso | null;
}

/** What the interpreter answers: nothing is due before `at`, this step is due, or the document is through. */
export type NextStep =
  | { readonly kind: 'wait'; readonly step: SequenceStep; readonly at: Iso }
  | { readonly kind: 'due'; readonly step: SequenceStep; readonly at: Iso }
  | { readonly kind: 'end' };
