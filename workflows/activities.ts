import type { ActResult, EventRef } from './contract.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { DecideVerdict, NextTouch } from '../domain/ports/leads.ts';

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
