import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import type { ClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import { MODEL, ask, call, counted, fresh, look, order, startClaude, textOf } from '../support/claude-standin.ts';

interface Line {
  readonly n: number;
  readonly nano: number;
  readonly uncachedNano: number;
  readonly outcome: string;
  readonly requestId: string;
  readonly organizationId: string;
  readonly usage: { readonly output_tokens: number };
}

interface Invoice {
  readonly total: { readonly requests: number; readonly nano: number; readonly uncachedNano: number };
  readonly requests: readonly Line[];
  readonly last: number;
}

let standin: ClaudeStandin;

beforeAll(async () => {
  standin = await startClaude();
});

beforeEach(() => fresh(standin));

afterAll(() => standin.close());

const invoice = async (from = standin) => (await look(from, 'invoice')) as unknown as Invoice;
const user = (tokens: number, name = '') => ({ messages: [{ role: 'user', content: [textOf(tokens - 3, name)] }] });

/** Costs of one request in nano-dollars: 1,000 tokens each of plain input, five-minute write and output, then the same read. */
async function costs(fields: Readonly<Record<string, unknown>>): Promise<{ cold: number; warm: number }> {
  await order(standin, 'content', { textTokens: 1_000 });
  const request = { ...fields, max_tokens: 5_000, system: [textOf(5_000, 'system', '5m')], ...user(1_000) };
  await ask(standin, request);
  await ask(standin, request);
  const { requests } = await invoice();
  return { cold: Number(requests.at(-2)?.nano), warm: Number(requests.at(-1)?.nano) };
}

describe('prices', () => {
  it.each([
    // Dollars per million: input, five-minute write, read, output.
    ['claude-sonnet-5-5', 2, 2.5, 0.1, 10],
    ['claude-opus-5-5', 4, 5, 0.2, 20],
    ['claude-haiku-5-5', 0.1, 0.125, 0.01, 0.5],
    ['claude-fable-5-1', 10, 12.5, 0.25, 50],
    ['claude-opus-5', 5, 6.25, 0.5, 25],
    ['claude-opus-4-8', 5, 6.25, 0.5, 25],
    ['claude-sonnet-5', 2, 2.5, 0.2, 10],
  ])('%s', async (model, input, write, read, output) => {
    const nano = 1_000;
    const plain = 1_000 * nano * (input + output);
    expect(await costs({ model })).toEqual({
      cold: Math.round(plain + 5_000 * nano * write),
      warm: Math.round(plain + 5_000 * nano * read),
    });
  });

  it('change with the date: a read on Sonnet 5.5 cost twice as much before October 7', async () => {
    await order(standin, 'clock', { at: '2026-10-06T12:00:00Z' });
    const before = await costs({ model: 'claude-sonnet-5-5' });
    await order(standin, 'clock', { at: '2026-10-07T00:00:00Z' });
    const after = await costs({ model: 'claude-sonnet-5-5' });
    expect([before.cold, before.warm - after.warm]).toEqual([after.cold, 5_000 * 100]);
  });

  it('change with the size on Haiku 5.5: above 100,000 tokens all of the request costs five times as much', async () => {
    const fields = (system: number) => ({ model: 'claude-haiku-5-5', system: [textOf(system, 's')], ...user(1_000) });
    await order(standin, 'content', { textTokens: 50 });
    await ask(standin, fields(99_000));
    await ask(standin, fields(99_001));
    const [small, large] = (await invoice()).requests;
    expect([small?.nano, large?.nano]).toEqual([100_000 * 100 + 50 * 500, 100_001 * 500 + 50 * 2_500]);
  });

  it('an hour’s write costs twice the input; in the United States everything costs a tenth more', async () => {
    const fields = { system: [textOf(2_000, 's', '1h')], max_tokens: 0, ...user(10) };
    await ask(standin, { ...fields, inference_geo: 'us' });
    await order(standin, 'clock', { advanceMs: 3_600_000 });
    await ask(standin, fields);
    expect((await invoice()).requests.map(({ nano }) => nano)).toEqual([
      ((2_000 * 10_000 + 10 * 5_000) * 11) / 10,
      2_000 * 10_000 + 10 * 5_000,
    ]);
  });

  it('half a nano-dollar is rounded up, once per request', async () => {
    const requests = [
      {
        custom_id: 'a',
        params: { model: 'claude-haiku-5-5', max_tokens: 20, system: [textOf(513, 's', '5m')], ...user(10) },
      },
    ];
    await order(standin, 'content', { textTokens: 11 });
    const { body } = await call(standin, 'POST', '/v1/messages/batches', { requests });
    await order(standin, 'clock', { advanceMs: 60_000 });
    await call(standin, 'GET', `/v1/messages/batches/${String(body['id'])}`);
    const exact = (513 * 125 + 10 * 100 + 11 * 500) / 2;
    expect(exact % 1).toBe(0.5);
    expect((await invoice()).requests[0]?.nano).toBe(exact + 0.5);
  });
});

describe('the invoice', () => {
  it('has one line per request that was answered, sums them, and tells what no cache would have cost', async () => {
    const prompt = { system: [textOf(3_000, 's', '1h')], max_tokens: 0 };
    await ask(standin, prompt);
    const second = await ask(standin, prompt);
    await ask(standin, { model: 'none' });
    const { total, requests, last } = await invoice();
    expect(requests.map(({ n }) => n)).toEqual([1, 2]);
    expect(requests[1]?.requestId).toBe(second.headers.get('request-id'));
    expect(requests.map(({ uncachedNano }) => uncachedNano)).toEqual([3_009 * 5_000, 3_009 * 5_000]);
    expect(total).toEqual({ requests: 2, nano: 3_000 * 10_500 + 18 * 5_000, uncachedNano: 2 * 3_009 * 5_000 });
    expect(last).toBe(2);
    expect((await look(standin, 'invoice?after=1'))['requests']).toHaveLength(1);
    expect((await fetch(`${standin.url}/_sandbox/invoice?after=x`)).status).toBe(400);
  });

  it('a refusal costs nothing before the first word, and what was said after it', async () => {
    const answers = [
      { refusal: { category: 'bio' } },
      { text: 'I can say so much.', refusal: { category: null, explanation: 'No.' } },
    ];
    await order(standin, 'script', { answers });
    await ask(standin);
    const { body } = await ask(standin);
    expect(body).toMatchObject({ stop_reason: 'refusal', stop_details: { category: null, explanation: 'No.' } });
    expect((await invoice()).requests).toMatchObject([
      { outcome: 'refused', nano: 0, uncachedNano: 0 },
      { outcome: 'whole', nano: 9 * 5_000 + 12 * 25_000 },
    ]);
  });

  it('no token is lost or read that was not written, whatever is asked in whatever order', async () => {
    const block = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      tokens: fc.constantFrom(200, 700, 1_500),
      mark: fc.boolean(),
    });
    const step = fc.record({
      blocks: fc.array(block, { minLength: 1, maxLength: 4 }),
      minutes: fc.constantFrom(0, 1, 6),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        await fresh(standin);
        const written = new Set<string>();
        for (const { blocks, minutes } of steps) {
          await order(standin, 'clock', { advanceMs: minutes * 60_000 });
          const content = blocks.map(({ name, tokens, mark }) => textOf(tokens, name, mark ? '5m' : undefined));
          const { read, write1h, write5m, input } = counted(
            await ask(standin, { messages: [{ role: 'user', content }], max_tokens: 0 }),
          );
          const ends = blocks.map((_, n) => blocks.slice(0, n + 1));
          const size = (some: typeof blocks) => some.reduce((sum, { tokens }) => sum + tokens, 3);
          const key = (some: typeof blocks) => JSON.stringify(some.map(({ name, tokens }) => [name, tokens]));
          expect(read + write1h + write5m + input).toBe(size(blocks));
          if (read > 0)
            expect(
              ends
                .filter((some) => size(some) === read)
                .map(key)
                .some((one) => written.has(one)),
            ).toBe(true);
          ends
            .filter((some) => some.at(-1)?.mark === true && size(some) >= 512)
            .forEach((some) => written.add(key(some)));
        }
      }),
      { numRuns: 40, verbose: true },
    );
  });

  it('the legacy usage report adds up to the invoice, in buckets and groups; what was not billed is in none', async () => {
    await order(standin, 'script', { answers: [{ refusal: {} }] });
    await order(standin, 'keys', { key: 'sk-ant-abroad', organizationId: 'org-2' });
    await ask(standin);
    await ask(standin, { system: [textOf(900, 's', '1h')] });
    await ask(standin, {}, { 'x-api-key': 'sk-ant-abroad' });
    await order(standin, 'clock', { advanceMs: 30_000 });
    await ask(standin, { system: [textOf(900, 's', '1h')] }, { 'anthropic-workspace-id': 'wrkspc_2' });
    await ask(standin, { system: [textOf(900, 's', '1h')] });
    const query =
      'starting_at=2026-11-02T12:00:00Z&ending_at=2026-11-02T12:01:00Z&bucket_width=1m&group_by[]=workspace_id';
    const { body } = await call(standin, 'GET', `/v1/organizations/usage_report/messages?${query}`);
    const written = { ephemeral_1h_input_tokens: 900, ephemeral_5m_input_tokens: 0 };
    expect(body['data']?.[0]?.['results']).toMatchObject([
      {
        workspace_id: 'wrkspc_default',
        requests: 2,
        uncached_input_tokens: 18,
        cache_read_input_tokens: 900,
        cache_creation: written,
      },
      { workspace_id: 'wrkspc_2', requests: 1, cache_read_input_tokens: 0, cache_creation: written },
    ]);
    const { requests } = await invoice();
    const own = requests.filter(({ organizationId }) => organizationId !== 'org-2');
    const output = own.slice(1).reduce((sum, { usage }) => sum + usage.output_tokens, 0);
    const all = await call(standin, 'GET', '/v1/organizations/usage_report/messages?starting_at=2026-11-02T00:00:00Z');
    expect(all.body['data']?.[0]?.['results']).toMatchObject([{ workspace_id: null, output_tokens: output }]);
    for (const wrong of [
      '',
      'starting_at=noon',
      'starting_at=2026-11-02&bucket_width=1y',
      'starting_at=2026-11-02&group_by=colour',
    ])
      expect((await call(standin, 'GET', `/v1/organizations/usage_report/messages?${wrong}`)).status).toBe(400);
  });
});

