import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import { MODEL, ask, call, fresh, look, startClaude } from '../support/claude-standin.ts';

let standin: ClaudeStandin;

beforeAll(async () => {
  standin = await startClaude();
});

beforeEach(() => fresh(standin));

afterAll(() => standin.close());

const SONNET = 'claude-sonnet-5-5';
const user = (content: unknown = 'Hello') => ({ role: 'user', content });
const assistant = (content: unknown = 'Yes?') => ({ role: 'assistant', content });
const text = (words: string, ttl?: string) => ({
  type: 'text',
  text: words,
  ...(ttl && { cache_control: { type: 'ephemeral', ttl } }),
});
const marked = (count: number) => Array.from({ length: count }, (_, n) => text(`block ${n}`, '5m'));
const tool = (more: object = {}) => ({ name: 'find', input_schema: { type: 'object' }, ...more });
const closed = (properties: object, required: string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const format = (schema: object) => ({ output_config: { format: { type: 'json_schema', schema } } });
const strict = (properties: object, required?: string[]) =>
  tool({ strict: true, input_schema: closed(properties, required) });
const many = (count: number, schema: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, schema]));
const use = (id: string) => ({ type: 'tool_use', id, name: 'find', input: {} });
const result = (id: string, content: unknown = 'Found.') => ({ type: 'tool_result', tool_use_id: id, content });
const budget = (budget_tokens: number) => ({
  model: 'claude-opus-4-6',
  thinking: { type: 'enabled', budget_tokens },
  max_tokens: 2_000,
});

