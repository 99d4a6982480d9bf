import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import { promptOf, stableLayer, type Prompt, type PromptParts } from '../../domain/assistant/layers.ts';
import { billOf, promptTokens } from '../../domain/assistant/prices.ts';
import type { ModelAnswer, ModelFailure, ModelRequest } from '../../domain/ports/model.ts';
import { createClaude, type Claude } from '../../integrations/claude/model.ts';
import { createUsageReport } from '../../integrations/claude/usage-report.ts';
import { claudeKey } from '../../cli/checks-claude.ts';
import { fresh, look, order, startClaude } from '../support/claude-standin.ts';

const MODEL = 'claude-sonnet-5-5';
const KEY = 'sk-ant-adapter';
const DAY = '2026-11-02';
const SECRET = 'We can go up to 412000';

let standin: Awaited<ReturnType<typeof startClaude>>;
let claude: Claude;
const logged: unknown[] = [];

beforeAll(async () => {
  standin = await startClaude();
  const write = (fields: object, message: string) => void logged.push([fields, message]);
  const log = { debug: write, info: write, warn: write, error: write };
  claude = createClaude({ baseUrl: standin.url, apiKey: KEY, log });
});
beforeEach(() => fresh(standin));
afterEach(() => {
  expect(JSON.stringify(logged)).not.toMatch(new RegExp(`${SECRET}|${KEY}`));
  logged.length = 0;
});
afterAll(async () => {
  await claude.close();
  await standin.close();
});

const recordFacts = {
  tool: {
    name: 'record_facts',
    description: 'Says what a message tells.',
    strict: true,
    input_schema: {
      type: 'object',
      properties: { intent: { type: 'string', enum: ['buy', 'sell'] } },
      required: ['intent'],
      additionalProperties: false,
    },
  },
};

const rules = stableLayer('global', [recordFacts, { text: `Rules. ${'Answer in one sentence. '.repeat(120)}` }]);
const office = stableLayer('location', [{ text: `The office. ${'It serves the whole county. '.repeat(60)}` }]);

const parts: PromptParts = {
  model: MODEL,
  settings: { effort: 'low' },
  global: rules,
  location: office,
  conversation: [{ role: 'user', text: JSON.stringify({ said: SECRET }) }],
  volatile: [{ text: 'Draft a reply.' }],
};

const marks: readonly Breakpoint[] = [
  { layer: 'global', block: 1, ttl: '1h' },
  { layer: 'location', block: 0, ttl: '1h' },
  { layer: 'conversation', block: 0, ttl: '5m' },
];

const ask = (change: Partial<ModelRequest> = {}, prompt: Prompt = promptOf(parts), withinMs = 20_000) =>
  claude.ask({ prompt, marks, maxTokens: 300, ...change }, { withinMs });

async function answered(change: Partial<ModelRequest> = {}, prompt?: Prompt): Promise<ModelAnswer> {
  const answer = await ask(change, prompt);
  if (answer.kind === 'failed') throw new Error(`no answer: ${answer.how} ${answer.code}`);
  return answer;
}

interface Line {
  readonly requestId: string;
  readonly at: string;
  readonly model: string;
  readonly nano: number;
  readonly outcome: string;
}

async function invoice(): Promise<{ readonly total: { readonly nano: number }; readonly requests: readonly Line[] }> {
  return (await look(standin, 'invoice')) as unknown as Awaited<ReturnType<typeof invoice>>;
}

const fault = (how: object) => order(standin, 'faults', { match: { path: '/v1/messages' }, times: 1, ...how });

