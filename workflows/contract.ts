/**
 * What the other layers may know of the workflows: types, names, ids. No logic of its own, nothing personal.
 * Ids are built here and only here, each with its inverse.
 */
import type { LeadState } from '../domain/glossary.ts';
import type { FeedRef, FeedResource } from '../domain/market/feed.ts';
import type { FigureSource } from '../domain/market/figures.ts';
import type { AssistNext, DecideVerdict } from '../domain/ports/leads.ts';
import type { TokenHolder } from '../domain/ports/tokens.ts';

export const taskQueues = { leads: 'leads', ghl: 'ghl', claude: 'claude', market: 'market' } as const;

export const LEAD_WORKFLOW = 'lead';

/** Signal `event`: something for this lead is in the inbox. */
export interface EventRef {
  readonly inboxId: string;
  /** Event type as the inbox knows it, e.g. `InboundMessage`, `operator.pause`. */
  readonly kind: string;
  /** When it was received, ISO 8601. */
  readonly at: string;
}
export const EVENT_SIGNAL = 'event';

export interface LeadInput {
  readonly locationId: string;
  readonly contactId: string;
  /** Carried over continue-as-new; absent on a first start. */
  readonly carried?: {
    readonly mailbox: readonly MailboxItem[];
    readonly dirty: boolean;
    readonly state: LeadControlState;
    readonly verdict: DecideVerdict | null;
    readonly assist?: AssistNext | null;
  };
}

export type LeadControlState = LeadState;

/** The updates that people send to a lead, by name. */
export const leadActions = ['pause', 'resume', 'stop', 'takeOver', 'enrol'] as const;
export type LeadAction = (typeof leadActions)[number];

/** The state in which an act leaves a lead: the domain's rule, pure and small enough to be replayed with the workflow. */
export { stateAfterAct as stateAfter } from '../domain/leads/state-after-act.ts';

/** Argument of the five updates. `inboxId` is present when the act is already in the inbox (API); else the workflow records it. */
export interface ActInput {
  readonly inboxId?: string;
  /** `enrol` only. */
  readonly sequence?: string;
  /** Who asked, an operator id; never a name. */
  readonly by?: string;
}
export interface ActResult {
  readonly state: LeadControlState;
}

/** A person's word on a drafted reply, each an update of its own. */
export const draftWords = { approveDraft: 'approve', rejectDraft: 'reject' } as const;
export type DraftWord = keyof typeof draftWords;

/** Argument of `approveDraft` and `rejectDraft`. Words of the person's own are stored before, and never come here. */
export interface DraftInput {
  readonly draftId: string;
  /** Present when the word is already stored (API); else the workflow stores it. */
  readonly inboxId?: string;
  /** Who said it, an operator id; never a name. */
  readonly by?: string;
}

/** What waits in a lead's mailbox: an event of the inbox, or a person's act or word that is still to be written down. */
export type MailboxItem =
  | EventRef
  | { readonly act: LeadAction; readonly actId: string; readonly input: ActInput }
  | { readonly word: DraftWord; readonly input: DraftInput };

/** Answer of the query `state`. */
export interface LeadView {
  readonly state: LeadControlState;
  readonly stage: string | null;
  readonly tier: string | null;
  readonly score: number | null;
  /** What it waits for, in plain words, and until when. */
  readonly waitingFor: string;
  readonly nextAt: string | null;
  readonly mailbox: number;
  readonly worked: number;
  readonly applying: boolean;
  /** When the assistant is asked next; null: nothing waits for it. */
  readonly assistAt?: string | null;
  readonly assisting?: boolean;
}
export const STATE_QUERY = 'state';

export function leadWorkflowId(locationId: string, contactId: string): string {
  return `lead:${locationId}:${contactId}`;
}

export const REFRESH_TOKENS_WORKFLOW = 'refreshTokens';

/** Whose tokens a refresher keeps: a location's, or an agency's. */
export interface RefreshTokensInput {
  readonly holder: TokenHolder;
  /** Carried over continue-as-new: the newest version that the vendor was seen to refuse. */
  readonly refused?: number;
}

/** Signal `news`: the vendor refused this version; null: something changed, the store is to be looked at. */
export interface TokenNews {
  readonly refused: number | null;
}
export const TOKEN_NEWS_SIGNAL = 'news';

/** Ids of locations and companies are the vendor's, and differ. */
export function tokensWorkflowId(holderId: string): string {
  return `tokens:${holderId}`;
}

export const RESCORE_WORKFLOW = 'rescoreLocation';

export interface RescoreInput {
  readonly locationId: string;
  /** Carried over continue-as-new. */
  readonly asked?: boolean;
  readonly pass?: RescorePass;
  readonly last?: RescorePass;
}

