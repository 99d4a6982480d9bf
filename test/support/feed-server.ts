import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A request as it came, its query options decoded. */
export interface FeedCall {
  readonly method: string;
  /** Without the query, percent signs decoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type FeedScript = (call: FeedCall, response: ServerResponse) => void;

export interface FeedServer {
  readonly url: string;
  readonly calls: readonly FeedCall[];
  /** What the next requests are answered; the last one stays. */
  answer(...scripts: readonly FeedScript[]): void;
  close(): Promise<void>;
}

/** A server that answers what it is told, as the documents of RESO and the vendors write answers; it knows nothing of the adapter. */
export async function startFeedServer(): Promise<FeedServer> {
  let calls: FeedCall[] = [];
  let scripts: readonly FeedScript[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = read(request, Buffer.concat(chunks).toString());
      calls.push(call);
      const script = scripts[0] ?? answerOf(500, 'no script');
      if (scripts.length > 1) scripts = scripts.slice(1);
      script(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    get calls() {
      return calls;
    },
    answer(...next) {
      scripts = next;
      calls = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(request: IncomingMessage, body: string): FeedCall {
  const url = new URL(request.url ?? '/', 'http://feed.example.com');
  return {
    method: request.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body,
  };
}

/** JSON with RESO's headers. @param body  text goes out as it is */
export function answerOf(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): FeedScript {
  return (_call, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'odata-version': '4.0', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

export function pageOf(rows: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): FeedScript {
  return answerOf(200, { '@odata.context': '$metadata#Property', value: rows, ...more });
}

export function packed(body: unknown): FeedScript {
  return (_call, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(body)));
  };
}

export function typed(status: number, contentType: string, body: string): FeedScript {
  return answerOf(status, body, { 'content-type': contentType });
}

/** An OData error as RESO Web API Core writes it. */
export function refusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): FeedScript {
  return answerOf(status, { error: { code, message } }, headers);
}
