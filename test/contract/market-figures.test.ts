import { createGzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FileOrder, readFigureFile } from '../../activities/market-files.ts';
import { main } from '../../cli/main.ts';
import { surveyed } from '../../domain/market/figure-survey.ts';
import type { FigureRow } from '../../domain/market/figures.ts';
import type { MarketFigureStore } from '../../domain/ports/market-figures.ts';
import { createFigureFiles } from '../../integrations/market-files/open.ts';
import { createMarketFigureStore } from '../../integrations/postgres/market-figures.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { FHFA, figurePath, figureText, filesFolder, REDFIN, TODAY, ZHVI } from '../support/figure-files.ts';
import { type FigureServer, startFigureServer } from '../support/figure-server.ts';
import { allPages } from '../support/pages.ts';

let db: TestDatabase;
let figures: MarketFigureStore;
let folder: Awaited<ReturnType<typeof filesFolder>>;
beforeAll(async () => {
  db = await createTestDatabase();
  figures = createMarketFigureStore(db.tenants.house);
  folder = await filesFolder();
});
afterAll(() => Promise.all([db.drop(), folder.remove()]));
beforeEach(() => db.pool.query('truncate market_figures, market_files'));

const read = (order: Partial<FileOrder> & Pick<FileOrder, 'source' | 'place'>) =>
  readFigureFile({ figureFiles: createFigureFiles(), figures, now: () => new Date(`${TODAY}T12:00:00Z`) }, order);
const fhfa = (text = figureText(FHFA), over: Partial<FileOrder> = {}) =>
  folder.put(FHFA, text).then((place) => read({ source: 'fhfa', place, asOf: '2016-02-24T00:00:00.000Z', ...over }));

const listed = (region: string, series?: string) =>
  allPages((cursor) => figures.list({ source: 'fhfa', region, series, limit: 3, cursor }));

async function state(): Promise<unknown> {
  const { rows } = await db.pool.query('select * from market_figures order by source, series, region, period');
  return rows;
}