describe('calls of Claude', () => {
  it('write their layers once and read them afterwards, also through a longer talk and another job', async () => {
    const first = await answered();
    expect(first.usage).toMatchObject({ read: 0 });
    expect(first.usage.write1h).toBeGreaterThan(1_000);
    const again = await answered({}, promptOf({ ...parts, volatile: [{ text: 'Read this.' }] }));
    expect(again.usage).toMatchObject({ read: first.usage.write1h + first.usage.write5m, write1h: 0, write5m: 0 });
    const grown = promptOf({
      ...parts,
      conversation: [...parts.conversation, { role: 'assistant', text: 'Noted.' }, { role: 'user', text: '"Thanks"' }],
    });
    const longer = await answered(
      { marks: [...marks.slice(0, 2), { layer: 'conversation', block: 2, ttl: '5m' }] },
      grown,
    );
    expect(longer.usage.read).toBe(again.usage.read);
    expect(longer.usage.write5m).toBeGreaterThan(0);
    // The control: a location's fact that changed is written anew, with all behind it.
    const other = promptOf({ ...parts, location: stableLayer('location', [{ text: office.blocks[0]! + ' New.' }]) });
    expect((await answered({}, other)).usage.read).toBeLessThan(first.usage.write1h);
  });

  it('cost by our bill what the vendor invoices, to the nano-dollar', async () => {
    const answers = [
      await answered(),
      await answered(),
      await answered({ marks: [] }),
      await answered({ maxTokens: 0 }),
    ];
    await order(standin, 'clock', { advanceMs: 400_000 });
    answers.push(await answered(), await answered({}, promptOf({ ...parts, model: 'claude-haiku-5-5' })));
    const { requests, total } = await invoice();
    const bills = answers.map(({ usage, requestId }) => {
      const line = requests.find((one) => one.requestId === requestId)!;
      expect(billOf(usage, line.model, line.at).total).toBe(line.nano);
      return line.nano;
    });
    expect(bills.reduce((sum, nano) => sum + nano, 0)).toBe(total.nano);
    expect(new Set(bills).size).toBeGreaterThan(3);
  });

  it('ping: the prefix is written and nothing is said', async () => {
    const ping = await answered(
      { maxTokens: 0, marks: marks.slice(0, 2) },
      promptOf({ ...parts, conversation: [], volatile: [] }),
    );
    expect(ping).toMatchObject({ text: '', tool: null, stop: 'cut', usage: { output: 0 } });
    const { usage } = await answered();
    expect(usage.read).toBe(ping.usage.write1h);
  });

  it('carry the input of the tool, and say whom they are for', async () => {
    const { tool, messageId, firstByteMs, ms } = await answered({ userId: 'opaque-1' });
    expect(tool).toEqual({ name: 'record_facts', input: { intent: expect.stringMatching(/^(buy|sell)$/) } });
    expect(messageId).toMatch(/^msg_/);
    expect(firstByteMs).toBeLessThanOrEqual(ms);
    const { calls } = (await look(standin, 'ledger')) as unknown as { calls: readonly { readonly body: object }[] };
    expect(calls.at(-1)?.body).toMatchObject({ metadata: { user_id: 'opaque-1' }, stream: true });
  });

  it('can be counted ahead: as many tokens as the answer says that the prompt had', async () => {
    const tokens = await claude.count(promptOf(parts), { withinMs: 5_000 });
    expect(tokens).toBe(promptTokens((await answered()).usage));
    await order(standin, 'faults', { match: { path: '/v1/messages/count_tokens' }, times: 1, status: 529 });
    expect(await claude.count(promptOf(parts), { withinMs: 5_000 })).toBeNull();
  });
});

describe('what Claude refuses', () => {
  it.each([
    [{ status: 400 }, 'refused', 'never'],
    [{ status: 401 }, 'refused', 'key'],
    [{ status: 403 }, 'refused', 'key'],
    [{ status: 413 }, 'refused', 'never'],
    [{ status: 429, headers: { 'retry-after': '3' } }, 'rate-limited', 'later'],
    [{ status: 429, errorCode: 'enforced_spend_limit_reached' }, 'rate-limited', 'spend'],
    [{ status: 429, errorCode: 'contract_spend_limit_reached' }, 'rate-limited', 'spend'],
    [{ status: 429, errorCode: 'ramp_limit_exceeded' }, 'rate-limited', 'later'],
    [{ status: 500 }, 'server-error', 'again'],
    [{ status: 503 }, 'server-error', 'again'],
    [{ status: 504 }, 'server-error', 'again'],
    [{ status: 529 }, 'overloaded', 'again'],
  ])('with %j is told apart', async (how, expected, then) => {
    await fault(how);
    expect(await ask()).toMatchObject({
      kind: 'failed',
      how: expected,
      then,
      requestId: expect.stringMatching(/^req_/),
    });
    expect((await ask()).kind).toBe('answered');
  });

  it.each(['enforced', 'contract', 'own'])(
    'at the %s limit of spending costs nothing, and waits for a person',
    async (kind) => {
      await order(standin, 'spend', { kind, nano: 1 });
      await ask();
      const before = await invoice();
      expect(await ask()).toMatchObject({ kind: 'failed', then: 'spend' });
      expect((await invoice()).total).toEqual(before.total);
      await order(standin, 'spend', { kind, nano: null });
    },
  );

  it.each(['revoked', 'forbidden'])('of a key that is %s is told by the doctor as well', async (state) => {
    const language = { claude, modelUsage: null, close: claude.close };
    expect(await claudeKey(language)).toMatchObject({ verdict: 'pass' });
    await order(standin, 'keys', { key: KEY, state });
    expect(await ask()).toMatchObject({ how: 'refused', then: 'key' });
    expect(await claudeKey(language)).toMatchObject({ verdict: 'fail', fix: 'set a valid ANTHROPIC_API_KEY' });
    await order(standin, 'keys', { key: KEY, state: 'active' });
  });

  it('at its own pace says when to ask again', async () => {
    await order(standin, 'limits', { requests: 1, inputTokens: 2_000_000, outputTokens: 400_000 });
    await ask();
    const limited = (await ask()) as ModelFailure;
    expect(limited).toMatchObject({ how: 'rate-limited', then: 'later' });
    expect(limited.retryAfterMs).toBeGreaterThan(0);
  });

  it('to answer before a word is free of charge', async () => {
    await fault({ spoil: 'refusal' });
    expect(await ask()).toMatchObject({ kind: 'failed', how: 'declined', then: 'never' });
    expect((await invoice()).total.nano).toBe(0);
  });

  it('because the model is not known, never to be asked again', async () => {
    expect(await ask({}, promptOf({ ...parts, model: 'claude-nobody-1' }))).toMatchObject({
      how: 'refused',
      then: 'never',
    });
  });
});

