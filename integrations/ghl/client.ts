import { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import type { Log } from '../../domain/ports/log.ts';
import { operations, pathOf, type CallInput, type OperationId } from './operations.ts';

/** What came of a call. A value, never an exception: whether a byte was written decides what may be done next. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** The parsed body; undefined when it is not JSON, whatever its content type claims. */
      readonly json: unknown;
      readonly headers: Readonly<Record<string, string>>;
      /** The vendor's id of the call, for its support. */
      readonly traceId: string | undefined;
      /** Our clock when the call began: the answer is at least as fresh as that. */
      readonly startedAt: number;
    }
  | {
      readonly kind: 'failed';
      /** False only when it is certain that no byte of the request left us. */
      readonly written: boolean;
      /** Code of the failure, such as ECONNREFUSED; free of addresses and content. */
      readonly reason: string;
      readonly cause: unknown;
    }
  /** There is no token for the location, so nothing was asked. */
  | { readonly kind: 'no-token' };

export interface ClientOptions {
  readonly baseUrl: string;
  readonly token: (locationId: string) => Promise<string | undefined>;
  readonly log: Log;
  /** For connecting, for the first byte of the answer and between its bytes, each; 10 s unless told. */
  readonly timeoutMs?: number;
}

export interface GhlClient {
  call(operation: OperationId, locationId: string, input: CallInput): Promise<Reply>;
  close(): Promise<void>;
}

/** One pool for all locations: keep-alive, no pipelining, no retries and no redirects, since a retry is its caller's decision. */
export function createClient(options: ClientOptions): GhlClient {
  const timeout = options.timeoutMs ?? 10_000;
  const dispatcher = new Agent({
    connect: { timeout },
    connections: 64,
    pipelining: 1,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    keepAliveTimeout: 4_000,
    maxResponseSize: 8 * 1024 * 1024,
  });
  const origin = options.baseUrl.replace(/\/+$/, '');

  async function ask(operation: OperationId, locationId: string, input: CallInput, startedAt: number): Promise<Reply> {
    let token: string | undefined;
    try {
      token = await options.token(locationId);
    } catch (cause) {
      return { kind: 'failed', written: false, reason: 'TOKEN_UNREADABLE', cause };
    }
    if (token === undefined || token === '') return { kind: 'no-token' };
    return exchange(dispatcher, origin, operation, token, input, timeout * 3, startedAt);
  }

  return {
    async call(operation, locationId, input) {
      const startedAt = Date.now();
      const reply = await ask(operation, locationId, input, startedAt);
      note(options.log, operation, locationId, reply, Date.now() - startedAt);
      return reply;
    },
    async close() {
      await dispatcher.close();
    },
  };
}

async function exchange(
  dispatcher: Dispatcher,
  origin: string,
  operation: OperationId,
  token: string,
  input: CallInput,
  totalMs: number,
  startedAt: number,
): Promise<Reply> {
  const { method, version } = operations[operation];
  const body = input.body === undefined ? undefined : Buffer.from(JSON.stringify(input.body));
  const wire = { touched: false };
  const url = `${origin}${pathOf(operation, input)}`;
  try {
    const response = await request(url, {
      dispatcher,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        version,
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json', 'content-length': String(body.length) } : {}),
      },
      body: body ? Readable.from(watched(body, wire), { objectMode: false }) : null,
      // Also bounds the wait for a free connection and an answer that drips.
      signal: AbortSignal.timeout(totalMs),
    });
    const json = parse(await response.body.text());
    const headers = flat(response.headers);
    return { kind: 'answer', status: response.statusCode, json, headers, traceId: traceOf(json, headers), startedAt };
  } catch (cause) {
    // A call without body has no effect at the vendor, so that being unsure of it costs nothing.
    return { kind: 'failed', written: body === undefined || wire.touched, reason: reasonOf(cause), cause };
  }
}

/** The body as undici pulls it: it pulls only once a connection stands, right before the first byte is written. */
async function* watched(body: Buffer, wire: { touched: boolean }): AsyncGenerator<Buffer> {
  wire.touched = true;
  yield body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key.toLowerCase(), String(value)]));
}

function traceOf(json: unknown, headers: Readonly<Record<string, string>>): string | undefined {
  const inBody = typeof json === 'object' && json !== null && 'traceId' in json ? json.traceId : undefined;
  const id = typeof inBody === 'string' ? inBody : (headers['x-trace-id'] ?? headers['trace-id']);
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

/** Judged by name and code, not by class: errors cross realms. */
function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return 'CONNECTION_FAILED';
  if ('name' in cause && cause.name === 'TimeoutError') return 'TIMEOUT';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : 'CONNECTION_FAILED';
}

function note(log: Log, operation: OperationId, locationId: string, reply: Reply, ms: number): void {
  if (reply.kind === 'failed') {
    log.warn({ operation, locationId, ms, reason: reply.reason, written: reply.written }, 'the CRM did not answer');
  } else if (reply.kind === 'answer') {
    const fields = { operation, locationId, ms, status: reply.status, traceId: reply.traceId };
    if (reply.status >= 300) log.warn(fields, 'the CRM said no');
    else log.debug(fields, 'the CRM answered');
  }
}
