import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as contract from '../../api/contract/market.ts';
import * as figureContract from '../../api/contract/market-figures.ts';
import type { Route } from '../../api/contract/route.ts';
import { readFigureFile } from '../../activities/market-files.ts';
import { main } from '../../cli/main.ts';
import { changesOf, openHouseChange, removalOf } from '../../domain/market/changes.ts';
import type { MarketStore } from '../../domain/ports/market-store.ts';
import { createFigureFiles } from '../../integrations/market-files/open.ts';
import { createFollowedFileStore } from '../../integrations/postgres/followed-files.ts';
import { createMarketFigureStore } from '../../integrations/postgres/market-figures.ts';
import { createMarketStore } from '../../integrations/postgres/market-store.ts';
import { type ApiWorld, CONTACT, LOCATION, startApiWorld } from '../support/api-world.ts';
import { FHFA, figurePath } from '../support/figure-files.ts';
import { feedPage, listingRow } from '../support/market-rows.ts';

let world: ApiWorld;
let store: MarketStore;
const feed = { locationId: LOCATION, provider: 'mlsgrid', market: 'bayline' } as const;
const choice = { ...{ provider: 'mlsgrid', market: 'bayline', originatingSystem: 'example' }, pollMinutes: 5 };

beforeAll(async () => {
  world = await startApiWorld();
  store = createMarketStore(world.tenants, { changesOf, removalOf, openHouseChange });
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query(
    'truncate market_feeds, market_pages, market_dead_letters, market_drift, market_alerts, market_figures, market_files, market_followed_files, listings, listing_events',
  );
  await chosen([{ ...choice, rights: { alerts: true, training: false } }]);
});

async function chosen(feeds: readonly object[]): Promise<void> {
  await world.pool.query(`update locations set settings = jsonb_set(settings, '{market}', $2) where location_id = $1`, [
    LOCATION,
    { feeds, alerts: { perDay: 2, collectMinutes: 10 } },
  ]);
}

