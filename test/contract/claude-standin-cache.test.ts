import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import { MODEL, ask, call, counted, fresh, look, order, startClaude, textOf } from '../support/claude-standin.ts';
import type { Counted } from '../support/claude-standin.ts';

let standin: ClaudeStandin;

beforeAll(async () => {
  standin = await startClaude();
});

beforeEach(() => fresh(standin));

afterAll(() => standin.close());

type Fields = Readonly<Record<string, unknown>>;
const use = async (fields: Fields, headers = {}): Promise<Counted> => counted(await ask(standin, fields, headers));
const later = (minutes: number) => order(standin, 'clock', { advanceMs: minutes * 60_000 });
const user = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
/** Waits until the stand-in has a call that it does not answer yet. */
async function arrived(): Promise<void> {
  while (Number((await look(standin, 'ledger'))['last']) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
/** A turn costs 3 tokens beside its blocks. */
const TURN = 3;

describe('the documentation’s examples', () => {
  it('100,000 tokens of cached content and 50 behind the marker', async () => {
    const prompt = { system: [textOf(100_000, 'book', '5m')], ...user(textOf(47, 'question')) };
    expect(await use(prompt)).toEqual({ read: 0, write1h: 0, write5m: 100_000, input: 50 });
    expect(await use(prompt)).toEqual({ read: 100_000, write1h: 0, write5m: 0, input: 50 });
  });

  it('mixed lifetimes: reads up to A, writes B − A for an hour and C − B for five minutes', async () => {
    const first = textOf(1_800, 'first', '1h');
    await use({ system: [first] });
    const mixed = {
      system: [first, textOf(100, 'second', '1h')],
      ...user(textOf(148 - TURN, 'third', '5m'), textOf(2_048, 'question')),
    };
    expect(await use(mixed)).toEqual({ read: 1_800, write1h: 100, write5m: 148, input: 2_048 });
    expect(await use(mixed)).toEqual({ read: 2_048, write1h: 0, write5m: 0, input: 2_048 });
  });

  it('a talk with an automatic marker reads up to the last question and writes what came since', async () => {
    const auto = { cache_control: { type: 'ephemeral' }, system: [textOf(600, 'system')] };
    const turns = (n: number) =>
      Array.from({ length: n }, (_, at) => ({
        role: at % 2 ? 'assistant' : 'user',
        content: [textOf(97, `turn ${at}`)],
      }));
    expect(await use({ ...auto, messages: turns(1) })).toEqual({ read: 0, write1h: 0, write5m: 700, input: 0 });
    expect(await use({ ...auto, messages: turns(3) })).toEqual({ read: 700, write1h: 0, write5m: 200, input: 0 });
    expect(await use({ ...auto, messages: turns(5) })).toEqual({ read: 900, write1h: 0, write5m: 200, input: 0 });
  });

  it('the look-back: 10 blocks, then 15, then 35, of which 20 positions are looked at', async () => {
    const blocks = (count: number, ...marked: number[]) =>
      user(
        ...Array.from({ length: count }, (_, n) =>
          textOf(100, `block ${n + 1}`, marked.includes(n + 1) ? '5m' : undefined),
        ),
      );
    expect(await use(blocks(10, 10))).toMatchObject({ read: 0, write5m: 1_000 + TURN });
    expect(await use(blocks(15, 15))).toMatchObject({ read: 1_000 + TURN, write5m: 500 });
    expect(await use(blocks(35, 35))).toMatchObject({ read: 0, write5m: 3_500 + TURN });
    await fresh(standin);
    await use(blocks(15, 15));
    expect(await use(blocks(35, 15, 35))).toMatchObject({ read: 1_500 + TURN, write5m: 2_000 });
    await fresh(standin);
    await use(blocks(15, 15));
    expect(await use(blocks(34, 34))).toMatchObject({ read: 1_500 + TURN, write5m: 1_900 });
  });

  it('a marker on a block that changes every time writes every time and never reads', async () => {
    const request = (time: string) => user(textOf(1_000, 'stable'), textOf(100, time, '5m'));
    await use(request('12:00'));
    expect(await use(request('12:01'))).toMatchObject({ read: 0, write5m: 1_100 + TURN });
    const moved = (time: string) => user(textOf(1_000, 'stable', '5m'), textOf(100, time));
    await use(moved('12:02'));
    expect(await use(moved('12:03'))).toEqual({ read: 1_000 + TURN, write1h: 0, write5m: 0, input: 100 });
  });

  it('pre-warming: no output, a write, and what follows reads it', async () => {
    const system = [textOf(5_120, 'system', '5m')];
    const { body } = await ask(standin, { system, max_tokens: 0, messages: [{ role: 'user', content: 'warmup' }] });
    expect(body).toMatchObject({ content: [], stop_reason: 'max_tokens', usage: { output_tokens: 0 } });
    expect(body['usage']).toMatchObject({ cache_creation_input_tokens: 5_120, cache_read_input_tokens: 0 });
    expect(await use({ system })).toMatchObject({ read: 5_120, write5m: 0 });
  });
});

describe('lifetimes', () => {
  const short = { system: [textOf(1_000, 'system', '5m')] };

  it('end five minutes or an hour after the start of the last request that used the entry', async () => {
    await use(short);
    await later(4.9);
    expect(await use(short)).toMatchObject({ read: 1_000 });
    await later(4.9);
    expect(await use(short)).toMatchObject({ read: 1_000 });
    await later(5);
    expect(await use(short)).toMatchObject({ read: 0, write5m: 1_000 });
    const long = { system: [textOf(1_000, 'long', '1h')] };
    await use(long);
    await later(59);
    expect(await use(long)).toMatchObject({ read: 1_000 });
    await later(60);
    expect(await use(long)).toMatchObject({ read: 0, write1h: 1_000 });
  });

  it('count from the start, not from the first byte', async () => {
    await order(standin, 'faults', { match: { path: '/v1/messages' }, delayMs: 250 });
    const slow = use(short);
    await arrived();
    await later(4);
    await slow;
    await later(0.9);
    expect(await use(short)).toMatchObject({ read: 1_000 });
    await fresh(standin);
    await order(standin, 'faults', { match: { path: '/v1/messages' }, delayMs: 250 });
    const again = use(short);
    await arrived();
    await later(4);
    await again;
    await later(1.1);
    expect(await use(short)).toMatchObject({ read: 0, write5m: 1_000 });
  });

  it('are refreshed for every marked part that is read, not for the longest alone', async () => {
    const talk = (name: string) => ({ system: [textOf(1_000, 'global', '1h')], ...user(textOf(100, name, '1h')) });
    await use(talk('one'));
    await later(50);
    await use(talk('one'));
    await later(50);
    expect(await use(talk('two'))).toMatchObject({ read: 1_000 });
  });
});

it('an entry can be read only once the first answer begins: both of two cold requests pay', async () => {
  const prompt = { system: [textOf(1_000, 'system', '5m')] };
  await order(standin, 'faults', { match: { path: '/v1/messages' }, times: 1, delayMs: 3_000 });
  const first = use(prompt);
  await arrived();
  expect(await use(prompt)).toMatchObject({ read: 0, write5m: 1_000 });
  expect(await first).toMatchObject({ read: 0, write5m: 1_000 });
  expect(await use(prompt)).toMatchObject({ read: 1_000, write5m: 0 });
});

it.each([
  ['claude-haiku-5-5', 512],
  ['claude-sonnet-5-5', 512],
  ['claude-sonnet-5', 1_024],
  ['claude-opus-4-7', 2_048],
])('%s does not cache below %i tokens and says nothing', async (model, minimum) => {
  const prompt = (tokens: number) => ({ model, system: [textOf(tokens, 'system', '5m')] });
  expect(await use(prompt(minimum - 1))).toMatchObject({ read: 0, write5m: 0, write1h: 0 });
  expect(await use(prompt(minimum))).toMatchObject({ write5m: minimum });
});

it('neither organizations nor workspaces nor models share entries, keys of one workspace do', async () => {
  const prompt = { system: [textOf(1_000, 'system', '5m')] };
  await order(standin, 'keys', { key: 'sk-ant-abroad', organizationId: 'org-2' });
  await use(prompt);
  expect(await use(prompt, { 'anthropic-workspace-id': 'wrkspc_2' })).toMatchObject({ read: 0 });
  expect(await use(prompt, { 'x-api-key': 'sk-ant-abroad' })).toMatchObject({ read: 0 });
  expect(await use({ ...prompt, model: 'claude-opus-5-5' })).toMatchObject({ read: 0 });
  expect(await use(prompt, { 'x-api-key': 'sk-ant-2' })).toMatchObject({ read: 1_000 });
});

it('a refusal before the first word writes nothing', async () => {
  const prompt = { system: [textOf(1_000, 'system', '5m')] };
  await order(standin, 'script', { answers: [{ refusal: { category: 'cyber' } }] });
  await use(prompt);
  expect(await use(prompt)).toMatchObject({ read: 0 });
});

describe('what invalidates which level', () => {
  const tool = { name: 'find', description: 'Finds'.padEnd(2_500), input_schema: { type: 'object' } };
  const search = { type: 'web_search_20250305', name: 'web_search' };
  const marked = { ...tool, cache_control: { type: 'ephemeral' } };
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  const cited = {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'A' },
    citations: { enabled: true },
  };
  const base = { tools: [marked], system: [textOf(1_000, 'system', '5m')] };
  const talk = (...more: unknown[]) => user(textOf(1_000, 'talk', '5m'), ...more);
  const LEVELS = ['', 'tools', 'tools system', 'tools system messages'];

  /** Which levels a changed request still reads. */
  async function kept(change: Fields, model = MODEL): Promise<string> {
    const first = counted(await ask(standin, { model, ...base, ...talk() }));
    const tools = first.write5m - 2_000 - TURN;
    const { read } = counted(await ask(standin, { model, ...base, ...talk(), ...change }));
    return LEVELS[[0, tools, tools + 1_000, tools + 2_000 + TURN].indexOf(read)] ?? `${read}`;
  }

  it.each([
    ['nothing', {}, 'tools system messages'],
    ['a tool’s description', { tools: [{ ...marked, description: 'Other'.padEnd(2_500) }] }, ''],
    ['another tool', { tools: [{ ...tool, name: 'other' }, marked] }, ''],
    ['the web search', { tools: [search, marked] }, 'tools'],
    ['the system', { system: [textOf(1_000, 'other', '5m')] }, 'tools'],
    ['citations', talk(cited), 'tools'],
    ['tool_choice', { tool_choice: { type: 'any' } }, 'tools system'],
    ['parallel tools', { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }, 'tools system'],
    ['an image', talk(image), 'tools system'],
    ['thinking', { thinking: { type: 'disabled' } }, 'tools system'],
    ['effort', { output_config: { effort: 'low' } }, 'tools system'],
    ['the default effort, said aloud', { output_config: { effort: 'high' } }, 'tools system messages'],
    [
      'the output format',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } } } },
      '',
    ],
    ['the model', { model: 'claude-fable-5' }, ''],
    ['only what comes behind', talk(textOf(50, 'more')), 'tools system messages'],
  ] as const)('%s', async (_what, change, left) => {
    expect(await kept(change)).toBe(left);
  });

  it('effort and thinking lose every level on models that render them first', async () => {
    expect(await kept({ output_config: { effort: 'low' } }, 'claude-sonnet-5-5')).toBe('');
    await fresh(standin);
    expect(await kept({ output_config: { effort: 'high' } }, 'claude-sonnet-5-5')).toBe('tools system messages');
  });

  it('an appended system turn loses none', async () => {
    const messages = [...talk().messages, { role: 'system', content: 'Be short.' }];
    expect(await kept({ messages })).toBe('tools system messages');
  });

  it('the order of keys inside of a tool’s input is content, the order of a block’s own fields is not', async () => {
    const turns = (input: object, ...fields: object[]) => [
      { role: 'user', content: [textOf(1_000, 'talk')] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'find', input }] },
      {
        role: 'user',
        content: [Object.assign({}, ...fields, { tool_use_id: 'toolu_1', cache_control: { type: 'ephemeral' } })],
      },
    ];
    const [type, content] = [{ type: 'tool_result' }, { content: 'Found.' }];
    await use({ ...base, messages: turns({ a: 1, b: 2 }, type, content) });
    expect((await use({ ...base, messages: turns({ a: 1, b: 2 }, content, type) })).write5m).toBe(0);
    expect((await use({ ...base, messages: turns({ b: 2, a: 1 }, type, content) })).write5m).toBeGreaterThan(0);
  });
});

