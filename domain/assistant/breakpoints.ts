import { cachedLayers, estimatedTokens, type CachedLayer, type Prompt } from './layers.ts';
import type { LayerTtls } from './plan.ts';
import { ttlMs, type Ttl } from './ttl.ts';

/** Where the cache is told to keep what stands before: at the end of this block of this layer. */
export interface Breakpoint {
  readonly layer: CachedLayer;
  readonly block: number;
  readonly ttl: Ttl;
}

/** The vendor takes so many in a call, and looks so many blocks back from each for what an earlier call wrote, its own block counted. */
export const MOST_BREAKPOINTS = 4;
export const LOOK_BACK = 20;

/**
 * The breakpoints of a call, in the order of the prompt: one at the end of each layer that is kept and is long enough with what stands before
 * it. Where the conversation grew by more blocks than the vendor looks back, one more stands where the last call's stood: breakpoints are
 * free, and without it all of the talk would be written again.
 * @param lastMarked     blocks of the conversation up to the last call's breakpoint; absent for the first call of a talk
 * @param minimumPrefix  tokens, of the model; null: not documented, so that no breakpoint is left out
 * @throws RangeError for times that the vendor does not take: longer ones stand first
 */
export function breakpointsOf(
  prompt: Prompt,
  ttls: LayerTtls,
  minimumPrefix: number | null,
  lastMarked?: number,
): readonly Breakpoint[] {
  const through = tokensThrough(prompt);
  const marks = cachedLayers.flatMap((layer): Breakpoint[] => {
    const ttl = ttls[layer];
    const last = blocksOf(prompt, layer).length - 1;
    if (ttl === 'none' || last < 0 || through[layer] < (minimumPrefix ?? 0)) return [];
    const bridge = layer === 'conversation' ? bridgeTo(last, lastMarked) : undefined;
    return [...(bridge === undefined ? [] : [{ layer, block: bridge, ttl }]), { layer, block: last, ttl }];
  });
  if (marks.some(({ ttl }, at) => at > 0 && ttlMs[ttl] > ttlMs[marks[at - 1]!.ttl])) {
    throw new RangeError('A breakpoint cannot last longer than one before it.');
  }
  return marks;
}

/** Tokens from the beginning of the prompt to the end of each layer, estimated. */
export function tokensThrough(prompt: Prompt): Readonly<Record<CachedLayer, number>> {
  const global = estimatedTokens(prompt.global.blocks);
  const location = global + estimatedTokens(prompt.location.blocks);
  return { global, location, conversation: location + estimatedTokens(prompt.conversation) };
}

export function blocksOf(prompt: Prompt, layer: CachedLayer): readonly string[] {
  return layer === 'conversation' ? prompt.conversation : prompt[layer].blocks;
}

/** Does the vendor, looking back from this block, come upon what was written at that one? */
export function isInSight(from: number, written: number): boolean {
  return written <= from && from - written < LOOK_BACK;
}

function bridgeTo(last: number, lastMarked = 0): number | undefined {
  const written = lastMarked - 1;
  return written < 0 || isInSight(last, written) ? undefined : written;
}
