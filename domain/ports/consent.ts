import type { RawRow } from '../consent/import-row.ts';
import type { ConsentChannel, ConsentFactKind, ConsentRecord } from '../consent/ledger.ts';
import type { ConsentStanding } from '../consent/standing.ts';
import type { ConsentText } from '../consent/texts.ts';
import type { Iso, LeadRef } from '../glossary.ts';

/** An entry of the ledger as people are shown it. */
export interface ShownRecord extends Omit<ConsentRecord, 'personHash'> {
  /** It is for the contact's number or address as it is now; `earlier`: for another one; `none`: none was known. */
  readonly address: 'current' | 'earlier' | 'none';
  readonly seller: string | null;
  readonly evidence: Readonly<Record<string, string>>;
  readonly recordedAt: Iso;
  readonly recordedBy: string;
}

export interface ShownFact {
  readonly kind: ConsentFactKind;
  readonly at: Iso;
  readonly source: string;
  readonly basis: string;
  readonly recordedAt: Iso;
  readonly recordedBy: string;
}

/** All that is known of one person's consent, newest first. */
export interface LeadLedger {
  readonly standing: Readonly<Record<ConsentChannel, ConsentStanding>>;
  readonly records: readonly ShownRecord[];
  readonly facts: readonly ShownFact[];
}

/** What somebody of the team writes down by hand. */
export interface HandEntry {
  readonly said:
    | { readonly state: 'granted'; readonly channels: readonly ConsentChannel[]; readonly text: string }
    | { readonly state: 'withdrawn'; readonly channels: readonly ConsentChannel[] }
    | { readonly fact: ConsentFactKind };
  /** When the person said so, or when it was. */
  readonly at: Iso;
  readonly reason: string;
  readonly by: string;
}

export interface ImportVerdict {
  readonly line: number;
  /** `new`: it is, or would be, written down. `known`: it was before. `bad`: nothing of it is taken. */
  readonly verdict: 'new' | 'known' | 'bad';
  readonly why?: string;
}

export interface ImportAsked {
  readonly rows: readonly { readonly line: number; readonly row: RawRow }[];
  /** False: only say what would be. */
  readonly apply: boolean;
  readonly by: string;
  readonly now: Iso;
}

export interface ConsentStore {
  texts(locationId: string): Promise<readonly ConsentText[]>;
  /**
   * The same text again answers the one that is there.
   * @throws CONSENT_TEXT_TAKEN where the version has other words
   */
  addText(locationId: string, text: Omit<ConsentText, 'addedAt'>): Promise<ConsentText>;
  /** As the ledger alone knows it: what the CRM shows right now is asked before a send. Undefined: no such lead. */
  ofLead(ref: LeadRef, now: Iso): Promise<LeadLedger | undefined>;
  /**
   * Writes down what somebody says by hand, with a line on the timeline. A withdrawal bars the person from that moment on, like an opt-out.
   * The same entry again changes nothing.
   * @returns false where it was there already
   * @throws LEAD_UNKNOWN; CONSENT_TEXT_UNKNOWN where the text is not there or is not for the channel
   */
  byHand(ref: LeadRef, entry: HandEntry, now: Iso): Promise<boolean>;
  /** Each row by itself, known by its content: the same file twice is the same entries. A withdrawal bars as one by hand does. */
  importRows(locationId: string, asked: ImportAsked): Promise<readonly ImportVerdict[]>;
}
