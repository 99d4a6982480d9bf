import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import { MODEL, fresh, look, order, startClaude, textOf } from '../support/claude-standin.ts';

/** The vendor's own client, unchanged. */
let client: Anthropic;
let standin: ClaudeStandin;

beforeAll(async () => {
  standin = await startClaude();
  client = new Anthropic({ apiKey: 'sk-ant-1', baseURL: standin.url, maxRetries: 0 });
});

beforeEach(() => fresh(standin));

afterAll(() => standin.close());

const hello = { model: MODEL, max_tokens: 500, messages: [{ role: 'user' as const, content: 'Hello' }] };
const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather at a place',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('messages', () => {
  it('a message, with the id of its request and the limits in its headers', async () => {
    await order(standin, 'script', { answers: [{ text: 'Hello there.' }] });
    const { data, response, request_id } = await client.messages.create(hello).withResponse();
    expect(data).toMatchObject({ type: 'message', role: 'assistant', model: MODEL, stop_reason: 'end_turn' });
    expect(data.content).toEqual([{ type: 'text', text: 'Hello there.', citations: null }]);
    // Twelve characters are five tokens, and a block has four more; the question has two, four and three for its turn.
    expect(data.usage).toMatchObject({ input_tokens: 9, output_tokens: 9, cache_read_input_tokens: 0 });
    expect(request_id).toMatch(/^req_01\w{22}$/);
    expect(data.id).toMatch(/^msg_01\w{22}$/);
    expect(response.headers.get('anthropic-workspace-id')).toBe('wrkspc_default');
    expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('1000');
  });

  it('a stream whose events come in the documented order, and add up to the same message', async () => {
    const answer = {
      text: 'Let me look.',
      tools: [{ name: 'get_weather', input: { city: 'Köln 🌧' } }],
      thinkingTokens: 40,
    };
    await order(standin, 'script', { answers: [answer] });
    const stream = client.messages.stream({ ...hello, tools: [weather] });
    const seen: string[] = [];
    for await (const event of stream) {
      const kind = event.type === 'content_block_delta' ? event.delta.type : event.type;
      if (seen.at(-1) !== kind) seen.push(kind);
    }
    const block = (...deltas: string[]) => ['content_block_start', ...deltas, 'content_block_stop'];
    expect(seen).toEqual([
      'message_start',
      ...block('thinking_delta', 'signature_delta'),
      ...block('text_delta'),
      ...block('input_json_delta'),
      'message_delta',
      'message_stop',
    ]);
    const message = await stream.finalMessage();
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use']);
    expect(message.content[2]).toMatchObject({ name: 'get_weather', input: { city: 'Köln 🌧' } });
    expect(message.usage.output_tokens_details).toEqual({ thinking_tokens: 40 });
    expect(message.usage.output_tokens).toBeGreaterThan(60);
  });

  it('the wire: named events with their type in the data, a ping after the first start, usage told twice', async () => {
    await order(standin, 'script', { answers: [{ text: 'Hi.' }] });
    const response = await client.messages.create({ ...hello, stream: true }).asResponse();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text())
      .trim()
      .split('\n\n')
      .map((one) => {
        const [, name, data] = /^event: (\w+)\ndata: (.+)$/.exec(one) ?? [];
        return { name, data: JSON.parse(String(data)) };
      });
    const names = [
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ];
    expect(events.map(({ name }) => name)).toEqual(names);
    expect(events.map(({ data }) => data.type)).toEqual(names);
    expect(events[0]?.data.message).toMatchObject({
      content: [],
      stop_reason: null,
      usage: { input_tokens: 9, output_tokens: 1 },
    });
    expect(events[5]?.data).toMatchObject({
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 9, output_tokens: 6 },
    });
  });

  it('a talk with tools: a use, its result, an answer', async () => {
    const first = await client.messages.create({ ...hello, tools: [weather] });
    const use = first.content.find((block) => block.type === 'tool_use');
    expect(use).toMatchObject({ name: 'get_weather', input: { city: 'city' } });
    const result: Anthropic.ToolResultBlockParam = {
      type: 'tool_result',
      tool_use_id: String(use?.id),
      content: 'Rain.',
    };
    const messages: Anthropic.MessageParam[] = [
      ...hello.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [result] },
    ];
    const second = await client.messages.create({ ...hello, tools: [weather], messages });
    expect(second.content.map(({ type }) => type)).toEqual(['text']);
    expect(second.stop_reason).toBe('end_turn');
  });

  it('max_tokens, stop sequences and refusals end an answer, and say so', async () => {
    const answers = [
      { text: 'x'.repeat(1_000) },
      { text: 'one END two' },
      { refusal: { category: 'cyber' } },
      { text: 'long', thinkingTokens: 90 },
    ];
    await order(standin, 'script', { answers });
    const long = await client.messages.create({ ...hello, max_tokens: 20 });
    expect([long.stop_reason, long.usage.output_tokens]).toEqual(['max_tokens', 20]);
    expect(long.content).toEqual([{ type: 'text', text: 'x'.repeat(40), citations: null }]);
    const stopped = await client.messages.create({ ...hello, stop_sequences: ['END'] });
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END', content: [{ text: 'one ' }] });
    const refused = await client.messages.create(hello);
    expect(refused).toMatchObject({
      stop_reason: 'refusal',
      content: [],
      stop_details: { type: 'refusal', category: 'cyber' },
    });
    const thinking = await client.messages.create({ ...hello, max_tokens: 60 });
    expect(thinking.content.map(({ type }) => type)).toEqual(['thinking']);
    expect([thinking.stop_reason, thinking.usage.output_tokens]).toEqual(['max_tokens', 60]);
  });

  it('structured output is JSON that fits its schema', async () => {
    const schema = {
      type: 'object',
      properties: { intent: { enum: ['buy', 'sell'] }, budget: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
      required: ['intent', 'budget'],
      additionalProperties: false,
    };
    const output_config = { format: { type: 'json_schema' as const, schema } };
    const message = await client.messages.create({ ...hello, output_config });
    const [block] = message.content;
    expect(block?.type === 'text' ? JSON.parse(block.text) : undefined).toEqual({ intent: 'buy', budget: null });
  });
});

