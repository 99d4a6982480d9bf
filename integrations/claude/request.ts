import type { Anthropic } from '@anthropic-ai/sdk';
import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import type { CachedLayer, Prompt } from '../../domain/assistant/layers.ts';
import type { ModelRequest } from '../../domain/ports/model.ts';

type Params = Anthropic.MessageCreateParamsNonStreaming;
type Content = Anthropic.TextBlockParam[];
type Mark = Pick<Anthropic.TextBlockParam, 'cache_control'>;
type MarkAt = (layer: CachedLayer, block: number) => Mark;

/** What stands where the vendor wants a turn of the user and there is none: in a ping, and after an answer of the assistant. */
const NOTHING_SAID = '-';

/**
 * A call as the vendor wants it. Equal blocks become equal bytes whatever else the call holds: every field is written in one order, and a mark
 * comes last in its block. Neighbouring messages of one side are one turn to the vendor, so that each block stays a message of its own.
 * @throws RangeError for a mark on a block that is not there, a tool behind a text, and a setting that is not known
 */
export function messageParams(request: ModelRequest): Params {
  // Capacity that somebody has bought ahead has another price.
  return { ...batchParams(request), service_tier: 'standard_only' };
}

/** The same call as one of a batch, which is a tier of its own. */
export function batchParams({ prompt, marks, maxTokens, userId }: ModelRequest): Params {
  return {
    model: prompt.model,
    max_tokens: maxTokens,
    ...promptParams(prompt, marks),
    ...(userId === undefined ? {} : { metadata: { user_id: userId } }),
  };
}

/** The same prompt to be counted; marks change no count. */
export function countParams(prompt: Prompt): Anthropic.MessageCountTokensParams {
  return { model: prompt.model, ...promptParams(prompt, []) };
}

function promptParams(
  prompt: Prompt,
  marks: readonly Breakpoint[],
): Pick<Params, 'tools' | 'system' | 'messages' | 'output_config' | 'thinking'> {
  const markAt = marking(prompt, marks);
  const { tools, texts } = globalParts(prompt, markAt);
  const system = [...texts, ...prompt.location.blocks.map((block, at) => text(block, markAt('location', at)))];
  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(system.length === 0 ? {} : { system }),
    messages: messages(prompt, markAt),
    ...settings(prompt.settings),
  };
}

function globalParts(prompt: Prompt, markAt: MarkAt): { tools: Anthropic.Tool[]; texts: Content } {
  const tools: Anthropic.Tool[] = [];
  const texts: Content = [];
  prompt.global.blocks.forEach((block, at) => {
    const { tool } = JSON.parse(block) as { readonly tool?: Anthropic.Tool };
    if (tool === undefined) texts.push(text(block, markAt('global', at)));
    else if (texts.length > 0) throw new RangeError('Tools stand before all texts of the global layer.');
    else tools.push({ ...tool, ...markAt('global', at) });
  });
  return { tools, texts };
}

/** What holds for this call only stands behind the conversation, in the user's last turn. */
function messages(prompt: Prompt, markAt: MarkAt): Anthropic.MessageParam[] {
  const turns = prompt.conversation.map((block, at) => {
    const { role } = JSON.parse(block) as { readonly role: 'user' | 'assistant' };
    return { role, content: [text(block, markAt('conversation', at))] };
  });
  const volatile = prompt.volatile.map((block) => text(block, {}));
  const last = turns.at(-1);
  if (last?.role === 'user') last.content.push(...volatile);
  else turns.push({ role: 'user', content: volatile.length > 0 ? volatile : [{ type: 'text', text: NOTHING_SAID }] });
  return turns;
}

function text(block: string, mark: Mark): Anthropic.TextBlockParam {
  return { type: 'text', text: (JSON.parse(block) as { readonly text: string }).text, ...mark };
}

function marking(prompt: Prompt, marks: readonly Breakpoint[]): MarkAt {
  const lengths: Readonly<Record<CachedLayer, number>> = {
    global: prompt.global.blocks.length,
    location: prompt.location.blocks.length,
    conversation: prompt.conversation.length,
  };
  if (marks.some(({ layer, block }) => block < 0 || block >= lengths[layer]))
    throw new RangeError('A mark stands on a block that the prompt does not have.');
  return (layer, block) => {
    const mark = marks.find((one) => one.layer === layer && one.block === block);
    return mark === undefined ? {} : { cache_control: { type: 'ephemeral', ttl: mark.ttl } };
  };
}

interface Settings {
  readonly effort?: NonNullable<Anthropic.OutputConfig['effort']>;
  readonly thinking?: 'adaptive' | 'between_tools' | 'disabled';
}

function settings(canonical: string): Pick<Params, 'output_config' | 'thinking'> {
  const { effort, thinking, ...unknown } = JSON.parse(canonical) as Settings;
  if (Object.keys(unknown).length > 0)
    throw new RangeError(`Settings that are not sent: ${Object.keys(unknown).join(', ')}.`);
  return {
    ...(effort === undefined ? {} : { output_config: { effort } }),
    ...(thinking === undefined ? {} : { thinking: { type: thinking } }),
  };
}
