import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { priceRows } from '../../../domain/assistant/price-rows.ts';
import { billOf, counterfactualOf, mostOf, priceOf, savingOf, type Usage } from '../../../domain/assistant/prices.ts';

const AT = '2026-11-29T10:00:00.000Z';
const none: Usage = { input: 0, read: 0, write5m: 0, write1h: 0, output: 0 };
const anyUsage = fc.record({
  input: fc.nat(60_000),
  read: fc.nat(60_000),
  write5m: fc.nat(60_000),
  write1h: fc.nat(60_000),
  output: fc.nat(20_000),
});
const anyRow = fc.constantFrom(...priceRows);
/** The last day of the list: every model has a row. */
const anyModel = fc.constantFrom(...new Set(priceRows.map(({ model }) => model)));

describe('the price of an answer', () => {
  it('is the price list times the tokens, split by class, in whole nano-dollars', () => {
    const usage = { input: 300, read: 11_000, write5m: 200, write1h: 500, output: 110 };
    expect(billOf(usage, 'claude-sonnet-5-5', AT)).toEqual({
      input: 600_000,
      read: 1_100_000,
      write5m: 500_000,
      write1h: 2_000_000,
      output: 1_100_000,
      total: 5_300_000,
      upTo: 5_300_000,
    });
    expect(counterfactualOf(usage, 'claude-sonnet-5-5', AT).total).toBe(12_000 * 2_000 + 110 * 10_000);
    expect(savingOf(5_300_000, 25_100_000)).toBeCloseTo(0.789, 3);
    expect(savingOf(2, 1)).toBe(-1);
    expect(savingOf(0, 0)).toBeNull();
  });

  it('is that of the day of the call', () => {
    const read = { ...none, read: 1_000_000 };
    expect(billOf(read, 'claude-sonnet-5-5', '2026-10-06T23:59:59.999Z').total).toBe(200_000_000);
    expect(billOf(read, 'claude-sonnet-5-5', '2026-10-07T00:00:00.000Z').total).toBe(100_000_000);
  });

  it('is refused by name where no row is in force', () => {
    const refused = (model: string, at: string) => {
      try {
        return priceOf(model, at).model;
      } catch (error) {
        return [(error as { code?: string }).code, (error as Error).message];
      }
    };
    expect(refused('claude-haiku-9', AT)).toEqual([
      'MODEL_PRICE_UNKNOWN',
      'No price of claude-haiku-9 is known for 2026-11-29.',
    ]);
    expect(refused('claude-haiku-5-5', '2026-10-06T12:00:00.000Z')).toEqual([
      'MODEL_PRICE_UNKNOWN',
      'No price of claude-haiku-5-5 is known for 2026-10-06.',
    ]);
    expect(refused('claude-haiku-5-5', '2026-10-07T00:00:00.000Z')).toBe('claude-haiku-5-5');
  });

  it('holds for the whole call once the prompt is long, reads and writes counted', () => {
    const short = { ...none, input: 1, read: 99_999, output: 100 };
    const long = { ...short, input: 2 };
    expect(billOf(short, 'claude-haiku-5-5', AT).total).toBe(100 + 99_999 * 10 + 100 * 500);
    expect(billOf(long, 'claude-haiku-5-5', AT).total).toBe(2 * 500 + 99_999 * 50 + 100 * 2_500);
  });

  it('is halved in a batch, exactly, or known to the nano-dollar', () => {
    const even = { ...none, input: 7, write1h: 3, read: 5, output: 9 };
    expect(billOf(even, 'claude-haiku-5-5', AT, { batch: true })).toMatchObject({
      total: 7 * 50 + 3 * 100 + 5 * 5 + 9 * 250,
      upTo: 2_925,
    });
    const odd = { ...none, write5m: 3 };
    expect(billOf(odd, 'claude-haiku-5-5', AT, { batch: true })).toMatchObject({ write5m: 187, total: 187, upTo: 188 });
  });

  it('adds up: the classes are the total, and the truth lies between the total and its upper end', () => {
    fc.assert(
      fc.property(anyUsage, anyRow, fc.boolean(), (usage, { model, from }, batch) => {
        const bill = billOf(usage, model, from, { batch });
        const row = priceOf(model, from);
        const { input, read, write5m, write1h } = usage;
        const card =
          row.long !== undefined && input + read + write5m + write1h > row.long.over ? row.long.rates : row.rates;
        const pico = (Object.keys(usage) as (keyof Usage)[]).reduce(
          (sum, of) => sum + BigInt(usage[of]) * BigInt(card[of]),
          0n,
        );
        const half = batch ? 2_000n : 1_000n;
        expect(bill.input + bill.read + bill.write5m + bill.write1h + bill.output).toBe(bill.total);
        expect(BigInt(bill.total) * half <= pico && pico <= BigInt(bill.upTo) * half).toBe(true);
        expect(bill.upTo - bill.total).toBeLessThanOrEqual(batch && model === 'claude-haiku-5-5' ? 1 : 0);
      }),
    );
  });

  it('keeps every documented price exact, halves and cache multiples too', () => {
    for (const { rates, long } of priceRows) {
      for (const card of [rates, ...(long === undefined ? [] : [long.rates])]) {
        expect(card.write5m * 4).toBe(card.input * 5);
        expect(card.write1h).toBe(card.input * 2);
        expect(card.output).toBe(card.input * 5);
        expect([0.1, 0.05, 0.025]).toContain(card.read / card.input);
        for (const rate of Object.values(card)) expect(rate % 2).toBe(0);
      }
    }
  });

  it('has one row for a model and a day', () => {
    const keys = priceRows.map(({ model, from }) => `${model} ${from}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the most that a call can cost', () => {
  it('takes the prompt for a write that lasts an hour, and the answer for as long as it may be', () => {
    const most = mostOf({ prompt: 15_000, maxTokens: 350 }, 'claude-sonnet-5-5', AT);
    expect(most).toBe(15_000 * 4_000 + 350 * 10_000);
  });

  it('is never less than the bill of an answer that keeps to it', () => {
    fc.assert(
      fc.property(anyUsage, anyModel, fc.boolean(), fc.nat(1_000), (usage, model, batch, unused) => {
        const prompt = usage.input + usage.read + usage.write5m + usage.write1h;
        const ask = { prompt, maxTokens: usage.output + unused };
        const { upTo } = billOf(usage, model, AT, { batch });
        expect(mostOf(ask, model, AT, { batch })).toBeGreaterThanOrEqual(upTo);
      }),
    );
  });

  it('is not reckoned from what is no count', () => {
    expect(() => mostOf({ prompt: Number.NaN, maxTokens: 1 }, 'claude-sonnet-5-5', AT)).toThrow(RangeError);
    expect(() => billOf({ ...none, input: -1 }, 'claude-sonnet-5-5', AT)).toThrow('input is not one');
  });
});