it('count_tokens counts what a message is billed for', async () => {
  const prompt = {
    model: MODEL,
    system: [textOf(300) as unknown as Anthropic.TextBlockParam],
    tools: [weather],
    messages: hello.messages,
  };
  const { input_tokens } = await client.messages.countTokens(prompt);
  const { usage } = await client.messages.create({ ...prompt, max_tokens: 10 });
  expect(input_tokens).toBe(usage.input_tokens);
  expect(input_tokens).toBeGreaterThan(309);
});

it('models are listed and told by id; what is retired is gone', async () => {
  const models = (await client.models.list()).data;
  expect(models.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['claude-haiku-5-5', 'claude-sonnet-4-5-20250929']),
  );
  expect(models.map(({ id }) => id)).not.toContain('claude-fable-5-2');
  expect(await client.models.retrieve('claude-haiku-4-5')).toMatchObject({
    id: 'claude-haiku-4-5-20251001',
    max_tokens: 64_000,
  });
  await order(standin, 'clock', { at: '2026-12-01T00:00:00Z' });
  expect((await client.models.list()).data.map(({ id }) => id)).toContain('claude-fable-5-2');
  await expect(client.models.retrieve('claude-sonnet-4-5')).rejects.toThrow(Anthropic.NotFoundError);
});