describe('a file of figures', () => {
  it('is stored with where each figure comes from and as of when, and found by id and by name, page by page', async () => {
    const report = await fhfa();
    expect(report).toMatchObject({
      ...{ file: FHFA, rows: 20, changed: 36, dead: 0, atRow: null, again: false, asOf: '2016-02-24T00:00:00.000Z' },
      problems: { reasons: {}, rows: [] },
    });
    const found = await listed('seattle-bellevue-kent, wa (msad)', 'all-transactions');
    expect(found).toEqual(await listed('42644', 'all-transactions'));
    expect(found.map(({ period }) => period)).toEqual([...found.map(({ period }) => period)].sort().reverse());
    expect(found).toHaveLength(14);
    expect(found.find(({ period }) => period === '2014-06-30')).toMatchObject({
      ...{ source: 'fhfa', value: '229.65', unit: 'index', asOf: '2016-02-24T00:00:00.000Z', fileHash: report.hash },
    });
    expect(await figures.files()).toMatchObject([{ hash: report.hash, rows: 20 }]);
  });

  it('that is read again changes nothing', async () => {
    await fhfa();
    const before = await state();
    expect(await fhfa()).toMatchObject({ again: true, rows: 20, changed: 36 });
    expect(await state()).toEqual(before);
  });

  it('that was broken off goes on where it stood, and ends as if it had not been', async () => {
    const text = Array.from({ length: 600 }, (_none, at) => {
      const region = 20_000 + at;
      return Array.from(
        { length: 24 },
        (_no, n) => `"Area ${region}, TX",${region},${2010 + Math.floor(n / 4)},${(n % 4) + 1},${100 + n}.5,( 1.0)`,
      );
    })
      .flat()
      .join('\n');
    const stop = new Error('cut');
    let batches = 0;
    const cut = fhfa(text, {
      onProgress: () => {
        if ((batches += 1) === 2) throw stop;
      },
    });
    await expect(cut).rejects.toBe(stop);
    const [half] = await figures.files();
    expect(half).toMatchObject({ atRow: half?.rows });
    expect(half?.rows).toBeLessThan(14_400);
    const whole = await fhfa(text);
    expect(whole).toMatchObject({ rows: 14_400, changed: 28_800, dead: 0, atRow: null, again: false });
    const ended = await state();
    await db.pool.query('truncate market_figures, market_files');
    await fhfa(text);
    expect(await state()).toEqual(ended);
  });

  it('is never read by two at once: who comes late is told so and stores nothing', async () => {
    const file = { source: 'fhfa', file: 'a', hash: 'b', asOf: '2016-02-24T00:00:00.000Z' } as const;
    await figures.begin({ ...file, readAt: file.asOf });
    const batch = { figures: [], after: 0, rows: 10, problems: { reasons: {}, rows: [] }, last: false };
    await figures.add(file, batch);
    await expect(figures.add(file, batch)).rejects.toMatchObject({ code: 'MARKET_FILE_BUSY' });
    expect(await figures.read(file)).toMatchObject({ rows: 10, atRow: 10 });
  });

  it('that is older fills gaps and overwrites nothing; a newer one does', async () => {
    const line = (value: string) => `"Seattle-Bellevue-Kent, WA  (MSAD)",42644,2015,4,${value},( 0.66)`;
    const newest = async () => (await listed('42644', 'all-transactions'))[0];
    await fhfa();
    const less = figureText(FHFA)
      .split('\n')
      .filter((row) => row.includes('Seattle'))
      .join('\n');
    const older = await fhfa(less.replace('261.90', '261.11').concat('\n"New, WA",99999,2015,4,100.0,-'), {
      asOf: '2016-02-01T00:00:00.000Z',
    });
    expect(older).toMatchObject({ changed: 1, dead: 0 });
    expect(await newest()).toMatchObject({ value: '261.90', asOf: '2016-02-24T00:00:00.000Z' });
    const newer = await fhfa(line('262.34'), { asOf: '2016-05-25T00:00:00.000Z' });
    expect(newer).toMatchObject({ changed: 1 });
    expect(await newest()).toMatchObject({ value: '262.34', asOf: '2016-05-25T00:00:00.000Z', fileHash: newer.hash });
  });

  it('counts what it could not take, with the row and why, and what it says twice', async () => {
    const text = figureText(FHFA)
      .replace('2013,2,208.62', '2013,7,208.62')
      .replace('215.75,( 0.53)', 'n/a,( 0.53)')
      .concat('"Seattle-Bellevue-Kent, WA  (MSAD)",42644,2015,4,999.99,-\n');
    const report = await fhfa(text);
    expect(report).toMatchObject({
      rows: 21,
      dead: 3,
      problems: { reasons: { period: 1, 'not-a-number': 1, repeated: 1 } },
    });
    expect(report.problems.rows).toEqual([
      { row: 10, reason: 'period', field: 'qtr', detail: 'expected 1 to 4' },
      { row: 11, reason: 'not-a-number', field: 'index', detail: 'expected a number of index' },
    ]);
    expect((await listed('42644', 'all-transactions'))[0]).toMatchObject({ value: '261.90' });
  });

  it('of Zillow and of Redfin stand side by side, each as of its own time', async () => {
    const zhvi = await read({ source: 'zhvi', place: figurePath(ZHVI) });
    const redfin = await read({
      source: 'redfin',
      place: await folder.put(`${REDFIN}.gz`, gzipSync(figureText(REDFIN))),
    });
    expect([zhvi, redfin]).toMatchObject([
      { rows: 4, changed: 90, dead: 0, asOf: `${TODAY}T12:00:00.000Z` },
      { rows: 6, changed: 66, dead: 0, asOf: '2026-11-16T14:35:13.000Z' },
    ]);
  });
});

describe('a file that cannot be believed is refused whole', () => {
  const refused = async (made: Promise<unknown>, says: RegExp) => {
    const before = await state();
    await expect(made).rejects.toMatchObject({ code: 'MARKET_FILE_REFUSED', message: expect.stringMatching(says) });
    expect(await state()).toEqual(before);
  };

  it('where its rows stop years ago', async () => {
    await refused(fhfa(undefined, { asOf: undefined }), /^stale: .* none after 2015-12-31$/);
    const stopped = figureText(FHFA)
      .replaceAll('WA  (MSAD)",42644,2015', 'WA  (MSAD)",42644,1999')
      .replaceAll(',42644,2013', ',42644,2003')
      .replaceAll(',42644,2014', ',42644,2004');
    await refused(
      fhfa(stopped + stopped.replaceAll('42644', '42645').replaceAll('12420', '12421').replaceAll(',2015,', ',1998,')),
      /^stale: .* 3 that end long before$/,
    );
  });

  it('where too much of it is of no use', async () => {
    const bad = Array.from({ length: 30 }, () => '"A, TX",12420,2015,9,1,-').join('\n');
    await refused(fhfa(`${figureText(FHFA)}${bad}\n`), /^dead: .*period 30/);
  });

  it('where it says no age and ends before what is known', async () => {
    await read({ source: 'zhvi', place: figurePath(ZHVI) });
    const before = figureText(ZHVI).replaceAll(/,[^,\n]*\n/g, '\n');
    const place = await folder.put(ZHVI, before);
    await refused(read({ source: 'zhvi', place }), /^older: /);
    expect(await read({ source: 'zhvi', place, asOf: '2026-10-16T00:00:00.000Z' })).toMatchObject({ changed: 0 });
  });

  it('where its values are not those of its headings, which nothing but what is known can tell', async () => {
    await read({ source: 'zhvi', place: figurePath(ZHVI) });
    const [heading = '', ...rows] = figureText(ZHVI).trimEnd().split('\n');
    // Each region has the figures of the next: as a file whose labels moved.
    const figuresOf = rows.map((row) => row.slice(row.search(/(?<=,(?:TX|WA|OH|),)(?:\d+\.\d|,)/)));
    const moved = rows.map((row, at) => row.replace(figuresOf[at]!, figuresOf[(at + 1) % rows.length]!));
    const place = await folder.put(ZHVI, [heading, ...moved].join('\n'));
    await refused(read({ source: 'zhvi', place }), /^strange: .* moved by more than a quarter/);
    expect(await read({ source: 'zhvi', place, revised: true })).toMatchObject({ dead: 0, again: false });
  });

  it('where nothing is in it', async () => {
    const [heading = ''] = figureText(ZHVI).split('\n');
    await refused(read({ source: 'zhvi', place: await folder.put(ZHVI, heading) }), /^empty: /);
  });
});

