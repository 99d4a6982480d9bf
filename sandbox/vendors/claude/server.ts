import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCacheEngine } from './cache.ts';
import { createClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { createContents } from './content.ts';
import { control } from './control.ts';
import { deliver } from './deliver.ts';
import { createFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import type { Incoming } from './incoming.ts';
import { readIncoming } from './incoming.ts';
import { createLimiter } from './limits.ts';
import { createRandom, newId } from './random.ts';
import { envelope, errorType } from './refusal.ts';
import { serve } from './service.ts';
import type { Reply } from './service.ts';
import { openStore } from './store.ts';
import { isObject } from './wire.ts';
import type { Json } from './wire.ts';
import { drawLatency, latencyOf } from './world.ts';
import type { World } from './world.ts';

export interface StandinOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Where the ledger and the state are kept; without it they end with the stand-in. */
  readonly home?: string;
  readonly clock?: Clock;
  readonly seed?: number;
}

export interface ClaudeStandin {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Anthropic's Messages API and its control plane, listening on this machine alone. */
export async function createClaudeStandin(options: StandinOptions): Promise<ClaudeStandin> {
  const store = openStore(options.home);
  let draw = createRandom(options.seed ?? 1);
  const random = (): number => draw();
  const world: World = {
    ...{ store, random, clock: options.clock ?? createClock(), limiter: createLimiter() },
    ...{ cache: createCacheEngine(store), contents: createContents(store, random), faults: createFaults(random) },
    reseed: () => void (draw = createRandom(options.seed ?? 1)),
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const incoming = await readIncoming(request);
    if (incoming.path.startsWith('/_sandbox/')) {
      sendJson(response, control(world, incoming));
      return;
    }
    const requestId = newId('req', random);
    const fault = world.faults.take(incoming.method, incoming.path);
    if (fault?.hang || fault?.reset) {
      record(world, incoming, { requestId, status: 0, fault: true });
      if (fault.reset) response.destroy();
      return;
    }
    const failing = fault?.status !== undefined && !fault.dropAfterHandling;
    const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
    const reply = failing ? faultReply(fault, requestId) : serve(world, incoming, requestId, origin, fault);
    record(world, incoming, {
      ...{ requestId, status: reply.status },
      ...(reply.holder && { workspaceId: reply.holder.workspaceId, apiKeyId: reply.holder.apiKeyId }),
      ...(fault && { fault: true }),
    });
    const delay = (fault?.delayMs ?? 0) + drawLatency(world);
    if (delay > 0) await sleep(delay);
    if (failing && typeof fault.body === 'string') {
      sendText(response, fault, requestId);
      return;
    }
    const { tokensPerSecond } = latencyOf(world);
    await deliver(reply, { response, requestId, fault, tokensPerSecond, commit: store.commit });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent)
        sendJson(response, {
          status: 500,
          body: envelope({ type: 'api_error', message: 'Internal server error', details: undefined }, null),
        });
      else response.destroy();
    });
  });
  // Longer than any client keeps a socket: none is closed under a request that is just being sent.
  server.keepAliveTimeout = 75_000;
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? options.port : address.port);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          store.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** One line of the ledger. Layers that come with every call are kept once. */
function record({ store, clock }: World, incoming: Incoming, outcome: Json): void {
  const n = store.count('calls') + 1;
  const { method, path, query, body } = incoming;
  const layers = isObject(body) ? ['system', 'tools'].filter((name) => body[name] !== undefined) : [];
  const kept = isObject(body)
    ? { ...body, ...Object.fromEntries(layers.map((name) => [name, store.keep(body[name])])) }
    : body;
  const at = new Date(clock.now()).toISOString();
  store.put('calls', {
    id: String(n),
    n,
    at,
    method,
    path,
    query,
    ...(kept !== undefined && { body: kept }),
    ...outcome,
  });
  store.commit();
}

function faultReply(fault: Fault, requestId: string): Reply {
  const status = fault.status ?? 500;
  const details = fault.errorCode === undefined ? undefined : { error_code: fault.errorCode };
  const message = status === 529 ? 'Overloaded' : 'Injected fault';
  const body = isObject(fault.body) ? fault.body : envelope({ type: errorType(status), message, details }, requestId);
  return { status, headers: {}, body };
}

function sendJson(
  response: ServerResponse,
  { status, body }: { readonly status: number; readonly body: unknown },
): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** An answer that is no JSON at all, as a proxy on the way would give. */
function sendText(response: ServerResponse, { status = 502, body, headers }: Fault, requestId: string): void {
  response.writeHead(status, { 'content-type': 'text/html', 'request-id': requestId, ...headers }).end(String(body));
}
