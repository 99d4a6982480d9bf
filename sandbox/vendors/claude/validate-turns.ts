import type { Model } from './models.ts';
import { invalid } from './refusal.ts';
import { readBlocks } from './validate-blocks.ts';
import { isObject, listOf } from './wire.ts';
import type { Block, Turn } from './wire.ts';

const MAX_TURNS = 100_000;

/** Which blocks a turn may hold; from the version of 2026-10-21 on the assistant has no documents. */
const TYPES: Readonly<Record<Turn['role'], readonly string[]>> = {
  user: ['text', 'image', 'document', 'search_result', 'tool_result'],
  assistant: ['text', 'thinking', 'redacted_thinking', 'tool_use'],
  system: ['text'],
};

export function readTurns(messages: unknown, model: Model, version: string): readonly Turn[] {
  if (!Array.isArray(messages)) throw invalid('messages: Input should be a valid list');
  if (messages.length === 0) throw invalid('messages: at least one message is required');
  if (messages.length > MAX_TURNS) throw invalid(`messages: at most ${MAX_TURNS} messages are allowed`);
  const turns = messages.map((message, n) => readTurn(message, n, version));
  if (turns[0]?.role !== 'user') throw invalid('messages: first message must use the "user" role');
  checkSystemTurns(turns, model);
  checkToolResults(turns);
  return turns;
}

function readTurn(message: unknown, n: number, version: string): Turn {
  const path = `messages.${n}`;
  if (!isObject(message)) throw invalid(`${path}: Input should be an object`);
  const { role, content } = message;
  if (role === undefined) throw invalid(`${path}.role: Field required`);
  if (role !== 'user' && role !== 'assistant' && role !== 'system')
    throw invalid(`${path}.role: Input should be 'user', 'assistant' or 'system'`);
  if (content === undefined) throw invalid(`${path}.content: Field required`);
  if (content === '' || (Array.isArray(content) && content.length === 0))
    throw invalid(`${path}: all messages must have non-empty content`);
  const old = version === '2023-06-01' && role === 'assistant';
  const blocks = readBlocks(content, `${path}.content`, old ? [...TYPES[role], 'document'] : TYPES[role]);
  const cited = blocks.findIndex(({ type, citations }) => type === 'text' && listOf(citations).length > 0);
  if (version !== '2023-06-01' && role === 'user' && cited >= 0)
    throw invalid(`${path}.content.${cited}.text.citations: Extra inputs are not permitted`);
  return { role, content: blocks };
}

/** A system turn follows the user's and ends the conversation or is followed by the assistant: it never speaks first. */
function checkSystemTurns(turns: readonly Turn[], model: Model): void {
  for (const [n, { role }] of turns.entries()) {
    if (role !== 'system') continue;
    if (!model.systemTurns) throw invalid(`messages.${n}: role 'system' is not supported on this model`);
    if (turns[n - 1]?.role !== 'user')
      throw invalid(`messages.${n}: a system message must immediately follow a user message`);
    const next = turns[n + 1];
    if (next !== undefined && next.role !== 'assistant')
      throw invalid(`messages.${n}: a system message must be the last message or be followed by an assistant message`);
  }
}

/** Every use of a tool is answered in the very next turn of the user, and nothing else is. */
function checkToolResults(turns: readonly Turn[]): void {
  for (const [n, { role, content }] of turns.entries()) {
    const asked = role === 'assistant' ? ids(content, 'tool_use', 'id') : [];
    const next = turns.slice(n + 1).find((turn) => turn.role !== 'system');
    const answered = next?.role === 'user' ? ids(next.content, 'tool_result', 'tool_use_id') : [];
    const open = asked.filter((id) => !answered.includes(id));
    if (open.length > 0 && next !== undefined)
      throw invalid(
        `messages.${n}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
          'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
      );
    if (role !== 'user') continue;
    const before = turns[n - 1]?.role === 'assistant' ? ids(turns[n - 1]?.content ?? [], 'tool_use', 'id') : [];
    const stray = content.findIndex(
      ({ type, tool_use_id }) => type === 'tool_result' && !before.includes(String(tool_use_id)),
    );
    if (stray >= 0)
      throw invalid(
        `messages.${n}.content.${stray}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ` +
          `${String(content[stray]?.['tool_use_id'])}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
  }
}

function ids(content: readonly Block[], type: string, field: string): readonly string[] {
  return content.filter((block) => block.type === type).map((block) => String(block[field]));
}
