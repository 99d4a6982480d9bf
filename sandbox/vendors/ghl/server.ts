import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlPlane } from './control.ts';
import { loadDocuments } from './documents.ts';
import { createFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { readRequest } from './incoming.ts';
import { signingKey } from './keys.ts';
import { drawLatency } from './latency.ts';
import { createLater } from './later.ts';
import { createLimiter } from './limits.ts';
import { marketplacePage } from './marketplace.ts';
import type { Page } from './marketplace.ts';
import { operations } from './operations.ts';
import { buildRouter } from './router.ts';
import { createService } from './service.ts';
import { latencyOf } from './settings.ts';
import { callOf, openStore } from './store.ts';
import { createWebhooks } from './webhooks.ts';

export interface StandIn {
  readonly server: Server;
  close(): Promise<void>;
}

/** GHL's API and its control plane over the state in `home`; not yet listening. */
export function createStandIn(home: string): StandIn {
  const store = openStore(home);
  const route = buildRouter(loadDocuments(), operations);
  const limiter = createLimiter();
  const faults = createFaults((method, path) => route(method, path) !== undefined);
  const webhooks = createWebhooks(store, signingKey(home));
  const service = createService({ store, limiter, route, webhooks });
  const later = createLater(store, webhooks);
  const control = controlPlane({ store, limiter, faults, webhooks, service, later });

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const incoming = await readRequest(request);
    if (incoming.path.startsWith('/_sandbox')) {
      const { status, body } = await control(incoming);
      send(response, status, body, {});
      return;
    }
    const page = marketplacePage(store, incoming);
    if (page) return show(response, page);
    const fault = faults.take(incoming.method, incoming.path);
    const delay = (fault?.delayMs ?? 0) + drawLatency(latencyOf(store), Math.random);
    if (delay > 0) await sleep(delay);
    if (fault?.hang) {
      store.commit(callOf(incoming, { status: 0, dropped: true, fault: true }));
      return;
    }
    if (fault?.status !== undefined && !fault.dropAfterHandling) {
      store.commit(callOf(incoming, { status: fault.status, fault: true }));
      sendFault(response, fault, fault.status);
      return;
    }
    const outcome = service.call(incoming);
    const { status, locationId, contactId } = outcome;
    const dropped = fault?.dropAfterHandling === true || fault?.cutAfterBytes !== undefined;
    store.commit(
      callOf(incoming, {
        status,
        ...(locationId !== undefined && { locationId }),
        ...(contactId !== undefined && { contactId }),
        ...(dropped && { dropped }),
        ...((dropped || fault?.headers) && { fault: true }),
      }),
    );
    if (fault?.dropAfterHandling) request.socket.destroy();
    else {
      const headers = { ...outcome.headers, ...lowered(fault?.headers) };
      send(response, status, { ...outcome.body, traceId: randomUUID() }, headers, fault?.cutAfterBytes);
    }
    webhooks.launch(outcome.deliveries);
    later.arm();
  };

  /** The way back to the app waits until the app was told of the install, where it is told first. */
  const show = async (response: ServerResponse, { status, headers, body, events }: Page): Promise<void> => {
    const deliveries = webhooks.prepareAll(events);
    store.commit();
    await Promise.all(deliveries.map((delivery) => webhooks.start(delivery)));
    response.writeHead(status, headers).end(body);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent) send(response, 500, { statusCode: 500, message: 'Internal server error' }, {});
    });
  });
  // Longer than any client keeps a socket: none is closed under a request that is just being sent.
  server.keepAliveTimeout = 75_000;
  webhooks.resume();
  later.arm();
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        webhooks.close();
        later.close();
        server.close(() => {
          store.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  cutAfterBytes?: number,
): void {
  write(
    response,
    status,
    Buffer.from(JSON.stringify(body)),
    { 'content-type': 'application/json; charset=utf-8', ...headers },
    cutAfterBytes,
  );
}

function sendFault(response: ServerResponse, fault: Fault, status: number): void {
  const body = fault.body ?? { statusCode: status, message: 'Injected fault', traceId: randomUUID() };
  const headers = lowered(fault.headers);
  if (typeof body !== 'string') return send(response, status, body, headers, fault.cutAfterBytes);
  write(response, status, Buffer.from(body), { 'content-type': 'text/plain', ...headers }, fault.cutAfterBytes);
}

/** All of it, or only its beginning: then the length that was promised never comes, and the connection ends. */
function write(
  response: ServerResponse,
  status: number,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  cutAfterBytes: number | undefined,
): void {
  response.writeHead(status, { 'content-length': bytes.length, ...headers });
  if (cutAfterBytes === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfterBytes), () => response.socket?.destroy());
}

/** Names of headers are one whatever their case; two that differ in it would both be sent. */
function lowered(headers: Fault['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
