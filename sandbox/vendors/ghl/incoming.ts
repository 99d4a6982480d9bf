import type { IncomingMessage } from 'node:http';

/** A request as it came in; `body` is undefined where there was none, and text where it is no JSON. */
export interface Incoming {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly malformed: boolean;
  /** What the body was declared as. */
  readonly encoding: 'json' | 'form' | undefined;
}

const MAX_BODY = 5 * 1024 * 1024;

/** Reads the whole request; what is longer than any GHL body is cut, and then is no JSON. */
export async function readRequest(request: IncomingMessage): Promise<Incoming> {
  const at = new Date().toISOString();
  const url = new URL(request.url ?? '/', 'http://ghl.invalid');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  const query: Record<string, unknown> = {};
  for (const name of url.searchParams.keys()) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length > 1 ? values : values[0];
  }
  const { headers, method } = request;
  return {
    at,
    method: method ?? 'GET',
    path: url.pathname,
    query,
    headers,
    ...parsed(Buffer.concat(chunks), url.pathname, headers),
  };
}

/**
 * Like GHL's framework: a body that is declared neither as JSON nor as a form is not looked at, and then misses every required
 * property. The control plane takes JSON whatever it is called.
 */
function parsed(
  raw: Buffer,
  path: string,
  headers: IncomingMessage['headers'],
): Pick<Incoming, 'body' | 'malformed' | 'encoding'> {
  const declared = headers['content-type'] ?? '';
  if (raw.length === 0) return { body: undefined, malformed: false, encoding: undefined };
  const words = raw.toString('utf8');
  if (declared.startsWith('application/x-www-form-urlencoded') && !path.startsWith('/_sandbox'))
    return { body: Object.fromEntries(new URLSearchParams(words)), malformed: false, encoding: 'form' };
  if (!declared.startsWith('application/json') && !path.startsWith('/_sandbox'))
    return { body: undefined, malformed: false, encoding: undefined };
  try {
    return { body: JSON.parse(words) as unknown, malformed: false, encoding: 'json' };
  } catch {
    return { body: words, malformed: true, encoding: 'json' };
  }
}
