import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFigureActivities, followFiles } from '../../activities/followed-files.ts';
import { AppError } from '../../domain/errors.ts';
import type { FigureAddress } from '../../domain/market/followed-files.ts';
import type { FollowedFile, FollowedFileStore } from '../../domain/ports/followed-files.ts';
import type { MarketFigureStore } from '../../domain/ports/market-figures.ts';
import { createFigureFiles } from '../../integrations/market-files/open.ts';
import { createFollowedFileStore } from '../../integrations/postgres/followed-files.ts';
import { createMarketFigureStore } from '../../integrations/postgres/market-figures.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { FHFA, figureText, TODAY } from '../support/figure-files.ts';
import { recordingLog } from '../support/ghl-crm.ts';
import { type FigureServer, startFigureServer } from '../support/figure-server.ts';
import { until } from '../support/until.ts';

/** Public files are fetched by themselves, each where its server has another one than was read. */

const MODIFIED = { 'last-modified': 'Wed, 24 Feb 2016 15:00:00 GMT' };
const LATER = { 'last-modified': 'Tue, 24 May 2016 15:00:00 GMT' };
/** Newer, with one figure that the source has changed a little, and whole. */
const NEWER = figureText(FHFA).replace(/(Seattle-Bellevue-Kent, WA {2}\(MSAD\)",42644,2015,4),[\d.]+/, '$1,260.00');

let db: TestDatabase;
let server: FigureServer;
/** Where what is fetched lies. */
let folder: string;
let figures: MarketFigureStore;
let followed: FollowedFileStore;
let now: Date;
const ended: FollowedFile[] = [];
const begun: FollowedFile[] = [];
const fileRuns = {
  begin: (file: FollowedFile) => Promise.resolve(void begun.push(file)),
  end: (file: FollowedFile) => Promise.resolve(void ended.push(file)),
};

beforeAll(async () => {
  [db, server, folder] = await Promise.all([
    createTestDatabase(),
    startFigureServer(),
    mkdtemp(join(tmpdir(), 'followed-files-')),
  ]);
  figures = createMarketFigureStore(db.tenants.house);
  followed = createFollowedFileStore(db.tenants.house);
});
afterAll(() => Promise.all([db.drop(), server.close(), rm(folder, { recursive: true })]));
beforeEach(async () => {
  await db.pool.query('truncate market_figures, market_files, market_followed_files');
  now = new Date(`${TODAY}T12:00:00Z`);
  server.asked.length = ended.length = begun.length = 0;
  server.fail(0);
});

const address = (): FigureAddress => ({ source: 'fhfa', url: `${server.url}/hpi/${FHFA}?signature=secret` });
const file = (): FollowedFile => ({ source: 'fhfa', file: `${server.url}/hpi/${FHFA}` });

function refresh({
  wanted = file(),
  addresses = [address()] as readonly FigureAddress[],
  environment = new MockActivityEnvironment(),
} = {}) {
  const { refreshFigures } = createFigureActivities({
    ...{ addresses, followed, fileRuns, figureFiles: createFigureFiles({ folder }) },
    ...{
      log: recordingLog(),
      now: () => now,
      sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
    },
    withFigures: (work) => work(figures),
  });
  return environment.run(refreshFigures, wanted);
}

const later = (minutes: number): void => void (now = new Date(now.getTime() + minutes * 60_000));
const statuses = (): readonly number[] => server.asked.map(({ status }) => status);

describe('a followed file', () => {
  it.each([
    ['its tag', { ...MODIFIED, etag: '"one"' }, { ...MODIFIED, etag: '"two"' }],
    ['when it was made', MODIFIED, LATER],
  ])('is fetched again only where its server has another one, by %s', async (_by, first, second) => {
    server.give({ status: 200, headers: first, body: figureText(FHFA) });
    expect(await refresh()).toEqual({ outcome: 'read', rows: 20, changed: 36, dead: 0 });
    expect(await refresh()).toEqual({ outcome: 'same' });
    server.give({ status: 200, headers: second, body: NEWER });
    expect(await refresh()).toMatchObject({ outcome: 'read', rows: 20, changed: 1 });
    expect(await refresh()).toEqual({ outcome: 'same' });
    expect(statuses()).toEqual([200, 304, 200, 304]);
  });

  it('whose server says nothing of it is fetched each time, and known by its bytes', async () => {
    server.give({ status: 200, body: figureText(FHFA) });
    // It does not say how old it is, and ends in 2015.
    now = new Date('2016-03-01T12:00:00Z');
    expect(await refresh()).toMatchObject({ outcome: 'read', changed: 36 });
    expect(await refresh()).toEqual({ outcome: 'same' });
    expect(statuses()).toEqual([200, 200]);
  });

  it('is known outside by its address without what stands behind the question mark', async () => {
    server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA) });
    await followFiles({ addresses: [address()], fileRuns });
    expect(begun).toEqual([file()]);
    await refresh();
    expect(server.asked).toEqual([{ path: `/hpi/${FHFA}?signature=secret`, status: 200 }]);
    const { rows } = await db.pool.query(
      'select t::text from market_followed_files t union select t::text from market_files t',
    );
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('is not the same as one that nobody has, whatever its server says', async () => {
    server.give({ status: 304 });
    await expect(refresh()).rejects.toMatchObject({ code: 'MARKET_FILE_BROKEN' });
    expect(await followed.get(file())).toMatchObject({ failing: { says: expect.stringContaining('got 304') } });
  });

  it('that is named no longer ends, and nothing is asked', async () => {
    server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA) });
    await refresh();
    expect(await refresh({ addresses: [] })).toEqual({ outcome: 'gone' });
    expect(ended).toEqual([file()]);
    expect(statuses()).toEqual([200]);
  });
});

