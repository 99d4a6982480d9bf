import type { Understood } from '../assistant/understood.ts';
import type { Reason } from '../assistant/reply/verdict.ts';
import type { Iso, LeadRef } from '../glossary.ts';
import type { Question, TimelineEntry } from '../leads/lead.ts';
import type { OutboxDraft } from './outbox.ts';
import type { Page, PageRequest } from './page.ts';

/** By which a lead can be answered. */
export type ReplyChannel = 'sms' | 'email';

/** What waits for a language model: the earliest job, the earliest reply; null: none. */
export interface AssistWaits {
  readonly jobAt: Iso | null;
  readonly replyAt: Iso | null;
}

/** A message to be read, or a summary to be written. */
export interface AssistJob {
  readonly job: 'read' | 'summary';
  /** The message, or the event that made the summary wanted. */
  readonly inboxId: string;
  readonly askedAt: Iso;
  readonly dueAt: Iso;
  readonly attempts: number;
}

/** How a job ends, or that it is tried again. `why`: a code. */
export type JobOutcome =
  | {
      readonly state: 'done';
      readonly model: string;
      readonly cost: number;
      readonly result: Understood | { readonly text: string };
      readonly dropped: readonly { readonly field: string; readonly why: string }[];
    }
  | { readonly state: 'absent'; readonly why: string; readonly cost: number }
  | { readonly state: 'waiting'; readonly dueAt: Iso };

/** The reply that a lead is owed. */
export interface ReplyOwed {
  readonly channel: ReplyChannel;
  /** The newest message that it answers. */
  readonly inboxId: string;
  readonly firstAt: Iso;
  readonly lastAt: Iso;
  readonly dueAt: Iso;
  readonly attempts: number;
}

export const draftStates = [
  ...(['proposed', 'approved', 'edited', 'rejected', 'sent'] as const),
  ...(['superseded', 'expired', 'blocked', 'to-human'] as const),
] as const;
/**
 * proposed: waits for a person · approved, edited: on its way, by a person or by itself · superseded: something came between · blocked: the
 * gate of sending did not let it out · to-human: there are no words that may go out, and a person has the task.
 */
export type DraftState = (typeof draftStates)[number];

/** `fixed`: the words that stand for everybody who asks for a person. */
export type DraftRung = 'draft' | 'rewrite' | 'template' | 'fixed' | 'human';

/** A try and what the gates said of it. */
export interface DraftTry {
  readonly rung: DraftRung;
  /** The gate that closed, why no call was made, or `ok`. */
  readonly outcome: string;
  readonly reasons: readonly Reason[];
}

/** A stored fact that words rest on. */
export interface DraftFact {
  /** e.g. `listing:<key>`. */
  readonly id: string;
  /** As of when it was so. */
  readonly asOf: Iso;
}

export interface NewDraft {
  readonly answers: string;
  readonly channel: ReplyChannel;
  readonly mode: 'draft' | 'auto';
  readonly rung: DraftRung;
  readonly proposed: unknown;
  /** Null: no words may go out, a person has the task. */
  readonly text: string | null;
  /** Which of the seven questions the words ask. */
  readonly question: Question | null;
  readonly facts: readonly DraftFact[];
  readonly gates: readonly DraftTry[];
  readonly callKeys: readonly string[];
  readonly cost: number;
  readonly why: string | null;
  readonly createdAt: Iso;
  readonly expiresAt: Iso;
}

/** A draft as people see it. */
export interface DraftRow extends NewDraft, LeadRef {
  readonly draftId: string;
  readonly state: DraftState;
  readonly edited: string | null;
  readonly decidedAt: Iso | null;
  readonly decidedBy: string | null;
}

export type DraftVerdict = 'approve' | 'reject';

/** A person's word on a draft. */
export interface DraftWord {
  readonly verdict: DraftVerdict;
  /** Their own words in the place of the drafted ones; null: as drafted. */
  readonly text: string | null;
  readonly by: string;
  /** The message that an approval puts on its way; told the words, and when the lead last wrote on the channel. */
  readonly send: (draft: DraftRow, words: string, wroteAt: Iso | null) => OutboxDraft;
}

