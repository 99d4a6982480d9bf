import type { Anthropic } from '@anthropic-ai/sdk';
import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import type { Usage } from '../../domain/assistant/prices.ts';

/** As it comes over the wire: any field may be absent, whatever the types of the client promise. */
export type VendorUsage = Partial<Anthropic.Usage>;

/**
 * The vendor's counts in our classes; undefined where they do not say what was billed.
 * @param marks  of the call: they tell how long a write is kept where the vendor tells only how much was written
 */
export function usageOf(told: VendorUsage, marks: readonly Breakpoint[]): Usage | undefined {
  const split = told.cache_creation ?? undefined;
  const long = split?.ephemeral_1h_input_tokens ?? 0;
  const written = told.cache_creation_input_tokens ?? long + (split?.ephemeral_5m_input_tokens ?? 0);
  const ttls = new Set(marks.map(({ ttl }) => ttl));
  if (written > 0 && split === undefined && ttls.size !== 1) return undefined;
  const write1h = split === undefined && ttls.has('1h') ? written : long;
  const usage = {
    input: told.input_tokens ?? NaN,
    read: told.cache_read_input_tokens ?? 0,
    write5m: written - write1h,
    write1h,
    output: told.output_tokens ?? NaN,
  };
  return Object.values(usage).every((tokens) => Number.isSafeInteger(tokens) && tokens >= 0) ? usage : undefined;
}

/** Counts of the end of a stream are of the whole answer; what they leave out is as it was told before. */
export function laterUsage(before: VendorUsage, later: Partial<Anthropic.MessageDeltaUsage>): VendorUsage {
  const told = Object.entries(later).filter(([, value]) => value !== null);
  return { ...before, ...Object.fromEntries(told) };
}

/** Where a call is worked if nobody asked for a place; models that have no places say so. */
const ordinaryPlaces: readonly (string | null | undefined)[] = [undefined, null, '', 'global', 'not_available'];

/**
 * What of an answer our prices do not know, by name: tools that run at the vendor's cost by the call, a place of work, fast answers and
 * capacity bought ahead have prices of their own. Undefined: it costs what its tokens cost.
 */
export function unpricedBy(told: VendorUsage, tier: 'standard' | 'batch'): string | undefined {
  if (Object.values(told.server_tool_use ?? {}).some((times) => times !== 0)) return 'unpriced_server_tools';
  if (!ordinaryPlaces.includes(told.inference_geo)) return 'unpriced_place';
  if ((told.speed ?? 'standard') !== 'standard') return 'unpriced_speed';
  return (told.service_tier ?? tier) === tier ? undefined : 'unpriced_tier';
}
