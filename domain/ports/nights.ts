import type { Breakpoint } from '../assistant/breakpoints.ts';
import type { Entry } from '../assistant/ledger.ts';
import type { Iso, LeadRef } from '../glossary.ts';
import type { AttemptRef } from './model-ledger.ts';

/** A lead that talked, and the newest of its messages. */
export interface TalkedLead {
  readonly contactId: string;
  readonly inboxId: string;
}

/** An attempt of the ledger that goes, or went, by a batch. */
export interface BatchedAttempt extends AttemptRef {
  readonly contactId: string | null;
  readonly model: string;
  readonly at: Iso;
  readonly marks: readonly Breakpoint[];
  readonly entry: Entry;
}

/** What the work of a night knows. */
export interface NightStore {
  /** Leads with a message since then that no summary knows yet, whoever may be written to or not; those who opted out or are gone left out. */
  talked(locationId: string, since: Iso, limit: number): Promise<readonly TalkedLead[]>;
  /** Has any lead of the location written since then? */
  anyTalk(locationId: string, since: Iso): Promise<boolean>;
  batched(locationId: string, since: Iso): Promise<readonly BatchedAttempt[]>;
  /** A summary of the talk up to this message is wanted: the lead's assistant makes it. Once; nothing for a lead that is deleted. */
  want(ref: LeadRef, inboxId: string, now: Iso): Promise<void>;
}

/** The schedule by which a location's leads are summed up at night. */
export interface NightSchedule {
  /** From now on, by the location's own clock; harmless where it runs. */
  begin(locationId: string, zone: string): Promise<void>;
  /** Harmless where there is none. */
  end(locationId: string): Promise<void>;
}
