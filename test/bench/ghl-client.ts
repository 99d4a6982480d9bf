import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import { createClient } from '../../integrations/ghl/client.ts';
import { createCallBudget } from '../../integrations/redis/call-budget.ts';
import { createLogger } from '../../platform/logger.ts';

/** What GHL answers to a read of a contact, at a usual length. */
const ANSWER = JSON.stringify({
  contact: {
    ...{ id: 'c', locationId: 'l', firstName: 'Sample', email: 'sample@example.com', phone: '+12005550100' },
    ...{ tags: ['Hit List', 'Warm-Lead', 'VIP'], dateUpdated: '2026-03-02T15:00:00.000Z', dnd: false },
    customFields: Array.from({ length: 20 }, (_none, at) => ({ id: `field${at}`, value: `value ${at}` })),
  },
  traceId: '00000000-0000-0000-0000-000000000000',
});

/** Answers every request alike, from a process of its own: what it costs is not ours. */
const ANSWERER = `
import { createServer } from 'node:http';
const body = Buffer.from(process.argv[1]);
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length,
      'x-ratelimit-max': '10000', 'x-ratelimit-remaining': '9999', 'x-ratelimit-interval-milliseconds': '1000',
      'x-ratelimit-limit-daily': '20000000', 'x-ratelimit-daily-remaining': '19999999' });
    response.end(body);
  });
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

export interface ClientSamples {
  /** Of each pair, the client's call less the bare round trip right before it, milliseconds; never below 0. */
  readonly own: readonly number[];
  readonly bare: readonly number[];
  readonly call: readonly number[];
  /** The same with a budget that asks nobody, so that it shows what Redis costs. */
  readonly ownWithoutRedis: readonly number[];
}

/** The client against an answerer on the loopback, one call after another, each beside a bare request for the same bytes. */
export async function measureClient(redisUrl: string | undefined, calls: number): Promise<ClientSamples> {
  const answerer = spawn(process.execPath, ['--input-type=module', '-e', ANSWERER, ANSWER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { value: port } = (await createInterface({ input: answerer.stdout })[Symbol.asyncIterator]().next()) as {
      value: string;
    };
    const baseUrl = `http://127.0.0.1:${port}`;
    const shared = await pairs(baseUrl, redisUrl, calls);
    const alone = await pairs(baseUrl, undefined, calls);
    return { ...shared, ownWithoutRedis: alone.own };
  } finally {
    const gone = once(answerer, 'exit');
    answerer.kill('SIGTERM');
    await gone;
  }
}

async function pairs(
  baseUrl: string,
  redisUrl: string | undefined,
  calls: number,
): Promise<Omit<ClientSamples, 'ownWithoutRedis'>> {
  const log = createLogger({ level: 'info', stream: { write: () => undefined } });
  const access = { token: 'a-token-of-the-bench', version: 1 };
  const tokens = {
    token: () => Promise.resolve(access),
    refused: () => Promise.resolve(undefined),
    inactive: () => Promise.resolve(),
  };
  const client = createClient({ baseUrl, tokens, budget: createCallBudget({ redisUrl, log }), log });
  const dispatcher = new Agent({ connections: 64, pipelining: 1 });
  const headers = { authorization: `Bearer ${access.token}`, version: '2021-07-28', accept: 'application/json' };
  const bare = async (): Promise<void> => {
    const { body } = await request(`${baseUrl}/contacts/c`, { dispatcher, headers });
    await body.text();
  };
  const call = async (): Promise<void> => {
    const reply = await client.call('get-contact', 'bench-location', { path: { contactId: 'c' } });
    if (reply.kind !== 'answer' || reply.status !== 200) throw new Error(`the client answered ${reply.kind}`);
  };
  try {
    for (let warm = 0; warm < 300; warm += 1) {
      await bare();
      await call();
    }
    const samples = { own: [] as number[], bare: [] as number[], call: [] as number[] };
    for (let number = 0; number < calls; number += 1) {
      const [first, second] = [await timed(bare), await timed(call)];
      samples.bare.push(first);
      samples.call.push(second);
      samples.own.push(Math.max(0, second - first));
    }
    return samples;
  } finally {
    await client.close();
    await dispatcher.close();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
