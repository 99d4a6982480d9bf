import { setTimeout as pause } from 'node:timers/promises';
import { activeKeys, calm, dropPrices, type Effects, effectsOf, trouble } from '../support/market-faults.ts';
import { type FollowedFeed, followFeed } from '../support/market-feed.ts';
import { storeLeads } from '../support/market-leads.ts';
import type { MarketWorld } from '../support/market-world.ts';
import { createRandom } from '../support/random.ts';
import type { AssistantPart } from './assistant-part.ts';
import { atMost } from './market-load.ts';
import type { MarketOptions } from './market.ts';
import type { Control, Target } from './report.ts';

const modes = ['events', 'timestamps'] as const;
type Mode = (typeof modes)[number];
const PRICE = 120_000;

/**
 * A market that lives while its feed and the worker fail: answers that are wrong in thirteen ways, tokens that end, the worker killed, poisoned
 * records. Then a calm poll and a walk through all keys, and the copy is held against the feed. After that its cursor is taken away, and
 * every event comes twice.
 */
export async function marketFaults(world: MarketWorld, { quick, say }: MarketOptions): Promise<AssistantPart> {
  const size = quick ? { listings: 400, rounds: 3, changes: 40 } : { listings: 3_000, rounds: 10, changes: 200 };
  const runs: Run[] = [];
  for (const mode of modes) {
    const run = await faultRun(world, mode, size);
    say(`${mode}: ${JSON.stringify(run.checked)}, effects of ${run.effects.length} changes`);
    runs.push(run);
  }
  const deleted = quick ? 20 : 100;
  const without = await ghosts(world, deleted, { LEADWRIGHT_BENCH: 'marketWalks=false' });
  const normal = await ghosts(world, deleted, {});
  say(`${deleted} listings deleted: ${without} ghosts without walks, ${normal} with them`);
  const control: Record<string, Control> = {
    'no-reconciliation': {
      ...{ what: `keys are never compared, ${deleted} deleted by timestamps`, metric: 'ghosts' },
      ...{ normal, value: without, worse: without > normal },
    },
  };
  return {
    metrics: {},
    targets: runs.flatMap(({ mode, checked, effects }) => [
      ...(['lost', 'ghosts', 'stale', 'untold', 'uncounted'] as const).map((name) =>
        atMost(`${name}@${mode}`, 0, checked[name].length),
      ),
      atMost(`effects_most@${mode}`, 1, Math.max(...effects.map(most))),
      atLeastOne(`effects_least@${mode}`, effects),
    ]),
    control,
    tables: [
      {
        title: 'After everything that went wrong',
        head: ['mode', 'records in the feed', 'kept', 'not readable', 'open dead letters', 'changes', 'kills'],
        rows: runs.map(({ mode, checked: { inFeed, kept, dead, letters }, effects, kills }) => [
          ...[mode, inFeed, kept, dead, letters, effects.length, kills],
        ]),
      },
    ],
    parts: { faults: { ...size, runs } },
  };
}

const most = ({ events, alerts, inbox }: Effects): number => Math.max(events, alerts, inbox);
const least = ({ events, alerts, inbox }: Effects): number => Math.min(events, alerts, inbox);

function atLeastOne(metric: string, effects: readonly Effects[]): Target {
  const value = Math.min(...effects.map(least));
  return { metric, min: 1, value, pass: value >= 1 };
}

interface Run {
  readonly mode: Mode;
  readonly checked: Awaited<ReturnType<FollowedFeed['check']>>;
  readonly effects: readonly Effects[];
  readonly kills: number;
}

async function begin(world: MarketWorld, mode: Mode, listings: number, market: string): Promise<FollowedFeed> {
  await world.order('reset');
  await world.order('profile', { vendor: 'reso', events: mode === 'events', pages: { usual: 50, most: 100 } });
  await world.order('market', {
    seed: 5,
    listings,
    mediaEach: 1,
    openHouseEvery: 25,
    offices: 20,
    members: 60,
    days: 90,
  });
  return followFeed(world, { market });
}

async function faultRun(
  world: MarketWorld,
  mode: Mode,
  size: { readonly listings: number; readonly rounds: number; readonly changes: number },
): Promise<Run> {
  const random = createRandom(20_261_129);
  const feed = await begin(world, mode, size.listings, `bench-faults-${mode}`);
  const { locationId } = feed.ref;
  await storeLeads(world, locationId, [{ contactId: 'looksatallhomes', budget: 90_000_000 }]);
  await trouble(world, random, 5);
  await world.start('market');
  let kills = 0;
  const kill = async (): Promise<void> => {
    await world.kill('market');
    await world.start('market');
    kills += 1;
  };
  await pause(1_000);
  await kill();
  await feed.poll(300_000);
  if (mode === 'events') await feed.push({ copies: 2, reverse: true, batch: false });
  await world.order('poison');
  for (let round = 0; round < size.rounds; round += 1) {
    await trouble(world, random, 4);
    await world.order('changes', { count: Math.ceil(size.changes / size.rounds), seed: round + 1 });
    if (round % 3 === 1) await world.order('oauth', { expireAll: true });
    if (round === Math.floor(size.rounds / 2)) {
      const polled = feed.poll(300_000);
      await pause(300);
      await kill();
      await polled;
    } else await feed.poll(300_000);
  }
  await calm(world);
  await feed.reconcile();
  const checked = await feed.check();
  const effects = await counted(world, feed);
  await feed.leave();
  await world.kill('market');
  return { mode, checked, effects, kills };
}

/** Twenty changes that are told twice by events, read twice by pages, and read again after the cursor is lost. */
async function counted(world: MarketWorld, feed: FollowedFeed): Promise<Effects[]> {
  const changes = await dropPrices(world, await activeKeys(world, feed.ref.locationId, 20), PRICE);
  await world.order('faults', { match: { method: 'GET', path: '/Property*' }, times: 3, spoil: 'duplicate-rows' });
  await feed.poll();
  await world.sql(
    `update market_feeds set cursor = default, cursor_version = cursor_version + 1 where location_id = $1`,
    [feed.ref.locationId],
  );
  await feed.poll(300_000);
  await feed.pushed();
  return effectsOf(world, feed, changes);
}

/** Listings that are gone from the feed and still here. */
async function ghosts(world: MarketWorld, deleted: number, env: Readonly<Record<string, string>>): Promise<number> {
  const feed = await begin(world, 'timestamps', 400, `bench-ghosts-${Object.keys(env).length}`);
  await world.start('market', env);
  await feed.poll();
  await world.order('listings', { keys: await activeKeys(world, feed.ref.locationId, deleted) }, 'DELETE');
  await feed.reconcile();
  const checked = await feed.check({ resources: ['Property'] });
  await feed.leave();
  await world.kill('market');
  return checked.ghosts.length;
}
