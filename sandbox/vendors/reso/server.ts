import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createClock } from './clock.ts';
import { control } from './control.ts';
import { createFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { readIncoming } from './incoming.ts';
import type { Incoming } from './incoming.ts';
import { createLimiter } from './limits.ts';
import { createPush } from './push.ts';
import { serve } from './service.ts';
import type { Reply } from './service.ts';
import { openStore } from './store.ts';
import type { Call } from './store.ts';
import { changeToken, issueToken } from './tokens.ts';
import { isObject, serialized } from './wire.ts';
import { isVendor, profileOf } from './world.ts';
import type { World } from './world.ts';

export interface StandinOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Where the records and the ledger are kept; without it they end with the stand-in. */
  readonly home?: string;
  /** Whose habits it has where nobody changed that; `reso` unless said. */
  readonly vendor?: string;
}

export interface ResoStandin {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A page of HTML as proxies and logins answer, with a 200. */
const HTML = '<!DOCTYPE html><html><head><title>Maintenance</title></head><body>We will be back soon.</body></html>';
/** Longest line of a request: filters with many keys are long. */
const MAX_HEADER = 256 * 1024;

/** A RESO Web API server and its control plane, listening on this machine alone. */
export async function createResoStandin(options: StandinOptions): Promise<ResoStandin> {
  const clock = createClock();
  const store = openStore(options.home, clock.now);
  const world: World = {
    store,
    clock,
    faults: createFaults(),
    limiter: createLimiter(),
    push: createPush(store),
  };
  if (isVendor(options.vendor) && store.setting('profile') === undefined) {
    store.setSetting('profile', { vendor: options.vendor });
    store.commit();
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const incoming = await readIncoming(request);
    if (incoming.path.startsWith('/_sandbox')) {
      const { status, body } = await control(world, incoming);
      sendJson(response, status, body);
      return;
    }
    const fault = world.faults.take(incoming.method, incoming.path, incoming.asked);
    const delay = (fault?.delayMs ?? 0) + Number(store.setting('latency')?.['ms'] ?? 0);
    if (delay > 0) await sleep(delay);
    if (fault?.hang) {
      record(world, incoming, { status: 0, fault: true });
      return;
    }
    if (fault?.status !== undefined && !fault.dropAfterHandling) {
      record(world, incoming, { status: fault.status, fault: true });
      sendFault(response, fault, fault.status);
      return;
    }
    if (incoming.path === '/oauth/token') {
      sendToken(world, incoming, response);
      return;
    }
    const reply = serve(world, incoming, `http://${request.headers.host ?? '127.0.0.1'}`, fault);
    if (reply.status === 200) afterwards(world, reply, fault);
    record(world, incoming, {
      status: fault?.dropAfterHandling ? 0 : reply.status,
      rows: reply.rows,
      bytes: Buffer.byteLength(reply.body),
      ...(reply.holder && { token: reply.holder.id }),
      ...(fault && { fault: true }),
    });
    if (fault?.dropAfterHandling) return void request.socket.destroy();
    deliver(response, incoming, { reply, fault, zip: profileOf(world).gzip === 'required' });
  };

  const server = createServer({ maxHeaderSize: MAX_HEADER }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { code: '50000', message: 'An error has occurred' } });
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
        world.push.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What becomes of the token once the answer is made: it was still good for this one. */
function afterwards({ store, clock }: World, { holder }: Reply, fault: Fault | undefined): void {
  if (holder === undefined) return;
  const { id } = holder;
  if (fault?.spoil === 'expire-token') changeToken(store, { id, expiresInMs: 0 }, clock.now());
  if (fault?.spoil === 'revoke-token') changeToken(store, { id, state: 'revoked' }, clock.now());
  if (fault?.spoil === 'suspend-token') changeToken(store, { id, state: 'suspended' }, clock.now());
}

function record({ store, clock }: World, incoming: Incoming, outcome: Pick<Call, 'status'> & Partial<Call>): void {
  const { method, path, query } = incoming;
  store.commit({ at: new Date(clock.now()).toISOString(), method, path, query, ...outcome });
}

function sendToken(world: World, incoming: Incoming, response: ServerResponse): void {
  const form = isObject(incoming.body) ? incoming.body : {};
  const { authorization } = incoming.headers;
  const now = world.clock.now();
  const { status, body } =
    incoming.method === 'POST'
      ? issueToken(world.store, { form, authorization, now })
      : { status: 405, body: { error: 'invalid_request' } };
  record(world, incoming, { status });
  sendJson(response, status, body);
}

function deliver(
  response: ServerResponse,
  { headers: asked }: Incoming,
  { reply, fault, zip }: { reply: Reply; fault: Fault | undefined; zip: boolean },
): void {
  const spoiled = reply.status === 200 ? fault?.spoil : undefined;
  const text = spoiled === 'html' ? HTML : spoiled === 'no-odata' ? '{"status":"ok"}' : reply.body;
  const type: Record<string, string> = spoiled === 'html' ? { 'content-type': 'text/html;charset=utf-8' } : {};
  const plain = Buffer.from(text);
  const zipped = zip && /\bgzip\b/.test(asked['accept-encoding'] ?? '');
  const bytes = zipped ? gzipSync(plain, { level: 1 }) : plain;
  write(response, reply.status, bytes, {
    headers: { ...reply.headers, ...type, ...(zipped && { 'content-encoding': 'gzip' }), ...fault?.headers },
    cutAfterBytes: fault?.cutAfterBytes,
  });
}

function sendFault(response: ServerResponse, fault: Fault, status: number): void {
  const body = fault.body ?? { error: { code: `${status}00`, message: 'Injected fault' } };
  const isText = typeof body === 'string';
  const headers = { 'content-type': isText ? 'text/plain' : 'application/json', ...fault.headers };
  write(response, status, Buffer.from(isText ? body : JSON.stringify(body)), {
    headers,
    cutAfterBytes: fault.cutAfterBytes,
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const headers = { 'content-type': 'application/json;charset=utf-8' };
  write(response, status, Buffer.from(serialized(body, true)), { headers, cutAfterBytes: undefined });
}

/** All of it, or only its beginning: then the length that was promised never comes, and the connection ends. */
function write(
  response: ServerResponse,
  status: number,
  bytes: Buffer,
  { headers, cutAfterBytes }: { headers: Readonly<Record<string, string>>; cutAfterBytes: number | undefined },
): void {
  response.writeHead(status, { 'content-length': bytes.length, ...headers });
  if (cutAfterBytes === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfterBytes), () => response.socket?.destroy());
}
