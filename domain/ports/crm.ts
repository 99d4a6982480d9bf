import type { Iso, LeadRef } from '../glossary.ts';
import type { ContactSnapshot } from '../leads/contact.ts';
import type { MessageChannel } from '../webhooks/event.ts';

/** `urgent`: an answer to a person; it may spend what is kept of the location's budget of calls. */
export interface Urgency {
  readonly urgent?: boolean;
}

/** A contact as it was just read; it overrules what was told before. */
export interface FreshContact {
  readonly snapshot: ContactSnapshot;
  /** Since when this is known: the read's own time, by the vendor's clock. */
  readonly at: Iso;
}

/**
 * What we need of a CRM. Reads and idempotent writes throw `AppError` (codes CRM_*; `retryAfterMs` from the vendor's headers).
 * Sends and creates never throw for a vendor's answer: their outcome is a value, since an unknown one must not be repeated.
 */
export interface Crm {
  /** `gone`: the CRM says that there is no such contact. */
  contact(ref: LeadRef, how?: Urgency): Promise<FreshContact | 'gone'>;
  addTags(ref: LeadRef, tags: readonly string[]): Promise<void>;
  removeTags(ref: LeadRef, tags: readonly string[]): Promise<void>;
  /**
   * By field id, and read back. Tags are never part of this call: the vendor would overwrite them.
   * @throws CRM_FIELD_UNKNOWN for a field that is gone (the next `fieldIds` knows), CRM_FIELD_NOT_TAKEN for a value that was not kept
   */
  setFields(ref: LeadRef, fields: readonly { id: string; value: string | number }[]): Promise<void>;
  /**
   * Field key (`contact.lead_score`) → id. `remembered`: only what is known without asking the CRM.
   * @throws CRM_UNAVAILABLE where nothing is remembered and it was not to be asked
   */
  fieldIds(locationId: string, how?: { readonly remembered?: boolean }): Promise<Readonly<Record<string, string>>>;
  /** `from`: E.164 of one of the location's numbers; absent: the vendor's choice. */
  send(
    ref: LeadRef,
    message: { channel: 'sms' | 'email'; body: string; subject?: string; from?: string } & Urgency,
  ): Promise<SendOutcome>;
  createTask(
    ref: LeadRef,
    task: { title: string; body: string; dueAt: Iso; assignedTo: string | null },
  ): Promise<SendOutcome>;
  /** Read-back of a send of unknown outcome: an outbound message by our own API call, same channel and text, not before `since`. */
  findMessage(
    ref: LeadRef,
    wanted: { channel: 'sms' | 'email'; body: string; since: Iso },
  ): Promise<string | undefined>;
  findTask(ref: LeadRef, wanted: { title: string; body: string }): Promise<string | undefined>;
  /**
   * All that was said with this contact since then, by whomever, oldest first. Complete, or it throws: who is asked for what was
   * forgotten must not forget in turn.
   */
  messagesSince(ref: LeadRef, since: Iso): Promise<readonly CrmMessage[]>;
  tasks(ref: LeadRef): Promise<readonly CrmTask[]>;
  /** Whose task this is; undefined: the location's tasks do not show it, or not yet. The title only makes the search short. */
  contactOfTask(locationId: string, task: { taskId: string; title?: string }): Promise<string | undefined>;
  /** Gone already is as good as deleted. */
  deleteTask(ref: LeadRef, taskId: string): Promise<void>;
  createNote(ref: LeadRef, note: { body: string }): Promise<SendOutcome>;
  /** Read-back of a note: one with just this text. */
  findNote(ref: LeadRef, wanted: { body: string }): Promise<string | undefined>;
  deleteNote(ref: LeadRef, noteId: string): Promise<void>;
  /** Null: nobody. Only the assignment is part of the call. */
  assign(ref: LeadRef, userId: string | null): Promise<void>;
  /** Switches do-not-disturb of these channels; what is not named stays as it is. */
  setDnd(ref: LeadRef, channels: Readonly<Partial<Record<'sms' | 'email' | 'call', 'on' | 'off'>>>): Promise<void>;
  /** All opportunities of the contact, of every pipeline and status; read by search, whose index may lag behind by seconds. */
  opportunities(ref: LeadRef): Promise<readonly CrmOpportunity[]>;
  opportunity(locationId: string, opportunityId: string): Promise<CrmOpportunity | 'gone'>;
  createOpportunity(
    ref: LeadRef,
    wanted: { pipelineId: string; stageId: string; name: string; value?: number; assignedTo?: string },
  ): Promise<SendOutcome>;
  /** Only what is named is changed. Answers when, by the vendor's clock; undefined: it told no time. */
  updateOpportunity(
    locationId: string,
    opportunityId: string,
    change: { pipelineId?: string; stageId?: string; status?: OpportunityStatus; assignedTo?: string },
  ): Promise<Iso | undefined>;
  deleteOpportunity(locationId: string, opportunityId: string): Promise<void>;
  /** Of class `create`: doing it twice may start the vendor's workflow twice, and nothing can be read back. */
  addToWorkflow(ref: LeadRef, workflowId: string): Promise<SendOutcome>;
  removeFromWorkflow(ref: LeadRef, workflowId: string): Promise<void>;
  location(locationId: string): Promise<{ name: string; timezone: string | null; companyId: string | null }>;
  /** Stages in their order, as they were minutes ago at most; null where the token may not read them. */
  pipelines(locationId: string): Promise<readonly CrmPipeline[] | null>;
  /** What settings may refer to, as the location has it now. */
  catalog(locationId: string): Promise<CrmCatalog>;
}

