import { setTimeout as pause } from 'node:timers/promises';
import { followFeed, type FollowedFeed } from '../support/market-feed.ts';
import { type LookingLead, storeLeads } from '../support/market-leads.ts';
import type { MarketWorld } from '../support/market-world.ts';
import type { AssistantPart } from './assistant-part.ts';
import { atMost } from './market-load.ts';
import type { MarketOptions } from './market.ts';
import { hundredths, summarise } from './summary.ts';

const CONCERNED = 50;
/** Of these so many have a workflow that waits; of the others none runs. */
const RUNNING = 5;
const BAR_MS = 5_000;
const POLL_MINUTES = 1;
/** A change is due so long after the one before, whether that one is decided by then or not. */
const EVERY_MS = 10_000;
const GIVEN_UP_MS = 120_000;

/** One change, the leads that it concerns, and what came of it. */
interface Told {
  /** From the moment the change was due until the last of them had decided; null: not all of them did. */
  readonly ms: number | null;
  readonly decided: number;
  readonly strangers: number;
}

/**
 * From a price that falls in the feed to the last decision of the leads that it concerns. Each change concerns fifty leads of its own, so that
 * each time it is the first that 45 of them hear; the others look for the same in the same city for less, for more rooms, or elsewhere.
 */
export async function marketAlerts(world: MarketWorld, { quick, say }: MarketOptions): Promise<AssistantPart> {
  const leads = quick ? 10_000 : 100_000;
  const [pushes, polls] = quick ? [3, 1] : [10, 3];
  await world.order('reset');
  await world.order('profile', { vendor: 'reso' });
  await world.order('market', { seed: 7, listings: 2_000, mediaEach: 0, openHouseEvery: 0, offices: 40, members: 200 });
  const groups = Array.from({ length: pushes + polls }, (_none, n) => groupOf(n));
  await world.order(
    'listings',
    groups.map(({ listing }) => listing),
  );
  await Promise.all([world.start('market'), world.start('leads')]);
  const feed = await followFeed(world, { market: 'bench-alerts', pollMinutes: POLL_MINUTES });
  const { locationId } = feed.ref;
  say(`storing ${leads} leads`);
  const concerned = groups.flatMap((group) => group.leads);
  await storeLeads(world, locationId, [...concerned, ...others(leads - concerned.length, groups)]);
  await inTheCrm(feed, concerned);
  await feed.poll();
  for (const { leads: some } of groups) await startWorkflows(feed, some.slice(0, RUNNING));
  await feed.push();
  say(`${pushes} changes by push, every ${EVERY_MS / 1_000} s`);
  const pushed = await openLoop(pushes, (n, dueAt) => tell(world, feed, groups[n]!, dueAt));
  await world.order('push', undefined, 'DELETE');
  say(`${polls} changes by poll`);
  const polled: Told[] = [];
  for (let n = 0; n < polls; n += 1) {
    // Anywhere within the interval.
    await pause(POLL_MINUTES * 60_000 * (0.2 + 0.3 * n));
    polled.push(await tell(world, feed, groups[pushes + n]!, performance.now()));
  }
  await feed.leave();
  await Promise.all([world.kill('market'), world.kill('leads')]);
  const sum = (told: readonly Told[], of: (one: Told) => number) => told.reduce((total, one) => total + of(one), 0);
  const slowest = (told: readonly Told[]) => hundredths(Math.max(...told.map(({ ms }) => ms ?? GIVEN_UP_MS)));
  const all = [...pushed, ...polled];
  return {
    metrics: {
      'alerts_decided_ms@push': summarise(pushed.map(({ ms }) => ms ?? GIVEN_UP_MS)),
      'alerts_decided_ms@poll': summarise(polled.map(({ ms }) => ms ?? GIVEN_UP_MS)),
    },
    targets: [
      atMost('alerts_decided_ms@push.max', BAR_MS, slowest(pushed)),
      atMost('alerts_decided_ms@poll.max', POLL_MINUTES * 60_000 + BAR_MS, slowest(polled)),
      atMost(
        'alerts_missing',
        0,
        sum(all, ({ decided }) => CONCERNED - decided),
      ),
      atMost(
        'alerts_to_strangers',
        0,
        sum(all, ({ strangers }) => strangers),
      ),
    ],
    control: {},
    tables: [],
    parts: { alerts: { leads, concerned: CONCERNED, withWorkflow: RUNNING, pushes, polls, pollMinutes: POLL_MINUTES } },
  };
}

interface Group {
  readonly city: string;
  readonly listing: Readonly<Record<string, unknown>>;
  readonly leads: readonly LookingLead[];
}

const PRICE = 400_000;