describe('why the cache was missed', () => {
  const ask = (previous_message_id: string | null, more: object = {}) =>
    client.messages.create({
      ...hello,
      system: [textOf(1_000, 'system', '5m') as unknown as Anthropic.TextBlockParam],
      diagnostics: { previous_message_id },
      ...more,
    });

  it.each([
    ['nothing changed', {}, null],
    [
      'appended',
      { messages: [...hello.messages, { role: 'assistant', content: 'Yes?' }, { role: 'user', content: 'Hm' }] },
      null,
    ],
    [
      'system',
      { system: [textOf(1_000, 'other', '5m')] },
      { type: 'system_changed', cache_missed_input_tokens: 1_000 },
    ],
    ['model', { model: 'claude-fable-5' }, { type: 'model_changed', cache_missed_input_tokens: 1_000 }],
    ['tools', { tools: [weather] }, { type: 'tools_changed', cache_missed_input_tokens: 1_000 }],
    [
      'messages',
      { messages: [{ role: 'user', content: 'Bye' }] },
      { type: 'messages_changed', cache_missed_input_tokens: 0 },
    ],
    ['effort', { output_config: { effort: 'low' } }, { type: 'unavailable' }],
  ])('%s', async (_what, change, reason) => {
    const first = await ask(null);
    expect(first.diagnostics).toEqual({ cache_miss_reason: null });
    expect((await ask(first.id, change)).diagnostics).toEqual({ cache_miss_reason: reason });
  });

  it('an unknown message, and nobody asking', async () => {
    expect((await ask('msg_unknown')).diagnostics).toEqual({
      cache_miss_reason: { type: 'previous_message_not_found' },
    });
    expect((await client.messages.create(hello)).diagnostics).toBeNull();
  });
});

describe('batches', () => {
  const params = (more: object = {}) => ({ ...hello, ...more });
  const create = () =>
    client.messages.batches.create({
      requests: [
        { custom_id: 'one', params: params() },
        { custom_id: 'two', params: params({ system: [textOf(2_000, 's', '1h')] }) },
        { custom_id: 'three', params: params({ system: [textOf(2_000, 's', '1h')] }) },
        { custom_id: 'warm', params: params({ max_tokens: 0 }) },
        { custom_id: 'flow', params: params({ stream: true }) },
      ],
    });

  it('are processed after a while, for half the price, and their results are told by custom_id', async () => {
    const batch = await create();
    expect(batch).toMatchObject({
      processing_status: 'in_progress',
      request_counts: { processing: 5 },
      results_url: null,
    });
    await expect(client.messages.batches.results(batch.id)).rejects.toThrow('results_url');
    await order(standin, 'clock', { advanceMs: 60_000 });
    const ended = await client.messages.batches.retrieve(batch.id);
    expect(ended).toMatchObject({
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 3, errored: 2 },
    });
    const results = new Map<string, Anthropic.Messages.MessageBatchResult>();
    for await (const { custom_id, result } of await client.messages.batches.results(batch.id))
      results.set(custom_id, result);
    expect([...results.keys()].sort()).toEqual(['flow', 'one', 'three', 'two', 'warm']);
    expect(results.get('warm')).toMatchObject({ type: 'errored', error: { error: { type: 'invalid_request_error' } } });
    expect(results.get('two')).toMatchObject({
      message: { usage: { service_tier: 'batch', cache_creation_input_tokens: 2_000 } },
    });
    expect(results.get('three')).toMatchObject({ message: { usage: { cache_read_input_tokens: 2_000 } } });
    const lines = (await look(standin, 'invoice'))['requests'] as unknown as {
      nano: number;
      usage: { output_tokens: number };
    }[];
    const output = Number(lines[0]?.usage.output_tokens);
    expect(lines.map(({ nano }) => nano)).toEqual([
      (9 * 5_000 + output * 25_000) / 2,
      (9 * 5_000 + 2_000 * 10_000 + output * 25_000) / 2,
      (9 * 5_000 + 2_000 * 500 + output * 25_000) / 2,
    ]);
    expect(await client.messages.batches.delete(batch.id)).toEqual({ id: batch.id, type: 'message_batch_deleted' });
    await expect(client.messages.batches.retrieve(batch.id)).rejects.toThrow(Anthropic.NotFoundError);
  });

  it('can be cancelled, and expire after a day; neither costs anything', async () => {
    const cancelled = await create();
    await expect(client.messages.batches.delete(cancelled.id)).rejects.toThrow('in progress');
    expect((await client.messages.batches.cancel(cancelled.id)).processing_status).toBe('canceling');
    expect(await client.messages.batches.retrieve(cancelled.id)).toMatchObject({
      processing_status: 'ended',
      request_counts: { canceled: 5 },
    });
    await expect(client.messages.batches.cancel(cancelled.id)).rejects.toThrow('has ended');
    await order(standin, 'batches', { takesMs: 48 * 3_600_000 });
    const slow = await create();
    await order(standin, 'clock', { advanceMs: 24 * 3_600_000 });
    expect(await client.messages.batches.retrieve(slow.id)).toMatchObject({ request_counts: { expired: 5 } });
    expect((await look(standin, 'invoice'))['total']).toMatchObject({ requests: 0, nano: 0 });
  });

  it('are listed in pages, the newest first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.unshift((await create()).id);
    const listed: string[] = [];
    for await (const batch of client.messages.batches.list({ limit: 2 })) listed.push(batch.id);
    expect(listed).toEqual(ids);
    await expect(client.messages.batches.list({ limit: 0 })).rejects.toThrow('between 1 and 1000');
    const newer = await client.messages.batches.list({ before_id: String(ids[2]), limit: 1 });
    expect([newer.data.map(({ id }) => id), newer.has_more]).toEqual([[ids[1]], true]);
  });

  it('are another workspace’s business', async () => {
    const { id } = await create();
    const other = client.messages.batches.retrieve(id, { workspace_id: 'wrkspc_2' });
    await expect(other).rejects.toThrow(Anthropic.NotFoundError);
  });
});

