import { canonical, chain } from './prompt.ts';
import type { Store } from './store.ts';
import type { Json, MessageRequest } from './wire.ts';

/**
 * Why a request could not read what an earlier one wrote: the first level at which the two differ. Other settings than the four named
 * ones are only `unavailable`.
 */
export function missReason(store: Store, request: MessageRequest, read: number): Json | null {
  const id = request.previousMessageId;
  if (id == null) return null;
  const before = store.get('messages', id);
  if (before === undefined) return { type: 'previous_message_not_found' };
  const now = fingerprint(request);
  const missed = { cache_missed_input_tokens: Math.max(0, Number(before['prompt']) - read) };
  if (before['model'] !== now.model) return { type: 'model_changed', ...missed };
  if (before['tools'] !== now.tools) return { type: 'tools_changed', ...missed };
  if (before['system'] !== now.system) return { type: 'system_changed', ...missed };
  if (before['settings'] !== now.settings) return { type: 'unavailable' };
  const earlier = before['turns'] as readonly string[];
  return earlier.every((turn, n) => now.turns[n] === turn) ? null : { type: 'messages_changed', ...missed };
}

/** Remembers a request that may be asked about; `prompt` is how much of it a later one could have read. */
export function rememberPrompt(store: Store, messageId: string, request: MessageRequest, prompt: number): void {
  if (request.previousMessageId === undefined) return;
  store.put('messages', { id: messageId, ...fingerprint(request), prompt });
}

function fingerprint(request: MessageRequest): {
  model: string;
  tools: string;
  system: string;
  settings: string;
  turns: readonly string[];
} {
  const { model, tools, system, turns, thinking, effort, format, toolChoice } = request;
  return {
    model: model.id,
    tools: chain('', tools.map(canonical).join()),
    system: chain('', system.map(canonical).join()),
    settings: chain('', JSON.stringify([thinking, effort, format, toolChoice])),
    turns: turns.map(({ role, content }) => chain(role, content.map(canonical).join())),
  };
}
