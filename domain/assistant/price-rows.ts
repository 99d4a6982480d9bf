/** What each class of tokens costs: pico-dollars per token, which is the same number as micro-dollars per million tokens. */
export interface Rates {
  /** What is neither read from the cache nor written into it. */
  readonly input: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly read: number;
  /** Thinking included. */
  readonly output: number;
}

/** The prices of one model from a day on. */
export interface PriceRow {
  readonly model: string;
  /** The first day, in UTC, for which these prices are documented. */
  readonly from: string;
  readonly rates: Rates;
  /** Where a longer prompt costs more: its whole call, output included, is billed at these rates. Cache reads and writes count. */
  readonly long?: { readonly over: number; readonly rates: Rates };
  /** Shorter prefixes are not cached, and nothing says so but counters that stay at 0. Null: not documented. */
  readonly minimumPrefix: number | null;
}

/** Written as the price list writes them, in dollars per million tokens; every listed price is a whole number of micro-dollars. */
function perMillion(input: number, write5m: number, write1h: number, read: number, output: number): Rates {
  const micro = (dollars: number): number => Math.round(dollars * 1e6);
  return {
    input: micro(input),
    write5m: micro(write5m),
    write1h: micro(write1h),
    read: micro(read),
    output: micro(output),
  };
}

const sonnet = perMillion(2, 2.5, 4, 0.2, 10);
const formerOpus = perMillion(5, 6.25, 10, 0.5, 25);

/**
 * The dated price list; a change of a price is one more row, so that a bill of the past comes out as it was.
 * @see https://platform.claude.com/docs/en/about-claude/pricing (prices), build-with-claude/prompt-caching (minimum prefixes), and the
 * overview page of each model (its release). Rows from 2026-08-21 are of models that were out before: that day their page was read.
 * The increase of `claude-sonnet-5` that had been announced for 2026-09-01 was cancelled. The minimum of `claude-sonnet-5-5` comes from a
 * single report, not from the vendor.
 */
export const priceRows: readonly PriceRow[] = [
  {
    model: 'claude-haiku-5-5',
    from: '2026-10-07',
    rates: perMillion(0.1, 0.125, 0.2, 0.01, 0.5),
    long: { over: 100_000, rates: perMillion(0.5, 0.625, 1, 0.05, 2.5) },
    minimumPrefix: 512,
  },
  { model: 'claude-sonnet-5-5', from: '2026-09-28', rates: sonnet, minimumPrefix: 512 },
  { model: 'claude-sonnet-5-5', from: '2026-10-07', rates: { ...sonnet, read: 100_000 }, minimumPrefix: 512 },
  { model: 'claude-opus-5-5', from: '2026-09-22', rates: perMillion(4, 5, 8, 0.2, 20), minimumPrefix: 512 },
  { model: 'claude-fable-5-2', from: '2026-11-09', rates: perMillion(8, 10, 16, 0.2, 40), minimumPrefix: null },
  { model: 'claude-fable-5-1', from: '2026-09-01', rates: perMillion(10, 12.5, 20, 0.25, 50), minimumPrefix: 512 },
  { model: 'claude-opus-5', from: '2026-07-24', rates: formerOpus, minimumPrefix: 512 },
  { model: 'claude-opus-4-8', from: '2026-08-21', rates: formerOpus, minimumPrefix: 1_024 },
  { model: 'claude-opus-4-7', from: '2026-08-21', rates: formerOpus, minimumPrefix: 2_048 },
  { model: 'claude-opus-4-6', from: '2026-08-21', rates: formerOpus, minimumPrefix: 4_096 },
  { model: 'claude-opus-4-5', from: '2026-08-21', rates: formerOpus, minimumPrefix: 4_096 },
  { model: 'claude-sonnet-5', from: '2026-06-30', rates: sonnet, minimumPrefix: 1_024 },
  { model: 'claude-sonnet-4-6', from: '2026-08-21', rates: perMillion(3, 3.75, 6, 0.3, 15), minimumPrefix: 1_024 },
  { model: 'claude-haiku-4-5', from: '2026-08-21', rates: perMillion(1, 1.25, 2, 0.1, 5), minimumPrefix: 4_096 },
];