async function told(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const code = await main(['market', ...args, '--api', world.url, '--home', '/nowhere'], {
    ...{ out: (text) => void (said.out += text), err: (text) => void (said.err += text) },
    ...{ terminal: false, colour: false, cwd: '/', env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' } },
  });
  return { code, ...said };
}

/** What a route answers, which its contract must describe to the last field. */
async function answered(route: Route, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await world.api(route.method.toUpperCase(), path, body);
  const document: unknown = await answer.json();
  const schema = route.answers[answer.status]?.schema;
  expect({ path, status: answer.status, document, described: schema !== undefined }).toMatchObject({ described: true });
  expect(schema?.parse(document)).toEqual(document);
  return document as Record<string, unknown>;
}

const now = (): string => world.deps.now().toISOString();
const price = { reason: 'absurd', field: 'ListPrice', detail: 'expected a price' };

/** A feed that is live, with what somebody may have to look at. */
async function livedFeed(): Promise<void> {
  await store.open(feed);
  await store.setMode(feed, 'timestamps');
  const quota = { at: now(), left: 4_812, limit: 5_000, resetsAt: null };
  const listings = [listingRow('L1'), listingRow('L2', { addressShown: null }), listingRow('L3', { officeName: null })];
  const dead = [{ ...price, resource: 'Property' as const, key: 'L9', raw: { ListPrice: -1 } }];
  await store.commit(feed, feedPage({ at: now(), quota, listings, dead }));
  await store.settle(feed, { at: now(), live: true });
  await store.keepMetadata(feed, {
    ...{ at: now(), metadata: { hash: 'h', resources: {}, lookups: {} } },
    drift: [
      {
        resource: 'Property',
        field: 'ListPrice',
        kind: 'type',
        before: 'Edm.Decimal',
        after: 'Edm.String',
        frozen: true,
      },
    ],
  });
}

describe('how the market stands', () => {
  it('is told of one location and of all as the contract says, and to people in words', async () => {
    await livedFeed();
    const one = await answered(contract.marketStatus, `/api/market?locationId=${LOCATION}`);
    expect(one).toMatchObject({
      items: [{ market: 'bayline', standing: 'well', rowsPerMinute: 3, deadLetters: { absurd: 1 }, pollMinutes: 5 }],
    });
    expect(((await answered(contract.marketStatus, '/api/market'))['items'] as unknown[]).length).toBe(1);
    const { out } = await told('status');
    for (const words of [
      ...[
        /^bayline {2}mlsgrid, timestamps, location Rk3/,
        /well: it is asked as often/,
        /up to date +as of \d s ago; it is asked every 5 min/,
      ],
      ...[/4,812 of 5,000 requests left/, /not taken in +1 \(absurd 1\) {2}→ {2}leadwright market dead-letters/],
      ...[
        /1 changes that nobody has acknowledged; Property.ListPrice keep old values/,
        /compared +all keys, never yet/,
      ],
      ...[/alerts yes, training no/, /3 active, 3 in all/],
    ]) {
      expect(out).toMatch(words);
    }
    expect(JSON.parse((await told('status', '--json')).out)).toMatchObject({ items: [{ market: 'bayline' }] });
  });

  it('says unknown for what nobody knows, of a feed that was never asked', async () => {
    const { items } = await answered(contract.marketStatus, `/api/market?locationId=${LOCATION}`);
    expect(items).toMatchObject([{ standing: 'not-started', lagSeconds: null, quota: null, cursor: { at: null } }]);
    const { out } = await told('status', '--location', LOCATION);
    expect(out).toMatch(/not begun/);
    expect(out).toMatch(/up to date +unknown: it never answered to the end yet/);
    expect(out).toMatch(/quota +unknown: the vendor does not say/);
  });

  it('says what fails, since when, and when it is asked again', async () => {
    await livedFeed();
    await store.fail(feed, { at: '2026-03-02T15:00:00.000Z', code: 'FEED_REFUSED' });
    expect((await told('status')).out).toMatch(/failure +FEED_REFUSED since 2026-03-02T15:00:00.000Z/);
    await store.hold(feed, { at: now(), until: '2999-01-01T00:00:00.000Z', code: 'FEED_BUSY' });
    expect((await told('status')).out).toMatch(/asked again +not before 2999-01-01/);
  });

  it('without a feed says how to connect one', async () => {
    await chosen([]);
    expect((await told('status')).out).toContain('docs/market.md');
    expect(await told('reconcile', '--location', LOCATION)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no market feed'),
    });
    expect(await world.api('GET', '/api/market?locationId=nobody').then((answer) => answer.json())).toMatchObject({
      code: 'LOCATION_NOT_FOUND',
    });
  });
});

describe('what could not be taken in, and what changed of a feed', () => {
  it('is listed with why, and a change is acknowledged once by whoever is first', async () => {
    await livedFeed();
    const dead = await answered(contract.marketDeadLetters, `/api/market/dead-letters?locationId=${LOCATION}`);
    expect(dead).toMatchObject({ items: [{ recordKey: 'L9', ...price, raw: { ListPrice: -1 } }] });
    expect((await told('dead-letters')).out).toMatch(/Property L9 +absurd +ListPrice +expected a price/);
    const drift = await answered(contract.marketDrift, `/api/market/drift?locationId=${LOCATION}`);
    const [{ driftId }] = drift['items'] as [{ driftId: number }];
    expect((await told('drift')).out).toMatch(/Property.ListPrice +type +Edm.Decimal +Edm.String +yes/);
    const { out } = await told('drift', 'acknowledge', String(driftId));
    expect(out).toMatch(/no +\d{4}-.* by operator\n3 listings have old values/);
    await answered(contract.acknowledgeDrift, `/api/market/${LOCATION}/bayline/drift/${driftId}/acknowledge`);
    expect((await told('drift')).out).toBe('no change of a feed’s shape waits for anybody\n');
    expect((await told('drift', '--all')).out).toContain('by operator');
    expect(await told('drift', 'acknowledge', '999')).toMatchObject({
      code: 1,
      err: expect.stringContaining('No such change'),
    });
  });
});

