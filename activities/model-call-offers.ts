import { type Breakpoint, breakpointsOf } from '../domain/assistant/breakpoints.ts';
import type { CallOrder } from '../domain/assistant/call.ts';
import { expectedTraffic } from '../domain/assistant/expected-traffic.ts';
import { changedSince, fingerprintsOf, mostTokens, type Prompt } from '../domain/assistant/layers.ts';
import type { Earlier } from '../domain/assistant/misses.ts';
import { cheaperThan } from '../domain/assistant/models.ts';
import { planOf } from '../domain/assistant/plan.ts';
import { mostOf, priceOf } from '../domain/assistant/prices.ts';
import type { Iso } from '../domain/glossary.ts';
import type { ModelPort } from '../domain/ports/model.ts';
import type { CountedTraffic, ModelLedger, Offer } from '../domain/ports/model-ledger.ts';
import { canonical } from '../domain/webhooks/payload.ts';

/** An offer, and what is sent if it is taken. */
export interface PricedCall extends Offer {
  readonly prompt: Prompt;
  readonly minimumPrefix: number | null;
}

export interface Offers {
  /** The call as it is wanted and, where there is one, on a cheaper model. @throws AppError MODEL_PRICE_UNKNOWN, by name */
  of(
    order: CallOrder,
    earlier: Earlier,
    at: Iso,
  ): Promise<{ readonly wanted: PricedCall; readonly cheaper?: PricedCall }>;
}

/** How calls follow one another changes slowly; being wrong for minutes costs cents. */
const TRAFFIC_MS = 5 * 60_000;
/** Prefixes and locations of one process that are remembered; beyond it the oldest goes. */
const MOST_KEPT = 2_000;
const COUNT_MS = 5_000;

export function createOffers({
  model,
  ledger,
}: {
  readonly model: ModelPort;
  readonly ledger: Pick<ModelLedger, 'traffic'>;
}): Offers {
  const traffic = new Map<string, { readonly until: number; readonly counted: Promise<CountedTraffic> }>();
  const stable = new Map<string, number | undefined>();

  function trafficOf(locationId: string, name: string, at: Iso): Promise<CountedTraffic> {
    const key = `${name} ${locationId}`;
    const now = Date.parse(at);
    const kept = traffic.get(key);
    if (kept !== undefined && now < kept.until) return kept.counted;
    const counted = ledger.traffic(locationId, name, at);
    keep(traffic, key, { until: now + TRAFFIC_MS, counted });
    counted.catch(() => traffic.delete(key));
    return counted;
  }

  /** Counted by the vendor, which asks nothing for it, and behind the call's back: until it has answered, bytes bound the tokens. */
  function stableTokens(prompt: Prompt): number | undefined {
    const key = prefixPrint(prompt, 'location');
    if (stable.has(key)) return stable.get(key);
    keep(stable, key, undefined);
    void countStable(model, prompt).then((tokens) => {
      if (tokens === null) stable.delete(key);
      else keep(stable, key, tokens);
    });
    return undefined;
  }

  async function offer(order: CallOrder, prompt: Prompt, earlier: Earlier, at: Iso): Promise<PricedCall> {
    const { rates, minimumPrefix } = priceOf(prompt.model, at);
    const before = earlier.conversation;
    const expected = expectedTraffic(prompt, await trafficOf(order.locationId, prompt.model, at), before);
    const { ttls } = planOf(expected, rates, minimumPrefix);
    // A ping keeps what others share; its own turn is read by nobody.
    const kept = order.job === 'warm' ? { ...ttls, conversation: 'none' as const } : ttls;
    const follows = before !== undefined && changedSince(before.prints, prompt) === undefined;
    return {
      model: prompt.model,
      most: mostOf({ prompt: mostTokens(prompt, stableTokens(prompt)), maxTokens: order.maxTokens }, prompt.model, at),
      prints: fingerprintsOf(prompt),
      marks: breakpointsOf(prompt, kept, minimumPrefix, follows ? lastMarked(before.marks) : undefined),
      prompt,
      minimumPrefix,
    };
  }

  return {
    async of(order, earlier, at) {
      const wanted = await offer(order, order.prompt, earlier, at);
      const name = cheaperThan(order.prompt.model);
      // What keeps one model's cache warm is of no use on another.
      if (name === undefined || order.job === 'warm') return { wanted };
      return { wanted, cheaper: await offer(order, { ...order.prompt, model: name }, earlier, at) };
    },
  };
}

/** Tokens of what a location's calls share, as the vendor counts them; null where it did not answer. */
export function countStable(model: Pick<ModelPort, 'count'>, prompt: Prompt): Promise<number | null> {
  const alone = { ...prompt, conversation: [canonical({ role: 'user', text: '.' })], volatile: [] };
  return model.count(alone, { withinMs: COUNT_MS });
}

/** What all calls share that may read one entry of the vendor's cache. */
export function prefixPrint(prompt: Prompt, layer: 'global' | 'location'): string {
  const { model, settings, global, location } = fingerprintsOf(prompt, 0);
  return [model, settings, global, ...(layer === 'location' ? [location] : [])].join(' ');
}

/** Blocks of the talk up to its breakpoint. */
function lastMarked(marks: readonly Breakpoint[]): number | undefined {
  const last = marks.filter(({ layer }) => layer === 'conversation').at(-1);
  return last === undefined ? undefined : last.block + 1;
}

export function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_KEPT) map.delete(map.keys().next().value!);
}
