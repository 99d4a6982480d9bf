import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiWorld, LOCATION, startApiWorld } from '../support/api-world.ts';
import { PUSH_TOKEN } from '../support/market-side.ts';

/** Events that an MLS pushes (RCP-28), over a real server and database. */

let world: ApiWorld;

beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query('delete from market_feeds; delete from market_push');
  await world.pool.query(`insert into market_feeds (location_id, market, provider) values ($1, 'gulf', 'reso')`, [
    LOCATION,
  ]);
  world.market.told.length = 0;
});

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: { readonly code?: string; readonly events?: number; readonly fresh?: number };
}

async function push(
  body: string,
  {
    token = PUSH_TOKEN,
    path = `${LOCATION}/gulf`,
    type = 'application/json',
  }: { token?: string | null; path?: string; type?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${world.url}/webhooks/reso/${path}`, {
    method: 'POST',
    headers: { 'content-type': type, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body,
  });
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, body: (await response.json()) as Answer['body'] };
}

const event = (sequence: string, key = 'K1'): string =>
  `{"EntityEventSequence": ${sequence}, "ResourceName": "Property", "ResourceRecordKey": "${key}"}`;

const stored = async (): Promise<unknown[]> =>
  (await world.pool.query('select sequence::text, resource, record_key as key from market_push order by sequence'))
    .rows;

describe('a push', () => {
  it('of one event is stored before it is answered, digit for digit, and wakes its feed', async () => {
    expect(await push(event('9007199254740993'))).toMatchObject({ status: 200, body: { events: 1, fresh: 1 } });
    expect(await stored()).toEqual([{ sequence: '9007199254740993', resource: 'Property', key: 'K1' }]);
    const feed = { locationId: LOCATION, market: 'gulf', provider: 'reso' };
    expect(world.market.told).toEqual([{ what: 'wake', feed }]);
  });

  it('of many is stored as a whole; what comes again is neither stored nor told again', async () => {
    const many = `{"value": [${event('7')}, ${event('8', 'K2')}, ${event('7')}]}`;
    expect(await push(many)).toMatchObject({ status: 200, body: { events: 3, fresh: 2 } });
    expect(await push(many)).toMatchObject({ status: 200, body: { events: 3, fresh: 0 } });
    expect(await stored()).toHaveLength(2);
    expect(world.market.told).toHaveLength(1);
  });

  it.each([
    ['no token', null],
    ['another token', 'token-of-the-pushing-vendox'],
    ["the operator's token", 'token-of-the-test-operator'],
  ])('with %s is refused, whatever it carries', async (_name, token) => {
    expect(await push('not even JSON', { token })).toMatchObject({ status: 401, body: { code: 'PUSH_TOKEN' } });
    expect(await push(event('7'), { token, path: 'nobody/none' })).toMatchObject({ status: 401 });
    expect(await stored()).toEqual([]);
  });

  it.each([
    ['no JSON', 'x'],
    ['a list', `[${event('7')}]`],
    ['no events', '{"value": []}'],
    ['no sequence', '{"ResourceName": "Property", "ResourceRecordKey": "K1"}'],
    ['a negative sequence', event('-7')],
    ['a broken sequence', event('7.5')],
    ['no key', event('7', '')],
    ['one of many that is none', `{"value": [${event('7')}, {"ResourceName": "Property"}]}`],
  ])('of %s is refused as a whole', async (_name, body) => {
    expect(await push(body)).toMatchObject({ status: 400, body: { code: 'BODY_MALFORMED' } });
    expect(await stored()).toEqual([]);
    expect(world.market.told).toEqual([]);
  });

  it('that is too large, of another type, or for a market that is not there is refused', async () => {
    expect(await push(`{"value": [${event('7')}], "more": "${'x'.repeat(1_100_000)}"}`)).toMatchObject({ status: 413 });
    expect(await push(event('7'), { type: 'text/plain' })).toMatchObject({ body: { code: 'CONTENT_TYPE' } });
    expect(await push(event('7'), { path: `${LOCATION}/other` })).toMatchObject({ status: 404 });
    expect(await push(event('7'), { path: 'another/gulf' })).toMatchObject({ status: 404 });
    expect(await stored()).toEqual([]);
  });

  it('is answered even where Temporal is away: the poll finds what it brought', async () => {
    world.market.takeAway(true);
    expect(await push(event('7'))).toMatchObject({ status: 200 });
    world.market.takeAway(false);
    expect(await stored()).toHaveLength(1);
    expect(world.market.told).toEqual([]);
  });

  it('that cannot be stored is asked for again later', async () => {
    await world.pool.query('alter table market_push rename to market_push_away');
    const answer = await push(event('7'));
    await world.pool.query('alter table market_push_away rename to market_push');
    expect(answer).toMatchObject({ status: 429, body: { code: 'CANNOT_STORE' } });
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    expect(await push(event('7'))).toMatchObject({ status: 200, body: { fresh: 1 } });
  });
});

describe('the feeds in settings', () => {
  const feeds = (...markets: string[]) => ({
    changes: {
      market: {
        feeds: markets.map((market) => ({
          ...{ provider: 'reso', market, originatingSystem: null, pollMinutes: 5 },
          rights: { alerts: true, training: false },
        })),
        alerts: { perDay: 2, collectMinutes: 10 },
      },
    },
  });
  const change = async (...markets: string[]) =>
    world.api('PATCH', `/api/locations/${LOCATION}/settings`, feeds(...markets));

  it('have a schedule each, which ends with the feed', async () => {
    expect((await change('gulf', 'bay')).status).toBe(200);
    const told = world.market.told.map(({ what, feed }) => `${what} ${feed.market}`);
    expect(told).toEqual(['begin gulf', 'begin bay']);
    world.market.told.length = 0;
    expect((await change('bay')).status).toBe(200);
    expect(world.market.told.map(({ what, feed }) => `${what} ${feed.market}`)).toEqual(['end gulf', 'begin bay']);
  });

  it('may not bear the name of another location’s feed of the same provider: the second is refused, and nothing changes', async () => {
    await world.pool.query(
      `insert into market_feeds (location_id, market, provider) values ('another', 'taken', 'reso')`,
    );
    const before = await (await world.api('GET', `/api/locations/${LOCATION}/settings`)).json();
    const answer = await change('free', 'taken');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'MARKET_TAKEN' });
    expect(await (await world.api('GET', `/api/locations/${LOCATION}/settings`)).json()).toEqual(before);
    const { rows } = await world.pool.query(`select market from market_feeds where location_id = $1`, [LOCATION]);
    expect(rows).not.toContainEqual({ market: 'free' });
  });
});
