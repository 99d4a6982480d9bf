import { piecesOf } from './prompt.ts';
import { invalid } from './refusal.ts';
import { isObject, listOf } from './wire.ts';
import type { Block, Json, MessageRequest, Ttl } from './wire.ts';

const MAX_MARKERS = 4;

/** The fields that a block of a type must have, and of which kind. */
const REQUIRED: Readonly<Record<string, readonly (readonly [field: string, kind: 'string' | 'object' | 'any'])[]>> = {
  text: [['text', 'string']],
  image: [['source', 'object']],
  document: [['source', 'object']],
  search_result: [['source', 'string']],
  thinking: [
    ['thinking', 'string'],
    ['signature', 'string'],
  ],
  redacted_thinking: [['data', 'string']],
  tool_use: [
    ['id', 'string'],
    ['name', 'string'],
    ['input', 'object'],
  ],
  tool_result: [['tool_use_id', 'string']],
};

/** The blocks of a content: a text stands for one block. */
export function readBlocks(content: unknown, path: string, types: readonly string[]): readonly Block[] {
  if (typeof content === 'string') return readBlocks([{ type: 'text', text: content }], path, types);
  if (!Array.isArray(content)) throw invalid(`${path}: Input should be a valid string or a valid list`);
  return content.map((block, n) => readBlock(block, `${path}.${n}`, types));
}

function readBlock(block: unknown, path: string, types: readonly string[]): Block {
  if (!isObject(block)) throw invalid(`${path}: Input should be an object`);
  const { type } = block;
  if (typeof type !== 'string') throw invalid(`${path}.type: Field required`);
  const required = REQUIRED[type];
  if (required === undefined || !types.includes(type))
    throw invalid(
      `${path}: Input tag '${type}' found using 'type' does not match any of the expected tags: ${types.map((one) => `'${one}'`).join(', ')}`,
    );
  for (const [field, kind] of required) {
    const value = block[field];
    if (value === undefined) throw invalid(`${path}.${type}.${field}: Field required`);
    if (kind === 'object' ? !isObject(value) : kind === 'string' && typeof value !== 'string')
      throw invalid(`${path}.${type}.${field}: Input should be a valid ${kind === 'object' ? 'dictionary' : 'string'}`);
  }
  checkControl(block, path);
  if (type === 'text' && block['text'] === '') throw invalid(`${path}: text content blocks must be non-empty`);
  if (type === 'tool_result' && Array.isArray(block['content']))
    readBlocks(block['content'], `${path}.content`, ['text', 'image', 'document', 'search_result']);
  return { ...block, type };
}

function checkControl(block: Json, path: string): void {
  if (block['cache_control'] == null) return;
  if (block['type'] === 'thinking' || block['type'] === 'redacted_thinking')
    throw invalid(`${path}.cache_control: Extra inputs are not permitted`);
  readTtl(block['cache_control'], `${path}.cache_control`);
  if (block['text'] === '') throw invalid(`${path}: cache_control cannot be set for empty text blocks`);
}

export function readTtl(control: unknown, path: string): Ttl {
  if (!isObject(control) || control['type'] !== 'ephemeral') throw invalid(`${path}.type: Input should be 'ephemeral'`);
  const ttl = control['ttl'] ?? '5m';
  if (ttl !== '5m' && ttl !== '1h') throw invalid(`${path}.ttl: Input should be '5m' or '1h'`);
  return ttl;
}

/** At most four markers, the automatic one included, the longer lifetimes first. */
export function checkMarkers(request: MessageRequest): void {
  const bare = piecesOf({ ...request, automatic: undefined }).filter(({ mark }) => mark !== undefined);
  const explicit = bare.length + innerMarkers(request);
  const all = piecesOf(request);
  const last = all.findLast(({ cacheable }) => cacheable);
  const automatic = request.automatic !== undefined && bare.at(-1) !== undefined && bare.at(-1)?.path === last?.path;
  if (automatic && last?.mark !== request.automatic)
    throw invalid('cache_control: the last block already has a cache_control with a different ttl');
  const used = explicit + (request.automatic !== undefined && !automatic ? 1 : 0);
  if (used > MAX_MARKERS)
    throw invalid(`A maximum of ${MAX_MARKERS} blocks with cache_control may be provided. Found ${used}.`);
  let short = false;
  for (const { mark, path } of all) {
    if (mark === '1h' && short)
      throw invalid(
        `${path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. ` +
          'Note that blocks are processed in the following order: `tools`, `system`, `messages`.',
      );
    short ||= mark === '5m';
  }
}

/** Markers on parts of a tool's result count one by one, though they mark one place. */
function innerMarkers({ turns }: MessageRequest): number {
  const results = turns.flatMap(({ content }) => content).filter(({ type }) => type === 'tool_result');
  return results.reduce((sum, block) => {
    const inner = listOf(block['content']).filter((part) => isObject(part) && part['cache_control'] != null).length;
    return sum + Math.max(0, inner - (block['cache_control'] == null ? 1 : 0));
  }, 0);
}

/** A conversation that ends with the assistant asks for its words to be continued; most models refuse. */
export function checkPrefix({ model, turns, thinking }: MessageRequest, body: Json): void {
  if (turns.at(-1)?.role !== 'assistant') return;
  if (!model.prefill)
    throw invalid(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  const text = turns.at(-1)?.content.at(-1)?.['text'];
  if (typeof text === 'string' && text !== text.trimEnd())
    throw invalid('messages: final assistant content cannot end with trailing whitespace');
  if (thinking.type === 'enabled' && body['thinking'] != null)
    throw invalid('messages: prefill is not supported with thinking enabled');
}
