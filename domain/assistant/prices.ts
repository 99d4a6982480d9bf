import { AppError } from '../errors.ts';
import type { Iso } from '../glossary.ts';
import { priceRows, type PriceRow, type Rates } from './price-rows.ts';

/** Tokens of one answer as the vendor counted them; `input` is what stands after the last breakpoint and was not cached. */
export interface Usage {
  readonly input: number;
  readonly read: number;
  readonly write5m: number;
  readonly write1h: number;
  /** Thinking included. */
  readonly output: number;
}

/** How a call is billed beside its tokens. */
export interface Terms {
  /** Half of everything, cache classes included. */
  readonly batch?: boolean;
}

/** Nano-dollars, whole ones. */
export interface Bill extends Usage {
  /** The sum of the classes. */
  readonly total: number;
  /**
   * The classes are rounded down, so that no bill is above the invoice; `upTo` is the sum of them rounded up. They differ by a nano-dollar
   * where a batch of the smallest model writes an odd number of tokens for five minutes, and are equal otherwise.
   */
  readonly upTo: number;
}

const CLASSES = ['input', 'read', 'write5m', 'write1h', 'output'] as const satisfies readonly (keyof Usage)[];
const PICO_PER_NANO = 1_000;

/**
 * The row in force at an instant.
 * @throws AppError MODEL_PRICE_UNKNOWN, by name: a call whose price is not known is not made
 */
export function priceOf(model: string, at: Iso): PriceRow {
  const day = at.slice(0, 10);
  const row = priceRows
    .filter((one) => one.model === model && one.from <= day)
    .reduce<PriceRow | undefined>((last, one) => (last === undefined || one.from > last.from ? one : last), undefined);
  if (row !== undefined) return row;
  throw new AppError('MODEL_PRICE_UNKNOWN', `No price of ${model} is known for ${day}.`);
}

/** What the vendor bills for an answer. `at`: when the call was made. */
export function billOf(usage: Usage, model: string, at: Iso, terms: Terms = {}): Bill {
  const rates = ratesFor(priceOf(model, at), promptTokens(usage));
  const nanos = (of: keyof Usage): number =>
    (counted(usage[of], of) * rates[of]) / (terms.batch === true ? 2 : 1) / PICO_PER_NANO;
  const down = (of: keyof Usage): number => Math.floor(nanos(of));
  return {
    input: down('input'),
    read: down('read'),
    write5m: down('write5m'),
    write1h: down('write1h'),
    output: down('output'),
    total: CLASSES.reduce((sum, of) => sum + down(of), 0),
    upTo: CLASSES.reduce((sum, of) => sum + Math.ceil(nanos(of)), 0),
  };
}

/** What the same answer to the same prompt would have cost without caching: every token of the prompt as input. */
export function counterfactualOf(usage: Usage, model: string, at: Iso, terms: Terms = {}): Bill {
  const uncached = { input: promptTokens(usage), read: 0, write5m: 0, write1h: 0, output: usage.output };
  return billOf(uncached, model, at, terms);
}

/**
 * The share of the counterfactual that was not paid, over a whole run: `1 − Σ paid / Σ counterfactual`. What has no answer of its own
 * (a keep-warm call, a lost attempt) adds to `paid` alone. Negative where caching cost more than it saved; null where nothing was asked.
 */
export function savingOf(paid: number, counterfactual: number): number | null {
  return counterfactual === 0 ? null : 1 - paid / counterfactual;
}

/**
 * The most that a call can cost, nano-dollars: as if its whole prompt fell into the dearest class, and the answer took all the room it has.
 * @param prompt     tokens at most, by `mostTokens`
 * @param maxTokens  of the answer, thinking included, as the call says
 */
export function mostOf(
  { prompt, maxTokens }: { readonly prompt: number; readonly maxTokens: number },
  model: string,
  at: Iso,
  terms: Terms = {},
): number {
  const rates = ratesFor(priceOf(model, at), prompt);
  const dearest = (['write5m', 'write1h'] as const).reduce<keyof Usage>(
    (worst, of) => (rates[of] > rates[worst] ? of : worst),
    'input',
  );
  const nothing = { input: 0, read: 0, write5m: 0, write1h: 0 };
  return billOf({ ...nothing, output: maxTokens, [dearest]: prompt }, model, at, terms).upTo;
}

/** Everything that was sent: what stands after the last breakpoint, what was read and what was written. */
export function promptTokens({ input, read, write5m, write1h }: Usage): number {
  return input + read + write5m + write1h;
}

/** The rates of a call by the tokens of its prompt, cache reads and writes counted. */
function ratesFor({ rates, long }: PriceRow, prompt: number): Rates {
  return long !== undefined && prompt > long.over ? long.rates : rates;
}

/** A count that is none would make a bill that is none. */
function counted(tokens: number, what: string): number {
  if (Number.isSafeInteger(tokens) && tokens >= 0) return tokens;
  throw new RangeError(`Tokens are counted in whole numbers; ${what} is not one.`);
}
