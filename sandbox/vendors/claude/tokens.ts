import type { Model } from './models.ts';
import type { Block, Json } from './wire.ts';
import { isObject, listOf } from './wire.ts';

/**
 * The stand-in's own count, stable and easily done by hand: a block has `PER_BLOCK` tokens and one for every `charsPerToken` UTF-16
 * units of its words, rounded up; a turn has `PER_TURN` more, an image `PER_IMAGE` altogether. Ratios between calls mean something,
 * absolute counts do not.
 */
export const ESTIMATOR = '4 per block, 3 per turn, 1600 per image, 1 per 2.5 UTF-16 units (3.25 before 4.7)';

const PER_BLOCK = 4;
export const PER_TURN = 3;
const PER_IMAGE = 1_600;
const SIGNED = 'ErUB';

export function blockTokens(block: Block, model: Model): number {
  if (block.type === 'image') return PER_IMAGE;
  const signed = block.type === 'thinking' ? signedTokens(block['signature']) : undefined;
  return signed ?? PER_BLOCK + Math.ceil(unitsOf(block) / model.charsPerToken);
}

export function toolTokens(tool: Json, model: Model): number {
  return PER_BLOCK + Math.ceil(JSON.stringify(tool).length / model.charsPerToken);
}

/** The longest text whose block has no more than so many tokens. */
export function unitsWithin(tokens: number, model: Model): number {
  return Math.max(0, Math.floor((tokens - PER_BLOCK) * model.charsPerToken));
}

/** A thinking block may come back without its words: its signature tells what they cost. */
export function signature(tokens: number, salt: string): string {
  return SIGNED + Buffer.from(JSON.stringify({ tokens, salt })).toString('base64');
}

function signedTokens(signed: unknown): number | undefined {
  if (typeof signed !== 'string' || !signed.startsWith(SIGNED)) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(signed.slice(SIGNED.length), 'base64').toString());
    return isObject(read) && typeof read['tokens'] === 'number' ? read['tokens'] : undefined;
  } catch {
    return undefined;
  }
}

function unitsOf(block: Block): number {
  const { type } = block;
  if (type === 'text') return String(block['text']).length;
  if (type === 'thinking') return String(block['thinking']).length;
  if (type === 'tool_use') return String(block['name']).length + JSON.stringify(block['input']).length;
  if (type === 'tool_result') {
    const { content } = block;
    if (typeof content === 'string') return content.length;
    return listOf(content).reduce<number>((sum, part) => sum + unitsOf(part as Block), 0);
  }
  if (type === 'image') return PER_IMAGE;
  return JSON.stringify(block).length;
}
