import { Readable } from 'node:stream';
import { request, type Dispatcher } from 'undici';
import { operations, pathOf, type AnyInput, type OperationId } from './operations.ts';
import type { Reply } from './reply.ts';

export type Exchange = (operation: OperationId, token: string, input: AnyInput) => Promise<Reply>;

/** One request and its answer. @param totalMs  bounds all of it, also the wait for a free connection and an answer that drips */
export function createExchange(
  dispatcher: Dispatcher,
  baseUrl: string,
  totalMs: number,
  now: () => number = Date.now,
): Exchange {
  const origin = baseUrl.replace(/\/+$/, '');
  return async (operation, token, input) => {
    const { method, version } = operations[operation];
    const body = input.body === undefined ? undefined : Buffer.from(JSON.stringify(input.body));
    const wire = { touched: false };
    const url = `${origin}${pathOf(operation, input)}`;
    const startedAt = now();
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
        signal: AbortSignal.timeout(totalMs),
      });
      const json = parse(await response.body.text());
      const headers = flat(response.headers);
      return { kind: 'answer', status: response.statusCode, json, headers, traceId: traceOf(json, headers), startedAt };
    } catch (cause) {
      // A call without body has no effect at the vendor, so that being unsure of it costs nothing.
      return { kind: 'failed', written: body === undefined || wire.touched, reason: reasonOf(cause), cause };
    }
  };
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