/** A pass over all leads of a location. */
export interface RescorePass {
  /** When it began. */
  readonly asOf: string;
  /** Behind this contact it goes on. */
  readonly after: string;
  /** Leads of the location when the pass began; null: not counted yet. */
  readonly of: number | null;
  readonly scored: number;
  readonly changed: number;
  /** Leads whose own work was told to decide anew. */
  readonly told: number;
  /** Leads that should have been told; the location had events enough to work for so long that they are left to the next pass. */
  readonly left: number;
  /** How often in a row the next lead was to be told, and there was no room. */
  readonly waited: number;
  /** Leads whose histories could not be read in the time of one statement: they keep their scores, and the next pass tries again. */
  readonly skipped: number;
  /** Contact ids of the first of them. */
  readonly unread: readonly string[];
  readonly step: RescoreStep;
}

/** How many leads the next step asks for. */
export interface RescoreStep {
  readonly atMost: number;
  /** Somewhere within so many leads is one that is too long; 0: none is known of. */
  readonly within: number;
}

/** Signal: something changed that scores depend on, the model or the settings; a pass begins at once, or after the one under way. */
export const RESCORE_SIGNAL = 'changed';

/** Answer of the query `progress`. */
export interface RescoreView {
  readonly pass: RescorePass | null;
  /** The pass before, once it was over. */
  readonly last: RescorePass | null;
}
export const PROGRESS_QUERY = 'progress';

export function rescoreWorkflowId(locationId: string): string {
  return `rescore:${locationId}`;
}

export const KEEP_WARM_WORKFLOW = 'keepWarm';

export interface WarmInput {
  readonly locationId: string;
}

/** Half of the time from a call to its ping: whatever was called last is looked at before its ping is due. */
export const WARM_LOOK_EVERY_MS = 27 * 60_000;

/** Of the schedule, and of the workflows that it starts, which carry their time behind it. */
export function warmWorkflowId(locationId: string): string {
  return `warm:${locationId}`;
}

export const NIGHT_WORKFLOW = 'nightlySummaries';

export interface NightInput {
  readonly locationId: string;
}

/** Of the schedule, and of the workflows that it starts, which carry their time behind it. */
export function nightWorkflowId(locationId: string): string {
  return `night:${locationId}`;
}

export const MARKET_WORKFLOW = 'marketRefresh';

export interface MarketInput {
  readonly feed: FeedRef;
  /** Pushed events wait: they are worked, and the journal is left to the schedule. */
  readonly pushed?: boolean;
  /** Carried over continue-as-new. */
  readonly tally?: MarketTally;
}

/** What a run has done so far. */
export interface MarketTally {
  readonly pages: number;
  readonly records: number;
  readonly changed: number;
  readonly dead: number;
  readonly news: number;
  readonly alerts: number;
}

/** Signal: events were pushed, and are stored. */
export const PUSHED_SIGNAL = 'pushed';

/** Answer of the query `progress` of both workflows of a market. */
export interface MarketView extends MarketTally {
  /** What it does or waits for, in plain words. */
  readonly doing: string;
  /** Not before then the feed is asked again; null: it is not held. */
  readonly heldUntil: string | null;
}

/** Of the schedule, of the run that pushed events wake, and of the runs that the schedule starts, which carry their time behind it. */
export function marketWorkflowId({ provider, market }: Pick<FeedRef, 'provider' | 'market'>): string {
  return `market:${provider}:${market}`;
}

export const BACKFILL_WORKFLOW = 'marketBackfill';

export interface BackfillInput {
  readonly feed: FeedRef;
  /** `2026-11`, UTC. */
  readonly month: string;
  /** Carried over continue-as-new. */
  readonly place?: BackfillPlace;
  readonly tally?: MarketTally;
}

/**
 * Where a backfill goes on. `from`: of the month's changes of this resource everything before it is stored; null: nothing yet.
 * `next`: of a feed that keeps no order, the link to the next page.
 */
export interface BackfillPlace {
  readonly resource: FeedResource;
  readonly from: string | null;
  readonly next?: string;
}

export function backfillWorkflowId({ provider, market }: Pick<FeedRef, 'provider' | 'market'>, month: string): string {
  return `backfill:${provider}:${market}:${month}`;
}

export const FIGURES_WORKFLOW = 'marketFigures';

/** `file`: its address without what stands behind the question mark, which may be a signature. */
export interface FiguresInput {
  readonly source: FigureSource;
  readonly file: string;
}

/** Of the schedule, and of the runs that it starts, which carry their time behind it. */
export function figuresWorkflowId({ source, file }: FiguresInput): string {
  return `figures:${source}:${file}`;
}

/** Search attributes and their Temporal types; registered at server start, upserted only on change. */
export const searchAttributes = {
  LocationId: 'Keyword',
  ContactId: 'Keyword',
  LeadStage: 'Keyword',
  LeadTier: 'Keyword',
  Sequence: 'Keyword',
  LeadScore: 'Int',
  NextTouchAt: 'Datetime',
  Paused: 'Bool',
} as const;

/** Link to a workflow's latest run in the Temporal Web UI. */
export function temporalUiLink(uiUrl: string, namespace: string, workflowId: string): string {
  return `${uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
