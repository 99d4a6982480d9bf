import type { Channel, Iso, LeadRef } from '../glossary.ts';
import type { OutboxRow } from './outbox.ts';

/** A time of which the database remembers nothing: it was restored from a backup that is older. */
export interface LostTime {
  readonly from: Iso;
  readonly until: Iso;
}

/** A text, an e-mail or a task that the CRM has from us and that the database knew nothing of. */
export interface Recalled {
  readonly vendorId: string;
  readonly channel: Channel;
  readonly title?: string;
  readonly body: string;
  readonly at: Iso;
}

/** What is recalled of a lead and stands for none of its sends yet, and what tells whether one send may be among it. */
export interface Unclaimed {
  /** Oldest first; of the row's channel only. */
  readonly sends: readonly (Recalled & { readonly sendId: string })[];
  /** End of the last lost time. */
  readonly until: Iso;
  /** When the event was received that a task follows from; null for other sends. */
  readonly eventAt: Iso | null;
}

/**
 * What is unknown since a restore. While none was ever announced no function runs a statement, but for one look per process and half
 * minute whether that still holds.
 */
export interface RestoreStore {
  /** The time that is lost of this lead and was not read back yet. */
  lost(ref: LeadRef): Promise<LostTime | undefined>;
  /**
   * Stores what was read back as sends of ours, known ones left out, and that the lead was read back up to `lost.until`: one transaction,
   * and the same again is nothing.
   * @param personHashes  of the lead's addresses: recalled messages count towards the cap
   */
  recall(
    ref: LeadRef,
    lost: LostTime,
    found: readonly Recalled[],
    personHashes: readonly string[],
    now: Iso,
  ): Promise<void>;
  /** Keys of the lead's messages that are known; of `keys` those that are not are answered. */
  unheard(ref: LeadRef, keys: readonly string[]): Promise<readonly string[]>;
  /** Undefined where nothing recalled is left that could be this send. */
  unclaimed(row: OutboxRow): Promise<Unclaimed | undefined>;
  /**
   * A claimed row turns out to be, or perhaps to be, what was recalled: it takes over the vendor's id and the time, and the recalled one
   * stands for nothing else any more. Answers false when the row is not claimed or the other is taken.
   */
  attribute(row: OutboxRow, recalledId: string, settled: Attribution, now: Iso): Promise<boolean>;
}

export type Attribution = { readonly state: 'sent' } | { readonly state: 'parked'; readonly reason: string };
