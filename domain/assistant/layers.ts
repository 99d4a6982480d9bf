import { AppError } from '../errors.ts';
import { canonical } from '../webhooks/payload.ts';
import { unstableIn } from './stable.ts';

/**
 * A prompt is laid in layers, the most shared first, because the vendor caches prefixes:
 *   global        tools, persona, rules, examples: the same for every call of a release
 *   location      the brokerage's facts and voice: the same for every call of a location, for a day or longer
 *   conversation  the talk so far, appended to and never edited, and the message that came in
 *   volatile      what holds for this call only: the lead's stage, free slots, the time of day; never cached
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export const cachedLayers = ['global', 'location', 'conversation'] as const;
export type CachedLayer = (typeof cachedLayers)[number];

/** JSON, one value for each block that is sent. */
export type Blocks = readonly unknown[];

/**
 * Blocks that calls share, made once and kept: what is checked and hashed once is not checked and hashed with every call. Each block is the
 * canonical JSON of what is sent, so that equal content is equal bytes whatever made it.
 */
export interface StableLayer {
  readonly blocks: readonly string[];
  readonly print: string;
}

export interface Prompt {
  readonly model: string;
  /** Canonical JSON of what else decides over the cache: thinking, effort, output format, tool choice. */
  readonly settings: string;
  readonly global: StableLayer;
  readonly location: StableLayer;
  /** Canonical JSON, as the blocks of the stable layers are. */
  readonly conversation: readonly string[];
  readonly volatile: readonly string[];
}

export interface PromptParts {
  readonly model: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly global: StableLayer;
  readonly location: StableLayer;
  readonly conversation: Blocks;
  readonly volatile: Blocks;
}

/**
 * @param knownDates  dates that stand there on purpose, letter by letter
 * @throws AppError PROMPT_UNSTABLE where a block holds what looks like a clock, a date or an id
 */
export function stableLayer(name: 'global' | 'location', blocks: Blocks, knownDates?: readonly string[]): StableLayer {
  blocks.forEach((block, at) => {
    const [what] = unstableIn(block, knownDates);
    if (what === undefined) return;
    throw new AppError('PROMPT_UNSTABLE', `Block ${at} of the ${name} layer holds what changes by itself: ${what}.`);
  });
  const bytes = blocks.map(canonical);
  return { blocks: bytes, print: fingerprint(bytes) };
}

export function promptOf({ settings, conversation, volatile, ...rest }: PromptParts): Prompt {
  return {
    ...rest,
    settings: canonical(settings),
    conversation: conversation.map(canonical),
    volatile: volatile.map(canonical),
  };
}

/** English takes a token for every 2.5 characters or so; newer models take more tokens for a text than older ones did. */
const CHARACTERS_PER_TOKEN = 2.5;

/** Tokens of blocks by a rule of thumb; the vendor counts otherwise, and what it counted is always preferred. */
export function estimatedTokens(blocks: readonly string[]): number {
  return Math.ceil(blocks.reduce((sum, block) => sum + block.length, 0) / CHARACTERS_PER_TOKEN);
}

/** What the vendor adds on its own: instructions for the use of tools, and marks around messages. */
const ADDED_TOKENS = 1_000;

/**
 * Tokens of a prompt at most. No token is less than a byte, so that this holds for any language, emoji and noise; for plain words it is more
 * than twice too high.
 * @param stable  what the vendor counted for the two stable layers, tools and all; absent: their bytes
 */
export function mostTokens(prompt: Prompt, stable?: number): number {
  const counted = stable ?? bytesOf(prompt.global.blocks) + bytesOf(prompt.location.blocks);
  return counted + bytesOf(prompt.conversation) + bytesOf(prompt.volatile) + ADDED_TOKENS;
}

/** In UTF-8; the two halves of a pair have two bytes each. */
function bytesOf(blocks: readonly string[]): number {
  return blocks.reduce((sum, block) => {
    let bytes = 0;
    for (let at = 0; at < block.length; at += 1) {
      const unit = block.charCodeAt(at);
      bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
    }
    return sum + bytes;
  }, 0);
}

/** What is kept of a prompt to tell later what changed: no word of it can be read from a fingerprint. */
export interface Fingerprints extends Readonly<Record<CachedLayer, string>> {
  readonly model: string;
  readonly settings: string;
  /** How many blocks the conversation had. */
  readonly blocks: number;
}

/** @param blocks  of the conversation that are taken, from its beginning; all of them if nothing else is said */
export function fingerprintsOf(prompt: Prompt, blocks = prompt.conversation.length): Fingerprints {
  return {
    model: prompt.model,
    settings: fingerprint([prompt.settings]),
    global: prompt.global.print,
    location: prompt.location.print,
    conversation: fingerprint(prompt.conversation.slice(0, blocks)),
    blocks: Math.min(blocks, prompt.conversation.length),
  };
}

/** In the order in which a change makes the rest of the prefix worthless. */
const changes = ['model', 'settings', 'global', 'location', 'conversation'] as const;
export type Change = (typeof changes)[number];

/** The first thing that differs from an earlier prompt; undefined: this prompt only appends to it. */
export function changedSince(before: Fingerprints, prompt: Prompt): Change | undefined {
  const now = fingerprintsOf(prompt, before.blocks);
  const changed = changes.find((one) => now[one] !== before[one]);
  return changed ?? (now.blocks < before.blocks ? 'conversation' : undefined);
}

/**
 * 64 bits in two lanes of multiplications and rotations; blocks are told apart from their concatenation. It finds mistakes, it does not
 * withstand anybody who wants two texts to look the same.
 */
function fingerprint(blocks: readonly string[]): string {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  const take = (unit: number): void => {
    a = Math.imul(a ^ unit, 0x85ebca77);
    b = Math.imul(b ^ unit, 0xc2b2ae3d);
    a = (a << 13) | (a >>> 19);
    b = (b << 17) | (b >>> 15);
  };
  for (const block of blocks) {
    take(block.length);
    for (let at = 0; at < block.length; at += 1) take(block.charCodeAt(at));
  }
  return hex(a ^ (b >>> 15)) + hex(b ^ (a >>> 13));
}

function hex(lane: number): string {
  return (Math.imul(lane, 0x27d4eb2f) >>> 0).toString(16).padStart(8, '0');
}