describe('a file at an address', () => {
  let server: FigureServer;
  beforeAll(async () => {
    server = await startFigureServer();
  });
  afterAll(() => server.close());

  it('is as old as its server says, and is named without what stands behind its question mark', async () => {
    const headers = { 'last-modified': 'Wed, 24 Feb 2016 15:00:00 GMT' };
    server.give({ status: 200, headers, body: figureText(FHFA) });
    const report = await read({ source: 'fhfa', place: `${server.url}/hpi/${FHFA}?signature=secret` });
    expect(report).toMatchObject({ file: `${server.url}/hpi/${FHFA}`, asOf: '2016-02-24T15:00:00.000Z', rows: 20 });
  });

  it.each([
    ['is not there', { status: 404 }, 'MARKET_FILE_BROKEN'],
    ['lies elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'MARKET_FILE_BROKEN'],
    ['breaks off', { status: 200, body: figureText(FHFA), cut: true as const }, 'MARKET_FILE_BROKEN'],
    ['is a web page', { status: 200, body: '<!doctype html><p>Sorry' }, 'MARKET_FILE_SHAPE'],
  ])('is refused where it %s', async (_what, answer, code) => {
    server.give(answer);
    await expect(read({ source: 'fhfa', place: `${server.url}/${FHFA}` })).rejects.toMatchObject({ code });
    expect(await figures.files()).toEqual([]);
  });
});

it('is read by one command, which says what stands beside its figures', async () => {
  const told = { out: '', err: '' };
  const command = ['market', 'files', 'fhfa', figurePath(FHFA), '--as-of', '2016-02-24'];
  const io = {
    ...{ out: (text: string) => void (told.out += text), err: (text: string) => void (told.err += text) },
    ...{ terminal: false, colour: false, cwd: '/' },
    env: {
      DATABASE_URL: db.url,
      DATABASE_APP_URL: db.appUrl,
      LEADWRIGHT_HOME: await folder.put('home', '').then((path) => `${path}-of-it`),
    },
  };
  expect([await main(command, io), told.err]).toEqual([0, '']);
  expect(told.out).toContain('20 rows; 36 figures new or changed');
  expect(told.out).toContain('Federal Housing Finance Agency');
  expect(await main([...command.slice(0, 3), '/nowhere.csv'], io)).toBe(1);
  expect(await main(['market', 'files', 'mls', figurePath(FHFA)], io)).toBe(2);
  expect(await main([...command.slice(0, 5), '2016-02-31'], io)).toBe(2);
});

it('takes no more memory for a file that is a hundred times as long', async () => {
  const [heading = '', line = ''] = figureText(REDFIN).split('\n');
  const rowsOf = function* (regions: number): Generator<string> {
    yield `${heading}\n`;
    for (let at = 0; at < regions; at += 1)
      for (const month of ['08', '09', '10'])
        yield `${line
          .replaceAll('2026-08', `2026-${month}`)
          .replace('09-31', '09-30')
          .replace('90002', String(100_000 + at))}\n`;
  };
  const place = await folder.put('long.tsv.gz', await buffer(Readable.from(rowsOf(20_000)).pipe(createGzip())));
  const file = await createFigureFiles().open('redfin', place, { today: TODAY });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let looks = 0;
  let most = 0;
  const watched = async function* (): AsyncGenerator<FigureRow> {
    for await (const row of file.rows()) {
      if (row.row % 15_000 === 0) {
        looks += 1;
        most = Math.max(most, used() - before);
      }
      yield row;
    }
  };
  expect(await surveyed(watched())).toMatchObject({ rows: 60_000, regions: 20_000, figures: 660_000 });
  // Unpacked it has 18 MB; regions are remembered, rows are not.
  expect(looks).toBe(4);
  expect(most).toBeLessThan(12 * 1024 * 1024);
});
