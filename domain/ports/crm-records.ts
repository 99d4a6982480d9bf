import type { CrmRecord, RecordChange, RecordKind, RecordNews } from '../crm/records.ts';
import type { EmailStat } from '../crm/email-stat.ts';
import type { OwnWrite, PriorMessage, UnsettledSend } from '../crm/own-write.ts';
import type { Iso, LeadRef } from '../glossary.ts';

/** What level 0 compares news of a lead with; read in one statement, so that a write of ours is seen before or after, never in between. */
export interface Prior {
  readonly record: CrmRecord | null;
  /** The message as stored, if it came before by another event. */
  readonly message: PriorMessage | null;
  /** Our own writes to this contact that may come back. */
  readonly writes: readonly OwnWrite[];
  /** Of a message: sends of ours that it may be, oldest first. */
  readonly unsettled: readonly UnsettledSend[];
}

/** Somebody of the team did something about a lead by hand. */
export interface HumanReaction {
  readonly at: Iso;
  readonly what: 'message' | 'call' | 'note' | 'task' | 'appointment';
  /** The CRM's user id, where it told. */
  readonly userId: string | null;
}

/** What the CRM told us of its opportunities, appointments, tasks, notes and other records. Newer news wins, whatever arrives last. */
export interface CrmRecordStore {
  prior(
    ref: LeadRef,
    asked: { readonly record?: RecordNews; readonly message?: { readonly id: string; readonly inboxId: string } },
  ): Promise<Prior>;
  /**
   * Before a write of ours: what it will show, so that its echo is known even if it comes before our call has returned. The same `key`
   * again replaces what was announced under it. Stands for an hour.
   */
  announce(ref: LeadRef, write: OwnWrite, now: Iso): Promise<void>;
  /**
   * Right after a write of ours: the resulting state is stored, so that the webhook which comes back changes nothing.
   * What was announced under this key is thereby done.
   * @param write  `recordId` is the vendor's id. All facts that were written belong in it; `{ deleted: true }` for a deletion. For records
   *               only: of a contact the snapshot is stored
   * @param at     the vendor's time of the write; undefined: its answer told none. Our own clock may run ahead of people's changes, so the
   *               write then stands only where nobody has told anything
   */
  expect(
    ref: LeadRef,
    write: OwnWrite & { readonly kind: RecordKind; readonly recordId: string },
    at: Iso | undefined,
  ): Promise<void>;
  /** The announced write did not happen, or (of a contact) its result is stored with the snapshot. */
  withdraw(ref: LeadRef, key: string): Promise<void>;
  /**
   * News that no lead decides upon: stores it and settles its event `worked`, or `ignored` where it changes nothing, in one transaction.
   * @param event  of this location; undefined: nothing is settled. `echo`: why it is ignored although it changes something
   */
  keep(
    locationId: string,
    news: RecordNews,
    event?: { readonly inboxId: string; readonly echo?: string },
  ): Promise<RecordChange>;
  /** Moves a stored message's delivery status on, tells the timeline, settles its event. False: an older status, nothing moved. */
  keepStatus(
    ref: LeadRef,
    message: {
      readonly id: string;
      readonly status: string;
      readonly userId: string | null;
      readonly told: string;
      /** When the CRM told: what it sends by itself has left since then at the latest. */
      readonly at: Iso;
    },
    inboxId: string,
    now: Iso,
  ): Promise<boolean>;
  /** Whose record this is, as stored; or the lead that our own send made it for. Undefined: not known. */
  contactOf(locationId: string, kind: RecordKind, recordId: string): Promise<string | undefined>;
  get(locationId: string, kind: RecordKind, recordId: string): Promise<CrmRecord | undefined>;
  /** A lead's records that are not deleted, newest news first. */
  ofLead(ref: LeadRef, kind: RecordKind): Promise<readonly CrmRecord[]>;
  /**
   * What became of an e-mail. A suppression, where it asks for one or is one failure too many, is written in the same transaction. Answers
   * which leads bear an address that is barred by it, also when the same event comes here again; its verdict is the caller's.
   */
  keepEmailStat(
    locationId: string,
    stat: Omit<EmailStat, 'recipient'> & { readonly recipientHash: string },
    inboxId: string,
    now: Iso,
  ): Promise<{ readonly fresh: boolean; readonly contactIds: readonly string[] }>;
  /** News of the location itself; absent is unknown. False: nothing new, or not installed here. */
  keepLocation(
    locationId: string,
    told: { readonly name?: string; readonly timezone?: string },
    at: Iso,
  ): Promise<boolean>;
  /** The last thing that a person of the team did about this lead since then, by hand. */
  lastHumanReaction(ref: LeadRef, since: Iso): Promise<HumanReaction | undefined>;
}
