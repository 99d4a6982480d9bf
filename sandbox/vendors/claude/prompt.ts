import { createHash } from 'node:crypto';
import { PER_TURN, blockTokens, toolTokens } from './tokens.ts';
import type { Block, Json, MessageRequest, Ttl } from './wire.ts';
import { isObject, listOf } from './wire.ts';

type Level = 'tools' | 'system' | 'messages';

/** One block of the prompt, in the order in which the API renders it: tools, system, messages. */
export interface Piece {
  readonly level: Level;
  /** Where it stands in the request, in the words of the API's errors. */
  readonly path: string;
  readonly what: Json;
  readonly tokens: number;
  readonly mark: Ttl | undefined;
  /** May an automatic marker be put on it? */
  readonly cacheable: boolean;
  readonly role?: string;
}

/** A place up to which the prompt may be cached: a hash of everything before it, and how many tokens that is. */
export interface Position {
  readonly hash: string;
  readonly tokens: number;
  readonly mark: Ttl | undefined;
}

export interface Prompt {
  readonly positions: readonly Position[];
  readonly total: number;
}

/** Whose caches may be shared: an organization's workspaces never see each other's. */
export interface Scope {
  readonly organizationId: string;
  readonly workspaceId: string;
}

/** The prompt as the model reads it. */
export function piecesOf(request: MessageRequest): readonly Piece[] {
  const { model, tools, system } = request;
  const pieces: Piece[] = [];
  for (const [n, tool] of tools.entries()) {
    if (isWebSearch(tool)) continue;
    const mark = markOf(tool['cache_control']);
    pieces.push({
      level: 'tools',
      path: `tools.${n}`,
      what: tool,
      tokens: toolTokens(tool, model),
      mark,
      cacheable: true,
    });
  }
  for (const [n, block] of system.entries()) pieces.push(piece('system', `system.${n}`, block, request));
  let role = '';
  const stripped = request.model.keepsThinking ? 0 : lastWords(request);
  for (const [n, turn] of request.turns.entries()) {
    for (const [m, block] of turn.content.entries()) {
      if (n < stripped && isThinking(block)) continue;
      const one = piece('messages', `messages.${n}.content.${m}`, block, request, turn.role);
      // Neighbours of one role are one turn to the model, however they were sent.
      pieces.push(turn.role === role ? one : { ...one, tokens: one.tokens + PER_TURN });
      role = turn.role;
    }
  }
  return automatic(pieces, request.automatic);
}

/** Folds the pieces into positions; what is not a block but changes a level is folded in where that level begins. */
export function layOut(request: MessageRequest, scope: Scope): Prompt {
  const { model, format } = request;
  const thinking = [request.thinking.type, request.thinking.budget ?? 0, request.effort];
  const salts: Readonly<Record<Level, unknown>> = {
    tools: [
      scope.organizationId,
      scope.workspaceId,
      model.id,
      format ?? null,
      model.rendersThinkingFirst ? thinking : 0,
    ],
    system: [request.tools.filter(isWebSearch), contents(request).some(cites)],
    messages: [request.toolChoice, contents(request).some(hasImage), thinking],
  };
  const pieces = piecesOf(request);
  const positions: Position[] = [];
  let [hash, tokens] = ['', 0];
  for (const level of ['tools', 'system', 'messages'] as const) {
    hash = chain(hash, JSON.stringify(salts[level]));
    if (level === 'system')
      tokens += request.tools.filter(isWebSearch).reduce((sum, tool) => sum + toolTokens(tool, model), 0);
    for (const one of pieces.filter((candidate) => candidate.level === level)) {
      hash = chain(hash, `${one.role ?? ''}${canonical(one.what)}`);
      tokens += one.tokens;
      positions.push({ hash, tokens, mark: one.mark });
    }
  }
  return { positions, total: tokens };
}

export function chain(hash: string, more: string): string {
  return createHash('sha256').update(hash).update('\0').update(more).digest('base64url');
}

/** Bytes decide: the order of a block's own fields does not matter, that of what is inside them does. Markers are not content. */
export function canonical(block: Json): string {
  const names = Object.keys(block).sort();
  const fields = names.filter((name) => name !== 'cache_control').map((name) => [name, block[name]]);
  return JSON.stringify(fields, (name, value: unknown) => (name === 'cache_control' ? undefined : value));
}

function isThinking({ type }: Block): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

function piece(level: Level, path: string, block: Block, request: MessageRequest, role?: string): Piece {
  return {
    level,
    path,
    what: block,
    tokens: blockTokens(block, request.model),
    // A marker on a part of a tool's result marks the result.
    mark: markOf(block['cache_control']) ?? innerMark(block),
    cacheable: !isThinking(block) && !(block.type === 'text' && block['text'] === ''),
    ...(role !== undefined && { role }),
  };
}

/** An automatic marker goes to the last block that may carry one, and is nothing where that block has its own. */
function automatic(pieces: readonly Piece[], ttl: Ttl | undefined): readonly Piece[] {
  const last = pieces.findLastIndex(({ cacheable }) => cacheable);
  if (ttl === undefined || pieces[last]?.mark !== undefined) return pieces;
  return pieces.map((one, n) => (n === last ? { ...one, mark: ttl } : one));
}

function markOf(control: unknown): Ttl | undefined {
  if (!isObject(control)) return undefined;
  return control['ttl'] === '1h' ? '1h' : '5m';
}

function innerMark(block: Block): Ttl | undefined {
  if (block.type !== 'tool_result') return undefined;
  const marks = listOf(block['content']).map((part) => (isObject(part) ? markOf(part['cache_control']) : undefined));
  return marks.findLast((mark) => mark !== undefined);
}

/** The turn in which the user last said something that is no tool's result. */
function lastWords({ turns }: MessageRequest): number {
  return turns.findLastIndex(
    ({ role, content }) => role === 'user' && content.some(({ type }) => type !== 'tool_result'),
  );
}

/** Web search is rendered into the system prompt, so turning it on or off leaves the tools' cache alone. */
function isWebSearch(tool: Json): boolean {
  return String(tool['type']).startsWith('web_search');
}

const contents = ({ turns }: MessageRequest): readonly Block[] => turns.flatMap(({ content }) => content);

function hasImage(block: Block): boolean {
  return block.type === 'image' || listOf(block['content']).some((part) => isObject(part) && part['type'] === 'image');
}

function cites({ type, citations }: Block): boolean {
  return type === 'document' && isObject(citations) && citations['enabled'] === true;
}