export type OpportunityStatus = 'open' | 'won' | 'lost' | 'abandoned';

export interface CrmOpportunity {
  readonly opportunityId: string;
  readonly contactId: string | null;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly status: OpportunityStatus;
  readonly name: string;
  /** Dollars. */
  readonly value: number | null;
  readonly assignedTo: string | null;
  readonly updatedAt: Iso | null;
  /** Since when it has been in its stage, by the vendor's clock. */
  readonly stageSince: Iso | null;
}

/** Parts that could not be read for want of a permission are `null`: unknown, which is not the same as none. */
export interface CrmCatalog {
  readonly customFields: readonly CrmField[] | null;
  readonly pipelines: readonly CrmPipeline[] | null;
  readonly users: readonly CrmUser[] | null;
  readonly calendars: readonly CrmNamed[] | null;
  readonly workflows: readonly CrmNamed[] | null;
  /** E.164 of the location's own numbers. */
  readonly numbers: readonly string[] | null;
  readonly tags: readonly string[] | null;
}

export interface CrmNamed {
  readonly id: string;
  readonly name: string;
}

export interface CrmField extends CrmNamed {
  /** e.g. `contact.lead_score` */
  readonly key: string;
  readonly dataType: string;
}

/** Stages in their order in the pipeline. */
export interface CrmPipeline extends CrmNamed {
  readonly stages: readonly CrmNamed[];
}

export interface CrmUser extends CrmNamed {
  readonly email: string | null;
  readonly deleted: boolean;
}

export interface CrmMessage {
  readonly vendorId: string;
  readonly direction: 'inbound' | 'outbound';
  readonly channel: MessageChannel;
  /** Plain text. */
  readonly body: string;
  readonly at: Iso;
  /** Vendor's word for who put it out: `api` for our own calls, `app` for people. */
  readonly origin: string | null;
  readonly userId: string | null;
}

export interface CrmTask {
  readonly vendorId: string;
  readonly title: string;
  readonly body: string;
}

export type SendOutcome =
  /** `at`: when a record was made, by the vendor's clock; absent: it told no time. */
  | { readonly kind: 'sent'; readonly vendorId: string; readonly at?: Iso }
  /** The vendor will never take it: DND, no number, unsubscribed, unknown contact. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No byte was written, or 401/429/4xx said no for now. */
  | { readonly kind: 'not-sent'; readonly reason: string; readonly retryAfterMs: number }
  /** Time-out, cut connection, 5xx: it may have happened. */
  | { readonly kind: 'unknown'; readonly reason: string };
