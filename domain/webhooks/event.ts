import type { Understood } from '../assistant/understood.ts';
import type { Iso } from '../glossary.ts';
import type { CarrierWord } from '../consent/carrier-codes.ts';
import type { RecordNews } from '../crm/records.ts';
import type { ContactPatch } from '../leads/contact.ts';

/** Which door an event came through. `operator`: a person's action. `internal`: made by ourselves. */
export type EventSource = 'marketplace' | 'workflow' | 'operator' | 'internal';

/** Our own typed kinds; every vendor event type maps to exactly one. `other`: known, and nothing for a lead to do. */
export type EventKind =
  | 'contact.created'
  | 'contact.updated'
  | 'contact.tagged'
  | 'contact.dnd'
  | 'contact.deleted'
  | 'contact.snapshot'
  | 'message.inbound'
  | 'message.outbound'
  | 'appointment'
  | 'opportunity'
  | 'task'
  | 'note'
  | 'lifecycle'
  | 'operator'
  /** Of being written to, told by ourselves: see `consentEvents`. */
  | 'consent'
  /** A model's reading of a message, told by ourselves. */
  | 'message.understood'
  /** News of homes waits for the lead, told by ourselves: nothing that the lead did. */
  | 'market.alert'
  | 'workflow'
  | 'other'
  | 'unknown';

/** The fields of a delivery that decide whether and where it is stored; all vendor quirks of placement end here. */
export interface Envelope {
  /** Vendor's `type`, or `unknown` when absent. */
  readonly type: string;
  readonly kind: EventKind;
  readonly appId: string | undefined;
  readonly locationId: string | undefined;
  readonly contactId: string | undefined;
  /** `webhookId`, or the caller's idempotency key of a workflow webhook. */
  readonly eventKey: string | undefined;
  /** Send time by the vendor's clock; undefined when absent or unreadable. */
  readonly timestamp: Iso | undefined;
}

export type MessageChannel = 'sms' | 'email' | 'call' | 'voicemail' | 'chat' | 'internal-comment' | 'other';

/** A message as the vendor reported it; every field may be missing in real deliveries. */
export interface MessageFact {
  /** `messageId`; of an e-mail `emailMessageId`, if there is one. Undefined when the vendor sent none. */
  readonly messageId: string | undefined;
  readonly direction: 'inbound' | 'outbound';
  readonly channel: MessageChannel;
  /** Plain text; HTML of e-mails is reduced to text. */
  readonly body: string;
  readonly status: string | undefined;
  /** Vendor's word for who put it out: app, api, workflow, bulk_actions, campaign. */
  readonly origin: string | undefined;
  readonly userId: string | undefined;
  readonly at: Iso | undefined;
}

/** A message of the lead's, by its inbox id, and what it says by a model's reading that was checked. */
export interface UnderstoodFact {
  readonly of: string;
  readonly understood: Understood;
}

/** What a lead's workflow works on: one inbox row, read. */
export interface LeadEvent {
  readonly inboxId: string;
  readonly source: EventSource;
  readonly kind: EventKind;
  readonly type: string;
  readonly locationId: string;
  readonly contactId: string;
  /** Vendor's time, or the time of receipt where it sent none. */
  readonly occurredAt: Iso;
  readonly receivedAt: Iso;
  /** Present on contact events: only the fields that the delivery carried. */
  readonly contact: ContactPatch | undefined;
  readonly message: MessageFact | undefined;
  /** Present on news of a record of the CRM: an opportunity, an appointment, a task, a note … */
  readonly record?: RecordNews;
  /** Present where a carrier's word about the number came with do-not-disturb. */
  readonly carrier?: CarrierWord;
  /** Present where a model has read a message. */
  readonly understood?: UnderstoodFact;
  /** Present on operator events. */
  readonly act: OperatorAct | undefined;
}

export interface OperatorAct {
  readonly action: 'pause' | 'resume' | 'stop' | 'takeOver' | 'enrol';
  readonly sequence?: string;
  /** With `resume`: was the message that may have been an opt-out one? Absent: none, or none was asked about. */
  readonly optOut?: 'yes' | 'no';
  readonly by?: string;
}
