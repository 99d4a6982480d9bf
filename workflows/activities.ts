import type {
  ActResult,
  BackfillInput,
  BackfillPlace,
  DraftInput,
  EventRef,
  FiguresInput,
  MarketInput,
  NightInput,
} from './contract.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { FeedRef, FeedResource } from '../domain/market/feed.ts';
import type { DraftVerdict } from '../domain/ports/drafts.ts';
import type { AssistNext, DecideVerdict, NextTouch } from '../domain/ports/leads.ts';
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
  /** Writes down a person's word on a drafted reply; once, and only while the draft is open. */
  decideDraft(input: LeadRef & DraftInput & { readonly verdict: DraftVerdict }): Promise<void>;
  /** The assistant could not be asked: what waits for it is left to the rules and to people. */
  giveUpAssist(input: LeadRef): Promise<void>;
}

/** Activities that talk to GHL, on its queue. */
export interface GhlActivities {
  /** Brings a contact to the newest plan. */
  applyPlan(input: LeadRef): Promise<ApplyResult>;
  touch(input: LeadRef): Promise<TouchResult>;
}

/** What the assistant has done: the events that came of it, what is next for it, and whether something waits to be made or sent. */
export interface AssistResult {
  readonly events: readonly EventRef[];
  readonly next: AssistNext | null;
  readonly made: boolean;
}

/** Activities that ask a language model, on its queue. */
export interface ClaudeActivities {
  /** Reads what waits to be read, and drafts the reply that is due. Safe at any time: stored facts say how far it came. */
  assist(input: LeadRef): Promise<AssistResult>;
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
  /** So many leads; fewer after a step that found them too many. */
  readonly atMost: number;
  /** Those that are to be told, and that there is no room for, are left to the next pass; else the step ends before them. */
  readonly leave?: boolean;
}

export type RescoredSome =
  /** The location is not installed. */
  | { readonly outcome: 'gone' }
  /** So many, two at least, could not be read in the time of one statement. */
  | { readonly outcome: 'slow'; readonly leads: number }
  | {
      readonly outcome: 'done';
      /** Null: these were the last ones. */
      readonly next: string | null;
      readonly scored: number;
      readonly changed: number;
      /** Leads whose own work was told to decide anew. */
      readonly told: number;
      /** Leads that should have been told, and are left to the next pass. */
      readonly left: number;
      /** The next lead is to be told as well, and there is no room: the location has events enough to work. */
      readonly full: boolean;
      /** The lead that alone could not be read. */
      readonly unread: string | null;
      /** How many leads the location has, where this was the first step. */
      readonly of: number | null;
    };

/** Activities of scores, on the queue of the leads. */
export interface ScoreActivities {
  /** The next leads in order; the same again changes nothing. */
  rescoreSome(input: RescoreSomeInput): Promise<RescoredSome>;
}

/** When what a location's calls share is pinged next, or why it is not. */
export type WarmLook =
  | { readonly kind: 'ping'; readonly at: string; readonly model: string }
  | { readonly kind: 'stop'; readonly why: string };

/** Activities of keep-warm, on the queue of the model. */
export interface WarmActivities {
  lookWarm(input: { readonly locationId: string }): Promise<WarmLook>;
  /** Sends the ping if it is still due; answers what became of it. */
  pingWarm(input: { readonly locationId: string }): Promise<string>;
  /** Ends the schedule. */
  endWarm(input: { readonly locationId: string }): Promise<void>;
}

/**
 * What became of asking for the summaries of a night. stop: there is no assistant here, or nobody writes · unsure: a batch may have been made,
 * tonight or on a night before, and it is not known which · failed: none was made.
 */
export type NightSent =
  | { readonly kind: 'stop'; readonly why: 'off' | 'quiet' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'sent'; readonly batchId: string; readonly calls: number }
  | { readonly kind: 'unsure' }
  | { readonly kind: 'failed'; readonly again: boolean; readonly code: string };

/** How far a batch is. away: the vendor did not say · missing: there is none that could be ours. */
export type NightLook =
  | { readonly kind: 'working'; readonly done: number; readonly of: number }
  | { readonly kind: 'ended'; readonly batchId: string }
  | { readonly kind: 'away' | 'missing' };

export type NightKept =
  { readonly kind: 'kept'; readonly summaries: number; readonly dropped: number } | { readonly kind: 'away' };

/** Activities of the summaries by night, on the queue of the model. */
export interface NightActivities {
  /** Asks for a summary of each talk of the day. To be tried once: what it wrote down is looked at before it is tried again. */
  sendNight(input: NightInput): Promise<NightSent>;
  /** `batchId`: null where it is not known whether there is one. */
  lookNight(input: NightInput & { readonly batchId: string | null }): Promise<NightLook>;
  /** Keeps the answers of a batch that has ended; the same again changes nothing. */
  keepNight(input: NightInput & { readonly batchId: string }): Promise<NightKept>;
  /** Gives up what was asked for and never heard of. */
  dropNight(input: NightInput & { readonly batchId: string | null }): Promise<void>;
  /** Ends the schedule. */
  endNights(input: NightInput): Promise<void>;
}

/** What came of asking a feed. held: it is not to be asked before `until`, for the reason that the code names. */
export type FeedAsked<Done> =
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'held'; readonly until: string; readonly why: string }
  | (FeedCounts & Done);

export interface FeedCounts {
  readonly pages: number;
  readonly records: number;
  readonly changed: number;
  readonly dead: number;
  readonly news: number;
}

export interface PollInput extends Pick<MarketInput, 'feed' | 'pushed'> {
  /** Resources that this poll has asked to the end already. */
  readonly asked: readonly FeedResource[];
}

export type Polled = FeedAsked<{
  readonly outcome: 'more' | 'done';
  readonly asked: readonly FeedResource[];
  /** The feed is to be walked through as a whole: nothing was for a day, or a walk is under way. */
  readonly walk: boolean;
}>;

/** Activities of the market, on its own queue. All may be repeated at any time: what is stored says how far they came. */
export interface MarketActivities {
  /** Some seconds of asking a feed for what is new, page by page; a page is stored together with where to go on. */
  pollMarket(input: PollInput): Promise<Polled>;
  /** Some seconds of a walk through all that a feed has, which finds what no increment told of. */
  walkMarket(input: { readonly feed: FeedRef }): Promise<FeedAsked<{ readonly outcome: 'more' | 'done' }>>;
  /** Some seconds of a month of changes; `next` null: they are all stored. */
  backfillMarket(
    input: Pick<BackfillInput, 'feed' | 'month'> & { readonly place: BackfillPlace | null },
  ): Promise<FeedAsked<{ readonly outcome: 'done'; readonly next: BackfillPlace | null }>>;
  /** Tells the leads that changes concern, some hundred changes at a time. */
  fanOut(feed: FeedRef): Promise<{ readonly changes: number; readonly alerts: number; readonly more: boolean }>;
}

/** What became of a public file that was to be fetched. */
export type FiguresRefreshed =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'read'; readonly rows: number; readonly changed: number; readonly dead: number };

export interface FigureActivities {
  /** Fetches a public file of figures and reads it to its end, if its server has another one than was read. May be repeated at any time. */
  refreshFigures(file: FiguresInput): Promise<FiguresRefreshed>;
}
