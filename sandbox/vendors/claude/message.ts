import type { Answer } from './content.ts';
import { newId } from './random.ts';
import { blockTokens, signature, unitsWithin } from './tokens.ts';
import type { Block, Json, MessageRequest } from './wire.ts';

/** How an answer is spoiled on its way: what the documentation says can happen to a schema, and what cannot. */
export const SPOILS = ['cut-json', 'wrong-case', 'not-json', 'empty', 'refusal'] as const;
export type Spoil = (typeof SPOILS)[number];

/** An answer in blocks, counted, within `max_tokens`. */
export interface Said {
  readonly content: readonly Block[];
  readonly stopReason: string;
  readonly stopSequence: string | null;
  readonly stopDetails: Json | null;
  readonly thinkingTokens: number;
  readonly outputTokens: number;
  /** Of tool inputs that were cut: the JSON as far as it came, by the block's index. */
  readonly cut: ReadonlyMap<number, string>;
}

/** Thinks, then speaks, then uses tools, until `max_tokens` or a stop sequence ends it. */
export function say(request: MessageRequest, answer: Answer, random: () => number, spoil?: Spoil): Said {
  const { model, maxTokens } = request;
  const content: Block[] = [];
  const cut = new Map<number, string>();
  let left = maxTokens;
  let stopReason = answer.stopReason ?? (answer.refusal ? 'refusal' : undefined);
  let stopSequence: string | null = null;
  let thinkingTokens = 0;
  // A refusal at once costs nothing, so nothing may have been thought before it.
  const atOnce = spoil === 'refusal' || (answer.refusal !== undefined && answer.text === undefined);
  if (maxTokens > 0 && !atOnce && thinks(request) && answer.thinkingTokens > 0) {
    thinkingTokens = Math.min(answer.thinkingTokens, left);
    const words = request.thinking.omitted ? '' : 'Let me think. '.repeat(Math.ceil(thinkingTokens / 6));
    const salt = newId('t', random);
    content.push({ type: 'thinking', thinking: words, signature: signature(thinkingTokens, salt) });
    left -= thinkingTokens;
  }
  if (answer.text !== undefined && left > 0 && spoil !== 'empty' && spoil !== 'refusal') {
    const { text, sequence } = untilStop(spoiled(answer.text, spoil, request), request.stopSequences);
    const room = unitsWithin(left, model);
    if (text.length > room || (spoil === 'cut-json' && request.format !== undefined)) stopReason = 'max_tokens';
    else if (sequence !== undefined) [stopReason, stopSequence] = ['stop_sequence', sequence];
    if (text !== '' && room > 0) content.push({ type: 'text', text: text.slice(0, room), citations: null });
    left -= content.at(-1)?.type === 'text' ? blockTokens(content.at(-1)!, model) : 0;
  } else if (answer.text !== undefined && left <= 0) stopReason = 'max_tokens';
  const uses = stopReason === undefined || stopReason === 'tool_use' ? answer.uses : [];
  for (const { name, input } of request.toolChoice.disable_parallel_tool_use ? uses.slice(0, 1) : uses) {
    if (spoil === 'empty' || spoil === 'refusal') break;
    const use: Block = {
      type: 'tool_use',
      id: newId('toolu', random),
      name,
      input: spoil === 'wrong-case' ? wrongCase(input) : input,
      caller: { type: 'direct' },
    };
    const json = JSON.stringify(use['input']);
    const tokens = blockTokens(use, model);
    if (tokens > left || spoil === 'cut-json') {
      const room = Math.min(Math.floor(json.length / 2), Math.max(0, unitsWithin(left, model) - name.length));
      cut.set(content.push({ ...use, input: {} }) - 1, json.slice(0, room));
      stopReason = 'max_tokens';
      left = spoil === 'cut-json' ? left - Math.ceil(tokens / 2) : 0;
      break;
    }
    content.push(use);
    left -= tokens;
  }
  const used = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  const refused = spoil === 'refusal' || answer.refusal !== undefined;
  return {
    content: maxTokens === 0 ? [] : content,
    stopReason: maxTokens === 0 ? 'max_tokens' : spoil === 'refusal' ? 'refusal' : (stopReason ?? used),
    stopSequence,
    stopDetails: refused ? { type: 'refusal', category: null, explanation: null, ...answer.refusal } : null,
    thinkingTokens,
    outputTokens: maxTokens - left,
    cut,
  };
}

/** `between_tools` thinks only about what a tool has just answered. */
function thinks({ thinking, turns }: MessageRequest): boolean {
  if (thinking.type !== 'between_tools') return thinking.type !== 'disabled';
  return turns.at(-1)?.content.some(({ type }) => type === 'tool_result') === true;
}

function untilStop(text: string, stops: readonly string[]): { text: string; sequence?: string } {
  let found: { text: string; sequence?: string } = { text };
  for (const sequence of stops) {
    const at = text.indexOf(sequence);
    if (at >= 0 && at < found.text.length) found = { text: text.slice(0, at), sequence };
  }
  return found;
}

function spoiled(text: string, spoil: Spoil | undefined, { format }: MessageRequest): string {
  if (spoil === 'not-json') return `Here is what you asked for:\n\n${text}`;
  if (format === undefined) return text;
  if (spoil === 'cut-json') return text.slice(0, Math.ceil(text.length / 2));
  // A word before a colon is a field's name.
  const word = /"(?:[^"\\]|\\.)*"(?:\s*:)?/g;
  return spoil === 'wrong-case' ? text.replace(word, shouted) : text;
}

/** Capitals where the schema has none: the one thing about an enum that is not guaranteed. What people read stays. */
function shouted(word: string): string {
  return /^"?\w+"?$/.test(word) ? word.toUpperCase() : word;
}

function wrongCase(value: unknown): unknown {
  if (typeof value === 'string') return shouted(value);
  if (Array.isArray(value)) return value.map(wrongCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, wrongCase(one)]));
}
