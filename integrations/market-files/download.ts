import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../domain/errors.ts';
import type { FileMarks } from '../../domain/ports/followed-files.ts';

/** Larger than any of these files is: what goes on without end must end somewhere. */
const MOST_BYTES = 8 * 1024 ** 3;
const LONGEST_MS = 3_600_000;
const PREFIX = 'leadwright-figures-';
/** No file is read for so long: what is older was left by a process that was killed. */
const FORGOTTEN_MS = 86_400_000;

export interface Download {
  readonly path: string;
  /** Last-Modified, as an instant; null: the server does not say. */
  readonly madeAt: string | null;
  readonly marks: FileMarks;
  remove(): Promise<void>;
}

/**
 * Fetches a file into a folder of its own. Addresses are the operator's; another one that a server points to is nobody's.
 * @param options.folder  where that one is made
 * @param options.known   what the server said of the file that was had before
 * @returns null: it has no other one than that
 */
export async function download(
  url: URL,
  options: { folder: string; known: FileMarks; ended: AbortSignal | undefined },
): Promise<Download | null> {
  const { folder: parent, known, ended } = options;
  await sweep(parent);
  const folder = await mkdtemp(join(parent, PREFIX));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'file');
    const signal = AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(ended === undefined ? [] : [ended])]);
    const answer = await fetch(url, { headers: headersOf(known), redirect: 'manual', signal });
    if (answer.status === 304 && (known.etag ?? known.lastModified) !== null) {
      await remove();
      return null;
    }
    if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
      throw broken(`an answer of ${url.host} itself, got a redirect; name the address that it leads to`);
    }
    if (!answer.ok || answer.body === null) throw broken(`200 with a file of ${url.host}, got ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), limited, createWriteStream(path));
    const marks = { etag: answer.headers.get('etag'), lastModified: answer.headers.get('last-modified') };
    const said = Date.parse(marks.lastModified ?? '');
    return { path, madeAt: Number.isNaN(said) ? null : new Date(said).toISOString(), marks, remove };
  } catch (cause) {
    await remove();
    ended?.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('MARKET_FILE_BROKEN', `expected the whole file of ${url.host}, it broke off`, { cause });
  }
}

async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  for (const path of names.map((name) => join(parent, name))) {
    const { mtimeMs = Infinity } = (await stat(path).catch(() => undefined)) ?? {};
    if (mtimeMs < Date.now() - FORGOTTEN_MS) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A tag says more than a time, and where both are sent the time is passed over (RFC 9110, 13.2.2). */
function headersOf({ etag, lastModified }: FileMarks): Record<string, string> {
  const asker = { 'user-agent': 'leadwright' };
  if (etag !== null) return { ...asker, 'if-none-match': etag };
  return lastModified === null ? asker : { ...asker, 'if-modified-since': lastModified };
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