describe('what is refused, and by which words', () => {
  it.each<[string, Record<string, unknown>]>([
    // Fields.
    ['max_tokens: Field required', { max_tokens: undefined }],
    ['max_tokens: Input should be a valid integer', { max_tokens: 1.5 }],
    ['max_tokens: Input should be greater than or equal to 0', { max_tokens: -1 }],
    ['max_tokens: 64001 > 64000', { model: 'claude-haiku-4-5', max_tokens: 64_001 }],
    ['messages: Field required', { messages: undefined }],
    ['colour: Extra inputs are not permitted', { colour: 'blue' }],
    ['temperature: This parameter is not supported in API version', { model: 'claude-haiku-4-5', temperature: 1 }],
    ['metadata: Input should be an object', { metadata: 'x' }],
    ['model: Input should be a valid string', { model: 5 }],
    ['top_k: This parameter is not supported', { top_k: 5 }],
    ["service_tier: Input should be 'auto'", { service_tier: 'fast' }],
    ["speed: Input should be 'standard'", { speed: 'fast' }],
    ['stop_sequences: each stop sequence must contain', { stop_sequences: [' '] }],
    ["inference_geo: Input should be 'global' or 'us'", { inference_geo: 'eu' }],
    ['stream: Input should be a valid boolean', { stream: 'yes' }],
    ['output_config: Input should be an object', { output_config: 'low' }],
    ['stop_sequences: Input should be a valid list of strings', { stop_sequences: 'END' }],
    ['diagnostics: Input should be an object', { diagnostics: 'yes' }],
    ['diagnostics.previous_message_id: Input should be a valid string', { diagnostics: { previous_message_id: 5 } }],
    // Turns.
    ['messages: Input should be a valid list', { messages: 'Hello' }],
    ['messages: at most 100000 messages', { messages: Array.from({ length: 100_001 }, () => 0) }],
    ['messages.0: Input should be an object', { messages: ['Hello'] }],
    ['messages.0.role: Field required', { messages: [{ content: 'Hello' }] }],
    ['messages.0.content: Field required', { messages: [{ role: 'user' }] }],
    ['messages.0.content: Input should be a valid string or a valid list', { messages: [user(5)] }],
    ['messages.0.content.0: Input should be an object', { messages: [user(['Hello'])] }],
    ['messages.0.content.0.type: Field required', { messages: [user([{ text: 'Hello' }])] }],
    [
      'messages.0.content.0.text.text: Input should be a valid string',
      { messages: [user([{ type: 'text', text: 5 }])] },
    ],
    [
      'messages.0.content.0.image.source: Input should be a valid dictionary',
      { messages: [user([{ type: 'image', source: 'x' }])] },
    ],
    ['messages: at least one message is required', { messages: [] }],
    ['messages: first message must use the "user" role', { messages: [assistant()] }],
    ["messages.0.role: Input should be 'user'", { messages: [{ role: 'lead', content: 'Hi' }] }],
    ['messages.0: all messages must have non-empty content', { messages: [user('')] }],
    ['messages.0.content.0: text content blocks must be non-empty', { messages: [user([text('')])] }],
    ["messages.0.content.0: Input tag 'sound'", { messages: [user([{ type: 'sound' }])] }],
    ['messages.0.content.0.text.text: Field required', { messages: [user([{ type: 'text' }])] }],
    ['does not support assistant message prefill', { messages: [user(), assistant()] }],
    ['cannot end with trailing whitespace', { model: 'claude-haiku-4-5', messages: [user(), assistant('So ')] }],
    ["Input tag 'document'", { messages: [user(), assistant([{ type: 'document', source: {} }]), user()] }],
    ['text.citations: Extra inputs', { messages: [user([{ ...text('A'), citations: [{ type: 'x' }] }])] }],
    [
      'must immediately follow a user message',
      { messages: [user(), assistant(), { role: 'system', content: 'Be short.' }] },
    ],
    [
      'must be the last message or be followed by an assistant',
      { messages: [user(), { role: 'system', content: 'S' }, user()] },
    ],
    [
      "role 'system' is not supported",
      { model: 'claude-sonnet-5', messages: [user(), { role: 'system', content: 'S' }] },
    ],
    [
      "role 'system' is not supported",
      { model: 'claude-haiku-4-5', messages: [user(), { role: 'system', content: 'S' }] },
    ],
    // Markers.
    ['A maximum of 4 blocks with cache_control may be provided. Found 5.', { system: marked(5) }],
    ['Found 5.', { system: marked(4), cache_control: { type: 'ephemeral' } }],
    [
      'Found 5.',
      { tools: [tool({ cache_control: { type: 'ephemeral' } })], system: marked(2), messages: [user(marked(2))] },
    ],
    ["a ttl='1h' cache_control block must not come after a ttl='5m'", { system: [text('A', '5m'), text('B', '1h')] }],
    ["must not come after a ttl='5m'", { system: marked(1), cache_control: { type: 'ephemeral', ttl: '1h' } }],
    [
      'the last block already has a cache_control with a different ttl',
      { messages: [user(marked(1))], cache_control: { type: 'ephemeral', ttl: '1h' } },
    ],
    ["cache_control.ttl: Input should be '5m' or '1h'", { system: [text('A', '2h')] }],
    ["cache_control.type: Input should be 'ephemeral'", { cache_control: { type: 'forever' } }],
    [
      'messages.1.content.0.cache_control: Extra inputs',
      {
        messages: [
          user(),
          assistant([
            { type: 'thinking', thinking: '', signature: 'x', cache_control: { type: 'ephemeral' } },
            text('A'),
          ]),
          user(),
        ],
      },
    ],
    ['cache_control cannot be set for empty text blocks', { system: [text('', '5m')] }],
    // Tools.
    ['tools: Input should be a valid list', { tools: {} }],
    ['tools.0: Input should be an object', { tools: ['find'] }],
    ['tools.0.name: Field required', { tools: [{ input_schema: { type: 'object' } }] }],
    ['tools.0.custom.input_schema: Input should be an object', { tools: [tool({ input_schema: 'any' })] }],
    ['JSON schema is invalid', { tools: [tool({ input_schema: { type: 'object', properties: [] } })] }],
    ['tools.0.custom.description: Input should be a valid string', { tools: [tool({ description: 5 })] }],
    ['tools.0.cache_control.type', { tools: [tool({ cache_control: {} })] }],
    ['tool_choice: Input tag should be one of', { tools: [tool()], tool_choice: 'any' }],
    ['tool_choice.tool.name: Field required', { tools: [tool()], tool_choice: { type: 'tool' } }],
    ['tools.0.custom.input_schema: Field required', { tools: [{ name: 'find' }] }],
    [
      "tools.0.custom.input_schema.type: Input should be 'object'",
      { tools: [tool({ input_schema: { type: 'string' } })] },
    ],
    ['tools.0.custom.name: String should match pattern', { tools: [tool({ name: 'find it' })] }],
    ['tools: Tool names must be unique.', { tools: [tool(), tool()] }],
    ['tool_choice: may only be specified while providing tools', { tool_choice: { type: 'any' } }],
    ["Tool 'other' not found", { tools: [tool()], tool_choice: { type: 'tool', name: 'other' } }],
    [
      "tool_choice.type: 'any' is not supported for claude-sonnet-5-5",
      { model: SONNET, tools: [tool()], tool_choice: { type: 'any' } },
    ],
    [
      'ids were found without `tool_result` blocks immediately after: toolu_1',
      { messages: [user(), assistant([use('toolu_1')]), user()] },
    ],
    ['unexpected `tool_use_id` found', { messages: [user([result('toolu_9')])] }],
    [
      'at most 20 tools may be strict',
      { tools: Array.from({ length: 21 }, (_, n) => ({ ...strict({}), name: `t${n}` })) },
    ],
    // Schemas.
    ["'additionalProperties' must be explicitly set to false", format({ type: 'object', properties: {} })],
    [
      "For 'string' type, properties maxLength are not supported",
      format(closed({ a: { type: 'string', maxLength: 5 } })),
    ],
    [
      "For 'integer' type, properties minimum are not supported",
      { tools: [strict({ a: { type: 'integer', minimum: 1 } })] },
    ],
    ['too many optional parameters (25)', format(closed(many(25, { type: 'string' }), []))],
    [
      'too many parameters with union types (17)',
      format(closed(many(17, { anyOf: [{ type: 'string' }, { type: 'null' }] }))),
    ],
    ['output_config.format: Input should be', { output_config: { format: { type: 'json' } } }],
    ['output_config.effort: Input should be one of', { output_config: { effort: 'most' } }],
    // Thinking.
    ['thinking: Input tag should be one of', { thinking: { type: 'much' } }],
    ['thinking.enabled.budget_tokens: Field required', { ...budget(1_024), thinking: { type: 'enabled' } }],
    ['budget_tokens: Input should be greater than or equal to 1024', budget(1_000)],
    ['`max_tokens` must be greater than `thinking.budget_tokens`', budget(2_000)],
    [
      'Thinking may not be enabled when tool_choice forces',
      { ...budget(1_024), tools: [tool()], tool_choice: { type: 'any' } },
    ],
    [
      "thinking.type: 'enabled' is not supported",
      { model: SONNET, thinking: { type: 'enabled', budget_tokens: 1_024 } },
    ],
    ["thinking.type: 'disabled' is not supported", { model: SONNET, thinking: { type: 'disabled' } }],
    [
      "needs an effort of at most 'high'",
      { model: 'claude-haiku-5-5', thinking: { type: 'disabled' }, output_config: { effort: 'max' } },
    ],
    ["needs an effort of at most 'high'", { thinking: { type: 'disabled' }, output_config: { effort: 'xhigh' } }],
    ["thinking.type: 'disabled' is not supported", { model: 'claude-fable-5', thinking: { type: 'disabled' } }],
    [
      'prefill is not supported with thinking enabled',
      { ...budget(1_024), model: 'claude-haiku-4-5', messages: [user(), assistant('The answer is (')] },
    ],
    // Pre-warming.
    ['max_tokens: 0 is not supported with stream', { max_tokens: 0, stream: true }],
    ['with output_config.format', { max_tokens: 0, ...format(closed({})) }],
    ['with tool_choice.type `any`', { max_tokens: 0, tools: [tool()], tool_choice: { type: 'any' } }],
    ['with thinking.type `enabled`', { ...budget(1_024), max_tokens: 0 }],
    // Size.
    ['prompt is too long: ', { model: 'claude-haiku-4-5', messages: [user('x'.repeat(660_000))] }],
  ])('%s', async (words, fields) => {
    const { status, body, headers } = await ask(standin, fields);
    expect([status, body['type']]).toEqual([400, 'error']);
    expect(body['error']).toMatchObject({ type: 'invalid_request_error' });
    expect(body['error']?.['message']).toContain(words);
    expect(body['request_id']).toBe(headers.get('request-id'));
    expect((await look(standin, 'invoice'))['total']).toMatchObject({ requests: 0 });
  });
});

