import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { statusText } from '../../cli/market-text.ts';
import { type FeedRef, type FeedResource, feedResources } from '../../domain/market/feed.ts';
import { feedsShown } from '../../domain/market/standing.ts';
import { createMarketStatus } from '../../integrations/postgres/market-status.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';
import { expectSame } from '../support/market-same.ts';
import { look } from '../support/reso-stand-in.ts';

/** What a feed's metadata lists is what the server has, not what the account's licence grants: only listings are needed. */

const HOUR = 3_600_000;
const answers = ['forbidden', 'not-found', 'html'] as const;

let env: MarketEnv;
let feed: FeedRef;

beforeAll(async () => {
  env = await createMarketEnv();
});
afterAll(() => env.close());
beforeEach(() => {
  env.ahead.ms = 0;
});

async function fresh(events: boolean): Promise<void> {
  await env.fresh({ events, pages: { usual: 25, most: 50 } });
  await env.order('grants', {}, 'DELETE');
  feed = await env.feed();
}

const refuse = (answer: string, ...resources: string[]) => env.order('grants', { resources, answer });

const same = (...resources: FeedResource[]) => expectSame(env, feed, resources);

/** What people are shown. */
async function shown() {
  const now = new Date(Date.now() + env.ahead.ms).toISOString();
  const choice = { ...feed, originatingSystem: 'gulfcoast', pollMinutes: 5, rights: { alerts: true, training: true } };
  const [one] = feedsShown(
    feed.locationId,
    [choice],
    await createMarketStatus(env.db.tenants).feeds(feed.locationId, now),
    now,
  );
  return { ...one!, text: statusText({ colour: false }, [one!], now) };
}

const callsOf = async (what: string): Promise<number> => {
  const { calls } = (await look(env.standin, 'ledger')) as unknown as { calls: { path: string }[] };
  return calls.filter(({ path }) => path.startsWith(what)).length;
};

describe.each(['events', 'timestamps'] as const)(
  'a feed by %s with resources that the account may not read',
  (mode) => {
    it.each(answers)('is read without those that are %s, which is told', async (answer) => {
      await fresh(mode === 'events');
      await refuse(answer, 'Office', 'Media', 'OpenHouse');
      await env.poll(feed);
      expect(await env.store.open(feed)).toMatchObject({ mode, phase: 'live', failing: null, heldUntil: null });
      await same('Member', 'Property');
      await env.order('changes', { count: 30, kinds: ['price-drop', 'new', 'open-house', 'photo'] });
      await env.poll(feed);
      await env.walk(feed);
      await same('Member', 'Property');
      const { standing, notGranted, text } = await shown();
      expect({ standing, notGranted }).toEqual({ standing: 'well', notGranted: ['Office', 'Media', 'OpenHouse'] });
      expect(text).toContain(
        'Office, Media, OpenHouse: the account may not read them; asked again daily, or hourly where',
      );
      expect(env.log.lines.filter((line) => line.includes('may not read a resource of a feed')).length).toBeGreaterThan(
        2,
      );
    });

    it('asks for them again a day later, and reads all of what is granted by then', async () => {
      await fresh(mode === 'events');
      await refuse('forbidden', 'OpenHouse', 'Media');
      await env.poll(feed);
      const asked = await callsOf('/OpenHouse');
      expect(asked).toBeGreaterThan(0);
      env.ahead.ms += 23 * HOUR;
      await env.poll(feed);
      expect(await callsOf('/OpenHouse')).toBe(asked);
      await env.order('grants/OpenHouse', {}, 'DELETE');
      env.ahead.ms += 2 * HOUR;
      await env.poll(feed);
      await same('Office', 'Member', 'Property', 'OpenHouse');
      expect((await shown()).notGranted).toEqual(['Media']);
      const [first] = await env.query(
        `select why from market_pages where location_id = $1 and resource = 'OpenHouse' order by at limit 1`,
        [feed.locationId],
      );
      expect(first).toEqual({ why: 'initial' });
    });

    it.each(answers)('goes on without one that is taken away later (%s), and keeps what it brought', async (answer) => {
      await fresh(mode === 'events');
      await env.poll(feed);
      const before = await env.local(feed, 'OpenHouse');
      await refuse(answer, 'OpenHouse');
      // The journal names a single key, which may as well be gone by itself.
      await env.order(`openhouses/${Object.keys(before)[0]}`, { OpenHouseRemarks: 'Shoes off' }, 'PATCH');
      await env.poll(feed);
      expect(await env.local(feed, 'OpenHouse')).toEqual(before);
      await env.order('changes', { count: 30, kinds: ['price-drop', 'open-house'] });
      await env.poll(feed);
      await env.walk(feed);
      expect(env.log.lines.filter((line) => line.includes('asked for again in an hour')).length).toBeGreaterThan(0);
      await same('Office', 'Member', 'Property', 'Media');
      expect(await env.local(feed, 'OpenHouse')).toEqual(before);
      expect(await shown()).toMatchObject({ standing: 'well', notGranted: ['OpenHouse'] });
      await env.order('grants', {}, 'DELETE');
      env.ahead.ms += HOUR + 60_000;
      await env.poll(feed);
      await same(...feedResources);
      expect((await shown()).notGranted).toEqual([]);
      await env.walk(feed);
      await same(...feedResources);
    });
  },
);

describe('a feed that refuses listings', () => {
  it('is not asked for a while, and no resource is taken for the cause', async () => {
    await fresh(false);
    await refuse('forbidden', ...feedResources);
    const held = await env.activities.pollMarket({ feed, asked: [] });
    expect(held).toMatchObject({ outcome: 'held', why: 'FEED_REFUSED' });
    const { cursor, heldUntil } = await env.store.open(feed);
    expect(cursor).not.toHaveProperty('notGranted');
    await env.order('grants', {}, 'DELETE');
    env.ahead.ms += Date.parse(heldUntil!) - Date.now();
    await env.poll(feed);
    await same(...feedResources);
  });
});

describe('a journal', () => {
  it('is asked for only where the metadata lists one', async () => {
    await fresh(false);
    await env.poll(feed);
    expect(await callsOf('/EntityEvent')).toBe(0);
    expect(await env.store.open(feed)).toMatchObject({ mode: 'timestamps', phase: 'live' });
  });

  it.each(answers)('that is listed and %s leaves the feed to be read by when records changed', async (answer) => {
    await fresh(true);
    await refuse(answer, 'EntityEvent');
    await env.poll(feed);
    await same(...feedResources);
    expect(await env.store.open(feed)).toMatchObject({ mode: 'timestamps', phase: 'live' });
  });

  it('that is taken away later loses nothing, and is read again when it is back', async () => {
    await fresh(true);
    await env.poll(feed);
    await refuse('forbidden', 'EntityEvent');
    await env.order('changes', { count: 20, kinds: ['price-drop', 'new'] });
    await env.poll(feed);
    await same('Property');
    expect(await env.store.open(feed)).toMatchObject({ mode: 'timestamps', failing: null });
    await env.order('grants', {}, 'DELETE');
    env.ahead.ms += 25 * HOUR;
    await env.poll(feed);
    expect(await env.store.open(feed)).toMatchObject({ mode: 'events' });
  });
});
