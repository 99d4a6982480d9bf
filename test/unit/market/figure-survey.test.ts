import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FigureContext, fileRefusal, type FigureSurvey, surveyed } from '../../../domain/market/figure-survey.ts';
import { type Figure, figureValue, isPeriod, monthEnd } from '../../../domain/market/figures.ts';

const figure = (change: Partial<Figure> = {}): Figure => ({
  ...{
    series: 's',
    regionType: 'metro',
    region: '1',
    regionName: 'One',
    period: '2026-10-31',
    value: '100',
    unit: 'index',
  },
  asOf: null,
  ...change,
});

async function* rows(figures: readonly Figure[]) {
  let row = 0;
  for (const one of figures) yield { row: (row += 1), figures: [one], problems: [] };
}

const context: FigureContext = {
  ...{ asOf: '2026-11-16T00:00:00.000Z', asOfSaid: true, newestStored: null, known: [], revised: false },
};
const survey = (change: Partial<FigureSurvey> = {}): FigureSurvey => ({
  ...{ rows: 100, figures: 1_000, dead: { reasons: {}, rows: [] }, oldest: '2020-01-31', newest: '2026-10-31' },
  ...{ regions: 10, stopped: 0, series: ['s'], asOf: null, sample: [] },
  ...change,
});
const why = (change: Partial<FigureSurvey>, of: Partial<FigureContext> = {}) =>
  fileRefusal(survey(change), { ...context, ...of })?.why ?? null;

describe('a survey', () => {
  it('samples evenly over a file of any length, and never more than a thousand', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6_000 }), async (length) => {
        const given = Array.from({ length }, (_none, at) => figure({ region: String(at) }));
        const { sample, figures, regions } = await surveyed(rows(given));
        const places = sample.map(({ region }) => Number(region));
        const steps = new Set(places.slice(1).map((place, at) => place - places[at]!));
        expect({ figures, regions }).toEqual({ figures: length, regions: length });
        expect(sample.length).toBeLessThanOrEqual(1_000);
        expect(sample.length).toBeGreaterThanOrEqual(Math.min(length, 500));
        expect(steps.size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  });

  it('counts regions that stopped long before the newest, whatever the order of the rows', async () => {
    const given = [
      figure({ region: '1', period: '2011-07-31' }),
      figure({ region: '2' }),
      figure({ region: '1', period: '2011-06-30' }),
    ];
    expect(await surveyed(rows(given))).toMatchObject({
      regions: 2,
      stopped: 1,
      oldest: '2011-06-30',
      newest: '2026-10-31',
    });
    expect(await surveyed(rows([...given, figure({ region: '1' })]))).toMatchObject({ regions: 2, stopped: 0 });
  });
});

describe('a file', () => {
  it('may have twenty dead figures, or one in a hundred', () => {
    const dead = (n: number, figures: number) => why({ figures, dead: { reasons: { absurd: n }, rows: [] } });
    expect([dead(20, 10), dead(21, 10), dead(21, 2_079), dead(22, 2_077)]).toEqual([null, 'dead', null, 'dead']);
  });

  it('is as old as is said, and its figures end within 400 days of that', () => {
    expect(why({ newest: '2025-10-12' })).toBeNull();
    expect(why({ newest: '2025-10-11' })).toBe('stale');
    expect(why({ newest: '2011-07-31' }, { asOf: '2011-09-01T00:00:00.000Z' })).toBeNull();
    expect([why({ stopped: 5 }), why({ stopped: 6 })]).toEqual([null, 'stale']);
  });

  it('without an age may not end before what is known', () => {
    expect(why({}, { asOfSaid: false, newestStored: '2026-11-30' })).toBe('older');
    expect(why({}, { asOfSaid: true, newestStored: '2026-11-30' })).toBeNull();
    expect(why({}, { asOfSaid: false, newestStored: '2026-10-31' })).toBeNull();
  });

  it('is strange where more than a fifth of what is known moved by more than a quarter, unless a person says that it was revised', () => {
    const sample = Array.from({ length: 100 }, () => figure());
    const known = (moved: number, all = 100) =>
      sample.map((_one, at) => (at >= all ? null : at < moved ? '70' : '101'));
    expect(why({ sample }, { known: known(20) })).toBeNull();
    expect(why({ sample }, { known: known(21) })).toBe('strange');
    expect(why({ sample }, { known: known(21), revised: true })).toBeNull();
    // Too few to tell anything by.
    expect(why({ sample }, { known: known(19, 19) })).toBeNull();
  });
});

describe('a value', () => {
  it.each([
    ['229.65', 'index', true],
    ['1e3', 'USD', true],
    ['999', 'USD', false],
    ['1.01', 'share', false],
    ['-1', 'homes', false],
    ['1,000', 'homes', false],
    ['0x10', 'homes', false],
    ['Infinity', 'homes', false],
    ['9'.repeat(40), 'homes', false],
    [' 5', 'homes', false],
  ] as const)('%s of %s is taken: %s', (text, unit, taken) => {
    const read = figureValue(text, unit, 'field');
    expect('value' in read).toBe(taken);
    if ('value' in read) expect(read.value).toBe(text);
  });

  it('ends a period on a day that has come', () => {
    expect(
      ['2026-02-28', '2026-02-30', '1899-12-31', '2026-03-03', '2026-3-1'].map((day) => isPeriod(day, '2026-03-02')),
    ).toEqual([...[true, false, false, false, false]]);
    expect([monthEnd(2024, 2), monthEnd(2025, 12), monthEnd(2025, 13)]).toEqual([
      '2024-02-29',
      '2025-12-31',
      '2026-01-31',
    ]);
  });
});
