import type { ActResult, EventRef } from './contract.ts';
import type { AdmitVerdict, LevelInput, Levels } from './levels.ts';
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

/** The activities of a lead, by name, as the workflow calls them. Implemented in `activities/`; ids in, verdicts out. */
export interface LeadActivities extends Levels {
  admit(input: LevelInput): Promise<AdmitVerdict>;
  decide(input: LevelInput): Promise<DecideVerdict>;
  /** Stores the event as parked with the code that stopped it; neighbours go on. */
  park(input: { inboxId: string; code: string }): Promise<void>;
  /** Writes down a person's act that came straight to the workflow, effective at once. */
  recordAct(input: RecordActInput): Promise<EventRef & ActResult>;
  /** What is next for this lead, from stored facts. */
  plan(input: LeadRef): Promise<NextTouch | null>;
}

/** Activities that talk to GHL, on its queue. */
export interface GhlActivities {
  applyPlan(input: LeadRef): Promise<ApplyResult>;
  touch(input: LeadRef): Promise<TouchResult>;
}
