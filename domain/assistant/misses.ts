import { blocksOf, isInSight, tokensThrough, type Breakpoint } from './breakpoints.ts';
import {
  cachedLayers,
  changedSince,
  estimatedTokens,
  type CachedLayer,
  type Change,
  type Fingerprints,
  type Prompt,
} from './layers.ts';
import { promptTokens, type Usage } from './prices.ts';
import { ttlMs } from './ttl.ts';

/** What is kept of a call to explain the next one. */
export interface EarlierCall {
  /** When it began, epoch ms: the vendor counts from there. */
  readonly at: number;
  readonly prints: Fingerprints;
  readonly marks: readonly Breakpoint[];
}

export interface Call extends Omit<EarlierCall, 'prints'> {
  readonly prompt: Prompt;
  readonly usage: Usage;
  /** Of the model, tokens; null: not documented. */
  readonly minimumPrefix: number | null;
}

/** The last call before this one: of all calls, of those of the location, of those of the talk. Absent: there was none. */
export type Earlier = Readonly<Partial<Record<CachedLayer, EarlierCall>>>;

export type Miss =
  | { readonly why: 'first-call' | 'below-minimum' | 'not-marked' | 'ttl-over' | 'look-back' | 'other-model' }
  | { readonly why: 'prefix-changed'; readonly changed: Exclude<Change, 'model'> }
  /** Everything speaks for a read: the vendor let it go, or its entry was not ready yet because calls ran side by side. */
  | { readonly why: 'unexplained' };

export type LayerReading =
  { readonly layer: CachedLayer; readonly read: true } | ({ readonly layer: CachedLayer; readonly read: false } & Miss);

/**
 * Which layers of a call were read from the cache, by the tokens that the vendor counted, and why the others were not. The vendor counts
 * tokens of the whole prompt only: where one layer ends is estimated, scaled to its count, and a layer is taken for read when more than half
 * of what could be read of it was.
 */
export function readingsOf(call: Call, earlier: Earlier): readonly LayerReading[] {
  const through = tokensThrough(call.prompt);
  const total = through.conversation + estimatedTokens(call.prompt.volatile);
  const scale = total === 0 ? 0 : promptTokens(call.usage) / total;
  const begins = { global: 0, location: through.global, conversation: through.location };
  return cachedLayers
    .filter((layer) => blocksOf(call.prompt, layer).length > 0)
    .map((layer): LayerReading => {
      const known =
        layer === 'conversation' ? talkBefore(call.prompt, earlier.conversation) : through[layer] - begins[layer];
      const half = (begins[layer] + known / 2) * scale;
      if (known > 0 && call.usage.read > half) return { layer, read: true };
      return { layer, read: false, ...missOf(layer, call, earlier[layer], through[layer] * scale) };
    });
}

/** Of what speaks for a miss, what would have to be mended first. */
function missOf(layer: CachedLayer, call: Call, before: EarlierCall | undefined, tokens: number): Miss {
  if (call.minimumPrefix !== null && tokens < call.minimumPrefix) return { why: 'below-minimum' };
  if (!call.marks.some((mark) => mark.layer === layer)) return { why: 'not-marked' };
  if (before === undefined) return { why: 'first-call' };
  const changed = changedSince(before.prints, call.prompt);
  if (changed === 'model') return { why: 'other-model' };
  if (changed !== undefined && isWithin(changed, layer)) return { why: 'prefix-changed', changed };
  const written = before.marks.filter((mark) => mark.layer === layer).at(-1);
  if (written === undefined) return { why: 'not-marked' };
  if (call.at - before.at > ttlMs[written.ttl]) return { why: 'ttl-over' };
  const seen = call.marks.some((mark) => mark.layer === layer && isInSight(mark.block, written.block));
  return { why: seen ? 'unexplained' : 'look-back' };
}

/** Does a change there make a prefix that ends with this layer another one? */
function isWithin(changed: Exclude<Change, 'model'>, layer: CachedLayer): boolean {
  return changed === 'settings' || cachedLayers.indexOf(changed) <= cachedLayers.indexOf(layer);
}

/** Tokens of the talk that an earlier call had sent already. */
function talkBefore(prompt: Prompt, before: EarlierCall | undefined): number {
  return before === undefined ? 0 : estimatedTokens(prompt.conversation.slice(0, before.prints.blocks));
}
