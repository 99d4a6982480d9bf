import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { promptOf, stableLayer } from '../../../domain/assistant/layers.ts';
import type { AskOptions, ModelAnswer, ModelFailure } from '../../../domain/ports/model.ts';
import { createClaude } from '../../../integrations/claude/model.ts';

/** Words that must turn up nowhere but in the request: a lead's, and a key. */
const SECRET = 'my budget is 412000';
const KEY = 'sk-ant-key-1';

const request = {
  prompt: promptOf({
    model: 'claude-sonnet-5-5',
    settings: {},
    global: stableLayer('global', [{ text: 'Rules.' }]),
    location: stableLayer('location', []),
    conversation: [{ role: 'user', text: SECRET }],
    volatile: [],
  }),
  marks: [],
  maxTokens: 200,
} as const;

let server: Server | undefined;
const logged: unknown[] = [];

afterEach(async () => {
  expect(JSON.stringify(logged)).not.toMatch(new RegExp(`${SECRET}|${KEY}`));
  logged.length = 0;
  server?.closeAllConnections();
  server?.close();
  if (server?.listening) await once(server, 'close');
  server = undefined;
});

/** What comes of a call to a server that answers like this. */
async function asked(
  answer: RequestListener,
  change: { readonly maxTokens?: number; readonly options?: Partial<AskOptions> } = {},
): Promise<ModelAnswer | ModelFailure> {
  server = createServer((incoming, response) => {
    incoming.resume().on('end', () => answer(incoming, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return ask(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, change);
}

async function ask(
  baseUrl: string,
  { maxTokens = 200, options = {} }: { readonly maxTokens?: number; readonly options?: Partial<AskOptions> } = {},
): Promise<ModelAnswer | ModelFailure> {
  const write = (fields: object, message: string) => void logged.push([fields, message]);
  const log = { debug: write, info: write, warn: write, error: write };
  const claude = createClaude({ baseUrl, apiKey: KEY, log });
  try {
    return await claude.ask({ ...request, maxTokens }, { withinMs: 5_000, ...options });
  } finally {
    await claude.close();
  }
}

function refusing(status: number, type: string, more: object = {}, headers: Record<string, string> = {}) {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers });
    response.end(JSON.stringify({ type: 'error', error: { type, message: `about ${SECRET}`, ...more } }));
  };
}

function page(status: number) {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
  };
}

const ordinary = {
  input_tokens: 20,
  cache_creation_input_tokens: 600,
  cache_read_input_tokens: 3_000,
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 500 },
  output_tokens: 1,
  server_tool_use: null,
  service_tier: 'standard',
  inference_geo: 'global',
  speed: 'standard',
};

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

const start = (usage: object = ordinary): Event => ({
  type: 'message_start',
  message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'x', content: [], stop_reason: null, usage },
});
const opening = (index: number, block: object): Event => ({ type: 'content_block_start', index, content_block: block });
const delta = (index: number, what: object): Event => ({ type: 'content_block_delta', index, delta: what });
const word = (text: string): Event => delta(0, { type: 'text_delta', text });
const end = (stop_reason: string, usage: object = { output_tokens: 7 }): Event => ({
  type: 'message_delta',
  delta: { stop_reason },
  usage,
});
const text = opening(0, { type: 'text', text: '' });
const spoken = [start(), text, word('Yes, '), word('it is.'), { type: 'content_block_stop', index: 0 }];
const stopped: Event = { type: 'message_stop' };

/** Events as they stand; what follows them is up to the caller. */
function streaming(events: readonly Event[], after: (response: ServerResponse) => void = (r) => r.end()) {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_2' });
    const wire = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    response.write(wire, () => after(response));
  };
}

const usage = { input: 20, read: 3_000, write5m: 100, write1h: 500, output: 7 };