describe('a listing', () => {
  it('is shown with its source, without an address that the seller does not show, and says why leads are not told of it', async () => {
    await livedFeed();
    const shown = (key: string) => answered(contract.marketListing, `/api/market/listings/${LOCATION}/${key}`);
    expect(await shown('L1')).toMatchObject({
      provider: 'mlsgrid',
      refusal: null,
      listing: { address: '12 Elm Street' },
    });
    expect(await shown('L2')).toMatchObject({ refusal: null, listing: { address: null } });
    expect(await shown('L3')).toMatchObject({ refusal: 'no-attribution', listing: { address: null } });
    await chosen([{ ...choice, rights: { alerts: false, training: false } }]);
    expect(await shown('L1')).toMatchObject({ refusal: 'no-alert-right' });
  });
});

describe('alerts', () => {
  it('are told with the figure, its source and as of when; without lead or listing nothing is asked', async () => {
    await livedFeed();
    await world.pool.query(
      `insert into market_alerts (location_id, contact_id, listing_key, change, kind, price_before, price_after, market, as_of, decided_at, reasons)
       values ($1, $2, 'L1', 'price-change:x', 'price-drop', 425000, 400000, 'bayline', '2026-03-02T15:00:00Z', '2026-03-02T15:01:00Z', '["in Austin"]')`,
      [LOCATION, CONTACT],
    );
    const path = `/api/market/alerts?locationId=${LOCATION}`;
    expect(await answered(contract.marketAlerts, `${path}&contactId=${CONTACT}`)).toMatchObject({
      items: [
        {
          figure: { priceAfter: '400000.00', asOf: '2026-03-02T15:00:00.000Z' },
          source: { officeName: 'Example Realty' },
        },
      ],
    });
    const { out } = await told('alerts', '--lead', `${LOCATION}/${CONTACT}`);
    expect(out).toContain('price-drop of L1');
    expect(out).toContain('from $425,000, price $400,000, as of 2026-03-02T15:00:00.000Z');
    expect(out).toContain('from bayline (mlsgrid), listed by Example Realty');
    expect((await told('alerts', '--listing', 'L1')).out).toBe(out);
    expect(await told('alerts', '--lead', CONTACT, '--json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('LEAD_UNKNOWN'),
    });
    await world.pool.query(
      'insert into leads (location_id, contact_id, state_since, last_activity_at, created_at) values ($1, $2, now(), now(), now())',
      [LOCATION, CONTACT],
    );
    expect((await told('alerts', '--lead', CONTACT)).out).toBe(out);
    expect((await told('alerts')).code).toBe(2);
    expect((await world.api('GET', path)).status).toBe(400);
  });
});

describe('what may be asked of a feed', () => {
  it('is to read months anew, each by its own run, and to compare all keys', async () => {
    await livedFeed();
    const since = now().slice(0, 7);
    const done = await answered(contract.backfillMarket, `/api/market/${LOCATION}/bayline/backfill`, { since });
    expect(done).toEqual({ months: [{ month: since, started: true }] });
    expect(world.market.told.filter(({ what }) => what === 'backfill')).toEqual([{ what: 'backfill', feed }]);
    expect((await told('backfill', '--since', since)).out).toBe(`${since}  begun\n`);
    expect((await told('backfill', '--since', '2026-13')).code).toBe(1);
    expect(await told('backfill', '--since', since, '--market', 'another')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no such market feed'),
    });
    expect(await answered(contract.reconcileMarket, `/api/market/${LOCATION}/bayline/reconcile`)).toEqual({
      begun: true,
    });
    expect((await told('reconcile')).out).toContain('the next poll begins it');
  });

  it('is to believe what it lacks, where a comparison halted over that', async () => {
    await livedFeed();
    const path = `/api/market/${LOCATION}/bayline/gone`;
    const gone = { resource: 'Property', records: 2_500 };
    expect(await answered(contract.believeGone, path, gone)).toEqual({ begun: false });
    expect(await told('gone', 'Property', '2500')).toMatchObject({ code: 1, err: expect.stringContaining('halted') });
    const walk = {
      haltedAt: now(),
      resource: 'Property',
      found: { Property: { feed: 10, local: 2_510, missing: 0, ghosts: 2_500 } },
    };
    await world.pool.query('update market_feeds set key_scan = $2 where location_id = $1', [
      LOCATION,
      JSON.stringify(walk),
    ]);
    expect((await told('status')).out).toContain('lacks 2,500 of 2,510 Property');
    expect((await told('status')).out).toContain('leadwright market gone Property 2500');
    expect((await told('gone', 'Property', '2500')).out).toContain('the next poll compares anew');
    expect((await told('status')).out).not.toContain('halted');
    expect(await told('gone', 'Property', 'all')).toMatchObject({ code: 2 });
    expect(await told('gone', 'Garage', '5')).toMatchObject({ code: 1 });
  });
});

