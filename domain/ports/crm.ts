import type { Iso, LeadRef } from '../glossary.ts';
import type { ContactSnapshot } from '../leads/contact.ts';
import type { MessageChannel } from '../webhooks/event.ts';

/**
 * What we need of a CRM. Reads and idempotent writes throw `AppError` (codes CRM_*; `retryAfterMs` from the vendor's headers).
 * Sends and creates never throw for a vendor's answer: their outcome is a value, since an unknown one must not be repeated.
 */
export interface Crm {
  /** `gone`: the CRM says that there is no such contact. `at`: since when this is known, the read's own time by the vendor's clock. */
  contact(ref: LeadRef): Promise<{ snapshot: ContactSnapshot; at: Iso } | 'gone'>;
  addTags(ref: LeadRef, tags: readonly string[]): Promise<void>;
  removeTags(ref: LeadRef, tags: readonly string[]): Promise<void>;
  /** By field id. Tags are never part of this call: the vendor would overwrite them. */
  setFields(ref: LeadRef, fields: readonly { id: string; value: string | number }[]): Promise<void>;
  /** Field key (`contact.lead_score`) → id. */
  fieldIds(locationId: string): Promise<Readonly<Record<string, string>>>;
  send(ref: LeadRef, message: { channel: 'sms' | 'email'; body: string; subject?: string }): Promise<SendOutcome>;
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
  location(locationId: string): Promise<{ name: string; timezone: string | null; companyId: string | null }>;
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
  | { readonly kind: 'sent'; readonly vendorId: string }
  /** The vendor will never take it: DND, no number, unsubscribed, unknown contact. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No byte was written, or 401/429/4xx said no for now. */
  | { readonly kind: 'not-sent'; readonly reason: string; readonly retryAfterMs: number }
  /** Time-out, cut connection, 5xx: it may have happened. */
  | { readonly kind: 'unknown'; readonly reason: string };
