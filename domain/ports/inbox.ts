import type { Iso, LeadRef } from '../glossary.ts';
import type { EventSource } from '../webhooks/event.ts';

/** `received` → `dispatched` → `worked`, or `ignored` / `parked` with a reason. */
export type InboxVerdict = 'received' | 'dispatched' | 'worked' | 'ignored' | 'parked';

export interface NewInboxEvent {
  readonly source: EventSource;
  /** Unique within the source for ever: `webhookId`, or a hash of the body. */
  readonly eventKey: string;
  /** SHA-256 of the canonical body without `timestamp`: tells a repeat from a conflict. */
  readonly bodyHash: string;
  readonly type: string;
  readonly kind: string;
  readonly locationId: string | null;
  readonly contactId: string | null;
  readonly occurredAt: Iso | null;
  readonly body: Uint8Array;
  /** Headers without secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** A clear opt-out read at the door: written in the same transaction, for the contact's person and the ids below. */
  readonly optOut?: { readonly personHashes: readonly string[]; readonly channels: readonly ('sms' | 'email')[] };
  /**
   * What the person did with the link in an e-mail, ours or the one that the CRM puts there; written in the same transaction. It bars, or lets
   * in again, these keys and the contact, and no other address of theirs.
   */
  readonly link?: {
    readonly of: 'us' | 'crm';
    readonly personHashes: readonly string[];
    readonly channel: 'email';
    readonly bars: boolean;
  };
}

export type Acceptance =
  | { readonly kind: 'accepted'; readonly inboxId: string; readonly receivedAt: Iso }
  | { readonly kind: 'duplicate'; readonly inboxId: string }
  | { readonly kind: 'conflict'; readonly inboxId: string };

export interface InboxRow {
  readonly inboxId: string;
  readonly source: EventSource;
  readonly eventKey: string;
  readonly type: string;
  readonly kind: string;
  readonly locationId: string | null;
  readonly contactId: string | null;
  readonly occurredAt: Iso | null;
  readonly receivedAt: Iso;
  /** When it was last taken up again; null: never. An event's age is counted until then. */
  readonly reopenedAt: Iso | null;
  readonly verdict: InboxVerdict;
  readonly reason: string | null;
  readonly dispatchedAt: Iso | null;
  readonly workedAt: Iso | null;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the relay needs of a row; never the body. */
export interface Dispatchable {
  readonly inboxId: string;
  readonly kind: string;
  readonly type: string;
  readonly locationId: string | null;
  readonly contactId: string | null;
  readonly receivedAt: Iso;
}

/** After this long an event that its lead has not worked counts as stuck, ms. A healthy lead takes well under a second. */
export const STUCK_AFTER_MS = 10 * 60_000;

export interface StuckEvents {
  readonly events: number;
  readonly oldest: {
    readonly inboxId: string;
    readonly locationId: string | null;
    readonly contactId: string | null;
    /** When it was first handed to its lead. */
    readonly since: Iso;
  } | null;
}

/** Which events are meant; what is absent excludes none. */
export interface InboxFilter {
  readonly locationId?: string;
  readonly contactId?: string;
  readonly verdict?: InboxVerdict;
  readonly type?: string;
  readonly kind?: string;
  /** Received from here on and before there. */
  readonly from?: Iso;
  readonly to?: Iso;
  /** Handed to their leads more than `STUCK_AFTER_MS` ago, and not worked. */
  readonly stuck?: boolean;
  /** Came through a door and has a final verdict: people's own acts and our own events are not repeated by the hundred. */
  readonly replayable?: boolean;
}

export interface InboxStore {
  /** One transaction. Throws CANNOT_STORE when the database does not answer in time; then nothing is stored. */
  accept(event: NewInboxEvent): Promise<Acceptance>;
  load(inboxId: string): Promise<InboxRow | undefined>;
  markDispatched(inboxIds: readonly string[]): Promise<void>;
  /** An event that came without a contact is henceforth this one's; one that has a contact or a final verdict keeps what it has. */
  assign(inboxId: string, contactId: string): Promise<void>;
  /** Final verdict; a row that has one keeps it. */
  settle(inboxId: string, verdict: 'worked' | 'ignored' | 'parked', reason: string | null): Promise<void>;
  /**
   * Hands up to `limit` rows that are still `received` and older than `olderThanMs` to `dispatch`, at most `perLocation` of each
   * location, locked against other sweepers (SKIP LOCKED) while it runs; those it answers true for are marked dispatched.
   * Rows `dispatched` more than `redispatchAfterMs` ago without a final verdict are handed out again.
   */
  sweep(
    options: { olderThanMs: number; redispatchAfterMs: number; perLocation: number; limit: number },
    dispatch: (row: Dispatchable) => Promise<boolean>,
  ): Promise<number>;
  /** Events `dispatched` more than `forMs` ago for the first time and still without a final verdict: their leads do not get on. */
  stuck(forMs: number): Promise<StuckEvents>;
  /** How many events of a location have no final verdict, and are not stuck with their leads; `atMost` if there are more. */
  unworked(locationId: string, atMost: number): Promise<number>;
  /** Newest first; `cursor` from the previous page. */
  list(filter: InboxFilter & { limit: number; cursor?: string }): Promise<{
    items: readonly Omit<InboxRow, 'body' | 'headers'>[];
    nextCursor: string | null;
  }>;
  /** Makes a parked, ignored or worked row `received` again so that it is worked anew; state-only if old. */
  reopen(inboxId: string): Promise<boolean>;
}

/** Delivers an event to the lead's workflow: signal-with-start, harmless when repeated. */
export interface LeadMailbox {
  deliver(ref: LeadRef, event: { inboxId: string; kind: string; at: Iso }): Promise<void>;
}
