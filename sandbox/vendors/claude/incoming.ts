import type { IncomingMessage } from 'node:http';
import type { Json } from './wire.ts';

/** A request as it came in; `body` is undefined where there was none, and text where it is no JSON. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: Json;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly malformed: boolean;
  readonly tooLarge: boolean;
}

const MAX_BODY = 32 * 1024 * 1024;
/** A batch may be larger than a message. */
const MAX_BATCH = 256 * 1024 * 1024;

export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
  const url = new URL(request.url ?? '/', 'http://claude.invalid');
  const most = url.pathname === '/v1/messages/batches' ? MAX_BATCH : MAX_BODY;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
  }
  const query: Record<string, unknown> = {};
  for (const name of url.searchParams.keys()) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length > 1 ? values : values[0];
  }
  const { headers, method = 'GET' } = request;
  const text = size > most ? '' : Buffer.concat(chunks).toString('utf8');
  return { method, path: url.pathname, query, headers, ...parsed(text), tooLarge: size > most };
}

function parsed(text: string): { body: unknown; malformed: boolean } {
  if (text === '') return { body: undefined, malformed: false };
  try {
    return { body: JSON.parse(text) as unknown, malformed: false };
  } catch {
    return { body: text, malformed: true };
  }
}
