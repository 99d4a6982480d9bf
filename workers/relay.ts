import { randomUUID } from 'node:crypto';
import type { Cache } from '../domain/cache/cache.ts';
import type { ActivityStore } from '../domain/ports/activity.ts';
import type { Dispatchable, InboxStore, LeadMailbox } from '../domain/ports/inbox.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { CredentialStore, TokenRefresher } from '../domain/ports/credentials.ts';
import type { InstallStore } from '../domain/ports/installs.ts';
import type { LeadStore } from '../domain/ports/leads.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { CrmNewsDeps } from './contactless-crm.ts';
import { createFairQueue } from './fair-queue.ts';
import { createMarker } from './marker.ts';
import { createDelivery } from './relay-delivery.ts';
import { consentEvents } from '../domain/consent/consent-events.ts';
import { createResumption } from './resumption.ts';

export interface RelayDeps {
  readonly inbox: Pick<InboxStore, 'accept' | 'assign' | 'load' | 'markDispatched' | 'settle' | 'sweep'>;
  readonly leads: Pick<LeadStore, 'list' | 'underWay'>;
  readonly locations: Pick<LocationStore, 'get' | 'list' | 'setStatus'>;
  readonly crm: Pick<Crm, 'contactOfTask'>;
  readonly records: CrmNewsDeps['records'];
  readonly hashPerson: CrmNewsDeps['hashPerson'];
  readonly activity: Pick<ActivityStore, 'record'>;
  readonly installs: Pick<InstallStore, 'expect' | 'endedAt'>;
  readonly credentials: Pick<CredentialStore, 'standing' | 'destroy'>;
  readonly refresher: TokenRefresher;
  readonly cache: Pick<Cache, 'erase'>;
  readonly mailbox: LeadMailbox;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'activity' | 'dispatched' | 'relayHolds' | 'verdict'>;
  readonly pauses: Pauses;
}

/** Brings events from the inbox to their leads. */
export interface Relay {
  /** Right after the commit: dispatched from this process, at once and without anybody waiting. */
  kick(row: Dispatchable): void;
  /** Begins to sweep for what a crash or an outage has left. */
  start(): void;
  /** Gives every lead that has something under way an event, so that a lost Temporal store costs nothing. Answers how many. */
  resumeUnderWay(): Promise<number>;
  /** A location, or all of them, may send again: its leads under way are told now instead of finding out by themselves. */
  wake(locationId: string | undefined): void;
  /** Takes nothing new, lets what is in flight end; the sweep of the next start finds the rest. */
  stop(): Promise<void>;
}

const sweepOptions = { olderThanMs: 2000, redispatchAfterMs: 60_000, perLocation: 50, limit: 200 } as const;

/**
 * @param bootId       tells this start of the process from the next: each start resumes anew
 * @param everyMs      pause between sweeps
 * @param againMs      pause before leads are resumed further, where the database did not answer
 * @param concurrency  deliveries in flight from `kick`, altogether and per location
 */
export function createRelay(
  deps: RelayDeps,
  {
    bootId,
    everyMs = 1000,
    againMs,
    concurrency = { all: 48, perLocation: 12 },
  }: { bootId: string; everyMs?: number; againMs?: number; concurrency?: { all: number; perLocation: number } },
): Relay {
  const { inbox, log, metrics } = deps;
  const marker = createMarker((ids) => inbox.markDispatched(ids), log);
  const delivery = createDelivery(deps, {
    endLead: (ref, inboxId) => resumption.resumeLead(ref, `uninstalled:${inboxId}`),
    tellBarred: (ref, inboxId) => resumption.tellLead(ref, consentEvents.barred, inboxId),
    wake,
  });
  const queue = createFairQueue<Dispatchable>({
    ...concurrency,
    capacity: 5000,
    keyOf: (row) => row.locationId ?? '',
    work: async (row) => {
      if (await delivery.dispatch(row)) marker.mark(row.inboxId);
      metrics.relayHolds(queue.size());
    },
  });
  const resumption = createResumption(deps, kick, againMs);
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<unknown> = Promise.resolve();
  let resuming: Promise<unknown> = Promise.resolve();
  const stopping = new AbortController();
  const { signal } = stopping;

  function kick(row: Dispatchable): void {
    // While Temporal is away, and when this process holds too much already, the row stays in the inbox for the sweep.
    if (signal.aborted || delivery.away()) return;
    if (!queue.add(row)) log.warn({ inboxId: row.inboxId }, 'the relay is full; the sweep takes this event');
  }

  async function sweepOnce(): Promise<void> {
    try {
      let found: number;
      do {
        found = await inbox.sweep(sweepOptions, (row) => delivery.dispatch(row));
        if (found > 0) log.info({ found }, 'swept');
        // A full page means that there is more; the next one need not wait for the clock.
      } while (found >= sweepOptions.perLocation && !signal.aborted && !delivery.away());
    } catch (error) {
      log.warn({ err: error }, 'a sweep failed; the next one tries again');
    }
  }

  function next(): void {
    if (signal.aborted) return;
    timer = setTimeout(() => {
      sweeping = sweepOnce().finally(next);
    }, everyMs);
  }

  function resume(why: string, locationId?: string): Promise<number> {
    const run = resumption.resumeAll(signal, why, locationId);
    resuming = Promise.allSettled([resuming, run]);
    return run;
  }

  function wake(locationId: string | undefined): void {
    void resume(`wake:${randomUUID()}`, locationId);
  }

  return {
    kick,
    start: next,
    resumeUnderWay: () => resume(`resume:${bootId}`),
    wake,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await Promise.all([sweeping, resuming, queue.drain()]);
      await marker.flush();
    },
  };
}
