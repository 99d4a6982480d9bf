import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { cardSchema } from '../../../domain/scoring/card/card.ts';
import { cardHtml } from '../../../domain/scoring/card/html.ts';
import { cardMarkdown } from '../../../domain/scoring/card/markdown.ts';
import { reliabilityPicture } from '../../../domain/scoring/card/reliability-picture.ts';
import { accuracyClaim, percent, range, whole } from '../../../domain/scoring/card/words.ts';
import { classifyMetrics } from '../../../domain/scoring/judge/metrics.ts';
import { proxyTest } from '../../../domain/scoring/judge/proxy-test.ts';
import { reliability } from '../../../domain/scoring/judge/reliability.ts';
import { selectionRates } from '../../../domain/scoring/judge/selection-rates.ts';
import type { RawColumn } from '../../../domain/scoring/data/table.ts';
import { bareAccuracy } from '../../support/bare-accuracy.ts';
import { classifyCard, valueCard } from '../../support/model-card.ts';

const cards = [classifyCard(), classifyCard({ window: null }), valueCard()];

describe('the words “98 % accuracy”', () => {
  it('are found by the check where they stand alone', () => {
    for (const bare of ['We reach 98 % accuracy.', 'accuracy: 0.98', '<td>98% accuracy at coverage 10 %</td>']) {
      expect(bareAccuracy(bare)).toHaveLength(1);
    }
  });

  it.each(['html', 'markdown'])(
    'never stand in a card without coverage, base rate, n, window and stage (%s)',
    (way) => {
      for (const card of cards) {
        const text = way === 'html' ? cardHtml(card) : cardMarkdown(card);
        expect(bareAccuracy(text)).toEqual([]);
        if (card.task === 'classify')
          expect(text.match(/9[85] % accuracy aimed at by a bar found on other rows: coverage/g)).toHaveLength(2);
      }
    },
  );

  it('never stand alone in a document of ours', () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url).href);
    const folders = ['docs', 'ops', 'test/fixtures', 'test/data'];
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    );
    const read = ['README.md', ...files.filter((name) => /\.(?:md|html|ya?ml)$/.test(name))];
    expect(read.length).toBeGreaterThan(30);
    const bare = read.flatMap((name) =>
      bareAccuracy(readFileSync(join(root, name), 'utf8')).map((line) => `${name}: ${line.trim()}`),
    );
    expect(bare).toEqual([]);
  });

  it('say so where a part is unknown', () => {
    const claim = accuracyClaim({
      accuracy: 0.98,
      coverage: null,
      interval: null,
      found: 'these',
      right: null,
      rightInterval: null,
      baseRate: null,
      n: 0,
      window: null,
      stage: 'capture',
    });
    expect(claim).toBe(
      '98 % accuracy at coverage unknown, found on these very rows: base rate unknown, n 0, window undated, stage capture',
    );
    expect(bareAccuracy(claim)).toEqual([]);
  });
});

describe('an evaluation on a card', () => {
  it('has every figure with an interval around it, but the calibration error, and the spread between folds', () => {
    const [evaluation] = classifyCard().evaluations;
    const metrics = classifyMetrics([0, 1], [0.1, 0.9]);
    const { n: _, selective: __, ...plain } = metrics;
    expect(evaluation!.figures.map(({ name }) => name)).toEqual(Object.keys(plain));
    for (const { name, value, interval, spread } of evaluation!.figures) {
      expect(spread).toBeGreaterThan(0);
      expect([name, interval === null]).toEqual([name, name === 'ece']);
      if (interval === null) continue;
      expect(interval.low).toBeLessThanOrEqual(value!);
      expect(interval.high).toBeGreaterThanOrEqual(value!);
    }
    expect(evaluation!.reliability.reduce((sum, bin) => sum + bin.n, 0)).toBe(evaluation!.n);
  });

  it('judges parts of the data apart, the unknown ones left out', () => {
    const [{ slices, n }] = classifyCard().evaluations as [ReturnType<typeof classifyCard>['evaluations'][number]];
    expect(slices.map(({ level }) => level).sort()).toEqual(['Google', 'Referral']);
    const sliced = slices.reduce((sum, slice) => sum + slice.n, 0);
    expect(sliced).toBeLessThan(n);
    expect(sliced).toBeGreaterThan(300);
  });

  it('of values tells how many lie inside their ranges', () => {
    const [evaluation] = valueCard().evaluations;
    const covered = evaluation!.figures.find(({ name }) => name === 'coverage90')!;
    expect(covered.value).toBeGreaterThan(0.8);
    expect(covered.interval!.low).toBeLessThanOrEqual(covered.value!);
  });
});

