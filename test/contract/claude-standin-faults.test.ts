import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import { MODEL, ask, call, counted, fresh, look, order, startClaude, textOf } from '../support/claude-standin.ts';
import type { Answered } from '../support/claude-standin.ts';

let client: Anthropic;
let standin: ClaudeStandin;

beforeAll(async () => {
  standin = await startClaude();
  client = new Anthropic({ apiKey: 'sk-ant-1', baseURL: standin.url, maxRetries: 0 });
});

beforeEach(() => fresh(standin));

afterAll(() => standin.close());

const hello = { model: MODEL, max_tokens: 500, messages: [{ role: 'user' as const, content: 'Hello' }] };
const invoice = async () =>
  (await look(standin, 'invoice')) as unknown as { total: { requests: number; nano: number }; requests: Answered[] };
const fault = (what: object) => order(standin, 'faults', { match: { method: 'POST', path: '/v1/messages' }, ...what });
const caught = (promise: PromiseLike<unknown>): Promise<Error> =>
  Promise.resolve(promise).then(
    () => new Error('it succeeded'),
    (error: unknown) => error as Error,
  );

describe('rate limits', () => {
  it('requests per minute: 429 with retry-after, and the bucket fills evenly', async () => {
    await order(standin, 'limits', { requests: 2 });
    const first = await ask(standin);
    expect(first.headers.get('anthropic-ratelimit-requests-remaining')).toBe('1');
    expect(first.headers.get('anthropic-ratelimit-requests-reset')).toBe('2026-11-02T12:00:30Z');
    await ask(standin);
    const third = await ask(standin);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '30']);
    expect(third.body['error']).toMatchObject({ type: 'rate_limit_error' });
    expect(third.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0');
    await order(standin, 'clock', { advanceMs: 30_000 });
    expect((await ask(standin)).status).toBe(200);
    expect((await ask(standin)).status).toBe(429);
  });

  it('input tokens: writes count, what is read from the cache does not', async () => {
    await order(standin, 'limits', { inputTokens: 10_000 });
    const prompt = { system: [textOf(9_000, 'system', '1h')] };
    const cold = await ask(standin, prompt);
    expect(cold.headers.get('anthropic-ratelimit-input-tokens-remaining')).toBe('1000');
    for (let n = 0; n < 5; n += 1) expect((await ask(standin, prompt)).status).toBe(200);
    const other = await ask(standin, { system: [textOf(9_000, 'other', '1h')] });
    expect([other.status, other.headers.get('retry-after')]).toEqual([429, '49']);
    // What was refused wrote nothing.
    await order(standin, 'clock', { advanceMs: 60_000 });
    expect(counted(await ask(standin, { system: [textOf(9_000, 'other', '1h')] }))).toMatchObject({
      read: 0,
      write1h: 9_000,
    });
  });

  it('output tokens count when they are produced, whatever max_tokens allows', async () => {
    await order(standin, 'limits', { outputTokens: 100 });
    await order(standin, 'content', { textTokens: 100 });
    const first = await ask(standin, { max_tokens: 100_000 });
    expect([first.status, first.body['usage']?.['output_tokens']]).toEqual([200, 100]);
    expect((await ask(standin)).status).toBe(429);
    await order(standin, 'clock', { advanceMs: 600 });
    expect((await ask(standin)).status).toBe(200);
  });

  it('are an organization’s, per class of models, for all of its workspaces', async () => {
    await order(standin, 'limits', { requests: 1 });
    await order(standin, 'keys', { key: 'sk-ant-abroad', organizationId: 'org-2' });
    await ask(standin);
    expect((await ask(standin, {}, { 'anthropic-workspace-id': 'wrkspc_2' })).status).toBe(429);
    expect((await ask(standin, { model: 'claude-opus-5-5' })).status).toBe(429);
    expect((await ask(standin, { model: 'claude-haiku-5-5' })).status).toBe(200);
    expect((await ask(standin, {}, { 'x-api-key': 'sk-ant-abroad' })).status).toBe(200);
    expect((await invoice()).total.requests).toBe(3);
  });
});

