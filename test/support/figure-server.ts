import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The connection breaks in the middle. */
  readonly cut?: true;
  /** Nothing comes after the first of it. */
  readonly hang?: boolean;
}

export type FigureServer = Awaited<ReturnType<typeof startFigureServer>>;

/** A server of public files. As one of the vendors' it answers 304 where its file is the one that the asker has. */
export async function startFigureServer() {
  let answer: FileAnswer = { status: 404 };
  let failures = 0;
  const asked: { readonly path: string; readonly status: number }[] = [];
  const server = createServer(({ url = '', headers }, res) => {
    const failed = failures > 0;
    if (failed) failures -= 1;
    const given = failed ? { status: 503 } : conditional(answer, headers);
    asked.push({ path: url, status: given.status });
    const { status, headers: own = {}, body = '', cut, hang } = given;
    res.writeHead(status, cut || hang ? { ...own, 'content-length': body.length * 2 } : own);
    if (hang) res.write(body);
    else if (cut) res.write(body, () => res.destroy());
    else res.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    give: (given: FileAnswer) => void (answer = given),
    /** The next so many are answered 503. */
    fail: (times: number) => void (failures = times),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** RFC 9110, 13.2.2: where a tag is sent the time is passed over. */
function conditional(answer: FileAnswer, sent: Readonly<Record<string, unknown>>): FileAnswer {
  const { etag, 'last-modified': modified } = answer.headers ?? {};
  const tag = sent['if-none-match'];
  const since = sent['if-modified-since'];
  const isSame =
    tag !== undefined
      ? tag === etag
      : modified !== undefined && since !== undefined && Date.parse(String(since)) >= Date.parse(modified);
  return answer.status === 200 && isSame ? { status: 304, headers: answer.headers ?? {} } : answer;
}