describe('public figures', () => {
  it('are told by region with source, file and as of when, and the words that stand beside them', async () => {
    const figures = createMarketFigureStore(world.tenants.house);
    const order = { source: 'fhfa', place: figurePath(FHFA), asOf: '2016-02-24T00:00:00.000Z' } as const;
    await readFigureFile({ figureFiles: createFigureFiles(), figures, now: () => new Date() }, order);
    const path = '/api/market/figures?source=fhfa&region=42644&series=all-transactions';
    const page = await answered(figureContract.marketFigures, `${path}&since=2014-06-30&until=2014-06-30`);
    expect(page).toMatchObject({
      ...{ credit: expect.stringContaining('Federal Housing Finance Agency'), nextCursor: null },
      items: [{ value: '229.65', unit: 'index', asOf: '2016-02-24T00:00:00.000Z', fileHash: expect.any(String) }],
    });
    const { out } = await told(
      'figures',
      'fhfa',
      'Seattle-Bellevue-Kent, WA (MSAD)',
      '--since',
      '2015-06-30',
      '--until',
      '2015-06-30',
    );
    expect(out).toMatch(/2015-06-30 +all-transactions +Seattle.* +249.62 +index +2016-02-24/);
    expect(await answered(figureContract.marketFiles, '/api/market/files')).toMatchObject({
      ...{ items: [{ file: FHFA, rows: 20, dead: 0 }], followed: [] },
    });
    expect((await told('files')).out).toMatch(
      /no file is fetched by itself.*MARKET_FIGURES[^]*fhfa +2016-02-24.* 20 +36 +0 +HPI/,
    );
  });

  it('say how each file stands that is fetched, and which of it is failing', async () => {
    const { addresses } = world.market;
    const followed = createFollowedFileStore(world.tenants.house);
    const figures = createMarketFigureStore(world.tenants.house);
    const file = 'https://files.example.com/hpi.csv';
    addresses.push({ source: 'fhfa', url: `${file}?signature=secret` });
    try {
      expect((await told('files')).out).toContain(`fhfa  ${file}\n  not asked for yet\n  none was read yet`);
      const fails = { code: 'MARKET_FILE_BROKEN', says: 'expected 200 with a file of files.example.com, got 404' };
      await followed.fail({ source: 'fhfa', file }, '2026-11-20T10:00:00.000Z', fails);
      const names = { source: 'fhfa', file, hash: 'f00d' } as const;
      const at = '2026-10-20T10:00:00.000Z';
      await figures.begin({ ...names, asOf: at, readAt: at });
      const batch = { figures: [], after: 0, rows: 7, problems: { reasons: {}, rows: [] }, last: true };
      await figures.add({ ...names, asOf: at }, batch);
      expect(await answered(figureContract.marketFiles, '/api/market/files')).toMatchObject({
        followed: [
          {
            ...{ source: 'fhfa', file, askedAt: '2026-11-20T10:00:00.000Z', read: { at, asOf: at, hash: 'f00d' } },
            failing: { ...fails, since: '2026-11-20T10:00:00.000Z' },
          },
        ],
      });
      const { out } = await told('files');
      expect(out).toContain('fails since 2026-11-20T10:00:00.000Z: MARKET_FILE_BROKEN');
      expect(out).toContain(fails.says);
      expect(out).not.toContain('secret');
      for (const wrong of [['fhfa'], ['--revised'], ['fhfa', 'a.csv']]) {
        expect(await told('files', ...wrong)).toMatchObject({ code: 2 });
      }
    } finally {
      addresses.length = 0;
    }
  });
});
