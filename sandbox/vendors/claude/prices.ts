import type { Ttl } from './wire.ts';

/** Nano-dollars per token: one dollar per million tokens is 1,000. */
interface PriceRow {
  readonly model: string;
  /** The first moment at which the row holds; rows of a model follow each other. */
  readonly from: string;
  /** The row holds for prompts of at most so many tokens, reads and writes included. */
  readonly upTo?: number;
  readonly input: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly read: number;
  readonly output: number;
}

/** Tokens of one request, by what they cost. */
export interface Tokens {
  readonly input: number;
  readonly write: Readonly<Record<Ttl, number>>;
  readonly read: number;
  readonly output: number;
}

export interface Modifiers {
  readonly batch: boolean;
  readonly geo: 'global' | 'us';
}

const ALWAYS = '1970-01-01';

/** `input` with the documented multiples: writes 1.25 and 2, output 5; only the read's share differs from model to model. */
const row = (model: string, input: number, readShare: number, more: Partial<PriceRow> = {}): PriceRow => ({
  model,
  from: ALWAYS,
  input,
  write5m: input * 1.25,
  write1h: input * 2,
  read: Math.round(input * readShare),
  output: input * 5,
  ...more,
});

const ROWS: readonly PriceRow[] = [
  row('claude-haiku-5-5', 100, 0.1, { from: '2026-10-07', upTo: 100_000 }),
  row('claude-haiku-5-5', 500, 0.1, { from: '2026-10-07' }),
  row('claude-sonnet-5-5', 2_000, 0.1),
  row('claude-sonnet-5-5', 2_000, 0.05, { from: '2026-10-07' }),
  row('claude-opus-5-5', 4_000, 0.05),
  row('claude-fable-5-2', 8_000, 0.025, { from: '2026-11-09' }),
  row('claude-fable-5-1', 10_000, 0.025),
  row('claude-fable-5', 10_000, 0.1),
  row('claude-mythos-5', 10_000, 0.1),
  row('claude-opus-5', 5_000, 0.1),
  row('claude-opus-4-8', 5_000, 0.1),
  row('claude-opus-4-7', 5_000, 0.1),
  row('claude-opus-4-6', 5_000, 0.1),
  row('claude-opus-4-5', 5_000, 0.1),
  row('claude-sonnet-5', 2_000, 0.1),
  row('claude-sonnet-4-6', 3_000, 0.1),
  row('claude-sonnet-4-5', 3_000, 0.1),
  row('claude-haiku-4-5', 1_000, 0.1),
];

/** The row for a prompt of this size at this moment; undefined before the model was sold. */
function priceAt(model: string, atMs: number, prompt: number): PriceRow | undefined {
  const held = ROWS.filter((one) => one.model === model && Date.parse(one.from) <= atMs);
  const latest = held.reduce((newest, one) => (one.from > newest ? one.from : newest), '');
  return held.find((one) => one.from === latest && prompt <= (one.upTo ?? Infinity));
}

export function isSold(model: string, atMs: number): boolean {
  return priceAt(model, atMs, 0) !== undefined;
}

/** What a request costs in nano-dollars: the sum of its tokens, then the modifiers, then rounded once, half up. */
export function costOf(model: string, atMs: number, tokens: Tokens, modifiers: Modifiers): number {
  const { input, write, read, output } = tokens;
  const price = priceAt(model, atMs, input + write['5m'] + write['1h'] + read);
  if (price === undefined) throw new Error(`${model} has no price`);
  const plain =
    input * price.input +
    write['5m'] * price.write5m +
    write['1h'] * price.write1h +
    read * price.read +
    output * price.output;
  return Math.round((plain * (modifiers.batch ? 5 : 10) * (modifiers.geo === 'us' ? 11 : 10)) / 100);
}
