import type { Iso } from '../glossary.ts';

/** A message of a conversation as it is stored. */
export interface MessageRow {
  readonly contactId: string;
  /** The CRM's id of the message; `inbox:<id>` for one that came without. */
  readonly messageKey: string;
  readonly direction: 'inbound' | 'outbound';
  readonly channel: string;
  readonly body: string;
  /** Last delivery status that the CRM reported. */
  readonly status: string | null;
  /** What wrote it as the CRM says: `api`, `workflow`, `app` … */
  readonly origin: string | null;
  /** True when a human of the team wrote it. */
  readonly human: boolean;
  readonly at: Iso;
}

/** A message that a search has found. */
export type FoundMessage = Pick<MessageRow, 'contactId' | 'messageKey' | 'direction' | 'channel' | 'body' | 'at'>;

/** A conversation that somebody of the team should look at. Internal comments are no part of it. */
export interface UnreadConversation {
  readonly contactId: string;
  readonly lastMessageAt: Iso;
  /** Last message of ours; null when we have never written. */
  readonly lastOutboundAt: Iso | null;
  /** Messages of the contact since then. */
  readonly unread: number;
}
