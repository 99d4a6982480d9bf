import { isObject } from './wire.ts';
import type { Block, Json } from './wire.ts';

export interface StreamEvent {
  readonly name: string;
  readonly data: Json;
  /** Output tokens that the caller has once it got this. */
  readonly tokens: number;
}

/** Characters of one delta. */
const PIECE = 20;

/**
 * The events of a message in the documented order: `message_start`; per block its start, deltas and stop; `message_delta` with the
 * whole usage; `message_stop`. A `ping` follows the first block's start.
 */
export function* eventsOf(message: Json, cut: ReadonlyMap<number, string>): Generator<StreamEvent> {
  const content = message['content'] as readonly Block[];
  const usage = message['usage'] as Json;
  const total = Number(usage['output_tokens']);
  const { stop_reason, stop_sequence, stop_details, container } = message;
  const start = { ...usage, output_tokens: Math.min(1, total), output_tokens_details: null };
  const empty = { content: [], stop_reason: null, stop_sequence: null, stop_details: null, usage: start };
  yield { name: 'message_start', data: { type: 'message_start', message: { ...message, ...empty } }, tokens: 0 };
  const deltas = content.map((block, index) => deltasOf(block, cut.get(index)));
  const all = deltas.reduce((sum, one) => sum + one.length, 0);
  let sent = 0;
  for (const [index, block] of content.entries()) {
    const at = () => (all === 0 ? total : Math.floor((total * sent) / all));
    const begun = { type: 'content_block_start', index, content_block: bare(block) };
    yield { name: 'content_block_start', data: begun, tokens: at() };
    if (index === 0) yield { name: 'ping', data: { type: 'ping' }, tokens: at() };
    for (const delta of deltas[index] ?? []) {
      sent += 1;
      yield { name: 'content_block_delta', data: { type: 'content_block_delta', index, delta }, tokens: at() };
    }
    yield { name: 'content_block_stop', data: { type: 'content_block_stop', index }, tokens: at() };
  }
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens_details, server_tool_use } =
    usage;
  const delta = { stop_reason, stop_sequence, stop_details, container };
  const counted = {
    ...{ input_tokens, cache_creation_input_tokens, cache_read_input_tokens },
    ...{ output_tokens: total, output_tokens_details, server_tool_use },
  };
  yield { name: 'message_delta', data: { type: 'message_delta', delta, usage: counted }, tokens: total };
  yield { name: 'message_stop', data: { type: 'message_stop' }, tokens: total };
}

/** One event on the wire. */
export function eventText(name: string, data: Json): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function bare(block: Block): Json {
  if (block.type === 'text') return { ...block, text: '' };
  if (block.type === 'thinking') return { ...block, thinking: '', signature: '' };
  return block.type === 'tool_use' ? { ...block, input: {} } : block;
}

function deltasOf(block: Block, cut: string | undefined): readonly Json[] {
  if (block.type === 'text') return pieces(String(block['text'])).map((text) => ({ type: 'text_delta', text }));
  if (block.type === 'thinking') {
    const words = pieces(String(block['thinking'])).map((thinking) => ({ type: 'thinking_delta', thinking }));
    return [...words, { type: 'signature_delta', signature: block['signature'] }];
  }
  if (block.type !== 'tool_use') return [];
  const json = cut ?? (isObject(block['input']) ? JSON.stringify(block['input']) : '');
  return ['', ...pieces(json)].map((partial_json) => ({ type: 'input_json_delta', partial_json }));
}

/** Whole characters: a pair of surrogates is never torn apart. */
function pieces(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${PIECE}}`, 'gu')) ?? [];
}