/** Changes are told by a listing in a city of its own. */
function groupOf(n: number): Group {
  const city = `Harbor ${String.fromCharCode(65 + n)}ridge`;
  const listing = {
    ...{
      ListingKey: `BENCH-${n}`,
      ListPrice: PRICE,
      City: city,
      StandardStatus: 'Active',
      PropertyType: 'Residential',
    },
    ...{ PropertySubType: 'Single Family Residence', BedroomsTotal: 3, BathroomsFull: 2, BathroomsHalf: 0 },
  };
  const leads = Array.from({ length: CONCERNED }, (_none, i): LookingLead => {
    const contactId = idOf(`grp${String(n).padStart(2, '0')}`, i);
    return { contactId, city, budget: 390_000, home: '3 bed, single-family', snapshot: personOf(contactId) };
  });
  return { city, listing, leads };
}

/** The same city for too little, with too many rooms, another kind of home; and other cities. */
function others(count: number, groups: readonly Group[]): readonly LookingLead[] {
  return Array.from({ length: count }, (_none, i): LookingLead => {
    const { city } = groups[i % groups.length]!;
    const contactId = idOf('other', i);
    switch (i % 8) {
      case 0:
        return { contactId, city, budget: 250_000 + (i % 50) * 1_000, home: '3 bed, single-family' };
      case 1:
        return { contactId, city, budget: 600_000, home: '5 bed, single-family' };
      case 2:
        return { contactId, city, budget: 600_000, home: '2 bed, condo' };
      default:
        return {
          contactId,
          city: `Elsewhere ${String.fromCharCode(65 + (i % 26))}ton`,
          budget: 200_000 + (i % 500) * 1_000,
        };
    }
  });
}

function idOf(prefix: string, n: number): string {
  return `${prefix}${String(n).padStart(20 - prefix.length, '0')}`;
}

/** Those who are told are contacts as all others; nobody writes to them. */
async function inTheCrm({ team }: FollowedFeed, leads: readonly LookingLead[]): Promise<void> {
  const contacts = leads.map(({ contactId }) => contactOf(team.locationId, contactId));
  await team.vendor('POST', 'contacts', contacts);
  await team.vendor('POST', 'latency', { p50Ms: 0, p95Ms: 0 });
  await team.vendor('POST', 'limits', { disabled: true });
}

/** Ours to work on, as its tag says. */
function personOf(id: string) {
  return {
    ...{ firstName: 'Sample', lastName: id, email: `${id}@example.com`, tags: ['Hit List'] },
    ...{ source: 'referral', timezone: 'America/New_York' },
  };
}

function contactOf(locationId: string, id: string) {
  const person = personOf(id);
  return { id, locationId, name: `Sample ${id}`, ...person };
}

/** An event of the CRM starts a lead's workflow, which then waits. */
async function startWorkflows({ team }: FollowedFeed, leads: readonly LookingLead[]): Promise<void> {
  const contacts = leads.map(({ contactId }) => contactOf(team.locationId, contactId));
  for (const contact of contacts) await team.deliver({ ...team.envelope('ContactUpdate'), ...contact });
  await team.settled();
}

async function openLoop(count: number, tellOne: (n: number, dueAt: number) => Promise<Told>): Promise<readonly Told[]> {
  const from = performance.now() + 500;
  return Promise.all(
    Array.from({ length: count }, async (_none, n) => {
      const dueAt = from + n * EVERY_MS;
      await pause(Math.max(0, dueAt - performance.now()));
      return tellOne(n, dueAt);
    }),
  );
}

/** Lets the price fall, and looks on from outside until all whom it concerns have decided. */
async function tell(world: MarketWorld, { ref }: FollowedFeed, group: Group, dueAt: number): Promise<Told> {
  const key = String(group.listing['ListingKey']);
  await world.order(`listings/${key}`, { ListPrice: PRICE - 15_000 }, 'PATCH');
  const ids = group.leads.map(({ contactId }) => contactId);
  const look = async () => {
    const [row] = await world.sql<{ decided: number; strangers: number }>(
      `select (count(*) filter (where a.contact_id = any ($3::text[]) and d.inbox_id is not null))::int as decided,
         (count(*) filter (where a.contact_id <> all ($3::text[])))::int as strangers
       from market_alerts a left join decisions d on d.location_id = a.location_id and d.contact_id = a.contact_id and d.inbox_id = a.inbox_id
       where a.location_id = $1 and a.listing_key = $2`,
      [ref.locationId, key, ids],
    );
    return row!;
  };
  for (;;) {
    const seen = await look();
    const ms = performance.now() - dueAt;
    if (seen.decided === ids.length) return { ms, ...seen };
    if (ms > GIVEN_UP_MS) return { ms: null, ...seen };
    await pause(50);
  }
}
