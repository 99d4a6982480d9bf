import type { IncomingMessage } from 'node:http';
import type { Json } from './wire.ts';

/** A request as it came in; `body` is undefined where there was none, an object for forms, and text where it is no JSON. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The query as it was sent, decoded. */
  readonly asked: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly malformed: boolean;
}

export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
  const url = new URL(request.url ?? '/', 'http://reso.invalid');
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const { headers, method = 'GET' } = request;
  const query = Object.fromEntries(url.searchParams);
  const asked = [...url.searchParams].map(([name, value]) => `${name}=${value}`).join('&');
  const text = Buffer.concat(chunks).toString('utf8');
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const parsed = isForm ? { body: Object.fromEntries(new URLSearchParams(text)), malformed: false } : json(text);
  return { method, path: decodeURIComponent(url.pathname), query, asked, headers, ...parsed };
}

function json(text: string): { body: unknown; malformed: boolean } {
  if (text === '') return { body: undefined, malformed: false };
  try {
    return { body: JSON.parse(text) as Json, malformed: false };
  } catch {
    return { body: text, malformed: true };
  }
}