describe('a followed file that fails', () => {
  it.each([
    ['is not there', { status: 404 }, 'MARKET_FILE_BROKEN', '200 with a file'],
    ['breaks off', { status: 200, body: figureText(FHFA), cut: true as const }, 'MARKET_FILE_BROKEN', 'broke off'],
    ['is a web page', { status: 200, body: '<!doctype html><p>Sorry' }, 'MARKET_FILE_SHAPE', 'fhfa'],
    ['is old', { status: 200, headers: LATER, body: figureText(FHFA).slice(0, 80) }, 'MARKET_FILE_REFUSED', 'stale'],
  ])('since it %s says so since when, takes nothing, and heals', async (_what, answer, code, says) => {
    server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA) });
    await refresh();
    const before = await followed.get(file());
    server.give(answer);
    later(10);
    const since = now.toISOString();
    await expect(refresh()).rejects.toMatchObject({ code });
    later(60);
    await expect(refresh()).rejects.toMatchObject({ code });
    expect(await followed.get(file())).toEqual({
      ...before,
      askedAt: now.toISOString(),
      failing: { code, since, says: expect.stringContaining(says) },
    });
    expect(await figures.files()).toHaveLength(1);
    server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA) });
    expect(await refresh()).toEqual({ outcome: 'same' });
    expect(await followed.get(file())).toMatchObject({
      failing: null,
      marks: { lastModified: MODIFIED['last-modified'] },
    });
  });

  it('is fetched again where it could not be stored to its end, and not as soon as a database asks for', async () => {
    server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA) });
    const { add } = figures;
    const away = new AppError('STORE_AWAY', 'expected a database, none answers', { retryAfterMs: 2_000 });
    figures = { ...figures, add: () => Promise.reject(away) };
    const told = await refresh().catch((error: unknown) => error);
    expect(told).toMatchObject({ code: 'STORE_AWAY' });
    expect(told).not.toMatchObject({ retryAfterMs: 2_000 });
    expect(await followed.get(file())).toMatchObject({
      failing: { code: 'STORE_AWAY' },
      marks: { lastModified: null },
    });
    figures = { ...figures, add };
    expect(await refresh()).toMatchObject({ outcome: 'read', changed: 36 });
    expect(await followed.get(file())).toMatchObject({ failing: null });
    expect(statuses()).toEqual([200, 200]);
  });

  it('says so too where nobody foresaw the error, in words that hold none of its own', async () => {
    server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA) });
    const { read } = figures;
    figures = { ...figures, read: () => Promise.reject(new Error('a text with a signature')) };
    await expect(refresh()).rejects.toThrow('a text with a signature');
    figures = { ...figures, read };
    const failing = (await followed.get(file()))?.failing;
    expect(failing).toMatchObject({ code: 'EVENT_POISON' });
    expect(JSON.stringify(failing)).not.toContain('signature');
  });

  it('does not fail because somebody reads it by hand', async () => {
    server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA) });
    const { add } = figures;
    figures = {
      ...figures,
      add: () => Promise.reject(new AppError('MARKET_FILE_BUSY', 'expected row 0, it stands at 9')),
    };
    await expect(refresh()).rejects.toMatchObject({ code: 'MARKET_FILE_BUSY' });
    figures = { ...figures, add };
    expect(await followed.list()).toEqual([]);
  });

  it('lets a worker go that ends, in the middle of fetching or of reading, and leaves nothing behind', async () => {
    for (const moment of ['fetching', 'reading']) {
      const environment = new MockActivityEnvironment();
      server.give({ status: 200, headers: MODIFIED, body: figureText(FHFA), hang: moment === 'fetching' });
      const { known } = figures;
      figures = { ...figures, known: (...asked) => (environment.cancel(), known(...asked)) };
      const refreshing = refresh({ environment });
      if (moment === 'fetching') void until(() => statuses().length === 1).then(() => environment.cancel());
      await expect(refreshing).rejects.toMatchObject({ name: 'CancelledFailure' });
      figures = { ...figures, known };
      server.asked.length = 0;
    }
    expect(await readdir(folder)).toEqual([]);
    expect(await followed.list()).toEqual([]);
  });
});

it('of another address is fetched whole: what was said of the one before says nothing of it', async () => {
  server.give({ status: 200, headers: LATER, body: figureText(FHFA) });
  await refresh();
  server.give({ status: 200, headers: MODIFIED, body: NEWER });
  const other = { source: 'fhfa', url: `${server.url}/hpi/${FHFA}?signature=another` } as const;
  expect(await refresh({ addresses: [other] })).toMatchObject({ outcome: 'read' });
  expect(statuses()).toEqual([200, 200]);
});

it('from tomorrow is as old as today: what comes later is newer', async () => {
  server.give({ status: 200, headers: { 'last-modified': 'Wed, 24 Feb 2027 15:00:00 GMT' }, body: figureText(FHFA) });
  now = new Date('2016-03-01T12:00:00.000Z');
  await refresh();
  expect(await figures.lastRead([file()])).toMatchObject([{ asOf: now.toISOString(), rows: 20, atRow: null }]);
});
