import { describe, expect, it } from '@jest/globals';
import type { Breakpoint } from '../../../domain/assistant/breakpoints.ts';
import { promptOf, stableLayer, type Prompt, type PromptParts } from '../../../domain/assistant/layers.ts';
import { countParams, messageParams } from '../../../integrations/claude/request.ts';

const tool = (name: string): object => ({
  tool: {
    strict: true,
    name,
    description: `What ${name} is for.`,
    input_schema: {
      type: 'object',
      properties: { b: { type: 'string' }, a: { type: 'string' } },
      required: ['a', 'b'],
    },
  },
});

const parts: PromptParts = {
  model: 'claude-sonnet-5-5',
  settings: { effort: 'low', thinking: 'between_tools' },
  global: stableLayer('global', [tool('one'), tool('two'), { text: 'You answer for an agent.' }]),
  location: stableLayer('location', [{ text: 'Office hours are nine to five.' }]),
  conversation: [
    { role: 'user', text: 'Is it still for sale?' },
    { role: 'assistant', text: 'It is.' },
    { role: 'user', text: 'Can I see it?' },
  ],
  volatile: [{ text: 'Draft a reply.' }],
};

const marks: readonly Breakpoint[] = [
  { layer: 'global', block: 2, ttl: '1h' },
  { layer: 'location', block: 0, ttl: '1h' },
  { layer: 'conversation', block: 2, ttl: '5m' },
];

function paramsOf(change: Partial<PromptParts> = {}, at: readonly Breakpoint[] = marks) {
  return messageParams({ prompt: promptOf({ ...parts, ...change }), marks: at, maxTokens: 300 });
}

/** The bytes of every block that is sent, without its mark: what the vendor's cache tells blocks apart by. */
function bytesOf(prompt: Prompt, at: readonly Breakpoint[] = marks): string[] {
  const { tools = [], system, messages } = messageParams({ prompt, marks: at, maxTokens: 300 });
  const blocks = [...tools, ...(system as object[]), ...messages.flatMap(({ content }) => content as object[])];
  return blocks.map((block) => JSON.stringify({ ...block, cache_control: undefined }));
}

describe('a request to Claude', () => {
  it('lays the layers out as tools, system and messages, and nothing that current models refuse', () => {
    expect(paramsOf()).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 300,
      tools: [expect.objectContaining({ name: 'one', strict: true }), expect.objectContaining({ name: 'two' })],
      system: [
        { type: 'text', text: 'You answer for an agent.', cache_control: { type: 'ephemeral', ttl: '1h' } },
        { type: 'text', text: 'Office hours are nine to five.', cache_control: { type: 'ephemeral', ttl: '1h' } },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Is it still for sale?' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'It is.' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Can I see it?', cache_control: { type: 'ephemeral', ttl: '5m' } },
            { type: 'text', text: 'Draft a reply.' },
          ],
        },
      ],
      output_config: { effort: 'low' },
      thinking: { type: 'between_tools' },
      service_tier: 'standard_only',
    });
  });

  it('counts the blocks of a layer through tools and texts when it sets a mark', () => {
    const { tools, system } = paramsOf({}, [{ layer: 'global', block: 1, ttl: '5m' }]);
    expect(tools?.[1]).toHaveProperty('cache_control', { type: 'ephemeral', ttl: '5m' });
    expect(JSON.stringify([tools?.[0], system])).not.toContain('cache_control');
  });

  it('keeps the bytes of equal blocks equal, whatever else a call holds and wherever its marks are', () => {
    const first = bytesOf(promptOf(parts));
    const grown = promptOf({
      ...parts,
      conversation: [...parts.conversation, { role: 'assistant', text: 'Yes.' }, { role: 'user', text: 'At ten?' }],
      volatile: [{ text: 'Read this.' }],
    });
    const later = bytesOf(grown, [{ layer: 'conversation', block: 4, ttl: '1h' }]);
    expect(later.slice(0, 7)).toEqual(first.slice(0, 7));
    // The control: a word that differs is seen.
    const other = promptOf({
      ...parts,
      location: stableLayer('location', [{ text: 'Office hours are nine to six.' }]),
    });
    expect(bytesOf(other)).not.toEqual(first);
  });

  it('makes the same bytes of a tool whose fields were written in another order', () => {
    const { tool: written } = tool('one') as { tool: Record<string, unknown> };
    const turned = { tool: Object.fromEntries(Object.entries(written).reverse()) };
    const one = bytesOf(promptOf({ ...parts, global: stableLayer('global', [tool('one'), { text: 'x' }]) }), []);
    const two = bytesOf(promptOf({ ...parts, global: stableLayer('global', [turned, { text: 'x' }]) }), []);
    expect(two).toEqual(one);
  });

  it('gives the user the last turn, also where nothing was said or the assistant spoke last', () => {
    const ping = paramsOf({ conversation: [], volatile: [] }, []);
    expect(ping.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: '-' }] }]);
    const after = paramsOf({ conversation: parts.conversation.slice(0, 2) }, []);
    expect(after.messages.at(-1)).toEqual({ role: 'user', content: [{ type: 'text', text: 'Draft a reply.' }] });
  });

  it('names whom it is for where it is told, and counts the same prompt without marks', () => {
    const prompt = promptOf(parts);
    const named = messageParams({ prompt, marks, maxTokens: 300, userId: 'a1b2' });
    expect(named.metadata).toEqual({ user_id: 'a1b2' });
    expect(paramsOf()).not.toHaveProperty('metadata');
    const counted = countParams(prompt);
    expect(JSON.stringify(counted)).not.toContain('cache_control');
    expect(counted.messages.flatMap(({ content }) => content as object[])).toHaveLength(4);
  });

  it.each([
    ['a mark on a block that is not there', {}, [{ layer: 'location', block: 1, ttl: '1h' }]],
    ['a tool behind a text', { global: stableLayer('global', [{ text: 'x' }, tool('one')]) }, []],
    ['a setting that would not be sent', { settings: { effort: 'low', format: 'json' } }, []],
  ] as const)('refuses %s', (_, change, at) => {
    expect(() => paramsOf(change, at)).toThrow(RangeError);
  });
});
