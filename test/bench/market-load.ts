import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { followFeed, type FollowedFeed } from '../support/market-feed.ts';
import type { MarketWorld } from '../support/market-world.ts';
import type { AssistantPart } from './assistant-part.ts';
import type { MarketOptions } from './market.ts';
import type { Target } from './report.ts';
import { hundredths } from './summary.ts';

const SECONDS = 120;
const MEBIBYTES = 256;
/** Over the time that the vendor's limits take by themselves. */
const OVER_QUOTA = 1.05;
const HOW_LONG_MS = 1_200_000;
/** A sliding second of MLS Grid takes so many requests. */
const REQUESTS_A_SECOND = 2;

/**
 * A market as a whole: as it is first found, month by month into an empty table, and under the limits of MLS Grid in real time. The market's
 * worker is a process of its own, compiled; its peak is what the system has seen of it since it began (`VmHWM`), all that it loads included.
 */
export async function marketLoad(world: MarketWorld, { quick, say }: MarketOptions): Promise<AssistantPart> {
  const listings = quick ? 10_000 : 100_000;
  say('compiling, as for production');
  execFileSync(process.execPath, [fileURLToPath(new URL('../../cli/build.mjs', import.meta.url))], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const found = await inItsOwnProcess(world, () => asFound(world, listings));
  say(`${listings} listings found in ${found.seconds} s, peak ${found.peakMiB} MiB`);
  const months = await inItsOwnProcess(world, () => byMonth(world, found.feed, listings));
  say(`${listings} listings month by month in ${months.seconds} s, peak ${months.peakMiB} MiB`);
  await found.feed.leave();
  const grid = await inItsOwnProcess(world, () => underLimits(world, listings));
  say(`${listings} listings under MLS Grid's limits in ${grid.seconds} s, the limits alone ${grid.quotaSeconds} s`);
  await grid.feed.leave();
  const peak = Math.max(found.peakMiB, months.peakMiB, grid.peakMiB);
  const over = hundredths(grid.seconds / grid.quotaSeconds);
  const wrong = found.wrong + months.wrong + grid.wrong;
  return {
    metrics: {},
    targets: [
      atMost(`load_seconds@found-${listings}`, SECONDS, found.seconds),
      atMost(`load_seconds@months-${listings}`, SECONDS, months.seconds),
      atMost('load_peak_mib', MEBIBYTES, peak),
      atMost('load_over_quota@mlsgrid', OVER_QUOTA, over),
      atMost('load_refused@mlsgrid', 0, grid.refused),
      atMost('load_differences', 0, wrong),
    ],
    control: {},
    tables: [
      {
        title: `${listings} listings, no photos`,
        head: ['how', 'seconds', 'listings a second', 'peak MiB', 'requests', 'differences'],
        rows: [
          [
            'as it is found',
            found.seconds,
            Math.round(listings / found.seconds),
            found.peakMiB,
            found.requests,
            found.wrong,
          ],
          [
            'month by month',
            months.seconds,
            Math.round(listings / months.seconds),
            months.peakMiB,
            months.requests,
            months.wrong,
          ],
          [
            "MLS Grid's limits",
            grid.seconds,
            Math.round(listings / grid.seconds),
            grid.peakMiB,
            grid.requests,
            grid.wrong,
          ],
        ],
      },
    ],
    parts: {
      load: {
        ...{ listings, months: months.months, mlsgridRequests: grid.requests, mlsgridQuotaSeconds: grid.quotaSeconds },
        atStartMiB: [found.beforeMiB, months.beforeMiB, grid.beforeMiB],
      },
    },
  };
}

export function atMost(metric: string, max: number, value: number): Target {
  return { metric, max, value, pass: value <= max };
}

/** Its peak is its own: nothing ran in it before. */
async function inItsOwnProcess<T extends object>(
  world: MarketWorld,
  work: () => Promise<T>,
): Promise<T & { readonly peakMiB: number; readonly beforeMiB: number }> {
  await world.start('market', { NODE_ENV: 'production' });
  const pid = world.pid('market');
  const beforeMiB = peakOf(pid);
  const done = await work();
  const peakMiB = peakOf(pid);
  await world.kill('market');
  return { ...done, peakMiB, beforeMiB };
}

function peakOf(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}

const DAYS = 365;
const market = (listings: number) => ({
  ...{ seed: 11, listings, mediaEach: 0, openHouseEvery: 0, offices: 200, members: 2_000, days: DAYS },
});

async function asFound(world: MarketWorld, listings: number) {
  await world.order('reset');
  await world.order('profile', { vendor: 'reso' });
  await world.order('market', market(listings));
  const began = performance.now();
  const feed = await followFeed(world, { market: 'bench-load' });
  await live(world, feed);
  const seconds = since(began);
  return { feed, seconds, requests: await requests(world, 0), wrong: await differences(feed) };
}

/** Everything is taken out of the table, as if it had never been there, and each month is read anew. */
async function byMonth(world: MarketWorld, feed: FollowedFeed, listings: number) {
  const { locationId, market: name } = feed.ref;
  await feed.poll();
  await world.sql('delete from listings where location_id = $1', [locationId]);
  const after = await lastCall(world);
  const since_ = new Date(Date.now() - (DAYS + 5) * 86_400_000).toISOString().slice(0, 7);
  const began = performance.now();
  const { months } = await world.api<{ months: readonly { readonly month: string }[] }>(
    'POST',
    `/api/market/${locationId}/${name}/backfill`,
    { since: since_ },
  );
  const ids = months.map(({ month }) => `backfill:${feed.ref.provider}:${name}:${month}`);
  await Promise.all(ids.map((id) => world.temporal.workflow.getHandle(id).result()));
  const seconds = since(began);
  const [row] = await world.sql<{ n: number }>('select count(*)::int as n from listings where location_id = $1', [
    locationId,
  ]);
  if (row!.n !== listings) throw new Error(`expected ${listings} listings, got ${row!.n}`);
  return {
    ...{ seconds, months: months.length, requests: await requests(world, after) },
    wrong: await differences(feed),
  };
}

async function underLimits(world: MarketWorld, listings: number) {
  await world.order('reset');
  await world.order('profile', { vendor: 'mlsgrid' });
  await world.order('market', market(listings));
  await counted(world, listings);
  const before = await lastCall(world);
  const feed = await followFeed(world, { market: 'bench-grid', provider: 'mlsgrid' });
  await live(world, feed);
  const over = Date.now();
  const calls = await callsAfter(world, before);
  const first = Date.parse(calls[0]!.at);
  // The first two may come at once, the next two a second later, and so on.
  const quotaSeconds = Math.floor((calls.length - 1) / REQUESTS_A_SECOND);
  return {
    feed,
    ...{ seconds: hundredths((over - first) / 1_000), quotaSeconds, requests: calls.length },
    refused: calls.filter(({ status }) => status !== 200).length,
    wrong: await differences(feed),
  };
}

/** The stand-in makes its rows of a seed when they are first looked at; a vendor has an index. That is over before anything is measured. */
async function counted(world: MarketWorld, listings: number): Promise<void> {
  const token = 'bench';
  await world.order('tokens', { token, role: 'standard' });
  const filter = encodeURIComponent("OriginatingSystemName eq 'gulfcoast' and MlgCanView eq true");
  const response = await fetch(`${world.urls.reso}/Property?$filter=${filter}&$count=true&$top=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { '@odata.count': count } = (await response.json()) as { readonly '@odata.count'?: number };
  if (count !== listings) throw new Error(`expected ${listings} listings at the stand-in, got ${count}`);
}

async function live(world: MarketWorld, { ref }: FollowedFeed): Promise<void> {
  const end = Date.now() + HOW_LONG_MS;
  for (;;) {
    const [row] = await world.sql<{ phase: string; failing: string | null }>(
      'select phase, failing from market_feeds where location_id = $1 and market = $2',
      [ref.locationId, ref.market],
    );
    if (row?.phase === 'live') return;
    if (Date.now() > end) throw new Error(`the feed is not live yet (${row?.failing ?? 'well'}): ${world.log()}`);
    await pause(50);
  }
}

interface Call {
  readonly at: string;
  readonly path: string;
  readonly status: number;
}

async function callsAfter(world: MarketWorld, after: number): Promise<readonly Call[]> {
  const { calls } = await world.order<{ calls: Call[] }>(`ledger?after=${after}`, undefined, 'GET');
  return calls.filter(({ path }) => path !== '/oauth/token');
}

async function requests(world: MarketWorld, after: number): Promise<number> {
  return (await callsAfter(world, after)).length;
}

async function lastCall(world: MarketWorld): Promise<number> {
  return (await world.order<{ last: number }>('ledger?after=1000000000', undefined, 'GET')).last;
}

/** Counted by the checker, which shares no code with the product. */
async function differences(feed: FollowedFeed): Promise<number> {
  const { lost, ghosts, stale, untold, uncounted } = await feed.check();
  return [lost, ghosts, stale, untold, uncounted].reduce((sum, list) => sum + list.length, 0);
}

function since(began: number): number {
  return hundredths((performance.now() - began) / 1_000);
}