describe('answers of Claude', () => {
  it('are gathered, with the counts of the end over those of the beginning', async () => {
    const alive: number[] = [];
    const answer = await asked(streaming([...spoken, end('end_turn'), stopped]), {
      options: { alive: (characters) => alive.push(characters) },
    });
    expect(answer).toMatchObject({ kind: 'answered', text: 'Yes, it is.', tool: null, stop: 'end', usage });
    expect(answer).toMatchObject({ requestId: 'req_2', messageId: 'msg_1' });
    expect(alive).toEqual([5, 11]);
  });

  it('name the first tool that was called, its pieces put together', async () => {
    const answer = await asked(
      streaming([
        start(),
        opening(0, { type: 'thinking', thinking: '', signature: '' }),
        delta(0, { type: 'thinking_delta', thinking: 'hm' }),
        opening(1, { type: 'tool_use', id: 't1', name: 'record_facts', input: {} }),
        opening(2, { type: 'tool_use', id: 't2', name: 'draft_reply', input: {} }),
        delta(1, { type: 'input_json_delta', partial_json: '{"beds"' }),
        delta(2, { type: 'input_json_delta', partial_json: '{}' }),
        delta(1, { type: 'input_json_delta', partial_json: ':3}' }),
        { type: 'something_new' },
        end('tool_use'),
        stopped,
      ]),
    );
    expect(answer).toMatchObject({ kind: 'answered', stop: 'end', tool: { name: 'record_facts', input: { beds: 3 } } });
  });

  it('give the input of a tool that was cut short as it came', async () => {
    const events = [start(), opening(0, { type: 'tool_use', id: 't', name: 'record_facts', input: {} })];
    const answer = await asked(
      streaming([...events, delta(0, { type: 'input_json_delta', partial_json: '{"beds":' }), end('max_tokens')]),
    );
    expect(answer).toMatchObject({ stop: 'cut', tool: { input: '{"beds":' } });
  });

  it.each([
    ['model_context_window_exceeded', 'cut'],
    ['pause_turn', 'cut'],
    ['a_reason_of_tomorrow', 'cut'],
    ['stop_sequence', 'end'],
    ['refusal', 'refused'],
  ])('that end with %s are %s', async (reason, stop) => {
    expect(await asked(streaming([...spoken, end(reason), stopped]))).toMatchObject({ kind: 'answered', stop });
  });

  it('that refuse before a word are free of charge', async () => {
    const refused = [start({ ...ordinary, output_tokens: 0 }), end('refusal', { output_tokens: 0 }), stopped];
    expect(await asked(streaming(refused))).toMatchObject({ kind: 'failed', how: 'declined', then: 'never' });
  });

  it('to a ping come in one piece, empty and cut', async () => {
    const answer = await asked(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'request-id': 'req_3' });
        const told = { ...ordinary, output_tokens: 0 };
        response.end(JSON.stringify({ id: 'msg_2', content: [], stop_reason: 'max_tokens', usage: told }));
      },
      { maxTokens: 0 },
    );
    expect(answer).toMatchObject({ kind: 'answered', text: '', stop: 'cut', usage: { ...usage, output: 0 } });
  });

  it('with counts that are null cost nothing there', async () => {
    const nulls = { cache_creation_input_tokens: null, cache_read_input_tokens: null, cache_creation: null };
    const events = [
      start({ ...ordinary, ...nulls }),
      text,
      word('Yes'),
      end('end_turn', { ...nulls, output_tokens: 3 }),
    ];
    expect(await asked(streaming(events))).toMatchObject({
      usage: { input: 20, read: 0, write5m: 0, write1h: 0, output: 3 },
    });
  });

  it.each([
    ['tools of the vendor', { server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 } }, 'server_tools'],
    ['a place of work', { inference_geo: 'us' }, 'place'],
    ['fast answers', { speed: 'fast' }, 'speed'],
    ['capacity bought ahead', { service_tier: 'priority' }, 'tier'],
  ])('that used %s have no price, and are no answers', async (_, told, code) => {
    const answer = await asked(
      streaming([start({ ...ordinary, ...told }), text, word('Yes'), end('end_turn'), stopped]),
    );
    expect(answer).toEqual(
      expect.objectContaining({ kind: 'failed', how: 'unpriced', then: 'never', code: `unpriced_${code}` }),
    );
    expect(answer).not.toHaveProperty('begun');
    expect(logged).toHaveLength(1);
  });

  it.each([
    ['are no numbers', { input_tokens: '20' }],
    ['are not there', { output_tokens: undefined, input_tokens: undefined }],
    ['do not say how long a write is kept', { cache_creation: null }],
  ])('whose counts %s cannot be billed by them', async (_, told) => {
    const answer = await asked(streaming([start({ ...ordinary, ...told }), text, end('end_turn'), stopped]));
    expect(answer).toMatchObject({ kind: 'failed', how: 'unpriced', code: 'unclear_usage' });
  });
});