/** What became of a person's word on a draft. */
export type Decided =
  | { readonly kind: 'done'; readonly draft: DraftRow }
  | { readonly kind: 'unknown' }
  /** It is not proposed any more, or the lead may not be written to by us now. */
  | { readonly kind: 'not-open'; readonly state: DraftState; readonly why: string };

export interface Talked {
  /** Messages between the lead and us, whoever wrote them; comments among colleagues are none. */
  readonly messages: number;
  /** Has a reply in the assistant's words reached this person, or is one on its way? */
  readonly replied: boolean;
  /** Has any text of ours? */
  readonly texted: boolean;
  /** Which of the seven questions the assistant asked last. */
  readonly asked: Question | null;
  /** When what we sent was written, whoever approved it; the newest first, and no more than twenty. */
  readonly own: readonly Iso[];
}

export interface DraftStore {
  waits(ref: LeadRef): Promise<AssistWaits>;
  /** Those that wait, the earliest due first. */
  jobs(ref: LeadRef, limit: number): Promise<readonly AssistJob[]>;
  owed(ref: LeadRef): Promise<ReplyOwed | undefined>;
  /** Once; a job that is over stays as it is. With it, what is made because of it. */
  settleJob(
    ref: LeadRef,
    job: Pick<AssistJob, 'job' | 'inboxId'>,
    outcome: JobOutcome,
    tasks: readonly OutboxDraft[],
    now: Iso,
  ): Promise<void>;
  /** The newest understandings of a lead's messages, by the message's inbox id. */
  understood(ref: LeadRef, inboxIds: readonly string[]): Promise<Readonly<Record<string, Understood>>>;
  /** What the talk of a lead does not tell, and prompts depend on. */
  talked(ref: LeadRef): Promise<Talked>;
  /** Another time for the reply that is owed, as long as it is still the same one; counted as an attempt. */
  postponeReply(ref: LeadRef, inboxId: string, dueAt: Iso): Promise<void>;
  /**
   * Under the lead's lock: what is owed is paid with this draft, and what is made because of it goes into the outbox; both or neither.
   * @param made  told the draft's id: the message itself where it goes out by itself, a task for the team
   * @returns undefined where it is not owed any more, or the lead may not be written to by us: a message, a person, an opt-out came between.
   *          The draft is then kept as superseded
   */
  store(
    ref: LeadRef,
    draft: NewDraft,
    made: (draftId: string) => {
      readonly outbox: readonly OutboxDraft[];
      readonly told: readonly TimelineEntry[];
      /** Somebody of the team has to turn to the lead: the talk is summed up for them. */
      readonly summary: boolean;
    },
  ): Promise<DraftRow | undefined>;
  /** Nothing is owed any more, without a draft. False: it was another one by now. */
  forgive(ref: LeadRef, inboxId: string, tasks: readonly OutboxDraft[], now: Iso): Promise<boolean>;
  /** Once, in force at once: under the lead's lock, which every gate takes. */
  decide(ref: LeadRef, draftId: string, word: DraftWord, now: Iso): Promise<Decided>;
  /** What became of a draft's message; one that was given up may be found to be sent after all. */
  followSend(ref: LeadRef, draftId: string, state: 'sent' | 'blocked', why: string | null): Promise<void>;
  /** May the lead be told, as things are now, of every home that the draft rests on? */
  mayTellHomes(ref: LeadRef, draftId: string): Promise<boolean>;
  get(ref: LeadRef, draftId: string, now: Iso): Promise<DraftRow | undefined>;
  /** Whoever's it is, in a location. */
  find(locationId: string, draftId: string, now: Iso): Promise<DraftRow | undefined>;
  /** Of one location, newest first. Errors: BAD_CURSOR. */
  list(
    locationId: string,
    filter: { readonly state?: DraftState | undefined } & PageRequest,
    now: Iso,
  ): Promise<Page<DraftRow>>;
}
