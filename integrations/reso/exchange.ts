import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { AppError } from '../../domain/errors.ts';

/** What came back, whatever it says. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** When the first of it came, by the clock that was given. */
  readonly cameAt: number;
  /** Of the body as it is read, unpacked: a vendor that counts packed bytes counts fewer. */
  readonly bytes: number;
}

export interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form to be posted; absent: a GET. */
  readonly form?: Readonly<Record<string, string>>;
}

export type Exchange = (call: Call) => Promise<Answer>;

/** The largest body that is read: twice a page of the widest listings. */
export const MAX_BODY_BYTES = 128 * 1024 * 1024;

const unpack = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * One request, no retry and no redirect: a token goes to nobody but the host that it is for.
 * @param totalMs  bounds all of it, also an answer that drips
 * @throws AppError FEED_AWAY where there is no answer, FEED_BROKEN where its packing is
 */
export function createExchange(dispatcher: Dispatcher, totalMs: number, now: () => number): Exchange {
  return async ({ url, headers, form }) => {
    let response: Dispatcher.ResponseData;
    let packed: Buffer;
    let cameAt: number;
    try {
      response = await request(url, {
        dispatcher,
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          'accept-encoding': 'gzip',
          'user-agent': 'leadwright',
          ...headers,
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: form === undefined ? null : new URLSearchParams(form).toString(),
        signal: AbortSignal.timeout(totalMs),
      });
      cameAt = now();
      packed = Buffer.from(await response.body.arrayBuffer());
    } catch (cause) {
      if (reasonOf(cause) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') throw tooLarge();
      // The cause itself stays here: it may hold what was sent.
      throw new AppError('FEED_AWAY', `expected an answer of the feed; none came (${reasonOf(cause)})`);
    }
    const body = await unpacked(packed, String(response.headers['content-encoding'] ?? 'identity').toLowerCase());
    const flat = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
    return {
      status: response.statusCode,
      headers: Object.fromEntries(flat) as Record<string, string>,
      text: body.toString('utf8'),
      cameAt,
      bytes: body.length,
    };
  };
}

async function unpacked(body: Buffer, packing: string): Promise<Buffer> {
  if (packing === 'identity' || packing === '' || body.length === 0) return body;
  if (!Object.hasOwn(unpack, packing)) {
    throw new AppError('FEED_BROKEN', 'expected a body that is packed with gzip or not at all; it is packed otherwise');
  }
  try {
    return await unpack[packing as keyof typeof unpack](body, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    throw new AppError('FEED_BROKEN', 'expected a whole packed body of a sane size; it cannot be unpacked');
  }
}

function tooLarge(): AppError {
  return new AppError('FEED_BROKEN', `expected a body of at most ${String(MAX_BODY_BYTES)} bytes; it is longer`);
}

/** Judged by name and code, not by class: errors cross realms. */
function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return 'CONNECTION_FAILED';
  if ('name' in cause && cause.name === 'TimeoutError') return 'TIMEOUT';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : 'CONNECTION_FAILED';
}
