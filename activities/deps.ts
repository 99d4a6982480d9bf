import type { Job } from '../domain/assistant/call.ts';
import type { CachedLayer } from '../domain/assistant/layers.ts';
import type { Failure } from '../domain/assistant/ledger.ts';
import type { Miss } from '../domain/assistant/misses.ts';
import type { Usage } from '../domain/assistant/prices.ts';
import type { CallModel } from '../domain/assistant/call.ts';
import type { Channel, Iso, LeadRef } from '../domain/glossary.ts';
import type { Cache } from '../domain/cache/cache.ts';
import type { AssignmentStore } from '../domain/ports/assignments.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { DraftStore } from '../domain/ports/drafts.ts';
import type { CrmActionStore } from '../domain/ports/crm-actions.ts';
import type { CrmRecordStore } from '../domain/ports/crm-records.ts';
import type { InboxStore, InboxVerdict } from '../domain/ports/inbox.ts';
import type { LeadStore } from '../domain/ports/leads.ts';
import type { ListingMatcher } from '../domain/ports/listing-matcher.ts';
import type { ListingStore } from '../domain/ports/listings.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { MarketAlertStore } from '../domain/ports/market-alerts.ts';
import type { OutboxState, OutboxStore } from '../domain/ports/outbox.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import type { RestoreStore } from '../domain/ports/restores.ts';
import type { ScoreModel } from '../domain/ports/score-model.ts';
import type { LeadScorer, ScoreStore } from '../domain/ports/scores.ts';
import type { SequenceStore } from '../domain/ports/sequences.ts';
import type { UnsubscribeLinks } from '../domain/ports/unsubscribe-links.ts';
import type { MessageChannel } from '../domain/webhooks/event.ts';
import type { LevelTimes } from './run-level.ts';

/** What activities receive; they own no connection. */
export interface Deps {
  readonly inbox: InboxStore;
  readonly leads: LeadStore;
  readonly sequences: SequenceStore;
  readonly outbox: OutboxStore;
  readonly restores: RestoreStore;
  readonly locations: LocationStore;
  readonly assignments: AssignmentStore;
  readonly crm: Crm;
  /** What is kept of a person goes with the person. */
  readonly cache: Pick<Cache, 'erase'>;
  readonly actions: CrmActionStore;
  readonly records: CrmRecordStore;
  readonly model: ScoreModel;
  readonly scores: ScoreStore;
  readonly scorer: LeadScorer;
  readonly drafts: DraftStore;
  readonly listings: Pick<ListingStore, 'tellable'>;
  readonly matcher: Pick<ListingMatcher, 'find'>;
  readonly alerts: MarketAlertStore;
  /** `present`: there is a key; without one nothing of the assistant runs, whatever a location has chosen. */
  readonly assistant: { readonly present: boolean; readonly call: CallModel };
  readonly pauses: Pauses;
  readonly log: Log;
  /** `dry-run` reads live and writes nothing: what would have been written ends as `recorded`. */
  readonly mode: 'sandbox' | 'dry-run' | 'live';
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sha256: (text: string) => string;
  /** Keyed hash of an address, alike for all of its spellings. */
  readonly personHash: (address: string) => string;
  readonly unsubscribeLinks: Pick<UnsubscribeLinks, 'urlFor'>;
  readonly measure: (what: Measurement) => void;
  readonly times: LevelTimes;
  /** Controls of the bench: a delay in each task, tasks one after another, echoes worked like news. */
  readonly bench: { readonly taskDelayMs: number; readonly serial: boolean; readonly echoGuard: boolean };
}

export type Measurement =
  /** What came of a message that a model was to read, of a reply, of a summary: `done`, a rung, or why there is nothing. */
  | { readonly kind: 'assist'; readonly job: 'read' | 'reply' | 'summary'; readonly outcome: string }
  | { readonly kind: 'task'; readonly level: string; readonly task: string; readonly ms: number; readonly ok: boolean }
  | { readonly kind: 'decided'; readonly ms: number }
  | { readonly kind: 'applied'; readonly ms: number }
  | { readonly kind: 'verdict'; readonly verdict: InboxVerdict }
  | { readonly kind: 'send'; readonly channel: Channel; readonly state: OutboxState }
  /** Too much of what a location sent failed or was unwelcome. */
  | { readonly kind: 'sending-paused'; readonly channel: Channel }
  /** The CRM reports that a message did not arrive. */
  /** How rules read an inbound message that may end, or begin again, what is sent. */
  | { readonly kind: 'opt-out'; readonly verdict: 'clear' | 'ambiguous' | 'opt-in' }
  | { readonly kind: 'undelivered'; readonly channel: MessageChannel }
  /** A pass over scores left a lead out, for its history could not be read. */
  | { readonly kind: 'unread' }
  /** One attempt at a call of a language model. Nano-dollars. */
  | {
      readonly kind: 'model-call';
      readonly job: Job;
      readonly outcome: 'answered' | Failure;
      readonly again: boolean;
      readonly billed: number;
      readonly maybe: number;
      readonly usage?: Usage;
      readonly misses: readonly { readonly layer: CachedLayer; readonly why: Miss['why'] }[];
    };

export function isoNow(deps: Pick<Deps, 'now'>): Iso {
  return deps.now().toISOString();
}

export function later(from: Iso | Date, ms: number): Iso {
  return new Date(new Date(from).getTime() + ms).toISOString();
}

/** Only the two ids, whatever else came along: what is handed to stores must not grow by accident. */
export function refOf(input: LeadRef): LeadRef {
  return { locationId: input.locationId, contactId: input.contactId };
}
