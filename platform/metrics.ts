import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Channel } from '../domain/glossary.ts';
import type { InboxVerdict } from '../domain/ports/inbox.ts';
import type { ActivityKind } from '../domain/webhooks/activity-kinds.ts';
import type { OutboxState } from '../domain/ports/outbox.ts';
import { showCache } from './cache-metrics.ts';
import { type MarketReading, showMarket } from './market-metrics.ts';
import { createModelMeter } from './model-metrics.ts';

/**
 * What the product counts and times. Durations are in seconds. Labels come from short closed lists: no id, no person, and of
 * a vendor's words only the names of event types, at most fifty of them.
 */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** From the first byte of a webhook to its answer. */
  doorAnswered(door: 'marketplace' | 'workflow' | 'activity' | 'market', status: number, seconds: number): void;
  signature(result: 'ok' | 'missing' | 'invalid'): void;
  unknownType(type: string): void;
  /** From the commit in the inbox until the lead's workflow has the signal. */
  dispatched(seconds: number): void;
  /** From receipt until level 3 is committed. */
  decided(seconds: number): void;
  /** From receipt until the CRM is as planned. */
  applied(seconds: number): void;
  task(level: string, task: string, outcome: 'done' | 'absent' | 'failed', seconds: number): void;
  verdict(verdict: InboxVerdict): void;
  send(channel: Channel, state: OutboxState): void;
  /** A message that the CRM reports as not arrived, whoever sent it. */
  undelivered(channel: string): void;
  /** An inbound message read as an opt-out, as a possible one, or as an opt-in. */
  optOut(verdict: 'clear' | 'ambiguous' | 'opt-in'): void;
  /** A location's sending on a channel paused by itself. */
  sendingPaused(channel: string): void;
  /** A token was renewed, got from its agency, or refused for good. */
  token(outcome: 'refreshed' | 'exchanged' | 'refused'): void;
  /** A pass over scores left a lead out, for its history could not be read in the time of one statement. */
  unread(): void;
  /** What came of a message to be read, of a reply, of a summary. */
  assist(job: string, outcome: string): void;
  /** An attempt at a call of a language model. */
  readonly modelCall: ReturnType<typeof createModelMeter>;
  /** Rows that the relay still holds in this process. */
  relayHolds(rows: number): void;
  /** Behaviour on a site, by kind and never by person; without consent it is counted only. */
  activity(kind: ActivityKind | 'unknown', outcome: 'stored' | 'again' | 'counted', events: number): void;
}

/** What is asked at every scrape; numbers from the database are NaN when unknown. Absent: it is not shown. */
interface MetricsReadings {
  readonly cache?: Parameters<typeof showCache>[1];
  /** Events whose leads do not get on. */
  readonly stuck?: () => Promise<number>;
  /** Locations whose token the CRM does not take. */
  readonly parked?: () => Promise<number>;
  /** How the feeds of all locations stand. */
  readonly market?: () => Promise<MarketReading>;
  /** The lowest budget of calls of all locations, by what was heard in this process. */
  readonly callsLeft?: () => { readonly burst: number; readonly daily: number };
}

export function createMetrics({ cache, stuck, parked, market, callsLeft }: MetricsReadings = {}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const m = instruments(registry);
  if (cache !== undefined) showCache(registry, cache);
  if (stuck !== undefined) showReading(registry, stuckGauge, stuck);
  if (parked !== undefined) showReading(registry, parkedGauge, parked);
  if (market !== undefined) showMarket(registry, market);
  if (callsLeft !== undefined) showCallsLeft(registry, callsLeft);
  const types = boundedLabel(50);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    doorAnswered: (door, status, seconds) => m.door.observe({ door, status }, seconds),
    signature: (result) => m.signatures.inc({ result }),
    unknownType: (type) => m.unknown.inc({ type: types(type) }),
    dispatched: (seconds) => m.dispatch.observe(seconds),
    decided: (seconds) => m.decide.observe(seconds),
    applied: (seconds) => m.apply.observe(seconds),
    task: (level, task, outcome, seconds) => m.task.observe({ level, task, outcome }, seconds),
    verdict: (verdict) => m.verdicts.inc({ verdict }),
    send: (channel, state) => m.sends.inc({ channel, state }),
    undelivered: (channel) => m.undelivered.inc({ channel }),
    optOut: (verdict) => m.optOuts.inc({ verdict }),
    sendingPaused: (channel) => m.paused.inc({ channel }),
    token: (outcome) => m.tokens.inc({ outcome }),
    unread: () => m.unread.inc(),
    modelCall: createModelMeter(registry),
    assist: (job, outcome) => m.assist.inc({ job, outcome }),
    relayHolds: (rows) => m.held.set(rows),
    activity: (kind, outcome, events) => m.activity.inc({ kind, outcome }, events),
  };
}

