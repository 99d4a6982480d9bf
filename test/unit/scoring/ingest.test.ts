import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDatasetSchema } from '../../../domain/scoring/data/dataset-schema.ts';
import { beginIngestion, type Purpose } from '../../../domain/scoring/data/ingest.ts';
import { readDate, readNumber, splitLine } from '../../../domain/scoring/data/ingest-cells.ts';
import { reportLines } from '../../../domain/scoring/data/ingest-report.ts';

const leads = {
  task: 'classify',
  label: 'won',
  positive: 'Yes',
  id: 'id',
  decisionStage: 'capture',
  missing: ['Select'],
  features: [
    { name: 'visits', type: 'number', knownAt: 'capture' },
    { name: 'source', type: 'category', knownAt: 'capture' },
    { name: 'seen', type: 'date', knownAt: 'capture' },
  ],
};
const header = 'id,visits,source,seen,won';
/** With it no column is bad throughout. */
const good = 'z,1,web,2026-01-01,Yes';

/** A file line by line; no line has a comma inside of a cell, unless it is given as cells. */
function ingest(
  lines: readonly (string | readonly string[])[],
  purpose: Purpose = 'train',
  patch: object = {},
  negatives?: readonly string[],
) {
  const [first, ...rows] = lines.map((line, i) => ({
    line: i + 1,
    cells: typeof line === 'string' ? line.split(',') : line,
  }));
  const ingestion = beginIngestion(first!, readDatasetSchema({ ...leads, ...patch }), purpose, negatives);
  for (const row of rows) ingestion.take(row);
  return { ...ingestion.table(), report: ingestion.report(), negatives: ingestion.negatives() };
}