describe('errors', () => {
  it.each([
    [400, Anthropic.BadRequestError, 'invalid_request_error'],
    [401, Anthropic.AuthenticationError, 'authentication_error'],
    [402, Anthropic.PaymentRequiredError, 'billing_error'],
    [403, Anthropic.PermissionDeniedError, 'permission_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'],
    [413, Anthropic.ContentTooLargeError, 'request_too_large'],
    [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'],
    [504, Anthropic.GatewayTimeoutError, 'timeout_error'],
    [529, Anthropic.OverloadedError, 'overloaded_error'],
  ])('%i becomes the client’s class for it', async (status, errorClass, type) => {
    await order(standin, 'faults', { match: { path: '/v1/messages' }, status });
    const error = await client.messages.create(hello).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, type, requestID: expect.stringMatching(/^req_01/) });
    expect((error as { error: object }).error).toMatchObject({
      type: 'error',
      request_id: (error as { requestID: string }).requestID,
    });
  });

  it('the usage report says what the invoice says', async () => {
    await client.messages.create(hello);
    await order(standin, 'clock', { advanceMs: 90 * 60_000 });
    await client.messages.create({ ...hello, model: 'claude-haiku-5-5' });
    const report = client.beta.organization.analytics.usageReport.list({
      ...{ starting_at: '2026-11-02T12:00:00Z', ending_at: '2026-11-02T15:00:00Z', bucket_width: '1h' as const },
      group_by: ['model'],
      limit: 2,
    });
    const buckets = [];
    for await (const bucket of report) buckets.push(bucket);
    expect(buckets.map(({ starting_at }) => starting_at.slice(11, 16))).toEqual(['12:00', '13:00', '14:00']);
    expect(buckets.map(({ results }) => results.map(({ model }) => model))).toEqual([
      [MODEL],
      ['claude-haiku-5-5'],
      [],
    ]);
    expect(buckets[0]?.results[0]).toMatchObject({ uncached_input_tokens: 9, requests: 1, cache_read_input_tokens: 0 });
  });
});
