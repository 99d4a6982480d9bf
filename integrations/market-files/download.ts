import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../domain/errors.ts';

/** Larger than any of these files is: what goes on without end must end somewhere. */
const MOST_BYTES = 8 * 1024 ** 3;
const LONGEST_MS = 3_600_000;

export interface Download {
  readonly path: string;
  /** Last-Modified, as an instant; null: the server does not say. */
  readonly madeAt: string | null;
  remove(): Promise<void>;
}

/** Fetches a file into a folder of its own. Addresses are the operator's; another one that a server points to is nobody's. */
export async function download(url: URL): Promise<Download> {
  const folder = await mkdtemp(join(tmpdir(), 'leadwright-figures-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'file');
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(LONGEST_MS) });
    if (answer.status >= 300 && answer.status < 400) {
      throw broken(`an answer of ${url.host} itself, got a redirect; name the address that it leads to`);
    }
    if (!answer.ok || answer.body === null) throw broken(`200 with a file of ${url.host}, got ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), limited, createWriteStream(path));
    const said = Date.parse(answer.headers.get('last-modified') ?? '');
    return { path, madeAt: Number.isNaN(said) ? null : new Date(said).toISOString(), remove };
  } catch (cause) {
    await remove();
    if (cause instanceof AppError) throw cause;
    throw new AppError('MARKET_FILE_BROKEN', `expected the whole file of ${url.host}, it broke off`, { cause });
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw broken(`at most ${MOST_BYTES} bytes`);
    yield chunk;
  }
}

function broken(expected: string): AppError {
  return new AppError('MARKET_FILE_BROKEN', `expected ${expected}`);
}