describe('the ledger and the state', () => {
  it('tell every call in order, with its whole body', async () => {
    const system = [textOf(600, 'system')];
    await ask(standin, { system });
    await ask(standin, { model: 'none', system }, { 'anthropic-workspace-id': 'wrkspc_2' });
    const { calls, last } = (await look(standin, 'ledger')) as unknown as { calls: readonly object[]; last: number };
    expect(calls).toMatchObject([
      {
        n: 1,
        method: 'POST',
        path: '/v1/messages',
        body: { model: MODEL, system },
        status: 200,
        at: '2026-11-02T12:00:00.000Z',
      },
      { n: 2, body: { model: 'none', system }, status: 404, workspaceId: 'wrkspc_2' },
    ]);
    expect(last).toBe(2);
    expect((await look(standin, 'ledger?after=1'))['calls']).toHaveLength(1);
  });

  it('outlive the process where there is a home: cache, invoice, batches, settings', async () => {
    const home = mkdtempSync(join(tmpdir(), 'claude-standin-'));
    try {
      const prompt = { system: [textOf(1_000, 'system', '1h')] };
      const first = await createClaudeStandin({ port: 0, home });
      await order(first, 'limits', { requests: 77 });
      const params = { model: MODEL, max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] };
      const batch = await call(first, 'POST', '/v1/messages/batches', { requests: [{ custom_id: 'a', params }] });
      await ask(first, prompt);
      const before = await invoice(first);
      await first.close();
      const second = await createClaudeStandin({ port: 0, home });
      expect(await invoice(second)).toEqual(before);
      expect(counted(await ask(second, prompt))).toMatchObject({ read: 1_000 });
      expect((await look(second, 'state'))['limits']).toMatchObject({ requests: 77 });
      expect((await call(second, 'GET', `/v1/messages/batches/${String(batch.body['id'])}`)).status).toBe(200);
      expect((await look(second, 'ledger'))['last']).toBe(4);
      await second.close();
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('come out the same for the same seed and the same calls', async () => {
    const play = async (seed: number): Promise<string> => {
      const one = await createClaudeStandin({ port: 0, seed });
      await fresh(one);
      await order(one, 'content', { mode: 'invent' });
      const answers = [];
      for (let n = 0; n < 3; n += 1) answers.push((await ask(one)).body);
      await one.close();
      return JSON.stringify(answers);
    };
    expect(await play(3)).toBe(await play(3));
    expect(await play(3)).not.toBe(await play(4));
  });
});