describe('a file of rows', () => {
  it('becomes columns: numbers, words and dates, missing where nothing or a word for nothing stands', () => {
    const { table, ids } = ingest(
      [header, 'a,"3",web,2026-11-28,Yes', 'b, 4 ,Select,,no', 'c,,web,2026-01-01,YES'].map((l) =>
        l.replaceAll('"', ''),
      ),
    );
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(table.columns['visits']).toEqual({ kind: 'number', values: Float64Array.of(3, 4, Number.NaN) });
    expect(table.columns['source']).toEqual({ kind: 'category', values: ['web', null, 'web'] });
    expect(table.columns['seen']).toEqual({ kind: 'number', values: Float64Array.of(20785, Number.NaN, 20454) });
    expect(table.columns['won']).toEqual({ kind: 'number', values: Float64Array.of(1, 0, 1) });
  });

  it('unwraps rows that were wrapped whole in quotes, the first line as well, and counts them', () => {
    const wrapped = ['b,2,"web, paid",2026-01-02,Yes'];
    const { table, report } = ingest([[header], 'a,1,web,2026-01-01,no', wrapped, [...wrapped, '', '']]);
    expect(table.columns['source']).toMatchObject({ values: ['web', 'web, paid'] });
    expect(report.notes).toEqual([
      { what: 'repaired', why: 'the row was wrapped whole in quotes', count: 2, lines: [3, 4] },
      { what: 'dropped', why: 'the same row stands in the file before', count: 1, lines: [4] },
    ]);
  });

  it('drops rows without a label, ragged rows and rows that a quote swallowed, each by its reason', () => {
    const { table, report } = ingest([
      header,
      'a,1,web,,Yes',
      'b,2,web,,',
      'c,3,web',
      ['d', '4', 'web,,no\ne,5,web,,no'],
      'f,6,web,,no,,',
    ]);
    expect(table.rows).toBe(2);
    expect(report).toEqual({
      read: 5,
      kept: 2,
      columnsIgnored: [],
      notes: [
        { what: 'dropped', why: 'the label is blank', column: 'won', count: 1, lines: [3] },
        { what: 'dropped', why: 'fewer or more cells than columns', count: 1, lines: [4] },
        { what: 'dropped', why: 'a quote that is not closed swallowed lines', count: 1, lines: [5] },
        { what: 'noticed', why: 'lines lost to a quote that is not closed', count: 2, lines: [5] },
        { what: 'repaired', why: 'empty cells beyond the last column', count: 1, lines: [6] },
      ],
    });
  });

  it('drops a record that looks whole though a stray quote swallowed lines, and keeps a cell of several lines', () => {
    const { ids, report } = ingest([
      header,
      ['a', '1,web,,Yes\nb,2', 'web', '', 'no'],
      ['c', '3', 'web,,no\r\nd,4,web,,no\r\ne,5,web', '', 'no'],
      ['x', '3', 'shop, fair and web\ny,4,web,,no\nz', '', 'no'],
      ['f', '6', 'web\n\nand, by chance, a shop\nor two', '', 'no'],
      'g,7,web,,Yes',
    ]);
    expect(ids).toEqual(['f', 'g']);
    expect(report.notes).toEqual([
      { what: 'dropped', why: 'a quote that is not closed swallowed lines', count: 3, lines: [2, 3, 4] },
      { what: 'noticed', why: 'lines lost to a quote that is not closed', count: 8, lines: [2, 3, 4] },
    ]);
  });

  it('tells of several words that count as no, and remembers them, however they are written', () => {
    const { table, report, negatives } = ingest([
      header,
      'a,1,web,,Yes',
      'b,1,web,,No',
      'c,1,web,,true',
      'd,1,web,,NO',
    ]);
    expect(table.columns['won']).toMatchObject({ values: Float64Array.of(1, 0, 0, 0) });
    expect(negatives).toEqual(['no', 'true']);
    const why = '2 different words count as no, in 2, 1 rows';
    expect(report.notes).toEqual([{ what: 'noticed', why, column: 'won', count: 3, lines: [3, 4] }]);
    const numbers = ingest([header, 'a,1,web,,1', 'b,1,web,,0', 'c,1,web,,0.0'], 'train', { positive: '1' });
    expect([numbers.negatives, numbers.report.notes]).toEqual([['0'], []]);
  });

  it('judges no row by a label that training never saw, and no file without a row to judge', () => {
    const rows = ['a,1,web,,yes', 'b,1,web,,0.0', 'c,1,web,,false', 'd,1,web,,true'];
    const { ids, report } = ingest([header, ...rows], 'evaluate', {}, ['0', 'no']);
    expect(ids).toEqual(['a', 'b']);
    expect(report.notes).toEqual([
      { what: 'dropped', why: 'the label is none that the model has learned', column: 'won', count: 2, lines: [4, 5] },
    ]);
    const unusable = expect.objectContaining({
      code: 'DATASET_UNUSABLE',
      message: expect.stringContaining('expected rows to judge, got none of 2 (2: the label is none that'),
    });
    expect(() => ingest([header, ...rows.slice(2)], 'evaluate', {}, ['no'])).toThrow(unusable);
    expect(ingest([header, ...rows], 'evaluate').ids).toHaveLength(4);
  });

  it('refuses a column of which no cell is of its type, be it the label, however few they are', () => {
    expect(() => ingest([header, 'a,many,web,,Yes', 'b,,web,,no'])).toThrow('visits: 1 of 1 filled cells');
    const values = { task: 'value', positive: undefined, label: 'won', least: 10 };
    expect(() => ingest([header, 'a,1,web,,much', 'b,1,web,,more'], 'train', values)).toThrow('won: 2 of 2 filled');
    expect(ingest([header, 'a,1,web,,5', 'b,1,web,,'], 'train', values).report.kept).toBe(0);
    expect(() => ingest([header, 'a,1,web,,5'], 'evaluate', values)).toThrow('(1: the label is no number from 10)');
  });

  it('judges a column that is seldom filled by all of the file, not by the rows that come first', () => {
    const begin = () => {
      const ingestion = beginIngestion({ line: 1, cells: header.split(',') }, readDatasetSchema(leads), 'score');
      ingestion.take({ line: 2, cells: ['a', 'many', 'web', '', ''] });
      expect(ingestion.table(true).ids).toEqual(['a']);
      return ingestion;
    };
    expect(() => begin().table()).toThrow('visits: 1 of 1 filled cells');
    const longer = begin();
    longer.take({ line: 3, cells: ['b', '2', 'web', '', ''] });
    expect(longer.table().ids).toEqual(['b']);
  });

  it('leaves out a row of weight 0 and says so, and knows its weight and group for columns of the schema', () => {
    const rows = ['id,visits,source,seen,won,w,who,x', 'a,1,web,,Yes,1,p,', 'b,1,web,,no,0,p,', 'c,1,web,,no,-2,q,'];
    const patch = { weight: 'w', group: 'who' };
    const { ids, report } = ingest(rows, 'train', patch);
    expect(ids).toEqual(['a']);
    expect(report.notes).toEqual([
      { what: 'dropped', why: 'the weight is 0', column: 'w', count: 1, lines: [3] },
      { what: 'dropped', why: 'the weight is no number above 0', column: 'w', count: 1, lines: [4] },
    ]);
    expect(report.columnsIgnored).toEqual(['x']);
    expect(ingest(rows, 'score', patch).report.columnsIgnored).toEqual(['x']);
  });

  it('names a row without an id by its number, and says so where scores are written', () => {
    const rows = [header, 'a,1,web,,Yes', ' ,1,web,,no', ',2,web,,no'];
    const { ids, report } = ingest(rows, 'score');
    expect(ids).toEqual(['a', '2', '3']);
    expect(report.notes).toEqual([
      { what: 'noticed', why: 'blank; the row is named by its number', column: 'id', count: 2, lines: [3, 4] },
    ]);
  });

  it('remembers no word of a row that is left out', () => {
    const rows = ['id,visits,source,seen,won,w', 'a,1,web,,Yes,1', 'b,1,web,,no,1', 'c,1,web,,lost,0'];
    expect(ingest(rows, 'train', { weight: 'w' }).negatives).toEqual(['no']);
  });

  it('drops a doubled row where ids tell rows apart, wherever it stands, and keeps a second sale of one house', () => {
    const twice = ingest([header, 'a,1,web,,Yes', 'b,1,web,,no', 'a,1,web,,Yes', 'a,2,web,,Yes']);
    expect(twice.ids).toEqual(['a', 'b', 'a']);
    const nameless = ingest(['visits,source,seen,won', '1,web,,Yes', '1,web,,Yes'], 'train', { id: undefined });
    expect(nameless.table.rows).toBe(2);
    expect(nameless.report.notes).toMatchObject([{ what: 'noticed', count: 1, lines: [3] }]);
    expect(ingest([header, 'a,1,web,,', 'a,1,web,,'], 'score').ids).toEqual(['a', 'a']);
  });

  it('empties what is no number or no date, column by column, and never guesses', () => {
    const { table, report } = ingest([
      header,
      'a,many,web,2026-02-30,Yes',
      'b,NaN,web,11/12/2026,no',
      'c,Infinity,web,soon,no',
      'd,1e300,web,2026-12-11,no',
      'e,7,web,,no',
    ]);
    expect(table.columns['visits']).toMatchObject({ values: Float64Array.of(NaN, NaN, NaN, NaN, 7) });
    expect(table.columns['seen']).toMatchObject({ values: Float64Array.of(NaN, NaN, NaN, 20798, NaN) });
    expect(report.notes).toEqual([
      { what: 'emptied', why: 'not a number', column: 'visits', count: 4, lines: [2, 3, 4, 5] },
      { what: 'emptied', why: 'not a date', column: 'seen', count: 3, lines: [2, 3, 4] },
    ]);
    expect(reportLines(report)[1]).toBe('emptied 4: visits: not a number (lines 2, 3, 4, 5)');
  });

  it('quotes no cell in its report: it may be a name', () => {
    const { report } = ingest([header, 'a,Jane Doe,web,Jane Doe,Yes', ['Jane Doe', 'x'], good]);
    expect(JSON.stringify([report, reportLines(report)])).not.toContain('Jane');
  });

  it('refuses a column that is mostly of another type, with how much of it is', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${i},${i % 3 === 0 ? i : 'web'},x,,Yes`);
    expect(() => ingest([header, ...lines])).toThrow('visits: 20 of 30 filled cells are not of the type');
  });

  it.each([
    [['id,visits,won', 'a,1,Yes'], 'the file lacks source, seen'],
    [['id,visits,visits,source,seen,won'], 'visits stands there twice'],
    [['id;visits;source;seen;won'], 'commas between the columns'],
    [['id,visits,source,seen'], 'the file lacks won'],
  ])('refuses a file whose columns are not the schema’s: %j', (lines, message) => {
    expect(() => ingest(lines)).toThrow(message);
  });

  it('needs no label and no id to score, and then names rows by their number', () => {
    const { table, ids, report } = ingest(['visits,note,source,seen', '1,x,web,', '2,y,web,'], 'score');
    expect([table.rows, ids, report.columnsIgnored]).toEqual([2, ['1', '2'], ['note']]);
  });

  it('takes values above nought where logarithms are learned, and above the least that is a sale', () => {
    const houses = { task: 'value', label: 'won', positive: undefined, transform: 'log', least: 10_000 };
    const prices = ['$ 450,000', '$   - 0', '0', '-5', '9999', 'gift', ''];
    const rows = prices.map((price, i) => [String(i), '1', 'web', '', price]);
    const { table, report } = ingest([header, ...rows], 'train', houses);
    expect(table.columns['won']).toMatchObject({ values: Float64Array.of(450_000) });
    expect(report.notes.map(({ why, count }) => [why, count])).toEqual([
      ['the label is no number from 10000', 5],
      ['the label is blank', 1],
    ]);
  });

  it('makes features of features: missing where a part is, or where one would be divided by nothing', () => {
    const made = (name: string, how: string, ...parts: string[]) => ({
      name,
      type: 'number',
      knownAt: 'capture',
      of: { how, parts },
    });
    const features = [
      ...leads.features,
      made('twice', 'plus', 'visits', 'visits'),
      made('ratio', 'per', 'visits', 'twice', 'visits'),
    ];
    const { table, report } = ingest([header, 'a,2,web,,Yes', 'b,0,web,,no', 'c,,web,,no'], 'train', { features });
    expect(table.columns['twice']).toMatchObject({ values: Float64Array.of(4, 0, Number.NaN) });
    expect(table.columns['ratio']).toMatchObject({ values: Float64Array.of(0.25, Number.NaN, Number.NaN) });
    expect(report.notes).toEqual([]);
    const wrong = [
      made('early', 'plus', 'visits', 'later'),
      ...leads.features,
      made('later', 'times', 'visits', 'source'),
    ];
    expect(() => ingest([header], 'train', { features: wrong })).toThrow(
      'visits, a part of early, is no number before it; features: later, a part of early, is no number before it; ' +
        'features: source, a part of later, is no number before it',
    );
  });

  it('keeps or counts every row, whatever the cells are', () => {
    const cell = fc.oneof(fc.constantFrom('', '1', 'Yes', 'Select', '2026-01-01', '"', 'a,b', '\n'), fc.string());
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 7 }), { maxLength: 30 });
    fc.assert(
      fc.property(rows, (cells) => {
        const { table, report } = ingest([header, good, ...cells]);
        const dropped = report.notes
          .filter(({ what }) => what === 'dropped')
          .reduce((sum, { count }) => sum + count, 0);
        expect([report.read, report.kept]).toEqual([cells.length + 1, table.rows]);
        expect(report.kept + dropped).toBe(cells.length + 1);
      }),
    );
  });
});

describe('a cell', () => {
  it.each([
    ['450000', 450_000],
    ['$ 1,200,000', 1_200_000],
    ['$   - 0', -0],
    ['-3.5', -3.5],
    ['1e6', 1e6],
    ['12,34', undefined],
    ['0x10', undefined],
    ['1 200', 1200],
    ['12%', undefined],
    ['', undefined],
  ])('reads %s as a number: %s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it.each([
    ['20141013T000000', undefined, 16_356],
    ['2018-02-26 18:00:00', undefined, 17_588.75],
    ['2018-02-26T18:00:00+02:00', undefined, 17_588.75 - 1 / 12],
    ['01-02-2018', 'day-first', 17_563],
    ['01/02/2018', 'month-first', 17_533],
    ['01-02-2018', undefined, undefined],
    ['31/04/2018', 'day-first', undefined],
    ['2018-13-01', undefined, undefined],
    ['2018-02-26 25:00', undefined, undefined],
  ] as const)('reads %s (%s) as a date: %s', (text, order, days) => {
    if (days === undefined) expect(readDate(text, order)).toBeUndefined();
    else expect(readDate(text, order)).toBeCloseTo(days, 9);
  });

  it('comes out of a line as it went in', () => {
    const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
        expect(splitLine(cells.map(quoted).join(','))).toEqual(cells);
      }),
    );
    expect(splitLine('a,,b"c,')).toEqual(['a', '', 'b"c', '']);
  });
});
