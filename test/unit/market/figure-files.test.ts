import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cells, lines } from '../../../integrations/market-files/lines.ts';
import { createFigureFiles } from '../../../integrations/market-files/open.ts';
import { FHFA, figurePath, figureText, filesFolder, REDFIN, rowsIn, TODAY, ZHVI } from '../../support/figure-files.ts';

let folder: Awaited<ReturnType<typeof filesFolder>>;
beforeAll(async () => {
  folder = await filesFolder();
});
afterAll(() => folder.remove());

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('lines and cells', () => {
  it('come back as they were written, wherever the bytes are cut', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\r\n\uFEFF]/.test(text));
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), fc.constantFrom(',', '\t'), async (given, size, mark) => {
        const written = given
          .map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(mark))
          .join('\r\n');
        const read = await all(lines(pieces(Buffer.from(written), size)));
        expect(read.map((line) => cells(line!, mark as ','))).toEqual(given);
      }),
    );
  });

  it.each([
    ['a,b', ['a', 'b']],
    ['a,', ['a', '']],
    ['"a",', ['a', '']],
    ['"a, b",2', ['a, b', '2']],
    ['"say ""no""",2', ['say "no"', '2']],
    ['"open,2', null],
    ['"a"b,2', null],
  ])('of %s are %j', (line, found) => {
    expect(cells(line, ',')).toEqual(found);
  });

  it('are passed over where a line has no end, and the next one is read', async () => {
    const endless = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(3_000_000, 'x'), Buffer.from('\nb\n')]);
    expect(await all(lines(pieces(endless, 65_536)))).toEqual(['a', null, 'b']);
  });
});

describe('the index of FHFA', () => {
  it('is read with its errors; what was not measured is no figure and no problem', async () => {
    const rows = await rowsIn('fhfa', figurePath(FHFA));
    const seattle = rows.flatMap(({ figures }) => figures).filter(({ region }) => region === '42644');
    const of = (period: string) => seattle.filter((figure) => figure.period === period);
    expect(rows).toHaveLength(20);
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    expect(of('1975-03-31')).toEqual([]);
    expect(of('2014-06-30')).toMatchObject([
      ...[
        { series: 'all-transactions', regionName: 'Seattle-Bellevue-Kent, WA (MSAD)', value: '229.65', unit: 'index' },
      ],
      ...[{ series: 'all-transactions/standard error', value: '0.58', unit: 'points' }],
    ]);
    expect(of('2015-06-30')[0]).toMatchObject({ value: '249.62' });
  });

  it.each([
    ['a heading', 'metro,cbsa,yr,qtr,index,stderr\n'],
    ['one column more', '"A, TX",12420,2015,1,248.08,( 1.20),x\n'],
    ['columns that were moved', '12420,"A, TX",2015,1,248.08,( 1.20)\n'],
    ['a web page', '<!doctype html><title>Sorry</title>\n'],
    ['nothing', ''],
  ])('is refused with %s', async (_what, text) => {
    await expect(rowsIn('fhfa', await folder.put(FHFA, text))).rejects.toMatchObject({ code: 'MARKET_FILE_SHAPE' });
  });

  it('is refused under a name that does not say which index it is, unless somebody says so', async () => {
    const path = await folder.put('index.csv', figureText(FHFA));
    await expect(rowsIn('fhfa', path)).rejects.toMatchObject({ code: 'MARKET_FILE_SHAPE' });
    expect((await rowsIn('fhfa', path, 'purchase-only'))[0]?.figures[0]?.series).toBe('purchase-only');
  });

  it.each([
    ['"A, TX",12420,2015,5,248.08,( 1.20)', 'period', 'qtr'],
    ['"A, TX",12420,2099,1,248.08,( 1.20)', 'period', 'yr'],
    ['"A, TX",1242,2015,1,248.08,( 1.20)', 'region', 'cbsa'],
    ['"A, TX",12420,2015,1,-248.08,( 1.20)', 'absurd', 'index'],
    ['"A, TX",12420,2015,1,about 248,( 1.20)', 'not-a-number', 'index'],
    ['"A, TX",12420,2015,1,248.08', 'cells', null],
    ['"A, TX,12420,2015,1,248.08,( 1.20)', 'cells', null],
  ])('has a row of no use in %s', async (line, reason, field) => {
    const [first = ''] = figureText(FHFA).split('\n');
    const rows = await rowsIn('fhfa', await folder.put(FHFA, `${first}\n${line}\n${first}\n`));
    expect(rows.map(({ problems }) => problems.length)).toEqual([0, 1, 0]);
    expect(rows[1]?.problems[0]).toMatchObject({ reason, field });
    expect(rows[1]?.figures.map(({ unit }) => unit)).not.toContain('index');
  });
});