describe('what passes', () => {
  it.each<[string, Record<string, unknown>]>([
    ['four markers', { system: marked(4) }],
    ['three markers and the automatic one', { system: marked(3), cache_control: { type: 'ephemeral' } }],
    [
      'four markers, the last of them where the automatic one would go',
      { system: marked(3), messages: [user(marked(1))], cache_control: { type: 'ephemeral' } },
    ],
    ['an hour before five minutes', { system: [text('A', '1h'), text('B', '5m')] }],
    ['neighbours of one role', { messages: [user(), user('Again'), assistant(), user()] }],
    [
      'a system turn at the end, and one before an answer',
      { messages: [user(), { role: 'system', content: 'S' }, assistant(), user(), { role: 'system', content: 'S' }] },
    ],
    [
      'a tool’s result with an image',
      {
        messages: [
          user(),
          assistant([use('toolu_1')]),
          user([result('toolu_1', [{ type: 'image', source: {} }, text('A')]), text('And?')]),
        ],
      },
    ],
    ['prefill where it is known', { model: 'claude-haiku-4-5', messages: [user(), assistant('The answer is (')] }],
    ['between_tools on Sonnet 5.5', { model: SONNET, thinking: { type: 'between_tools' } }],
    ['pre-warming with adaptive thinking', { max_tokens: 0, thinking: { type: 'adaptive' } }],
    [
      '24 optional parameters and 16 unions',
      format(
        closed(
          {
            ...many(24, { type: 'string' }),
            ...Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`u${n}`, { type: ['string', 'null'] }])),
          },
          Array.from({ length: 16 }, (_, n) => `u${n}`),
        ),
      ),
    ],
    ['a field that is null', { cache_control: null, diagnostics: null, inference_geo: null, speed: null }],
  ])('%s', async (_what, fields) => {
    const { status, body } = await ask(standin, fields);
    expect([status, body['error']]).toEqual([200, undefined]);
  });

  it('sampling, and documents of the assistant, in the older version alone', async () => {
    const old = { 'anthropic-version': '2023-06-01' };
    const messages = [
      user(),
      assistant([{ type: 'document', source: {} }]),
      user([{ ...text('A'), citations: [{ type: 'x' }] }]),
    ];
    expect((await ask(standin, { model: 'claude-haiku-4-5', temperature: 0.5, messages }, old)).status).toBe(200);
    const { body } = await ask(standin, { temperature: 1 }, old);
    expect(body['error']?.['message']).toBe(`temperature: This parameter is not supported on ${MODEL}`);
  });
});