describe('spend limits', () => {
  it.each([
    ['enforced', Anthropic.EnforcedSpendLimitReachedError],
    ['contract', Anthropic.ContractSpendLimitReachedError],
  ])('%s: 429 with its code and no retry-after', async (kind, errorClass) => {
    await client.messages.create(hello);
    const { total } = await invoice();
    await order(standin, 'spend', { kind, nano: total.nano + 1 });
    await client.messages.create(hello);
    const error = await caught(client.messages.create(hello));
    expect(error).toBeInstanceOf(errorClass ?? Anthropic.RateLimitError);
    expect(error).toMatchObject({ status: 429, errorCode: `${kind}_spend_limit_reached` });
    expect((error as unknown as { headers: Headers }).headers.get('retry-after')).toBeNull();
    await order(standin, 'spend', { nano: null });
    await client.messages.create(hello);
  });

  it('one’s own: 400, until the month is over', async () => {
    await order(standin, 'spend', { kind: 'own', nano: 1 });
    await client.messages.create(hello);
    expect(await caught(client.messages.create(hello))).toMatchObject({ status: 400, type: 'invalid_request_error' });
    await order(standin, 'clock', { at: '2026-12-01T00:00:00Z' });
    await client.messages.create(hello);
  });
});

describe('keys', () => {
  it('are asked for, may be revoked or lack a permission, and belong to their workspace', async () => {
    expect(await ask(standin, {}, { 'x-api-key': null })).toMatchObject({
      status: 401,
      body: { error: { type: 'authentication_error' } },
    });
    expect((await ask(standin, {}, { 'x-api-key': null, authorization: 'Bearer sk-ant-2' })).status).toBe(200);
    expect((await ask(standin, {}, { authorization: 'Bearer sk-ant-2' })).status).toBe(401);
    await order(standin, 'keys', { key: 'sk-ant-2', state: 'revoked' });
    expect((await ask(standin, {}, { 'x-api-key': 'sk-ant-2' })).status).toBe(401);
    await order(standin, 'keys', { key: 'sk-ant-2', state: 'forbidden' });
    expect((await ask(standin, {}, { 'x-api-key': 'sk-ant-2' })).body['error']).toMatchObject({
      type: 'permission_error',
    });
    await order(standin, 'keys', { key: 'sk-ant-2', workspaceId: 'wrkspc_7' });
    expect((await ask(standin, {}, { 'x-api-key': 'sk-ant-2' })).headers.get('anthropic-workspace-id')).toBe(
      'wrkspc_7',
    );
    const strange = { 'x-api-key': 'sk-ant-2', 'anthropic-workspace-id': 'wrkspc_8' };
    expect((await ask(standin, {}, strange)).status).toBe(403);
    expect(JSON.stringify(await look(standin, 'state'))).not.toContain('sk-ant');
    expect(JSON.stringify(await look(standin, 'ledger'))).not.toContain('sk-ant');
  });
});

