import type { ActResult, EventRef } from './contract.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { DecideVerdict, NextTouch } from '../domain/ports/leads.ts';
import type { TokenHolder } from '../domain/ports/tokens.ts';

/** What the applier answers: a fresh CRM read that changed what we knew comes back as an event of the lead. */
export interface ApplyResult {
  readonly applied: number;
  readonly event: EventRef | null;
}

/** What a touch answers: how it ended, and what is next. */
export interface TouchResult {
  readonly outcome: string;
  readonly next: NextTouch | null;
}

export interface RecordActInput extends LeadRef {
  readonly actId: string;
  readonly action: 'pause' | 'resume' | 'stop' | 'takeOver' | 'enrol';
  readonly sequence?: string;
  readonly by?: string;
}

/** An event to be worked. `thenAct`: no other event waits, so the CRM may be brought to the plan at once. */
export interface WorkInput extends LeadRef, EventRef {
  readonly thenAct: boolean;
}

/**
 * What became of an event. `verdict` is where the lead stands, null when there is no such lead. `decided` false: nothing was decided (a
 * repeat, an echo, nothing for a lead to do), the last decision stands. `acted`: nothing more is to be done about the plan now; `event`
 * is the news that was found in the CRM.
 */
export interface Worked {
  readonly verdict: DecideVerdict | null;
  readonly decided: boolean;
  readonly acted: boolean;
  readonly event: EventRef | null;
}

/** The activities of a lead, by name, as the workflow calls them. Implemented in `activities/`; ids in, verdicts out. */
export interface LeadActivities {
  /**
   * Takes one event through levels 0 to 3: admit, understand, qualify, decide; the tasks of a level run side by side. Level 4, act, is
   * tried once, for a second.
   */
  work(input: WorkInput): Promise<Worked>;
  /** Stores the event as parked with the code that stopped it; neighbours go on. */
  park(input: { inboxId: string; code: string }): Promise<void>;
  /** Writes down a person's act that came straight to the workflow, effective at once. */
  recordAct(input: RecordActInput): Promise<EventRef & ActResult>;
  /** What is next for this lead, from stored facts. */
  plan(input: LeadRef): Promise<NextTouch | null>;
}

/** Activities that talk to GHL, on its queue. */
export interface GhlActivities {
  /** Brings a contact to the newest plan. */
  applyPlan(input: LeadRef): Promise<ApplyResult>;
  touch(input: LeadRef): Promise<TouchResult>;
}

/** Where a holder's token stands, as its refresher needs to know. */
export type TokenStanding =
  /** Nothing to keep fresh: uninstalled, a private token, unknown. */
  | { readonly state: 'gone' }
  /** `renewInMs`: until four fifths of its life are over; null: its end is not known, or nothing could renew it. */
  | { readonly state: 'held'; readonly version: number; readonly renewInMs: number | null }
  /**
   * None that the vendor takes. `hope`: an agency may give one. `againInMs`: it may mend by itself, and is tried again then; null: somebody
   * has to do something.
   */
  | { readonly state: 'parked'; readonly version: number; readonly hope: boolean; readonly againInMs: number | null };

/** Activities of the tokens, on the queue of the leads: on the vendor's they would wait behind the calls that wait for them. */
export interface TokenActivities {
  tokenStanding(holder: TokenHolder): Promise<TokenStanding>;
  /** Gets a newer token than this version, whichever way there is. */
  renewToken(input: TokenHolder & { readonly version: number }): Promise<TokenStanding>;
  /** What follows an install: the location's name and zone; the agency's locations. */
  followInstall(holder: TokenHolder): Promise<void>;
}

export interface RescoreSomeInput {
  readonly locationId: string;
  readonly asOf: string;
  readonly after: string;
}

/** Null as `next`: these were the last ones. */
export interface RescoredSome {
  readonly next: string | null;
  readonly scored: number;
  readonly changed: number;
}

/** Activities of scores, on the queue of the leads. */
export interface ScoreActivities {
  /** The next leads in order; the same again changes nothing. `gone`: the location is not installed. */
  rescoreSome(input: RescoreSomeInput): Promise<RescoredSome | 'gone'>;
}