describe('beside the body', () => {
  it('the version is asked for, and must be one that was published', async () => {
    const without = await ask(standin, {}, { 'anthropic-version': null });
    expect(without).toMatchObject({
      status: 400,
      body: { error: { message: 'anthropic-version: header is required' } },
    });
    expect((await ask(standin, {}, { 'anthropic-version': '2025-01-01' })).body['error']?.['message']).toContain(
      'is not a valid version',
    );
  });

  it('models that do not exist, are no longer or not yet sold are not found', async () => {
    for (const model of ['gpt-9', 'claude-fable-5-2'])
      expect(await ask(standin, { model })).toMatchObject({
        status: 404,
        body: { error: { type: 'not_found_error', message: `model: ${model}` } },
      });
  });

  it('a body that is no JSON, no object or too large', async () => {
    expect((await call(standin, 'POST', '/v1/messages', '{"model":')).body['error']?.['message']).toContain(
      'not valid JSON',
    );
    expect((await call(standin, 'POST', '/v1/messages', [1])).body['error']?.['message']).toContain(
      'must be a JSON object',
    );
    const large = await ask(standin, { messages: [user('x'.repeat(33 * 1024 * 1024))] });
    expect(large).toMatchObject({ status: 413, body: { error: { type: 'request_too_large' } } });
  });

  it('routes that do not exist', async () => {
    expect(await call(standin, 'GET', '/v1/complete')).toMatchObject({
      status: 404,
      body: { error: { type: 'not_found_error' } },
    });
    expect((await call(standin, 'GET', '/v1/messages')).status).toBe(404);
    expect((await call(standin, 'GET', '/v1/models/gpt-9')).status).toBe(404);
  });

  it('batches: a list of requests whose custom_ids are well formed and unique', async () => {
    const params = { model: MODEL, max_tokens: 10, messages: [user()] };
    const send = async (requests: unknown) =>
      (await call(standin, 'POST', '/v1/messages/batches', { requests })).body['error']?.['message'];
    expect(await send(undefined)).toBe('requests: Field required');
    expect(await send([])).toContain('at least 1 item');
    expect(await send(Array.from({ length: 100_001 }, () => 0))).toContain('at most 100000 items');
    expect(await send([5])).toBe('requests.0.custom_id: Field required');
    expect(await send([{ custom_id: 'a b', params }])).toContain('requests.0.custom_id: String should match pattern');
    expect(await send([{ custom_id: 'a' }])).toBe('requests.0.params: Field required');
    expect(
      await send([
        { custom_id: 'a', params },
        { custom_id: 'a', params },
      ]),
    ).toContain('must be unique');
    expect(await send([{ custom_id: 'a', params: {} }])).toBeUndefined();
  });

  it('counting tokens checks the prompt as well, and asks for no max_tokens', async () => {
    const count = (body: object) =>
      call(standin, 'POST', '/v1/messages/count_tokens', { model: MODEL, messages: [user()], ...body });
    expect((await count({})).body).toEqual({ input_tokens: 9 });
    expect((await count({ system: marked(5) })).status).toBe(400);
  });
});