describe('faults', () => {
  it('before any work: nothing is written, nothing billed', async () => {
    const prompt = { system: [textOf(1_000, 's', '5m')] };
    await fault({ status: 529, times: 2, headers: { 'Retry-After': '7' } });
    const failed = await ask(standin, prompt);
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([529, '7']);
    await ask(standin, prompt);
    expect(counted(await ask(standin, prompt))).toMatchObject({ read: 0, write5m: 1_000 });
    expect((await invoice()).total.requests).toBe(1);
  });

  it('an error code, a body that is no JSON, a path that is not meant', async () => {
    await fault({ status: 429, errorCode: 'ramp_limit_exceeded' });
    expect(await caught(client.messages.create(hello))).toMatchObject({ errorCode: 'ramp_limit_exceeded' });
    await fault({ status: 502, body: '<html>Bad gateway</html>' });
    expect(await caught(client.messages.create(hello))).toMatchObject({ status: 502, type: null });
    await order(standin, 'faults', { match: { path: '/v1/models*' }, status: 500 });
    await client.messages.create(hello);
    expect(await caught(client.models.retrieve(MODEL))).toMatchObject({ status: 500 });
  });

  it('overloaded in the middle of a stream: an error event after a 200, billed for what was said', async () => {
    await order(standin, 'content', { textTokens: 100 });
    await fault({ midStream: { afterTokens: 40, how: 'overloaded' } });
    const stream = client.messages.stream(hello);
    const error = await caught(stream.finalMessage());
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toMatchObject({ type: 'overloaded_error', status: undefined });
    const [line] = (await invoice()).requests;
    const output = Number(line?.['usage']?.['output_tokens']);
    expect(line).toMatchObject({ outcome: 'broken', nano: 9 * 5_000 + output * 25_000 });
    expect(output).toBeGreaterThan(20);
    expect(output).toBeLessThanOrEqual(40);
  });

  it('a stream that is cut or ends early', async () => {
    await fault({ midStream: { afterTokens: 5, how: 'cut' }, billed: false });
    const cut = await caught(client.messages.stream(hello).finalMessage());
    expect(cut).toBeInstanceOf(Anthropic.AnthropicError);
    expect((await invoice()).requests[0]).toMatchObject({ outcome: 'unbilled', nano: 0 });
    await fault({ midStream: { afterTokens: 5, how: 'end' } });
    expect((await caught(client.messages.stream(hello).finalMessage())).message).toContain('without');
    await fault({ midStream: { afterTokens: 5, how: 'cut' } });
    expect(await caught(client.messages.create(hello))).toBeInstanceOf(Error);
    expect((await invoice()).requests.map(({ outcome }) => String(outcome))).toEqual(['unbilled', 'broken', 'broken']);
  });

  it('a connection that is cut after the work was done: billed, and the cache is warm', async () => {
    const prompt = { system: [textOf(1_000, 's', '5m')] };
    await fault({ dropAfterHandling: true });
    await expect(ask(standin, prompt)).rejects.toThrow();
    expect(counted(await ask(standin, prompt))).toMatchObject({ read: 1_000 });
    const { requests } = await invoice();
    expect(requests.map(({ outcome }) => String(outcome))).toEqual(['broken', 'whole']);
    expect(Number(requests[0]?.['nano'])).toBeGreaterThan(Number(requests[1]?.['nano']));
  });

  it('no answer, no connection, and a first byte that is late: who leaves is billed all the same', async () => {
    await fault({ hang: true });
    const impatient = { timeout: 150 };
    expect(await caught(client.messages.create(hello, impatient))).toBeInstanceOf(Anthropic.APIConnectionTimeoutError);
    expect((await invoice()).total.requests).toBe(0);
    await fault({ reset: true });
    expect(await caught(client.messages.create(hello))).toBeInstanceOf(Anthropic.APIConnectionError);
    expect((await invoice()).total.requests).toBe(0);
    await fault({ delayMs: 300 });
    expect(await caught(client.messages.create(hello, impatient))).toBeInstanceOf(Anthropic.APIConnectionTimeoutError);
    while ((await invoice()).total.requests === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await look(standin, 'ledger'))['calls']).toMatchObject([
      { status: 0, fault: true },
      { status: 0, fault: true },
      { status: 200, fault: true },
    ]);
  });

  it('a stream that nobody hears any more is billed for what was said until then', async () => {
    await order(standin, 'latency', { p50Ms: 0, tokensPerSecond: 20 });
    await order(standin, 'content', { textTokens: 200 });
    const stream = client.messages.stream(hello);
    await new Promise((resolve) => stream.once('text', resolve));
    stream.abort();
    await caught(stream.finalMessage());
    while ((await invoice()).total.requests === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const output = Number((await invoice()).requests[0]?.['usage']?.['output_tokens']);
    expect(output).toBeGreaterThan(0);
    expect(output).toBeLessThan(200);
  });

  it('bursts come and go, the same ones for the same seed', async () => {
    const statuses = async (): Promise<number[]> => {
      await fresh(standin);
      await order(standin, 'bursts', { start: 0.1, end: 0.3 });
      const seen: number[] = [];
      for (let n = 0; n < 120; n += 1) seen.push((await ask(standin)).status);
      return seen;
    };
    const [first, second] = [await statuses(), await statuses()];
    expect(second).toEqual(first);
    const bad = first.filter((status) => status === 529).length;
    expect(bad).toBeGreaterThan(10);
    expect(bad).toBeLessThan(70);
    // Bursts: a failure is followed by a failure far more often than a success is.
    const after = (status: number) => first.filter((_, n) => n > 0 && first[n - 1] === status);
    const share = (list: number[]) => list.filter((status) => status === 529).length / list.length;
    expect(share(after(529))).toBeGreaterThan(2 * share(after(200)));
    await order(standin, 'reset');
    expect((await ask(standin)).status).toBe(200);
  });

  it('spoiled contents: refusal, nothing, half a JSON, an enum in capitals, words around it', async () => {
    const properties = { intent: { enum: ['buy'] }, on: { type: 'string', format: 'date' } };
    const schema = { type: 'object', properties, required: ['intent', 'on'], additionalProperties: false };
    await order(standin, 'content', { thinkingTokens: 20 });
    const output_config = { format: { type: 'json_schema', schema } };
    const said = async (spoil: string): Promise<Answered> => {
      await fault({ spoil });
      return (await ask(standin, { output_config })).body;
    };
    const whole = '{"intent":"buy","on":"2026-12-05"}';
    expect(await said('refusal')).toMatchObject({
      stop_reason: 'refusal',
      content: [],
      stop_details: { type: 'refusal' },
    });
    expect(await said('empty')).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'thinking' }] });
    expect(await said('cut-json')).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{}, { text: whole.slice(0, 17) }],
    });
    expect(await said('wrong-case')).toMatchObject({ content: [{}, { text: whole.replace('buy', 'BUY') }] });
    expect((await said('not-json'))['content']?.[1]?.['text']).toContain(`you asked for:\n\n${whole}`);
    expect((await invoice()).requests.map(({ outcome }) => String(outcome))).toEqual([
      'refused',
      ...Array<string>(4).fill('whole'),
    ]);
  });

  it('the JSON of a tool’s input ends in the middle', async () => {
    const tools = [{ name: 'note', input_schema: { type: 'object' } }];
    await order(standin, 'script', { answers: [{ tools: [{ name: 'note', input: { a: 'b'.repeat(40) } }] }] });
    await fault({ spoil: 'cut-json' });
    const headers = { 'x-api-key': 'sk-ant-1', 'anthropic-version': '2026-10-21' };
    const body = JSON.stringify({ ...hello, tools, stream: true });
    const text = await (await fetch(`${standin.url}/v1/messages`, { method: 'POST', headers, body })).text();
    const pieces = [...text.matchAll(/"partial_json":"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) =>
      JSON.parse(`"${piece}"`),
    );
    expect(pieces.join('')).toBe(`{"a":"${'b'.repeat(18)}`);
    expect(text).toContain('"stop_reason":"max_tokens"');
  });

  it('orders that make no sense are refused', async () => {
    const post = (name: string, body: object) => call(standin, 'POST', `/_sandbox/${name}`, body);
    for (const [name, body] of [
      ['faults', { status: 200 }],
      ['faults', {}],
      ['faults', { status: 500, tiems: 3 }],
      ['faults', { midStream: { how: 'slowly' } }],
      ['bursts', { start: 2, end: 0 }],
      ['limits', { requests: 0 }],
      ['limits', { requets: 1 }],
      ['content', { mode: 'kind' }],
      ['script', { answers: [{ txt: '' }] }],
      ['clock', { at: 'noon' }],
      ['spend', { nano: 'much' }],
      ['keys', { key: '' }],
      ['batches', { takesMs: -1 }],
      ['latency', { p50Ms: 5, p95Ms: 1 }],
    ] as const)
      expect(await post(name, body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect((await post('nothing', {})).status).toBe(404);
  });
});