describe('the index of Zillow', () => {
  it('is turned from columns into months; where it is empty a region was not covered', async () => {
    const rows = await rowsIn('zhvi', figurePath(ZHVI));
    expect(rows.map(({ figures, problems }) => [figures.length, problems.length])).toEqual([
      [24, 0],
      [24, 0],
      [24, 0],
      [18, 0],
    ]);
    expect(rows[1]?.figures.at(-1)).toEqual({
      ...{ series: 'uc_sfrcondo_tier_0.33_0.67_sm_sa_month', regionType: 'msa', region: '900002' },
      ...{ regionName: 'Harbor City, TX', period: '2026-10-31', value: '438290.000000', unit: 'USD', asOf: null },
    });
  });

  const broken: [string, (text: string) => string][] = [
    ['a month is missing', (text) => text.replace('2025-03-31,', '')],
    ['two months changed places', (text) => text.replace('2025-03-31,2025-04-30', '2025-04-30,2025-03-31')],
    ['a month is still to come', (text) => text.replaceAll(',2026-10-31\n', ',2026-10-31,2026-11-30\n')],
    ['a column stands between that nobody knows', (text) => text.replace('StateName,', 'StateName,Mood,')],
    ['a heading was renamed', (text) => text.replace('RegionName', 'Name')],
    ['there are no months', (text) => text.replace(/,2024.*\n/, '\n')],
  ];
  it.each(broken)('is refused where %s', async (_what, breaks) => {
    const path = await folder.put(ZHVI, breaks(figureText(ZHVI)));
    await expect(rowsIn('zhvi', path)).rejects.toMatchObject({ code: 'MARKET_FILE_SHAPE' });
  });

  it('has dead rows where cells were shifted, and dead figures where they are absurd', async () => {
    const text = figureText(ZHVI)
      .replace('900002,4,', '900002,Texas,4,')
      .replace('900003,9,', '9,900003 ,')
      .replace('182000.000000,', '3.5,');
    const rows = await rowsIn('zhvi', await folder.put(ZHVI, text));
    expect(rows.map(({ problems }) => problems.map(({ reason }) => reason))).toEqual([
      ...[[], ['cells'], ['region']],
      [],
    ]);
    const absurd = await rowsIn('zhvi', await folder.put(ZHVI, figureText(ZHVI).replace('410000.000000', '0.41')));
    expect(absurd[1]?.problems).toMatchObject([{ reason: 'absurd', field: '2024-11-30' }]);
    expect(absurd[1]?.figures).toHaveLength(23);
  });
});

describe('the tracker of Redfin', () => {
  it('is read packed and unpacked, with when each row was made', async () => {
    const packed = await folder.put(`${REDFIN}.gz`, gzipSync(figureText(REDFIN)));
    const rows = await rowsIn('redfin', packed);
    expect(rows).toEqual(await rowsIn('redfin', figurePath(REDFIN)));
    expect(rows).toHaveLength(6);
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    expect(rows[5]?.figures.map(({ series }) => series)).not.toContain('pending_sales/Condo/Co-op/30d');
    expect(rows[5]?.figures[0]).toEqual({
      ...{ series: 'median_sale_price/Condo/Co-op/30d', regionType: 'metro', region: '90002' },
      ...{ regionName: 'Harbor City, TX metro area', period: '2026-10-31', value: '292000', unit: 'USD' },
      asOf: '2026-11-16T14:35:13.000Z',
    });
  });

  it('is read with headings in small letters and with one more, and refused without one of its own', async () => {
    const [heading = '', ...rest] = figureText(REDFIN).trimEnd().split('\n');
    const put = (first: string, more = '') =>
      folder.put(REDFIN, [first, ...rest.map((line) => line + more)].join('\n'));
    expect(await rowsIn('redfin', await put(heading.toLowerCase()))).toHaveLength(6);
    expect((await rowsIn('redfin', await put(`${heading}\t"NEW"`, '\t1')))[0]?.figures.length).toBeGreaterThan(5);
    const renamed = rowsIn('redfin', await put(heading.replace('"INVENTORY"', '"STOCK"')));
    await expect(renamed).rejects.toMatchObject({ code: 'MARKET_FILE_SHAPE' });
  });

  it('has dead rows where its columns were shifted', async () => {
    const [heading = '', first = '', second = ''] = figureText(REDFIN).split('\n');
    const moved = first.split('\t');
    moved.unshift(moved.pop()!);
    const rows = await rowsIn('redfin', await folder.put(REDFIN, [heading, moved.join('\t'), second].join('\n')));
    expect(rows.map(({ problems, figures }) => [problems.length, figures.length > 0])).toEqual([
      [1, false],
      [0, true],
    ]);
  });
});

describe('a row of Redfin', () => {
  it.each([
    ['that was made tomorrow', '2026-11-21 00:00:00.000 Z'],
    ['that does not say when it was made', 'lately'],
  ])('%s is not believed', async (_what, made) => {
    const text = figureText(REDFIN).replace('2026-11-16 14:35:13.279 Z', made);
    const rows = await rowsIn('redfin', await folder.put(REDFIN, text));
    expect(rows[0]).toMatchObject({ figures: [], problems: [{ reason: 'period', field: 'last_updated' }] });
    expect(rows.slice(1).flatMap(({ problems }) => problems)).toEqual([]);
  });
});

describe('a file', () => {
  it('that was cut off is broken, and so is one that is not there', async () => {
    const packed = gzipSync(figureText(REDFIN).repeat(200));
    const cut = await folder.put('cut.tsv.gz', packed.subarray(0, packed.length - 40));
    await expect(rowsIn('redfin', cut)).rejects.toMatchObject({ code: 'MARKET_FILE_BROKEN' });
    await expect(rowsIn('redfin', `${cut}-not`)).rejects.toMatchObject({ code: 'MARKET_FILE_BROKEN' });
  });

  it('has a hash of its bytes and its bare name, and says when it was packed where it knows', async () => {
    const packed = gzipSync(figureText(REDFIN));
    packed.writeUInt32LE(1_780_000_000, 4);
    const file = await createFigureFiles().open('redfin', await folder.put('a.tsv.gz', packed), { today: TODAY });
    expect(file).toMatchObject({
      file: 'a.tsv.gz',
      madeAt: '2026-05-28T20:26:40.000Z',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