describe('what becomes of Claude’s answers on their way', () => {
  it.each([
    [{ reset: true }, 'cut-before-first-byte'],
    [{ dropAfterHandling: true }, 'cut-before-first-byte'],
    [{ hang: true }, 'timeout'],
  ])('%j before the first byte', async (how, expected) => {
    await fault(how);
    const failure = await ask({}, promptOf(parts), 'hang' in how ? 400 : undefined);
    expect(failure).toMatchObject({ kind: 'failed', how: expected, then: 'again' });
    expect(failure).not.toHaveProperty('begun');
  });

  it.each(['overloaded', 'cut', 'end'])('%s in the middle: what was begun bounds what is invoiced', async (how) => {
    await order(standin, 'script', { answers: [{ text: 'It is a quiet street. '.repeat(10) }] });
    // At a pace, so that the beginning has arrived when the line breaks.
    await order(standin, 'latency', { p50Ms: 1, tokensPerSecond: 200 });
    await fault({ midStream: { afterTokens: 30, how } });
    const failure = (await ask()) as ModelFailure;
    expect(failure).toMatchObject({ kind: 'failed', how: 'cut-mid-answer', then: 'again' });
    const [line] = (await invoice()).requests;
    const least = billOf({ ...failure.begun!, output: 0 }, MODEL, line!.at).total;
    const most = billOf({ ...failure.begun!, output: 300 }, MODEL, line!.at).upTo;
    expect(line).toMatchObject({ outcome: 'broken', requestId: failure.requestId });
    expect(line!.nano).toBeGreaterThanOrEqual(least);
    expect(line!.nano).toBeLessThanOrEqual(most);
  });

  it.each(['empty', 'cut-json', 'wrong-case', 'not-json'])(
    '%s is an answer all the same, for the gates to judge',
    async (spoil) => {
      await fault({ spoil });
      const answer = await answered();
      const { requests } = await invoice();
      expect(billOf(answer.usage, MODEL, requests[0]!.at).total).toBe(requests[0]!.nano);
      if (spoil === 'empty') expect(answer).toMatchObject({ text: '', tool: null });
      if (spoil === 'wrong-case')
        expect(answer.tool?.input).toEqual({ intent: expect.stringMatching(/^(BUY|SELL|Buy|Sell)$/) });
    },
  );
});

describe('the usage report of Claude', () => {
  const report = () => createUsageReport({ baseUrl: standin.url, apiKey: 'sk-ant-admin' });

  it('tells what all calls of a day cost, to the nano-dollar', async () => {
    await answered();
    await answered();
    await answered({}, promptOf({ ...parts, model: 'claude-haiku-5-5' }));
    await order(standin, 'clock', { at: '2026-11-03T00:10:00Z' });
    await answered();
    const reading = report();
    const told = await reading.between(DAY, '2026-11-03', 5_000);
    if (told.kind === 'failed') throw new Error(told.code);
    expect(told.unpriced).toEqual([]);
    expect(told.rows.map(({ day, model, tier }) => [day, model, tier]).sort()).toEqual([
      [DAY, 'claude-haiku-5-5', 'standard'],
      [DAY, MODEL, 'standard'],
      ['2026-11-03', MODEL, 'standard'],
    ]);
    const sum = told.rows.reduce((all, { usage, model, day }) => all + billOf(usage, model, day).total, 0);
    expect(sum).toBe((await invoice()).total.nano);
    await reading.close();
  });

  it('comes in pages where many days are asked for, and says so when it cannot be had', async () => {
    await answered();
    const reading = report();
    const told = await reading.between('2026-08-01', '2026-11-02', 5_000);
    expect(told).toMatchObject({ kind: 'reported', rows: [expect.objectContaining({ day: DAY })] });
    const path = '/v1/organizations/usage_report/messages';
    await order(standin, 'faults', { match: { path }, times: 1, status: 403 });
    expect(await reading.between(DAY, DAY, 5_000)).toEqual({ kind: 'failed', code: 'permission_error' });
    await reading.close();
  });
});
