import { setTimeout as pause } from 'node:timers/promises';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { defaultMarket } from '../../domain/leads/settings-market.ts';
import type { FeedProvider, FeedRef } from '../../domain/market/feed.ts';
import { marketWorkflowId } from '../../workflows/contract.ts';
import { type Brokerage, installBrokerage } from './brokerage.ts';
import { type Checked, checkMarket } from './market-checker.ts';
import type { MarketWorld } from './market-world.ts';

/** A location that follows the feed of the stand-in: what a test does to it, and what came of it. */
export interface FollowedFeed {
  readonly team: Brokerage;
  readonly ref: FeedRef;
  /** A whole run of `marketRefresh` that begins now, to its end. */
  poll(limitMs?: number): Promise<void>;
  /** The same with a walk through all keys. */
  reconcile(): Promise<void>;
  /** Pushes come to the product's door from now on. */
  push(how?: object): Promise<void>;
  /** What was pushed is worked and told. */
  pushed(limitMs?: number): Promise<void>;
  check(options?: Pick<Parameters<typeof checkMarket>[0], 'frozen' | 'resources'>): Promise<Checked>;
  /** The location leaves the feed; what it had stays. */
  leave(): Promise<void>;
}

export interface Following {
  readonly provider?: FeedProvider;
  readonly market: string;
  /** Minutes between polls; long unless a test waits for the schedule, for polls are begun by the test. */
  readonly pollMinutes?: number;
  readonly collectMinutes?: number;
  readonly alerts?: boolean;
}

/** Installs a location and lets it follow the feed; answers at once, while the first run is under way. */
export async function followFeed(world: MarketWorld, following: Following): Promise<FollowedFeed> {
  const { provider = 'reso', market, pollMinutes = 1_440, collectMinutes = 1_440, alerts = true } = following;
  const team = await installBrokerage(world.product);
  const ref: FeedRef = { locationId: team.locationId, provider, market };
  const choose = (feeds: readonly object[]) =>
    world.api('PATCH', `/api/locations/${team.locationId}/settings`, {
      changes: { market: { feeds, alerts: { ...defaultMarket.alerts, collectMinutes } } },
    });
  await choose([
    { provider, market, originatingSystem: 'gulfcoast', pollMinutes, rights: { alerts, training: false } },
  ]);
  const schedule = world.temporal.schedule.getHandle(marketWorkflowId(ref));

  /** The run that was begun last, once it has ended; undefined: there was none since, or it runs. */
  async function endedSince(sinceMs: number): Promise<string | undefined> {
    const { recentActions } = (await schedule.describe()).info;
    const last = recentActions.at(-1);
    if (last === undefined || last.takenAt.getTime() < sinceMs || last.action.type !== 'startWorkflow')
      return undefined;
    const { status } = await world.temporal.workflow.getHandle(last.action.workflow.workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW' ? undefined : status.name;
  }

  async function poll(limitMs = 300_000): Promise<void> {
    const began = Date.now();
    let triggered = 0;
    for (;;) {
      const ended = await endedSince(began);
      if (ended === 'COMPLETED') return;
      if (ended !== undefined) throw new Error(`the poll ended as ${ended}: ${world.log()}`);
      if (Date.now() - began > limitMs) throw new Error(`no poll ended within ${limitMs} ms: ${world.log()}`);
      // A run that was under way may have been past its poll; what is triggered beside it is skipped.
      if (Date.now() - triggered > 2_000) {
        await schedule.trigger(ScheduleOverlapPolicy.SKIP);
        triggered = Date.now();
      }
      await pause(100);
    }
  }

  return {
    ...{ team, ref, poll },
    async reconcile() {
      await world.api('POST', `/api/market/${ref.locationId}/${market}/reconcile`);
      await poll();
    },
    async push(how = {}) {
      const url = `${world.urls.api}/webhooks/reso/${ref.locationId}/${market}`;
      await world.order('push', { url, token: world.pushToken, retryBaseMs: 200, ...how });
    },
    async pushed(limitMs = 120_000) {
      await world.order('push-idle');
      const end = Date.now() + limitMs;
      for (;;) {
        const [row] = await world.sql<{ waiting: number }>(
          `select (select count(*) from market_push where location_id = $1 and worked_at is null)::int
            + (select count(*) from listing_events where location_id = $1 and change is not null and fanned_at is null)::int as waiting`,
          [ref.locationId],
        );
        if (row!.waiting === 0) return;
        if (Date.now() > end) throw new Error(`${row!.waiting} pushed events or changes wait: ${world.log()}`);
        await pause(50);
      }
    },
    check: (options = {}) => checkMarket({ feedUrl: world.urls.reso, sql: world.sql, feed: ref, ...options }),
    leave: async () => {
      await choose([]);
    },
  };
}
