import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import * as listings from '../../integrations/postgres/listings.ts';
import { type ApiWorld, CONTACT, LOCATION, startApiWorld } from '../support/api-world.ts';
import { fit, home } from '../support/cache-uses.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query('truncate leads, messages, listings, listing_events, listing_matches, lead_news cascade');
  await world.cache.invalidateTags(LOCATION, ['all']);
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, snapshot)
      values ($1, $2, now(), now(), now(), '{"firstName": "Dana"}')`,
    [LOCATION, CONTACT],
  );
});

const LEAD = `/api/leads/${LOCATION}/${CONTACT}`;
const place = () => world.tenants.at(LOCATION);

/** So many texts, a minute apart, theirs and ours by turns; every fifth one a human's. */
async function talks(count: number): Promise<void> {
  await world.pool.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, at, human)
      select $1, $2, 'm' || n, case n % 2 when 0 then 'outbound' else 'inbound' end, 'sms', 'Text ' || n,
        '2026-03-01T09:00:00Z'::timestamptz + make_interval(mins => n), n % 5 = 0
      from generate_series(1, $3) as n`,
    [LOCATION, CONTACT, count],
  );
}

async function shown<T>(path: string): Promise<readonly T[]> {
  const answer = await world.api('GET', path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const body = (await answer.json()) as { items: readonly T[] };
  expect(Object.keys(body)).toEqual(['items']);
  return body.items;
}

async function refused(path: string): Promise<readonly [status: number, code: unknown]> {
  const answer = await world.api('GET', path);
  return [answer.status, ((await answer.json()) as { code: unknown }).code];
}

/** How often values of a kind were answered so, as the metrics say. */
async function reads(kind: string, outcome: 'near' | 'miss'): Promise<number> {
  const text = await (await fetch(`${world.url}/metrics`)).text();
  const [, count] =
    new RegExp(`^leadwright_cache_reads_total\\{kind="${kind}",outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text) ?? [];
  return Number(count);
}

describe.each(['conversation', 'matches'])('what is asked of %s', (what) => {
  it('is known only of leads that are known, of their own location', async () => {
    expect(await refused(`/api/leads/${LOCATION}/nobody/${what}`)).toEqual([404, 'LEAD_UNKNOWN']);
    expect(await refused(`/api/leads/nowhere/${CONTACT}/${what}`)).toEqual([404, 'LEAD_UNKNOWN']);
  });

  it('is empty where there is nothing', async () => {
    expect(await shown(`${LEAD}/${what}`)).toEqual([]);
  });

  it.each(['0', '-1', '201', 'all', '1.5', ''])('is refused with a limit of "%s"', async (limit) => {
    expect(await refused(`${LEAD}/${what}?limit=${limit}`)).toEqual([400, 'BAD_QUERY']);
  });

  it('is told to nobody without the token', async () => {
    expect((await fetch(`${world.url}${LEAD}/${what}`)).status).toBe(401);
  });
});

describe('the talk with a lead', () => {
  interface Said {
    readonly body: string;
  }

  it('is the last messages, oldest first, with who wrote them', async () => {
    await talks(3);
    await world.pool.query(`update messages set body = 'Ünïcödé 🏡 “x”' where message_key = 'm3'`);
    expect(await shown(`${LEAD}/conversation`)).toEqual([
      { at: '2026-03-01T09:01:00.000Z', direction: 'inbound', channel: 'sms', body: 'Text 1', human: false },
      { at: '2026-03-01T09:02:00.000Z', direction: 'outbound', channel: 'sms', body: 'Text 2', human: false },
      { at: '2026-03-01T09:03:00.000Z', direction: 'inbound', channel: 'sms', body: 'Ünïcödé 🏡 “x”', human: false },
    ]);
  });

  it('is as many of the last ones as are wanted, and says of each length the same end', async () => {
    await talks(60);
    const bodies = async (limit: string) => (await shown<Said>(`${LEAD}/conversation${limit}`)).map(({ body }) => body);
    expect(await bodies('?limit=3')).toEqual(['Text 58', 'Text 59', 'Text 60']);
    const usual = await bodies('');
    expect(usual.at(-1)).toBe('Text 60');
    expect(await bodies(`?limit=${usual.length}`)).toEqual(usual);
    expect(await bodies('?limit=60')).toHaveLength(60);
  });

  it('comes from the cache until a message comes, and then has it', async () => {
    await talks(2);
    const first = await shown(`${LEAD}/conversation`);
    const before = { near: await reads('conversation', 'near'), miss: await reads('conversation', 'miss') };
    expect(before.miss).toBeGreaterThan(0);
    expect(await shown(`${LEAD}/conversation`)).toEqual(first);
    expect(await reads('conversation', 'near')).toBe(before.near + 1);
    expect(await reads('conversation', 'miss')).toBe(before.miss);
    await world.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
        values ($1, $2, 'new', 'inbound', 'sms', 'News', '2026-03-01T10:00:00Z')`,
      [LOCATION, CONTACT],
    );
    expect(await shown(`${LEAD}/conversation`)).toMatchObject([{}, {}, { body: 'News' }]);
  });
});

