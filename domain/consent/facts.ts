import type { Channel, Iso, LeadState, Purpose } from '../glossary.ts';

/** A fact as the gate sees it: `unknown` is what an unreadable one becomes, and it closes the gate. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** Everything a send depends on, read right before it; stored with the verdict. */
export interface GateFacts {
  readonly now: Iso;
  readonly channel: Channel;
  readonly purpose: Purpose;
  /** Present for a step of an enrolment; absent for what a decision asked for. */
  readonly step?: true;
  /** Fresh vendor read. `gone`: the contact does not exist any more. */
  readonly contact: Known<{
    readonly exists: boolean;
    readonly hasPhone: boolean;
    readonly hasEmail: boolean;
    readonly dnd: boolean;
    readonly dndChannel: 'on' | 'off' | 'unknown';
    readonly timezone: string | null;
    readonly tags: readonly string[];
  }>;
  readonly consent: Known<'granted' | 'withdrawn' | 'none'>;
  readonly suppressed: Known<boolean>;
  /** Messages of this purpose to this person in the last 24 hours, and when the oldest of them leaves the window. */
  readonly sentIn24h: Known<{ readonly count: number; readonly oldestAt: Iso | null }>;
  readonly state: Known<LeadState>;
  /** `parked`: the CRM does not take our token. */
  readonly location: Known<'active' | 'paused' | 'parked' | 'uninstalled'>;
  /** Inbound messages of this contact received and not yet worked. */
  readonly unworkedInbound: Known<number>;
  /** Is the enrolment still active and the step still open? */
  readonly wanted: Known<boolean>;
  /** Activation tags present and no stop tag. */
  readonly activated: Known<boolean>;
  readonly quietHours: { readonly from: string; readonly to: string };
  readonly capPer24h: number;
  /** How often in a row this send was held back, just before now, by what could not be read. Absent: not known, taken for never. */
  readonly unreadBefore?: number;
}

export type GateCheck =
  | 'contact'
  | 'reachable'
  | 'dnd'
  | 'consent'
  | 'suppression'
  | 'quiet-hours'
  | 'cap'
  | 'takeover'
  | 'location'
  | 'unworked-inbound'
  | 'wanted'
  | 'activation';

export interface GateVerdict {
  readonly open: boolean;
  /** All checks in their order, each with its finding in plain words. */
  readonly checks: readonly { readonly check: GateCheck; readonly pass: boolean; readonly finding: string }[];
  /** The first failed check. */
  readonly closedBy?: GateCheck;
  /** `wait`: time alone opens it at `opensAt`. `task`: missing consent, a call task instead. `end`: this step never goes out. `hold`: asked again when something changes. */
  readonly then?: 'wait' | 'task' | 'end' | 'hold';
  /** Present where it waits for a fact that could not be read. */
  readonly unread?: true;
  readonly opensAt?: Iso;
}
