import type { Channel, Iso, LeadRef } from '../glossary.ts';
import type { Dispatchable, InboxFilter } from './inbox.ts';
import type { OutboxRow, OutboxState } from './outbox.ts';
import type { Page, PageRequest } from './page.ts';

/** What followed from an event. */
export interface EventStory {
  /** One for each time that it was worked. */
  readonly decisions: readonly {
    readonly round: number;
    readonly at: Iso;
    readonly stage: string;
    readonly tier: string | null;
    readonly score: number | null;
    readonly summary: string;
  }[];
  /** Side effects that it asked for, those of the enrolments that it began among them. */
  readonly sends: readonly Pick<OutboxRow, 'sendId' | 'channel' | 'stepKey' | 'state' | 'reason' | 'claimedAt'>[];
  /** What people did with it. */
  readonly acts: readonly {
    readonly action: string;
    readonly reason: string | null;
    readonly by: string | null;
    readonly at: Iso;
  }[];
}

/** What an event has led to already, and a replay of it would not make again. */
export interface AlreadyMade {
  readonly onceKeys: readonly string[];
  /** Keys of sequences. */
  readonly sequences: readonly string[];
}

/** As many events as one replay of a range takes. */
export const MOST_REPLAYED = 5000;

/** A range of events that is replayed step by step; it goes on where it stopped, whoever asks. */
export interface ReplayProgress {
  readonly replayId: string;
  readonly events: number;
  readonly waiting: number;
  /** Reopened, and not worked yet. */
  readonly underWay: number;
  readonly done: number;
  /** What stopped them has stopped them again. */
  readonly parked: number;
  /** They were being worked when their turn came. */
  readonly passed: number;
  /** Installs and uninstalls of the range: worked again out of their turn they would undo what is. Each can be replayed by itself. */
  readonly leftOut: number;
  /** The first that is under way: nothing more of its lead is reopened before it is worked. */
  readonly waitsFor: string | null;
  readonly begunAt: Iso;
  readonly endedAt: Iso | null;
}

export interface InboxTools {
  story(row: { readonly inboxId: string } & LeadRef): Promise<EventStory>;
  alreadyMade(ref: LeadRef, inboxId: string, onceKeys: readonly string[]): Promise<AlreadyMade>;
  /** Reopens an event and writes down who asked; undefined when it has no final verdict. */
  replay(inboxId: string, by: string): Promise<Dispatchable | undefined>;
  /** A parked event that nothing is to be made of. `again`: it was ignored by a person before. */
  ignore(inboxId: string, reason: string, by: string): Promise<'ignored' | 'again' | 'absent' | 'not parked'>;
  /** How many events of the doors a range holds, and how many of it are left out. */
  count(filter: InboxFilter): Promise<Pick<ReplayProgress, 'events' | 'leftOut'>>;
  /** Writes down which events are replayed, in the order in which they happened. Throws REPLAY_TOO_LARGE, REPLAY_EMPTY. */
  begin(filter: InboxFilter, by: string): Promise<ReplayProgress>;
  progress(replayId: string): Promise<ReplayProgress | undefined>;
  /** Reopens the next events, of each lead only after the one before was worked; answers what is to be dispatched. */
  step(
    replayId: string,
    atMost: number,
  ): Promise<{ readonly progress: ReplayProgress; readonly reopened: readonly Dispatchable[] } | undefined>;
}

/** A side effect that a person has to decide about. */
export interface UnsettledSend extends LeadRef {
  readonly sendId: string;
  readonly channel: Channel;
  readonly stepKey: string | null;
  readonly state: Extract<OutboxState, 'parked' | 'unknown'>;
  readonly reason: string | null;
  readonly claimedAt: Iso;
  readonly sendingAt: Iso | null;
  /** When it is read back next, where that goes on. */
  readonly checkAt: Iso | null;
}

/** What a person found out about a send. `again`: it did not go out, and is to be tried once more. */
export type SendFinding =
  { readonly what: 'sent'; readonly vendorId: string } | { readonly what: 'not-sent'; readonly again: boolean };

export interface UnsettledSends {
  /** Oldest first. */
  list(
    filter: PageRequest & { readonly locationId?: string; readonly state?: 'parked' | 'unknown' },
  ): Promise<Page<UnsettledSend>>;
  /**
   * One transaction: the send, its step, the audit row and the timeline. Answers the state after it; undefined for a send that is not there.
   * The same finding again changes nothing. Throws SEND_STATE for one that is settled otherwise.
   */
  resolve(ref: LeadRef, sendId: string, finding: SendFinding, by: string, now: Iso): Promise<OutboxState | undefined>;
}