describe('the homes of a lead', () => {
  interface Fits {
    readonly score: number;
    readonly listing: { readonly listingKey: string; readonly price: string };
  }

  beforeEach(async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `h-${n}`);
    await listings.store(
      place(),
      LOCATION,
      keys.map((key) => home(key)),
    );
    await matches.store(
      place(),
      LOCATION,
      keys.map((key, n) => fit(CONTACT, key, { score: n / 12 })),
    );
  });

  it('are the best first, ten unless more or fewer are wanted', async () => {
    const keys = async (limit: string) =>
      (await shown<Fits>(`${LEAD}/matches${limit}`)).map(({ listing }) => listing.listingKey);
    expect(await keys('')).toEqual(Array.from({ length: 10 }, (_, n) => `h-${11 - n}`));
    expect(await keys('?limit=2')).toEqual(['h-11', 'h-10']);
    expect(await keys('?limit=200')).toHaveLength(12);
  });

  it('tell all that the market says, digit for digit, and what happened lately, newest first', async () => {
    const told = (at: string, kind: 'new' | 'price-change', priceBefore: string | null, priceAfter: string) =>
      ({ listingKey: 'h-11', at, kind, priceBefore, priceAfter }) as const;
    await listings.addEvents(place(), LOCATION, [
      told('2026-02-01T00:00:00.000Z', 'new', null, '450000.00'),
      told('2026-02-20T00:00:00.000Z', 'price-change', '450000.00', '425000.00'),
    ]);
    const { listingKey: _key, ...market } = home('h-11');
    expect(await shown(`${LEAD}/matches?limit=1`)).toEqual([
      {
        ...{ score: 11 / 12, reasons: ['in the city'], matchedAt: '2026-03-01T10:00:00.000Z' },
        listing: {
          ...{ listingKey: 'h-11', ...market, officeName: null },
          events: [
            { at: '2026-02-20T00:00:00.000Z', kind: 'price-change', priceBefore: '450000.00', priceAfter: '425000.00' },
            { at: '2026-02-01T00:00:00.000Z', kind: 'new', priceBefore: null, priceAfter: '450000.00' },
          ],
        },
      },
    ]);
  });

  it('come from the cache until one changes, and then that one alone is read', async () => {
    const first = await shown<Fits>(`${LEAD}/matches`);
    const before = { near: await reads('listing', 'near'), miss: await reads('listing', 'miss') };
    expect(await shown(`${LEAD}/matches`)).toEqual(first);
    expect(await reads('listing', 'near')).toBe(before.near + 10);
    expect(await reads('listing', 'miss')).toBe(before.miss);
    await listings.store(place(), LOCATION, [home('h-7', { price: '1.05', changedAt: '2026-03-02T00:00:00.000Z' })]);
    const prices = (await shown<Fits>(`${LEAD}/matches`)).map(({ listing: { price } }) => price);
    expect(prices.filter((price) => price === '1.05')).toHaveLength(1);
    expect(await reads('listing', 'miss')).toBe(before.miss + 1);
    expect(await reads('listing', 'near')).toBe(before.near + 19);
  });

  it('are left out once the market takes them away', async () => {
    await shown(`${LEAD}/matches`);
    await world.pool.query(`delete from listings where listing_key = 'h-11'`);
    expect((await shown<Fits>(`${LEAD}/matches?limit=2`)).map(({ listing }) => listing.listingKey)).toEqual([
      'h-10',
      'h-9',
    ]);
  });
});
