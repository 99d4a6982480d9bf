import type { Channel, Iso, LeadState, Purpose } from '../glossary.ts';
import type { ConsentStanding, FreshConsent } from './standing.ts';
import type { HealthLimits, SendingTally } from './sending-health.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A message leaves within this after its gate was asked, or nearly so: hours and caps are kept with so much to spare. */
export const sendMarginMs = 60_000;
/** What went out within this counts for the caps of 24 hours. */
export const countedMs = 24 * 3_600_000 + sendMarginMs;

/** A fact as the gate sees it: `unknown` is what an unreadable one becomes, and it closes the gate. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** Everything a send depends on, read right before it; stored with the verdict, and so without an address, a number or a word. */
export interface GateFacts {
  readonly now: Iso;
  readonly channel: Channel;
  /** Why it was meant to go out. That it is an answer is believed only where `wroteAt` proves it. */
  readonly purpose: Purpose;
  /** Present for a step of an enrolment; absent for what a decision asked for. */
  readonly step?: true;
  /** Present for a task that asks somebody to call the lead. */
  readonly calls?: true;
  /** Fresh vendor read. `exists` false: the contact does not exist any more. */
  readonly contact: Known<
    Whereabouts & {
      readonly exists: boolean;
      readonly hasPhone: boolean;
      readonly hasEmail: boolean;
      readonly dnd: boolean;
      readonly dndChannel: 'on' | 'off' | 'unknown';
      readonly tags: readonly string[];
    }
  >;
  /** Of the channel; for a call task, of calls. */
  readonly consent: Known<ConsentStanding>;
  readonly suppressed: Known<boolean>;
  /** Messages of this purpose to this person in the last 24 hours and a minute (`countedMs`), and when the oldest of them went out. */
  readonly sentIn24h: Known<{ readonly count: number; readonly oldestAt: Iso | null }>;
  /** When the contact last wrote to us on this channel; null: never. */
  readonly wroteAt: Known<Iso | null>;
  readonly state: Known<LeadState>;
  /** Another contact of the person is paused, or a human works it; the stricter of the two. Absent: none is. */
  readonly elsewhere?: 'paused' | 'taken-over';
  /** `parked`: the CRM does not take our token. */
  readonly location: Known<'active' | 'paused' | 'parked' | 'uninstalled'>;
  /** How the location's sending on this channel does; asked for messages only. */
  readonly sending: Known<SendingTally>;
  /** News of this contact, and what people wrote to or by another one of the person, received and not yet worked. */
  readonly unworkedInbound: Known<number>;
  /**
   * Is the enrolment still active, and the step still open? `paused`: a person paused just this enrolment. `told`: the person had the same
   * step within a day already, by another enrolment or another contact of theirs. `reply`: one of its exits, and the person wrote by another
   * contact since it began; `booking`: another contact has an appointment that is to come. `moved`: what it is about has another time than
   * the step was taken with.
   */
  readonly wanted: Known<boolean | 'paused' | 'told' | 'reply' | 'booking' | 'moved'>;
  /** Activation tags present and no stop tag. */
  readonly activated: Known<boolean>;
  /** The words as they would go out; null for what has none that a person reads. */
  readonly words: WordsFacts | null;
  readonly quietHours: { readonly from: string; readonly to: string };
  readonly answersAtNight: boolean;
  readonly capPer24h: number;
  readonly health: HealthLimits;
  /** How often in a row a read for this send failed, just before now; one that was put off until a time that was told is not counted. Absent: taken for never. */
  readonly unreadBefore?: number;
  /** When the CRM, or our budget of calls to it, lets us read what could not be read. Absent: nobody said. */
  readonly readableAt?: Iso;
}

/** What is read fresh from the CRM. What the ledger makes of the consent that it shows is read under the gate's locks. */
export interface VendorFacts extends Pick<GateFacts, 'contact' | 'activated' | 'readableAt'> {
  readonly consent: Known<FreshConsent>;
}

/** What the gate knows of a message's words. */
export interface WordsFacts {
  /** That carriers count; 0 for an e-mail. */
  readonly segments: number;
  /** A merge field stands in it as it is. */
  readonly unresolved: boolean;
  readonly empty: boolean;
  /** The first text of ours to this person. */
  readonly first: boolean;
  readonly namesSender: boolean;
  readonly tellsOptOut: boolean;
  /** What the law wants in an e-mail that solicits and this one does not bear. */
  readonly lacks: readonly string[];
}

/** All checks, in the order in which they are told. */
export const gateChecks = [
  ...(['contact', 'reachable', 'dnd', 'purpose', 'origin', 'consent', 'registry', 'suppression'] as const),
  ...(['quiet-hours', 'cap', 'takeover', 'location', 'health', 'ramp'] as const),
  ...(['unworked-inbound', 'wanted', 'activation', 'words'] as const),
] as const;
export type GateCheck = (typeof gateChecks)[number];

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
  /** When that fact can be read, where the CRM or our budget of calls put it off and said until when. */
  readonly readableAt?: Iso;
  /** Present where the whole enrolment is over, and by what. */
  readonly ends?: 'reply' | 'booking';
  /** Present where a call task is not made because nobody may call: a person is told so. */
  readonly doNotCall?: true;
  /** Present where the location's sending on this channel is to be paused now, and why. */
  readonly pause?: string;
  readonly opensAt?: Iso;
}
