import { cachedLayers, type CachedLayer } from './layers.ts';
import type { Rates } from './price-rows.ts';
import { tokenCost, ttls, writeRate, type Gaps, type Ttl } from './ttl.ts';

/** For how long the end of each layer is kept; `none`: it carries no breakpoint. */
export type LayerTtls = Readonly<Record<CachedLayer, Ttl | 'none'>>;

/** What is known of the calls that are to be planned for. Tokens are means per call. */
export interface Traffic {
  /** Of each layer; `conversation` is what earlier calls had sent already. */
  readonly tokens: Readonly<Record<CachedLayer, number>>;
  /** What the call adds to the conversation: the message that came in, and the answer before it. */
  readonly fresh: number;
  readonly volatile: number;
  /** Thinking included. */
  readonly output: number;
  /** The share of calls that open a talk: they find nothing of it, nor anything that only its breakpoint keeps. */
  readonly opening: number;
  /** Between calls that share the layer: of everybody, of the location, and, those that open a talk left out, of the talk. */
  readonly gaps: Readonly<Record<CachedLayer, Gaps>>;
}

export interface Plan {
  readonly ttls: LayerTtls;
  /** Nano-dollars for 1,000 replies, pings not counted. */
  readonly perThousand: number;
}

const choices = ['none', ...ttls] as const;
/** Nano-dollars for 1,000 replies that are no difference: sums come out a little otherwise in another order. */
const SAME = 2;

/**
 * The cheapest way to cache such calls: of all 27, those that the vendor takes. Of two that cost the same, the one that keeps more:
 * breakpoints are free, and when a location's facts change, what stands before them is read on.
 * @param minimumPrefix  of the model; null: not documented, and breakpoints cost nothing where they do not help
 */
export function planOf(traffic: Traffic, rates: Rates, minimumPrefix: number | null): Plan {
  const all = choices.flatMap((global) =>
    choices.flatMap((location) => choices.map((conversation): LayerTtls => ({ global, location, conversation }))),
  );
  return all
    .filter((one) => isTaken(one) && isLongEnough(one, traffic, minimumPrefix ?? 0))
    .map((one) => ({ ttls: one, perThousand: costPerThousand(one, traffic, rates) }))
    .reduce((best, one) => (one.perThousand < best.perThousand + SAME ? one : best));
}

/**
 * What 1,000 replies cost by a plan, nano-dollars. A breakpoint caches everything since the one before it, at its own layer's gaps; what
 * stands after the last is input. What a call adds to the conversation is written if that is cached, and read by later calls. Pico-dollars
 * for one reply are nano-dollars for a thousand.
 */
export function costPerThousand(layerTtls: LayerTtls, traffic: Traffic, rates: Rates): number {
  const { tokens, gaps, opening, fresh, volatile, output } = traffic;
  let pico = output * rates.output + volatile * rates.input;
  let unmarked = 0;
  for (const layer of ['global', 'location'] as const) {
    unmarked += tokens[layer];
    if (layerTtls[layer] === 'none') continue;
    pico += unmarked * tokenCost(gaps[layer], layerTtls[layer], rates);
    unmarked = 0;
  }
  const tail = layerTtls.conversation;
  const again = tokenCost(gaps.conversation, tail, rates);
  const anew = tail === 'none' ? rates.input : writeRate(rates, tail);
  pico += unmarked * (opening * anew + (1 - opening) * again) + tokens.conversation * again + fresh * anew;
  return Math.ceil(pico);
}

/** What pings add to 1,000 replies, nano-dollars: each reads the prefix that it keeps warm. */
export function pingsPerThousand(pingsPerReply: number, prefixTokens: number, rates: Rates): number {
  return Math.ceil(pingsPerReply * prefixTokens * rates.read);
}

/** The vendor takes no breakpoint that lasts longer than one before it. */
function isTaken(layerTtls: LayerTtls): boolean {
  const marked = cachedLayers.map((layer) => layerTtls[layer]).filter((ttl) => ttl !== 'none');
  return marked.every((ttl, at) => ttl === '5m' || marked[at - 1] !== '5m');
}

/** A prefix below the model's minimum is not cached, whatever its breakpoint says. */
function isLongEnough(layerTtls: LayerTtls, { tokens, fresh }: Traffic, minimum: number): boolean {
  let through = 0;
  return cachedLayers.every((layer) => {
    through += tokens[layer] + (layer === 'conversation' ? fresh : 0);
    return layerTtls[layer] === 'none' || through >= minimum;
  });
}
