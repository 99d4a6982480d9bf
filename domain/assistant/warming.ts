import { keepWarm, type Warmth, type WarmVerdict } from './keep-warm.ts';
import type { Rates } from './price-rows.ts';
import type { Ttl } from './ttl.ts';

/** What the calls of a location share on one model, as its ledger knows it. */
export interface SharedPrefix {
  readonly model: string;
  /** When the last call or ping of it began, epoch ms. */
  readonly touched: number;
  /** Pings since the last real call. */
  readonly pings: number;
  /** For how long the vendor keeps it; `none`: it does not. */
  readonly ttl: Ttl | 'none';
  /** Would a call of now send the same bytes? Facts of the location may have changed, or a release the rules. */
  readonly same: boolean;
}

/** Of the prefixes of a location: which is pinged next, and when; or why none is. */
export type Warming =
  | { readonly kind: 'ping'; /** Epoch ms. */ readonly at: number; readonly model: string }
  | { readonly kind: 'stop'; readonly why: Extract<WarmVerdict, { kind: 'stop' }>['why'] };

/** @param next  when the next real call of the location is expected: see `Warmth` */
export function warmingOf(
  prefixes: readonly SharedPrefix[],
  next: Warmth['next'],
  now: number,
  ratesOf: (model: string) => Rates,
): Warming {
  return prefixes
    .map((prefix): Warming => {
      const { model, ttl } = prefix;
      // What is not kept, or not the same any more, is as good as gone: a ping would write it.
      if (ttl === 'none' || !prefix.same) return { kind: 'stop', why: 'cold' };
      const verdict = keepWarm({ ...prefix, next }, now, ttl, ratesOf(model));
      return verdict.kind === 'stop' ? verdict : { ...verdict, model };
    })
    .reduce<Warming>(sooner, { kind: 'stop', why: 'nobody-comes' });
}

/** Of two reasons to stop the one of a prefix that was there. */
function sooner(a: Warming, b: Warming): Warming {
  if (a.kind === 'stop') return b;
  return b.kind === 'ping' && b.at < a.at ? b : a;
}