describe('cardSchema', () => {
  it('takes what a card says, written and read again', () => {
    for (const card of cards) expect(cardSchema.parse(JSON.parse(JSON.stringify(card)))).toEqual(card);
  });

  it.each<[string, object]>([
    ['a hash that is none', { hashes: { ...cards[0]!.hashes, model: 'abc' } }],
    ['a stage that does not exist', { decisionStage: 'later' }],
    ['a figure that is no number', { evaluations: [{ ...cards[0]!.evaluations[0]!, baseRate: NaN }] }],
    ['a field that it does not know', { accuracy: 0.98 }],
  ])('refuses %s', (_what, change) => {
    expect(cardSchema.safeParse({ ...cards[0]!, ...change }).success).toBe(false);
  });

  it('takes what the proxy test and the comparison of groups find', () => {
    const levels = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 'a' : 'b'));
    const column: RawColumn = { kind: 'category', values: levels };
    const telling = Float32Array.from(levels, (level) => (level === 'a' ? 1 : 0));
    const proxies = [proxyTest('country', column, [telling], { seed: 1 })];
    const selection = [selectionRates('country', column, Array.from(telling))];
    const card = classifyCard({ fairness: JSON.parse(JSON.stringify({ proxies, selection })) });
    const text = cardMarkdown(card);
    expect(text).toContain('| country | a (n 100) | 1.000 |');
    expect(text).toContain('| country: b | 100 | 0.0 % (0.0 % to 3.7 %) | 0.000');
    expect(text.match(/\| alarm \|/g)).toHaveLength(2);
  });
});

describe('a card on a page', () => {
  it('lets nothing from the data turn into markup', () => {
    const name = '<script>alert("x")</script> | `a`';
    const card = classifyCard({ name, features: [{ name, type: 'category', knownAt: 'capture' }] });
    expect(cardHtml(card)).not.toContain('<script');
    expect(cardHtml(card)).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; | `a`');
    expect(cardMarkdown(card)).toContain('| \\<script\\>alert("x")\\</script\\> \\| \\`a\\` | category | capture |');
  });

  it('names what was refused and what it would have won', () => {
    expect(cardMarkdown(classifyCard())).toContain('AUC 0.880 would read 0.984');
  });

  it('has tables whose rows and columns are named, and a language', () => {
    const html = cardHtml(classifyCard());
    expect(html).toContain('<html lang="en">');
    const tables = html.match(/<table>[^]*?<\/table>/g)!;
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) {
      expect(table).toContain('<caption>');
      expect(table).toContain('<th scope="row">');
    }
  });
});

describe('reliabilityPicture', () => {
  const bins = reliability([0, 0, 0, 1, 1, 1], [0.05, 0.05, 0.05, 0.05, 0.85, 0.95]);
  const picture = reliabilityPicture(bins, 'curve');

  it('says in words all that it draws', () => {
    expect(picture).toContain('role="img" aria-labelledby="curve-title curve-text"');
    expect(picture).toContain('<title id="curve-title">Reliability curve</title>');
    expect(picture).toContain('Said 5.0 %: 25.0 % came true (4.6 % to 69.9 %), of 4.');
  });

  it('draws each bin as a point where it belongs, with its interval and its number of rows', () => {
    const circles = [...picture.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(circles).toHaveLength(bins.length);
    // The axes run from 56 to 532 and from 336 up to 16.
    bins.forEach(({ predicted, observed }, i) => {
      expect(circles[i]![0]).toBeCloseTo(56 + predicted * 476, 0);
      expect(circles[i]![1]).toBeCloseTo(336 - observed * 320, 0);
    });
    const counts = [...picture.matchAll(/font-size="10">([\d,]+)</g)].map(([, n]) => Number(n));
    expect(counts).toEqual(bins.map(({ n }) => n));
    const bars = [...picture.matchAll(/y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)" stroke="currentColor" style/g)];
    const uprights = bars.map(([, from, to]) => Number(from) - Number(to)).filter((length) => length > 0);
    bins.forEach(({ interval }, i) => expect(uprights[i]).toBeCloseTo(320 * (interval.high - interval.low), 0));
  });

  it('is a picture without rows as well', () => {
    expect(reliabilityPicture([], 'none')).toContain('No rows.');
  });
});

describe('numbers in words', () => {
  it('have commas between thousands and one digit of a per cent', () => {
    expect([whole(999), whole(9_240), whole(1_234_567)]).toEqual(['999', '9,240', '1,234,567']);
    expect([percent(0.1649), percent(null), range(null)]).toEqual(['16.5 %', 'unknown', 'unknown']);
  });
});