describe('refusals of Claude', () => {
  const code = (error_code: string) => ({ details: { error_code } });
  it.each([
    ['a prompt it will not take', refusing(400, 'invalid_request_error'), 'refused', 'never'],
    ['a key it does not know', refusing(401, 'authentication_error'), 'refused', 'key'],
    ['a bill that is not paid', refusing(402, 'billing_error'), 'refused', 'spend'],
    ['what a key may not', refusing(403, 'permission_error'), 'refused', 'key'],
    ['a model it does not have', refusing(404, 'not_found_error'), 'refused', 'never'],
    ['a prompt that is too large', refusing(413, 'request_too_large'), 'refused', 'never'],
    ['the same from the gate before it', page(413), 'refused', 'never'],
    ['too many calls', refusing(429, 'rate_limit_error'), 'rate-limited', 'later'],
    ['a ramp', refusing(429, 'rate_limit_error', code('ramp_limit_exceeded')), 'rate-limited', 'later'],
    ['its limit', refusing(429, 'rate_limit_error', code('enforced_spend_limit_reached')), 'rate-limited', 'spend'],
    ['a contract', refusing(429, 'rate_limit_error', code('contract_spend_limit_reached')), 'rate-limited', 'spend'],
    ['overload', refusing(529, 'overloaded_error'), 'overloaded', 'again'],
    ['a fault of its own', refusing(500, 'api_error'), 'server-error', 'again'],
    ['a pause', refusing(503, 'api_error'), 'server-error', 'again'],
    ['an answer that took it too long', refusing(504, 'timeout_error'), 'server-error', 'again'],
    ['a clash', refusing(409, 'conflict_error'), 'cut-before-first-byte', 'again'],
    ['a status that it does not document', refusing(418, 'invalid_request_error'), 'cut-before-first-byte', 'never'],
    ['a page from in between', page(502), 'cut-before-first-byte', 'again'],
    ['a page that forbids', page(403), 'cut-before-first-byte', 'again'],
  ])('for %s', async (_, answer, how, then) => {
    const failure = await asked(answer);
    expect(failure).toMatchObject({ kind: 'failed', how, then });
    expect(JSON.stringify(failure)).not.toMatch(new RegExp(`${SECRET}|${KEY}`));
    expect(logged).toHaveLength(1);
  });

  it.each([
    'You have reached your specified API usage limits. You will regain access on 2026-12-01.',
    'You have reached your specified workspace API usage limits.',
    'Your credit balance is too low to access the Anthropic API.',
  ])('for money that is missing, told by a sentence: %s', async (message) => {
    expect(await asked(refusing(400, 'invalid_request_error', { message }))).toMatchObject({
      how: 'refused',
      then: 'spend',
    });
  });

  it.each([
    [429, { 'retry-after': '7' }, 7_000],
    [429, { 'retry-after-ms': '1500' }, 1_500],
    [429, { 'retry-after': '86400' }, 300_000],
    [429, { 'retry-after': new Date(Date.now() - 60_000).toUTCString() }, 0],
    [529, { 'retry-after': '2' }, 2_000],
  ])('of %d say when to ask again: %j', async (status, headers, retryAfterMs) => {
    const type = status === 429 ? 'rate_limit_error' : 'overloaded_error';
    expect(await asked(refusing(status, type, {}, headers))).toMatchObject({ then: 'later', retryAfterMs });
  });

  it('that do not say when give no time', async () => {
    const failure = await asked(refusing(429, 'rate_limit_error', {}, { 'retry-after': 'soon' }));
    expect(failure).toMatchObject({ then: 'later', code: 'rate_limit_error', requestId: 'req_1' });
    expect(failure).not.toHaveProperty('retryAfterMs');
  });

  it('are not followed to another address', async () => {
    const failure = await asked((_, response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end());
    expect(failure).toMatchObject({ how: 'cut-before-first-byte', code: 'status_307' });
  });
});

describe('a line to Claude', () => {
  const cut = (response: ServerResponse): void => void response.socket?.destroy();

  it('that nobody answers carries not a byte', async () => {
    await asked((_, response) => response.end());
    const { port } = server!.address() as AddressInfo;
    server!.closeAllConnections();
    server!.close();
    await once(server!, 'close');
    expect(await ask(`http://127.0.0.1:${String(port)}`)).toMatchObject({
      how: 'no-connection',
      then: 'again',
      code: 'ECONNREFUSED',
    });
  });

  it('that breaks before the answer may have carried the call', async () => {
    expect(await asked((_, response) => cut(response))).toMatchObject({ how: 'cut-before-first-byte', then: 'again' });
  });

  it.each([
    ['is cut', cut, 'again', /^UND_ERR_SOCKET$|^ECONNRESET$/],
    ['ends cleanly', (response: ServerResponse) => void response.end(), 'again', /^ended_early$/],
    ['brings an error', erring('overloaded_error'), 'again', /^overloaded_error$/],
    ['brings a fault', erring('api_error'), 'again', /^api_error$/],
    ['brings a limit', erring('rate_limit_error'), 'later', /^rate_limit_error$/],
    ['brings nonsense', (response: ServerResponse) => void response.end('event: x\ndata: {"a\n\n'), 'again', /broken/],
  ])('that %s in the middle of an answer tells what the prompt costs', async (_, after, then, code) => {
    const failure = await asked(streaming(spoken, after));
    expect(failure).toMatchObject({ how: 'cut-mid-answer', then, begun: { ...usage, output: 1 }, requestId: 'req_2' });
    expect((failure as ModelFailure).code).toMatch(code);
  });

  it('that brings an error first has told nothing', async () => {
    const failure = await asked(streaming([], erring('overloaded_error')));
    expect(failure).toMatchObject({ how: 'cut-before-first-byte', then: 'again' });
    expect(failure).not.toHaveProperty('begun');
  });

  it('that breaks after the answer said how it ended has done its work', async () => {
    expect(await asked(streaming([...spoken, end('end_turn')], cut))).toMatchObject({ kind: 'answered', usage });
  });

  it('that is silent is given up in time, with what was heard', async () => {
    const silent = streaming(spoken, () => undefined);
    expect(await asked(silent, { options: { withinMs: 150 } })).toMatchObject({
      how: 'timeout',
      code: 'timeout',
      begun: { ...usage, output: 1 },
    });
  });

  it('is given up when whoever asked goes away, before the answer and in its middle', async () => {
    const leave = new AbortController();
    const alone = await asked(() => leave.abort(), { options: { signal: leave.signal } });
    expect(alone).toMatchObject({ how: 'timeout', then: 'again', code: 'aborted' });
    const gone = await ask('http://127.0.0.1:9', { options: { signal: AbortSignal.abort() } });
    expect(gone).toMatchObject({ how: 'no-connection', code: 'aborted' });
  });

  it('is used for one attempt only, however much a second might help', async () => {
    let calls = 0;
    await asked((incoming, response) => {
      calls += 1;
      refusing(529, 'overloaded_error', {}, { 'x-should-retry': 'true' })(incoming, response);
    });
    expect(calls).toBe(1);
  });
});

function erring(type: string): (response: ServerResponse) => void {
  return (response) =>
    response.end(`event: error\ndata: ${JSON.stringify({ type: 'error', error: { type, message: SECRET } })}\n\n`);
}