describe('thinking blocks', () => {
  /** A talk whose first answer thought 200 tokens. */
  async function thought(model: string): Promise<{ messages: unknown[] }> {
    await order(standin, 'script', { answers: [{ text: 'Hm.', thinkingTokens: 200 }] });
    const thinking = model === MODEL ? { type: 'adaptive' } : { type: 'enabled', budget_tokens: 1_024 };
    const first = await ask(standin, { model, thinking, max_tokens: 2_000 });
    return {
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: first.body['content'] },
      ],
    };
  }

  async function countOf(model: string, messages: unknown[]): Promise<number> {
    const reply = await call(standin, 'POST', '/v1/messages/count_tokens', { model, messages });
    return Number(reply.body['input_tokens']);
  }

  it('stay in the prompt and count, or are stripped by older models when the user says something new', async () => {
    for (const [model, stays] of [
      [MODEL, true],
      ['claude-haiku-4-5', false],
    ] as const) {
      const { messages } = await thought(model);
      const said = (messages[1] as { content: { type: string }[] }).content;
      const without = [messages[0], { role: 'assistant', content: said.filter(({ type }) => type !== 'thinking') }];
      const next = { role: 'user', content: 'And now?' };
      const more = (await countOf(model, [...messages, next])) - (await countOf(model, [...without, next]));
      expect(more).toBe(stays ? 200 : 0);
    }
  });
});
