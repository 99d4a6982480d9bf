import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../domain/errors.ts';
import type { FigureRow, FigureSource } from '../../domain/market/figures.ts';
import { noMarks, shownAddress } from '../../domain/market/followed-files.ts';
import type { AboutFile, FigureFile, FigureFiles } from '../../domain/ports/figure-files.ts';
import type { FileMarks } from '../../domain/ports/followed-files.ts';
import { download } from './download.ts';
import { fhfa } from './fhfa.ts';
import { cells, lines } from './lines.ts';
import { redfin } from './redfin.ts';
import { type About, type Shape, wrongShape } from './shape.ts';
import { zhvi } from './zhvi.ts';

const shapes: Readonly<Record<FigureSource, Shape>> = { zhvi, fhfa, redfin };

/**
 * Public files of figures, from a disk or an address; see `FigureFiles`.
 * @param folder  where what is fetched lies while it is read; absent: the system's folder for such files
 */
export function createFigureFiles({ folder = tmpdir() }: { folder?: string } = {}): FigureFiles {
  async function fetched(
    source: FigureSource,
    url: URL,
    known: FileMarks,
    about: AboutFile,
  ): Promise<FigureFile | null> {
    const got = await download(url, { folder, known, ended: about.signal });
    if (got === null) return null;
    const { path, marks, madeAt, remove: close } = got;
    const name = basename(url.pathname);
    try {
      return await opened({ source, path, name, file: shownAddress(url), marks, madeAt, close }, about);
    } catch (error) {
      await close();
      throw error;
    }
  }

  return {
    async open(source, place, about) {
      if (!/^https?:\/\//i.test(place)) return lying(source, place, about);
      return (await fetched(source, new URL(place), noMarks, about))!;
    },
    changed: (source, address, known, about) => fetched(source, new URL(address), known, about),
  };
}

/** A whole file on this disk. */
interface Lying extends Pick<FigureFile, 'source' | 'file' | 'marks' | 'madeAt' | 'close'> {
  readonly path: string;
  /** As its publisher calls it. */
  readonly name: string;
}

function lying(source: FigureSource, path: string, about: AboutFile): Promise<FigureFile> {
  const name = basename(path);
  const close = (): Promise<void> => Promise.resolve();
  return opened({ source, path, name, file: name, marks: noMarks, madeAt: null, close }, about);
}

async function opened({ path, name, madeAt, ...kept }: Lying, about: AboutFile): Promise<FigureFile> {
  const { hash, gzip, packedAt } = await looked(path, about.signal);
  const rows = (): AsyncGenerator<FigureRow> => rowsOf(path, gzip, shapes[kept.source], { ...about, name });
  return { ...kept, hash, madeAt: madeAt ?? packedAt, rows };
}

interface Looked {
  readonly hash: string;
  readonly gzip: boolean;
  /** A gzip file says when what is in it was made, or 0 (RFC 1952). */
  readonly packedAt: string | null;
}

async function looked(path: string, signal: AbortSignal | undefined): Promise<Looked> {
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
    const head = Buffer.alloc(10);
    const file = await open(path);
    await file.read(head, 0, 10, 0).finally(() => file.close());
    const gzip = head[0] === 0x1f && head[1] === 0x8b;
    const seconds = gzip ? head.readUInt32LE(4) : 0;
    return { hash: hash.digest('hex'), gzip, packedAt: seconds === 0 ? null : new Date(seconds * 1000).toISOString() };
  } catch (cause) {
    signal?.throwIfAborted();
    throw new AppError('MARKET_FILE_BROKEN', `expected a file that can be read, got none at ${path}`, { cause });
  }
}

async function* rowsOf(path: string, gzip: boolean, shape: Shape, about: About): AsyncGenerator<FigureRow> {
  let reader: ReturnType<Shape['begin']> | undefined;
  let row = 0;
  for await (const line of lines(bytesOf(path, gzip))) {
    about.signal?.throwIfAborted();
    const found = line === null ? null : cells(line, shape.delimiter);
    if (reader === undefined) {
      if (found === null) throw wrongShape(shape.source, 'a first line', line ?? 'one that is too long');
      reader = shape.begin(found, about);
      if (reader.heading) continue;
    }
    if (line === '') continue;
    row += 1;
    if (line === null) yield { row, ...problem('too-long', 'expected a shorter line') };
    else if (found === null) yield { row, ...problem('cells', 'expected quotes that are closed') };
    else yield { row, ...reader.read(found) };
  }
  if (reader === undefined) throw wrongShape(shape.source, 'a first line', '');
}

function problem(reason: 'too-long' | 'cells', detail: string): Omit<FigureRow, 'row'> {
  return { figures: [], problems: [{ reason, field: null, detail }] };
}

async function* bytesOf(path: string, gzip: boolean): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  // Both are let go wherever one of them ends; what failed is thrown to the reader.
  const bytes = gzip ? pipeline(file, createGunzip(), () => undefined) : file;
  try {
    for await (const chunk of bytes) yield chunk as Uint8Array;
  } catch (cause) {
    throw new AppError('MARKET_FILE_BROKEN', 'expected a whole file, it ends within or cannot be unpacked', { cause });
  } finally {
    file.destroy();
  }
}
