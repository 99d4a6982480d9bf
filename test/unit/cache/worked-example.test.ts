import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Candidate, choose, type Choice, isSame, type Method } from '../../../domain/cache/cost.ts';

const prices = { dollarsPerGbHour: 0.086, dollarsPerCpuSecond: 0.04 / 3600 };
const text = readFileSync(new URL('../../../docs/cache.md', import.meta.url), 'utf8');
const part = /<!-- example -->\n([^]*?)<!-- \/example -->/.exec(text)?.[1] ?? '';
const rows = part
  .trim()
  .split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** What the document assumes of each method. */
const candidates = rows.map(([method = '', stored, write, read]): Candidate => {
  const [codec = '', level = '0'] = method.split(' ');
  return {
    ...{ codec, level: Number(level), dictionary: method.endsWith('with dictionary') },
    ...{ storedBytes: [Number(stored)], writeMicros: Number(write), readMicros: Number(read) },
  };
});

function choiceAt(readsPerWrite: number): Choice {
  const use = { keyBytes: 40, place: 'key', plainBytes: [1150], lifeHours: 1, readsPerWrite } as const;
  return choose(candidates, { use, prices });
}

/** Of a million values. */
const dollars = (of: number): string => (of * 1e6).toFixed(5);

describe('the worked example of the cost model', () => {
  it('has the figures that the model computes', () => {
    const [few, many] = [choiceAt(10), choiceAt(10_000)];
    const of = (choice: Choice, method: Method) => choice.reckoned.find((one) => isSame(one.method, method))!;
    const computed = candidates.map((candidate) => {
      const { memoryBytes, dollarsSaved, writeDollars, readDollars, netDollars } = of(few, candidate);
      const money = [dollarsSaved, writeDollars, readDollars, netDollars, of(many, candidate).netDollars];
      return [String(memoryBytes), ...money.map(dollars)];
    });
    expect(rows).toHaveLength(5);
    expect(rows.map((cells) => cells.slice(4))).toStrictEqual(computed);
  });

  it('ends as it says', () => {
    expect(choiceAt(10).method).toStrictEqual({ codec: 'zstd', level: 3, dictionary: true });
    expect(choiceAt(10_000).method).toStrictEqual({ codec: 'none', level: 0, dictionary: false });
  });
});
