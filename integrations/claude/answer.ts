import type { Anthropic } from '@anthropic-ai/sdk';
import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import type { Usage } from '../../domain/assistant/prices.ts';
import type { ModelAnswer, ModelFailure } from '../../domain/ports/model.ts';
import { laterUsage, unpricedBy, usageOf, type VendorUsage } from './usage.ts';

/** What has come of an answer so far. It is gathered in memory: nothing half said goes anywhere. */
export interface Heard {
  readonly messageId: string | null;
  readonly usage: VendorUsage | undefined;
  /** Undefined until the answer is whole: its last news are why it ended, and what all of it is billed by. */
  readonly stop: Anthropic.StopReason | undefined;
  readonly text: string;
  /** The first that was called; `block` is where it stands in the answer. */
  readonly tool: { readonly block: number; readonly name: string; readonly json: string } | undefined;
  /** All of what was said, thinking too. */
  readonly characters: number;
}

export const nothingHeard: Heard = {
  messageId: null,
  usage: undefined,
  stop: undefined,
  text: '',
  tool: undefined,
  characters: 0,
};

export function afterEvent(heard: Heard, event: Anthropic.RawMessageStreamEvent): Heard {
  switch (event.type) {
    case 'message_start':
      return { ...heard, messageId: event.message.id, usage: event.message.usage };
    case 'content_block_start': {
      const { content_block: block, index } = event;
      if (block.type === 'text') return saying(heard, block.text);
      if (block.type !== 'tool_use' || heard.tool !== undefined) return heard;
      return { ...heard, tool: { block: index, name: block.name, json: '' } };
    }
    case 'content_block_delta':
      return afterDelta(heard, event.delta, event.index);
    case 'message_delta':
      return {
        ...heard,
        usage: laterUsage(heard.usage ?? {}, event.usage),
        stop: event.delta.stop_reason ?? heard.stop,
      };
    // The vendor adds kinds of events, and asks to pass over those that one does not know.
    default:
      return heard;
  }
}

function afterDelta(heard: Heard, delta: Anthropic.RawContentBlockDelta, index: number): Heard {
  switch (delta.type) {
    case 'text_delta':
      return saying(heard, delta.text);
    case 'input_json_delta': {
      const characters = heard.characters + delta.partial_json.length;
      const { tool } = heard;
      if (tool?.block !== index) return { ...heard, characters };
      return { ...heard, characters, tool: { ...tool, json: tool.json + delta.partial_json } };
    }
    case 'thinking_delta':
      return { ...heard, characters: heard.characters + delta.thinking.length };
    default:
      return heard;
  }
}

function saying(heard: Heard, text: string): Heard {
  return { ...heard, text: heard.text + text, characters: heard.characters + text.length };
}

/** An answer that came in one piece. */
export function heardWhole({ id, usage, stop_reason, content }: Anthropic.Message): Heard {
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const block = content.findIndex(({ type }) => type === 'tool_use');
  const called = content[block];
  const tool =
    called?.type === 'tool_use' ? { block, name: called.name, json: JSON.stringify(called.input) } : undefined;
  const characters = text.length + (tool?.json.length ?? 0);
  return { messageId: id, usage, stop: stop_reason ?? undefined, text, tool, characters };
}

export interface Asked {
  readonly marks: readonly Breakpoint[];
  readonly tier: 'standard' | 'batch';
}

type Ended =
  | Omit<ModelAnswer, 'requestId' | 'firstByteMs' | 'ms'>
  | Omit<ModelFailure, 'requestId'>
  /** It broke off. */
  | undefined;

/** What an answer that ended comes to; an answer that cannot be billed by what it says is none. */
export function endOf({ stop, usage: told = {}, text, tool, messageId }: Heard, { marks, tier }: Asked): Ended {
  if (stop === undefined) return undefined;
  const usage = usageOf(told, marks);
  const why = usage === undefined ? 'unclear_usage' : unpricedBy(told, tier);
  if (usage === undefined || why !== undefined) return { kind: 'failed', how: 'unpriced', then: 'never', code: why! };
  // What is refused before a word of output is free of charge.
  if (stop === 'refusal' && usage.output === 0) return { kind: 'failed', how: 'declined', then: 'never', code: stop };
  return {
    kind: 'answered',
    text,
    tool: tool === undefined ? null : { name: tool.name, input: inputOf(tool.json) },
    stop: stops[stop] ?? 'cut',
    usage,
    messageId,
  };
}

/** A pause is one of tools that the vendor runs, of which we have none: what follows it is missing. A word that is not known counts as one. */
const stops: Readonly<Partial<Record<string, ModelAnswer['stop']>>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  tool_use: 'end',
  refusal: 'refused',
};

/** What the beginning told of the prompt, where that is enough to bound its cost. */
export function begunOf({ usage: told }: Heard, { marks, tier }: Asked): Usage | undefined {
  return told === undefined || unpricedBy(told, tier) !== undefined ? undefined : usageOf(told, marks);
}

/** A tool without fields is called with no JSON at all; what was cut short is given as it came, and fits no schema. */
function inputOf(json: string): unknown {
  try {
    return json === '' ? {} : JSON.parse(json);
  } catch {
    return json;
  }
}