// Fine steps below 100 ms, where the goals of the door and of decisions lie.
const quick = [
  0.001, 0.0025, 0.005, 0.0075, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5, 30,
];

function instruments(registry: Registry) {
  const registers = [registry];
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram<L>({ name: `leadwright_${name}`, help, labelNames, buckets: quick, registers });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name: `leadwright_${name}`, help, labelNames, registers });
  return {
    door: histogram('door_seconds', 'Webhook answered', ['door', 'status']),
    dispatch: histogram('dispatch_seconds', 'Event handed to its lead', []),
    decide: histogram('decide_seconds', 'Event decided, from its receipt', []),
    apply: histogram('apply_seconds', 'CRM brought to the plan, from receipt', []),
    task: histogram('task_seconds', 'One task of a level', ['level', 'task', 'outcome']),
    signatures: counter('signatures_total', 'Webhook signatures by result', ['result']),
    unknown: counter('unknown_events_total', 'Events of a type we do not know', ['type']),
    verdicts: counter('inbox_verdicts_total', 'Events by verdict', ['verdict']),
    sends: counter('sends_total', 'Sends and created tasks by state', ['channel', 'state']),
    undelivered: counter('undelivered_messages_total', 'Messages that the CRM reports as not arrived', ['channel']),
    optOuts: counter('opt_outs_total', 'Inbound messages read as an opt-out, a possible one, or an opt-in', [
      'verdict',
    ]),
    paused: counter('sending_paused_total', 'Times that the sending of a location paused by itself', ['channel']),
    activity: counter('activity_events_total', 'Behaviour on sites by kind', ['kind', 'outcome']),
    tokens: counter('tokens_total', 'Tokens renewed, got from an agency, or refused for good', ['outcome']),
    unread: counter('scores_skipped_total', 'Leads left out by passes over scores: too long to be read', []),
    assist: counter('assist_total', 'Messages read, replies drafted, talks summed up, by what came of it', [
      ...(['job', 'outcome'] as const),
    ]),
    held: new Gauge({ name: 'leadwright_relay_held', help: 'Rows waiting in the relay', registers }),
  };
}

const stuckGauge = {
  name: 'leadwright_events_stuck',
  help: 'Events handed to their leads more than ten minutes ago and not worked',
};
const parkedGauge = { name: 'leadwright_locations_parked', help: 'Locations that wait for a token the CRM takes' };

function showReading(
  registry: Registry,
  gauge: { readonly name: string; readonly help: string },
  read: () => Promise<number>,
): void {
  new Gauge({
    ...gauge,
    registers: [registry],
    async collect() {
      this.set(await read());
    },
  });
}

/** Without the location: the lowest of all is what an alarm asks for, and ids are no labels. */
function showCallsLeft(registry: Registry, callsLeft: () => { readonly burst: number; readonly daily: number }): void {
  new Gauge({
    name: 'leadwright_crm_budget_remaining',
    help: 'Calls that the location nearest to its limit may still make to the CRM',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      const { burst, daily } = callsLeft();
      this.set({ kind: 'burst' }, burst);
      this.set({ kind: 'daily' }, daily);
    },
  });
}

/** A vendor may invent types without end; beyond `limit` they share one label. */
function boundedLabel(limit: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= limit || !/^[A-Za-z][A-Za-z0-9_.]{0,39}$/.test(value)) return 'other';
    seen.add(value);
    return value;
  };
}
